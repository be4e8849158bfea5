//! Generates types for a package of one's own, and prints them: `own_package [package] [stu3|r4]`.
//!
//! Without arguments it takes the package of a clinic in `examples/clinic`.

use std::path::Path;

use ers_fhir_codegen::{Config, FhirVersion};

#[expect(clippy::print_stdout, reason = "an example shows what it makes")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/clinic");
    let package = arguments.next().map_or(ours, Into::into);
    let version = arguments.next().map_or(Ok(FhirVersion::R4), |release| release.parse())?;
    println!("{}", Config::new(version).package(package).all_profiles().generate_file()?);
    Ok(())
}
