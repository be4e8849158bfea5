//! Slicing: what tells the slices of an element apart, worked out once.

mod discriminator;
mod place;
mod steps;

use ers_fhir_profiles::definition::{
    Discriminator, DiscriminatorKind, ElementDefinition, Slicing, SlicingRules, TypedValue,
};

pub(super) use discriminator::tests;

use super::{BindingCheck, ElementIndex, Label, ProfileLink};

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
    Child(Label),
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
