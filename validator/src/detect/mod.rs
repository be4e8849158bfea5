//! Which FHIR release a payload is written in, where nobody says.
//!
//! FHIR payloads do not carry their release. The clues are tried from the surest to the weakest,
//! and the answer names the clue, so that a wrong guess is easy to see through.

use std::fmt;

use ers_fhir_profiles::definition::StructureDefinition;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_values::canonical;

use crate::tree::{Document, Node};

/// Most resources of one Bundle that are looked at: more would only say the same.
const MAX_RESOURCES: usize = 50;

/// The release of a payload, and what tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// The release.
    pub version: FhirVersion,
    /// The clue.
    pub clue: Clue,
}

/// What tells the release of a payload.
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
    /// There is none.
    Nothing,
}

impl Clue {
    /// Whether the release is no more than an assumption.
    pub fn is_guess(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

impl fmt::Display for Clue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProfileUrl(url) => write!(f, "the URL of its profile names the release: {url}"),
            Self::KnownProfile(url) => write!(f, "only this release defines its profile {url}"),
            Self::OwnUrl(url) => write!(f, "its own URL names the release: {url}"),
            Self::FhirVersion => f.write_str("its fhirVersion says so"),
            Self::ResourceType(name) => write!(f, "only this release has the resource type {name}"),
            Self::Element(path) => write!(f, "only this release has {path}"),
            Self::CodeSystem(url) => write!(f, "only this release uses the code system {url}"),
            Self::Nothing => f.write_str("assumed: nothing in the payload tells its release"),
        }
    }
}

