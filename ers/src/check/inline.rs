//! Attached files: the service takes them on their own, and is then told their names, each once.

use std::collections::HashSet;

use ers_fhir_report::{Message, text};
use ers_fhir_validator::service::{Finding, Run};

use crate::rule::attachments;

/// Looks for attachments that name a file twice, or carry it themselves instead of naming one that was uploaded.
pub(super) fn check(run: &Run<'_>) {
    let mut named = HashSet::new();
    for node in run.document().nodes().filter(|node| node.name() == "attachment") {
        if let Some(url) = node.child("url") {
            let Some(text) = url.value().filter(|text| text.starts_with("Binary/")) else { continue };
            if !named.insert(text) {
                let message = Message::text("this file is attached already");
                let finding = Finding::new(&attachments::RULE_65, url, message);
                run.report(finding.suggest(Message::text("keep one parameter for each file")));
            }
        } else if let Some(data) = node.child("data") {
            let message = Message::text(
                "the file stands in the payload itself, and e-RS takes only files that were uploaded before",
            );
            let finding = Finding::new(&attachments::RULE_65, data, message).at_key(data);
            run.report(finding.suggest(text!(
                "upload it with {} and give 'url' the value \"Binary/\" and the id that the upload returned, instead of 'data'",
                "A020"
            )));
        }
    }
}
