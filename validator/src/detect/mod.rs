//! Detects the FHIR release of a payload if it is not given.
//!
//! FHIR payloads do not state their release. The clues are tried from the surest to the weakest: the
//! `fhirVersion` of a definition, the profiles, the content. If there is none, the payload is checked as both
//! releases, and the one that it fits is chosen. The answer names the clue, so that a wrong guess is easy to
//! spot.

mod content;
#[cfg(test)]
mod tests;

use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_report::{Message, Report, Severity, def, key, text, value};
use ers_fhir_tree::{Document, Node};
use ers_fhir_values::canonical;

use content::Comparison;

/// The most resources of a Bundle that are looked at: more would only give the same answer.
const MAX_RESOURCES: usize = 50;

/// The release of a payload, and the clue to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// The release.
    pub version: FhirVersion,
    /// The clue.
    pub clue: Clue,
}

/// A clue to the release of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Clue {
    /// The URL of a profile names the release, as `https://fhir.example.org/STU3/…` does.
    ProfileUrl(String),
    /// Only one release defines a profile.
    KnownProfile(String),
    /// `fhirVersion` of a conformance resource.
    FhirVersion,
    /// The URL of a conformance resource names the release.
    OwnUrl(String),
    /// Only one release has the resource type.
    ResourceType(String),
    /// Only one release has an element: `Patient.animal`.
    Element(String),
    /// Only one release uses a code system.
    CodeSystem(String),
    /// There is no clue.
    Nothing,
    /// There is no clue, but the payload fits the chosen release: the errors found as that release, and as
    /// the other one, if that had to be tried.
    Fits {
        /// Errors as the chosen release.
        errors: usize,
        /// The other release, and the errors as that release.
        other: Option<(FhirVersion, usize)>,
    },
}

impl Clue {
    /// Whether the release is only an assumption.
    pub fn is_guess(&self) -> bool {
        matches!(self, Self::Nothing | Self::Fits { .. })
    }

    /// Whether the other release was tried and ruled out by the errors under it.
    pub fn is_by_trial(&self) -> bool {
        matches!(self, Self::Fits { other: Some(_), .. })
    }
}

impl Detected {
    /// Checks the payload as its release. Without a clue it is also checked as the other release, unless it
    /// fits the first, and the release with fewer errors is chosen.
    pub fn check(self, check: impl Fn(FhirVersion) -> Report) -> (Self, Report) {
        let first = check(self.version);
        if self.clue != Clue::Nothing {
            return (self, first);
        }
        let count = |report: &Report| report.all().filter(|found| found.severity >= Severity::Error).count();
        let errors = count(&first);
        if errors == 0 {
            return (Self { clue: Clue::Fits { errors, other: None }, ..self }, first);
        }
        let other = match self.version {
            FhirVersion::Stu3 => FhirVersion::R4,
            FhirVersion::R4 => FhirVersion::Stu3,
        };
        let second = check(other);
        let other_errors = count(&second);
        if other_errors < errors {
            let clue = Clue::Fits { errors: other_errors, other: Some((self.version, errors)) };
            (Self { version: other, clue }, second)
        } else {
            (Self { clue: Clue::Fits { errors, other: Some((other, other_errors)) }, ..self }, first)
        }
    }
}

impl Clue {
    /// The clue in words.
    pub fn message(&self) -> Message {
        match self {
            Self::ProfileUrl(url) => text!("the URL of its profile names the release: {}", value(url)),
            Self::KnownProfile(url) => text!("only this release defines its profile {}", def(url)),
            Self::OwnUrl(url) => text!("its own URL names the release: {}", value(url)),
            Self::FhirVersion => Message::text("its fhirVersion says so"),
            Self::ResourceType(name) => text!("only this release has the resource type {}", key(name)),
            Self::Element(path) => text!("only this release has {}", def(path)),
            Self::CodeSystem(url) => text!("only this release uses the code system {}", value(url)),
            Self::Nothing => Message::text("assumed: nothing in the payload shows its release"),
            Self::Fits { other: None, .. } => {
                Message::text("assumed: nothing in the payload shows its release, and it fits this one")
            }
            Self::Fits { errors, other: Some((version, others)) } => {
                let verdict = if errors < others { "and it fits this one better" } else { "neither fits" };
                text!(
                    "assumed: nothing in the payload shows its release, {}: {} here, {} as {}",
                    verdict,
                    def(errors_in_words(*errors)),
                    *others,
                    *version
                )
            }
        }
    }
}

