//! Small payloads of our own that the pages of the rules start from.

pub(super) const ANSWER: &str = include_str!("examples/answer-advice.json");
pub(super) const ASK: &str = include_str!("examples/ask-advice.json");
pub(super) const ASK_TRIAGE: &str = include_str!("examples/ask-triage.json");
pub(super) const BOOK: &str = include_str!("examples/book.json");
pub(super) const CANCEL_APPOINTMENT: &str = include_str!("examples/cancel-appointment.json");
pub(super) const CANCEL_LATER: &str = include_str!("examples/cancel-appointment-later.json");
pub(super) const CANCEL_REFERRAL: &str = include_str!("examples/cancel-referral.json");
pub(super) const CONVERT: &str = include_str!("examples/convert.json");
pub(super) const CREATE: &str = include_str!("examples/create-referral.json");
pub(super) const CREATE_FOR_TRIAGE: &str = include_str!("examples/create-for-triage.json");
pub(super) const DEFER: &str = include_str!("examples/defer.json");
pub(super) const LETTER: &str = include_str!("examples/letter.json");
pub(super) const REFERRER_LIST: &str = include_str!("examples/worklist-referrer.json");
pub(super) const REJECT: &str = include_str!("examples/reject.json");
pub(super) const REJECTED: &str = include_str!("examples/worklist-rejected.json");
pub(super) const REQUEST: &str = include_str!("examples/request.json");
pub(super) const SEARCH: &str = include_str!("examples/search.json");
pub(super) const TASKS: &str = include_str!("examples/tasks.json");
pub(super) const TRIAGE: &str = include_str!("examples/triage.json");
pub(super) const WORKLIST: &str = include_str!("examples/worklist.json");
