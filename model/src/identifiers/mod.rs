//! Identifiers that users of e-RS write and read, each checked when it is made.
//!
//! All of them parse, display as FHIR writes them, and are `serde` strings. With the feature `ers`, they convert to
//! the identifier structs of profiles, and back from these with `try_from`.
//!
//! ```
//! use ers_fhir_model::identifiers::{NhsNumber, Ubrn};
//!
//! let patient: NhsNumber = "943 476 5919".parse()?;
//! assert_eq!(patient.to_string(), "9434765919");
//! assert_eq!(patient.grouped(), "943 476 5919");
//!
//! let error = "70000".parse::<Ubrn>().expect_err("too short");
//! assert_eq!(error.to_string(), "not a valid UBRN: use twelve digits (found 5 characters)");
//! # Ok::<(), ers_fhir_model::identifiers::InvalidIdentifier>(())
//! ```

mod check_digit;
mod digits;
mod error;
mod nhs_number;
#[cfg(all(feature = "ers", feature = "r4"))]
mod r4;
#[cfg(all(feature = "ers", feature = "stu3"))]
mod stu3;
mod tokens;
mod traits;
mod ubrn;

pub use error::{InvalidIdentifier, Problem};
pub use nhs_number::NhsNumber;
pub use tokens::{OdsCode, SdsUserId, ServiceId};
pub use ubrn::Ubrn;
