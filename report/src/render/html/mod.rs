//! One page for people without a terminal: every finding in words, with its line of the payload. It needs no
//! network; its script only adds filters.

use std::fmt::Write;

use ers_fhir_values::markup::Escaped;

use super::checked::Checked;
use super::exit::{printable, printable_lines};
use super::figures::figures;
use super::format::Render;
use super::frame::Frame;
use super::notes::{Note, notes};
use super::shown::{place, shown};
use super::source::source;
use super::summary::Summary;
use crate::{Diagnostic, Severity};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The format.
#[derive(Debug)]
pub struct Html {
    /// Whether values of the payload are hidden.
    pub masks: bool,
}

impl Html {
    fn finding(&self, checked: &Checked, source: &str, diagnostic: &Diagnostic) -> String {
        let (rule, severity) = (diagnostic.rule, word(diagnostic.severity));
        let message = escaped(&shown(&diagnostic.message, self.masks));
        let mut html = format!(
            "<article class=\"{severity}\" data-rule=\"{}\" data-severity=\"{severity}\">\n\
             <h3><span class=\"severity\">{severity}</span> {message}</h3>\n",
            rule.code
        );
        if diagnostic.part.is_none() && source.len() == checked.text.len() && !source.is_empty() {
            let frame = Frame::around(source, diagnostic.span.clone());
            let frame = if self.masks { frame.with_even_stars() } else { frame };
            let (line, span) = printable_lines(&frame.text, frame.span);
            let _infallible = writeln!(
                html,
                "<pre><span class=\"line\">{}</span>{}<mark>{}</mark>{}</pre>",
                diagnostic.position.line,
                escaped(&line[..span.start]),
                escaped(&line[span.clone()]),
                escaped(&line[span.end..])
            );
        }
        html.push_str("<dl>\n");
        if let Some(suggestion) = &diagnostic.suggestion {
            entry(&mut html, "What to do", &shown(suggestion, self.masks));
        }
        for Note { word, text } in notes(diagnostic, self.masks) {
            entry(&mut html, word, &text);
        }
        if !diagnostic.location.is_empty() {
            entry(&mut html, "Element", &place(&diagnostic.location, self.masks));
        }
        let place = match diagnostic.part {
            Some(part) => part.to_string(),
            None => format!("line {}, column {}", diagnostic.position.line, diagnostic.position.column),
        };
        entry(&mut html, "Place", &place);
        if let Some(profile) = &diagnostic.profile {
            entry(&mut html, "Demanded by", profile);
        }
        entry(&mut html, "Rule", &format!("{}: {}", rule.code, rule.summary));
        html.push_str("</dl>\n</article>\n");
        html
    }
}

impl Render for Html {
    fn open(&self) -> String {
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
             script-src 'unsafe-inline'\">\n<title>FHIR validation</title>\n<style>\n{STYLE}</style>\n</head>\n\
             <body>\n<header>\n<h1>FHIR validation</h1>\n<p><a href=\"#summary\">Summary</a></p>\n\
             <form id=\"filters\" hidden></form>\n</header>\n<main>\n"
        )
    }

    fn payload(&self, checked: &Checked) -> String {
        let (class, verdict) = if checked.fails { ("failed", "failed") } else { ("passed", "passed") };
        let release = checked.version.map_or_else(String::new, |version| format!(" as FHIR {version}"));
        let operation = checked
            .operation
            .map_or_else(String::new, |operation| format!(" data-operation=\"{}\"", escaped(operation)));
        let found = &checked.report.diagnostics;
        let mut html = format!(
            "<section class=\"{class}\"{operation}>\n<h2>{} <small>{verdict}{release}</small></h2>\n",
            escaped(&checked.name)
        );
        if found.is_empty() {
            html.push_str("<p>Nothing found.</p>\n");
        }
        let source = source(checked, self.masks);
        html.extend(found.iter().map(|diagnostic| self.finding(checked, &source, diagnostic)));
        html.push_str("</section>\n");
        html
    }

    fn failure(&self, error: &str) -> String {
        format!("<section class=\"failed\"><h2>Not checked</h2><p>{}</p></section>\n", escaped(error))
    }

    fn close(&self, summary: &Summary) -> String {
        let figures = figures(summary).map(|line| escaped(&line)).collect::<Vec<_>>().join("</p>\n<p>");
        format!(
            "</main>\n<footer id=\"summary\">\n<h2>Summary</h2>\n<p>{figures}</p>\n</footer>\n<script>\n{SCRIPT}</script>\n\
             </body>\n</html>\n"
        )
    }
}

fn entry(html: &mut String, name: &str, text: &str) {
    let _infallible = writeln!(html, "<dt>{name}</dt><dd>{}</dd>", escaped(text));
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Fatal => "fatal",
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "information",
    }
}

/// A text as the content of an element or an attribute.
fn escaped(text: &str) -> String {
    Escaped(&printable(text)).to_string()
}
