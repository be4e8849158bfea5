//! What puts an element into a slice.

use ers_fhir_profiles::definition::TypedValue;
use ers_fhir_profiles::terminology::Membership;
use ers_fhir_tree::Node;

use crate::check::name;
use crate::schema::constraint::host::Host;
use crate::schema::constraint::{binding, fixed, pattern};
use crate::schema::label::Label;
use crate::schema::link::ProfileLink;

/// One thing that puts an element into a slice.
#[derive(Debug)]
pub(super) struct Test {
    /// From the sliced element to what is compared.
    pub(super) path: Box<[Step]>,
    /// What it must be.
    pub(super) expectation: Expectation,
}

/// One step of a discriminator path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
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
pub(super) enum Expectation {
    /// Exactly this value.
    Fixed(TypedValue),
    /// A value that contains this one.
    Pattern(TypedValue),
    /// A code of this value set.
    Bound(Box<str>),
    /// Something (`true`) or nothing (`false`).
    Exists(bool),
    /// One of these types.
    Types(Box<[Box<str>]>),
    /// Conformance to one of these profiles.
    Profiles(Box<[ProfileLink]>),
}

impl Test {
    /// Whether an element of what is sliced passes.
    pub(super) fn passes<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>) -> bool {
        if let Expectation::Exists(expected) = self.expectation {
            return any_at(host, node, &self.path, &mut |_| true) == expected;
        }
        any_at(host, node, &self.path, &mut |found| self.expectation.meets(host, found))
    }
}

impl Expectation {
    /// Whether what a path led to is what is expected.
    fn meets<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, found: Node<'d>) -> bool {
        match self {
            Self::Fixed(fixed) => fixed::equals(found, &fixed.value),
            Self::Pattern(pattern) => pattern::contains(found, &pattern.value),
            Self::Bound(value_set) => binding::membership(host, found, value_set) == Membership::In,
            Self::Types(types) => host
                .type_of(found)
                .is_some_and(|actual| types.iter().any(|expected| host.is_kind_of(actual, expected))),
            Self::Profiles(links) => links.iter().any(|link| {
                link.schema.is_some_and(|index| host.holds(found, index)) || declares(found, &link.canonical)
            }),
            Self::Exists(_) => true,
        }
    }
}

fn declares(resource: Node<'_>, canonical: &str) -> bool {
    resource
        .child(name::META)
        .is_some_and(|meta| meta.named(name::PROFILE).any(|p| p.value() == Some(canonical)))
}

/// Whether any node that a path reaches passes a test.
pub(super) fn any_at<'v, 'd>(
    host: &impl Host<'v, 'd>,
    node: Node<'d>,
    path: &[Step],
    passes: &mut dyn FnMut(Node<'d>) -> bool,
) -> bool {
    let Some((step, rest)) = path.split_first() else { return passes(node) };
    match step {
        Step::Child(name) => {
            node.selected(|child| host.is_named(child, name)).any(|child| any_at(host, child, rest, passes))
        }
        Step::Extension(url) => node
            .named(name::EXTENSION)
            .filter(|extension| extension.child_value(name::URL) == Some(url))
            .any(|extension| any_at(host, extension, rest, passes)),
        Step::Resolve => {
            let reference = node.child_value(name::REFERENCE).or(node.value());
            reference
                .and_then(|reference| host.resolve(reference, node))
                .is_some_and(|target| any_at(host, target, rest, passes))
        }
        Step::OfType(code) => {
            host.type_of(node).is_some_and(|of| of.code == *code) && any_at(host, node, rest, passes)
        }
    }
}
