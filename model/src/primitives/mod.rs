//! The primitive types of FHIR.
//!
//! Each keeps the text it was read from, so that it is written again digit for digit, and converts
//! to what Rust computes with. A value is checked when it is read or parsed.

mod base64;
mod decimal;
mod moment;
mod number;
mod plain;
mod text;

pub use base64::{Base64Binary, Base64Error};
pub use decimal::Decimal;
pub use moment::{Date, DateTime, Instant, Precision, Time};
pub use number::{PositiveInt, UnsignedInt};
pub use text::{Canonical, CodeText, Id, InvalidText, Markdown, Oid, Uri, Url, Uuid, Xhtml};
