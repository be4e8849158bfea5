//! The resource inside the Parameters of `$validate`, extracted so that its positions stay those in the body.

use std::ops::Range;

use ers_fhir_report::render::Checked;
use ers_fhir_report::{Diagnostic, Edit};
use ers_fhir_tree::{Document, Node, Syntax};

/// The body of `$validate`.
pub(super) struct Parameters {
    /// The resource; `None` if there are only profiles or a mode.
    pub(super) resource: Option<Inner>,
    pub(super) profiles: Vec<String>,
    pub(super) mode: Option<String>,
    /// The number, from 1, of the first parameter that the operation does not have.
    pub(super) unknown: Option<usize>,
}

/// The bytes of a resource, behind as much white space as there is body before it.
pub(super) struct Inner {
    bytes: Vec<u8>,
    moved: Moved,
}

/// What stands in the bytes and not in the body, and on which line: the namespaces that the body declares outside the
/// resource.
pub(super) struct Moved {
    added: Range<usize>,
    line: usize,
}

impl Parameters {
    /// Reads a body; `None` if it is itself the resource, even if that is other Parameters.
    pub(super) fn of(body: &[u8]) -> Option<Self> {
        // Most bodies are not Parameters, and are parsed only once.
        let is_named = body.windows(NAME.len()).any(|window| window == NAME);
        let document = is_named.then(|| Document::parse(body).ok()).flatten()?;
        let root = document.root();
        if root.resource_type() != Some("Parameters") {
            return None;
        }
        let mut read = Self { resource: None, profiles: Vec::new(), mode: None, unknown: None };
        let mut is_any = false;
        for (at, part) in root.named("parameter").enumerate() {
            let value = |name: &str| part.child_value(name).map(str::to_owned);
            match part.child_value("name")? {
                "resource" => {
                    let resource = part.child("resource")?;
                    read.resource = Some(match document.syntax() {
                        Syntax::Json => Inner::of_json(body, resource.span()),
                        Syntax::Xml => Inner::of_xml(body, element(body, resource)?, root),
                    });
                }
                "profile" => read.profiles.extend(value("valueUri").or(value("valueCanonical"))),
                "mode" => read.mode = value("valueCode").or(value("valueString")),
                _ => read.unknown = read.unknown.or(Some(at + 1)),
            }
            is_any = true;
        }
        // Parameters of another operation are a resource to be checked.
        let is_meant =
            read.resource.is_some() || read.mode.as_deref().is_some_and(|mode| MODES.contains(&mode));
        (is_any && (read.unknown.is_none() || is_meant)).then_some(read)
    }
}

/// The modes of the operation.
pub(super) const MODES: [&str; 4] = ["create", "update", "delete", "profile"];

const NAME: &[u8] = b"Parameters";

impl Inner {
    fn of_json(body: &[u8], span: Range<usize>) -> Self {
        let mut bytes = blank(&body[..span.start]);
        bytes.extend_from_slice(&body[span.clone()]);
        Self { bytes, moved: Moved { added: span.start..span.start, line: 1 } }
    }

    fn of_xml(body: &[u8], span: Range<usize>, root: Node<'_>) -> Self {
        let tag = |at: usize| body[at..].split(|byte| *byte == b'>').next().unwrap_or_default();
        let own = namespaces(&String::from_utf8_lossy(tag(span.start)));
        let outer = namespaces(&String::from_utf8_lossy(tag(root.span().start)));
        let is_missing = |(name, _): &(String, String)| !own.iter().any(|(declared, _)| declared == name);
        let missing = outer.into_iter().filter(is_missing).map(|(name, value)| format!(" {name}={value}"));
        let missing: String = missing.collect();
        let name_end = span.start + 1 + name_length(&body[span.start + 1..]);
        let mut bytes = blank(&body[..span.start]);
        bytes.extend_from_slice(&body[span.start..name_end]);
        bytes.extend_from_slice(missing.as_bytes());
        bytes.extend_from_slice(&body[name_end..span.end]);
        let line = body[..name_end].split(|byte| *byte == b'\n').count();
        Self { bytes, moved: Moved { added: name_end..name_end + missing.len(), line } }
    }

    /// The bytes, and a mapping from their positions to those in the body.
    pub(super) fn parts(self) -> (Vec<u8>, Moved) {
        (self.bytes, self.moved)
    }
}

impl Moved {
    /// Sets the positions of findings to those in the body.
    pub(super) fn replace(&self, checked: &mut Checked, body: &[u8]) {
        if !self.added.is_empty() {
            checked.report.diagnostics.iter_mut().for_each(|found| self.back(found));
        }
        checked.text = String::from_utf8_lossy(body).into_owned();
    }

    fn back(&self, found: &mut Diagnostic) {
        if found.position.line == self.line && found.span.start >= self.added.end {
            found.position.column = found.position.column.saturating_sub(self.added.len()).max(1);
        }
        found.span = self.span(&found.span);
        for Edit { span, .. } in &mut found.edits {
            *span = self.span(span);
        }
        found.related.iter_mut().for_each(|related| self.back(&mut related.finding));
    }

    fn span(&self, span: &Range<usize>) -> Range<usize> {
        let back = |at: usize| match at {
            at if at >= self.added.end => at - self.added.len(),
            at => at.min(self.added.start),
        };
        back(span.start)..back(span.end)
    }
}

/// White space of the same length and with the same lines.
fn blank(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }).collect()
}

/// The element inside a `resource` of XML, whose name is the type.
fn element(body: &[u8], resource: Node<'_>) -> Option<Range<usize>> {
    let (span, name) = (resource.span(), resource.resource_type()?);
    let text = std::str::from_utf8(&body[span.clone()]).ok()?;
    let is_it = |at: usize| {
        let tag = &text[at + 1..][..name_length(&text.as_bytes()[at + 1..])];
        tag.rsplit(':').next() == Some(name)
    };
    let start = text.match_indices('<').map(|(at, _)| at).find(|at| *at > 0 && is_it(*at))?;
    let end = text.rfind("</").filter(|end| *end > start)?;
    Some(span.start + start..span.start + end)
}

fn name_length(tag: &[u8]) -> usize {
    tag.iter().take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>')).count()
}

/// The namespace declarations in a tag, with their quotes.
fn namespaces(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag;
    while let Some(at) = rest.find(" xmlns").or_else(|| rest.find("\nxmlns")) {
        let Some((name, value)) = rest[at + 1..].split_once('=') else { break };
        let value = value.trim_start();
        let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { break };
        let Some(end) = value[1..].find(quote) else { break };
        found.push((name.trim().to_owned(), value[..end + 2].to_owned()));
        rest = &value[end + 2..];
    }
    found
}
