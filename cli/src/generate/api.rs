//! `ers-fhir generate openapi` and `generate postman`: the operations of e-RS for tools that do not know
//! FHIR.

use std::io;
use std::path::PathBuf;

use clap::Args;
use ers_fhir_docs::{Definers, openapi, postman};
use ers_fhir_ers::service::{Endpoint, endpoints};
use serde_json::Value;

use super::files::Writer;
use crate::ending::Ending;
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct Api {
    /// Operation of e-RS, such as A011 (repeatable); by default, all.
    #[arg(long = "endpoint", value_name = "ID", value_parser = ers_fhir_ers::service::named)]
    endpoints: Vec<&'static Endpoint>,

    /// File to write to, instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Overwrite a file even if it was not generated.
    #[arg(long, requires = "out")]
    force: bool,
}

#[derive(Debug, Args)]
#[command(after_help = OPENAPI)]
pub(crate) struct OpenApi {
    #[command(flatten)]
    api: Api,
}

#[derive(Debug, Args)]
#[command(after_help = POSTMAN)]
pub(crate) struct Postman {
    #[command(flatten)]
    api: Api,
}

const OPENAPI: &str = "\
Examples:
  ers-fhir generate openapi --out ers.openapi.json
      every operation, with closed schemas, checked examples and the bodies of errors
  ers-fhir generate openapi --endpoint A011 --endpoint A016
      two of them

Schemas only describe structure: invariants, references and business rules are checked by
`ers-fhir validate --endpoint ID`.

Exit status: 0 success, 2 wrong usage, or a file that cannot be written.";

const POSTMAN: &str = "\
Examples:
  ers-fhir generate postman --out ers.postman.json
      a request for each operation, with an example of its answer; set the variables base and token
  ers-fhir generate postman --endpoint A011
      one of them

Exit status: 0 success, 2 wrong usage, or a file that cannot be written.";

/// The mark of every document, which shows that it may be overwritten.
const MARK: &str = "Made by ers-fhir";

pub(crate) fn openapi_of(args: &OpenApi, output: &mut Output) -> io::Result<Ending> {
    let made = openapi(&args.api.wanted(), &Definers::embedded()).map_err(|error| error.to_string());
    write(&args.api, made, output)
}

pub(crate) fn postman_of(args: &Postman, output: &mut Output) -> io::Result<Ending> {
    write(&args.api, Ok(postman(&args.api.wanted())), output)
}

impl Api {
    /// The named operations with their versioned reads, in the order of the catalogue; by default, all.
    fn wanted(&self) -> Vec<&'static Endpoint> {
        let is_wanted = |endpoint: &&'static Endpoint| {
            self.endpoints.is_empty() || self.endpoints.iter().any(|named| named.id == endpoint.id)
        };
        endpoints().into_iter().filter(is_wanted).collect()
    }
}

fn write(args: &Api, made: Result<Value, String>, output: &mut Output) -> io::Result<Ending> {
    let written = made.and_then(|made| {
        let text = format!("{made:#}\n");
        let writer = Writer { mark: MARK, force: args.force };
        match &args.out {
            Some(path) => writer.write(path, &text).map(|()| None),
            None => Ok(Some(text)),
        }
    });
    match written {
        Ok(text) => {
            if let Some(text) = text {
                output.write(&text)?;
            }
            output.flush()?;
            Ok(Ending::Clean)
        }
        Err(message) => {
            output.complain(&message);
            Ok(Ending::Trouble)
        }
    }
}
