//! Reports a value that is not the expected one.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_report::{Rule, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::suggest::slight;

use crate::check::edit;
use crate::check::finding::{Finding, Source};

/// "'Patient.active' must be exactly 'true', found 'false'".
#[cold]
pub(super) fn finding<'v>(
    rule: &'static Rule,
    node: Node<'_>,
    relation: &str,
    expected: &Datum,
    source: Source<'v>,
) -> Finding<'v> {
    let mut message = text!("'{}' {} {}", def(&source.element), def(relation), def(written(expected)));
    let is_of_value = node.value().is_some() && node.value() == expected.text.as_deref();
    if is_of_value && expected.fields.is_empty() {
        let finding =
            Finding::new(rule, node, message.then(" and nothing else, and has an id or extensions"));
        return finding.demanded_by(source).suggest(text!("leave them out"));
    }
    if let Some(found) = node.value() {
        message = message.then(", found ").value(found);
        if let Some(slip) = expected.text.as_deref().and_then(|expected| slight(found, expected)) {
            message = message.then(": it ").then(slip);
        }
    }
    let finding = Finding::new(rule, node, message)
        .demanded_by(source)
        .suggest(text!("use {}", def(written(expected))));
    match (node.value(), &expected.text) {
        (Some(found), Some(meant)) if edit::is_same_but_for_form(found, meant) => {
            finding.fix(edit::defined(node, meant))
        }
        _ => finding,
    }
}

/// A value as it appears in messages: text in quotes, structures in braces.
fn written(datum: &Datum) -> String {
    if let Some(text) = &datum.text {
        return format!("'{text}'");
    }
    let fields: Vec<String> =
        datum.fields.iter().map(|(name, field)| format!("{name}: {}", written(field))).collect();
    format!("{{ {} }}", fields.join(", "))
}