/// Finds the release of a payload; `profiles` are those that it is to be checked against besides
/// its own, and `definitions` gives those of a release when they are needed.
pub fn detect<'d>(
    document: &Document<'_>,
    profiles: &[String],
    definitions: impl Fn(FhirVersion) -> &'d Definitions,
) -> Detected {
    let resources = resources(document);
    let declared = resources.iter().filter_map(|resource| resource.child("meta"));
    let declared = declared.flat_map(|meta| meta.named("profile")).filter_map(Node::value);
    let profiles: Vec<&str> = profiles.iter().map(String::as_str).chain(declared).collect();
    by_profile_url(&profiles)
        .or_else(|| by_fhir_version(document.root()))
        .or_else(|| by_own_url(document.root()))
        .or_else(|| Comparison::new(&definitions).detect(&profiles, &resources))
        .or_else(|| by_code_system(document))
        .unwrap_or(Detected { version: FhirVersion::R4, clue: Clue::Nothing })
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

fn by_profile_url(profiles: &[&str]) -> Option<Detected> {
    profiles.iter().find_map(|canonical| {
        let (url, version) = canonical::split(canonical);
        let of_fhir = url.starts_with("http://hl7.org/fhir/");
        let version =
            url.split('/').find_map(named_release).or_else(|| version.filter(|_| of_fhir)?.parse().ok())?;
        Some(Detected { version, clue: Clue::ProfileUrl((*canonical).to_owned()) })
    })
}

/// The release that a step of a URL names. A bare number could mean anything.
fn named_release(step: &str) -> Option<FhirVersion> {
    let names = ["STU3", "DSTU3", "R4", "3.0.1", "3.0.2", "4.0.1"];
    let name = names.iter().find(|name| name.eq_ignore_ascii_case(step))?;
    name.trim_start_matches('D').parse().ok()
}

fn by_fhir_version(root: Node<'_>) -> Option<Detected> {
    let version = root.child_value("fhirVersion")?.parse().ok()?;
    Some(Detected { version, clue: Clue::FhirVersion })
}

/// What a conformance resource calls itself: `…/STU3/CodeSystem/SPECIALTY`.
fn by_own_url(root: Node<'_>) -> Option<Detected> {
    let url = root.child_value("url")?;
    let version = url.split('/').find_map(named_release)?;
    Some(Detected { version, clue: Clue::OwnUrl(url.to_owned()) })
}

/// HL7's code systems moved to `terminology.hl7.org` between the releases.
fn by_code_system(document: &Document<'_>) -> Option<Detected> {
    let mut pending = vec![document.root()];
    while let Some(node) = pending.pop() {
        if node.name() == "system"
            && let Some(system) = node.value()
        {
            let version = if system.starts_with("http://terminology.hl7.org/CodeSystem/") {
                Some(FhirVersion::R4)
            } else if ["http://hl7.org/fhir/v2/", "http://hl7.org/fhir/v3/"]
                .iter()
                .any(|old| system.starts_with(old))
            {
                Some(FhirVersion::Stu3)
            } else {
                None
            };
            if let Some(version) = version {
                return Some(Detected { version, clue: Clue::CodeSystem(system.to_owned()) });
            }
        }
        pending.extend(node.children());
    }
    None
}

/// The definitions of both releases, side by side.
struct Comparison<'d> {
    releases: [(FhirVersion, &'d Definitions); 2],
}

impl<'d> Comparison<'d> {
    fn new(definitions: impl Fn(FhirVersion) -> &'d Definitions) -> Self {
        Self { releases: [FhirVersion::Stu3, FhirVersion::R4].map(|version| (version, definitions(version))) }
    }

    fn detect(&self, profiles: &[&str], resources: &[Node<'_>]) -> Option<Detected> {
        let by_profile = profiles.iter().find_map(|url| {
            let version = self.only(|definitions| definitions.contains(Kind::Structure, url))?;
            Some(Detected { version, clue: Clue::KnownProfile((*url).to_owned()) })
        });
        by_profile.or_else(|| self.by_type(resources)).or_else(|| self.by_elements(resources))
    }

    /// The release for which alone something holds.
    fn only(&self, holds: impl Fn(&Definitions) -> bool) -> Option<FhirVersion> {
        match self.releases.map(|(version, definitions)| (version, holds(definitions))) {
            [(version, true), (_, false)] | [(_, false), (version, true)] => Some(version),
            _ => None,
        }
    }

    fn by_type(&self, resources: &[Node<'_>]) -> Option<Detected> {
        resources.iter().find_map(|resource| {
            let name = resource.resource_type()?;
            let url = format!("http://hl7.org/fhir/StructureDefinition/{name}");
            let version = self.only(|definitions| definitions.contains(Kind::Structure, &url))?;
            Some(Detected { version, clue: Clue::ResourceType(name.to_owned()) })
        })
    }

    /// The release that has more of the elements that only one of them has.
    fn by_elements(&self, resources: &[Node<'_>]) -> Option<Detected> {
        let mut seen: Vec<(FhirVersion, String)> = Vec::new();
        for resource in resources {
            let Some(name) = resource.resource_type() else { continue };
            let types = self
                .releases
                .map(|(version, definitions)| (version, definitions.type_definition(name).ok().flatten()));
            let [(stu3, Some(old)), (r4, Some(new))] = types else { continue };
            for child in resource.children().filter(|child| child.opens_member()) {
                let version = match (has_child(&old, child.name()), has_child(&new, child.name())) {
                    (true, false) => stu3,
                    (false, true) => r4,
                    _ => continue,
                };
                seen.push((version, format!("{name}.{}", child.name())));
            }
        }
        let votes = |version| seen.iter().filter(|(for_version, _)| *for_version == version).count();
        let version = match votes(FhirVersion::Stu3).cmp(&votes(FhirVersion::R4)) {
            std::cmp::Ordering::Less => FhirVersion::R4,
            std::cmp::Ordering::Greater => FhirVersion::Stu3,
            std::cmp::Ordering::Equal => return None,
        };
        let (_, path) = seen.into_iter().find(|(for_version, _)| *for_version == version)?;
        Some(Detected { version, clue: Clue::Element(path) })
    }
}

/// Whether a type itself introduces that element; what it inherits is the same in both releases.
fn has_child(definition: &StructureDefinition, name: &str) -> bool {
    definition.differential.iter().any(|element| {
        let step =
            element.path.strip_prefix(definition.type_name.as_str()).and_then(|rest| rest.strip_prefix('.'));
        step.is_some_and(|step| match step.strip_suffix("[x]") {
            Some(choice) => name.strip_prefix(choice).is_some_and(|rest| {
                element.types.iter().any(|allowed| {
                    let [first, tail @ ..] = allowed.code.as_bytes() else { return false };
                    rest.as_bytes().split_first() == Some((&first.to_ascii_uppercase(), tail))
                })
            }),
            None => step == name,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(payload: &str, profiles: &[&str]) -> Detected {
        let (stu3, r4) = (Definitions::embedded(FhirVersion::Stu3), Definitions::embedded(FhirVersion::R4));
        let document = Document::parse(payload.as_bytes()).expect("a readable payload");
        let profiles: Vec<_> = profiles.iter().map(|url| (*url).to_owned()).collect();
        detect(&document, &profiles, |version| if version == FhirVersion::Stu3 { &stu3 } else { &r4 })
    }

    #[test]
    fn the_surest_clue_decides() {
        use FhirVersion::{R4, Stu3};
        let text = str::to_owned;
        let cases = [
            (
                r#"{"resourceType":"Patient","meta":{"profile":["https://example.org/STU3/p"]},"link":[]}"#,
                Stu3,
                Clue::ProfileUrl(text("https://example.org/STU3/p")),
            ),
            (r#"{"resourceType":"ValueSet","fhirVersion":"4.0.1"}"#, R4, Clue::FhirVersion),
            (r#"{"resourceType":"ReferralRequest"}"#, Stu3, Clue::ResourceType(text("ReferralRequest"))),
            (r#"{"resourceType":"ServiceRequest"}"#, R4, Clue::ResourceType(text("ServiceRequest"))),
            (
                r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"ServiceRequest"}}]}"#,
                R4,
                Clue::ResourceType(text("ServiceRequest")),
            ),
            (r#"{"resourceType":"Patient","animal":{}}"#, Stu3, Clue::Element(text("Patient.animal"))),
            (
                r#"{"resourceType":"Observation","valueInteger":1}"#,
                R4,
                Clue::Element(text("Observation.valueInteger")),
            ),
            (
                r#"{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://hl7.org/fhir/v3/MaritalStatus"}]}}"#,
                Stu3,
                Clue::CodeSystem(text("http://hl7.org/fhir/v3/MaritalStatus")),
            ),
            (r#"{"resourceType":"Patient","active":true}"#, R4, Clue::Nothing),
        ];
        for (payload, version, clue) in cases {
            assert_eq!(detected(payload, &[]), Detected { version, clue }, "{payload}");
        }
    }

    #[test]
    fn a_profile_that_is_asked_for_decides_too() {
        let patient = r#"{"resourceType":"Patient"}"#;
        let profile = "http://hl7.org/fhir/StructureDefinition/Patient|3.0.2";
        assert_eq!(detected(patient, &[profile]).version, FhirVersion::Stu3);
    }
}
