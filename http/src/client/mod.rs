//! A client of the NHS e-Referral Service, with types.
//!
//! One method for each operation, deprecated where the operation is; what is sent and what comes back are structs of
//! [`ers_fhir_model`]. Who calls is a type, and what it [`May`] not call does not compile. What the tables of
//! [`ers_fhir_ers::service`] say of the call (who, path, query, headers) is checked before anything is sent.
//!
//! ```no_run
//! use std::path::Path;
//! use std::sync::Arc;
//!
//! use ers_fhir_http::client::auth::{ApplicationLogin, PemSigner};
//! use ers_fhir_http::client::{Client, Environment, Error, ProviderApplication};
//!
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! let environment = Environment::integration();
//! let signer = PemSigner::from_file("key-1", Path::new("private-key.pem"))?;
//! let login = ApplicationLogin::new(&environment, "my API key", Arc::new(signer))?;
//! let client = Client::builder(environment).tokens(login.kept()).build(ProviderApplication)?;
//!
//! let ubrn = "000000070000".parse()?;
//! let referral = client.retrieve_referral_request(ubrn).await?;
//! match client.accept_referral(ubrn, referral.version).await {
//!     Ok(accepted) => println!("version {}", accepted.version),
//!     Err(Error::Stale(failure)) => println!("{}", failure.explain().next),
//!     Err(other) => return Err(other.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Reads are tried again where they fail on the way, and any call that the service says may be repeated later (429,
//! 503). A change is never repeated blindly: [`Error::repeat`] says `ReadFirst`, and the `reconcile_…` methods read.

pub mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod caller;
mod calling;
mod chance;
mod checks;
mod environment;
mod error;
mod failure;
mod files;
mod mask;
mod may;
mod network;
mod operations;
mod pace;
mod pages;
mod prepared;
mod queries;
mod receive;
mod reconcile;
mod record;
mod reply;
mod request;
mod settings;
mod version;

pub use builder::{BuildError, Builder};
pub use caller::{
    AnyUser, Caller, OnBehalfOf, ProviderApplication, ReferrerApplication, ReferringAdmin,
    ReferringClinician, ReferringClinicianAdmin, ServiceProviderAdmin, ServiceProviderClinician,
    ServiceProviderClinicianAdmin, Who,
};
pub use calling::Client;
pub use checks::{Checking, Checks, Listener};
pub use environment::{Environment, UnknownEnvironment};
pub use error::{Error, Phase, Refusal, Unreachable, Unreadable};
pub use failure::{Explanation, Failure, Outcome};
pub use files::{Download, Upload, Uploaded, media_type_of};
pub use may::May;
pub use pages::{SlotPages, Slots};
pub use prepared::Prepared;
pub use queries::{AppointmentType, Conversation, ReferenceData, SlotSearch};
pub use reconcile::{Created, Since};
pub use record::{HarRecorder, Record, Recorded};
pub use reply::Reply;
pub use request::{Payload, Request};
pub use secrecy;
pub use settings::{Rate, Retries, Timeouts};
pub use version::{Version, Versioned};
