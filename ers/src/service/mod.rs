//! The NHS e-Referral Service: its operations, who may call them, and their payloads.
//!
//! The facts about each operation are in one place, [`endpoints`]; the checks, the command line and
//! the documentation read them from there, and a test compares them with the CapabilityStatements
//! and OperationDefinitions of the packages. Rules that only the service can decide are in
//! [`duties`].
//!
//! ```
//! use ers_fhir_ers::service::{self, Role};
//!
//! let create = service::find("A011").next().expect("A011 creates a referral");
//! assert_eq!(create.path, "/STU3/ReferralRequest/$ers.createReferral");
//! assert!(create.allows(Role::ReferringClinician));
//! ```

mod change;
mod deviation;
mod duty;
mod effect;
mod endpoint;
mod endpoints;
pub mod environment;
mod error;
mod file;
pub(crate) mod form;
mod header;
mod pathway;
mod role;
mod status;
mod system;

pub use change::{Change, ChangeKind, changes};
pub use deviation::SINGLE_OBJECTS;
pub use duty::{Duty, duties, duties_of};
pub use effect::{Effect, effect};
pub use endpoint::{Body, Endpoint, Failure, Method, Organisation, Parameter};
pub(crate) use endpoints::by_area;
pub use endpoints::{UnknownOperation, endpoints, find, named};
pub use error::{ErrorCode, error, errors};
pub use file::{FILE_TYPES, MOST_FILE_BYTES, media_type_of};
pub use header::{Header, Need};
pub use pathway::{Pathway, pathways};
pub use role::{Access, Role, UnknownAccess, UnknownRole};
pub use status::{Repeat, STATUSES, Status, codes, status};
pub use system::{reference_data, reference_data_pattern};

/// Profile of an error in STU3.
pub const OUTCOME_STU3: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-OperationOutcome-1";
/// Profile of an error in R4.
pub const OUTCOME_R4: &str = "https://ers-fhir.org/R4/StructureDefinition/NHSDigital-OperationOutcome";
