//! Writes XML, straight from the fields.

use std::fmt;

use ers_fhir_tree::{Document, Kind, Node};
use ers_fhir_values::markup::write_attribute;

use super::{FHIR, is_attribute, is_markup};
use crate::runtime::attached::Attached;
use crate::runtime::path::{Step, render};
use crate::runtime::reader::Reader;
use crate::runtime::record::{Leaf, Record};
use crate::runtime::shape::Field;
use crate::runtime::write::to_string;

/// A value cannot be written as XML.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotXml {
    /// The element as FHIRPath.
    pub path: String,
    /// The reason, in words without values.
    pub reason: &'static str,
}

impl fmt::Display for NotXml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.path.is_empty() { "" } else { ": " };
        write!(f, "{}{separator}{}", self.path, self.reason)
    }
}

impl std::error::Error for NotXml {}

/// Writes a value as a document.
pub(super) fn write(value: &dyn Leaf) -> Result<String, NotXml> {
    let base = value.to_base_leaf();
    let value = base.as_deref().unwrap_or(value);
    let mut writing = Writing { text: String::new(), steps: Vec::new() };
    let Some(record) = value.as_record() else {
        return Err(writing
            .refuse("a value by itself, or a resource that was not generated, cannot be written as XML"));
    };
    let name = record.shape().name;
    writing.steps.push(Step::Root(name));
    writing.open(name);
    writing.attribute("xmlns", FHIR)?;
    writing.content(name, record)?;
    Ok(writing.text)
}

struct Writing {
    text: String,
    steps: Vec<Step>,
}

impl Writing {
    fn refuse(&self, reason: &'static str) -> NotXml {
        NotXml { path: render(&self.steps).0, reason }
    }

    fn open(&mut self, name: &str) {
        self.text.push('<');
        self.text.push_str(name);
    }

