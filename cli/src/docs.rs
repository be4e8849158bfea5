//! `ers-fhir docs`: a site generated from definitions and from the facts about e-RS.

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

/// The packages of e-RS, which are documented if no other is named.
const ERS: [&str; 2] = ["ers-fhir.ers.stu3", "ers-fhir.ers.r4"];

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Docs {
    /// Folder for the pages; those of an earlier run are replaced.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    packages: PackageArgs,

    /// Settings file whose packages are documented, as if each were given with --ig.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Document the changes between two versions of a package, and what payloads must change. Both are named as
    /// for --ig; packages of --ig are added to both.
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["config", "with_core"])]
    compare: Vec<PathBuf>,

    /// Also generate pages for FHIR's own types and codes, instead of linking to those of HL7.
    #[arg(long)]
    with_core: bool,

    /// Title of the site.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// Address at which the site will be published, for links in the pages and a sitemap.
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Option<String>,

    /// Folder with your own templates or assets, which replace the built-in ones of the same name.
    #[arg(long, value_name = "DIR")]
    theme: Option<PathBuf>,

    /// Replace the folder even if it contains other files, which are lost.
    #[arg(long)]
    force: bool,

    /// Output format.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,

    /// Print the JSON Schema of --format json, and generate nothing.
    #[arg(long)]
    json_schema: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// HTML pages.
    #[default]
    Html,
    /// Markdown pages, for a site generator or a repository.
    Markdown,
    /// The content of the pages as JSON, in the folder or, without --out, on standard output.
    Json,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir docs --out site
      the operations, profiles, codes, rules and changes of e-RS; open site/index.html
  ers-fhir docs --out site --ig hl7.fhir.uv.ips#2.0.0
      the definitions and examples of a package, without e-RS
  ers-fhir docs --out docs/fhir --format markdown
      the documentation of e-RS as Markdown
  ers-fhir docs --out changes --compare ours-1.0.0.tgz ours-1.1.0.tgz
      the required and the possible changes to payloads
  ers-fhir docs --format json
      the content of the pages, for your own program

The pages need no server, no script and no network. All pages of an earlier run are replaced; a
run that fails leaves them unchanged.

Exit status: 0 success, 1 success, but an example is wrong or, with --compare, payloads must change, 2 wrong
usage, or something could not be read or written.";

/// An address without the last slash.
fn base_url(text: &str) -> Result<String, String> {
    let is_web = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    if is_web && !text.contains([' ', '"', '<', '>', '?', '#']) {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("it is not an address such as https://docs.example.org/fhir".to_owned())
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

/// Generates the site of changes.
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

/// One version of a package; `None` if it cannot be used.
fn edition(args: &Docs, said: &Path, output: &mut Output) -> Option<Edition> {
    let mut wanted = args.packages.clone();
    wanted.packages.push(said.to_owned());
    let (packages, all_usable) = wanted.open(output);
    let package = packages.names().next_back().filter(|_| all_usable)?.to_owned();
    let of = |version: FhirVersion| packages.of(version).find(|of| of.name() == package);
    let versions = [FhirVersion::Stu3, FhirVersion::R4].into_iter().filter(|version| of(*version).is_some());
    let definitions: Vec<_> = versions.map(|version| Arc::new(packages.definitions(version))).collect();
    let number = [FhirVersion::Stu3, FhirVersion::R4].into_iter().find_map(of);
    let number = number.and_then(|package| package.manifest().version.clone());
    let name = number.map_or_else(|| said.display().to_string(), |number| format!("{package} {number}"));
    Some(Edition { name, package, definitions })
}

/// Writes the site, and returns whether that succeeded.
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

/// Reports which examples are wrong.
fn judged(made: &Site, output: &mut Output) -> Ending {
    const SHOWN: usize = 3;
    let wrong: Vec<&str> =
        made.pages.iter().filter(|page| page.has_findings()).map(|page| page.title.as_str()).collect();
    for title in wrong.iter().take(SHOWN) {
        output.warn(&format!("{title}: the example is wrong; its page shows the findings"));
    }
    if wrong.len() > SHOWN {
        output.warn(&format!("{} more pages have a wrong example", wrong.len() - SHOWN));
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
            return Err(format!("{}: it names no packages to document", path.display()));
        }
    }
    Ok(packages)
}

fn sources(args: &Docs, wanted: &PackageArgs, packages: &Packages) -> Sources {
    let named: Vec<String> = packages.names().map(str::to_owned).collect();
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

/// The other content of the named packages, each with the first release that its package is for.
fn extras_of(
    wanted: &PackageArgs,
    packages: &Packages,
    named: &[String],
    versions: &[FhirVersion],
) -> Vec<(FhirVersion, Extra)> {
    let mut all = Vec::new();
    // Failures to open them were already reported.
    let Ok(shelves) = wanted.shelves() else { return all };
    for (said, name) in wanted.packages.iter().zip(named) {
        let serves = |version: &&FhirVersion| packages.of(**version).any(|package| package.name() == name);
        let Some(version) = versions.iter().find(serves) else { continue };
        // Unreadable files were reported when the package was opened.
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
    // Texts, numbers and lists can always be written as JSON.
    serde_json::to_string_pretty(made).unwrap_or_default() + "\n"
}
