//! Faults of the call itself.

use ers_fhir_report::{CallPart, Message, Part, Rule, Severity};

/// A fault of a call, rather than at a place in its payload.
pub(super) struct Fault {
    pub(super) rule: &'static Rule,
    pub(super) severity: Severity,
    pub(super) part: CallPart,
    pub(super) message: Message,
    pub(super) suggestion: Option<Message>,
}

impl Fault {
    pub(super) fn new(rule: &'static Rule, part: CallPart, message: impl Part) -> Self {
        Self { rule, severity: rule.severity, part, message: Message::text(message), suggestion: None }
    }

    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(super) fn suggest(mut self, suggestion: impl Part) -> Self {
        self.suggestion = Some(Message::text(suggestion));
        self
    }
}
