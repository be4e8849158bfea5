//! `ers-fhir docs`: a site from definitions, and from what is known of e-RS.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use ers_fhir_docs::{Edition, Error, Release, Site, Sources, Theme, compare, must_change, publish, site};
use ers_fhir_lint::settings::InForce;
use ers_fhir_lint::{Packages, located};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::package::extra::{Extra, extras};

use crate::definitions::PackageArgs;
use crate::ending::Ending;
use crate::output::Output;

/// The packages of e-RS, which are documented where no other is named.
const ERS: [&str; 2] = ["ers-fhir.ers.stu3", "ers-fhir.ers.r4"];

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Docs {
    /// Folder to write the pages to; what an earlier run wrote there is replaced.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    packages: PackageArgs,

    /// File of settings whose packages are documented, as if each were given with --ig.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Say what changed from one version of a package to another, and what a payload must change: each is named as
    /// for --ig, whose packages are added to both.
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["config", "with_core"])]
    compare: Vec<PathBuf>,

    /// Give FHIR's own types and codes pages too, instead of leading to those of HL7.
    #[arg(long)]
    with_core: bool,

    /// What the site is called.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// Address where the site will be read: pages name it, and there is a map for search engines.
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Option<String>,

    /// Folder with templates or assets of your own, under the names of ours.
    #[arg(long, value_name = "DIR")]
    theme: Option<PathBuf>,

    /// Replace the folder although it holds other files, which are lost.
    #[arg(long)]
    force: bool,

    /// What to make: pages, or what is on them.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,

    /// Write the JSON Schema of --format json, and make nothing.
    #[arg(long)]
    json_schema: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// Pages.
    #[default]
    Html,
    /// Pages as Markdown, for what makes sites of it, or for a repository.
    Markdown,
    /// What is on the pages as JSON, in the folder or, without --out, to standard output.
    Json,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir docs --out site
      the operations, profiles, codes, rules and changes of e-RS; open site/index.html
  ers-fhir docs --out site --ig hl7.fhir.uv.ips#2.0.0
      the definitions and examples of a package, without e-RS
  ers-fhir docs --out docs/fhir --format markdown
      the same as Markdown
  ers-fhir docs --out changes --compare ours-1.0.0.tgz ours-1.1.0.tgz
      what a payload must change, and what it may
  ers-fhir docs --format json
      what is on the pages, for a program of your own

The pages need no server, no script and no network. Each is written anew, in place of what an earlier run wrote; a
run that fails leaves that as it was.

Exit status: 0 the site is there, 1 it is, but an example on it is wrong or, with --compare, a payload must change, 2 wrong
usage, or something could not be read or written.";

/// An address without the last slash.
fn base_url(text: &str) -> Result<String, String> {
    let is_web = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    if is_web && !text.contains([' ', '"', '<', '>', '?', '#']) {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("it is no address such as https://docs.example.org/fhir".to_owned())
    }
}

pub(crate) fn run(args: &Docs, output: &mut Output) -> io::Result<Ending> {
    if args.json_schema {
        output.write(&text(&ers_fhir_docs::schema()))?;
        output.flush()?;
        return Ok(Ending::Clean);
    }
    if args.out.is_none() && args.format != Format::Json {
        output.complain("name the folder for the pages: --out site");
        return Ok(Ending::Trouble);
    }
    if !args.compare.is_empty() {
        return compared(args, output);
    }
    let wanted = match with_settings(args) {
        Ok(wanted) => wanted,
        Err(error) => {
            output.complain(&error);
            return Ok(Ending::Trouble);
        }
    };
    let (packages, all_usable) = wanted.open(output);
    if !all_usable {
        return Ok(Ending::Trouble);
    }
    let made = site(&sources(args, &wanted, &packages));
    if !deliver(args, &made, output)? {
        return Ok(Ending::Trouble);
    }
    Ok(judged(&made, output))
}

/// Makes the site of what changed.
fn compared(args: &Docs, output: &mut Output) -> io::Result<Ending> {
    let [Some(old), Some(new)] = [0, 1].map(|side| edition(args, &args.compare[side], output)) else {
        return Ok(Ending::Trouble);
    };
    let title = args.title.clone().unwrap_or_else(|| format!("What changed in {}", new.package));
    let mut made = compare(&title, &old, &new);
    made.base_url.clone_from(&args.base_url);
    if !deliver(args, &made, output)? {
        return Ok(Ending::Trouble);
    }
    Ok(if must_change(&made) { Ending::Findings } else { Ending::Clean })
}

/// One version of a package; `None` where it cannot be used.
fn edition(args: &Docs, said: &Path, output: &mut Output) -> Option<Edition> {
    let mut wanted = args.packages.clone();
    wanted.packages.push(said.to_owned());
    let (packages, all_usable) = wanted.open(output);
    let package = packages.names_of_last(1).pop().filter(|_| all_usable)?;
    let of = |version: FhirVersion| packages.of(version).find(|of| of.name() == package);
    let versions = [FhirVersion::Stu3, FhirVersion::R4].into_iter().filter(|version| of(*version).is_some());
    let definitions: Vec<_> = versions.map(|version| Arc::new(packages.definitions(version))).collect();
    let number = [FhirVersion::Stu3, FhirVersion::R4].into_iter().find_map(of);
    let number = number.and_then(|package| package.manifest().version.clone());
    let name = number.map_or_else(|| said.display().to_string(), |number| format!("{package} {number}"));
    Some(Edition { name, package, definitions })
}

