//! Bodies that do not come from e-RS: pages of a login, of a proxy or of the gateway in front of it.

use std::fmt;

use ers_fhir_tree::Document;

/// The kind of a body that is not FHIR and was not meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// HTML.
    Page,
    /// Plain text.
    Text,
    /// JSON of another kind.
    Json,
    /// XML of another kind.
    Xml,
    /// None of these.
    Bytes,
}

/// Markers that only FHIR has, well-formed or broken.
const MARKS: [&[u8]; 3] = [b"resourceType", b"OperationOutcome", b"http://hl7.org/fhir"];

/// Elements that HTML begins with, complete or not.
const ELEMENTS: [&str; 12] =
    ["html", "head", "body", "title", "h1", "h2", "center", "script", "meta", "p", "div", "pre"];

impl Foreign {
    /// The kind of a body; `None` if there is none, or if it is FHIR, however wrong.
    pub(crate) fn of(body: &[u8]) -> Option<Self> {
        let text = trimmed(body);
        match text.first()? {
            b'{' | b'[' | b'"' => (!is_fhir(body, text)).then_some(Self::Json),
            b'<' if is_page(text) => Some(Self::Page),
            b'<' => (!has_mark(text)).then_some(Self::Xml),
            _ if has_mark(text) => None,
            _ => Some(if is_words(text) { Self::Text } else { Self::Bytes }),
        }
    }

    /// The same for the body of a successful call: only recognises what is clearly not meant to be FHIR, without
    /// parsing it.
    pub(crate) fn in_place_of_fhir(body: &[u8]) -> Option<Self> {
        match trimmed(body).first()? {
            b'{' | b'[' | b'"' => None,
            _ => Self::of(body).filter(|kind| matches!(kind, Self::Page | Self::Text)),
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Page => "an HTML page",
            Self::Text => "plain text",
            Self::Json => "JSON that is not FHIR",
            Self::Xml => "XML that is not FHIR",
            Self::Bytes => "neither text nor FHIR",
        })
    }
}

/// A body from its first non-blank character on.
fn trimmed(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start()
}

/// Whether JSON is a resource, or is meant to be one.
fn is_fhir(body: &[u8], text: &[u8]) -> bool {
    match Document::parse(body) {
        Ok(document) => {
            let root = document.root();
            root.resource_type().is_some()
                || root.child("resourceType").is_some()
                || root.child("issue").is_some()
        }
        Err(_) => has_mark(text),
    }
}

fn has_mark(text: &[u8]) -> bool {
    MARKS.iter().any(|mark| text.windows(mark.len()).any(|part| part == *mark))
}

/// Whether the first element is one of HTML, or a declaration before it says so.
fn is_page(text: &[u8]) -> bool {
    const DOCTYPE: &[u8] = b"<!doctype html";
    let mut rest = text;
    loop {
        rest = rest.trim_ascii_start();
        let end: &[u8] = match rest {
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b'?', ..] => b"?>",
            _ => break,
        };
        let Some(at) = rest.windows(end.len()).position(|part| part == end) else { return false };
        rest = &rest[at + end.len()..];
    }
    let is_declared = rest.get(..DOCTYPE.len()).is_some_and(|start| start.eq_ignore_ascii_case(DOCTYPE));
    let name = rest.strip_prefix(b"<").unwrap_or_default();
    let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    is_declared || ELEMENTS.iter().any(|element| name[..length].eq_ignore_ascii_case(element.as_bytes()))
}

fn is_words(text: &[u8]) -> bool {
    let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    std::str::from_utf8(text).is_ok() && !text.iter().any(is_control)
}

#[cfg(test)]
mod tests {
    use super::Foreign;

    #[test]
    fn what_is_no_fhir_is_told_from_fhir_that_is_wrong() {
        for (body, kind) in [
            ("", None),
            ("  \n", None),
            (r#"{ "resourceType": "OperationOutcome" }"#, None),
            (r#"{ "resourceType": "OperationOutcome", "issue": ["#, None),
            (r#"{ "issue": [{ "severity": "error" }] }"#, None),
            (r#"<OperationOutcome xmlns="http://hl7.org/fhir"/>"#, None),
            (
                r#"{ "fault": { "faultstring": "The Service is temporarily unavailable" } }"#,
                Some(Foreign::Json),
            ),
            (r#"{ "fault": "#, Some(Foreign::Json)),
            ("[]", Some(Foreign::Json)),
            ("<!DOCTYPE html><html><body>502</body></html>", Some(Foreign::Page)),
            ("<Questionnaire><title value=\"a\"/></Questionnaire>", Some(Foreign::Xml)),
            ("<!-- proxy", Some(Foreign::Xml)),
            ("<!-- proxy -->\n<HTML><TITLE>Forbidden</TITLE>", Some(Foreign::Page)),
            ("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", Some(Foreign::Xml)),
            ("upstream connect error", Some(Foreign::Text)),
            ("\u{1f}\u{8b}\u{8}", Some(Foreign::Bytes)),
        ] {
            assert_eq!(Foreign::of(body.as_bytes()), kind, "{body}");
        }
    }
}
