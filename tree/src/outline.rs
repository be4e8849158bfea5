//! A document as one line of text, for tests: `name[0]={family="X"{id="a"}}`.

use std::fmt::Write;

use super::{Document, Fault, FaultKind, Kind, Node};

pub(crate) fn outline(document: &Document<'_>) -> String {
    let mut text = String::new();
    children(&mut text, document.root());
    text
}

fn children(text: &mut String, parent: Node<'_>) {
    for (at, child) in parent.children().enumerate() {
        assert_eq!(child.parent(), Some(parent), "a child knows its parent");
        if at > 0 {
            text.push(' ');
        }
        let attribute = if child.kind() == Kind::XmlAttribute { "@" } else { "" };
        let continues = if child.opens_member() { "" } else { "+" };
        let _ = write!(text, "{continues}{attribute}{}", child.name());
        if child.in_array() || child.index() > 0 {
            let _ = write!(text, "[{}]", child.index());
        }
        text.push('=');
        match (child.kind(), child.value()) {
            (Kind::Null, _) => text.push_str("null"),
            (Kind::EmptyArray, _) => text.push_str("[]"),
            (Kind::Number | Kind::Boolean | Kind::Xhtml, Some(value)) => text.push_str(value),
            (_, Some(value)) => {
                let _ = write!(text, "{value:?}");
            }
            (_, None) => {}
        }
        if child.has_children() || child.kind() == Kind::Object {
            text.push('{');
            children(text, child);
            text.push('}');
        }
    }
}

/// The kinds of the faults with the bytes that they point at.
pub(crate) fn faults(document: &Document<'_>) -> Vec<(String, String)> {
    let source = document.source();
    let fault = |fault: &Fault| (kind_name(&fault.kind), source[fault.span.clone()].to_owned());
    document.faults().iter().map(fault).collect()
}

/// The name of a kind of fault, without its content.
pub(crate) fn kind_name(kind: &FaultKind) -> String {
    format!("{kind:?}").chars().take_while(char::is_ascii_alphanumeric).collect()
}
