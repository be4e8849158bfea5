//! The resource inside the Parameters of `$validate`, taken out so that places in it stay places of the body.

use std::ops::Range;

use ers_fhir_report::render::Checked;
use ers_fhir_report::{Diagnostic, Edit};
use ers_fhir_tree::{Document, Node, Syntax};

/// What `$validate` is asked in its body.
pub(super) struct Parameters {
    /// The resource; `None` where only profiles or a mode are said.
    pub(super) resource: Option<Inner>,
    pub(super) profiles: Vec<String>,
    pub(super) mode: Option<String>,
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
    /// Reads a body; `None` where it is itself the resource, be that other Parameters.
    pub(super) fn of(body: &[u8]) -> Option<Self> {
        // Most bodies are no Parameters, and are parsed once.
        let is_named = body.windows(NAME.len()).any(|window| window == NAME);
        let document = is_named.then(|| Document::parse(body).ok()).flatten()?;
        let root = document.root();
        if root.resource_type() != Some("Parameters") {
            return None;
        }
        let mut read = Self { resource: None, profiles: Vec::new(), mode: None };
        let mut is_any = false;
        for part in root.named("parameter") {
            let value = |name: &str| part.child_value(name).map(str::to_owned);
            match part.child_value("name")? {
                "resource" => {
                    let resource = resource_of(part)?;
                    read.resource = Some(Inner::of(body, resource, root, document.syntax()));
                }
                "profile" => read.profiles.extend(value("valueUri").or(value("valueCanonical"))),
                "mode" => read.mode = value("valueCode").or(value("valueString")),
                // Parameters of another operation are a resource to be checked.
                _ => return None,
            }
            is_any = true;
        }
        is_any.then_some(read)
    }
}

const NAME: &[u8] = b"Parameters";

/// The node of the resource in a part.
fn resource_of(part: Node<'_>) -> Option<Node<'_>> {
    let resource = part.child("resource")?;
    // In XML the resource is an element of its own inside.
    match resource.document().syntax() {
        Syntax::Json => Some(resource),
        Syntax::Xml => Some(resource.children().next().unwrap_or(resource)),
    }
}

impl Inner {
    fn of(body: &[u8], resource: Node<'_>, root: Node<'_>, syntax: Syntax) -> Self {
        let span = whole(body, resource, syntax);
        let blank = |byte: &u8| if *byte == b'\n' { b'\n' } else { b' ' };
        let mut bytes: Vec<u8> = body[..span.start].iter().map(blank).collect();
        let mut added = span.start..span.start;
        if syntax == Syntax::Xml {
            let tag = |at: usize| body[at..].split(|byte| *byte == b'>').next().unwrap_or_default();
            let name_end = span.start + 1 + name_length(&body[span.start + 1..]);
            let own = String::from_utf8_lossy(tag(span.start)).into_owned();
            let outer = namespaces(&String::from_utf8_lossy(tag(whole(body, root, syntax).start)));
            let missing: Vec<String> = outer
                .into_iter()
                .filter(|(name, _)| !namespaces(&own).iter().any(|(declared, _)| declared == name))
                .map(|(name, value)| format!(" {name}={value}"))
                .collect();
            let missing = missing.concat();
            bytes.extend_from_slice(&body[span.start..name_end]);
            bytes.extend_from_slice(missing.as_bytes());
            added = name_end..name_end + missing.len();
            bytes.extend_from_slice(&body[name_end..span.end]);
        } else {
            bytes.extend_from_slice(&body[span]);
        }
        let line = bytes[..added.start].split(|byte| *byte == b'\n').count();
        Self { bytes, moved: Moved { added, line } }
    }

    /// The bytes, and what leads from places in them to places in the body.
    pub(super) fn parts(self) -> (Vec<u8>, Moved) {
        (self.bytes, self.moved)
    }
}

impl Moved {
    /// Gives the findings the places that they have in the body.
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

/// All of an element: in XML, from its tag on.
fn whole(body: &[u8], node: Node<'_>, syntax: Syntax) -> Range<usize> {
    let span = node.span();
    if syntax == Syntax::Json || body.get(span.start) == Some(&b'<') {
        return span;
    }
    let start = body[..span.start].iter().rposition(|byte| *byte == b'<').unwrap_or(span.start);
    start..span.end
}

fn name_length(tag: &[u8]) -> usize {
    tag.iter().take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>')).count()
}

/// The declarations of namespaces in a tag, with their quotes.
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
