//! Local packages, their dependencies, and which of them defines a canonical.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use ers_fhir_lint::located;
use ers_fhir_packages::{Node, Place, manifest, tree};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::package::{Kind, Package};

use crate::definitions::PackageArgs;
use crate::ending::Ending;
use crate::output::Output;

#[derive(Debug, Args)]
pub(super) struct Folders {
    /// Folder of unpacked packages (repeatable), searched before those of `ERS_FHIR_PACKAGES` and
    /// ~/.fhir/packages.
    #[arg(long = "package-dir", value_name = "DIR")]
    folders: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Tree {
    /// Package: name and version, folder, or .tgz archive.
    #[arg(value_name = "PACKAGE")]
    package: PathBuf,

    #[command(flatten)]
    folders: Folders,
}

#[derive(Debug, Args)]
pub(super) struct Why {
    /// Canonical URL of a definition, optionally with |version.
    #[arg(value_name = "CANONICAL")]
    canonical: String,

    #[command(flatten)]
    packages: PackageArgs,
}

impl Folders {
    fn args(&self) -> PackageArgs {
        PackageArgs { folders: self.folders.clone(), ..PackageArgs::default() }
    }
}

pub(super) fn list(folders: &Folders) -> Result<(String, Ending), String> {
    let shelves = folders.args().shelves()?;
    let all = shelves.list();
    if all.is_empty() {
        let searched: Vec<String> = shelves.folders().iter().map(|it| it.display().to_string()).collect();
        return Ok((format!("There is no package in {}.\n", searched.join(", ")), Ending::Clean));
    }
    let titles: Vec<String> = all.iter().map(|found| format!("{}#{}", found.name, found.version)).collect();
    let width = titles.iter().map(String::len).max().unwrap_or_default();
    let lines = titles.iter().zip(&all);
    let lines = lines.map(|(title, found)| format!("{title:width$}  {}\n", found.path.display()));
    Ok((lines.collect(), Ending::Clean))
}

pub(super) fn shown(args: &Tree) -> Result<(String, Ending), String> {
    let shelves = args.folders.args().shelves()?;
    let path = located(&args.package, &shelves)?;
    let manifest = match manifest(&path) {
        Some(manifest) => manifest,
        None => Package::open(&path).map_err(|error| error.to_string())?.manifest().clone(),
    };
    let root = tree(&manifest, &path, &shelves);
    let mut text = format!("{}#{}  {}\n", root.name, root.version, path.display());
    let is_whole = branches(&root.dependencies, "", &mut text);
    Ok((text, if is_whole { Ending::Clean } else { Ending::Findings }))
}

/// Draws the branches of a tree, and returns whether all packages in it are available.
fn branches(nodes: &[Node], before: &str, text: &mut String) -> bool {
    let mut is_whole = true;
    for (at, node) in nodes.iter().enumerate() {
        let is_last = at + 1 == nodes.len();
        let place = match &node.place {
            Place::Embedded => "in ers-fhir".to_owned(),
            Place::Folder { version, folder } if *version == node.version => folder.display().to_string(),
            Place::Folder { version, folder } => format!("{version} in {}", folder.display()),
            Place::Before { version } => format!("{version}, above"),
            Place::Absent { others } if others.is_empty() => "not available".to_owned(),
            Place::Absent { others } => format!("not available, only {}", others.join(", ")),
        };
        is_whole &= !matches!(node.place, Place::Absent { .. });
        let (branch, more) = if is_last { ("└── ", "    ") } else { ("├── ", "│   ") };
        let _infallible = writeln!(text, "{before}{branch}{}#{}  {place}", node.name, node.version);
        is_whole &= branches(&node.dependencies, &format!("{before}{more}"), text);
    }
    is_whole
}

pub(super) fn answered(args: &Why, output: &Output) -> Result<(String, Ending), String> {
    let (packages, all_usable) = args.packages.open(output);
    if !all_usable {
        return Err("the result depends on the packages that cannot be used".to_owned());
    }
    let mut text = String::new();
    for release in [FhirVersion::Stu3, FhirVersion::R4] {
        let definitions = packages.definitions(release);
        for kind in Kind::ALL {
            let known = definitions.answering(kind, &args.canonical);
            for (at, known) in known.iter().enumerate() {
                let version = known.version.unwrap_or("without a version");
                let what = format!("{} {version} of {}", kind.resource_type(), known.package);
                let said =
                    if at == 0 { format!("FHIR {release}: {what}") } else { format!("    not {what}") };
                text.push_str(&said);
                text.push('\n');
            }
        }
    }
    if text.is_empty() {
        return Ok((format!("No package defines {}.\n", args.canonical), Ending::Findings));
    }
    Ok((text, Ending::Clean))
}