/// Writes what was made; whether it could be.
fn deliver(args: &Docs, made: &Site, output: &mut Output) -> io::Result<bool> {
    match &args.out {
        None => {
            output.write(&text(made))?;
            output.flush()?;
        }
        Some(folder) => {
            if let Err(error) = write(args, folder, made) {
                output.complain(&error.to_string());
                return Ok(false);
            }
            output.note("wrote", &format!("{} pages to {}", made.pages.len(), folder.display()));
        }
    }
    Ok(true)
}

/// Says which examples are wrong.
fn judged(made: &Site, output: &mut Output) -> Ending {
    const SHOWN: usize = 3;
    let wrong: Vec<&str> =
        made.pages.iter().filter(|page| page.has_findings()).map(|page| page.title.as_str()).collect();
    for title in wrong.iter().take(SHOWN) {
        output.warn(&format!("{title}: an example is wrong, and its page says how"));
    }
    if wrong.len() > SHOWN {
        output.warn(&format!("{} more pages have an example that is wrong", wrong.len() - SHOWN));
    }
    if wrong.is_empty() { Ending::Clean } else { Ending::Findings }
}

/// The packages of the command line, and those of the settings below them.
fn with_settings(args: &Docs) -> Result<PackageArgs, String> {
    let mut packages = args.packages.clone();
    if let Some(path) = &args.config {
        let in_force = InForce::read(path).map_err(|error| error.to_string())?;
        packages.packages.splice(0..0, in_force.packages());
        if packages.packages.is_empty() {
            return Err(format!("{}: there are no packages in it to document", path.display()));
        }
    }
    Ok(packages)
}

fn sources(args: &Docs, wanted: &PackageArgs, packages: &Packages) -> Sources {
    let named = packages.names_of_last(wanted.packages.len());
    let has_service = named.is_empty();
    let title = args
        .title
        .clone()
        .unwrap_or_else(|| if has_service { "e-RS for suppliers".to_owned() } else { named.join(", ") });
    let versions = [FhirVersion::Stu3, FhirVersion::R4];
    let is_wanted = |version: &FhirVersion| {
        has_service || packages.of(*version).any(|package| named.iter().any(|name| name == package.name()))
    };
    let versions: Vec<FhirVersion> = versions.into_iter().filter(is_wanted).collect();
    let extras = extras_of(wanted, packages, &named, &versions);
    let mut documented = if has_service { ERS.map(str::to_owned).to_vec() } else { named };
    if args.with_core {
        documented.extend(versions.iter().map(|version| core(*version).to_owned()));
    }
    Sources {
        title,
        releases: versions
            .into_iter()
            .map(|version| Release::new(|| packages.definitions(version)))
            .collect(),
        packages: documented,
        extras,
        has_service,
        base_url: args.base_url.clone(),
    }
}

/// The package with the definitions of FHIR itself.
fn core(version: FhirVersion) -> &'static str {
    match version {
        FhirVersion::Stu3 => "ers-fhir.core.stu3",
        FhirVersion::R4 => "ers-fhir.core.r4",
    }
}

/// What the packages that were named hold besides definitions, each with the first release that its package is for.
fn extras_of(
    wanted: &PackageArgs,
    packages: &Packages,
    named: &[String],
    versions: &[FhirVersion],
) -> Vec<(FhirVersion, Extra)> {
    let mut all = Vec::new();
    // Where they cannot be opened, that was complained of when the packages were.
    let Ok(shelves) = wanted.shelves() else { return all };
    for (said, name) in wanted.packages.iter().zip(named) {
        let serves = |version: &&FhirVersion| packages.of(**version).any(|package| package.name() == name);
        let Some(version) = versions.iter().find(serves) else { continue };
        // What cannot be read was complained of when the package was opened.
        let found = located(said, &shelves).ok().and_then(|path| extras(&path).ok());
        all.extend(found.into_iter().flatten().map(|extra| (*version, extra)));
    }
    all
}

fn write(args: &Docs, folder: &Path, made: &Site) -> Result<(), Error> {
    if args.format == Format::Json {
        let file = ers_fhir_docs::File { path: "site.json".to_owned(), text: text(made) };
        return publish(folder, [Ok(file)], args.force);
    }
    let ours = if args.format == Format::Markdown { Theme::markdown()? } else { Theme::new()? };
    let theme = match &args.theme {
        Some(folder) => ours.over(folder)?,
        None => ours,
    };
    publish(folder, theme.files(made), args.force)
}

fn text(made: &impl serde::Serialize) -> String {
    // Texts, numbers and lists always are JSON.
    serde_json::to_string_pretty(made).unwrap_or_default() + "\n"
}
