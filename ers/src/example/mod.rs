//! Invented calls as examples: valid ones of every operation for every caller, and ones that break one rule.
//!
//! All examples are about one patient, one referral and one advice request, all of them invented. A seed other
//! than 0 invents others, the same for all operations, so that the answer of one is the starting point of the
//! next.
//!
//! ```
//! use ers_fhir_ers::example::{Caller, callers, good};
//! use ers_fhir_ers::service::{Role, find};
//!
//! let create = find("A011").next().expect("A011 creates a referral");
//! assert_eq!(callers(create)[0], Caller::User(Role::ReferringClinician));
//! let sample = good(create, callers(create)[0], 7);
//! assert!(sample.call.url.ends_with("$ers.createReferral"));
//! assert_eq!(sample.call.body, good(create, callers(create)[0], 7).call.body);
//! ```

pub(crate) mod answer;
mod broken;
pub(crate) mod call;
pub(crate) mod caller;
mod cast;
mod fill;
pub(crate) mod payloads;
mod plain;
mod sample;
mod sent;

pub use broken::{broken, homes, is_alone};
pub use caller::{Caller, callers};
pub use plain::{good, record};
pub use sample::Sample;
