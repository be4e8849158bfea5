//! Slicing: what tells the slices of an element apart, worked out once.

use std::sync::Arc;

use ers_fhir_profiles::definition::{
    Discriminator, DiscriminatorKind, ElementDefinition, Slicing, SlicingRules, TypedValue,
};
use ers_fhir_profiles::snapshot::Snapshot;

use super::{BindingCheck, ElementIndex, ProfileLink, Schemas};

/// Slices of an element.
#[derive(Debug)]
pub(crate) struct SlicingCheck {
    /// What to do with elements outside every slice.
    pub(crate) rules: SlicingRules,
    /// Whether slices must come in their order.
    pub(crate) ordered: bool,
    /// In order of definition; re-slices come after the slice they refine.
    pub(crate) slices: Box<[Slice]>,
    /// Discriminators as written, for messages.
    pub(crate) discriminators: Box<str>,
}

/// One slice.
#[derive(Debug)]
pub(crate) struct Slice {
    /// Its name.
    pub(crate) name: Box<str>,
    /// What the elements in it must hold.
    pub(crate) element: ElementIndex,
    /// What puts an element into it, all of which must hold; `None` where that cannot be decided.
    pub(crate) tests: Option<Box<[Test]>>,
}

/// One thing that puts an element into a slice.
#[derive(Debug)]
pub(crate) struct Test {
    /// From the sliced element to what is compared.
    pub(crate) path: Box<[Step]>,
    /// What it must be.
    pub(crate) expectation: Expectation,
}

/// One step of a discriminator path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Children of that name.
    Child(Box<str>),
    /// Extensions with that URL.
    Extension(Box<str>),
    /// The target of a reference.
    Resolve,
    /// Only elements of that type.
    OfType(Box<str>),
}

/// What a discriminator must find.
#[derive(Debug)]
pub(crate) enum Expectation {
    /// Exactly this value.
    Fixed(TypedValue),
    /// A value that contains this one.
    Pattern(TypedValue),
    /// A code of this value set.
    Bound(BindingCheck),
    /// Something (`true`) or nothing (`false`).
    Exists(bool),
    /// One of these types.
    Types(Box<[Box<str>]>),
    /// Conformance to one of these profiles.
    Profiles(Box<[ProfileLink]>),
}

impl SlicingCheck {
    pub(super) fn new(slicing: Option<&Slicing>) -> Self {
        let written = |d: &Discriminator| format!("{}:{}", kind_name(d.kind), d.path);
        let discriminators: Vec<String> =
            slicing.map(|s| s.discriminators.iter().map(written).collect()).unwrap_or_default();
        Self {
            rules: slicing.map_or(SlicingRules::Open, |s| s.rules),
            ordered: slicing.is_some_and(|s| s.ordered),
            slices: Box::default(),
            discriminators: discriminators.join(", ").into(),
        }
    }

    pub(super) fn push(
        &mut self,
        definition: &ElementDefinition,
        element: ElementIndex,
        tests: Option<Vec<Test>>,
    ) {
        let mut slices = std::mem::take(&mut self.slices).into_vec();
        slices.push(Slice {
            name: definition.slice_name.as_deref().unwrap_or_default().into(),
            element,
            tests: tests.map(Into::into),
        });
        self.slices = slices.into();
    }
}

fn kind_name(kind: DiscriminatorKind) -> &'static str {
    match kind {
        DiscriminatorKind::Value => "value",
        DiscriminatorKind::Pattern => "pattern",
        DiscriminatorKind::Exists => "exists",
        DiscriminatorKind::Type => "type",
        DiscriminatorKind::Profile => "profile",
    }
}

/// What puts an element into a slice; `None` where the definitions do not decide it.
pub(super) fn tests(
    schemas: &Schemas,
    snapshot: &Snapshot,
    sliced: usize,
    slice: usize,
) -> Option<Vec<Test>> {
    let definition = snapshot.element(sliced);
    let slicing = definition.slicing.as_ref();
    let discriminators = match slicing {
        Some(slicing) if !slicing.discriminators.is_empty() => slicing.discriminators.clone(),
        // Extensions and choices are told apart by URL and type even where a profile omits to say so.
        _ => vec![implied(definition)?],
    };
    let start = Place { snapshot: Borrowed::Here(snapshot), index: slice };
    let mut tests = Vec::new();
    for discriminator in &discriminators {
        let steps = steps(&discriminator.path)?;
        let place = start.follow(schemas, &steps);
        if !expect(schemas, discriminator.kind, steps, place.as_ref(), &mut tests) {
            return None;
        }
    }
    Some(tests)
}

