//! `cargo xtask dist`: packs a release: a static binary with its manual, completions and licences.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::ground::{root, say, target_folder};

/// Shells whose completions are in an archive, and what each calls its file.
const SHELLS: [(&str, &str); 4] = [
    ("bash", "ers-fhir.bash"),
    ("zsh", "_ers-fhir"),
    ("fish", "ers-fhir.fish"),
    ("powershell", "_ers-fhir.ps1"),
];

/// What to build, for which machine, and where to put it.
#[derive(clap::Args)]
pub(crate) struct Dist {
    /// Target machine of the binary, as rustc names it; by default this one, with musl if its library is installed.
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// Folder for the archive and its checksum.
    #[arg(long, value_name = "DIR", default_value = "target/dist")]
    out: PathBuf,
}

/// Builds the binary and packs it.
pub(crate) fn build(wanted: &Dist) -> Result<(), Box<dyn Error>> {
    let host = host()?;
    let target = wanted.target.clone().unwrap_or_else(|| static_twin(&host));
    let binary = compile(&target)?;
    let version = env!("CARGO_PKG_VERSION");
    let name = format!("ers-fhir-{version}-{target}");
    let out = root().join(&wanted.out);
    let staged = out.join(&name);
    if staged.exists() {
        fs::remove_dir_all(&staged)?;
    }
    fs::create_dir_all(&staged)?;
    let file = binary.file_name().ok_or("the binary has no name")?;
    fs::copy(&binary, staged.join(file))?;
    for document in ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root().join(document), staged.join(document))?;
    }
    // The manual and completions are the same on every machine, but made by a binary that runs here.
    if runs(&binary) {
        write_manual(&binary, &staged)?;
    } else {
        say(&format!("binaries for {target} do not run here: the archive has no manual and no completions"));
    }
    let archive = out.join(format!("{name}.tar.gz"));
    pack(&staged, &name, &archive)?;
    let bytes = fs::read(&archive)?;
    let sum = crate::ground::sha256(&bytes);
    fs::write(out.join(format!("{name}.tar.gz.sha256")), format!("{sum}  {name}.tar.gz\n"))?;
    say(&format!("{}: {} kB", archive.display(), bytes.len() / 1000));
    Ok(())
}

fn compile(target: &str) -> Result<PathBuf, Box<dyn Error>> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Special flags in the shared target folder would make everybody else rebuild everything.
    let folder = target_folder().join("dist");
    cargo.current_dir(root()).args([
        "build",
        "--release",
        "--locked",
        "--package",
        "ers-fhir",
        "--target",
        target,
    ]);
    cargo.arg("--target-dir").arg(&folder);
    if is_static(target) {
        let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
        cargo.env("RUSTFLAGS", format!("{flags} -C target-feature=+crt-static").trim());
    }
    if !cargo.status()?.success() {
        return Err(format!("the binary for {target} does not build").into());
    }
    let name = if target.contains("windows") { "ers-fhir.exe" } else { "ers-fhir" };
    Ok(folder.join(target).join("release").join(name))
}

/// Whether the C library can be linked statically.
fn is_static(target: &str) -> bool {
    target.contains("linux") || target.contains("windows-msvc")
}

/// The same machine with musl, where its library is installed.
fn static_twin(host: &str) -> String {
    let musl = host.replace("-linux-gnu", "-linux-musl");
    let libraries = Command::new(rustc()).args(["--target", &musl, "--print", "target-libdir"]).output();
    let has = libraries.ok().filter(|printed| printed.status.success()).is_some_and(|printed| {
        let folder = PathBuf::from(String::from_utf8_lossy(&printed.stdout).trim());
        folder.read_dir().is_ok_and(|mut entries| entries.next().is_some())
    });
    if has { musl } else { host.to_owned() }
}

fn host() -> Result<String, Box<dyn Error>> {
    let printed = Command::new(rustc()).arg("-vV").output()?;
    let text = String::from_utf8(printed.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc does not name the machine")?.to_owned())
}

fn rustc() -> std::ffi::OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

fn runs(binary: &Path) -> bool {
    Command::new(binary).arg("--version").output().is_ok_and(|done| done.status.success())
}

fn write_manual(binary: &Path, staged: &Path) -> Result<(), Box<dyn Error>> {
    let done = Command::new(binary).args(["man", "--out"]).arg(staged.join("man")).status()?;
    if !done.success() {
        return Err("the manual cannot be written".into());
    }
    let folder = staged.join("completions");
    fs::create_dir_all(&folder)?;
    for (shell, file) in SHELLS {
        let done = Command::new(binary).args(["completions", shell]).output()?;
        if !done.status.success() {
            return Err(format!("the completions for {shell} cannot be written").into());
        }
        fs::write(folder.join(file), done.stdout)?;
    }
    Ok(())
}

/// Packs a folder reproducibly: the same content makes the same bytes.
fn pack(folder: &Path, name: &str, archive: &Path) -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    list(folder, &mut files)?;
    files.sort();
    let mut tar = tar::Builder::new(GzEncoder::new(fs::File::create(archive)?, Compression::best()));
    for path in files {
        let inside = Path::new(name).join(path.strip_prefix(folder)?);
        let bytes = fs::read(&path)?;
        let is_binary =
            path.file_stem().is_some_and(|stem| stem == "ers-fhir") && inside.components().count() == 2;
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(if is_binary { 0o755 } else { 0o644 });
        header.set_mtime(0);
        header.set_cksum();
        tar.append_data(&mut header, inside, bytes.as_slice())?;
    }
    tar.into_inner()?.finish()?.flush()?;
    Ok(())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { list(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
