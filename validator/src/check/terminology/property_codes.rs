//! Properties of concepts whose values are codes of the same code system, and undeclared properties.
//!
//! Source: <http://hl7.org/fhir/R4/codesystem.html#properties>.

use ers_fhir_report::{Message, Severity};
use ers_fhir_tree::Node;
use rustc_hash::{FxHashMap, FxHashSet};

use super::known::{CONCEPT_PROPERTIES, Code, standard_type};
use crate::check::{Checker, Finding};
use crate::rule::terminology as rules;

/// Checks the properties of concepts, with the types of those that the system declares, by code.
pub(super) fn check<'d>(
    ctx: &Checker<'_, 'd>,
    system: Node<'d>,
    concepts: &[Node<'d>],
    types: &FxHashMap<&str, &str>,
) {
    let links = links(system);
    let case_counts = system.child_value("caseSensitive") == Some("true");
    let is_complete = system.child_value("content") == Some("complete");
    // The supplemented code system declares properties as well.
    let is_supplement = system.child("supplements").is_some();
    let mut codes = None;
    let mut said = FxHashSet::default();
    for property in concepts.iter().flat_map(|concept| concept.named("property")) {
        let Some((node, code)) = property.child("code").and_then(|node| Some((node, node.value()?))) else {
            continue;
        };
        if !is_supplement && !types.contains_key(code) && standard_type(code).is_none() {
            let message = Message::text("the code system declares no property ").value(code);
            ctx.report(Finding::new(&rules::CODE_SYSTEM_UNDECLARED_PROPERTY, node, message));
        }
        // Codes that are not in this part may be elsewhere in the system.
        let Some(value) = property.child("valueCode").filter(|_| is_complete) else { continue };
        let Some(text) = value.value() else { continue };
        let is_link = links.contains(code);
        if !is_link && (standard_type(code).is_some() || types.get(code) != Some(&"code")) {
            continue;
        }
        let codes = codes.get_or_insert_with(|| {
            let codes = concepts.iter().filter_map(|concept| concept.child_value("code"));
            codes.map(|text| Code { text, case_counts }).collect::<FxHashSet<_>>()
        });
        // One code of another kind means that all values of the property are of that kind.
        if !codes.contains(&Code { text, case_counts }) && (is_link || said.insert(code)) {
            let message = Message::text("the property ")
                .value(code)
                .then(" names a code that is not here: ")
                .value(text);
            let finding = Finding::new(&rules::CODE_SYSTEM_PROPERTY_CODE, value, message);
            ctx.report(if is_link { finding } else { finding.severity(Severity::Warning) });
        }
    }
}

/// The codes of the properties that relate concepts of the system to each other.
fn links(system: Node<'_>) -> FxHashSet<&str> {
    let is_link = |code: &&str| matches!(*code, "parent" | "child" | "partOf");
    let mut links: FxHashSet<&str> = ["parent", "child", "partOf"].into_iter().collect();
    for property in system.named("property") {
        let (Some(code), Some(uri)) = (property.child_value("code"), property.child_value("uri")) else {
            continue;
        };
        // If the system gives the property its own meaning, that meaning applies.
        if uri.strip_prefix(CONCEPT_PROPERTIES).as_ref().is_some_and(is_link) {
            links.insert(code);
        } else {
            links.remove(code);
        }
    }
    links
}
