//! What the tests of the whole toolkit share: how to read corpora, and how to spoil payloads.
//!
//! Corpora are not in this repository; `ers_fhir_corpora` knows where they are, and has tests that find
//! none ignored.

pub mod bad;
mod corpus;
pub mod ers;
pub mod place;
pub mod spoil;

pub use corpus::{Instance, archive, examples};

/// Prints a message to the person who runs the tests.
#[expect(clippy::print_stderr, reason = "tests have no other way to speak")]
pub fn note(text: &str) {
    eprintln!("{text}");
}

/// Compiles and runs the code in READMEs: that of the toolkit, and those that are not the front page of a crate's
/// documentation, where they would be tested anyway.
#[cfg(doctest)]
mod front_pages {
    #[doc = include_str!("../../README.md")]
    struct Toolkit;
    #[doc = include_str!("../../docs/manual/validator.md")]
    struct ManualOfValidator;
    #[doc = include_str!("../../docs/manual/model.md")]
    struct ManualOfModel;
    #[doc = include_str!("../../docs/manual/codegen.md")]
    struct ManualOfCodegen;
    #[doc = include_str!("../../values/README.md")]
    struct Values;
    #[doc = include_str!("../../tree/README.md")]
    struct Tree;
    #[doc = include_str!("../../report/README.md")]
    struct Report;
    #[doc = include_str!("../../profiles/README.md")]
    struct Profiles;
    #[doc = include_str!("../../fhirpath/README.md")]
    struct FhirPath;
    #[doc = include_str!("../../model/README.md")]
    struct Model;
}
