//! From a snapshot to a schema.
//!
//! A type keeps every element. A profile keeps what differs from its [`Baseline`]; an element of
//! which nothing remains is dropped, and so is a parent without remaining children.

use ers_fhir_fhirpath::Expression;
use ers_fhir_profiles::definition::{
    AdditionalBinding, Binding, Constraint, ContextKind, Derivation, ElementDefinition, ExtensionContext,
    Max, StructureDefinition, TypeRef, TypedValue,
};
use ers_fhir_profiles::snapshot::Snapshot;
use rustc_hash::FxHashMap;

use super::baseline::Baseline;
use super::slicing::{self, SlicingCheck};
use super::{
    BindingCheck, Children, Condition, Context, Element, ElementIndex, InvariantCheck, MOST_NOTED, Schema,
    Schemas, TypeCheck,
};

/// Compiles the definition with that canonical.
///
/// # Errors
///
/// Why the definition cannot be used.
pub(super) fn compile(schemas: &Schemas, url: &str) -> Result<Schema, String> {
    let definitions = schemas.definitions();
    let missing = || format!("the definition {url} is not in any loaded package");
    let structure = definitions.structure(url).map_err(|e| e.to_string())?.ok_or_else(missing)?;
    let snapshot = definitions.snapshot(url).map_err(|e| e.to_string())?.ok_or_else(missing)?;
    let is_profile = structure.derivation == Derivation::Constraint;
    let baseline = if is_profile { Baseline::of_type(schemas, &structure.type_name) } else { None };
    let mut compiler = Compiler {
        schemas,
        structure: &structure,
        snapshot: &snapshot,
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
        of: schemas.type_of(&structure.type_name),
        kind: structure.kind,
        is_abstract: structure.is_abstract,
        base: if is_profile { schemas.find_type(&structure.type_name) } else { None },
        parent_type: (!is_profile)
            .then(|| structure.base_definition.as_deref().and_then(|base| base.rsplit('/').next()))
            .flatten()
            .map(Into::into),
        context: structure.context.iter().map(context).collect(),
        context_invariants: structure.context_invariants.iter().map(|text| condition(text)).collect(),
        is_modifier: root.is_modifier == Some(true),
        elements: compiler.elements.into(),
    })
}

fn context(context: &ExtensionContext) -> Context {
    match context.kind {
        ContextKind::Element => Context::Element(context.expression.as_str().into()),
        ContextKind::Extension => Context::Extension(context.expression.as_str().into()),
        ContextKind::FhirPath => Context::Selected(condition(&context.expression)),
    }
}

fn condition(text: &str) -> Condition {
    Condition { text: text.into(), expression: Expression::parse(text).ok() }
}

struct Compiler<'a> {
    schemas: &'a Schemas,
    structure: &'a StructureDefinition,
    snapshot: &'a Snapshot,
    elements: Vec<Element>,
    /// From index in the snapshot to index in the schema.
    indexes: FxHashMap<usize, ElementIndex>,
}

