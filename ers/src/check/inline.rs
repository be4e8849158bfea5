//! Attached files: they are uploaded on their own, and then named in the payload, each once.

use std::collections::HashSet;

use ers_fhir_report::{Message, text};
use ers_fhir_validator::service::{Finding, Run};

use crate::rule::attachments;

/// Looks for attachments that name a file twice, or embed it instead of naming an uploaded one.
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
                "the file is embedded in the payload, but e-RS accepts only files that were uploaded before",
            );
            let finding = Finding::new(&attachments::RULE_65, data, message).at_key(data);
            run.report(finding.suggest(text!(
                "upload it with {} and give 'url' the value \"Binary/\" and the id that the upload returned, instead of 'data'",
                "A020"
            )));
        }
    }
}
