//! What settings say of the payloads of some paths: their call, release and profiles.

use std::path::Path;

use ers_fhir_lint::settings::{InForce, PathSettings};
use ers_fhir_profiles::FhirVersion;

use crate::args::Validate;
use crate::check::Setting;
use crate::definitions::Validators;
use crate::inputs::Source;
use crate::output::Output;
use crate::profiles::Asked;
use crate::settings;

/// The settings of paths, one for each combination that some payload has.
pub(crate) struct Paths<'a> {
    in_force: Option<&'a InForce>,
    combinations: Vec<(PathSettings, Setting)>,
    /// Whether all profiles that they name are defined.
    pub(crate) all_found: bool,
}

impl<'a> Paths<'a> {
    /// Reads what the settings say of these payloads; says what cannot be found.
    pub(crate) fn read(
        args: &Validate,
        in_force: Option<&'a InForce>,
        sources: &[Source],
        validators: &Validators,
        output: &Output,
    ) -> Result<Self, String> {
        let mut paths = Self { in_force, combinations: Vec::new(), all_found: true };
        // What the command line says of a call holds for all payloads.
        let Some(in_force) = in_force.filter(|_| args.call.endpoint.is_none() && args.call.url.is_none())
        else {
            return Ok(paths);
        };
        for path in sources.iter().filter_map(Source::path) {
            let part = in_force.of(path);
            if !says_what_it_is(&part) || paths.combinations.iter().any(|(known, _)| *known == part) {
                continue;
            }
            let call = settings::call(&part, args, in_force)?;
            let context = call.context()?;
            let release = settings::release(part.fhir_version.as_deref(), in_force)?;
            let told =
                args.fhir_version.or(context.as_ref().map(|context| context.endpoint.release)).or(release);
            let profiles = [args.profiles.as_slice(), &part.profiles].concat();
            let asked = Asked::find(&profiles, validators, told, output);
            paths.all_found &= asked.all_found;
            let args = Validate { call, ..args.clone() };
            let setting = Setting {
                stu3: args.options(context.clone(), asked.of(FhirVersion::Stu3)),
                r4: args.options(context.clone(), asked.of(FhirVersion::R4)),
                call: context,
                told,
            };
            paths.combinations.push((part, setting));
        }
        Ok(paths)
    }

    /// What is known of the payload at a path.
    pub(crate) fn setting(&self, path: &Path) -> Option<&Setting> {
        if self.combinations.is_empty() {
            return None;
        }
        let part = self.in_force?.of(path);
        self.combinations.iter().find(|(known, _)| *known == part).map(|(_, setting)| setting)
    }
}

/// Whether settings say more of payloads than how findings weigh.
fn says_what_it_is(part: &PathSettings) -> bool {
    part.endpoint.is_some() || part.fhir_version.is_some() || !part.profiles.is_empty()
}
