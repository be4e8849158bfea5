//! Our own manual: a guide to the command line, and guides to the libraries, written by hand.

use super::section::page;
use crate::page::{Content, Page, Text};
use crate::prose;

macro_rules! guide {
    ($($name:literal in $group:literal),* $(,)?) => {
        [$(($name, $group, include_str!(concat!("../../manual/", $name, ".md")))),*]
    };
}

/// Where the first page of the manual is.
pub(super) const START: &str = "manual/start-here";

/// The pages of the manual, in the order in which they are read.
static PAGES: [(&str, &str, &str); 13] = guide![
    "start-here" in "To begin with",
    "install" in "To begin with",
    "first-run" in "To begin with",
    "local" in "To begin with",
    "ci" in "The command line",
    "configuration" in "The command line",
    "packages" in "The command line",
    "suppressions" in "The command line",
    "editors" in "The command line",
    "validator" in "The libraries",
    "model" in "The libraries",
    "codegen" in "The libraries",
    "client" in "The libraries",
];

/// The pages of the manual, each with the part that it is in.
pub(super) fn pages() -> Vec<(Page, String)> {
    let made = PAGES.iter().map(|(name, group, text)| {
        let (title, rest) = text.split_once('\n').unwrap_or((text, ""));
        let markdown = shown(rest.trim());
        let summary = prose::summary(&markdown);
        let title = title.trim_start_matches("# ");
        let content = Content::Text(Text { markdown });
        (page(format!("manual/{name}"), title, summary, content), (*group).to_owned())
    });
    made.collect()
}

/// A text without the parts that only its test needs: words after the language of a block, expected statuses, and
/// hidden lines of Rust.
fn shown(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut language: Option<&str> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), language) {
            (Some(_), Some(_)) => {
                language = None;
                made.push_str(line);
            }
            (Some(info), None) => {
                let first = info.split(',').next().unwrap_or(info);
                language = Some(first);
                made.push_str("```");
                made.push_str(first);
            }
            (None, Some("rust")) if line == "#" || line.starts_with("# ") => continue,
            (None, Some("sh")) => made.push_str(line.split("   # ").next().map_or(line, |shown| {
                let is_status = line[shown.len()..].trim_start_matches([' ', '#']).parse::<i32>().is_ok();
                if is_status { shown } else { line }
            })),
            _ => made.push_str(line),
        }
        made.push('\n');
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{pages, shown};
    use crate::page::Content;

    #[test]
    fn what_only_tests_need_is_not_shown() {
        let text = "```sh,norun\na   # 1\nb   # what it does\n```\n\n```rust\nlet a = 1;\n# Ok(())\n```\n";
        assert_eq!(shown(text), "```sh\na\nb   # what it does\n```\n\n```rust\nlet a = 1;\n```\n");
    }

    #[test]
    fn every_page_has_a_heading_and_a_summary() {
        for (page, _) in pages() {
            assert!(!page.title.is_empty() && !page.title.starts_with('#'), "{}", page.path);
            assert!(!page.summary.is_empty(), "{}", page.path);
            assert!(
                matches!(&page.content, Content::Text(text) if text.markdown.contains("```")),
                "{}",
                page.path
            );
        }
    }
}
