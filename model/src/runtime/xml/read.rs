//! Reads XML: converts it to JSON by the tables of the base type, and reads that.

use ers_fhir_tree::{Document, FaultKind, Kind, MAX_DEPTH, Node, Syntax, Unreadable};

use super::{FHIR, is_attribute, is_markup};
use crate::runtime::error::{Fault, ReadError};
use crate::runtime::options::ReadOptions;
use crate::runtime::path::Step;
use crate::runtime::read::{read_keeping, read_text};
use crate::runtime::reader::Reader;
use crate::runtime::record::{Leaf, Record};
use crate::runtime::violation::{Violation, Violations};
use crate::runtime::write::to_string;
use crate::runtime::writer::Writer;

/// How many violations are listed.
const MAX_VIOLATIONS: usize = 1000;

const UNKNOWN_RESOURCE: &str =
    "no resource of that name was generated, so the types of its elements are unknown";

/// Reads a whole document into a value.
///
/// `table` is a blank value of the same type, used only for its tables.
pub(super) fn read(
    bytes: &[u8],
    options: ReadOptions,
    table: &mut dyn Leaf,
    into: &mut dyn Leaf,
) -> Result<(), ReadError> {
    let parsed = Document::parse(bytes);
    let document = match &parsed {
        Ok(document) => document,
        Err(unreadable) => return failed(bytes, unreadable),
    };
    let mut base = table.to_base_leaf();
    let table = base.as_deref_mut().unwrap_or(table);
    let mut reading = Reading {
        options,
        json: Writer::default(),
        places: Vec::new(),
        steps: Vec::new(),
        found: Violations::default(),
    };
    reading.document(document, table);
    let Reading { json, places, mut found, .. } = reading;
    if !found.is_empty() {
        found.locate(document.source());
        return ReadError::of(found).map_or(Ok(()), Err);
    }
    read_text(&json.into_string(), options, into).map_err(|error| placed(error, &places, document.source()))
}

/// The faults of the JSON, with their places in the XML.
fn placed(error: ReadError, places: &[(usize, usize)], source: &str) -> ReadError {
    let mut violations = error.clone().into_violations();
    for violation in &mut violations.0 {
        let next = places.partition_point(|(json, _)| *json <= violation.at);
        violation.at = next.checked_sub(1).and_then(|place| places.get(place)).map_or(0, |(_, xml)| *xml);
    }
    violations.locate(source);
    ReadError::of(violations).unwrap_or(error)
}

fn failed(bytes: &[u8], unreadable: &Unreadable) -> Result<(), ReadError> {
    let fault = match &unreadable.kind {
        FaultKind::NotUtf8 { .. } | FaultKind::Encoding(_) => Fault::Encoding,
        FaultKind::TooDeep => Fault::Depth { limit: MAX_DEPTH as u32 },
        kind => Fault::Xml { reason: reason(kind) },
    };
    let mut violations = Violations(vec![Violation::new(fault, &[], unreadable.span.start)]);
    let valid = bytes.utf8_chunks().next().map(|chunk| chunk.valid()).unwrap_or_default();
    violations.locate(valid);
    ReadError::of(violations).map_or(Ok(()), Err)
}

/// What is wrong with the syntax, in words without values.
fn reason(kind: &FaultKind) -> &'static str {
    match kind {
        FaultKind::TooLarge(_)
        | FaultKind::TooManyElements(_)
        | FaultKind::TooManyAttributes(_)
        | FaultKind::TooManyNodes => "the payload exceeds the limits on size",
        FaultKind::NoElement => "there is no element",
        FaultKind::ElementCutOff => "the text ends inside an element",
        FaultKind::WrongEndTag { .. } => "an end tag does not close the element that is open",
        FaultKind::UnknownPrefix(_) => "a prefix has no namespace",
        FaultKind::UnknownEntity(_) => "an entity is not defined: write the character itself",
        FaultKind::DuplicateAttribute(_) => "a tag has an attribute twice",
        FaultKind::NotWellFormed(words) => words,
        FaultKind::DocumentType => "a document type declaration is not allowed: remove it",
        FaultKind::TextBetweenElements => "there is text between elements: FHIR has values in attributes",
        FaultKind::ProcessingInstruction => "a processing instruction is not allowed: remove it",
        FaultKind::SeveralResources(_) => "the element holds a second resource, but may hold only one",
        FaultKind::ForeignAttribute(_) => "an attribute is in a namespace, which no FHIR attribute is",
        FaultKind::WrongNamespace { .. } => "an element is in the wrong namespace",
        _ => "this is not XML",
    }
}

