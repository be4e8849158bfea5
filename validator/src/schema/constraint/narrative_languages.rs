//! The languages for which a narrative must have sections: an extension of ElementDefinition.
//!
//! Source: <http://hl7.org/fhir/extensions/StructureDefinition-narrative-language-control.html>.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::check::narrative::languages::sections;
use crate::rule::narrative::NARRATIVE_LANGUAGES;

/// Codes of languages, or `_no`, `_yes`, `_resource`.
#[derive(Debug)]
pub(crate) struct NarrativeLanguages(Box<[Box<str>]>);

impl NarrativeLanguages {
    pub(super) fn compile(definition: &ElementDefinition) -> Option<Self> {
        let demands = &definition.narrative_languages;
        (!demands.is_empty()).then(|| Self(demands.iter().map(|code| code.as_str().into()).collect()))
    }

    pub(super) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        let Some(found) = node.child_value("div").and_then(sections) else { return };
        for demand in &self.0 {
            let message = match &**demand {
                "_no" if !found.is_empty() => {
                    Message::text("the narrative has sections in languages: ").value(&found.join(", "))
                }
                "_yes" if found.is_empty() => Message::text("the narrative has no sections in languages"),
                "_no" | "_yes" => continue,
                "_resource" => {
                    let language = node.parent().and_then(|resource| resource.child_value("language"));
                    let Some(language) = language.filter(|language| !found.contains(language)) else {
                        continue;
                    };
                    Message::text("the narrative has no section in the language of the resource, ")
                        .value(language)
                }
                language if !found.contains(&language) => {
                    text!("the narrative has no section in the language {}", def(language))
                }
                _ => continue,
            };
            // A narrative without sections may be in the one language that is asked for.
            let is_undivided = found.is_empty() && &**demand != "_yes";
            let severity = if is_undivided { Severity::Warning } else { Severity::Error };
            let finding = Finding::new(&NARRATIVE_LANGUAGES, node, message).severity(severity);
            host.report(finding.demanded_by(source).at_key(node));
        }
    }
}