fn implied(definition: &ElementDefinition) -> Option<Discriminator> {
    match definition.name() {
        "extension" | "modifierExtension" => {
            Some(Discriminator { kind: DiscriminatorKind::Value, path: "url".to_owned() })
        }
        name if name.ends_with("[x]") => {
            Some(Discriminator { kind: DiscriminatorKind::Type, path: "$this".to_owned() })
        }
        _ => None,
    }
}

/// Adds the tests of one discriminator; `false` where the slice does not decide it.
fn expect(
    schemas: &Schemas,
    kind: DiscriminatorKind,
    steps: Vec<Step>,
    place: Option<&Place<'_>>,
    tests: &mut Vec<Test>,
) -> bool {
    let Some(place) = place else { return false };
    let definition = place.definition();
    let is_open = match kind {
        DiscriminatorKind::Type => definition.types.is_empty(),
        DiscriminatorKind::Profile => definition.types.iter().all(|t| t.profiles.is_empty()),
        _ => false,
    };
    if is_open {
        // The slice leaves this discriminator to the others.
        return true;
    }
    let expectation = match kind {
        DiscriminatorKind::Value | DiscriminatorKind::Pattern => {
            return expect_value(schemas, steps, place, tests);
        }
        DiscriminatorKind::Exists if definition.max == Some(ers_fhir_profiles::definition::Max::Count(0)) => {
            Expectation::Exists(false)
        }
        DiscriminatorKind::Exists if definition.min.unwrap_or(0) > 0 => Expectation::Exists(true),
        DiscriminatorKind::Exists => return false,
        DiscriminatorKind::Type => {
            Expectation::Types(definition.types.iter().map(|t| t.code.as_str().into()).collect())
        }
        DiscriminatorKind::Profile => {
            let links = |t: &ers_fhir_profiles::definition::TypeRef| {
                t.profiles.iter().map(|p| schemas.link(p)).collect::<Vec<_>>()
            };
            Expectation::Profiles(definition.types.iter().flat_map(links).collect())
        }
    };
    tests.push(Test { path: steps.into(), expectation });
    true
}

/// Fixed value, pattern or required binding at the place, or of elements below it.
fn expect_value(schemas: &Schemas, steps: Vec<Step>, place: &Place<'_>, tests: &mut Vec<Test>) -> bool {
    let definition = place.definition();
    let expectation = if let Some(fixed) = &definition.fixed {
        Some(Expectation::Fixed(fixed.clone()))
    } else if let Some(pattern) = &definition.pattern {
        Some(Expectation::Pattern(pattern.clone()))
    } else {
        None
    };
    if let Some(expectation) = expectation {
        tests.push(Test { path: steps.into(), expectation });
        return true;
    }
    let before = tests.len();
    for child in place.children(schemas) {
        let definition = child.definition();
        if definition.min.unwrap_or(0) == 0 && definition.fixed.is_none() && definition.pattern.is_none() {
            continue;
        }
        let mut deeper = steps.clone();
        deeper.push(Step::Child(definition.name().trim_end_matches("[x]").into()));
        if deeper.len() < MAX_STEPS {
            expect_value(schemas, deeper, &child, tests);
        }
    }
    if tests.len() > before {
        return true;
    }
    let bound = definition.binding.as_ref().and_then(|binding| {
        Some(BindingCheck {
            strength: binding.strength,
            value_set: binding.value_set.as_deref()?.into(),
            max_value_set: None,
        })
    });
    match bound {
        Some(bound) if bound.strength == ers_fhir_profiles::definition::BindingStrength::Required => {
            tests.push(Test { path: steps.into(), expectation: Expectation::Bound(bound) });
            true
        }
        _ => false,
    }
}

/// Longest discriminator path that is followed.
const MAX_STEPS: usize = 12;

/// Reads a discriminator path; `None` where it uses more than the specification allows.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for part in split(path) {
        let step = match part.split_once('(') {
            None if part == "$this" => continue,
            None => Step::Child(part.trim_end_matches("[x]").into()),
            Some(("extension", argument)) => Step::Extension(quoted(argument)?),
            Some(("resolve", _)) => Step::Resolve,
            Some(("ofType" | "as", argument)) => {
                Step::OfType(argument.strip_suffix(')')?.trim().trim_start_matches("FHIR.").into())
            }
            Some(_) => return None,
        };
        steps.push(step);
    }
    (steps.len() < MAX_STEPS).then_some(steps)
}

fn quoted(argument: &str) -> Option<Box<str>> {
    Some(argument.strip_suffix(')')?.trim().trim_matches(['\'', '"']).into())
}

