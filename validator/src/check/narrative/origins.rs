//! Parts of a narrative that say where they come from.
//!
//! Source: <http://hl7.org/fhir/extensions/StructureDefinition-narrative-source-control.html>.

use super::markup::{Event, scan};

/// The classes by which a part says that it was generated, is boilerplate, or was written for this narrative.
const ORIGINS: [&str; 3] = ["generated", "boilerplate", "original"];

/// The number of parts directly inside the outer `div` that hold text and do not say where it comes from. `None` if
/// the markup cannot be read.
pub(crate) fn unstated(markup: &str) -> Option<usize> {
    let (mut depth, mut count) = (0_usize, 0);
    // Of the part that is being read.
    let (mut has_text, mut has_origin) = (false, false);
    let read = scan(markup, |event| {
        // Text directly inside the outer `div` is a part of its own, and has no class.
        let ends_part =
            matches!(event, Event::Element(_)) && depth == 1 || matches!(event, Event::End) && depth <= 2;
        if ends_part {
            count += usize::from(has_text && !has_origin);
            (has_text, has_origin) = (false, false);
        }
        match event {
            Event::Element(_) => depth += 1,
            Event::End => depth -= 1,
            Event::Attribute { name: "class", value } => has_origin |= depth == 2 && ORIGINS.contains(&value),
            Event::Text(text) => has_text |= depth > 0 && text.contains(|sign| !" \t\r\n".contains(sign)),
            Event::Attribute { .. } | Event::Entity(_) => {}
        }
    });
    read.ok().map(|()| count)
}

#[cfg(test)]
mod tests {
    use super::unstated;

    #[test]
    fn each_part_with_text_says_where_it_comes_from() {
        for (content, count) in [
            ("<p class='generated'>a</p>", 0),
            ("<p class='generated'>a <b>b</b></p> <p class='original'>c</p><br/>", 0),
            ("<p>a</p><p class='boilerplate'>b</p>", 1),
            ("<p><b class='generated'>a</b></p>", 1),
            ("<p class='other'>a</p><p class='generated other'>b</p>", 2),
            ("a<p class='generated'>b</p>c", 2),
            ("<p> </p><!-- a -->", 0),
            ("<p>&#160;</p>", 1),
        ] {
            let markup =
                format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{}</div>", content.replace('\'', "\""));
            assert_eq!(unstated(&markup), Some(count), "{content}");
        }
    }
}
