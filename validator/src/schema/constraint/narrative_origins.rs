//! Whether the parts of a narrative must say where they come from: an extension of ElementDefinition.
//!
//! Source: <http://hl7.org/fhir/extensions/StructureDefinition-narrative-source-control.html>.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_report::{Message, text};
use ers_fhir_tree::Node;

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::check::narrative::origins::unstated;
use crate::rule::narrative::NARRATIVE_ORIGINS;

/// Each part says where it comes from.
#[derive(Debug)]
pub(crate) struct NarrativeOrigins;

/// The codes of the extension. Whichever it is, a part without an origin is an error, as in HL7's validator.
const SEVERITIES: [&str; 4] = ["error", "warning", "information", "hint"];

impl NarrativeOrigins {
    pub(super) fn compile(definition: &ElementDefinition) -> Option<Self> {
        SEVERITIES.contains(&definition.narrative_source.as_deref()?).then_some(Self)
    }

    pub(super) fn check<'v, 'd>(host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        let message = match node.child_value("div").and_then(unstated) {
            None | Some(0) => return,
            Some(1) => Message::text("a part of the narrative does not state where it comes from"),
            Some(count) => text!("{} parts of the narrative do not state where they come from", count),
        };
        let advice =
            Message::text("wrap each in an element with the class generated, boilerplate or original");
        let finding = Finding::new(&NARRATIVE_ORIGINS, node, message).suggest(advice);
        host.report(finding.demanded_by(source).at_key(node));
    }
}
