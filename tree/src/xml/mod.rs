//! FHIR XML into the arena: the well-formed tree comes from `roxmltree`, what FHIR makes of it is
//! decided here.
//!
//! Source: <http://hl7.org/fhir/R4/xml.html>.

mod elements;
mod guard;
#[cfg(test)]
mod tests;

use roxmltree::{Error, ParsingOptions};

use super::builder::Builder;
use super::{Document, FaultKind, Syntax, Unreadable};

/// Namespace of FHIR elements.
const FHIR: &str = "http://hl7.org/fhir";
/// Namespace of narratives.
const XHTML: &str = "http://www.w3.org/1999/xhtml";
/// Namespace of `xsi:schemaLocation`, which FHIR allows at the top.
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Most nodes of a document, text and comments included; as many as the arena can take and as
/// much white space between them.
const MAX_XML_NODES: u32 = 1 << 25;

pub(super) fn parse(source: &str) -> Result<Document<'_>, Unreadable> {
    let mut build = Builder::new(source);
    let start = build.skip_byte_order_mark();
    guard::check(source, start)?;
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: MAX_XML_NODES, ..ParsingOptions::default() };
    let xml = roxmltree::Document::parse_with_options(source, options)
        .map_err(|error| unreadable(source, &error))?;
    elements::resource(&mut build, xml.root_element())?;
    Ok(build.finish(Syntax::Xml))
}

/// The parser's error in our terms.
fn unreadable(source: &str, error: &Error) -> Unreadable {
    let at = match error {
        Error::NoRootNode | Error::UnclosedRootNode => source.len(),
        _ => offset(source, error.pos().row, error.pos().col),
    };
    let kind = match error {
        Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached => {
            return FaultKind::TooManyNodes.at(0..0);
        }
        Error::NoRootNode => FaultKind::NoElement,
        Error::UnclosedRootNode => FaultKind::ElementCutOff,
        Error::UnexpectedCloseTag(expected, found, _) => {
            FaultKind::WrongEndTag { expected: expected.clone(), found: found.clone() }
        }
        Error::UnknownNamespace(prefix, _) => FaultKind::UnknownPrefix(prefix.clone()),
        Error::UnknownEntityReference(name, _) => FaultKind::UnknownEntity(name.clone()),
        Error::DuplicatedAttribute(name, _) => FaultKind::DuplicateAttribute(name.clone()),
        other => FaultKind::NotWellFormed(without_position(other)),
    };
    kind.at(at..at)
}

fn without_position(error: &Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at ") {
        Some((message, _)) => message.to_owned(),
        None => text,
    }
}

/// The byte at a row and column (in characters), both from 1.
fn offset(source: &str, row: u32, column: u32) -> usize {
    let line =
        source.split_inclusive('\n').take((row as usize).saturating_sub(1)).map(str::len).sum::<usize>();
    let rest = source.get(line..).unwrap_or_default();
    let column = rest.char_indices().nth((column as usize).saturating_sub(1));
    line + column.map_or(rest.len(), |(at, _)| at)
}
