//! A small world of types, and a notation for definitions that fits on a line for each element.
//!
//! An element is `id min..max Type|Type key=value ...`, of which all but the id may be left out.
//! Keys: `profile`, `ref`, `slicing` (`value:url`), `fixed` and `pattern` (text), `binding`
//! (`required:url`), `inv` (key of an invariant), `name` (slice name) and `summary`.

use std::collections::BTreeMap;
use std::sync::Arc;

use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::{
    Binding, BindingStrength, Constraint, ConstraintSeverity, Derivation, Discriminator, DiscriminatorKind,
    ElementDefinition, Max, Slicing, SlicingRules, StructureDefinition, StructureKind, TypeRef, TypedValue,
};
use ers_fhir_profiles::snapshot::{Snapshot, SnapshotCache, SnapshotError};

/// Types that the tests build on: name, base and elements.
const TYPES: &[(&str, &str, &str)] = &[
    (
        "Element",
        "",
        "Element inv=ele-1\nElement.id 0..1 System.String\nElement.extension 0..* Extension slicing=value:url",
    ),
    (
        "Extension",
        "Element",
        "Extension inv=ext-1\nExtension.url 1..1 System.String\nExtension.value[x] 0..1 string|Amount",
    ),
    ("BackboneElement", "Element", "BackboneElement"),
    ("string", "Element", "string\nstring.value 0..1 System.String"),
    ("Amount", "Element", "Amount inv=amt-1\nAmount.value 0..1 string\nAmount.unit 0..1 string"),
    ("Resource", "", "Resource\nResource.id 0..1 System.String"),
    (
        "Thing",
        "Resource",
        "Thing inv=thg-1\nThing.extension 0..* Extension\nThing.code 0..* string\nThing.size 0..1 Amount binding=example:sizes\n\
         Thing.value[x] 0..1 string|Amount\nThing.part 0..* BackboneElement\nThing.part.name 1..1 string\n\
         Thing.part.part 0..* ref=#Thing.part",
    ),
];

/// Definitions by canonical URL.
pub(crate) struct World {
    definitions: BTreeMap<String, Arc<StructureDefinition>>,
    cache: SnapshotCache,
}

impl World {
    pub(crate) fn new(version: FhirVersion) -> Self {
        let mut world = Self { definitions: BTreeMap::new(), cache: SnapshotCache::default() };
        for (name, base, elements) in TYPES {
            let base = (!base.is_empty()).then(|| core(base));
            world.add(version, &core(name), name, base, Derivation::Specialization, elements);
        }
        world
    }

    /// Adds a profile under a URL.
    pub(crate) fn profile(mut self, url: &str, base: &str, elements: &str) -> Self {
        let version = self.definitions[&core("Element")].fhir_version;
        let type_name = elements.split(['.', ' ', '\n']).next().unwrap_or_default().to_owned();
        self.add(version, url, &type_name, Some(core(base)), Derivation::Constraint, elements);
        self
    }

    fn add(
        &mut self,
        version: FhirVersion,
        url: &str,
        type_name: &str,
        base_definition: Option<String>,
        derivation: Derivation,
        elements: &str,
    ) {
        let is_resource = matches!(type_name, "Resource" | "Thing");
        let definition = StructureDefinition {
            url: url.to_owned(),
            version: None,
            name: type_name.to_owned(),
            title: None,
            fhir_version: version,
            status: None,
            kind: if is_resource { StructureKind::Resource } else { StructureKind::Complex },
            is_abstract: false,
            type_name: type_name.to_owned(),
            base_definition,
            derivation,
            context: Vec::new(),
            context_invariants: Vec::new(),
            imposes: Vec::new(),
            description: None,
            differential: elements.lines().map(|line| element(line.trim())).collect(),
            snapshot: None,
            faults: Vec::new(),
        };
        self.definitions.insert(url.to_owned(), Arc::new(definition));
    }

    pub(crate) fn snapshot(&self, url: &str) -> Result<Arc<Snapshot>, SnapshotError> {
        let structures = |canonical: &str| Ok(self.definitions.get(canonical).cloned());
        let unknown = || SnapshotError::Unknown { canonical: url.to_owned() };
        self.cache.get(&core(url), &structures)?.ok_or_else(unknown)
    }

    /// The elements of a snapshot whose ids start so, in the notation.
    pub(crate) fn show(&self, url: &str, prefix: &str) -> String {
        let snapshot = self.snapshot(url).unwrap_or_else(|error| panic!("{error}"));
        let shown = snapshot.elements().iter().filter(|element| element.id.starts_with(prefix));
        shown.map(|element| line(element)).collect::<Vec<_>>().join("\n")
    }
}

