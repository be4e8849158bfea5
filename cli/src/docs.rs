//! `ers-fhir docs`: a site from definitions, and from what is known of e-RS.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ers_fhir_docs::{Error, Release, Site, Sources, Theme, publish, site};
use ers_fhir_lint::Packages;
use ers_fhir_profiles::FhirVersion;

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

    /// What the site is called.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// Folder with templates or assets of your own, under the names of ours.
    #[arg(long, value_name = "DIR")]
    theme: Option<PathBuf>,

    /// Replace the folder although it holds other files, which are lost.
    #[arg(long)]
    force: bool,

    /// What to make: pages, or what is on them as data.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// Pages.
    #[default]
    Html,
    /// What is on the pages as JSON, in the folder or, without --out, to standard output.
    Json,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir docs --out site
      the operations, profiles, codes, rules and changes of e-RS; open site/index.html
  ers-fhir docs --out site --ig hl7.fhir.uv.ips#2.0.0
      the definitions of a package, without e-RS
  ers-fhir docs --format json
      what is on the pages, for a program of your own

The pages need no server, no script and no network. Each is written anew, in place of what an earlier run wrote; a
run that fails leaves that as it was.

Exit status: 0 the site is there, 1 it is, but an example on it is wrong, 2 wrong usage, or something could not be read or written.";

pub(crate) fn run(args: &Docs, output: &mut Output) -> io::Result<Ending> {
    if args.out.is_none() && args.format == Format::Html {
        output.complain("name the folder for the pages: --out site");
        return Ok(Ending::Trouble);
    }
    let (packages, all_usable) = args.packages.open(output);
    if !all_usable {
        return Ok(Ending::Trouble);
    }
    let made = site(&sources(args, &packages));
    match (args.format, &args.out) {
        (Format::Json, None) => {
            output.write(&json(&made))?;
            output.flush()?;
        }
        (_, None) => {}
        (format, Some(folder)) => {
            if let Err(error) = write(args, format, folder, &made) {
                output.complain(&error.to_string());
                return Ok(Ending::Trouble);
            }
            output.note("wrote", &format!("{} pages to {}", made.pages.len(), folder.display()));
        }
    }
    let wrong = made.pages.iter().filter(|page| page.has_findings());
    let mut ending = Ending::Clean;
    for page in wrong {
        output.warn(&format!("an example of {} is wrong: its page says how", page.title));
        ending = Ending::Findings;
    }
    Ok(ending)
}

fn sources(args: &Docs, packages: &Packages) -> Sources {
    let named = packages.names_of_last(args.packages.packages.len());
    let has_service = named.is_empty();
    let title = args
        .title
        .clone()
        .unwrap_or_else(|| if has_service { "e-RS for suppliers".to_owned() } else { named.join(", ") });
    let versions = [FhirVersion::Stu3, FhirVersion::R4];
    let wanted = versions.into_iter().filter(|version| has_service || packages.of(*version).next().is_some());
    Sources {
        title,
        releases: wanted.map(|version| Release::new(|| packages.definitions(version))).collect(),
        packages: if has_service { ERS.map(str::to_owned).to_vec() } else { named },
        has_service,
    }
}

fn write(args: &Docs, format: Format, folder: &Path, made: &Site) -> Result<(), Error> {
    let theme = match &args.theme {
        Some(folder) => Theme::over(folder)?,
        None => Theme::new()?,
    };
    let files = match format {
        Format::Html => theme.files(made)?,
        Format::Json => vec![ers_fhir_docs::File { path: "site.json".to_owned(), text: json(made) }],
    };
    publish(folder, &files, args.force)
}

fn json(made: &Site) -> String {
    // Texts, numbers and lists always are JSON.
    serde_json::to_string_pretty(made).unwrap_or_default() + "\n"
}
