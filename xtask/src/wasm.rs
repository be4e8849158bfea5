//! `cargo xtask wasm`: builds the core crates for `wasm32-unknown-unknown`, to show that they can run in a
//! browser, and the page that runs them there.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ground::{root, say, target_folder};
use crate::page;

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

/// The engine of the page, which reads and opens nothing either once it is in a browser.
const ENGINE: &str = "ers-fhir-wasm";

const TARGET: &str = "wasm32-unknown-unknown";

/// Where Debian's package `rustc-web` puts its compiler.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// Bytes of stack, as on the threads of the service: the deepest payload needs some of them.
const STACK: usize = 16 << 20;

/// What to build, and how.
#[derive(clap::Args)]
pub(crate) struct Wasm {
    /// Optimise them.
    #[arg(long)]
    release: bool,
    /// Only check that they would build, which is much quicker.
    #[arg(long, conflicts_with = "release")]
    check: bool,
    /// Build the page that needs no service, and write it into this folder.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["release", "check"])]
    page: Option<PathBuf>,
}

/// Builds what is wanted.
pub(crate) fn build(wanted: &Wasm) -> Result<(), Box<dyn Error>> {
    if let Some(folder) = &wanted.page {
        return build_page(folder);
    }
    let mut cargo = cargo(if wanted.check { "check" } else { "build" })?;
    if wanted.release {
        cargo.arg("--release");
    }
    for name in CORE {
        cargo.args(["--package", name]);
    }
    if wanted.check {
        cargo.args(["--package", ENGINE]);
    }
    if cargo.status()?.success() { Ok(()) } else { Err("the core crates do not build".into()) }
}

fn build_page(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut cargo = cargo("rustc")?;
    cargo.args(["--package", ENGINE, "--lib", "--crate-type", "cdylib", "--profile", "page"]);
    cargo.args(["--", "-C", &format!("link-arg=-zstack-size={STACK}")]);
    if !cargo.status()?.success() {
        return Err("the engine of the page does not build".into());
    }
    let module = target_folder().join("wasm").join(TARGET).join("page/ers_fhir_wasm.wasm");
    page::write(&optimised(&module)?, folder)
}

/// A module made smaller by binaryen, where that is installed; else the module as it is.
fn optimised(module: &Path) -> Result<PathBuf, Box<dyn Error>> {
    if !is_in_path("wasm-opt") {
        say("wasm-opt (binaryen) is not installed: the module stays larger than necessary");
        return Ok(module.to_owned());
    }
    let smaller = module.with_extension("opt.wasm");
    let mut binaryen = Command::new("wasm-opt");
    // What rustc uses of WebAssembly, which a stripped module does not say.
    binaryen.args(["-Os", "--enable-bulk-memory", "--enable-sign-ext", "--enable-mutable-globals"]);
    binaryen.args(["--enable-nontrapping-float-to-int", "--enable-reference-types", "--enable-multivalue"]);
    if binaryen.arg(module).arg("-o").arg(&smaller).status()?.success() {
        return Ok(smaller);
    }
    say("wasm-opt cannot read the module: it stays as it is");
    Ok(module.to_owned())
}

/// A command of cargo with a compiler that has the standard library of the target.
fn cargo(command: &str) -> Result<Command, Box<dyn Error>> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args([command, "--target", TARGET]);
    // A folder of its own, because the compiler may differ from the one for the rest.
    cargo.arg("--target-dir").arg(target_folder().join("wasm"));
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
    Ok(cargo)
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
