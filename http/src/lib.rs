#![doc = include_str!("../README.md")]

#[cfg(any(feature = "server", feature = "mock"))]
mod asset;
#[cfg(feature = "client")]
pub mod client;
mod engine;
#[cfg(feature = "server")]
mod gzip;
#[cfg(feature = "mock")]
mod mock;
#[cfg(feature = "server")]
mod openapi;
#[cfg(feature = "server")]
mod options;
#[cfg(feature = "server")]
mod pool;
#[cfg(feature = "server")]
mod server;

pub use engine::{
    Answer, Ask, Config, Engine, FHIR_JSON, FHIR_XML, Holds, JSON, LoadError, PARAMETERS, Parameter, Place,
    Refusal, Sources, Verdict, Written,
};
#[cfg(feature = "mock")]
pub use mock::{
    Access, ApplicationKey, BlockingLocalErs, KeyError, LocalErs, LoginOptions, MockError, MockOptions,
    StepError, mock,
};
#[cfg(feature = "server")]
pub use options::{Limits, Options, Tokens};
#[cfg(feature = "server")]
pub use server::{Running, ServeError, serve};

/// Compiles and runs the code that the manual shows.
#[cfg(all(doctest, feature = "client", feature = "mock"))]
#[expect(rustdoc::invalid_codeblock_attributes, reason = "blocks for a shell say how their test treats them")]
#[doc = include_str!("../../docs/manual/client.md")]
struct ManualOfClient;
