//! What distinguishes a slice.

use std::fmt;

use super::path::Step;
use super::place::Place;
use crate::definition::{Binding, DiscriminatorKind, TypedValue};

/// What distinguishes a slice from the others.
#[derive(Debug, Clone)]
pub enum Told<'s> {
    /// All of these must hold.
    By(Vec<Test<'s>>),
    /// Nothing: the slice leaves every discriminator open.
    Open,
    /// That it is in no other slice: this one is the [default](super::DEFAULT).
    Rest,
    /// The definitions do not decide it.
    Undecidable(Undecidable),
}

/// One thing that puts an element into a slice.
#[derive(Debug, Clone)]
pub struct Test<'s> {
    /// From the sliced element to what is compared.
    pub hops: Vec<Hop<'s>>,
    /// What the slice says where the path ends.
    pub place: Place<'s>,
    /// What must be found there.
    pub expectation: Expectation<'s>,
}

/// A step of a path, and the slice's definition of the element that it leads to.
#[derive(Debug, Clone)]
pub struct Hop<'s> {
    /// The step.
    pub step: Step,
    /// Where it leads.
    pub place: Place<'s>,
}

/// What a discriminator must find.
#[derive(Debug, Clone)]
pub enum Expectation<'s> {
    /// Exactly this value.
    Fixed(TypedValue),
    /// A value that contains this one.
    Pattern(TypedValue),
    /// A value of which all of this holds, by paths from it.
    Parts(Vec<Test<'s>>),
    /// A value of which one of these holds, by paths from it: its definition names several types or profiles.
    Any(Vec<Test<'s>>),
    /// A code of the value set of this binding, which is required.
    Bound(Binding),
    /// Something (`true`) or nothing (`false`).
    Exists(bool),
    /// One of these types.
    Types(Vec<Box<str>>),
    /// Conformance to one of these profiles.
    Profiles(Vec<Box<str>>),
}

impl Expectation<'_> {
    /// Whether both demand the same values, as far as that is certain.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let are_same = |(one, other): (&Test<'_>, &Test<'_>)| {
            let (steps, others) = (one.hops.iter(), other.hops.iter());
            steps.map(|hop| &hop.step).eq(others.map(|hop| &hop.step))
                && one.expectation.is_same(&other.expectation)
        };
        match (self, other) {
            (Self::Fixed(one) | Self::Pattern(one), Self::Fixed(other) | Self::Pattern(other)) => {
                one.value == other.value
            }
            (Self::Parts(ones), Self::Parts(others)) => {
                ones.len() == others.len() && ones.iter().zip(others).all(are_same)
            }
            _ => false,
        }
    }
}

impl Test<'_> {
    /// Whether the name of the compared element includes its type, because it is a choice.
    pub fn ends_in_choice(&self) -> bool {
        let reached = self.hops.iter().rev().find(|hop| matches!(hop.step, Step::Child(_)));
        let is_last =
            self.hops.last().is_some_and(|hop| matches!(hop.step, Step::Child(_) | Step::OfType(_)));
        is_last && reached.is_some_and(|hop| hop.place.element().is_choice())
    }
}

/// Why nothing decides what belongs to a slice.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Undecidable {
    /// There are no discriminators, and it is not a kind of element that needs none.
    NoDiscriminator,
    /// The path uses more than a discriminator may.
    Path(Box<str>),
    /// The path leads to no known element.
    Unreached(Box<str>),
    /// The slice does not say at the end of the path what this kind of discriminator compares.
    Unsaid(DiscriminatorKind, Box<str>),
}

impl fmt::Display for Undecidable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDiscriminator => f.write_str("the slicing has no discriminator"),
            Self::Path(path) => {
                write!(f, "the discriminator path '{path}' uses more of FHIRPath than it may")
            }
            Self::Unreached(path) => write!(f, "the discriminator path '{path}' leads to no known element"),
            Self::Unsaid(kind, path) => {
                let what = match kind {
                    DiscriminatorKind::Value | DiscriminatorKind::Pattern => "which value is",
                    DiscriminatorKind::Exists => "whether anything is",
                    DiscriminatorKind::Type => "which type is",
                    DiscriminatorKind::Profile => "which profile holds",
                };
                write!(f, "the slice does not say {what} at '{path}'")
            }
        }
    }
}
