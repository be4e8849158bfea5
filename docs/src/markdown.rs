//! Escaping for templates that make Markdown, so that a text means what it says, whoever wrote it.

use std::borrow::Cow;
use std::fmt::Write;

use minijinja::{AutoEscape, Environment, Error, Output, State, Value};

/// The name of the escaping that Markdown templates use.
const ESCAPES: AutoEscape = AutoEscape::Custom(Cow::Borrowed("markdown"));

/// Lets templates make Markdown.
pub(crate) fn prepare(templates: &mut Environment<'static>) {
    templates.set_auto_escape_callback(|_| ESCAPES);
    templates.set_formatter(emit);
    templates.add_filter("code", |text: &str| Value::from_safe_string(code(text)));
    templates
        .add_filter("fence", |text: &str, language: &str| Value::from_safe_string(fence(text, language)));
    templates.add_filter("address", |text: &str| Value::from_safe_string(address(text)));
}

fn emit(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = value.to_string();
    let text = if value.is_safe() { text } else { escaped(&text) };
    out.write_str(&text).map_err(Error::from)
}

/// Text in a line, with all marks of Markdown, HTML and MDX escaped.
fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len() + 8);
    for (number, letter) in text.split_whitespace().collect::<Vec<_>>().join(" ").chars().enumerate() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => made.extend(['\\', letter]),
            '#' | '-' | '+' if number == 0 => made.extend(['\\', letter]),
            '<' => made.push_str("&lt;"),
            '>' => made.push_str("&gt;"),
            '&' => made.push_str("&amp;"),
            '{' => made.push_str("&#123;"),
            '}' => made.push_str("&#125;"),
            letter => made.push(letter),
        }
    }
    // Spaces around a text separate it from its neighbours.
    let space = |is_there: bool| if is_there { " " } else { "" };
    let is_space = |letter: Option<char>| letter.is_some_and(char::is_whitespace);
    let (before, behind) = (is_space(text.chars().next()), is_space(text.chars().next_back()));
    if made.is_empty() { made } else { format!("{}{made}{}", space(before), space(behind)) }
}

/// Longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default()
}

/// Text as code in a line, also of a table.
fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// Text as a block of code.
fn fence(text: &str, language: &str) -> String {
    let ticks = "`".repeat(longest_run(text).max(2) + 1);
    format!("\n{ticks}{language}\n{}\n{ticks}\n", text.trim_end())
}

/// The target of a link: it ends where it should.
fn address(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            ' ' | '(' | ')' | '<' | '>' | '[' | ']' | '"' | '\'' | '\\' | '`' | '{' | '}' | '|' => {
                let _ = write!(made, "%{:02X}", u32::from(letter));
            }
            letter if letter.is_control() => {}
            letter => made.push(letter),
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{address, code, escaped, fence};

    #[test]
    fn texts_stay_texts() {
        assert_eq!(
            escaped("# a *b*\n[c](d) <e> {f}"),
            "\\# a \\*b\\*\\[c\\](d) &lt;e&gt; &#123;f&#125;".replace("\\*\\[", "\\* \\[")
        );
        assert_eq!(code("a`b|c"), "``a`b\\|c``");
        assert_eq!(fence("a\n```\nb\n", "json"), "\n````json\na\n```\nb\n````\n");
        assert_eq!(address("https://e.org/a b(c)\n"), "https://e.org/a%20b%28c%29");
    }
}
