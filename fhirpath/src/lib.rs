//! The `FHIRPath` language: parse an expression once, evaluate it many times, over any node type.
//!
//! The engine knows nothing of JSON, XML or FHIR definitions. It walks a tree through the [`Node`]
//! trait and asks its surroundings through the [`Host`] trait.
//!
//! Language: `FHIRPath` 2.0 (<http://hl7.org/fhirpath/N1>) with the additions of
//! <http://hl7.org/fhir/R4/fhirpath.html>, and the older spellings that STU3 invariants use.

mod collection;
mod error;
mod host;
mod node;
mod quantity;
mod temporal;
mod value;

pub use collection::Collection;
pub use error::{EvalError, ParseError, ParseErrorKind};
pub use host::{Detached, Host};
pub use node::{Form, Node};
pub use quantity::{CalendarUnit, Quantity, Unit};
pub use temporal::{Precision, Temporal, TemporalKind};
pub use value::{TypeInfo, Value};
