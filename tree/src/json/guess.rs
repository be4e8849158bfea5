//! Guesses the next key: most likely the one that followed the same key last time. Checking a guess is cheaper than
//! finding where a key ends and which name it is.

use super::super::name::{Name, Number};

/// How many keys are told apart: payloads use a few dozen.
const SLOTS: usize = 256;

/// For each key, the one that followed it last; for each element, the first key in it.
pub(super) struct Guesses([Number; SLOTS]);

impl Default for Guesses {
    fn default() -> Self {
        Self([Number::NONE; SLOTS])
    }
}

/// The position of a key: after another one, or first in an element.
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
    /// The likely name at a place.
    pub(super) fn at(&self, place: Place) -> Option<Name> {
        self.0[place.0].name()
    }

    /// Remembers the name found at a place.
    pub(super) fn note(&mut self, place: Place, name: Number) {
        self.0[place.0] = name;
    }
}