/// XML during its conversion to JSON.
struct Reading {
    options: ReadOptions,
    json: Writer,
    /// Where values begin, in the JSON and in the XML.
    places: Vec<(usize, usize)>,
    steps: Vec<Step>,
    found: Violations,
}

impl Reading {
    fn document(&mut self, document: &Document<'_>, table: &mut dyn Leaf) {
        let root = document.root();
        if document.syntax() != Syntax::Xml {
            return self.note(Fault::Xml { reason: "this is not XML: it begins with < and a name" }, root);
        }
        for fault in document.faults() {
            let is_forgiven = match &fault.kind {
                FaultKind::ByteOrderMark => true,
                // Nothing is lost where only the namespace is wrong.
                FaultKind::WrongNamespace { expected, .. } => {
                    *expected == FHIR && self.options.forgives_values
                }
                _ => false,
            };
            if !is_forgiven {
                let fault_of = Fault::Xml { reason: reason(&fault.kind) };
                self.found.0.push(Violation::new(fault_of, &self.steps, fault.span.start));
            }
        }
        let type_name = root.resource_type().unwrap_or_default();
        if is_any_resource(table) && !Self::begin(table, type_name) {
            return self.note(Fault::Xml { reason: UNKNOWN_RESOURCE }, root);
        }
        let Some(record) = table.as_record_mut() else {
            return self.note(Fault::Xml { reason: "a value without elements cannot be XML" }, root);
        };
        let shape = record.shape();
        self.steps.push(Step::Root(shape.name));
        if shape.name == type_name {
            self.record(root, record);
        } else {
            self.note(Fault::WrongType { expected: shape.name, found: type_name.into() }, root);
        }
    }

    #[cold]
    fn note(&mut self, fault: Fault, node: Node<'_>) {
        if self.found.len() < MAX_VIOLATIONS {
            self.found.0.push(Violation::new(fault, &self.steps, node.span().start));
        }
    }

    #[cold]
    fn note_unknown(&mut self, node: Node<'_>) {
        if self.found.len() < MAX_VIOLATIONS {
            let violation = Violation::new(Fault::UnknownElement, &self.steps, node.span().start);
            self.found.0.push(violation.at_unknown(node.name()));
        }
    }

    /// Records the place in the XML of what is written next.
    fn place(&mut self, node: Node<'_>) {
        self.places.push((self.json.len(), node.span().start));
    }

    /// Turns any resource into one of this type, if it is generated.
    fn begin(leaf: &mut dyn Leaf, type_name: &str) -> bool {
        let mut typed = Writer::default();
        typed.begin_object();
        typed.key("", "resourceType");
        typed.name(type_name);
        typed.end_object();
        read_keeping(&typed.into_string(), leaf).is_ok() && leaf.as_record().is_some()
    }

    /// Writes an element as an object.
    fn record(&mut self, node: Node<'_>, record: &mut dyn Record) {
        let shape = record.shape();
        self.place(node);
        self.json.begin_object();
        if shape.is_resource {
            self.json.known_key("resourceType");
            self.json.name(shape.name);
        }
        let mut likely = 0;
        for child in node.children().filter(|child| child.index() == 0) {
            if is_type(node, child) {
                continue;
            }
            match shape.find(child.name(), likely) {
                Some(number) => {
                    likely = number;
                    self.field(node, child.name(), number, record);
                }
                None => self.note_unknown(child),
            }
        }
        self.json.end_object();
    }

    /// Writes all children with a name.
    fn field(&mut self, parent: Node<'_>, name: &str, number: usize, record: &mut dyn Record) {
        let shape = record.shape();
        let field = &shape.fields[number];
        let nodes: Vec<Node<'_>> = parent.named(name).filter(|node| !is_type(parent, *node)).collect();
        let should_be = is_attribute(shape.is_resource, shape.name, name);
        for node in &nodes {
            if (node.kind() == Kind::XmlAttribute) != should_be
                && !(should_be && self.options.forgives_values)
            {
                self.note_unknown(*node);
            }
        }
        // An element that may occur once is written as often as it occurs: the reader of JSON reports the surplus.
        let count = if field.is_many { nodes.len() } else { 1 };
        for nodes in nodes.chunks(count) {
            if field.is_primitive {
                self.primitives(nodes, number, record);
                continue;
            }
            self.json.known_key(field.name);
            if field.is_many {
                self.json.begin_array();
            }
            for (index, node) in nodes.iter().enumerate() {
                self.steps.push(Step::Field(shape, number, field.is_many.then_some(index)));
                let slot = record.slot_mut(field.slot);
                slot.clear();
                self.element(*node, slot.add(field.variant));
                self.steps.pop();
            }
            if field.is_many {
                self.json.end_array();
            }
        }
    }

