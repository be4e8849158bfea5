//! Types for the package of a clinic.

use ers_fhir_codegen::{Config, Error, FhirVersion};

fn main() -> Result<(), Error> {
    Config::new(FhirVersion::R4).package("../../examples/clinic").all_profiles().compile()?;
    Ok(())
}
