//! `cargo xtask wasm`: builds the core crates for `wasm32-unknown-unknown`, to show that they can run in a
//! browser.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{root, target_folder};

/// The crates that read no file and open no socket.
const CORE: [&str; 7] = [
    "ers-fhir-values",
    "ers-fhir-tree",
    "ers-fhir-report",
    "ers-fhir-profiles",
    "ers-fhir-fhirpath",
    "ers-fhir-validator",
    "ers-fhir-ers",
];

const TARGET: &str = "wasm32-unknown-unknown";

/// Where Debian's package `rustc-web` puts its compiler.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// Builds the core crates.
pub(crate) fn build(release: bool, check: bool) -> Result<(), Box<dyn Error>> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args([if check { "check" } else { "build" }, "--target", TARGET]);
    if release {
        cargo.arg("--release");
    }
    // A folder of its own, because the compiler may differ from the one for the rest.
    cargo.arg("--target-dir").arg(target_folder().join("wasm"));
    for name in CORE {
        cargo.args(["--package", name]);
    }
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    if has_target(Path::new(&rustc)) {
        say(&format!("building with the {TARGET} target of {}", Path::new(&rustc).display()));
    } else if has_sources(Path::new(DEBIAN_RUSTC)) && is_in_path("wasm-ld") {
        say(&format!("building with {DEBIAN_RUSTC} and the library sources of rust-web-src"));
        cargo.args(["-Z", "build-std=std,panic_abort"]);
        cargo.env("RUSTC", DEBIAN_RUSTC);
        // Where rustup has the standard library built, Debian has its sources. Building them takes an
        // unstable option, which this variable unlocks in a stable compiler.
        cargo.env("RUSTC_BOOTSTRAP", "1");
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
    } else {
        return Err(missing().into());
    }
    if cargo.status()?.success() { Ok(()) } else { Err("the core crates do not build".into()) }
}

fn missing() -> String {
    format!(
        "no standard library for {TARGET}: run `rustup target add {TARGET}`, or on Debian \
         `apt-get install rustc-web rust-web-src lld`"
    )
}

/// Whether a compiler has the standard library of the target.
fn has_target(rustc: &Path) -> bool {
    printed(rustc, &["--target", TARGET, "--print", "target-libdir"])
        .is_some_and(|folder| folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()))
}

/// Whether a compiler has the sources of the standard library.
fn has_sources(rustc: &Path) -> bool {
    printed(rustc, &["--print", "sysroot"])
        .is_some_and(|root| root.join("lib/rustlib/src/rust/library/std").is_dir())
}

/// The path that a compiler prints.
fn printed(rustc: &Path, arguments: &[&str]) -> Option<PathBuf> {
    let output = Command::new(rustc).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(text.trim()))
}

fn is_in_path(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

#[expect(clippy::print_stderr, reason = "this is a command")]
fn say(text: &str) {
    eprintln!("{text}");
}
