//! A payload as JSON.

use ers_fhir_tree::{Kind, Node, Syntax};
use ers_fhir_values::Primitive;

use super::{NotConvertible, is_list, is_narrative, is_resource, members};
use crate::check::Checker;

pub(super) fn write(known: &Checker<'_, '_>) -> Result<String, NotConvertible> {
    let root = known.document.root();
    if !is_resource(known, root) {
        return Err(NotConvertible::NoType);
    }
    let mut writer = Writer { known, text: String::with_capacity(known.document.source().len()) };
    writer.object(root)?;
    writer.text.push('\n');
    Ok(writer.text)
}

struct Writer<'c, 'v, 'd> {
    known: &'c Checker<'v, 'd>,
    text: String,
}

impl<'d> Writer<'_, '_, 'd> {
    fn object(&mut self, node: Node<'d>) -> Result<(), NotConvertible> {
        self.text.push('{');
        let mut is_first = true;
        if let Some(type_name) = node.resource_type().filter(|_| is_resource(self.known, node)) {
            self.key("", "resourceType", &mut is_first);
            self.string(type_name);
        }
        let members = members(self.known, node);
        let mut rest = members.as_slice();
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|other| other.name() == first.name()).count();
            let (same, behind) = rest.split_at(count);
            self.member(same, &mut is_first)?;
            rest = behind;
        }
        self.text.push('}');
        Ok(())
    }

    /// Writes all nodes with the same name.
    fn member(&mut self, nodes: &[Node<'d>], is_first: &mut bool) -> Result<(), NotConvertible> {
        let name = nodes[0].name();
        let is_list = is_list(self.known, nodes[0], nodes.len());
        if nodes.iter().any(|node| node.kind() == Kind::EmptyArray) {
            self.key("", name, is_first);
            self.text.push_str("[]");
            return Ok(());
        }
        let is_primitive = nodes.iter().any(|node| self.is_primitive(*node));
        if !is_primitive {
            self.key("", name, is_first);
            return self.all(nodes, is_list, Self::object);
        }
        let has_value = |node: &Node<'_>| node.value().is_some() || node.kind() == Kind::Null;
        let has_more = nodes.iter().any(|node| node.has_children());
        if nodes.iter().any(|node| node.value().is_some()) || !has_more {
            self.key("", name, is_first);
            self.all(nodes, is_list, Self::value)?;
        } else if !nodes.iter().any(has_value) && !has_more {
            self.key("", name, is_first);
            self.text.push_str("null");
        }
        if has_more {
            self.key("_", name, is_first);
            self.all(nodes, is_list, |writer, node| {
                if node.has_children() {
                    return writer.object(node);
                }
                writer.text.push_str("null");
                Ok(())
            })?;
        }
        Ok(())
    }

    fn all(
        &mut self,
        nodes: &[Node<'d>],
        is_list: bool,
        mut write: impl FnMut(&mut Self, Node<'d>) -> Result<(), NotConvertible>,
    ) -> Result<(), NotConvertible> {
        if is_list {
            self.text.push('[');
        }
        for (at, node) in nodes.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            write(self, *node)?;
        }
        if is_list {
            self.text.push(']');
        }
        Ok(())
    }

    fn is_primitive(&self, node: Node<'d>) -> bool {
        let fact = self.known.fact(node);
        node.value().is_some()
            || node.kind() == Kind::Null
            || is_narrative(self.known, node)
            || fact.of.is_some_and(|of| of.primitive.is_some())
    }

    fn value(&mut self, node: Node<'d>) -> Result<(), NotConvertible> {
        let Some(text) = node.value() else {
            self.text.push_str("null");
            return Ok(());
        };
        if node.kind() == Kind::Xhtml && !declares_itself(text) {
            return Err(NotConvertible::Narrative);
        }
        let is_bare = match node.kind() {
            Kind::Number | Kind::Boolean => true,
            Kind::XmlElement => match self.known.fact(node).of.and_then(|of| of.primitive) {
                Some(Primitive::Boolean) => matches!(text, "true" | "false"),
                Some(
                    Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt | Primitive::Decimal,
                ) => is_number(text),
                _ => false,
            },
            _ => false,
        };
        if is_bare {
            self.text.push_str(text);
        } else {
            self.string(text);
        }
        Ok(())
    }

    fn key(&mut self, prefix: &str, name: &str, is_first: &mut bool) {
        if !std::mem::take(is_first) {
            self.text.push(',');
        }
        self.string(&[prefix, name].concat());
        self.text.push(':');
    }

    fn string(&mut self, text: &str) {
        use std::fmt::Write;
        self.text.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                control if control < ' ' => {
                    let _infallible = write!(self.text, "\\u{:04x}", u32::from(control));
                }
                letter => self.text.push(letter),
            }
        }
        self.text.push('"');
    }
}

/// Whether XHTML is self-contained: its own tag declares its namespace, without a prefix.
fn declares_itself(markup: &str) -> bool {
    let tag = markup.split('>').next().unwrap_or_default();
    markup.starts_with("<div") && tag.contains("xmlns=")
}

/// Whether a text is a number in JSON.
fn is_number(text: &str) -> bool {
    let json = ["{\"resourceType\":\"x\",\"a\":", text, "}"].concat();
    ers_fhir_tree::Document::parse(json.as_bytes()).is_ok_and(|document| {
        document.syntax() == Syntax::Json
            && document.root().child("a").is_some_and(|node| node.kind() == Kind::Number)
    })
}
