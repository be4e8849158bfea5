//! Compiles a snapshot into a schema.
//!
//! A type keeps every element. A profile keeps only what differs from its [`Baseline`]; an element with no
//! remaining constraints is dropped, and so is a parent without remaining children.

use ers_fhir_fhirpath::Expression;
use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::definition::{
    ContextKind, Derivation, ExtensionContext, Max, StructureDefinition, StructureKind,
};
use ers_fhir_profiles::snapshot::Snapshot;
use rustc_hash::FxHashMap;

use super::baseline::{Baseline, single_type};
use super::catalogue::{CORE, Catalogue};
use super::constraint::{self, Cardinality, Check, MOST_NOTED, Slicing};
use super::element::{Children, Condition, Context, Element, Schema};
use super::guide::Global;
use super::link::ElementIndex;

/// Compiles the definition with that canonical.
///
/// # Errors
///
/// The reason why the definition cannot be used.
pub(super) fn compile(catalogue: &Catalogue, url: &str) -> Result<Schema, String> {
    let definitions = catalogue.definitions();
    let missing = || format!("the definition {url} is not in any loaded package");
    let structure = definitions.structure(url).map_err(|e| e.to_string())?.ok_or_else(missing)?;
    let snapshot = definitions.snapshot(url).map_err(|e| e.to_string())?.ok_or_else(missing)?;
    let is_profile = structure.derivation == Derivation::Constraint;
    let base = if is_profile { catalogue.find_type(&structure.type_name) } else { None };
    let baseline = if is_profile { Baseline::of_type(catalogue, &structure.type_name) } else { None };
    let mut compiler = Compiler {
        catalogue,
        structure: &structure,
        snapshot: &snapshot,
        is_profile: base.is_some(),
        elements: vec![Element::default()],
        indexes: FxHashMap::default(),
    };
    compiler.indexes.insert(0, 0);
    let root = compiler.element(0, baseline.as_ref(), false);
    compiler.elements[0] = root;
    compiler.link_contents();
    let root = snapshot.element(0);
    Ok(Schema {
        url: url.into(),
        of: catalogue.type_of(&structure.type_name),
        kind: structure.kind,
        is_abstract: structure.is_abstract,
        base,
        parent_type: (!is_profile)
            .then(|| structure.base_definition.as_deref().and_then(|base| base.rsplit('/').next()))
            .flatten()
            .map(Into::into),
        context: structure.context.iter().map(context).collect(),
        context_invariants: structure.context_invariants.iter().map(|text| condition(text)).collect(),
        imposes: imposes(definitions, &structure),
        is_modifier: root.is_modifier == Some(true),
        faults: snapshot.faults().iter().map(|fault| fault.to_string().into()).collect(),
        globals: globals(catalogue, &structure),
        elements: compiler.elements.into(),
    })
}

/// The profiles that guides require for every resource of a type, or of the types that it specializes.
fn globals(catalogue: &Catalogue, structure: &StructureDefinition) -> Box<[Global]> {
    if structure.kind != StructureKind::Resource || structure.derivation == Derivation::Constraint {
        return Box::default();
    }
    let parent = structure.base_definition.as_deref().and_then(|base| base.strip_prefix(CORE));
    catalogue.globals(&[&structure.type_name, parent.unwrap_or_default(), "Resource"])
}

/// The profiles that a profile imposes, and those that its base profiles impose.
fn imposes(definitions: &Definitions, structure: &StructureDefinition) -> Box<[Box<str>]> {
    let base_of = |structure: &StructureDefinition| {
        let base = definitions.structure(structure.base_definition.as_deref()?).ok().flatten();
        base.filter(|base| base.derivation == Derivation::Constraint)
    };
    // That the bases come to an end is known: there is a snapshot.
    let bases = std::iter::successors(base_of(structure), |base| base_of(base));
    let inherited = bases.flat_map(|base| base.imposes.clone());
    structure.imposes.iter().cloned().chain(inherited).map(Into::into).collect()
}

fn context(context: &ExtensionContext) -> Context {
    match context.kind {
        ContextKind::Element => Context::Element(context.expression.as_str().into()),
        ContextKind::Extension => Context::Extension(context.expression.as_str().into()),
        ContextKind::FhirPath => Context::Selected(condition(&context.expression)),
    }
}

fn condition(text: &str) -> Condition {
    Condition { text: text.into(), expression: Expression::parse(text) }
}

struct Compiler<'a> {
    catalogue: &'a Catalogue,
    structure: &'a StructureDefinition,
    snapshot: &'a Snapshot,
    is_profile: bool,
    elements: Vec<Element>,
    /// From index in the snapshot to index in the schema.
    indexes: FxHashMap<usize, ElementIndex>,
}

