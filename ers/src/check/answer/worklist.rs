//! Worklists: rows of the requested list, which name what the operation lists.

use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::{Finding, Run};

use super::asked;
use crate::call::Context;
use crate::rule::answers as rules;

/// The lists, and the name of the extension of their rows.
static LISTS: [(&str, &str); 7] = [
    ("REFERRALS_FOR_REVIEW", "ReferralsforReview"),
    ("APPOINTMENT_SLOT_ISSUES", "AppointmentSlotIssues"),
    ("REJECTED_TRIAGE_RESPONSE", "RejectedTriageResponse"),
    ("ASSESSMENT_RETURNED_CANCELLED_DNA", "AssessmentReturnedCancelledDna"),
    ("AWAITING_BOOKING", "AwaitingBooking"),
    ("LETTERS_OUTSTANDING", "LettersOutstanding"),
    (OF_ADVICE, "AdviceAndGuidanceRequests"),
];
/// The one list of A023.
const OF_ADVICE: &str = "ADVICE_AND_GUIDANCE_REQUESTS";

/// What an operation lists.
const KINDS: [(&str, &str); 2] = [("A008", "ReferralRequest"), ("A023", "CommunicationRequest")];

pub(super) fn check<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    let Some((id, kind)) = KINDS.into_iter().find(|(id, _)| context.answers(&[id])) else { return };
    let is_of_operation = |list: &str| (list == OF_ADVICE) == (id == "A023");
    let asked = asked::list(context).and_then(|asked| known(&asked)).filter(|list| is_of_operation(list));
    let mut first = None;
    let mut is_said = false;
    for entry in root.named("entry") {
        let Some((url, list)) = row(entry) else { continue };
        let first = *first.get_or_insert(list);
        let message = if !is_of_operation(list) {
            text!("{} does not answer with rows of {}", def(id), def(list))
        } else if let Some(asked) = asked.filter(|asked| *asked != list) {
            text!("this is a row of {}, but {} was requested", def(list), def(asked))
        } else if list != first {
            text!("this is a row of {}, but the first one is of {}", def(list), def(first))
        } else {
            item(run, entry, id, kind);
            continue;
        };
        // If one row is of another list, most are.
        if !is_said {
            is_said = true;
            let wanted = asked.or_else(|| is_of_operation(first).then_some(first));
            let finding = Finding::new(&rules::LIST, url, message);
            run.report(match wanted.and_then(extension) {
                Some(name) => {
                    finding.suggest(text!("write Extension-eRS-{}-WorkListItem-1, with its parts", def(name)))
                }
                None if id == "A023" => finding.suggest(text!("answer with rows of {}", def(OF_ADVICE))),
                None => finding.suggest(Message::text("rows of advice requests are the answer of A023")),
            });
        }
    }
}

/// The subject of a row is of the type that the operation lists.
fn item<'d>(run: &Run<'d>, entry: Node<'d>, id: &'static str, kind: &'static str) {
    let Some(reference) = entry.child("item").and_then(|item| item.child("reference")) else { return };
    let target = reference.value().and_then(|text| text.split_once('/')).map(|(target, _)| target);
    if KINDS.iter().any(|(_, other)| *other != kind && target == Some(*other)) {
        let message = text!("{} lists resources of the type {}", def(id), def(kind));
        let suggestion = text!("write {}/ and the UBRN in twelve digits", def(kind));
        run.report(Finding::new(&rules::LIST, reference, message).suggest(suggestion));
    }
}

/// The list that a row belongs to, and where the row says so; the profile refuses rows of no list, or of
/// two.
fn row(entry: Node<'_>) -> Option<(Node<'_>, &'static str)> {
    let mut urls = entry.named("extension").filter_map(|extension| extension.child("url"));
    let (url, None) = (urls.next()?, urls.next()) else { return None };
    let name = url.value()?.rsplit_once("/Extension-eRS-")?.1.strip_suffix("-WorkListItem-1")?;
    LISTS.iter().find(|(_, other)| *other == name).map(|(list, _)| (url, *list))
}

/// The name of the extension of the rows of a list.
fn extension(list: &str) -> Option<&'static str> {
    LISTS.iter().find(|(known, _)| *known == list).map(|(_, name)| *name)
}

fn known(code: &str) -> Option<&'static str> {
    LISTS.iter().find(|(list, _)| *list == code).map(|(list, _)| *list)
}
