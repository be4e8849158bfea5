//! Writing text in XML and HTML.

use std::fmt::{self, Write};

/// A text as the content of an element, or of an attribute in either kind of quotes, in XML and in HTML.
///
/// ```
/// use ers_fhir_values::markup::Escaped;
///
/// assert_eq!(Escaped("<b>\"R&D\"</b>").to_string(), "&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt;");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Escaped<'t>(pub &'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(|letter| reference(letter).is_some()) {
            let (plain, special) = rest.split_at(at);
            f.write_str(plain)?;
            let mut letters = special.chars();
            f.write_str(letters.next().and_then(reference).unwrap_or_default())?;
            rest = letters.as_str();
        }
        f.write_str(rest)
    }
}

/// A character that XML cannot hold, not even as a character reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotInXml(pub char);

/// Writes a value as the content of an XML attribute in double quotes, so that a reader gets the same value back:
/// tabs and line ends become character references, since bare ones are read as spaces.
///
/// Source: <https://www.w3.org/TR/xml/#AVNormalize>.
pub fn write_attribute(text: &mut String, value: &str) -> Result<(), NotInXml> {
    for letter in value.chars() {
        match letter {
            '\t' | '\n' | '\r' => {
                let _infallible = write!(text, "&#{};", u32::from(letter));
            }
            '\u{fffe}' | '\u{ffff}' | '\0'..' ' => return Err(NotInXml(letter)),
            // Neither needs escaping between double quotes.
            '\'' | '>' => text.push(letter),
            letter => match reference(letter) {
                Some(reference) => text.push_str(reference),
                None => text.push(letter),
            },
        }
    }
    Ok(())
}

/// The reference for a character that has a meaning in markup.
const fn reference(letter: char) -> Option<&'static str> {
    Some(match letter {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Escaped, NotInXml, write_attribute};

    #[test]
    fn letters_that_mean_something_are_written_otherwise() {
        for (text, written) in [
            ("", ""),
            ("plain \u{e9}", "plain \u{e9}"),
            ("&<>\"'", "&amp;&lt;&gt;&quot;&#39;"),
            ("a&amp;b\u{1f600}<", "a&amp;amp;b\u{1f600}&lt;"),
        ] {
            assert_eq!(Escaped(text).to_string(), written);
        }
    }

    #[test]
    fn attributes_keep_white_space_and_refuse_what_xml_cannot_hold() {
        let written = |value: &str| {
            let mut text = String::new();
            write_attribute(&mut text, value).map(|()| text)
        };
        assert_eq!(written("a\tb\n'<c>' \"&\""), Ok("a&#9;b&#10;'&lt;c>' &quot;&amp;&quot;".to_owned()));
        assert_eq!(written("\r"), Ok("&#13;".to_owned()));
        for letter in ['\0', '\u{1}', '\u{fffe}'] {
            assert_eq!(written(&letter.to_string()), Err(NotInXml(letter)));
        }
    }
}
