//! The `FHIRPath` language: parse an expression once, evaluate it many times, over any node type.
//!
//! The engine knows nothing of JSON, XML or FHIR definitions. It walks a tree through the [`Node`]
//! trait and asks its surroundings through the [`Host`] trait.
//!
//! Language: `FHIRPath` 2.0 (<http://hl7.org/fhirpath/N1>) with the additions of
//! <http://hl7.org/fhir/R4/fhirpath.html>, and the older spellings that STU3 invariants use.
//!
//! ```
//! use ers_fhir_fhirpath::{Detached, Expression, Node};
//!
//! /// A tree of names and texts.
//! #[derive(PartialEq)]
//! struct Element {
//!     name: &'static str,
//!     text: Option<&'static str>,
//!     children: Vec<Element>,
//! }
//!
//! #[derive(Clone, Copy, PartialEq)]
//! struct Handle<'t>(&'t Element);
//!
//! impl<'t> Node for Handle<'t> {
//!     type Children = Box<dyn Iterator<Item = Self> + 't>;
//!
//!     fn name(&self) -> &str {
//!         self.0.name
//!     }
//!     fn type_name(&self) -> Option<&str> {
//!         None
//!     }
//!     fn text(&self) -> Option<&str> {
//!         self.0.text
//!     }
//!     fn children(&self) -> Self::Children {
//!         Box::new(self.0.children.iter().map(Handle))
//!     }
//! }
//!
//! let family = Element { name: "family", text: Some("Chalmers"), children: Vec::new() };
//! let name = Element { name: "name", text: None, children: vec![family] };
//!
//! let invariant = Expression::parse("family.exists() and family.length() > 3")?;
//! assert_eq!(invariant.evaluate_bool(&Detached, Handle(&name))?, Some(true));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod collection;
mod error;
mod eval;
mod expression;
mod host;
mod node;
mod pattern;
mod presence;
mod quick;
mod syntax;
mod value;

pub use collection::Collection;
pub use error::{EvalError, ParseError, ParseErrorKind};
pub use ers_fhir_values::{CalendarUnit, Decimal, Precision, Quantity, Temporal, TemporalKind, Unit};
pub use expression::Expression;
pub use host::{Detached, Host, Resolved, WithVariable};
pub use node::{Called, Form, Node};
pub use presence::{Decision, Presence};
pub use syntax::function::Function;
pub use syntax::tree::{Binary, Call, Expr, Label, Literal, Operator, TypeName, TypeOperation, TypeTest};
pub use value::{TypeInfo, Value};
