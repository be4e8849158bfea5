//! What can be wrong with a text.

/// Why a text is not a value of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault it is.
    pub kind: FaultKind,
    /// Whether the release forbids it, rather than merely advising against it.
    pub is_error: bool,
    /// What was expected: a phrase that follows "expected", or a whole clause for [`FaultKind::Range`].
    pub expected: &'static str,
}

/// The kinds of fault that a text can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// It does not have the form of its type.
    Form,
    /// It has the form, but no such value exists.
    Range,
    /// A time on a date has no time zone.
    TimeZone,
    /// A control character.
    ControlCharacter,
    /// Nothing but white space.
    Blank,
}

impl Fault {
    pub(super) const TIME_ZONE: Self =
        Self { kind: FaultKind::TimeZone, is_error: true, expected: "a time zone after the time" };

    pub(super) const fn form(expected: &'static str) -> Self {
        Self { kind: FaultKind::Form, is_error: true, expected }
    }

    pub(super) const fn range(expected: &'static str) -> Self {
        Self { kind: FaultKind::Range, is_error: true, expected }
    }
}
