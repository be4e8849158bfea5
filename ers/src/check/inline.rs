//! Files that stand in the payload itself: the service takes them on their own, and is then told their names.

use ers_fhir_report::{Message, text};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::{Finding, Run};

use crate::rule::attachments;

/// Looks for attachments that carry the file itself instead of naming one that was uploaded.
pub(super) fn check<'d>(run: &Run<'d>, root: Node<'d>) {
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        if node.name() == "attachment"
            && node.child("url").is_none()
            && let Some(data) = node.child("data")
        {
            let message = Message::text(
                "the file stands in the payload itself, and e-RS takes only files that were uploaded before",
            );
            let finding = Finding::new(&attachments::RULE_65, data, message).at_key(data);
            run.report(finding.suggest(text!(
                "upload it with {} and give 'url' the value \"Binary/\" and the id that the upload returned, instead of 'data'",
                "A020"
            )));
        }
        pending.extend(node.children().filter(|child| child.has_children()));
    }
}
