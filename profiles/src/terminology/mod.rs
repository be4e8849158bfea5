//! Terminology: which codes a value set holds, as far as that can be told offline.
//!
//! Every answer has three values. Where a value set draws on a code system that is not here
//! (SNOMED CT, LOINC ...), codes of that system are undecided, and codes of every other system are
//! still decided. Nothing is expanded to answer a question about one code: includes are looked at
//! in turn, code systems are read when an include first needs one, and a code is found by hash.
//!
//! - [`Terminology`] answers from a [`Source`] of definitions and remembers what it has read.
//! - [`Expansion`] is a value set ready for questions: [`Expansion::contains`] for one code,
//!   [`Expansion::enumerate`] for all of them, [`Expansion::suggest`] for a wrong one.
//! - [`CodeLookup`] tells whether a code exists in its system, and what it may be called.

mod display;
mod enumerate;
mod expansion;
mod filter;
mod grammars;
mod hierarchy;
mod language_tag;
mod lookup;
mod media_type;
mod membership;
mod rule;
mod service;
mod source;
mod suggest;
mod system;
mod walk;

pub use enumerate::Enumeration;
pub use expansion::Expansion;
pub use lookup::{CodeLookup, FoundCode};
pub use membership::{Membership, Reason};
pub use service::Terminology;
pub use source::Source;
pub use suggest::Suggestion;