impl Compiler<'_> {
    /// Compiles an element and all below it.
    fn element(&mut self, index: usize, baseline: Option<&Baseline>, is_slice: bool) -> Element {
        let definition = self.snapshot.element(index);
        let type_code = single_type(definition).map_or("", |t| t.code.as_str());
        let base = baseline.map(Baseline::element);
        let types = self.types(definition, base);
        let cardinality = base.unwrap_or(definition).base.as_ref().map(|base| base.max);
        let stem = definition.name().strip_suffix("[x]");
        let mut element = Element {
            id: definition.id.as_str().into(),
            name: stem.unwrap_or(definition.name()).into(),
            is_choice: stem.is_some(),
            is_list: !matches!(cardinality.or(definition.max), Some(Max::Count(0 | 1)) | None),
            min: definition.min.unwrap_or(0),
            max: definition.max.map_or(u32::MAX, count),
            types,
            fixed: differing(definition.fixed.as_ref(), base.and_then(|b| b.fixed.as_ref())),
            pattern: differing(definition.pattern.as_ref(), base.and_then(|b| b.pattern.as_ref())),
            min_value: differing(definition.min_value.as_ref(), base.and_then(|b| b.min_value.as_ref())),
            max_value: differing(definition.max_value.as_ref(), base.and_then(|b| b.max_value.as_ref())),
            max_length: definition.max_length.filter(|max| base.and_then(|b| b.max_length) != Some(*max)),
            min_length: definition.min_length.filter(|min| base.and_then(|b| b.min_length) != Some(*min)),
            must_have_value: definition.must_have_value == Some(true),
            value_alternatives: definition.value_alternatives.iter().map(|url| url.as_str().into()).collect(),
            narrative_languages: definition
                .narrative_languages
                .iter()
                .map(|code| code.as_str().into())
                .collect(),
            binding: binding(definition, base),
            invariants: self.invariants(definition, baseline, type_code),
            ..Element::default()
        };
        if let Some(base) = base {
            if !is_slice && element.min <= base.min.unwrap_or(0) {
                element.min = 0;
            }
            if base.max.is_some_and(|max| element.max >= count(max)) {
                element.max = u32::MAX;
            }
        }
        element.children = self.children(index, baseline, type_code);
        if baseline.is_none() {
            self.place_invariants(&mut element);
        }
        element.slicing = self.slicing(index, baseline);
        element
    }

    /// Lets the invariants of an element of a type find the children that they speak of.
    fn place_invariants(&self, element: &mut Element) {
        let Some(children) = &element.children else { return };
        let position = |name: &str| {
            children.elements.iter().position(|child| *self.elements[*child as usize].name == *name)
        };
        if children.elements.len() <= MOST_NOTED {
            for invariant in &mut element.invariants {
                invariant.place(position);
            }
        }
    }

    /// The elements below, or `None` where none remains.
    fn children(&mut self, index: usize, baseline: Option<&Baseline>, type_code: &str) -> Option<Children> {
        let snapshot = self.snapshot;
        let (mut names, mut elements) = (Vec::new(), Vec::new());
        for child in snapshot.children(index) {
            let definition = snapshot.element(child);
            if self.is_primitive_value(definition) {
                continue;
            }
            let below = baseline.and_then(|b| b.child(self.schemas, definition.name(), type_code));
            let element = self.element(child, below.as_ref(), false);
            if below.is_some() && is_neutral(&element) {
                continue;
            }
            let position = elements.len() as u16;
            if baseline.is_none() {
                name(&element, position, &mut names);
            }
            elements.push(self.add(child, element));
        }
        let children = Children { elements: elements.into(), names: names.into_iter().collect() };
        (!children.elements.is_empty()).then_some(children)
    }

    fn slicing(&mut self, index: usize, baseline: Option<&Baseline>) -> Option<SlicingCheck> {
        let snapshot = self.snapshot;
        let slices: Vec<usize> = snapshot.slices(index).collect();
        if slices.is_empty() {
            return None;
        }
        let mut check = SlicingCheck::new(snapshot.element(index).slicing.as_ref());
        for slice in slices {
            let element = self.element(slice, baseline, true);
            let tests = slicing::tests(self.schemas, snapshot, index, slice);
            let position = self.add(slice, element);
            check.push(snapshot.element(slice), position, tests);
        }
        Some(check)
    }

    fn add(&mut self, index: usize, element: Element) -> ElementIndex {
        let position = self.elements.len() as ElementIndex;
        self.elements.push(element);
        self.indexes.insert(index, position);
        position
    }

    /// Whether this is the `value` of a primitive type, which the lexical rules cover.
    fn is_primitive_value(&self, definition: &ElementDefinition) -> bool {
        self.structure.kind == ers_fhir_profiles::definition::StructureKind::Primitive
            && definition.name() == "value"
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

    fn types(&self, definition: &ElementDefinition, base: Option<&ElementDefinition>) -> Box<[TypeCheck]> {
        if base.is_some_and(|base| base.types == definition.types) {
            return Box::default();
        }
        definition.types.iter().map(|t| self.type_check(t)).collect()
    }

    fn type_check(&self, reference: &TypeRef) -> TypeCheck {
        let links = |canonicals: &[String]| canonicals.iter().map(|c| self.schemas.link(c)).collect();
        let code = reference.fhir_type.as_deref().unwrap_or(&reference.code);
        TypeCheck {
            of: self.schemas.type_of(code),
            profiles: links(&reference.profiles),
            targets: links(&reference.target_profiles),
            aggregation: reference.aggregation.clone().into(),
        }
    }

    fn invariants(
        &self,
        definition: &ElementDefinition,
        baseline: Option<&Baseline>,
        type_code: &str,
    ) -> Box<[InvariantCheck]> {
        let covered = |constraint: &Constraint| match baseline {
            Some(baseline) => baseline.demands(self.schemas, constraint, type_code),
            None => !definition.is_root() && inherited(constraint),
        };
        definition.constraints.iter().filter(|c| !covered(c)).filter_map(InvariantCheck::compile).collect()
    }
}

/// Whether the constraint is one that every element or extension has from its own type.
fn inherited(constraint: &Constraint) -> bool {
    matches!(constraint.key.as_str(), "ele-1" | "ext-1")
}

/// Whether an element of a profile demands nothing beyond its base.
fn is_neutral(element: &Element) -> bool {
    element.min == 0
        && element.max == u32::MAX
        && element.types.is_empty()
        && element.children.is_none()
        && element.fixed.is_none()
        && element.pattern.is_none()
        && element.min_value.is_none()
        && element.max_value.is_none()
        && element.max_length.is_none()
        && element.min_length.is_none()
        && !element.must_have_value
        && element.value_alternatives.is_empty()
        && element.narrative_languages.is_empty()
        && element.binding.is_none()
        && element.invariants.is_empty()
        && element.slicing.is_none()
}

/// Enters the names under which an element may be written.
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

fn single_type(definition: &ElementDefinition) -> Option<&TypeRef> {
    match definition.types.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

fn count(max: Max) -> u32 {
    match max {
        Max::Count(count) => count,
        Max::Unbounded => u32::MAX,
    }
}

fn differing(value: Option<&TypedValue>, base: Option<&TypedValue>) -> Option<TypedValue> {
    value.filter(|value| base != Some(value)).cloned()
}

fn binding(definition: &ElementDefinition, base: Option<&ElementDefinition>) -> Option<BindingCheck> {
    let same = |other: &Binding, own: &Binding| {
        other.strength == own.strength
            && other.value_set == own.value_set
            && other.max_value_set == own.max_value_set
            && other.additional == own.additional
    };
    let own = definition.binding.as_ref()?;
    if base.and_then(|b| b.binding.as_ref()).is_some_and(|other| same(other, own)) {
        return None;
    }
    Some(BindingCheck {
        strength: own.strength,
        value_set: own.value_set.as_deref()?.into(),
        max_value_set: own.max_value_set.as_deref().map(Into::into),
        additional: own.additional.iter().map(additional_binding).collect(),
    })
}

fn additional_binding(additional: &AdditionalBinding) -> BindingCheck {
    BindingCheck {
        strength: additional.strength,
        value_set: additional.value_set.as_str().into(),
        max_value_set: None,
        additional: Box::default(),
    }
}