    fn close(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    /// Writes attributes and elements of a record, and the end of its tag.
    fn content(&mut self, tag: &str, record: &dyn Record) -> Result<(), NotXml> {
        self.attributes(record)?;
        self.elements(tag, record)
    }

    fn attributes(&mut self, record: &dyn Record) -> Result<(), NotXml> {
        let shape = record.shape();
        if !record.extras().unknown().is_empty() {
            return Err(self.refuse("it holds a field unknown to its type, which XML cannot hold"));
        }
        for (number, field) in shape.fields.iter().enumerate() {
            if !is_attribute(shape.is_resource, shape.name, field.name) {
                continue;
            }
            let values = Values::of(record, number);
            if values.element(0).is_some() {
                self.steps.push(Step::Field(shape, number, None));
                return Err(self.refuse("it is an attribute in XML, which cannot be extended"));
            }
            if let Some(leaf) = values.get(0) {
                let value = self.value(leaf)?;
                self.attribute(field.name, &value)?;
            }
        }
        Ok(())
    }

    fn elements(&mut self, tag: &str, record: &dyn Record) -> Result<(), NotXml> {
        let shape = record.shape();
        let start = self.text.len();
        self.text.push('>');
        for (number, field) in shape.fields.iter().enumerate() {
            if is_attribute(shape.is_resource, shape.name, field.name) {
                continue;
            }
            let values = Values::of(record, number);
            for position in 0..values.count {
                self.steps.push(Step::Field(shape, number, field.is_many.then_some(position)));
                self.field(shape.name, field, values.get(position), values.element(position))?;
                self.steps.pop();
            }
        }
        if self.text.len() == start + 1 {
            self.text.truncate(start);
            self.text.push_str("/>");
        } else {
            self.close(tag);
        }
        Ok(())
    }

    /// Writes a value of a field, with its id and extensions.
    fn field(
        &mut self,
        type_name: &str,
        field: &Field,
        leaf: Option<&dyn Leaf>,
        element: Option<&dyn Leaf>,
    ) -> Result<(), NotXml> {
        if !field.is_primitive {
            return match leaf {
                Some(leaf) => self.element(field.name, leaf),
                None => Ok(()),
            };
        }
        if let Some(leaf) = leaf.filter(|_| is_markup(type_name, field.name)) {
            if element.is_some() {
                return Err(self.refuse("a narrative cannot be extended in XML"));
            }
            let markup = self.value(leaf)?;
            return self.narrative(&markup);
        }
        if leaf.is_none() && element.is_none() {
            return if field.is_many {
                Err(self.refuse("a list has an empty item, which XML cannot hold"))
            } else {
                Ok(())
            };
        }
        self.open(field.name);
        let element = element.and_then(Leaf::as_record);
        if let Some(element) = element {
            self.attributes(element)?;
        }
        if let Some(leaf) = leaf {
            let value = self.value(leaf)?;
            self.attribute("value", &value)?;
        }
        let Some(element) = element else {
            self.text.push_str("/>");
            return Ok(());
        };
        self.elements(field.name, element)
    }

    fn element(&mut self, name: &str, leaf: &dyn Leaf) -> Result<(), NotXml> {
        let Some(record) = leaf.as_record() else {
            return Err(self.refuse("it holds a resource of a type that was not generated"));
        };
        self.open(name);
        let shape = record.shape();
        if !shape.is_resource {
            return self.content(name, record);
        }
        self.text.push('>');
        self.open(shape.name);
        self.content(shape.name, record)?;
        self.close(name);
        Ok(())
    }

    /// The text of a primitive.
    fn value(&self, leaf: &dyn Leaf) -> Result<String, NotXml> {
        let json = to_string(leaf);
        if !json.starts_with('"') {
            return Ok(json);
        }
        let text = Reader::unbounded(&json).string();
        text.map(std::borrow::Cow::into_owned).map_err(|_| self.refuse("it is not text"))
    }

    fn attribute(&mut self, name: &str, value: &str) -> Result<(), NotXml> {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        if write_attribute(&mut self.text, value).is_err() {
            return Err(self.refuse("it holds a character that XML cannot hold"));
        }
        self.text.push('"');
        Ok(())
    }

    /// Writes XHTML as it is, if it is a single self-contained `div`.
    fn narrative(&mut self, markup: &str) -> Result<(), NotXml> {
        let held = ["<Basic xmlns=\"", FHIR, "\"><text>", markup, "</text></Basic>"].concat();
        let is_one = Document::parse(held.as_bytes()).is_ok_and(|document| {
            let text = document.root().child("text");
            let mut children = text.into_iter().flat_map(Node::children);
            let only = children.next().filter(|only| only.kind() == Kind::Xhtml);
            only.is_some_and(|only| only.value() == Some(markup))
                && children.next().is_none()
                && document.faults().is_empty()
        });
        if !is_one {
            return Err(self.refuse("it is not one well-formed div that declares the namespace of XHTML"));
        }
        self.text.push_str(markup);
        Ok(())
    }
}

/// The values of a field, with their ids and extensions.
struct Values<'r> {
    record: &'r dyn Record,
    field: &'static Field,
    attached: Option<Attached<'r>>,
    /// How many values and placeholders there are.
    present: usize,
    /// How many positions there are, including those with only an id or extensions.
    count: usize,
}

impl<'r> Values<'r> {
    fn of(record: &'r dyn Record, number: usize) -> Self {
        let field = &record.shape().fields[number];
        let slot = record.slot(field.slot);
        let present = if slot.count() > 0 && slot.variant() == field.variant { slot.count() } else { 0 };
        let attached = if record.extras().is_empty() { None } else { Attached::of(record, number as u16) };
        let count = if attached.is_some() && !field.is_many { 1 } else { present };
        Self { record, field, attached, present, count }
    }

    fn get(&self, position: usize) -> Option<&'r dyn Leaf> {
        let is_absent = self.attached.as_ref().is_some_and(|attached| attached.is_absent(position));
        let slot = self.record.slot(self.field.slot);
        slot.get(position).filter(|_| position < self.present && !is_absent)
    }

    fn element(&self, position: usize) -> Option<&'r dyn Leaf> {
        self.attached.as_ref()?.element(position)
    }
}
