//! Takes from a resource the members that a shape keeps.

use serde_json::{Map, Value};

use super::shape::{Keep, Name, Shape};

/// A JSON value whose members have an order.
pub(super) enum Node {
    /// A value that is written as it is, members in order of their names.
    Value(Value),
    /// An object.
    Object(Vec<(String, Node)>),
    /// An array.
    Array(Vec<Node>),
}

/// The members of an object that a shape keeps, in the order of the shape.
pub(super) fn project(object: &Map<String, Value>, shape: &Shape) -> Node {
    let mut members = Vec::new();
    for (name, keep) in shape.0 {
        for (member, value) in object.iter().filter(|(member, _)| name.covers(member)) {
            members.extend(kept(value, keep).map(|node| (member.clone(), node)));
        }
    }
    Node::Object(members)
}

impl Name {
    fn covers(&self, member: &str) -> bool {
        match self {
            Self::Is(name) => member == *name,
            Self::Choice(stem) => {
                let kind = member.strip_prefix('_').unwrap_or(member).strip_prefix(stem);
                kind.is_some_and(|kind| kind.starts_with(|c: char| c.is_ascii_uppercase()))
            }
        }
    }
}

fn kept(value: &Value, keep: &Keep) -> Option<Node> {
    match (keep, value) {
        (Keep::Extensions(urls), Value::Array(extensions)) => {
            let is_kept = |extension: &&Value| {
                extension.get("url").and_then(Value::as_str).is_some_and(|url| urls.contains(&url))
            };
            let kept: Vec<_> = extensions.iter().filter(is_kept).cloned().map(Node::Value).collect();
            (!kept.is_empty()).then_some(Node::Array(kept))
        }
        (Keep::Members(shape), Value::Object(object)) => match project(object, shape) {
            Node::Object(members) if members.is_empty() => None,
            node => Some(node),
        },
        (Keep::Members(_), Value::Array(items)) => {
            Some(Node::Array(items.iter().filter_map(|item| kept(item, keep)).collect()))
        }
        _ => Some(Node::Value(value.clone())),
    }
}