    /// Writes an element that is not a primitive.
    fn element(&mut self, node: Node<'_>, leaf: &mut dyn Leaf) {
        if is_any_resource(leaf) {
            let Some(type_name) = node.resource_type() else {
                return self.note(Fault::Missing { element: "resource" }, node);
            };
            if !Self::begin(leaf, type_name) {
                return self.note(Fault::Xml { reason: UNKNOWN_RESOURCE }, node);
            }
        }
        if node.value().is_some() {
            self.note(Fault::Syntax { expected: "child elements and no value" }, node);
        }
        if let Some(record) = leaf.as_record_mut() {
            self.record(node, record);
        }
    }

    /// Writes values with their ids and extensions.
    fn primitives(&mut self, nodes: &[Node<'_>], number: usize, record: &mut dyn Record) {
        let shape = record.shape();
        let field = &shape.fields[number];
        let slot = record.slot_mut(field.slot);
        slot.clear();
        let leaf = slot.add(field.variant);
        let is_narrative = is_markup(shape.name, field.name);
        let is_text = to_string(leaf).starts_with('"');
        let is_extended = nodes.iter().any(|node| node.has_children());
        let has_value = nodes.iter().any(|node| node.value().is_some());
        if has_value || !is_extended {
            self.json.known_key(field.name);
            if field.is_many {
                self.json.begin_array();
            }
            for (index, node) in nodes.iter().enumerate() {
                self.steps.push(Step::Field(shape, number, field.is_many.then_some(index)));
                self.place(*node);
                match node.value() {
                    Some(markup) if is_narrative => self.narrative(*node, markup),
                    Some(value) if is_text || !is_bare(value) => self.json.string(value),
                    Some(value) => self.json.raw(value),
                    None => self.json.raw("null"),
                }
                self.steps.pop();
            }
            if field.is_many {
                self.json.end_array();
            }
        }
        if !is_extended {
            return;
        }
        self.json.key("_", field.name);
        if field.is_many {
            self.json.begin_array();
        }
        for (index, node) in nodes.iter().enumerate() {
            self.steps.push(Step::Field(shape, number, field.is_many.then_some(index)));
            let element = record.extras_mut().element_mut(number as u16, 0);
            match element.as_record_mut().filter(|_| node.has_children()) {
                Some(element) => self.record(*node, element),
                None => self.json.raw("null"),
            }
            self.steps.pop();
        }
        if field.is_many {
            self.json.end_array();
        }
        record.extras_mut().forget(number as u16);
    }

    /// Writes XHTML as it is, if it means the same on its own.
    fn narrative(&mut self, node: Node<'_>, markup: &str) {
        let tag = markup.split('>').next().unwrap_or_default();
        if node.kind() == Kind::Xhtml && !tag.contains("xmlns") {
            self.note(
                Fault::Xml { reason: "a narrative declares its namespace itself: write it into the div" },
                node,
            );
        }
        self.json.string(markup);
    }
}

/// Whether it is a place for any resource that is still empty.
fn is_any_resource(leaf: &dyn Leaf) -> bool {
    leaf.as_record().is_none() && to_string(leaf) == "{}"
}

/// Whether a child is the type of a resource, which in XML is an element name.
fn is_type(parent: Node<'_>, child: Node<'_>) -> bool {
    let is_first = child.name() == "resourceType" && child.index() == 0;
    // An element may have this name too: STU3 has `Claim.payee.resourceType`.
    is_first && parent.resource_type().is_some()
}

/// Whether a value is JSON without quotes.
fn is_bare(value: &str) -> bool {
    let mut reader = Reader::new(value, ReadOptions::lenient());
    let is_word = matches!(value, "true" | "false");
    is_word || reader.number().is_ok_and(|number| number == value)
}
