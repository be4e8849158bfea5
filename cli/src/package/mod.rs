//! `ers-fhir package`: inspecting local packages, and getting missing ones.

mod get;
mod look;
mod settings;

use std::io;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use ers_fhir_packages::{compact, pack_folder, replace};
use ers_fhir_profiles::terminology::compact::CompactHead;

use crate::ending::Ending;
use crate::output::Output;

#[cfg(any(feature = "client", feature = "online"))]
pub(crate) use get::fetch;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PackageCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the local packages: name, version, folder.
    List(look::Folders),
    /// Show the dependencies of a package, and which of them are missing.
    Tree(look::Tree),
    /// Show which package a canonical is taken from, and which others define it.
    Why(look::Why),
    /// Add packages to ers-fhir.toml, and get them with their dependencies.
    Add(get::Add),
    /// Remove packages from ers-fhir.toml and fhir.lock.
    Remove(get::Remove),
    /// Get the packages of ers-fhir.toml and this project with their dependencies, in the versions of
    /// fhir.lock.
    Restore(get::RestoreArgs),
    /// Copy all of these packages into a folder of the project.
    Vendor(get::Vendor),
    /// Pack a folder as a package.
    Pack(Pack),
    /// Index a large code system: SNOMED CT in RF2, a CSV list, or a CodeSystem.
    Index(Index),
}

#[derive(Debug, Args)]
struct Index {
    /// Folder of a SNOMED CT release (its snapshot), a .csv file with a column of codes, or a CodeSystem.
    #[arg(value_name = "SOURCE")]
    source: PathBuf,

    /// File to write, for --ig; its name must end in .codes.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// URL of the code system, if it is not in the source.
    #[arg(long, value_name = "URL", default_value_t, hide_default_value = true)]
    system: String,

    /// Edition or version; by default, as in the source.
    #[arg(long, value_name = "TEXT", default_value_t, hide_default_value = true)]
    edition: String,

    /// The source is complete: codes that are not in it are wrong.
    #[arg(long)]
    whole: bool,
}

#[derive(Debug, Args)]
struct Pack {
    /// Folder with a package.json, and resources in it or below.
    #[arg(value_name = "FOLDER", default_value = ".", hide_default_value = true)]
    folder: PathBuf,

    /// File to write (default: NAME-VERSION.tgz).
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir package add hl7.fhir.uv.ips#2.0.0
      use a package in this project: ers-fhir.toml names it, and fhir.lock records the exact versions
  ers-fhir package add uk-core --override hl7.terminology.r4#7.0.1
      use UK Core, with a different version of a dependency than the one requested
  ers-fhir package restore --locked
      get exactly the versions in fhir.lock, and fail if it is out of date
  ers-fhir package vendor vendor/fhir
  ers-fhir validate payloads/ --package-dir vendor/fhir
      check without a network
  ers-fhir package index SnomedCT_Release/ --out snomed.codes
  ers-fhir validate payloads/ --ig snomed.codes
      check SNOMED CT codes against a release
  ers-fhir package tree hl7.fhir.uv.ips#2.0.0
      its dependencies, and which of them are missing
  ers-fhir package why http://hl7.org/fhir/StructureDefinition/Patient --ig hl7.fhir.uv.ips#2.0.0
      show which definition is used

Short names: uk-core, bars, nhs-england, hl7-terminology, hl7-extensions, ips.

Packages are fetched from --registry, or that of the variable FPL_REGISTRY (with FPL_REGISTRY_TOKEN), or those of
~/.fhir/fhir-settings.json and packages.fhir.org and packages2.fhir.org. They are kept where the variable
ERS_FHIR_CACHE says, or in the cache folder of the system.

Exit status: 0 success, 1 a dependency is not available, or no package defines the canonical, 2 wrong usage, or a
requested package cannot be fetched or read.";

pub(crate) fn run(args: &PackageCommand, output: &mut Output) -> io::Result<Ending> {
    let said = match &args.what {
        What::List(folders) => look::list(folders),
        What::Tree(tree) => look::shown(tree),
        What::Why(why) => look::answered(why, output),
        What::Add(add) => get::add(add, output),
        What::Remove(remove) => get::remove(remove, output),
        What::Restore(restore) => get::restore(restore, output),
        What::Vendor(vendor) => get::vendor(vendor, output),
        What::Pack(pack) => packed(pack),
        What::Index(index) => indexed(index),
    };
    output.end(said)
}

fn packed(args: &Pack) -> Result<(String, Ending), String> {
    let packed = pack_folder(&args.folder).map_err(|error| error.to_string())?;
    let name = || PathBuf::from(format!("{}-{}.tgz", packed.name, packed.version));
    let out = args.out.clone().unwrap_or_else(name);
    std::fs::write(&out, &packed.archive)
        .map_err(|error| format!("cannot write {}: {error}", out.display()))?;
    let text = format!("{}: {}#{}, {} files\n", out.display(), packed.name, packed.version, packed.files);
    Ok((text, Ending::Clean))
}

fn indexed(args: &Index) -> Result<(String, Ending), String> {
    if args.out.extension().is_none_or(|extension| extension != "codes") {
        return Err(format!(
            "--out: the name of an index must end in .codes, so that --ig recognises it: {}",
            args.out.display()
        ));
    }
    let head = CompactHead { url: args.system.clone(), edition: args.edition.clone(), is_whole: args.whole };
    let made = compact(&args.source, head).map_err(|error| error.to_string())?;
    replace(&args.out, &made.to_bytes())
        .map_err(|error| format!("cannot write {}: {error}", args.out.display()))?;
    let CompactHead { url, edition, .. } = made.head();
    let edition = if edition.is_empty() { "of an unknown edition" } else { edition };
    let (codes, sets) = (made.len(), made.sets());
    let text = format!("{}: {codes} codes and {sets} sets of {url}, {edition}\n", args.out.display());
    Ok((text, Ending::Clean))
}
