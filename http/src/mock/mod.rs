//! A local e-RS over HTTP: it carries calls to the core (`ers-fhir-local`) and answers back, and keeps the state.

mod authority;
mod blocking;
mod error;
mod fault;
mod journal;
mod kept;
mod lint;
mod log;
mod look;
mod oauth;
mod options;
mod order;
mod page;
mod reply;
mod route;
mod running;
mod shared;
mod told;

pub use authority::{ApplicationKey, KeyError, LoginOptions};
pub use blocking::BlockingLocalErs;
pub use error::{MockError, StepError};
pub use options::{Access, MockOptions};
pub use running::{LocalErs, mock};
