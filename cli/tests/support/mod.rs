//! The binary as tests run it, and folders of their own for it to read.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `ers-fhir` in a folder with nothing on standard input.
pub(crate) fn ers_fhir(folder: &Path, args: &[&str]) -> Run {
    ers_fhir_with_input(folder, args, b"")
}

/// Runs `ers-fhir` in a folder with these bytes on standard input.
pub(crate) fn ers_fhir_with_input(folder: &Path, args: &[&str], input: &[u8]) -> Run {
    ers_fhir_with(folder, args, input, &[])
}

/// Runs `ers-fhir` in a folder with these bytes on standard input, and with more variables.
pub(crate) fn ers_fhir_with(folder: &Path, args: &[&str], input: &[u8], variables: &[(&str, &str)]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ers-fhir"))
        .args(args)
        .current_dir(folder)
        // The packages of whoever runs the tests are not theirs.
        .env("HOME", folder)
        .env_remove("ERS_FHIR_PACKAGES")
        .env_remove("ERS_FHIR_CACHE")
        .env_remove("XDG_CACHE_HOME")
        .env_remove("FPL_REGISTRY")
        .env_remove("FPL_REGISTRY_TOKEN")
        .envs(variables.iter().copied())
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("standard input is piped");
    // A run that does not read its standard input closes it, which is no failure.
    let _ = stdin.write_all(input);
    drop(stdin);
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the binary ends");
    Run {
        status: status.code().expect("the binary exits"),
        out: String::from_utf8(stdout).expect("standard output is UTF-8"),
        err: String::from_utf8(stderr).expect("standard error is UTF-8"),
    }
}

/// An empty folder for one test.
pub(crate) fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// Writes a file into a folder.
pub(crate) fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("its folder");
    fs::write(path, content).expect("the file");
}
