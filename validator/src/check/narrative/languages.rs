//! Sections of a narrative in different languages.
//!
//! Source: <http://hl7.org/fhir/extensions/StructureDefinition-narrative-language-control.html>.

use super::markup::{Event, local, scan};

/// The languages of the sections: of each `div` inside the outer one that has a language. `None` if the
/// markup cannot be read.
pub(crate) fn sections(markup: &str) -> Option<Vec<&str>> {
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
