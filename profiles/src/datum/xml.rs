//! `Datum` from FHIR XML.

use roxmltree::{Document, Node, ParsingOptions};

use super::Datum;
use super::json::without_byte_order_mark;
use crate::error::ReadError;

/// Namespace of every FHIR element.
const FHIR: &str = "http://hl7.org/fhir";

/// The deepest nesting that is read, the same as for JSON.
const MAX_DEPTH: usize = 127;

impl Datum {
    /// Reads a resource from FHIR XML in UTF-8; a byte-order mark is skipped.
    ///
    /// Document type declarations and nesting beyond 127 levels are refused.
    pub fn from_xml(bytes: &[u8]) -> Result<Self, ReadError> {
        let text = std::str::from_utf8(without_byte_order_mark(bytes))
            .map_err(|e| syntax(&format!("{e}: save the file as UTF-8")))?;
        let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
        let document = Document::parse_with_options(text, options).map_err(|e| syntax(&e.to_string()))?;
        let root = document.root_element();
        if root.tag_name().namespace() != Some(FHIR) {
            return Err(syntax(&format!("the root element is not in the namespace {FHIR}")));
        }
        resource(root, 0)
    }
}

fn syntax(reason: &str) -> ReadError {
    ReadError::Syntax(format!("not the XML of a resource: {reason}"))
}

fn resource(node: Node<'_, '_>, depth: usize) -> Result<Datum, ReadError> {
    let mut datum = element(node, depth)?;
    datum.fields.insert(0, ("resourceType".into(), Datum::primitive(node.tag_name().name())));
    Ok(datum)
}

fn element(node: Node<'_, '_>, depth: usize) -> Result<Datum, ReadError> {
    if depth > MAX_DEPTH {
        return Err(syntax(&format!("elements are nested more than {MAX_DEPTH} deep")));
    }
    let mut datum = Datum { text: node.attribute("value").map(Box::from), fields: Vec::new() };
    for name in ["id", "url"] {
        if let Some(value) = node.attribute(name) {
            datum.fields.push((name.into(), Datum::primitive(value)));
        }
    }
    // Elements in another namespace are narrative.
    for child in fhir_children(node) {
        let value = match wrapped_resource(child) {
            Some(inner) => resource(inner, depth + 1)?,
            None => element(child, depth + 1)?,
        };
        datum.fields.push((child.tag_name().name().into(), value));
    }
    Ok(datum)
}

fn fhir_children<'a, 'input>(node: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(|child| child.is_element() && child.tag_name().namespace() == Some(FHIR))
}

/// The resource in `<contained>`, `<resource>` and the like: only resource names start with a capital.
fn wrapped_resource<'a, 'input>(node: Node<'a, 'input>) -> Option<Node<'a, 'input>> {
    fhir_children(node)
        .next()
        .filter(|child| child.tag_name().name().starts_with(|c: char| c.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_and_json_read_alike() {
        let xml = br#"<?xml version="1.0" encoding="UTF-8"?>
            <ValueSet xmlns="http://hl7.org/fhir">
              <id value="v"/>
              <text><status value="empty"/><div xmlns="http://www.w3.org/1999/xhtml"/></text>
              <contained><CodeSystem><id value="c"/></CodeSystem></contained>
              <extension url="http://example.org/e"><valueBoolean value="true"/></extension>
              <url id="u" value="http://example.org/v"/>
            </ValueSet>"#;
        let json = br#"{"resourceType":"ValueSet","id":"v","text":{"status":"empty","div":"<div/>"},
            "contained":[{"resourceType":"CodeSystem","id":"c"}],
            "extension":[{"url":"http://example.org/e","valueBoolean":true}],
            "url":"http://example.org/v","_url":{"id":"u"}}"#;
        assert_eq!(Datum::from_xml(xml).unwrap(), Datum::from_json(json).unwrap());
    }

    #[test]
    fn hostile_input_is_an_error() {
        let deep =
            format!(r#"<A xmlns="http://hl7.org/fhir">{}{}</A>"#, "<a>".repeat(1000), "</a>".repeat(1000));
        let dtd = r#"<!DOCTYPE A [<!ENTITY e "e">]><A xmlns="http://hl7.org/fhir"><id value="&e;"/></A>"#;
        for bad in ["", "<A/>", r#"<A xmlns="http://hl7.org/fhir">"#, dtd, &deep] {
            assert!(matches!(Datum::from_xml(bad.as_bytes()), Err(ReadError::Syntax(_))), "{bad:.40}");
        }
    }
}
