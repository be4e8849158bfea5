//! Which key comes next: most likely the one that came last time behind the same key. To look whether it is there
//! takes less than to find where a key ends, and which name it is.

use super::super::name::{Name, Number};

/// How many keys are told apart: payloads use some dozens.
const SLOTS: usize = 256;

/// For each key, the one that came behind it last; for each element, the first key in it.
pub(super) struct Guesses([Number; SLOTS]);

impl Default for Guesses {
    fn default() -> Self {
        Self([Number::NONE; SLOTS])
    }
}

/// A place where a key stands: behind another, or first in an element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place(usize);

impl Place {
    pub(super) fn behind(key: Number) -> Self {
        Self(key.index() % SLOTS)
    }

    pub(super) fn first_in(element: Number) -> Self {
        Self((element.index() + SLOTS / 2) % SLOTS)
    }
}

impl Guesses {
    /// The name that is likely there.
    pub(super) fn at(&self, place: Place) -> Option<Name> {
        self.0[place.0].name()
    }

    /// Remembers the name that is there.
    pub(super) fn note(&mut self, place: Place, name: Number) {
        self.0[place.0] = name;
    }
}
