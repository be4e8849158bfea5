#![doc = include_str!("../README.md")]

mod check;
mod convert;
pub mod detect;
mod evaluate;
mod guard;
mod instant;
mod relate;
pub mod rule;
mod schema;
pub mod service;
mod syntax;
mod validator;
pub mod words;

pub use ers_fhir_tree as tree;

pub use check::budget::Deadline;
pub use check::phases::Phase;
pub use convert::NotConvertible;
pub use ers_fhir_report::{Diagnostic, Gap, Gaps, Message, Report, Severity};
pub use evaluate::{Item, NotEvaluated};
pub use guard::{guarded, hush_panics};
pub use instant::{Instant, NotAnInstant};
pub use syntax::unreadable;
pub use validator::{Options, Validator};
