//! Completions in `ers-fhir.toml`: operations of e-RS, business functions, rules.

use std::ops::Range;

use ers_fhir_ers::rule;
use ers_fhir_ers::service::{Role, endpoints};
use lsp_types::CompletionItemKind;

use crate::completion::Offer;

/// The completions at a place in the text, and the range of bytes that they replace.
pub(crate) fn offers(source: &str, offset: usize) -> (Vec<Offer>, Range<usize>) {
    let start = source[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = source[offset..].find('\n').map_or(source.len(), |at| offset + at);
    let line = &source[start..end];
    let nothing = (Vec::new(), offset..offset);
    let Some((key, value)) = line.split_once('=').filter(|(key, _)| start + key.len() < offset) else {
        return if is_in_rules(&source[..start]) { (rules(), word(source, start, offset)) } else { nothing };
    };
    let begin = start + key.len() + 1 + (value.len() - value.trim_start().len());
    let written = value.trim().len();
    let token = begin.min(offset)..(begin + written).max(offset);
    let offers = match key.trim() {
        "endpoint" => operations(),
        "role" => functions(),
        "access" => words(&["user", "application"]),
        "fhir-version" => words(&["3.0", "4.0"]),
        "rule" => rules(),
        "fail-on" => words(&["error", "warning", "information"]),
        _ if is_in_rules(&source[..start]) => words(&["off", "information", "warning", "error"]),
        _ => return nothing,
    };
    let quoted = offers.into_iter().map(|offer| Offer { text: format!("\"{}\"", offer.label), ..offer });
    (quoted.collect(), token)
}

/// Whether the last table that begins before a place holds levels of rules.
fn is_in_rules(before: &str) -> bool {
    let table = before.lines().rev().map(str::trim).find(|line| line.starts_with('['));
    matches!(table, Some("[rules]" | "[path.rules]"))
}

/// The key before a place, as far as it is written.
fn word(source: &str, start: usize, offset: usize) -> Range<usize> {
    start + (source[start..offset].len() - source[start..offset].trim_start().len())..offset
}

fn operations() -> Vec<Offer> {
    let all = endpoints().into_iter().filter(|endpoint| !endpoint.is_versioned());
    all.map(|endpoint| offer(endpoint.id, endpoint.name, CompletionItemKind::FUNCTION)).collect()
}

fn functions() -> Vec<Offer> {
    Role::ALL.map(|role| offer(role.code(), "", CompletionItemKind::ENUM_MEMBER)).into()
}

fn rules() -> Vec<Offer> {
    let all = rule::all().chain(ers_fhir_lint::rule::all());
    all.map(|rule| offer(rule.code, rule.summary, CompletionItemKind::CONSTANT)).collect()
}

fn words(all: &[&str]) -> Vec<Offer> {
    all.iter().map(|word| offer(word, "", CompletionItemKind::VALUE)).collect()
}

fn offer(label: &str, detail: &str, kind: CompletionItemKind) -> Offer {
    Offer {
        label: label.to_owned(),
        detail: detail.to_owned(),
        kind,
        text: label.to_owned(),
        behind: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> (Vec<Offer>, String) {
        let offset = text.find('‸').expect("it has a caret");
        let text = text.replace('‸', "");
        let (found, token) = offers(&text, offset);
        (found, text[token].to_owned())
    }

    #[test]
    fn operations_functions_and_rules_are_offered() {
        let (found, token) = at("[[path]]\nglob = [\"a/*\"]\nendpoint = \"A0‸\"\n");
        assert!(found.iter().any(|offer| offer.text == "\"A011\"" && !offer.detail.is_empty()));
        assert_eq!(token, "\"A0\"");
        assert!(at("role = ‸").0.iter().any(|offer| offer.label == "REFERRING_CLINICIAN"));
        let (found, token) = at("[rules]\nunk‸\n");
        assert!(found.iter().any(|offer| offer.text == "unknown-element"));
        assert_eq!(token, "unk");
        assert_eq!(at("[rules]\nunknown-element = ‸\n").0.len(), 4);
        for nothing in ["‸", "timeout = ‸", "[path]\nx‸", "ä = ‸"] {
            assert_eq!(at(nothing).0, [], "{nothing}");
        }
    }
}
