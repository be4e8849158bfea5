//! Business rules of e-RS, by the sections of its documentation.
//!
//! The rules are numbered in one series. The missing numbers are rules that only the service can
//! decide: see [`duties`](crate::service::duties). A rule that FHIRPath can express is an invariant
//! of the packages, whose key begins with the code of the rule; its findings are reported under the
//! rule.

pub(crate) mod access;
pub(crate) mod advice;
pub(crate) mod answers;
pub(crate) mod appointments;
pub(crate) mod attachments;
mod call;
pub(crate) mod calls;
mod declare;
pub mod deviation;
pub(crate) mod patient;
pub(crate) mod payload;
pub(crate) mod review;
pub(crate) mod sent;
pub(crate) mod shortlist;
pub(crate) mod update;
pub(crate) mod worklists;

pub(crate) use call::owned;
pub use call::{Call, Record};
pub use declare::rule as declared;
pub use ers_fhir_report::{Example, Issue, Payload, Rule};

use ers_fhir_validator::words::Table;
use ers_fhir_validator::{Options, rule as general};
use ers_fhir_values::suggest;

use crate::ers::Ers;

/// The business rules, a list for each section.
static SECTIONS: [&[&Rule]; 13] = [
    access::RULES,
    calls::RULES,
    sent::RULES,
    answers::RULES,
    update::RULES,
    patient::RULES,
    shortlist::RULES,
    attachments::RULES,
    appointments::RULES,
    review::RULES,
    worklists::RULES,
    advice::RULES,
    payload::RULES,
];

/// Explanations of the invariants of e-RS, for those who broke one.
pub static WORDS: Table = Table::new(&[include_str!("../words.txt")]);

/// Every rule: those of FHIR, the known deviations of the service, and its business rules.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let own = [deviation::RULES].into_iter().chain(SECTIONS);
    general::all().chain(own.flat_map(|family| family.iter().copied()))
}

/// The rule with that code.
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

/// The rule whose code is closest to a mistyped one.
pub fn nearest(code: &str) -> Option<&'static Rule> {
    find(suggest::nearest(code, all().map(|rule| rule.code))?)
}

/// The call that an example belongs to.
#[doc(hidden)]
pub fn call_of(example: &Example) -> Option<&'static Call> {
    example.setting?.downcast_ref()
}

/// The request for a check of an example.
#[doc(hidden)]
pub fn options(example: &Example) -> Options {
    let ers = call_of(example).and_then(Call::context).map_or_else(Ers::new, Ers::called);
    Options { service: Some(ers.into()), ..general::options(example) }
}

/// The business rule that an invariant states: `ers-rule-23` for the key `ers-rule-23-check`.
pub(crate) fn of_key(key: &str) -> Option<&'static Rule> {
    let mut code = key;
    loop {
        let found = SECTIONS.iter().copied().flatten().find(|rule| rule.code == code);
        if found.is_some() {
            return found.copied();
        }
        code = code.rsplit_once('-')?.0;
    }
}
