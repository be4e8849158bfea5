//! The engine that checks requests: without sockets, and without a clock except that of the check.

mod answer;
mod ask;
mod calls;
mod capability;
mod examples;
mod inner;
mod load;
mod operation;
mod payloads;
mod plan;
pub(crate) mod query;
mod rules;
mod written;

pub use answer::{Answer, FHIR_JSON, FHIR_XML, JSON, Refusal, Verdict};
pub use ask::{Ask, Holds, PARAMETERS, Parameter, Place};
pub use load::{Config, LoadError, Sources};
pub use operation::Written;
pub use plan::Engine;
