//! Markdown, as the summaries of build jobs and the comments of reviews show it.

use std::fmt::Write;

use super::checked::Checked;
use super::exit::printable;
use super::figures::figures;
use super::format::Render;
use super::notes::{Note, notes};
use super::shown::{place, shown};
use super::summary::Summary;
use crate::Diagnostic;

/// Most findings of one payload that are listed; more would hide those of others.
const MOST: usize = 100;

/// The format.
#[derive(Debug)]
pub struct Markdown {
    /// Whether values of the payload are hidden.
    pub masks: bool,
}

impl Markdown {
    fn row(&self, diagnostic: &Diagnostic) -> String {
        let mut message = escaped(&shown(&diagnostic.message, self.masks));
        if let Some(suggestion) = &diagnostic.suggestion {
            let _infallible = write!(message, "<br>*{}*", escaped(&shown(suggestion, self.masks)));
        }
        for Note { word, text } in notes(diagnostic, self.masks) {
            let _infallible = write!(message, "<br>{word}: {}", escaped(&text));
        }
        let (line, place) = match diagnostic.part {
            Some(part) => (String::new(), part.to_string()),
            None => {
                (diagnostic.position.line.to_string(), place(&diagnostic.location, self.masks).into_owned())
            }
        };
        let rule = escaped(diagnostic.rule.code);
        format!("| {line} | {} | {rule} | {} | {message} |\n", diagnostic.severity, escaped(&place))
    }
}

impl Render for Markdown {
    fn open(&self) -> String {
        "# FHIR validation\n\n".to_owned()
    }

    fn payload(&self, checked: &Checked) -> String {
        let found = &checked.report.diagnostics;
        if found.is_empty() {
            return String::new();
        }
        let verdict = if checked.fails { "failed" } else { "passed" };
        let mut text = format!("## {}: {verdict}\n\n", escaped(&checked.name));
        text.push_str(
            "| line | severity | rule | element | what is wrong |\n| ---: | --- | --- | --- | --- |\n",
        );
        text.extend(found.iter().take(MOST).map(|diagnostic| self.row(diagnostic)));
        if found.len() > MOST {
            let _infallible = write!(text, "\nand {} more\n", found.len() - MOST);
        }
        text.push('\n');
        text
    }

    fn failure(&self, error: &str) -> String {
        format!("**Not checked:** {}\n\n", escaped(error))
    }

    fn close(&self, summary: &Summary) -> String {
        figures(summary).map(|line| escaped(&line)).collect::<Vec<_>>().join("\n\n") + "\n"
    }
}

/// A text escaped so that no part of it is taken for markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in printable(text).chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // A mention, a reference to an issue, and an automatic link.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            ':' => escaped.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' => escaped.extend(['\\', letter]),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_is_taken_for_markup() {
        for (text, shown) in [
            ("a|b", "a\\|b"),
            ("<script>", "&lt;script&gt;"),
            ("[x](javascript:y)", "\\[x\\](javascript&#58;y)"),
            ("@someone #1", "&#64;someone &#35;1"),
        ] {
            assert_eq!(escaped(text), shown);
        }
    }
}
