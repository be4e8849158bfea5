//! `ers-fhir generate rust`: types for resources and profiles, to standard output or to files.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use ers_fhir_codegen::{Config, Error, GeneratedFile};
use ers_fhir_lint::Packages;
use ers_fhir_profiles::FhirVersion;

use super::files::Writer;
use crate::definitions::PackageArgs;
use crate::ending::Ending;
use crate::output::Output;
use crate::subject::Releases;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Rust {
    #[command(flatten)]
    what: Wanted,

    /// FHIR release of the definitions: 3.0 or 4.0; by default, that of the profiles or packages.
    #[arg(long, value_name = "VERSION")]
    fhir_version: Option<FhirVersion>,

    #[command(flatten)]
    packages: PackageArgs,

    /// Profile or type to leave out; references to it use the type of its base (repeatable).
    #[arg(long = "exclude", value_name = "URL|NAME")]
    excluded: Vec<String>,

    /// File to write to if it ends in .rs, else a folder for a module of many files; files of an earlier
    /// run that are no longer needed are removed from it.
    ///
    /// By default, one file is written to standard output.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,

    /// Overwrite files even if they were not generated.
    #[arg(long, requires = "out")]
    force: bool,

    #[command(flatten)]
    shape: Shape,
}

/// What to generate.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Wanted {
    /// Resource type, such as Patient, with all types that it uses (repeatable).
    #[arg(long = "resource", value_name = "TYPE")]
    resources: Vec<String>,

    /// All resource types of the release.
    #[arg(long)]
    all_resources: bool,

    /// Profile: its canonical URL, the end of it, or its name (repeatable).
    #[arg(long = "profile", value_name = "URL|NAME")]
    profiles: Vec<String>,

    /// All profiles in the packages given with --ig.
    #[arg(long, requires = "packages")]
    all_profiles: bool,
}

/// What it looks like.
#[derive(Debug, Args)]
#[command(next_help_heading = "The code")]
struct Shape {
    /// Prefix to remove from the names of profiles.
    #[arg(long, value_name = "WORD")]
    strip_prefix: Option<String>,

    /// Element to leave out, with everything below it, such as Patient.contact (repeatable).
    #[arg(long = "skip", value_name = "ELEMENT")]
    skipped: Vec<String>,

    /// Name for the type of an element, such as Patient.contact=Kin (repeatable).
    #[arg(long = "type-name", value_name = "ELEMENT=NAME", value_parser = setting)]
    type_names: Vec<(String, String)>,

    /// Name for the field of an element, such as Patient.name=names (repeatable).
    #[arg(long = "field-name", value_name = "ELEMENT=NAME", value_parser = setting)]
    field_names: Vec<(String, String)>,

    /// File that keeps the names of types stable when definitions change; it is read if it exists, and
    /// updated.
    #[arg(long, value_name = "PATH", requires = "out")]
    names: Option<PathBuf>,

    /// Attribute for the types of an element and everything below it; '.' is all elements
    /// (repeatable).
    #[arg(long = "type-attribute", value_name = "ELEMENT=ATTRIBUTE", value_parser = setting)]
    type_attributes: Vec<(String, String)>,

    /// Attribute for the fields of an element and everything below it (repeatable).
    #[arg(long = "field-attribute", value_name = "ELEMENT=ATTRIBUTE", value_parser = setting)]
    field_attributes: Vec<(String, String)>,

    /// Path of the crate ers-fhir-model in the generated code.
    #[arg(long, value_name = "RUST-PATH", default_value = "::ers_fhir_model")]
    model_path: String,

    /// Module that already has the resource types, so that only profiles are generated.
    #[arg(long, value_name = "RUST-PATH")]
    base_path: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir generate rust --resource Patient --fhir-version 4.0 > src/fhir.rs
      the types of a resource, in one file
  ers-fhir generate rust --profile CreateReferralParameters --strip-prefix Ers --out src/fhir/
      a profile of e-RS with all types that it needs, as a module
  ers-fhir generate rust --ig my-package.tgz --all-profiles --exclude my-draft --out src/my_package.rs
      every profile of your own package except one
  ers-fhir generate rust --resource Patient --fhir-version 3.0 --type-name Patient.contact=Kin \\
      --skip Patient.photo --type-attribute '.=#[non_exhaustive]' --out src/fhir.rs
      with custom names and attributes

The code needs the crate ers-fhir-model. A build script can do the same with ers_fhir_codegen::Config.

A definition from which nothing can be generated is skipped, with a message.

Exit status: 0 success, 1 something was skipped, 2 wrong usage, or nothing could be generated, read or
written.";

/// The base URL of the definitions of types, which have their own names.
const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The first line of every file of names.
const NAMES_MARK: &str = "# Names of generated types";

/// The mark of every generated file, which shows that it may be overwritten.
const MARK: &str = "@generated by ers-fhir-codegen";

pub(crate) fn run(args: &Rust, output: &mut Output) -> io::Result<Ending> {
    let (packages, all_usable) = args.packages.open(output);
    if !all_usable {
        return Ok(Ending::Trouble);
    }
    let made = config(args, &packages).and_then(|config| make(args, &config, output));
    let (code, ending) = match made {
        Ok(made) => made,
        Err(message) => {
            output.complain(&message);
            return Ok(Ending::Trouble);
        }
    };
    if let Some(code) = code {
        output.write(&code)?;
    }
    output.flush()?;
    Ok(ending)
}

/// The run of the generator that the command line requests.
fn config(args: &Rust, packages: &Packages) -> Result<Config, String> {
    let (version, profiles) = subjects(args, packages)?;
    let mut config = Config::new(version)
        .embedded(ers_fhir_ers::package(version))
        .command(command())
        .resources(&args.what.resources)
        .profiles(profiles)
        .exclude(excluded(args, packages, version))
        .model_path(&args.shape.model_path);
    for package in packages.dependencies(version) {
        config = config.dependency(package.clone());
    }
    for package in packages.named(version) {
        config = config.package(package.clone());
    }
    let Wanted { all_resources, all_profiles, .. } = args.what;
    if all_resources {
        config = config.all_resources();
    }
    if all_profiles {
        config = config.all_profiles();
    }
    let Shape { strip_prefix, base_path, .. } = &args.shape;
    if let Some(word) = strip_prefix {
        config = config.strip_prefix(word);
    }
    if let Some(path) = base_path {
        config = config.base_path(path);
    }
    if let Some(path) = &args.shape.names {
        match std::fs::read_to_string(path) {
            Ok(names) => config = config.names(names),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("cannot read '{}': {error}", path.display())),
        }
    }
    config = args.shape.skipped.iter().fold(config, Config::skip);
    config = set(config, &args.shape.type_names, Config::type_name);
    config = set(config, &args.shape.field_names, Config::field_name);
    config = set(config, &args.shape.type_attributes, Config::type_attribute);
    Ok(set(config, &args.shape.field_attributes, Config::field_attribute))
}

