//! A payload as XML.

use std::fmt::Write;

use ers_fhir_tree::{Document, Kind, Node};
use ers_fhir_values::markup::write_attribute;

use super::{NotConvertible, is_narrative, is_resource, members};
use crate::check::{Checker, name};

const FHIR: &str = "http://hl7.org/fhir";

pub(super) fn write(known: &Checker<'_, '_>) -> Result<String, NotConvertible> {
    let root = known.document.root();
    let type_name = root.resource_type().filter(|name| is_name(name)).ok_or(NotConvertible::NoType)?;
    let mut writer = Writer { known, text: String::with_capacity(known.document.source().len() * 2) };
    let _infallible = write!(writer.text, "<{type_name} xmlns=\"{FHIR}\"");
    writer.content(root, type_name)?;
    writer.text.push('\n');
    Ok(writer.text)
}

struct Writer<'c, 'v, 'd> {
    known: &'c Checker<'v, 'd>,
    text: String,
}

impl<'d> Writer<'_, '_, 'd> {
    /// Writes an element.
    fn element(&mut self, node: Node<'d>) -> Result<(), NotConvertible> {
        let name = node.name();
        if node.kind() == Kind::EmptyArray {
            return Ok(());
        }
        if is_narrative(self.known, node) && node.value().is_some() {
            return self.narrative(node);
        }
        if !is_name(name) {
            return Err(NotConvertible::Name);
        }
        let _infallible = write!(self.text, "<{name}");
        if is_resource(self.known, node) {
            let type_name =
                node.resource_type().filter(|name| is_name(name)).ok_or(NotConvertible::NoType)?;
            let _infallible = write!(self.text, "><{type_name}");
            self.content(node, type_name)?;
            let _infallible = write!(self.text, "</{name}>");
            return Ok(());
        }
        self.content(node, name)
    }

    /// Writes the attributes and children of an element whose start has been written, and its end.
    fn content(&mut self, node: Node<'d>, tag: &str) -> Result<(), NotConvertible> {
        let members = members(self.known, node);
        let is_attribute = |member: &Node<'d>| self.is_attribute(node, *member);
        let (attributes, elements): (Vec<Node<'d>>, Vec<Node<'d>>) =
            members.into_iter().partition(is_attribute);
        for attribute in attributes {
            self.attribute(attribute.name(), attribute.value().unwrap_or_default())?;
        }
        if let Some(value) = node.value() {
            self.attribute("value", value)?;
        }
        if elements.is_empty() {
            self.text.push_str("/>");
            return Ok(());
        }
        self.text.push('>');
        for element in elements {
            self.element(element)?;
        }
        let _infallible = write!(self.text, "</{tag}>");
        Ok(())
    }

    /// Whether a member is an attribute: the id of an element that is not a resource, or the URL of an
    /// extension.
    fn is_attribute(&self, node: Node<'d>, member: Node<'d>) -> bool {
        let is_plain = member.value().is_some() && !member.has_children() && !member.in_array();
        let is_known = || match member.known_name() {
            Some(name::ID) => !is_resource(self.known, node),
            Some(name::URL) => self.known.fact(node).type_name() == Some("Extension"),
            _ => false,
        };
        member.kind() == Kind::XmlAttribute || is_plain && member.index() == 0 && is_known()
    }

    fn attribute(&mut self, name: &str, value: &str) -> Result<(), NotConvertible> {
        if !is_name(name) {
            return Err(NotConvertible::Name);
        }
        let _infallible = write!(self.text, " {name}=\"");
        write_attribute(&mut self.text, value).map_err(|_| NotConvertible::Character)?;
        self.text.push('"');
        Ok(())
    }

    fn narrative(&mut self, node: Node<'d>) -> Result<(), NotConvertible> {
        let markup = node.value().unwrap_or_default().trim();
        let start = self.text.len();
        self.text.push_str(markup);
        let held = ["<Basic xmlns=\"", FHIR, "\"><text>", markup, "</text></Basic>"].concat();
        let is_one = Document::parse(held.as_bytes()).is_ok_and(|document| {
            let text = document.root().child("text");
            let mut children = text.into_iter().flat_map(Node::children);
            children.next().is_some_and(|only| only.kind() == Kind::Xhtml && only.value() == Some(markup))
                && children.next().is_none()
                && document.faults().is_empty()
        });
        if is_one && markup.contains("xmlns=") {
            return Ok(());
        }
        self.text.truncate(start);
        Err(NotConvertible::Narrative)
    }
}

/// Whether a text has the form of a FHIR element name.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.'))
}
