//! Markdown of definitions and of our manual: to HTML that runs nothing and fetches nothing, or to plain words.

use ers_fhir_values::markup::Escaped;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Longest summary, in characters.
const LONGEST: usize = 240;

/// Where the links of a text lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A definition of anybody: what is relative leads into another site.
    Definition,
    /// A page of ours: what is relative leads to other pages.
    Page,
}

/// A text as HTML: raw HTML in it is shown as it is written, images are links, headings begin at the third level.
pub(crate) fn html(markdown: &str, origin: Origin) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut names = crate::anchors::Names::default();
    let mut open = Vec::new();
    let mut regions = 0;
    let mut events: Vec<Event<'_>> = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            // Around raw HTML, which is text here.
            Event::Start(Tag::HtmlBlock) => events.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => events.push(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let target = target(&dest_url, origin);
                events.extend(
                    target.as_deref().map(|to| Event::InlineHtml(format!("<a href=\"{to}\">").into())),
                );
                open.push(target.is_some());
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                events.extend(open.pop().filter(|open| *open).map(|_| Event::InlineHtml("</a>".into())));
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let level = lowered(level, origin);
                events.push(Event::Start(Tag::Heading {
                    level,
                    id: None,
                    classes: Vec::new(),
                    attrs: Vec::new(),
                }));
            }
            Event::End(TagEnd::Heading(level)) => {
                let level = lowered(level, origin);
                let start =
                    events.iter().rposition(|event| matches!(event, Event::Start(Tag::Heading { .. })));
                let start = start.unwrap_or_default();
                if origin == Origin::Page {
                    let words: String = events[start..].iter().filter_map(text_of).collect();
                    let id = names.give("", &slug(&words));
                    let tag = Tag::Heading {
                        level,
                        id: Some(id.clone().into()),
                        classes: Vec::new(),
                        attrs: Vec::new(),
                    };
                    events[start] = Event::Start(tag);
                    let words = escaped(&words);
                    let anchor =
                        format!(" <a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to “{words}”\">#</a>");
                    events.push(Event::InlineHtml(anchor.into()));
                }
                events.push(Event::End(TagEnd::Heading(level)));
            }
            Event::Start(Tag::Table(columns)) => {
                regions += 1;
                let open =
                    format!("<section class=\"scroll\" tabindex=\"0\" aria-label=\"Table {regions}\">");
                events.push(Event::InlineHtml(open.into()));
                events.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(Event::InlineHtml("</section>".into()));
            }
            Event::Start(Tag::CodeBlock(_)) => {
                regions += 1;
                let open = format!(
                    "<figure class=\"code\"><pre tabindex=\"0\" role=\"region\" aria-label=\"Code {regions}\"><code>"
                );
                events.push(Event::InlineHtml(open.into()));
            }
            Event::End(TagEnd::CodeBlock) => events.push(Event::InlineHtml("</code></pre></figure>".into())),
            event => events.push(event),
        }
    }
    let mut made = String::with_capacity(markdown.len() * 3 / 2);
    // Quotes are escaped as well, so that no text looks like an attribute.
    let written = events.into_iter().map(|event| match event {
        Event::Text(text) => Event::InlineHtml(escaped(&text).into()),
        Event::Code(text) => Event::InlineHtml(format!("<code>{}</code>", escaped(&text)).into()),
        event => event,
    });
    html::push_html(&mut made, written);
    made.replace(" \n", "\n")
}

fn text_of<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    }
}

/// A heading of a page stands below that of the page; one of a definition below that of its section.
fn lowered(level: HeadingLevel, origin: Origin) -> HeadingLevel {
    match (origin, level) {
        (Origin::Page, level) => level,
        (Origin::Definition, HeadingLevel::H1 | HeadingLevel::H2 | HeadingLevel::H3) => HeadingLevel::H2,
        (Origin::Definition, _) => HeadingLevel::H3,
    }
}

