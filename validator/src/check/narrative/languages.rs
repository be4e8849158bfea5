//! Sections of a narrative in different languages.
//!
//! Source: <http://hl7.org/fhir/extensions/StructureDefinition-narrative-language-control.html>.

use super::markup::{Event, local, scan};

/// The languages of the sections: of each `div` directly inside the outer one that has `xml:lang`. `None` if the
/// markup cannot be read.
pub(crate) fn sections(markup: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut in_section = false;
    let read = scan(markup, |event| match event {
        Event::Element(name) => {
            depth += 1;
            in_section = depth == 2 && local(name) == "div";
        }
        Event::Attribute { name: "xml:lang", value } if in_section => found.push(value),
        Event::End => depth -= 1,
        _ => {}
    });
    read.ok().map(|()| found)
}
