//! A check that panics becomes a finding on its payload; other checks continue.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};

use ers_fhir_report::{Diagnostic, Report, def, text};

use crate::rule::syntax::INTERNAL_FAULT;

thread_local! {
    /// Where this thread panicked last, in our source.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Records where a panic comes from instead of printing its message, which may repeat a payload. A program
/// calls this once, if nothing else in it needs to see panics.
pub fn hush_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
        // If even that is not available, the finding is made without it.
        let _ = PLACE.try_with(|last| last.replace(place));
    }));
}

/// The result of a check, or the report on a check that panicked.
pub fn guarded<T>(check: impl FnOnce() -> T) -> Result<T, Report> {
    panic::catch_unwind(AssertUnwindSafe(check)).map_err(|_| Report::new(vec![broken_down()]))
}

fn broken_down() -> Diagnostic {
    let place = PLACE.with(RefCell::take).unwrap_or_else(|| "an unknown place".to_owned());
    // Absolute paths mean nothing on other machines.
    let place = place.rsplit_once("/ers-fhir/").map_or(&*place, |(_, place)| place);
    let message = text!("the check crashed at {}: a fault of this tool, not of the payload", def(place));
    Diagnostic {
        suggestion: Some(text!("please report it to {}", env!("CARGO_PKG_REPOSITORY"))),
        ..Diagnostic::new(&INTERNAL_FAULT, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_breaks_down_is_a_finding() {
        assert_eq!(guarded(|| 1).ok(), Some(1));
        let report = guarded(|| -> usize { panic!("Ann") }).expect_err("it panics");
        assert_eq!(report.diagnostics[0].rule.code, "internal-fault");
        assert!(!report.diagnostics[0].message.revealed().contains("Ann"));
    }
}