impl Compiler<'_> {
    /// Compiles an element and everything below it.
    fn element(&mut self, index: usize, baseline: Option<&Baseline>, is_slice: bool) -> Element {
        let definition = self.snapshot.element(index);
        let base = baseline.map(Baseline::element);
        let cardinality = base.unwrap_or(definition).base.as_ref().map(|base| base.max);
        let stem = definition.name().strip_suffix("[x]");
        let mut element = Element {
            id: definition.id.as_str().into(),
            name: stem.unwrap_or(definition.name()).into(),
            is_choice: stem.is_some(),
            is_list: !matches!(cardinality.or(definition.max), Some(Max::Count(0 | 1)) | None),
            is_attribute: definition.representation.iter().any(|form| form == "xmlAttr"),
            cardinality: Cardinality::compile(definition, base, is_slice),
            checks: constraint::compile(self.catalogue, definition, baseline, self.is_profile),
            ..Element::default()
        };
        if self.is_profile
            && let Some(code) = self.primitive(index)
        {
            element.checks = self.with_value(index, code, baseline, std::mem::take(&mut element.checks));
        }
        element.children = self.children(index, baseline);
        if !self.is_profile {
            element.types = constraint::types::read(self.catalogue, definition);
        }
        if baseline.is_none() {
            self.place_invariants(&mut element);
        }
        element.slicing = self.slicing(index, baseline);
        element
    }

    /// Lets the invariants of an element of a type find the children that they refer to.
    fn place_invariants(&self, element: &mut Element) {
        let Some(children) = &element.children else { return };
        let position = |name: &str| {
            children.elements.iter().position(|child| *self.elements[*child as usize].name == *name)
        };
        if children.elements.len() <= MOST_NOTED {
            for check in &mut element.checks {
                if let Check::Invariant(invariant) = check {
                    invariant.place(position);
                }
            }
        }
    }

    /// The elements below, or `None` if none remains.
    fn children(&mut self, index: usize, baseline: Option<&Baseline>) -> Option<Children> {
        let snapshot = self.snapshot;
        let type_code = single_type(snapshot.element(index));
        let types = snapshot.element(index).types.as_slice();
        let (mut names, mut elements, mut required) = (Vec::new(), Vec::new(), Vec::new());
        for child in snapshot.children(index) {
            let definition = snapshot.element(child);
            let is_value = definition.name() == "value";
            if is_value && self.primitive(index).is_some() {
                continue;
            }
            let below = baseline.and_then(|b| match types {
                [_, _, ..] => {
                    types.iter().find_map(|of| b.child(self.catalogue, definition.name(), &of.code))
                }
                _ => b.child(self.catalogue, definition.name(), type_code),
            });
            let element = self.element(child, below.as_ref(), false);
            if below.is_some() && is_neutral(&element) {
                continue;
            }
            let position = elements.len() as u16;
            if baseline.is_none() {
                name(&element, position, &mut names);
            }
            if element.cardinality.min > 0 {
                required.push(position);
            }
            elements.push(self.add(child, element));
        }
        let children = Children {
            elements: elements.into(),
            required: required.into(),
            names: names.into_iter().collect(),
            are_of_some_types: baseline.is_some() && types.len() > 1,
        };
        (!children.elements.is_empty()).then_some(children)
    }

    fn slicing(&mut self, index: usize, baseline: Option<&Baseline>) -> Option<Box<Slicing>> {
        let (catalogue, snapshot) = (self.catalogue, self.snapshot);
        let slicing = Slicing::compile(catalogue, snapshot, index, |slice| {
            let element = self.element(slice, baseline, true);
            self.add(slice, element)
        });
        slicing.map(Box::new)
    }

    fn add(&mut self, index: usize, element: Element) -> ElementIndex {
        let position = self.elements.len() as ElementIndex;
        self.elements.push(element);
        self.indexes.insert(index, position);
        position
    }

    /// The type of an element that is a primitive, whose `value` is not a node of its own: for a type, the
    /// lexical rules cover it; for a profile, see [`with_value`](Self::with_value).
    fn primitive(&self, index: usize) -> Option<&str> {
        const ROOT: usize = 0;
        if index == ROOT && self.structure.kind == StructureKind::Primitive {
            return Some(&self.structure.type_name);
        }
        let code = single_type(self.snapshot.element(index));
        (code.starts_with(|first: char| first.is_ascii_lowercase())
            && self.catalogue.type_of(code).primitive.is_some())
        .then_some(code)
    }

    /// The checks of a primitive with those of its value.
    fn with_value(
        &self,
        index: usize,
        code: &str,
        baseline: Option<&Baseline>,
        checks: Box<[Check]>,
    ) -> Box<[Check]> {
        let Some(value) = self.snapshot.child(index, "value") else { return checks };
        let below = baseline.and_then(|baseline| baseline.child(self.catalogue, "value", code));
        let mut checks = checks.into_vec();
        checks.extend(constraint::compile_value(
            self.catalogue,
            self.snapshot.element(value),
            below.as_ref(),
        ));
        checks.into()
    }

    /// Points every content reference at its element, once all elements have their place.
    fn link_contents(&mut self) {
        let references: Vec<(ElementIndex, String)> = self
            .indexes
            .iter()
            .filter_map(|(index, position)| {
                let reference = self.snapshot.element(*index).content_reference.as_ref()?;
                Some((
                    *position,
                    reference.rsplit_once('#').map_or(reference.clone(), |(_, id)| id.to_owned()),
                ))
            })
            .collect();
        for (position, id) in references {
            let target = self.snapshot.find(&id).and_then(|index| self.indexes.get(&index).copied());
            self.elements[position as usize].content = target.filter(|target| *target != position);
        }
    }
}

/// Whether an element of a profile adds nothing to its base.
fn is_neutral(element: &Element) -> bool {
    element.cardinality == Cardinality::default()
        && element.checks.is_empty()
        && element.children.is_none()
        && element.slicing.is_none()
}

/// Adds the names under which an element may be written.
fn name(element: &Element, position: u16, names: &mut Vec<(String, (u16, u16))>) {
    if !element.is_choice {
        names.push((element.name.to_string(), (position, 0)));
        return;
    }
    for (at, check) in element.types.iter().enumerate() {
        let mut name = element.name.to_string();
        let mut letters = check.of.code.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        names.push((name, (position, at as u16)));
    }
}
