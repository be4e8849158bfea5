//! Makes nodes of elements and attributes.

use std::collections::HashMap;
use std::ops::Range;

use roxmltree::{Attribute, Node, StringStorage};

use super::super::builder::{Builder, Chain, too_deep};
use super::super::fault::{FaultKind, Unreadable};
use super::super::limits::MAX_DEPTH;
use super::super::name::Number;
use super::super::node::{Data, Kind, NodeId, Text};
use super::{FHIR, SCHEMA_INSTANCE, XHTML};

/// Reads the resource at the top.
pub(super) fn resource(build: &mut Builder<'_>, element: Node<'_, '_>) -> Result<(), Box<Unreadable>> {
    let tag = tag(build.source, element);
    let mut data = Data::new(Kind::XmlElement, Text::EMPTY, Text::NONE, element.range());
    data.key = (tag.start as u32, tag.end as u32);
    let root = build.append(&mut Chain::of(NodeId::NONE), data)?;
    check_namespace(build, root, element, FHIR);
    for around in element.document().root().children().filter(Node::is_pi) {
        // A style sheet or a schema concerns the display of the payload, not its content.
        let is_known = around.pi().is_some_and(|pi| matches!(pi.target, "xml-stylesheet" | "xml-model"));
        if !is_known {
            build.fault(FaultKind::ProcessingInstruction, root, around.range());
        }
    }
    let mut children = Children::of(root);
    children.read_resource(build, element, 1)
}

/// The children of one node as they are read.
struct Children<'x> {
    chain: Chain,
    counts: Counts<'x>,
}

impl<'x> Children<'x> {
    fn of(parent: NodeId) -> Self {
        Self { chain: Chain::of(parent), counts: Counts::default() }
    }

    /// Reads a resource element: its type first, then its content.
    fn read_resource(
        &mut self,
        build: &mut Builder<'_>,
        element: Node<'x, '_>,
        depth: usize,
    ) -> Result<(), Box<Unreadable>> {
        let start = build.decoded.len();
        build.decoded.push_str("resourceType");
        let name = Text::decoded(start..build.decoded.len());
        let tag = tag(build.source, element);
        self.append(
            build,
            "resourceType",
            Data::new(Kind::XmlElement, name, Text::source(tag.clone()), tag),
        )?;
        self.read_content(build, element, depth)
    }

    /// Reads the attributes other than `value`, and the child elements.
    fn read_content(
        &mut self,
        build: &mut Builder<'_>,
        element: Node<'x, '_>,
        depth: usize,
    ) -> Result<(), Box<Unreadable>> {
        if depth > MAX_DEPTH {
            return Err(too_deep(element.range().start));
        }
        for attribute in element.attributes() {
            if !is_value(&attribute) {
                self.attribute(build, &attribute)?;
            }
        }
        for child in element.children() {
            if child.is_element() {
                self.element(build, child, depth + 1)?;
            } else if child.is_text() && child.text().is_some_and(|text| !text.trim().is_empty()) {
                let span = trimmed(build.source, child.range());
                build.fault(FaultKind::TextBetweenElements, self.chain.parent(), span);
            } else if child.is_pi() {
                build.fault(FaultKind::ProcessingInstruction, self.chain.parent(), child.range());
            }
        }
        Ok(())
    }

    fn element(
        &mut self,
        build: &mut Builder<'_>,
        element: Node<'x, '_>,
        depth: usize,
    ) -> Result<(), Box<Unreadable>> {
        let tag = tag(build.source, element);
        let name = element.tag_name();
        let mut data = Data::new(Kind::XmlElement, Text::source(tag.clone()), Text::NONE, element.range());
        data.key = (tag.start as u32, tag.end as u32);
        if is_narrative(element) {
            data.kind = Kind::Xhtml;
            data.value = Text::source(element.range());
            let id = self.append(build, name.name(), data)?;
            check_namespace(build, id, element, XHTML);
            return Ok(());
        }
        if let Some(value) = element.attributes().find(is_value) {
            data.value = attribute_text(build, &value);
        }
        let id = self.append(build, name.name(), data)?;
        // A wrong namespace is reported once, at the outermost element that has it.
        let inherited = element.parent_element().and_then(|parent| parent.tag_name().namespace());
        if name.namespace() != inherited {
            check_namespace(build, id, element, FHIR);
        }
        let mut children = Children::of(id);
        match inline_resource(element) {
            Some(resource) => {
                children.read_attributes_only(build, element)?;
                if resource.tag_name().namespace() != name.namespace() {
                    check_namespace(build, id, resource, FHIR);
                }
                refuse_others(build, id, resource);
                children.read_resource(build, resource, depth + 1)
            }
            None => children.read_content(build, element, depth),
        }
    }

    fn read_attributes_only(
        &mut self,
        build: &mut Builder<'_>,
        element: Node<'x, '_>,
    ) -> Result<(), Box<Unreadable>> {
        for attribute in element.attributes() {
            self.attribute(build, &attribute)?;
        }
        Ok(())
    }

