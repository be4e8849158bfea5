//! Writes a payload in the other syntax, or again in its own.
//!
//! Nothing that FHIR defines is lost: values are copied as they are written, with their precision; only white
//! space, comments and the order of members are not kept. Anything that FHIR does not define is carried over
//! as far as the other syntax can express it.

mod json;
mod xml;

use std::fmt;

use ers_fhir_tree::{Document, Kind, Node, Syntax};

use crate::check::{Checker, name};
use crate::validator::{Options, Validator};

/// Why a payload cannot be written in a syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotConvertible {
    /// The root has no resource type, or one that is not a valid name.
    NoType,
    /// A narrative is not well-formed XHTML with a namespace of its own, so XML cannot hold it, or it would
    /// mean something else in JSON.
    Narrative,
    /// A name that is not valid in XML.
    Name,
    /// A character that XML cannot hold.
    Character,
}

impl fmt::Display for NotConvertible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoType => "the payload does not say what resource it is",
            Self::Narrative => "a narrative is not well-formed XHTML that declares its namespace itself",
            Self::Name => "a member has a name that is not allowed in XML",
            Self::Character => "a value holds a character that XML cannot hold",
        })
    }
}

impl std::error::Error for NotConvertible {}

impl Validator {
    /// Writes a payload of this validator's release as JSON or XML.
    ///
    /// # Errors
    ///
    /// [`NotConvertible`] if that syntax cannot express the content of the payload.
    pub fn convert(&self, document: &Document<'_>, to: Syntax) -> Result<String, NotConvertible> {
        let options = Options::default();
        let known = Checker::new(self, document, &options).walked();
        match to {
            Syntax::Json => json::write(&known),
            Syntax::Xml => xml::write(&known),
        }
    }
}

/// Whether a node repeats, or may.
fn is_list<'d>(known: &Checker<'_, 'd>, node: Node<'d>, count: usize) -> bool {
    count > 1 || node.in_array() || known.fact(node).element.is_some_and(|element| element.is_list)
}

/// Whether a node is a resource: other elements may also have a member named `resourceType`.
fn is_resource<'d>(known: &Checker<'_, 'd>, node: Node<'d>) -> bool {
    let is_place = || matches!(node.name(), "" | "contained" | "resource" | "outcome");
    node.resource_type().is_some_and(|name| is_place() || known.fact(node).type_name() == Some(name))
}

/// Whether a node is a narrative.
fn is_narrative<'d>(known: &Checker<'_, 'd>, node: Node<'d>) -> bool {
    node.kind() == Kind::Xhtml || known.fact(node).type_name() == Some("xhtml")
}

/// The members of a node, in the order in which they are written, without its `resourceType`.
fn members<'d>(known: &Checker<'_, 'd>, node: Node<'d>) -> Vec<Node<'d>> {
    let is_resource = is_resource(known, node);
    let mut members: Vec<Node<'d>> =
        node.children().filter(|child| !(is_resource && child.is_called(name::RESOURCE_TYPE))).collect();
    // Elements of a definition come in its order; elements that it does not have come last.
    members.sort_by_key(|member| {
        known.fact(*member).element.map_or(usize::MAX, |element| std::ptr::from_ref(element) as usize)
    });
    members
}
