//! Documentation of generated items: facts, and links to the specification.

use ers_fhir_values::canonical;
use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Field, Structure, StructureKind};

/// One `///` line for each line of text.
pub(crate) fn doc(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| {
        let line: String = line.chars().filter(|letter| is_harmless(*letter)).collect();
        let line = if line.is_empty() { line } else { format!(" {line}") };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// Whether a character is allowed in a comment: not control characters, and not those that change the direction of
/// text, which the compiler refuses.
fn is_harmless(letter: char) -> bool {
    !letter.is_control() && !matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

pub(crate) fn structure(structure: &Structure, specification: &str) -> TokenStream {
    let what = match structure.kind {
        StructureKind::Resource => "Resource",
        StructureKind::Datatype => "Datatype",
        StructureKind::Nested => "Element",
    };
    let page = page(&structure.owner, structure, specification);
    let short =
        structure.short.as_deref().map(|short| format!("\n\n{}", markdown(short))).unwrap_or_default();
    doc(&format!("{what} `{}`.{short}\n\nSource: <{page}>.", structure.path))
}

/// The page of the specification that defines a type.
fn page(owner: &str, structure: &Structure, specification: &str) -> String {
    let own_page = structure.kind == StructureKind::Resource || structure.path.contains('.');
    let is_datatype_page = !own_page
        && !matches!(owner, "Extension" | "Reference" | "Narrative" | "Element" | "ElementDefinition");
    if is_datatype_page {
        let anchor = if owner == "Meta" { "resource.html#Meta" } else { "datatypes.html#" };
        let name = if owner == "Meta" { "" } else { owner };
        return format!("{specification}{anchor}{name}");
    }
    match owner {
        "Extension" => format!("{specification}extensibility.html"),
        "Reference" => format!("{specification}references.html"),
        _ => format!("{specification}{}.html", owner.to_ascii_lowercase()),
    }
}

pub(crate) fn field(field: &Field) -> TokenStream {
    let facts = &field.facts;
    let mut text = format!("`{}`, {}", field.path, facts.cardinality);
    match facts.types.as_slice() {
        [] => {}
        [one] => text = format!("{text}: {one}"),
        many if many.len() > 12 => text = format!("{text}: one of {} types", many.len()),
        many => text = format!("{text}: {}", many.join(" | ")),
    }
    if !facts.targets.is_empty() {
        text = format!("{text} to {}", facts.targets.join(" | "));
    }
    text.push('.');
    if let Some((strength, value_set)) = &facts.binding {
        let url = canonical::url(value_set);
        text = format!("{text}\n\nBinding ({strength}): <{url}>.");
    }
    if let Some(short) = &facts.short {
        text = format!("{}.\n\n{text}", markdown(short.trim_end_matches('.')));
    }
    doc(&text)
}

/// Text of a package, escaped so that rustdoc takes none of it for markup.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '[' | ']' | '<' | '>' | '*' | '_' | '`' | '#' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    let words = escaped.split_ascii_whitespace();
    let linked = words.map(|word| {
        if word.contains("://") { format!("<{}>", word.replace('\\', "")) } else { word.to_owned() }
    });
    linked.collect::<Vec<_>>().join(" ")
}
