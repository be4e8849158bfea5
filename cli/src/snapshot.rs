//! `ers-fhir snapshot`: a StructureDefinition with its snapshot.

use std::io;
use std::path::Path;

use clap::Args;
use ers_fhir_lint::Packages;
use ers_fhir_profiles::FhirVersion;

use crate::definitions::PackageArgs;
use crate::ending::Ending;
use crate::output::Output;
use crate::subject::Releases;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Snapshot {
    /// Canonical URL of the definition, optionally with |version, the end of the URL, its name, or a
    /// file with one StructureDefinition.
    #[arg(value_name = "URL|NAME|FILE")]
    definition: String,

    #[command(flatten)]
    packages: PackageArgs,

    /// FHIR release of the definition: 3.0 or 4.0; by default, the one that defines it.
    #[arg(long, value_name = "VERSION")]
    fhir_version: Option<FhirVersion>,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir snapshot CreateReferralParameters
      a profile of e-RS
  ers-fhir snapshot http://hl7.org/fhir/StructureDefinition/bp --fhir-version 4.0
      a profile of FHIR itself
  ers-fhir snapshot StructureDefinition-mine.json --ig package-it-builds-on.tgz
      your own profile

The snapshot is generated from the differential and the bases, even if the definition already has one. It holds facts:
comments, aliases, mappings and narrative are left out.

Exit status: 0 success, 2 wrong usage, or a definition that is missing or faulty.";

pub(crate) fn run(args: &Snapshot, output: &mut Output) -> io::Result<Ending> {
    let (packages, all_usable) = args.packages.open(output);
    if !all_usable {
        return Ok(Ending::Trouble);
    }
    output.answer(made(args, packages).map(|json| json + "\n"))
}

fn made(args: &Snapshot, mut packages: Packages) -> Result<String, String> {
    let path = Path::new(&args.definition);
    let wanted = if path.is_file() { packages.take_structure(path)? } else { args.definition.clone() };
    let subject = Releases::new(&packages, args.fhir_version).find(&wanted)?;
    let made = subject.definitions.snapshot_json(&subject.url).map_err(|error| error.to_string())?;
    made.ok_or_else(|| format!("no package defines '{wanted}'"))
}
