//! What to generate from: a definition by its canonical URL, or by one of its names.

use std::sync::Arc;

use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion, Known};
use ers_fhir_values::canonical;

use crate::definitions::Packages;

/// Candidates that a message lists.
const SHOWN: usize = 6;

/// The definitions that a run may draw on: of one release, or of both.
pub(crate) struct Releases(Vec<Arc<Definitions>>);

/// A definition that was found.
pub(crate) struct Subject {
    pub(crate) definitions: Arc<Definitions>,
    pub(crate) url: String,
}

impl Releases {
    /// Of that release; of both, where none is named.
    pub(crate) fn new(packages: &Packages, version: Option<FhirVersion>) -> Self {
        let versions = version.map_or(vec![FhirVersion::Stu3, FhirVersion::R4], |version| vec![version]);
        Self(versions.into_iter().map(|version| Arc::new(packages.definitions(version))).collect())
    }

    /// The definition that a URL or name means; else what to do about it.
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
                "'{wanted}' is defined in STU3 and in R4: say which with --fhir-version 3.0 or 4.0"
            ));
        }
        found.pop().ok_or_else(|| self.unknown(wanted))
    }

    /// The same, for what is made of the version that its URL alone means.
    pub(crate) fn find_usual(&self, wanted: &str) -> Result<Subject, String> {
        let mut subject = self.find(wanted)?;
        let url = canonical::url(&subject.url).to_owned();
        let version = |canonical: &str| Some(subject.definitions.find(Kind::Structure, canonical)?.version);
        if version(&subject.url) != version(&url) {
            return Err(format!(
                "several versions of '{url}' are loaded: give only the package with the one you mean"
            ));
        }
        subject.url = url;
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
        unknown(&self.0.iter().map(|definitions| &**definitions).collect::<Vec<_>>(), wanted)
    }
}

/// Says that nothing defines what a text means, and what to do about it.
pub(crate) fn unknown(releases: &[&Definitions], wanted: &str) -> String {
    if let Some((release, definitions)) = releases
        .iter()
        .find_map(|definitions| Some((definitions.hidden(Kind::Structure, wanted)?, definitions)))
    {
        let version = definitions.fhir_version();
        return format!("'{wanted}' is written for FHIR {release}, and this run is about {version}");
    }
    let (url, version) = canonical::split(wanted);
    if let Some(version) = version {
        let mut versions: Vec<String> =
            releases.iter().flat_map(|definitions| definitions.versions(Kind::Structure, url)).collect();
        versions.dedup();
        if !versions.is_empty() {
            return format!(
                "no package defines version {version} of '{url}', only {}",
                versions.join(" and ")
            );
        }
    }
    let mut similar: Vec<&str> = Vec::new();
    let all: Vec<Known<'_>> =
        releases.iter().flat_map(|definitions| definitions.known(Kind::Structure)).collect();
    if wanted.contains("://") {
        similar.extend(ers_fhir_values::suggest::nearest(url, all.iter().map(|known| known.url)));
    } else {
        let wanted_words = folded(wanted);
        for known in &all {
            let is_similar = names(known).any(|name| folded(name).contains(&wanted_words));
            if is_similar && !wanted_words.is_empty() && !similar.contains(&last(known.url)) {
                similar.push(last(known.url));
            }
        }
    }
    if similar.is_empty() && !wanted.contains("://") {
        let names = all.iter().flat_map(|known| names(known));
        similar.extend(ers_fhir_values::suggest::nearest(wanted, names));
    }
    if similar.is_empty() {
        return format!(
            "no package defines '{wanted}': add the one that does with --ig, or pick a profile from \
             `ers-fhir endpoints`"
        );
    }
    let more = if similar.len() > SHOWN { ", …" } else { "" };
    similar.truncate(SHOWN);
    format!(
        "no package defines '{wanted}'; there {} {}{more}",
        if similar.len() == 1 { "is" } else { "are" },
        similar.join(", ")
    )
}

/// The canonicals of the definitions that a text means: by URL, with a version where it has one, else by
/// a name as it is written, else by a name without what all of e-RS share, else without regard to case and
/// punctuation.
pub(crate) fn named(definitions: &Definitions, wanted: &str) -> Vec<String> {
    if definitions.contains(Kind::Structure, wanted) {
        return vec![wanted.to_owned()];
    }
    let known = definitions.known(Kind::Structure);
    let matching = |is_meant: &dyn Fn(&Known<'_>) -> bool| -> Vec<String> {
        let mut urls: Vec<String> =
            known.iter().filter(|known| is_meant(known)).map(|known| known.url.to_owned()).collect();
        urls.dedup();
        urls
    };
    let ways: [&dyn Fn(&Known<'_>) -> bool; 3] = [
        &|known| last(known.url) == wanted || known.name == Some(wanted),
        &|known| short(known) == Some(wanted),
        &|known| names(known).any(|name| folded(name) == folded(wanted)),
    ];
    ways.into_iter().map(matching).find(|urls| !urls.is_empty()).unwrap_or_default()
}

/// The names of a definition.
fn names<'a>(known: &Known<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    [Some(last(known.url)), known.name, short(known)].into_iter().flatten()
}

/// Its name without what all of e-RS share.
fn short<'a>(known: &Known<'a>) -> Option<&'a str> {
    known.name?.strip_prefix("Ers")
}

fn last(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

fn folded(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