/// Splits a path at the dots outside parentheses and quotes.
fn split(path: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, c) in path.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => {
                parts.push(&path[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&path[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// An element of a snapshot that a discriminator path has reached.
struct Place<'s> {
    snapshot: Borrowed<'s>,
    index: usize,
}

/// The snapshot at hand, or one that the path led to.
#[derive(Clone)]
enum Borrowed<'s> {
    Here(&'s Snapshot),
    There(Arc<Snapshot>),
}

impl<'s> Place<'s> {
    fn snapshot(&self) -> &Snapshot {
        match &self.snapshot {
            Borrowed::Here(snapshot) => snapshot,
            Borrowed::There(snapshot) => snapshot,
        }
    }

    fn definition(&self) -> &ElementDefinition {
        self.snapshot().element(self.index)
    }

    fn at(&self, index: usize) -> Self {
        Self { snapshot: self.snapshot.clone(), index }
    }

    fn root(schemas: &Schemas, canonical: &str) -> Option<Self> {
        let snapshot = schemas.definitions().snapshot(canonical).ok()??;
        Some(Self { snapshot: Borrowed::There(snapshot), index: 0 })
    }

    /// The roots of what the element's types, profiles or targets are.
    fn types(&self, schemas: &Schemas, targets: bool) -> Option<Self> {
        let [only] = self.definition().types.as_slice() else { return None };
        let canonicals = if targets { &only.target_profiles } else { &only.profiles };
        if let Some(canonical) = canonicals.first() {
            return Self::root(schemas, canonical);
        }
        (!targets).then(|| Self::root(schemas, schemas.url(schemas.find_type(&only.code)?)))?
    }

    fn follow(&self, schemas: &Schemas, steps: &[Step]) -> Option<Self> {
        let mut place = self.at(self.index);
        for step in steps {
            place = match step {
                Step::Child(name) => place.child(schemas, name)?,
                Step::Extension(url) => place.extension(schemas, url)?,
                Step::Resolve => place.types(schemas, true)?,
                Step::OfType(code) => place.of_type(code),
            };
        }
        Some(place)
    }

    /// Narrows a choice to the slice for that type, where there is one.
    fn of_type(&self, code: &str) -> Self {
        let snapshot = self.snapshot();
        let slice = snapshot
            .slices(self.index)
            .find(|slice| snapshot.element(*slice).types.iter().any(|t| t.code == code));
        self.at(slice.unwrap_or(self.index))
    }

    fn child(&self, schemas: &Schemas, name: &str) -> Option<Self> {
        let snapshot = self.snapshot();
        let own = snapshot.children(self.index).find(|child| {
            let own = snapshot.element(*child).name();
            own.strip_suffix("[x]").unwrap_or(own) == name
        });
        if let Some(own) = own {
            return Some(self.at(own));
        }
        // A slice says nothing of this child: what the sliced element says of it holds.
        if let Some(inherited) = snapshot.sliced(self.index).and_then(|s| self.at(s).own_child(name)) {
            let profiled = self.definition().types.iter().any(|t| !t.profiles.is_empty());
            if !profiled {
                return Some(inherited);
            }
        }
        self.types(schemas, false)?.own_child(name)
    }

    fn own_child(&self, name: &str) -> Option<Self> {
        let snapshot = self.snapshot();
        snapshot
            .children(self.index)
            .find(|child| snapshot.element(*child).name().trim_end_matches("[x]") == name)
            .map(|child| self.at(child))
    }

    /// The extension slice with that URL.
    fn extension(&self, schemas: &Schemas, url: &str) -> Option<Self> {
        let extensions = self.child(schemas, "extension")?;
        let snapshot = extensions.snapshot();
        let slice = snapshot.slices(extensions.index).find(|slice| {
            let definition = snapshot.element(*slice);
            definition.types.iter().any(|t| t.profiles.iter().any(|p| p == url))
                || extensions
                    .at(*slice)
                    .own_child("url")
                    .and_then(|c| c.definition().fixed.as_ref()?.value.text.clone())
                    .is_some_and(|fixed| &*fixed == url)
        });
        Some(extensions.at(slice?))
    }

    fn children(&self, schemas: &Schemas) -> Vec<Self> {
        let snapshot = self.snapshot();
        let own: Vec<Self> = snapshot.children(self.index).map(|child| self.at(child)).collect();
        if !own.is_empty() {
            return own;
        }
        let profiled = self.definition().types.iter().any(|t| !t.profiles.is_empty());
        if !profiled {
            return Vec::new();
        }
        let Some(root) = self.types(schemas, false) else { return Vec::new() };
        root.snapshot().children(root.index).map(|child| root.at(child)).collect()
    }
}
