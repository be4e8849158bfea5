//! Native twins: code that gives the same result as the FHIRPath of an invariant, on the resource that holds
//! `contained`.
//!
//! Source: <http://hl7.org/fhir/R4/references.html#contained>.

use ers_fhir_tree::{Kind, Node};
use ers_fhir_values::Primitive;
use rustc_hash::FxHashSet;

use crate::check::name;
use crate::schema::constraint::host::Host;

/// Invariants with a native twin, by their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Native {
    /// `dom-2`: no resource contained in a contained resource.
    NoNestedContained,
    /// `dom-3`: contained resources are referred to.
    ContainedReferenced,
    /// `dom-4`: no version of a contained resource.
    ContainedUnversioned,
    /// `dom-5`: no security label on a contained resource.
    ContainedUnlabelled,
}

impl Native {
    /// The twin of an expression, recognised by its text without white space.
    pub(super) fn of(key: &str, bare: &str) -> Option<Self> {
        Some(match (key, bare) {
            (_, "contained.contained.empty()") => Self::NoNestedContained,
            (_, "contained.meta.versionId.empty()andcontained.meta.lastUpdated.empty()") => {
                Self::ContainedUnversioned
            }
            (_, "contained.meta.security.empty()") => Self::ContainedUnlabelled,
            ("dom-3", text) if text.starts_with("contained.where(") => Self::ContainedReferenced,
            _ => return None,
        })
    }

    /// Whether it holds for a resource.
    pub(super) fn holds<'v, 'd>(self, host: &impl Host<'v, 'd>, resource: Node<'d>) -> bool {
        match self {
            Self::NoNestedContained => dom_2(resource),
            Self::ContainedReferenced => dom_3(host, resource),
            Self::ContainedUnversioned => dom_4(resource),
            Self::ContainedUnlabelled => dom_5(resource),
        }
    }
}

/// `dom-2`: a contained resource contains none.
fn dom_2(resource: Node<'_>) -> bool {
    resource.named(name::CONTAINED).all(|inner| inner.child(name::CONTAINED).is_none())
}

/// `dom-3`: every contained resource is referred to from somewhere in the resource or (R4) refers
/// to the resource around it.
///
/// Any reference, canonical or URL that is `#id` counts as a reference to it. So does a link or an image in a
/// narrative, and what is of no known type.
fn dom_3<'v, 'd>(host: &impl Host<'v, 'd>, resource: Node<'d>) -> bool {
    if resource.child(name::CONTAINED).is_none() {
        return true;
    }
    let mut fragments = FxHashSet::default();
    visit(resource, &mut |node| {
        let Some(value) = node.value() else { return };
        if node.kind() == Kind::Xhtml || node.name() == "div" {
            fragments.extend(linked_fragments(value));
        } else if let Some(fragment) = value.strip_prefix('#').filter(|_| may_refer(host, node)) {
            fragments.insert(fragment);
        }
    });
    resource.named(name::CONTAINED).all(|inner| {
        let Some(id) = inner.child_value(name::ID) else { return true };
        fragments.contains(id) || refers_to_container(host, inner)
    })
}

/// What attributes of the form `href="#id"` refer to.
fn linked_fragments(markup: &str) -> impl Iterator<Item = &str> {
    markup.match_indices('#').filter_map(|(at, _)| {
        let quote = markup[..at].chars().next_back().filter(|before| matches!(before, '"' | '\''))?;
        markup[at + 1..].split_once(quote).map(|(fragment, _)| fragment)
    })
}

fn refers_to_container<'v, 'd>(host: &impl Host<'v, 'd>, inner: Node<'d>) -> bool {
    let mut refers = false;
    visit(inner, &mut |node| refers |= node.value() == Some("#") && may_refer(host, node));
    refers
}

/// Whether a text may be a reference: it is not one of those that are only read.
fn may_refer<'v, 'd>(host: &impl Host<'v, 'd>, node: Node<'d>) -> bool {
    let is_read = |primitive| {
        matches!(primitive, Primitive::String | Primitive::Markdown | Primitive::Code | Primitive::Id)
    };
    node.is_called(name::REFERENCE) || !host.type_of(node).and_then(|of| of.primitive).is_some_and(is_read)
}

/// `dom-4`: a contained resource has no version of its own.
fn dom_4(resource: Node<'_>) -> bool {
    metas(resource).all(|meta| meta.child("versionId").is_none() && meta.child("lastUpdated").is_none())
}

/// `dom-5`: a contained resource has no security label.
fn dom_5(resource: Node<'_>) -> bool {
    metas(resource).all(|meta| meta.child("security").is_none())
}

fn metas(resource: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    resource.named(name::CONTAINED).filter_map(|inner| inner.child(name::META))
}

/// Visits a node and everything below it.
fn visit<'d>(node: Node<'d>, to: &mut impl FnMut(Node<'d>)) {
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        to(node);
        pending.extend(node.children());
    }
}
