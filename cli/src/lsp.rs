//! `ers-fhir lsp`: the language server on standard input and output.

use std::io::{self, IsTerminal};

use crate::ending::Ending;
use crate::output::Output;

#[expect(clippy::unnecessary_wraps, reason = "commands end alike")]
pub(crate) fn run(output: &Output) -> io::Result<Ending> {
    if io::stdin().is_terminal() {
        output.complain(
            "this is a language server, which editors start and talk to on standard input; see \
             editors/README.md",
        );
        return Ok(Ending::Trouble);
    }
    match ers_fhir_lsp::serve_stdio() {
        Ok(()) => Ok(Ending::Clean),
        Err(error) => {
            output.complain(&error.to_string());
            Ok(Ending::Trouble)
        }
    }
}
