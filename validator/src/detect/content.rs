//! Clues in the content of a payload: types, elements and code systems that only one release has.

use ers_fhir_profiles::definition::StructureDefinition;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_tree::{Document, Node};

use super::{Clue, Detected};

/// Names of HL7's code systems in STU3 start with these.
const OLD_SYSTEMS: [&str; 2] = ["http://hl7.org/fhir/v2/", "http://hl7.org/fhir/v3/"];

/// The most URLs that are searched for the name of a release.
const MAX_URLS: usize = 50;

/// The release that the URLs of HL7's code systems belong to, which moved to `terminology.hl7.org` in
/// between; `None` if the payload has URLs of both.
pub(super) fn by_code_system(document: &Document<'_>) -> Option<Detected> {
    let mut found: Option<Detected> = None;
    for node in document.nodes().filter(|node| node.name() == "system") {
        let Some(system) = node.value() else { continue };
        let version = if system.starts_with("http://terminology.hl7.org/CodeSystem/") {
            FhirVersion::R4
        } else if OLD_SYSTEMS.iter().any(|old| system.starts_with(old)) {
            FhirVersion::Stu3
        } else {
            continue;
        };
        if found.as_ref().is_some_and(|found| found.version != version) {
            return None;
        }
        found.get_or_insert_with(|| Detected { version, clue: Clue::CodeSystem(system.to_owned()) });
    }
    found
}

/// The release to try first without a clue: the one that publishers name in URLs of the payload, such as
/// `https://fhir.example.org/STU3/CodeSystem/…`. URLs outlive releases, so this proves nothing.
pub(super) fn likely(document: &Document<'_>) -> FhirVersion {
    let urls =
        document.nodes().filter(|node| matches!(node.name(), "url" | "system")).filter_map(Node::value);
    let mut named = urls.filter_map(|url| url.split('/').find_map(super::named_release)).take(MAX_URLS);
    match named.next() {
        Some(FhirVersion::Stu3) if named.all(|version| version == FhirVersion::Stu3) => FhirVersion::Stu3,
        _ => FhirVersion::R4,
    }
}

/// The definitions of both releases, side by side.
pub(super) struct Comparison<'d> {
    releases: [(FhirVersion, &'d Definitions); 2],
}

impl<'d> Comparison<'d> {
    pub(super) fn new(definitions: impl Fn(FhirVersion) -> &'d Definitions) -> Self {
        Self { releases: [FhirVersion::Stu3, FhirVersion::R4].map(|version| (version, definitions(version))) }
    }

    pub(super) fn detect(&self, profiles: &[&str], resources: &[Node<'_>]) -> Option<Detected> {
        let by_profile = profiles.iter().find_map(|url| {
            let version = self.only(|definitions| definitions.contains(Kind::Structure, url))?;
            Some(Detected { version, clue: Clue::KnownProfile((*url).to_owned()) })
        });
        by_profile.or_else(|| self.by_type(resources)).or_else(|| self.by_elements(resources))
    }

    /// The only release for which a condition holds.
    fn only(&self, holds: impl Fn(&Definitions) -> bool) -> Option<FhirVersion> {
        match self.releases.map(|(version, definitions)| (version, holds(definitions))) {
            [(version, true), (_, false)] | [(_, false), (version, true)] => Some(version),
            _ => None,
        }
    }

    /// The only release that has the resource types of the payload; `None` if some are only in one, and some
    /// only in the other.
    fn by_type(&self, resources: &[Node<'_>]) -> Option<Detected> {
        agreed(resources.iter().filter_map(|resource| {
            let name = resource.resource_type()?;
            let url = format!("http://hl7.org/fhir/StructureDefinition/{name}");
            let version = self.only(|definitions| definitions.contains(Kind::Structure, &url))?;
            Some(Detected { version, clue: Clue::ResourceType(name.to_owned()) })
        }))
    }

    /// The only release that has some of the elements, if the other has none of its own.
    fn by_elements(&self, resources: &[Node<'_>]) -> Option<Detected> {
        agreed(resources.iter().flat_map(|resource| self.own_elements(*resource)))
    }

    /// The elements of a resource that only one release has.
    fn own_elements(&self, resource: Node<'_>) -> Vec<Detected> {
        let Some(name) = resource.resource_type() else { return Vec::new() };
        let definition = |definitions: &Definitions| definitions.type_definition(name).ok().flatten();
        let [(stu3, Some(old)), (r4, Some(new))] =
            self.releases.map(|(version, definitions)| (version, definition(definitions)))
        else {
            return Vec::new();
        };
        let children = resource.children().filter(|child| child.opens_member());
        let told = children.filter_map(|child| {
            let version = match (has_child(&old, child.name()), has_child(&new, child.name())) {
                (true, false) => stu3,
                (false, true) => r4,
                _ => return None,
            };
            Some(Detected { version, clue: Clue::Element(format!("{name}.{}", child.name())) })
        });
        told.collect()
    }
}

/// The first of several answers, if all name the same release.
fn agreed(mut found: impl Iterator<Item = Detected>) -> Option<Detected> {
    let first = found.next()?;
    found.all(|other| other.version == first.version).then_some(first)
}

/// Whether a type itself introduces that element; inherited elements are the same in both releases.
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