/// Finds the release of a payload; `profiles` are those that it is to be checked against in addition to its
/// own, and `definitions` provides those of a release when they are needed.
pub fn detect<'d>(
    document: &Document<'_>,
    profiles: &[String],
    definitions: impl Fn(FhirVersion) -> &'d Definitions,
) -> Detected {
    let resources = resources(document);
    let declared = resources.iter().filter_map(|resource| resource.child("meta"));
    let declared = declared.flat_map(|meta| meta.named("profile")).filter_map(Node::value);
    let profiles: Vec<&str> = profiles.iter().map(String::as_str).chain(declared).collect();
    by_fhir_version(&resources)
        .or_else(|| by_profile_url(&profiles))
        .or_else(|| by_own_url(document.root()))
        .or_else(|| Comparison::new(&definitions).detect(&profiles, &resources))
        .or_else(|| content::by_code_system(document))
        .unwrap_or_else(|| Detected { version: content::likely(document), clue: Clue::Nothing })
}

fn errors_in_words(number: usize) -> String {
    match number {
        0 => "no error".to_owned(),
        1 => "1 error".to_owned(),
        several => format!("{several} errors"),
    }
}

/// The resource at the top and those inside it, in document order.
fn resources<'d>(document: &'d Document<'_>) -> Vec<Node<'d>> {
    let mut found = Vec::new();
    let mut pending = vec![document.root()];
    while let Some(node) = pending.pop() {
        if found.len() == MAX_RESOURCES {
            break;
        }
        if node.resource_type().is_some() {
            found.push(node);
        }
        let at = pending.len();
        pending.extend(node.children().filter(|child| child.has_children()));
        pending[at..].reverse();
    }
    found
}

/// The release that the canonical of a profile names, as `https://fhir.example.org/STU3/…` does.
pub fn release_of(canonical: &str) -> Option<FhirVersion> {
    by_profile_url(&[canonical]).map(|detected| detected.version)
}

fn by_profile_url(profiles: &[&str]) -> Option<Detected> {
    profiles.iter().find_map(|canonical| {
        let (url, version) = canonical::split(canonical);
        let of_fhir = url.strip_prefix("http://hl7.org/fhir/");
        // `http://hl7.org/fhir/3.0/StructureDefinition/Patient`, as the specification lets versions be named.
        let within = || of_fhir?.split('/').next()?.parse().ok();
        let behind = || version.filter(|_| of_fhir.is_some())?.parse().ok();
        let version = url.split('/').find_map(named_release).or_else(within).or_else(behind)?;
        Some(Detected { version, clue: Clue::ProfileUrl((*canonical).to_owned()) })
    })
}

/// The release that a step of a URL names. A bare number could mean anything.
fn named_release(step: &str) -> Option<FhirVersion> {
    let names = ["STU3", "DSTU3", "R4", "3.0.1", "3.0.2", "4.0.1"];
    let name = names.iter().find(|name| name.eq_ignore_ascii_case(step))?;
    name.trim_start_matches('D').parse().ok()
}

/// What a definition declares, or the first definition in a Bundle.
fn by_fhir_version(resources: &[Node<'_>]) -> Option<Detected> {
    let stated = resources.iter().find_map(|resource| resource.child_value("fhirVersion"));
    Some(Detected { version: stated?.parse().ok()?, clue: Clue::FhirVersion })
}

/// The URL of a conformance resource: `…/STU3/CodeSystem/SPECIALTY`.
fn by_own_url(root: Node<'_>) -> Option<Detected> {
    let url = root.child_value("url")?;
    let version = url.split('/').find_map(named_release)?;
    Some(Detected { version, clue: Clue::OwnUrl(url.to_owned()) })
}
