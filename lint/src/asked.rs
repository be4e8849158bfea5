//! Requested profiles, by canonical URL or by one of their names.

use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::snapshot::SnapshotError;
use ers_fhir_profiles::{Definitions, Error, FhirVersion};

use ers_fhir_validator::detect::release_of;

use crate::definitions::Validators;
use crate::names;
use crate::tell::Tell;

/// The profiles that every payload must conform to, as canonicals.
#[derive(Debug)]
pub struct Asked {
    stu3: Vec<String>,
    r4: Vec<String>,
    /// Whether each is defined.
    pub all_found: bool,
}

impl Asked {
    /// Resolves the texts among the definitions of a release, or of both if none is given; reports those
    /// that cannot be found.
    pub fn find(
        texts: &[String],
        validators: &Validators,
        version: Option<FhirVersion>,
        tell: &dyn Tell,
    ) -> Self {
        let mut asked = Self { stu3: Vec::new(), r4: Vec::new(), all_found: true };
        for text in texts {
            // If the canonical shows its release, the definitions of the other need not be opened.
            let named = version.or_else(|| {
                let release = release_of(text)?;
                let definitions = validators.of(release).definitions();
                definitions.contains(Kind::Structure, text).then_some(release)
            });
            let versions = named.map_or(vec![FhirVersion::Stu3, FhirVersion::R4], |named| vec![named]);
            let releases: Vec<&Definitions> =
                versions.into_iter().map(|version| validators.of(version).definitions()).collect();
            if let Err(message) = asked.add(text, &releases) {
                tell.complain(&format!("{}: {message}", tell.namer("--profile", text)));
                asked.all_found = false;
            }
        }
        asked
    }

    /// The canonicals for payloads of a release.
    pub fn of(&self, version: FhirVersion) -> &[String] {
        match version {
            FhirVersion::Stu3 => &self.stu3,
            FhirVersion::R4 => &self.r4,
        }
    }

    /// The profiles that may decide the release of a payload: they mean the same in both, or exist in
    /// only one.
    pub fn telling(&self) -> Vec<String> {
        let others = self.r4.iter().filter(|url| !self.stu3.contains(url));
        self.stu3.iter().chain(others).cloned().collect()
    }

    fn add(&mut self, text: &str, releases: &[&Definitions]) -> Result<(), String> {
        let mut found = Vec::new();
        for definitions in releases {
            match names::named(definitions, text).as_slice() {
                [] => {}
                [url] => {
                    if let Some(error) = unusable(definitions, url) {
                        return Err(format!("'{text}' cannot be used: {error}"));
                    }
                    found.push((definitions.fhir_version(), url.clone()));
                }
                [first, second, ..] => {
                    return Err(format!("'{text}' may be {first} or {second}: name one by its URL"));
                }
            }
        }
        let is_known = !found.is_empty();
        for version in [FhirVersion::Stu3, FhirVersion::R4] {
            let own = found.iter().find(|(of, _)| *of == version);
            let canonical = match (own.or(found.first()), text.contains("://")) {
                (Some((_, url)), _) => url.clone(),
                // Its faults are also reported for each payload.
                (None, true) => text.to_owned(),
                (None, false) => continue,
            };
            match version {
                FhirVersion::Stu3 => self.stu3.push(canonical),
                FhirVersion::R4 => self.r4.push(canonical),
            }
        }
        if is_known { Ok(()) } else { Err(names::unknown(releases, text)) }
    }
}

/// Why a profile cannot be used at all; a fault in one of its elements is a finding instead.
fn unusable(definitions: &Definitions, url: &str) -> Option<Error> {
    let error = definitions.snapshot(url).err()?;
    let is_of_element = matches!(
        error,
        Error::Snapshot(SnapshotError::UnknownElement { .. } | SnapshotError::UnknownType { .. })
    );
    (!is_of_element).then_some(error)
}
