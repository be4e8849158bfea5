//! Distils a published FHIR core package into a package folder of this repository.
//!
//! ```sh
//! cargo run -p ers-fhir-profiles --example distil -- SOURCE.tgz profiles/packages/ers-fhir.core.r4
//! ```

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::distil::distil;
use ers_fhir_profiles::package::Package;
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, target] = arguments.as_slice() else {
        return Err("usage: distil SOURCE.tgz TARGET_FOLDER".into());
    };
    let archive = fs::read(source)?;
    let package = Package::from_archive(source, archive.as_slice())?;
    let version: FhirVersion = package.manifest().fhir_versions.concat().parse()?;
    let name = Path::new(target).file_name().unwrap_or_default().to_string_lossy();
    let mut sha256 = String::new();
    for byte in Sha256::digest(&archive) {
        write!(sha256, "{byte:02x}")?;
    }
    let files = distil(&package, version, &name, &sha256)?;

    let folder = Path::new(target).join("package");
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