fn set(config: Config, settings: &[(String, String)], with: fn(Config, String, String) -> Config) -> Config {
    settings.iter().fold(config, |config, (path, value)| with(config, path.clone(), value.clone()))
}

/// The release, and the canonical URLs of the profiles.
fn subjects(args: &Rust, packages: &Packages) -> Result<(FhirVersion, Vec<String>), String> {
    let releases = Releases::new(packages, args.fhir_version);
    let mut version = args.fhir_version;
    let mut urls = Vec::with_capacity(args.what.profiles.len());
    for wanted in &args.what.profiles {
        let found = releases.find_usual(wanted)?;
        let own = found.definitions.fhir_version();
        if version.is_some_and(|version| version != own) {
            return Err(format!(
                "'{wanted}' belongs to a different FHIR release than the preceding profiles: generate them \
                 separately"
            ));
        }
        version = Some(own);
        urls.push(found.url);
    }
    let version = version.or_else(|| packages.only_release());
    version
        .map(|version| (version, urls))
        .ok_or_else(|| "name the FHIR release: --fhir-version 3.0 or 4.0".to_owned())
}

/// The definitions to leave out: the canonical URLs of named profiles, or else the names of types.
fn excluded(args: &Rust, packages: &Packages, version: FhirVersion) -> Vec<String> {
    let releases = Releases::new(packages, Some(version));
    let meant = |wanted: &String| match releases.find_usual(wanted) {
        Ok(found) if !found.url.starts_with(CORE) => found.url,
        _ => wanted.clone(),
    };
    args.excluded.iter().map(meant).collect()
}

/// Generates the code: one file for standard output, or several files. Reports what is skipped.
fn make(args: &Rust, config: &Config, output: &Output) -> Result<(Option<String>, Ending), String> {
    let said = |error: Error| error.to_string();
    let outcome = config.run().map_err(said)?;
    for absent in outcome.absent() {
        output.warn(&absent.to_string());
    }
    for skipped in outcome.skipped() {
        output.complain(&skipped.to_string());
    }
    let ending = if outcome.skipped().is_empty() { Ending::Clean } else { Ending::Findings };
    if outcome.is_empty() {
        return Err("nothing was generated: name a type, or a profile that can be generated".to_owned());
    }
    if let Some(path) = &args.shape.names {
        Writer { mark: NAMES_MARK, force: args.force }.write(path, outcome.names())?;
    }
    let Some(out) = &args.out else { return Ok((Some(outcome.file().map_err(said)?), ending)) };
    let writer = Writer { mark: MARK, force: args.force };
    if out.extension().is_some_and(|extension| extension == "rs") {
        writer.write(out, &outcome.file().map_err(said)?)?;
        return Ok((None, ending));
    }
    let files: Vec<GeneratedFile> = outcome.modules().map_err(said)?;
    // Either all files are written or none.
    for file in &files {
        writer.check(&path(out, file))?;
    }
    for file in &files {
        writer.write(&path(out, file), &file.content)?;
    }
    writer.remove_others(out, |name| files.iter().any(|file| file.name == name))?;
    Ok((None, ending))
}

fn path(folder: &Path, file: &GeneratedFile) -> PathBuf {
    folder.join(&file.name)
}

/// The command line, so that the code can be generated again.
fn command() -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,".contains(letter);
    let quoted = |word: String| {
        if word.chars().all(is_plain) { word } else { format!("'{}'", word.replace('\'', r"'\''")) }
    };
    let words = std::env::args_os().skip(1).map(|word| quoted(word.to_string_lossy().into_owned()));
    ["ers-fhir".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (path, value) = text.split_once('=').ok_or("write a setting as ELEMENT=VALUE")?;
    if path.is_empty() || value.is_empty() {
        return Err("write a setting as ELEMENT=VALUE".to_owned());
    }
    Ok((path.to_owned(), value.to_owned()))
}
