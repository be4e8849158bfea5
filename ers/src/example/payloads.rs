//! Small payloads: the valid examples of each operation, which also serve as a basis for the examples of the
//! rules.
//!
//! They share one cast: a patient, a referral and an advice request, and the people who deal with them. A
//! seed gives them other names (see `cast`).

pub(crate) const ADVICE_REQUEST: &str = include_str!("payloads/advice-request.json");
pub(crate) const ADVICE_REQUESTS: &str = include_str!("payloads/advice-requests.json");
pub(crate) const ADVICE_WORKLIST: &str = include_str!("payloads/advice-worklist.json");
pub(crate) const ANSWER: &str = include_str!("payloads/answer.json");
pub(crate) const ANSWER_ADVICE: &str = include_str!("payloads/answer-advice.json");
pub(crate) const APPOINTMENT: &str = include_str!("payloads/appointment.template");
pub(crate) const ASK: &str = include_str!("payloads/ask-advice.json");
pub(crate) const ASK_TRIAGE: &str = include_str!("payloads/ask-triage.json");
pub(crate) const BOOK: &str = include_str!("payloads/book.json");
pub(crate) const CANCEL_APPOINTMENT: &str = include_str!("payloads/cancel-appointment.json");
pub(crate) const CANCEL_LATER: &str = include_str!("payloads/cancel-appointment-later.json");
pub(crate) const CANCEL_REFERRAL: &str = include_str!("payloads/cancel-referral.json");
pub(crate) const CHANGE_SHORTLIST: &str = include_str!("payloads/change-shortlist.json");
pub(crate) const CHANGE_SHORTLIST_FOR_TRIAGE: &str =
    include_str!("payloads/change-shortlist-for-triage.json");
pub(crate) const CONVERSATION: &str = include_str!("payloads/conversation.json");
pub(crate) const CONVERT: &str = include_str!("payloads/convert.json");
pub(crate) const CREATE: &str = include_str!("payloads/create-referral.json");
pub(crate) const CREATE_FOR_TRIAGE: &str = include_str!("payloads/create-for-triage.json");
pub(crate) const DEFER: &str = include_str!("payloads/defer.json");
pub(crate) const FOUND_SERVICES: &str = include_str!("payloads/found-services.json");
pub(crate) const LETTER: &str = include_str!("payloads/letter.json");
pub(crate) const LETTERS_OUTSTANDING: &str = include_str!("payloads/letters-outstanding.json");
pub(crate) const PRACTITIONERS: &str = include_str!("payloads/practitioners.json");
pub(crate) const PRIORITIES: &str = include_str!("payloads/priorities.json");
pub(crate) const QUESTION: &str = include_str!("payloads/question.json");
pub(crate) const REFERRAL: &str = include_str!("payloads/referral.template");
pub(crate) const REFERRALS_FOR_REVIEW: &str = include_str!("payloads/referrals-for-review.json");
pub(crate) const REFERRER_LIST: &str = include_str!("payloads/worklist-referrer.json");
pub(crate) const REJECT: &str = include_str!("payloads/reject.json");
pub(crate) const REJECTED: &str = include_str!("payloads/worklist-rejected.json");
pub(crate) const ROLES: &str = include_str!("payloads/roles.json");
pub(crate) const SEARCH: &str = include_str!("payloads/search.json");
pub(crate) const SERVICE: &str = include_str!("payloads/service.json");
pub(crate) const SERVICES: &str = include_str!("payloads/services.json");
pub(crate) const SERVICE_REQUESTS: &str = include_str!("payloads/service-requests.json");
pub(crate) const SLOTS: &str = include_str!("payloads/slots.json");
pub(crate) const TASKS: &str = include_str!("payloads/tasks.json");
pub(crate) const TRIAGE: &str = include_str!("payloads/triage.json");
pub(crate) const WORKLIST: &str = include_str!("payloads/worklist.json");
