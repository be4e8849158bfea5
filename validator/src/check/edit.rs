//! Edits of a payload, based on the source of its nodes. Each leaves every other byte as it is; if that
//! cannot be guaranteed, there is no edit.

use std::ops::Range;

use ers_fhir_report::Edit;
use ers_fhir_tree::{Kind, Node, Syntax};

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Writes another value, made from the payload's own.
#[cold]
pub(crate) fn value(node: Node<'_>, text: &str) -> Option<Edit> {
    if text.contains(['"', '\'', '\\', '<', '&']) || text.contains(char::is_control) {
        return None;
    }
    let inner = inner(node)?;
    let own = node.value()?;
    let raw = node.document().source().get(inner.clone())?;
    if raw == own {
        return Some(Edit::of_payload(inner, text));
    }
    // Even with escapes in it, white space can still be cut off.
    let trimmed = raw.trim_matches(BLANKS);
    let is_plain = own.trim_matches(BLANKS) == text && own.starts_with(BLANKS) == raw.starts_with(BLANKS);
    let is_whole = own.ends_with(BLANKS) == raw.ends_with(BLANKS);
    (is_plain && is_whole && trimmed.len() < raw.len()).then(|| Edit::of_payload(inner, trimmed))
}

/// Writes a value from a definition.
#[cold]
pub(crate) fn defined(node: Node<'_>, text: &str) -> Option<Edit> {
    value(node, text).map(|edit| Edit { is_of_payload: false, ..edit })
}

/// The bytes of a value in the source, without the quotes.
fn inner(node: Node<'_>) -> Option<Range<usize>> {
    let span = node.span();
    let raw = node.document().source().get(span.clone())?;
    match node.kind() {
        Kind::String => (raw.len() >= 2 && raw.starts_with('"')).then_some(span.start + 1..span.end - 1),
        Kind::Number | Kind::Boolean => Some(span),
        Kind::XmlElement => {
            let tag = raw.get(..tag_end(raw)?)?;
            attribute(tag, "value").map(|value| span.start + value.start..span.start + value.end)
        }
        Kind::XmlAttribute => {
            let name = raw.split(['=', ' ', '\t', '\r', '\n']).next()?;
            attribute(&format!(" {raw}"), name)
                .map(|value| span.start + value.start - 1..span.start + value.end - 1)
        }
        _ => None,
    }
}

/// Where the first tag of a text ends.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(at, letter)| {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, '>') => return Some(at + 1),
            _ => {}
        }
        None
    })
}

/// The value of an attribute in a tag.
fn attribute(tag: &str, name: &str) -> Option<Range<usize>> {
    let bytes = tag.as_bytes();
    let mut at = tag.find(BLANKS)?;
    loop {
        at += tag.get(at..)?.len() - tag[at..].trim_start_matches(BLANKS).len();
        let end = at + tag[at..].find(|letter| letter == '=' || BLANKS.contains(&letter))?;
        let found = tag.get(at..end)?;
        let open = end + tag[end..].find(['"', '\''])?;
        if !tag[end..open].trim_matches(BLANKS).eq("=") {
            return None;
        }
        let close = open + 1 + tag[open + 1..].find(char::from(bytes[open]))?;
        if found == name {
            return Some(open + 1..close);
        }
        at = close + 1;
    }
}

/// Puts a value that is a JSON string where a number or `true` belongs, or takes the quotes away.
#[cold]
pub(crate) fn quoted(node: Node<'_>, wants_quotes: bool) -> Vec<Edit> {
    let span = node.span();
    let Some(raw) = node.document().source().get(span.clone()) else { return Vec::new() };
    match node.kind() {
        Kind::Number | Kind::Boolean if wants_quotes => {
            vec![Edit::new(span.start..span.start, "\""), Edit::new(span.end..span.end, "\"")]
        }
        Kind::String if !wants_quotes && !raw.contains('\\') && raw.len() > 2 => {
            vec![Edit::removal(span.start..span.start + 1), Edit::removal(span.end - 1..span.end)]
        }
        _ => Vec::new(),
    }
}

/// Gives an element another name. Whether that name is free is decided when all findings are known (`taken`).
#[cold]
pub(crate) fn rename(node: Node<'_>, name: &str) -> Vec<Edit> {
    let source = node.document().source();
    let key = node.key_span();
    let Some(raw) = source.get(key.clone()).filter(|raw| !raw.is_empty()) else { return Vec::new() };
    if node.parent().is_none() {
        return Vec::new();
    }
    if let Some(inner) = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        // One node may be written as two members, `name` and `_name`: this is then only the first.
        let is_plain = inner == node.name() && !node.has_underscored_key();
        return if is_plain { vec![Edit::new(key.start + 1..key.end - 1, name)] } else { Vec::new() };
    }
    if raw != node.name() {
        return Vec::new();
    }
    if node.kind() == Kind::XmlAttribute {
        return vec![Edit::new(key, name)];
    }
    tags(source, key, node.span(), name)
}

/// Changes the type in the name of a choice: `valueUnsignedInt` for `valueInteger`.
#[cold]
pub(crate) fn retyped(node: Node<'_>, actual: &str, meant: &str) -> Vec<Edit> {
    let is_primitive = |name: &str| name.starts_with(|letter: char| letter.is_ascii_lowercase());
    if !is_primitive(actual) || !is_primitive(meant) || node.has_children() {
        return Vec::new();
    }
    let end = |name: &str| name.get(..1).map(|first| first.to_ascii_uppercase() + &name[1..]);
    let (Some(actual), Some(meant)) = (end(actual), end(meant)) else { return Vec::new() };
    let stem = node.name().strip_suffix(actual.as_str());
    stem.map(|stem| rename(node, &format!("{stem}{meant}"))).unwrap_or_default()
}

