//! The `FHIRPath` language: parse an expression once, evaluate it many times, over any node type.
//!
//! The engine knows nothing of JSON, XML or FHIR definitions. It walks a tree through the [`Node`]
//! trait and asks its surroundings through the [`Host`] trait.
//!
//! Language: `FHIRPath` 2.0 (<http://hl7.org/fhirpath/N1>) with the additions of
//! <http://hl7.org/fhir/R4/fhirpath.html>, and the older spellings that STU3 invariants use.

mod codec;
mod collection;
mod error;
mod eval;
mod expression;
mod host;
mod node;
mod pattern;
mod quantity;
mod syntax;
mod temporal;
mod ucum;
mod value;

pub use collection::Collection;
pub use error::{EvalError, ParseError, ParseErrorKind};
pub use expression::Expression;
pub use host::{Detached, Host};
pub use node::{Form, Node};
pub use quantity::{CalendarUnit, Quantity, Unit};
pub use rust_decimal::Decimal;
pub use syntax::function::Function;
pub use syntax::tree::{Binary, Call, Expr, Literal, Operator, TypeName, TypeOperation, TypeTest};
pub use temporal::{Precision, Temporal, TemporalKind};
pub use value::{TypeInfo, Value};
