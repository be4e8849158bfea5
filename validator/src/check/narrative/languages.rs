//! Sections of a narrative in different languages, where a profile says which there must be.
//!
//! Source: <http://hl7.org/fhir/extensions/StructureDefinition-narrative-language-control.html>.

use ers_fhir_report::Message;
use ers_fhir_tree::Node;

use super::local;
use super::markup::{Event, scan};
use crate::check::{Checker, Finding};
use crate::rule::narrative as rules;
use crate::schema::Origin;

/// Checks the languages of a Narrative against what an element of a profile demands.
pub(crate) fn check_languages<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    if origin.element.narrative_languages.is_empty() {
        return;
    }
    let Some(found) = node.child_value("div").and_then(sections) else { return };
    for demand in &origin.element.narrative_languages {
        let message = match &**demand {
            "_no" if !found.is_empty() => {
                Message::text("the narrative has sections in languages: ").value(&found.join(", "))
            }
            "_yes" if found.is_empty() => Message::text("the narrative has no sections in languages"),
            "_no" | "_yes" => continue,
            "_resource" => {
                let language = node.parent().and_then(|resource| resource.child_value("language"));
                let Some(language) = language.filter(|language| !found.contains(language)) else { continue };
                Message::text("the narrative has no section in the language of the resource, ")
                    .value(language)
            }
            language if !found.contains(&language) => {
                Message::text(format!("the narrative has no section in the language {language}"))
            }
            _ => continue,
        };
        ctx.report(Finding::new(&rules::NARRATIVE_LANGUAGES, node, message).demanded_by(origin).at_key(node));
    }
}

/// The languages of the sections: of each `div` inside the outer one that has a language. `None`
/// where the markup cannot be read.
fn sections(markup: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut elements = 0_usize;
    let mut in_section = false;
    let read = scan(markup, |event| match event {
        Event::Element(name) => {
            elements += 1;
            in_section = elements > 1 && local(name) == "div";
        }
        Event::Attribute { name: "lang" | "xml:lang", value }
            if in_section && found.last() != Some(&value) =>
        {
            found.push(value);
        }
        _ => {}
    });
    read.ok().map(|()| found)
}
