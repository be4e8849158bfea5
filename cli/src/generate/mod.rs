//! `ers-fhir generate`: JSON Schemas and Rust types from definitions, and e-RS in the formats of other
//! tools.

mod api;
mod files;
mod json_schema;
mod rust;

use std::io;

use clap::{Args, Subcommand};

use crate::ending::Ending;
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    #[command(name = "openapi", about = "Generate the OpenAPI 3.1 document of e-RS")]
    OpenApi(api::OpenApi),
    /// Generate a Postman collection of the calls of e-RS.
    Postman(api::Postman),
    /// Generate the JSON Schema (draft 2020-12) of profiles or types.
    JsonSchema(json_schema::JsonSchema),
    /// Generate Rust types from resources and profiles.
    Rust(Box<rust::Rust>),
}

pub(crate) fn run(args: &Generate, output: &mut Output) -> io::Result<Ending> {
    match &args.what {
        What::OpenApi(args) => api::openapi_of(args, output),
        What::Postman(args) => api::postman_of(args, output),
        What::JsonSchema(args) => json_schema::run(args, output),
        What::Rust(args) => rust::run(args, output),
    }
}
