//! Reads FHIR XML into the arena: the well-formed tree comes from `roxmltree`, and this module applies the
//! rules of FHIR to it.
//!
//! Source: <http://hl7.org/fhir/R4/xml.html>.

mod elements;
mod guard;
#[cfg(test)]
mod tests;

use roxmltree::{Error, ParsingOptions};

use super::builder::Builder;
use super::document::{Document, Syntax};
use super::fault::{FaultKind, Unreadable};

/// Namespace of FHIR elements.
const FHIR: &str = "http://hl7.org/fhir";
/// Namespace of narratives.
const XHTML: &str = "http://www.w3.org/1999/xhtml";
/// Namespace of `xsi:schemaLocation`, which FHIR allows at the top.
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Most nodes of a document, text and comments included; as many as the arena can take and as
/// much white space between them.
const MAX_XML_NODES: u32 = 1 << 25;

pub(super) fn parse(source: &str) -> Result<Document<'_>, Box<Unreadable>> {
    let mut build = Builder::new(source);
    let start = build.skip_byte_order_mark();
    if let Some(at) = page(source, start) {
        return Err(FaultKind::Html.at(at..at));
    }
    guard::check(source, start)?;
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: MAX_XML_NODES, ..ParsingOptions::default() };
    let xml = roxmltree::Document::parse_with_options(source, options)
        .map_err(|error| unreadable(source, &error))?;
    elements::resource(&mut build, xml.root_element())?;
    Ok(build.finish(Syntax::Xml))
}

/// Where an HTML page begins, such as a gateway in front of a service sends: `<!DOCTYPE html>` or `<html>`.
fn page(source: &str, start: usize) -> Option<usize> {
    let rest = source.get(start..)?.trim_start();
    let begins = |with: &str| {
        let (head, behind) = rest.split_at_checked(with.len())?;
        let is_whole = !behind.starts_with(|next: char| next.is_ascii_alphanumeric() || next == ':');
        (head.eq_ignore_ascii_case(with) && is_whole).then_some(source.len() - rest.len())
    };
    begins("<!doctype html").or_else(|| begins("<html"))
}

/// The parser's error in our terms.
#[expect(clippy::unnecessary_box_returns, reason = "it goes into a result that hardly ever holds it")]
fn unreadable(source: &str, error: &Error) -> Box<Unreadable> {
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
        other => FaultKind::NotWellFormed(words_of_place(source, at).unwrap_or_else(|| words(other))),
    };
    kind.at(at..at)
}

/// What is wrong, where the source around a place tells more than the parser does.
fn words_of_place(source: &str, at: usize) -> Option<&'static str> {
    let (before, behind) = source.split_at_checked(at)?;
    let tag = before.rfind('<').map_or("", |open| &before[open..]);
    let is_in_tag = !tag.is_empty() && !tag.contains('>');
    let quotes = |quote: char| tag.matches(quote).count();
    if behind.starts_with('<') && is_in_tag && (quotes('"') % 2 == 1 || quotes('\'') % 2 == 1) {
        return Some("< cannot appear in the value of an attribute: write &lt;");
    }
    let is_behind_value = is_in_tag && tag.contains('=') && before.ends_with(['"', '\'']);
    if is_behind_value
        && behind.starts_with(|next: char| !matches!(next, ' ' | '\t' | '\r' | '\n' | '/' | '>'))
    {
        return Some(
            "the value of the attribute ends at the quote before this: inside a value, write &quot; for a quote",
        );
    }
    let is_behind_end = before.contains("</") && before.trim_end().ends_with('>');
    match behind.trim_start() {
        rest if !is_behind_end || rest.is_empty() => None,
        rest if rest.starts_with("<?xml") => Some(
            "another document begins here, but a payload is a single one: put each in a file of its own, or all in a Bundle",
        ),
        rest if rest.starts_with('<') && rest[1..].starts_with(|next: char| next.is_alphabetic()) => Some(
            "a second element at the top begins here, but a payload is a single resource: put both in a Bundle, or each in a file of its own",
        ),
        _ => None,
    }
}

/// What is wrong, in words that repeat nothing of the payload.
fn words(error: &Error) -> &'static str {
    match error {
        Error::InvalidXmlPrefixUri(_) | Error::UnexpectedXmlUri(_) => {
            "the prefix xml is bound to a namespace other than its own"
        }
        Error::UnexpectedXmlnsUri(_) => "no prefix can be bound to the namespace of xmlns",
        Error::InvalidElementNamePrefix(_) => "an element cannot have the prefix xmlns",
        Error::DuplicatedNamespace(..) => "one tag binds a prefix twice",
        Error::UnexpectedEntityCloseTag(_) => "an end tag closes what an entity opened",
        Error::MalformedEntityReference(_) => {
            "& begins a reference such as &amp;, and this is none that XML allows: for the sign itself write &amp;"
        }
        Error::EntityReferenceLoop(_) => "an entity refers to itself",
        Error::InvalidAttributeValue(_) => "an attribute cannot hold <: write &lt;",
        Error::UnexpectedDeclaration(_) => "an XML declaration is allowed only at the very beginning",
        Error::InvalidName(_) => "this is not a valid name of an element or attribute",
        Error::NonXmlChar(..) => "this character is not allowed in XML",
        Error::InvalidChar2("a quote", ..) => "the value of an attribute must be in quotes",
        Error::InvalidChar(b'=', ..) => "an attribute is a name, =, and a value in quotes",
        Error::InvalidChar(..) | Error::InvalidChar2(..) => "another character was expected here",
        Error::InvalidString(..) => "something else was expected here",
        Error::InvalidExternalID(_) => "an external entity is malformed",
        Error::InvalidComment(_) => "a comment cannot hold -- or end in -",
        Error::InvalidCharacterData(_) => "text cannot hold ]]>: write ]]&gt;",
        Error::UnknownToken(_) => {
            "this is neither a tag nor a comment: nothing else is allowed outside the element at the top"
        }
        Error::UnexpectedEndOfStream => "the payload ends too early; it looks cut off",
        _ => "this is not well-formed XML",
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