/// The anchor of a heading.
fn slug(words: &str) -> String {
    let kept: String = words
        .to_lowercase()
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
        .collect();
    let steps: Vec<&str> = kept.split('-').filter(|step| !step.is_empty()).collect();
    if steps.is_empty() { "section".to_owned() } else { steps.join("-") }
}

/// Where a link leads, as an attribute; `None` where it may not or cannot lead there.
fn target(address: &CowStr<'_>, origin: Origin) -> Option<String> {
    let is_web = ["https://", "http://"].iter().any(|scheme| {
        address.len() > scheme.len()
            && address.is_char_boundary(scheme.len())
            && address[..scheme.len()].eq_ignore_ascii_case(scheme)
    });
    let has_scheme = address.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':'));
    let is_ours = origin == Origin::Page && !has_scheme && !address.starts_with('/');
    let is_plain = !address.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    if is_ours {
        // Pages are written to lead to each other as files of Markdown, which they are elsewhere.
        return Some(escaped(
            &address
                .replace(".md#", ".html#")
                .strip_suffix(".md")
                .map_or_else(|| address.replace(".md#", ".html#"), |stem| format!("{stem}.html")),
        ));
    }
    (is_web && is_plain).then(|| escaped(address))
}

fn escaped(text: &str) -> String {
    Escaped(text).to_string()
}

/// The first paragraph of a text without its marks, and not long.
pub(crate) fn summary(markdown: &str) -> String {
    let mut plain = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) | Event::Html(text) => {
                plain.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => plain.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::HtmlBlock)
                if !plain.trim().is_empty() =>
            {
                break;
            }
            _ => {}
        }
    }
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    match plain.char_indices().nth(LONGEST) {
        None => plain,
        Some((end, _)) => {
            let cut = plain[..end].rsplit_once(' ').map_or(&plain[..end], |(start, _)| start);
            format!("{} …", cut.trim_end_matches([',', ';', ':']))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, html, summary};

    #[test]
    fn nothing_in_a_text_runs_or_is_fetched() {
        for (text, kept) in [
            ("<script>alert(1)</script>", "&lt;script&gt;"),
            ("a <img src=x onerror=alert(1)> b", "&lt;img"),
            ("[x](javascript:alert(1))", "<p>x</p>"),
            ("[x](JaVaScRiPt:alert(1))", "<p>x</p>"),
            ("[x](data:text/html,hi)", "<p>x</p>"),
            ("[x](other.html)", "<p>x</p>"),
            ("[x](//evil.example)", "<p>x</p>"),
            ("![x](https://example.org/a.png)", "<a href=\"https://example.org/a.png\">x</a>"),
            ("<https://example.org/?a=1&b=2>", "href=\"https://example.org/?a=1&amp;b=2\""),
            (
                "[x](https://example.org/\"onclick=alert(1))",
                "href=\"https://example.org/&quot;onclick=alert(1)\"",
            ),
            ("# T", "<h2>T</h2>"),
        ] {
            let made = html(text, Origin::Definition);
            assert!(made.contains(kept), "{text}: {made}");
            for what in ["<script", "<img", "javascript:", "JaVaScRiPt:", "data:"] {
                assert!(!made.contains(what), "{text}: {made}");
            }
        }
    }

    #[test]
    fn pages_of_ours_lead_to_each_other_and_have_anchors() {
        let made = html("## In *CI*\n\n[x](packages.md#by-name), [y](../a/b.md)\n\n## In CI\n", Origin::Page);
        for kept in
            ["id=\"in-ci\"", "id=\"in-ci-2\"", "href=\"packages.html#by-name\"", "href=\"../a/b.html\""]
        {
            assert!(made.contains(kept), "{kept}: {made}");
        }
    }

    #[test]
    fn a_summary_is_a_sentence_or_two_without_marks() {
        assert_eq!(summary("This *is* [a](b) `c`\nd.\n\nMore."), "This is a c d.");
        assert_eq!(summary("# Title\n\nText"), "Title");
        assert_eq!(summary(""), "");
        let long = summary(&"word ".repeat(100));
        assert!(long.ends_with("word …") && long.len() < 260, "{long}");
    }
}