/// Gives a resource another type.
#[cold]
pub(crate) fn type_name(resource: Node<'_>, written: Node<'_>, name: &str) -> Vec<Edit> {
    if resource.document().syntax() == Syntax::Json {
        return defined(written, name).into_iter().collect();
    }
    let source = resource.document().source();
    let key = written.span();
    let is_tag = source.get(..key.start).is_some_and(|before| before.ends_with('<'));
    if is_tag && source.get(key.clone()) == written.value() {
        tags(source, key, resource.span(), name)
    } else {
        Vec::new()
    }
}

/// Gives the tags of an XML element another name; `key` is the span of its first tag.
fn tags(source: &str, key: Range<usize>, span: Range<usize>, name: &str) -> Vec<Edit> {
    let (Some(raw), Some(whole)) = (source.get(key.clone()), source.get(key.start..span.end)) else {
        return Vec::new();
    };
    let start = Edit::new(key.clone(), name);
    let Some(end) = tag_end(whole) else { return Vec::new() };
    if whole[..end].ends_with("/>") {
        return vec![start];
    }
    let Some(close) = whole.rfind(&format!("</{raw}")) else { return Vec::new() };
    let from = key.start + close + 2;
    let is_whole = source[from + raw.len()..].trim_start_matches(BLANKS).starts_with('>');
    if is_whole { vec![start, Edit::new(from..from + raw.len(), name)] } else { Vec::new() }
}

/// Removes the underscore of a JSON key.
#[cold]
pub(crate) fn without_underscore(node: Node<'_>) -> Option<Edit> {
    let key = node.key_span();
    let is_plain = node.document().source().get(key.clone())?.starts_with("\"_");
    is_plain.then(|| Edit::removal(key.start + 1..key.start + 2))
}

/// Puts the value of a JSON member into an array.
#[cold]
pub(crate) fn wrap(node: Node<'_>) -> Vec<Edit> {
    let span = node.span();
    if !is_one_member(node) || span.is_empty() {
        return Vec::new();
    }
    vec![Edit::new(span.start..span.start, "["), Edit::new(span.end..span.end, "]")]
}

/// Takes the only item of an array out of it.
#[cold]
pub(crate) fn unwrap(node: Node<'_>) -> Vec<Edit> {
    let source = node.document().source();
    let span = node.span();
    if !is_one_member(node) || span.is_empty() {
        return Vec::new();
    }
    let (Some(before), Some(behind)) = (source.get(..span.start), source.get(span.end..)) else {
        return Vec::new();
    };
    let open = before.trim_end_matches(BLANKS);
    let close = behind.len() - behind.trim_start_matches(BLANKS).len();
    if !open.ends_with('[') || !behind[close..].starts_with(']') {
        return Vec::new();
    }
    vec![Edit::removal(open.len() - 1..span.start), Edit::removal(span.end..span.end + close + 1)]
}

/// Whether a node in JSON is written as one member only, not also as one with `_`.
fn is_one_member(node: Node<'_>) -> bool {
    let is_primitive = matches!(node.kind(), Kind::String | Kind::Number | Kind::Boolean);
    node.document().syntax() == Syntax::Json
        && !(is_primitive && node.has_children())
        && !node.has_underscored_key()
        && matches!(node.kind(), Kind::String | Kind::Number | Kind::Boolean | Kind::Object)
}

/// Removes an element, with the separator between it and its neighbours.
#[cold]
pub(crate) fn remove(node: Node<'_>) -> Option<Edit> {
    let source = node.document().source();
    let span = node.span();
    node.parent()?;
    if node.document().syntax() == Syntax::Xml {
        if node.kind() != Kind::XmlElement {
            return None;
        }
        let before = source.get(..span.start)?;
        let start = before.trim_end_matches(BLANKS).len();
        return source.get(..start)?.ends_with('>').then(|| Edit::removal(start..span.end));
    }
    if node.has_children() && node.kind() != Kind::Object {
        return None;
    }
    let key = node.key_span();
    let is_member = !node.in_array() || node.kind() == Kind::EmptyArray;
    if !is_member && node.kind() == Kind::Null {
        return None;
    }
    let start = if is_member && key.len() > 1 { key.start } else { span.start };
    if is_member {
        let between = source.get(key.end..span.start)?;
        if key.len() < 2 || between.trim_matches(BLANKS) != ":" {
            return None;
        }
    }
    let behind = source.get(span.end..)?;
    let next = behind.trim_start_matches(BLANKS);
    if let Some(rest) = next.strip_prefix(',') {
        let rest = rest.trim_start_matches(BLANKS);
        return Some(Edit::removal(start..source.len() - rest.len()));
    }
    let before = source.get(..start)?.trim_end_matches(BLANKS);
    let from = before.strip_suffix(',').map_or(start, str::len);
    Some(Edit::removal(from..span.end))
}

/// Whether two texts differ only in case, surrounding white space, or `http:` and `https:`.
#[cold]
pub(crate) fn is_same_but_for_form(found: &str, meant: &str) -> bool {
    let bare = |text: &str| {
        let text = text.trim().to_ascii_lowercase();
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        rest.map(|rest| format!("http://{}", rest.trim_end_matches('/'))).unwrap_or(text)
    };
    bare(found) == bare(meant)
}
