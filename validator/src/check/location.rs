//! Where a node is, as FHIRPath.

use std::fmt::Write;

use ers_fhir_tree::Node;

use super::Checker;

impl<'d> Checker<'_, 'd> {
    /// `Patient.contact[0].name`, with indexes wherever the element repeats.
    pub(crate) fn location(&self, node: Node<'d>) -> String {
        let mut chain = Vec::with_capacity(16);
        chain.push(node);
        while let Some(parent) = chain[chain.len() - 1].parent() {
            chain.push(parent);
        }
        let mut path = String::with_capacity(96);
        for node in chain.into_iter().rev() {
            if node.parent().is_none() {
                path.push_str(node.resource_type().filter(|name| is_type_name(name)).unwrap_or("Resource"));
                continue;
            }
            self.write_step(node, &mut path);
        }
        path
    }

    fn write_step(&self, node: Node<'d>, path: &mut String) {
        let fact = self.fact(node);
        path.push('.');
        match (fact.element, fact.type_name()) {
            (Some(element), Some(type_name)) if element.is_choice => {
                let _infallible = write!(path, "{}.ofType({type_name})", element.name);
            }
            _ => write_name(node.name(), path),
        }
        let repeats = fact.element.is_some_and(|element| element.is_list);
        if repeats || node.in_array() || node.index() > 0 {
            let _infallible = write!(path, "[{}]", node.index());
        }
    }
}

/// Writes a name, in backquotes if FHIRPath would not accept it as an identifier.
fn write_name(name: &str, path: &mut String) {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty();
    if is_plain {
        path.push_str(name);
        return;
    }
    path.push('`');
    for letter in name.chars() {
        match letter {
            '`' | '\\' => path.extend(['\\', letter]),
            control if control.is_control() => {
                let _infallible = write!(path, "\\u{:04x}", u32::from(control));
            }
            letter => path.push(letter),
        }
    }
    path.push('`');
}

/// Whether a text can be the name of a type; no other text of the payload appears in a location.
fn is_type_name(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}
