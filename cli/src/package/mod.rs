//! `ers-fhir package`: which packages there are, and getting those that are not at hand.

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
    /// List the packages at hand: name, version, folder.
    List(look::Folders),
    /// Show what a package depends on, and what of that is not at hand.
    Tree(look::Tree),
    /// Say which package answers a canonical, and which others define it.
    Why(look::Why),
    /// Add packages to ers-fhir.toml, and get them and what they depend on.
    Add(get::Add),
    /// Take packages out of ers-fhir.toml and fhir.lock.
    Remove(get::Remove),
    /// Get the packages that ers-fhir.toml and this project name, and what they depend on, as fhir.lock says.
    Restore(get::RestoreArgs),
    /// Put all of these packages into a folder that goes with the project.
    Vendor(get::Vendor),
    /// Make a package of a folder.
    Pack(Pack),
    /// Make an index of a large code system: SNOMED CT as RF2, a list as CSV, a CodeSystem.
    Index(Index),
}

#[derive(Debug, Args)]
struct Index {
    /// Folder of a release of SNOMED CT (its snapshot), a .csv file with a column of codes, or a CodeSystem.
    #[arg(value_name = "SOURCE")]
    source: PathBuf,

    /// File to write, which --ig takes; it ends in .codes.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// URL of the code system, where the source does not say it.
    #[arg(long, value_name = "URL", default_value_t, hide_default_value = true)]
    system: String,

    /// Edition or version; else as the source says.
    #[arg(long, value_name = "TEXT", default_value_t, hide_default_value = true)]
    edition: String,

    /// Every code of the system is in the source: others are wrong.
    #[arg(long)]
    whole: bool,
}

#[derive(Debug, Args)]
struct Pack {
    /// Folder with a package.json, and resources in it or below.
    #[arg(value_name = "FOLDER", default_value = ".", hide_default_value = true)]
    folder: PathBuf,

    /// File to write; NAME-VERSION.tgz unless said otherwise.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir package add hl7.fhir.uv.ips#2.0.0
      use a package in this project: ers-fhir.toml names it, fhir.lock holds what it and its dependencies are
  ers-fhir package add uk-core --override hl7.terminology.r4#7.0.1
      use UK Core, with another version of a package than those that depend on it ask for
  ers-fhir package restore --locked
      get exactly what fhir.lock says, and fail where it is not up to date
  ers-fhir package vendor vendor/fhir
  ers-fhir validate payloads/ --package-dir vendor/fhir
      check where there is no network
  ers-fhir package index SnomedCT_Release/ --out snomed.codes
  ers-fhir validate payloads/ --ig snomed.codes
      let a release of SNOMED CT decide about its codes
  ers-fhir package tree hl7.fhir.uv.ips#2.0.0
      what it depends on, and what of that is not at hand
  ers-fhir package why http://hl7.org/fhir/StructureDefinition/Patient --ig hl7.fhir.uv.ips#2.0.0
      which definition is used

Short names: uk-core, bars, nhs-england, hl7-terminology, hl7-extensions, ips.

Packages are fetched from --registry, or that of the variable FPL_REGISTRY (with FPL_REGISTRY_TOKEN), or those of
~/.fhir/fhir-settings.json and packages.fhir.org and packages2.fhir.org. They are kept where the variable
ERS_FHIR_CACHE says, or in the folder that the system has for caches.

Exit status: 0 it was done, 1 something that is depended on is not available, or nothing answers, 2 wrong usage, or a
package that was asked for cannot be got or read.";

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
            "--out: the name of an index ends in .codes, as --ig knows it by that: {}",
            args.out.display()
        ));
    }
    let head = CompactHead { url: args.system.clone(), edition: args.edition.clone(), is_whole: args.whole };
    let made = compact(&args.source, head).map_err(|error| error.to_string())?;
    replace(&args.out, &made.to_bytes())
        .map_err(|error| format!("cannot write {}: {error}", args.out.display()))?;
    let CompactHead { url, edition, .. } = made.head();
    let edition = if edition.is_empty() { "which does not say its edition" } else { edition };
    let (codes, sets) = (made.len(), made.sets());
    let text = format!("{}: {codes} codes and {sets} sets of {url}, {edition}\n", args.out.display());
    Ok((text, Ending::Clean))
}
