//! Settings for the payloads of some paths: their call, release and profiles.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ers_fhir_lint::inputs::{self, Source};
use ers_fhir_lint::settings::{InForce, PathSettings};
use ers_fhir_lint::{Asked, Setting, Validators};
use ers_fhir_profiles::FhirVersion;

use crate::args::Validate;
use crate::output::Output;
use crate::settings::{self, Teller};

/// The settings of paths, one for each combination that applies to some payload.
#[derive(Default)]
pub(crate) struct Paths {
    combinations: Vec<(PathSettings, Setting)>,
    /// The index of the settings of each file.
    files: HashMap<PathBuf, usize>,
    /// Whether they name an undefined profile.
    pub(crate) lacks_profiles: bool,
}

impl Paths {
    /// Reads the settings of these payloads, and reports what cannot be found.
    pub(crate) fn read(
        args: &Validate,
        in_force: Option<&InForce>,
        sources: &[Source],
        validators: &Validators,
        output: &Output,
    ) -> Result<Self, String> {
        let mut paths = Self::default();
        // A call on the command line applies to all payloads.
        let is_told = args.call.endpoint.is_some() || args.call.url.is_some();
        let Some(in_force) = in_force.filter(|in_force| !is_told && !in_force.settings.path.is_empty())
        else {
            return Ok(paths);
        };
        let members = sources.iter().flat_map(inputs::names);
        for path in sources.iter().filter_map(Source::path).map(Path::to_owned).chain(members) {
            let part = in_force.of(&path);
            if is_only_weighed(&part) {
                continue;
            }
            let known = paths.combinations.iter().position(|(known, _)| *known == part);
            let number = known.unwrap_or(paths.combinations.len());
            if known.is_none() {
                let setting = paths.setting_for(&part, args, in_force, validators, output)?;
                paths.combinations.push((part, setting));
            }
            paths.files.insert(path, number);
        }
        Ok(paths)
    }

    fn setting_for(
        &mut self,
        part: &PathSettings,
        args: &Validate,
        in_force: &InForce,
        validators: &Validators,
        output: &Output,
    ) -> Result<Setting, String> {
        let call = part.call().map_err(|error| format!("{}: {error}", in_force.path.display()))?;
        let release = settings::release(part.fhir_version.as_deref(), in_force)?;
        let of_all =
            |is_of_settings| args.fhir_version.filter(|_| args.is_release_of_settings == is_of_settings);
        let called = call.as_ref().map(|call| call.endpoint.release);
        let told = of_all(false).or(called).or(release).or(of_all(true));
        let profiles = [args.profiles.as_slice(), &part.profiles].concat();
        let asked = Asked::find(&profiles, validators, told, &Teller { output, in_force: Some(in_force) });
        self.lacks_profiles |= !asked.all_found;
        Ok(Setting {
            stu3: args.options(call.clone(), asked.of(FhirVersion::Stu3)),
            r4: args.options(call.clone(), asked.of(FhirVersion::R4)),
            call,
            told,
        })
    }

    /// What is known about the payload at a path.
    pub(crate) fn setting(&self, path: &Path) -> Option<&Setting> {
        self.files.get(path).map(|number| &self.combinations[*number].1)
    }
}

/// Whether the settings for payloads only set the levels of findings.
fn is_only_weighed(part: &PathSettings) -> bool {
    let weights =
        PathSettings { glob: part.glob.clone(), rules: part.rules.clone(), ..PathSettings::default() };
    *part == weights
}
