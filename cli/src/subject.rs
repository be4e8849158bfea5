//! The definition to generate from, by its canonical URL or by one of its names.

use std::sync::Arc;

use ers_fhir_lint::Packages;
use ers_fhir_lint::names::{self, named};
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_values::canonical;

/// The definitions of one release, or of both.
pub(crate) struct Releases(Vec<Arc<Definitions>>);

/// A definition that was found.
pub(crate) struct Subject {
    pub(crate) definitions: Arc<Definitions>,
    pub(crate) url: String,
}

impl Releases {
    /// The definitions of a release, or of both if none is named.
    pub(crate) fn new(packages: &Packages, version: Option<FhirVersion>) -> Self {
        let versions = version.map_or(vec![FhirVersion::Stu3, FhirVersion::R4], |version| vec![version]);
        Self(versions.into_iter().map(|version| Arc::new(packages.definitions(version))).collect())
    }

    /// The definition that a URL or name means, or what to do about it.
    pub(crate) fn find(&self, wanted: &str) -> Result<Subject, String> {
        let mut found: Vec<Subject> = Vec::new();
        for definitions in &self.0 {
            let urls = named(definitions, wanted);
            if let [first, second, ..] = urls.as_slice() {
                return Err(format!("'{wanted}' may be {first} or {second}: name one by its URL"));
            }
            found.extend(urls.into_iter().map(|url| Subject { definitions: Arc::clone(definitions), url }));
        }
        if found.len() > 1 {
            return Err(format!(
                "'{wanted}' is defined in STU3 and in R4: choose one with --fhir-version 3.0 or 4.0"
            ));
        }
        found.pop().ok_or_else(|| self.unknown(wanted))
    }

    /// The same; the URL has a version only where it alone means another one.
    pub(crate) fn find_usual(&self, wanted: &str) -> Result<Subject, String> {
        let mut subject = self.find(wanted)?;
        let url = canonical::url(&subject.url).to_owned();
        let version = |canonical: &str| Some(subject.definitions.find(Kind::Structure, canonical)?.version);
        if version(&subject.url) == version(&url) {
            subject.url = url;
        }
        Ok(subject)
    }

    /// Every profile of a resource that the packages of e-RS define.
    pub(crate) fn of_ers(&self) -> Vec<Subject> {
        let mut found = Vec::new();
        for definitions in &self.0 {
            let known = definitions.known(Kind::Structure);
            let profiles = known.iter().filter(|known| {
                let is_datatype = matches!(known.type_name, Some("Extension" | "Identifier"));
                known.is_constraint
                    && known.package == ers_fhir_ers::package(definitions.fhir_version())
                    && !is_datatype
            });
            found.extend(
                profiles
                    .map(|known| Subject { definitions: Arc::clone(definitions), url: known.url.to_owned() }),
            );
        }
        found
    }

    fn unknown(&self, wanted: &str) -> String {
        names::unknown(&self.0.iter().map(|definitions| &**definitions).collect::<Vec<_>>(), wanted)
    }
}
