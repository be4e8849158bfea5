//! Findings about calls rather than payloads.

use ers_fhir_report::{CallPart, Diagnostic, Message, Rule};

/// A finding about a part of a call.
pub(crate) fn about(rule: &'static Rule, part: CallPart, message: Message) -> Diagnostic {
    Diagnostic { part: Some(part), ..Diagnostic::new(rule, message) }
}