    fn attribute(
        &mut self,
        build: &mut Builder<'_>,
        attribute: &Attribute<'x, '_>,
    ) -> Result<(), Box<Unreadable>> {
        let qualified = attribute.range_qname();
        if let Some(namespace) = attribute.namespace() {
            // FHIR has no attributes in namespaces; the location of a schema is for tools.
            let is_place = namespace == SCHEMA_INSTANCE
                && matches!(attribute.name(), "schemaLocation" | "noNamespaceSchemaLocation");
            if !is_place {
                let name = build.source.get(qualified.clone()).unwrap_or_default().to_owned();
                build.fault(FaultKind::ForeignAttribute(name), self.chain.parent(), qualified);
            }
            return Ok(());
        }
        let local = qualified.end - attribute.name().len()..qualified.end;
        let value = attribute_text(build, attribute);
        let mut data = Data::new(Kind::XmlAttribute, Text::source(local), value, attribute.range());
        data.key = (qualified.start as u32, qualified.end as u32);
        data.number = Number::of(attribute.name().as_bytes());
        build.append(&mut self.chain, data).map(drop)
    }

    fn append(
        &mut self,
        build: &mut Builder<'_>,
        name: &'x str,
        data: Data,
    ) -> Result<NodeId, Box<Unreadable>> {
        let index = self.counts.next(name);
        build.append(&mut self.chain, Data { index, number: Number::of(name.as_bytes()), ..data })
    }
}

/// How often each name has occurred among siblings.
#[derive(Default)]
struct Counts<'x> {
    /// The last name: the items of a list follow each other.
    last: &'x str,
    count: u32,
    others: HashMap<&'x str, u32>,
}

impl<'x> Counts<'x> {
    fn next(&mut self, name: &'x str) -> u32 {
        if self.last != name {
            self.others.insert(self.last, self.count);
            self.last = name;
            self.count = self.others.get(name).copied().unwrap_or(0);
        }
        self.count += 1;
        self.count - 1
    }
}

/// Elements that hold a resource, and the elements around these, where the inner one may be left out by mistake. In
/// other elements, a name with a capital is a slip.
const HOLDERS: [&str; 6] = ["contained", "resource", "outcome", "entry", "parameter", "part"];

/// The resource in an element that holds one; the first, where there are several.
fn inline_resource<'a, 'i>(element: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    if !HOLDERS.contains(&element.tag_name().name()) {
        return None;
    }
    let first = element.children().find(Node::is_element)?;
    let is_resource = first.tag_name().name().starts_with(|first: char| first.is_ascii_uppercase());
    // An element with a value is not a resource, but an element whose name has a capital.
    (is_resource && !first.attributes().any(|attribute| is_value(&attribute))).then_some(first)
}

/// Reports whatever follows the resource that an element holds.
fn refuse_others(build: &mut Builder<'_>, id: NodeId, resource: Node<'_, '_>) {
    for other in resource.next_siblings().skip(1) {
        if other.is_element() {
            let tag = tag(build.source, other);
            let name = other.tag_name().name().to_owned();
            build.fault(FaultKind::SeveralResources(name), id, tag);
        } else if other.is_text() && other.text().is_some_and(|text| !text.trim().is_empty()) {
            let span = trimmed(build.source, other.range());
            build.fault(FaultKind::TextBetweenElements, id, span);
        }
    }
}

/// Whether it is the XHTML of a narrative, or would be if its namespace were right.
fn is_narrative(element: Node<'_, '_>) -> bool {
    element.tag_name().name() == "div"
        && (element.tag_name().namespace() == Some(XHTML)
            || element.parent_element().is_some_and(|parent| parent.tag_name().name() == "text"))
}

fn check_namespace(build: &mut Builder<'_>, id: NodeId, element: Node<'_, '_>, expected: &'static str) {
    let found = element.tag_name().namespace();
    if found == Some(expected) {
        return;
    }
    let kind = FaultKind::WrongNamespace {
        name: element.tag_name().name().to_owned(),
        found: found.map(str::to_owned),
        expected,
    };
    let span = tag(build.source, element);
    build.fault(kind, id, span);
}

fn is_value(attribute: &Attribute<'_, '_>) -> bool {
    attribute.name() == "value" && attribute.namespace().is_none()
}

/// The value of an attribute: in the source, or decoded where it has references or line ends.
fn attribute_text(build: &mut Builder<'_>, attribute: &Attribute<'_, '_>) -> Text {
    match attribute.value_storage() {
        StringStorage::Borrowed(_) => Text::source(attribute.range_value()),
        StringStorage::Owned(value) => {
            let start = build.decoded.len();
            build.decoded.push_str(value);
            Text::decoded(start..build.decoded.len())
        }
    }
}

/// The span of the tag name in the source, without its prefix.
fn tag(source: &str, element: Node<'_, '_>) -> Range<usize> {
    let start = element.range().start + 1;
    let rest = &source.as_bytes()[start..];
    let length = rest
        .iter()
        .position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>'))
        .unwrap_or(rest.len());
    let end = start + length;
    end - element.tag_name().name().len()..end
}

fn trimmed(source: &str, range: Range<usize>) -> Range<usize> {
    let text = source.get(range.clone()).unwrap_or_default();
    let start = range.start + (text.len() - text.trim_start().len());
    start..start + text.trim().len()
}