fn core(name: &str) -> String {
    if name.contains(':') {
        name.to_owned()
    } else {
        format!("http://hl7.org/fhir/StructureDefinition/{name}")
    }
}

fn element(line: &str) -> ElementDefinition {
    let mut words = line.split(' ');
    let id = words.next().unwrap_or_default().to_owned();
    let steps = id.split('.').map(|step| step.split(':').next().unwrap_or_default());
    let path = steps.collect::<Vec<_>>().join(".");
    let slice =
        id.rsplit('.').next().and_then(|step| step.split_once(':')).map(|(_, slice)| slice.to_owned());
    let mut element = ElementDefinition { id, path, slice_name: slice, ..ElementDefinition::default() };
    for word in words {
        if let Some((key, value)) = word.split_once('=') {
            property(&mut element, key, value);
        } else if let Some((min, max)) = word.split_once("..") {
            element.min = min.parse().ok();
            element.max = Some(max.parse().map_or(Max::Unbounded, Max::Count));
        } else {
            let one = |code: &str| TypeRef { code: code.to_owned(), ..TypeRef::default() };
            element.types = word.split('|').map(one).collect();
        }
    }
    element
}

fn property(element: &mut ElementDefinition, key: &str, value: &str) {
    let text = || TypedValue { type_name: "string".to_owned(), value: Datum::primitive(value) };
    match key {
        "profile" => element.types.iter_mut().for_each(|of| of.profiles = vec![value.to_owned()]),
        "ref" => element.content_reference = Some(value.to_owned()),
        "fixed" => element.fixed = Some(text()),
        "pattern" => element.pattern = Some(text()),
        "summary" => element.is_summary = Some(value == "true"),
        "name" => element.slice_name = Some(value.to_owned()),
        "binding" => {
            let (strength, value_set) = value.split_once(':').expect("binding=strength:url");
            element.binding = Some(Binding {
                strength: if strength == "required" {
                    BindingStrength::Required
                } else {
                    BindingStrength::Example
                },
                value_set: (!value_set.is_empty()).then(|| value_set.to_owned()),
                max_value_set: None,
                additional: Vec::new(),
                description: None,
            });
        }
        "inv" => element.constraints.push(Constraint {
            key: value.to_owned(),
            severity: ConstraintSeverity::Error,
            human: None,
            expression: Some("true".to_owned()),
            source: None,
            is_best_practice: false,
        }),
        "slicing" => {
            let (kind, path) = value.split_once(':').expect("slicing=kind:path");
            let kind = if kind == "type" { DiscriminatorKind::Type } else { DiscriminatorKind::Value };
            element.slicing = Some(Slicing {
                discriminators: vec![Discriminator { kind, path: path.to_owned() }],
                rules: SlicingRules::Open,
                ordered: false,
            });
        }
        _ => panic!("{key} is not in the notation"),
    }
}

fn line(element: &ElementDefinition) -> String {
    let min = element.min.unwrap_or_default();
    let max = match element.max {
        Some(Max::Count(max)) => max.to_string(),
        _ => "*".to_owned(),
    };
    let mut words = vec![element.id.clone(), format!("{min}..{max}")];
    if !element.types.is_empty() {
        words.push(element.types.iter().map(|of| of.code.clone()).collect::<Vec<_>>().join("|"));
    }
    words
        .extend(element.types.iter().flat_map(|of| &of.profiles).map(|profile| format!("profile={profile}")));
    words.extend(element.content_reference.iter().map(|reference| format!("ref={reference}")));
    if let Some(slicing) = &element.slicing {
        let discriminators = slicing.discriminators.iter();
        words.extend(discriminators.map(|d| format!("slicing={:?}:{}", d.kind, d.path).to_lowercase()));
    }
    let values = [("fixed", &element.fixed), ("pattern", &element.pattern)];
    for (name, value) in values {
        let text = value.as_ref().and_then(|value| value.value.text.as_deref());
        words.extend(text.map(|text| format!("{name}={text}")));
    }
    if let Some(binding) = &element.binding {
        let value_set = binding.value_set.as_deref().unwrap_or_default();
        words.push(format!("binding={:?}:{value_set}", binding.strength).to_lowercase());
    }
    words.extend(element.constraints.iter().map(|constraint| format!("inv={}", constraint.key)));
    words.join(" ")
}
