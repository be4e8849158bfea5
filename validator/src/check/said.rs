//! Names in messages: names from the payload are shown only if they are known.

use ers_fhir_profiles::terminology::Reason;
use ers_fhir_report::{Message, key, text};

use super::known;
use crate::validator::Validator;

/// A canonical URL, quoted, shown if it is known.
#[cold]
pub(crate) fn canonical(validator: &Validator, url: &str) -> Message {
    known::canonical(validator.definitions(), url)
}

/// A path in a definition that may be the payload itself, shown as far as its names are FHIR's.
#[cold]
pub(crate) fn path(path: &str) -> Message {
    let mut names = path.split('.');
    let first = Message::text(key(names.next().unwrap_or_default()));
    names.fold(first, |shown, name| shown.then(".").key(name))
}

/// Why a code could not be checked.
#[cold]
pub(crate) fn undecided(validator: &Validator, reason: &Reason) -> Message {
    let canonical = |url: &str| canonical(validator, url);
    match reason {
        Reason::NoSystem(url) => text!("the code system {} is not available offline", canonical(url)),
        Reason::PartialSystem(url) => {
            text!("only a part or another version of the code system {} is available offline", canonical(url))
        }
        Reason::NoValueSet(url) => text!("the value set {} is not available offline", canonical(url)),
        Reason::NoContent(url) => text!("the value set {} does not say which codes it holds", canonical(url)),
        Reason::Filter { system, filter } => {
            let filter = Message::default().value(filter);
            text!("the filter {} cannot be evaluated on the code system {}", filter, canonical(system))
        }
        Reason::Cycle(url) => text!("the value set {} imports itself", canonical(url)),
        Reason::TooComplex(url) => text!("the value set {} imports too many value sets", canonical(url)),
        Reason::Unreadable { canonical: url, error } => {
            text!("{} cannot be read: {}", canonical(url), Message::default().value(error))
        }
        _ => Message::text("some of the definitions that they depend on are not available"),
    }
}
