//! `ers-fhir generate json-schema`: the schemas of profiles and types, to standard output or to files.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use ers_fhir_codegen::schema;
use ers_fhir_ers::service::SINGLE_OBJECTS;
use ers_fhir_profiles::FhirVersion;

use super::files::Writer;
use crate::definitions::PackageArgs;
use crate::ending::Ending;
use crate::output::Output;
use crate::subject::{Releases, Subject};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct JsonSchema {
    /// Profile or type: its canonical URL, the end of it, or its name (repeatable).
    #[arg(long = "profile", value_name = "URL|NAME", required_unless_present = "all")]
    profiles: Vec<String>,

    /// Generate the schemas of all resource profiles of e-RS.
    #[arg(long, conflicts_with = "profiles", requires = "out")]
    all: bool,

    /// FHIR release of the definitions: 3.0 or 4.0; only needed if both define the name.
    #[arg(long, value_name = "VERSION")]
    fhir_version: Option<FhirVersion>,

    #[command(flatten)]
    packages: PackageArgs,

    /// File to write to, or a folder (existing, or ending in /), which several schemas need.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,

    /// Accept the known deviations of the live service from FHIR: empty arrays, and single objects
    /// instead of arrays.
    #[arg(long)]
    lenient: bool,

    /// Describe all resource types where any resource is allowed; the schema grows to megabytes.
    #[arg(long)]
    every_resource: bool,

    /// Overwrite files even if they were not generated.
    #[arg(long, requires = "out")]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir generate json-schema --profile CreateReferralParameters > create-referral.schema.json
      the schema of the request of A011
  ers-fhir generate json-schema --profile https://fhir.nhs.uk/STU3/StructureDefinition/eRS-ReferralRequest-1 \\
      --lenient --out schemas/
      a schema that also accepts the known deviations of the live service
  ers-fhir generate json-schema --profile Patient --fhir-version 4.0 --out patient.schema.json
      a type of FHIR itself
  ers-fhir generate json-schema --ig my-package.tgz --profile my-profile --profile my-other-profile --out schemas/
      profiles of your own
  ers-fhir generate json-schema --all --out schemas/
      every profile of e-RS

Schemas only describe structure: invariants, references and terminology are checked by `ers-fhir validate`.

Exit status: 0 success, 2 wrong usage, or a definition or file that cannot be read or written.";

/// The mark of every schema, which shows that it may be overwritten.
const MARK: &str = "made by ers-fhir from its definition";

pub(crate) fn run(args: &JsonSchema, output: &mut Output) -> io::Result<Ending> {
    let (packages, all_usable) = args.packages.open(output);
    if !all_usable {
        return Ok(Ending::Trouble);
    }
    let releases = Releases::new(&packages, args.fhir_version);
    let subjects = match subjects(args, &releases) {
        Ok(subjects) => subjects,
        Err(message) => {
            output.complain(&message);
            return Ok(Ending::Trouble);
        }
    };
    let mut ending = Ending::Clean;
    for subject in &subjects {
        if let Err(message) = write(args, subject, subjects.len() > 1, output)? {
            output.complain(&message);
            ending = Ending::Trouble;
        }
    }
    output.flush()?;
    Ok(ending)
}

fn subjects(args: &JsonSchema, releases: &Releases) -> Result<Vec<Subject>, String> {
    if args.all {
        return Ok(releases.of_ers());
    }
    if args.profiles.len() > 1 && args.out.is_none() {
        return Err("several schemas need a folder: name it with --out".to_owned());
    }
    args.profiles.iter().map(|wanted| releases.find_usual(wanted)).collect()
}

/// Makes one schema and writes it; the inner error is the message to report.
fn write(
    args: &JsonSchema,
    subject: &Subject,
    is_one_of_many: bool,
    output: &mut Output,
) -> io::Result<Result<(), String>> {
    let maker = schema::JsonSchema::new(Arc::clone(&subject.definitions))
        .lenient(args.lenient)
        .single_objects(SINGLE_OBJECTS)
        .every_resource(args.every_resource);
    let made = match maker.make(&subject.url) {
        Ok(made) => made,
        Err(error) => return Ok(Err(error.to_string())),
    };
    for absent in &made.absent {
        output.warn(&absent.to_string());
    }
    for unbound in &made.unbound {
        output.warn(&unbound.to_string());
    }
    let schema = format!("{:#}\n", made.schema);
    let Some(out) = &args.out else {
        output.write(&schema)?;
        return Ok(Ok(()));
    };
    let path =
        if is_one_of_many || is_folder(out) { out.join(file_name(args, subject)) } else { out.clone() };
    let writer = Writer { mark: MARK, force: args.force };
    Ok(writer.write(&path, &schema))
}

fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.to_string_lossy().ends_with(['/', '\\'])
}

/// `eRS-ReferralRequest-1.schema.json`; in a folder for each release if both are written.
fn file_name(args: &JsonSchema, subject: &Subject) -> PathBuf {
    let last = subject.url.rsplit('/').next().unwrap_or_default();
    let name: String =
        last.chars().map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '-' }).collect();
    let file = PathBuf::from(format!("{name}.schema.json"));
    if !args.all || args.fhir_version.is_some() {
        return file;
    }
    let folder = match subject.definitions.fhir_version() {
        FhirVersion::Stu3 => "stu3",
        FhirVersion::R4 => "r4",
    };
    Path::new(folder).join(file)
}
