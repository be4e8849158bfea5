//! The generator with packages that were not tuned for it: the code compiles without a warning, and payloads pass
//! through it.

mod crates;
mod hostile;

use std::process::ExitCode;

use ers_fhir_corpora::{Suite, tests};
use hostile::definitions_are_generated_or_skipped_with_a_reason;

fn main() -> ExitCode {
    Suite::new().always(tests![definitions_are_generated_or_skipped_with_a_reason]).run()
}
