//! Fixes for findings, as code actions.

use std::collections::HashMap;

use ers_fhir_report::Diagnostic;
use lsp_types::{CodeAction, CodeActionKind, Range, TextEdit, Uri, WorkspaceEdit};

use crate::check;
use crate::text::Text;

/// The kind of the action that fixes everything at once.
pub(crate) const FIX_ALL: &str = "source.fixAll.ers-fhir";

/// The actions for the findings that a range touches, and one for all that can be fixed.
pub(crate) fn actions(findings: &[Diagnostic], uri: &Uri, text: &Text, range: Range) -> Vec<CodeAction> {
    let certain: Vec<&Diagnostic> = findings.iter().filter(|finding| !finding.edits.is_empty()).collect();
    let here = certain.iter().filter(|finding| touch(check::range(finding, text), range));
    let mut actions: Vec<CodeAction> = here
        .map(|finding| CodeAction {
            title: title(finding),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![check::shown(finding, uri, text)]),
            edit: Some(edit(&[finding], uri, text)),
            is_preferred: Some(true),
            ..CodeAction::default()
        })
        .collect();
    let apart = apart(&certain);
    if !apart.is_empty() {
        let findings =
            if apart.len() == 1 { "1 finding".to_owned() } else { format!("{} findings", apart.len()) };
        actions.push(CodeAction {
            title: format!("Fix {findings} with a certain fix"),
            kind: Some(CodeActionKind::new(FIX_ALL)),
            edit: Some(edit(&apart, uri, text)),
            ..CodeAction::default()
        });
    }
    actions
}

fn title(finding: &Diagnostic) -> String {
    let help = finding.suggestion.as_ref().map(|help| help.revealed().to_owned());
    let help = help.unwrap_or_else(|| format!("fix {}", finding.rule.code));
    let mut letters = help.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The fixes whose edits do not overlap.
fn apart<'f>(findings: &[&'f Diagnostic]) -> Vec<&'f Diagnostic> {
    let mut chosen: Vec<&Diagnostic> = Vec::new();
    for finding in findings {
        let meets = |other: &&Diagnostic| {
            let pairs =
                finding.edits.iter().flat_map(|a| other.edits.iter().map(move |b| (&a.span, &b.span)));
            pairs.into_iter().any(|(a, b)| a.start <= b.end && b.start <= a.end)
        };
        if !chosen.iter().any(meets) {
            chosen.push(finding);
        }
    }
    chosen
}

fn edit(findings: &[&Diagnostic], uri: &Uri, text: &Text) -> WorkspaceEdit {
    let edits = findings.iter().flat_map(|finding| &finding.edits);
    let edits: Vec<TextEdit> =
        edits.map(|edit| TextEdit { range: text.range(&edit.span), new_text: edit.text.clone() }).collect();
    #[expect(clippy::mutable_key_type, reason = "the protocol's type is never mutated")]
    let changes = HashMap::from([(uri.clone(), edits)]);
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}

fn touch(a: Range, b: Range) -> bool {
    a.start <= b.end && b.start <= a.end
}
