//! Writes JSON so that a diff is readable: one element, concept or parameter per line.

use std::fmt::Write;

use serde_json::Value;

use super::project::Node;

/// Arrays whose items each have a line.
const LISTS: [&str; 8] =
    ["element", "concept", "include", "exclude", "uniqueId", "parameter", "property", "context"];

/// A resource as text.
pub(super) fn resource(node: &Node) -> String {
    let mut out = String::new();
    match node {
        Node::Object(members) => {
            out.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                out.push_str(if index > 0 { ",\n  " } else { "\n  " });
                member(&mut out, name, value, 1);
            }
            out.push_str("\n}");
        }
        other => inline(&mut out, other, 0),
    }
    out.push('\n');
    out
}

fn member(out: &mut String, name: &str, value: &Node, depth: usize) {
    string(out, name);
    out.push_str(": ");
    match value {
        Node::Array(items) if is_list(name, items) => {
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ",\n" } else { "[\n" });
                indent(out, depth + 1);
                inline(out, item, depth + 1);
            }
            out.push('\n');
            indent(out, depth);
            out.push(']');
        }
        other => inline(out, other, depth),
    }
}

/// Properties are lists where a code system declares them, but not within its concepts.
fn is_list(name: &str, items: &[Node]) -> bool {
    LISTS.contains(&name) && items.iter().any(|item| matches!(item, Node::Object(_)))
}

fn inline(out: &mut String, node: &Node, depth: usize) {
    match node {
        Node::Value(value) => plain(out, value),
        Node::Object(members) => {
            out.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                member(out, name, value, depth);
            }
            out.push('}');
        }
        Node::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                inline(out, item, depth);
            }
            out.push(']');
        }
    }
}

fn plain(out: &mut String, value: &Value) {
    match value {
        Value::String(text) => string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                plain(out, item);
            }
            out.push(']');
        }
        Value::Object(object) => {
            // The order must not depend on how serde_json was built.
            let mut members: Vec<_> = object.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (index, (name, value)) in members.into_iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                string(out, name);
                out.push_str(": ");
                plain(out, value);
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            // Writing to a string cannot fail.
            let _ = write!(out, "{value}");
        }
    }
}

fn string(out: &mut String, text: &str) {
    let _ = write!(out, "{}", Value::from(text));
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_concept_has_a_line() {
        let concept = |code: &str, nested: Vec<Node>| {
            let mut members = vec![("code".to_owned(), Node::Value(code.into()))];
            if !nested.is_empty() {
                members.push(("concept".to_owned(), Node::Array(nested)));
            }
            Node::Object(members)
        };
        let inner = vec![concept("b", Vec::new()), concept("c", Vec::new())];
        let system = Node::Object(vec![
            ("id".to_owned(), Node::Value("x".into())),
            ("concept".to_owned(), Node::Array(vec![concept("a", inner), concept("d", Vec::new())])),
        ]);
        let expected = r#"{
  "id": "x",
  "concept": [
    {"code": "a", "concept": [
      {"code": "b"},
      {"code": "c"}
    ]},
    {"code": "d"}
  ]
}
"#;
        assert_eq!(resource(&system), expected);
    }
}
