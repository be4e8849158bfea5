//! The maintainers' commands: `cargo xtask COMMAND`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::package::Package;
use ers_fhir_xtask::distil::distil;
use ground::{say, sha256};

mod dist;
mod ground;
mod page;
mod wasm;

/// Tasks for maintainers of ers-fhir.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Distil a published FHIR core package into a package folder of this repository.
    Distil {
        /// The published package, as fetched by `tests/fetch-packages`.
        #[arg(value_name = "SOURCE.tgz")]
        source: PathBuf,
        /// The folder to write, such as profiles/packages/ers-fhir.core.r4; its contents are replaced.
        #[arg(value_name = "FOLDER")]
        target: PathBuf,
    },
    /// Build the core crates and the engine of the page for wasm32-unknown-unknown.
    Wasm(wasm::Wasm),
    /// Build the static binary, and pack it with its manual, completions and licences.
    Dist(dist::Dist),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Distil { source, target } => distil_folder(&source, &target),
        Command::Wasm(wanted) => wasm::build(&wanted),
        Command::Dist(wanted) => dist::build(&wanted),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn distil_folder(source: &Path, target: &Path) -> Result<(), Box<dyn Error>> {
    let archive = fs::read(source).map_err(|e| format!("{}: {e}", source.display()))?;
    let package = Package::from_archive(&source.to_string_lossy(), archive.as_slice())?;
    let version: FhirVersion = package.manifest().fhir_versions.concat().parse()?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let files = distil(&package, version, &name, &sha256(&archive))?;

    let folder = target.join("package");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for (file, text) in &files {
        fs::write(folder.join(file), text)?;
    }
    let bytes: usize = files.values().map(String::len).sum();
    #[expect(clippy::print_stdout, reason = "this is a command")]
    {
        println!("{name}: {} files, {} kB", files.len(), bytes / 1000);
    }
    Ok(())
}
