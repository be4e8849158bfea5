//! Tests that read files outside this repository: HL7's packages, and the folder next to the checkout.
//!
//! A test that finds nothing to read must not look like one that passed, and libtest hides what a
//! passing test prints. So such tests are in targets without libtest's harness (`harness = false`), and
//! their `main` lists them in a [`Suite`]. One whose material is absent is *ignored*, and its line says
//! what is missing:
//!
//! ```text
//! test [absent: .cache/packages/hl7.fhir.r4.examples-4.0.1.tgz] r4_package ... ignored
//! ```
//!
//! In such a target `#[test]` does nothing; a test that is not listed is dead code, which the compiler
//! reports.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

pub mod board;

/// A test and its name; [`tests!`] makes them.
pub type Test = (&'static str, fn());

/// Tests and their names.
#[macro_export]
macro_rules! tests {
    ($($test:path),+ $(,)?) => { [$((stringify!($test), $test as fn())),+] };
}

/// An archive that `tests/fetch-packages` fetches.
pub fn package(archive: &str) -> PathBuf {
    let folder = std::env::var_os("ERS_FHIR_PACKAGES");
    folder.map_or_else(|| workspace(".cache/packages"), PathBuf::from).join(archive)
}

/// A file or folder of the material next to the checkout.
pub fn shared(path: &str) -> PathBuf {
    workspace("../shared").join(path)
}

/// A program on the search path; just its name if it is not installed.
pub fn program(name: &str) -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| PathBuf::from(name))
}

/// A path relative to the root of the workspace.
pub fn workspace(path: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).join(path)
}

/// The tests of one target.
#[derive(Default)]
pub struct Suite {
    trials: Vec<Trial>,
}

impl Suite {
    /// No tests yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds tests that read nothing from outside the repository.
    #[must_use]
    pub fn always(self, tests: impl IntoIterator<Item = Test>) -> Self {
        self.reading([], tests)
    }

    /// Adds tests that read all of the material; they are ignored if any of it is absent.
    #[must_use]
    pub fn reading<'m>(
        mut self,
        material: impl IntoIterator<Item = &'m PathBuf>,
        tests: impl IntoIterator<Item = Test>,
    ) -> Self {
        let absent = material.into_iter().find(|path| !path.exists());
        self.trials.extend(tests.into_iter().map(|(name, test)| {
            let trial = Trial::test(name, move || {
                test();
                Ok(())
            });
            match absent {
                Some(path) => trial.with_kind(format!("absent: {}", shown(path))).with_ignored_flag(true),
                None => trial,
            }
        }));
        self
    }

    /// Runs the tests that the command line asks for.
    pub fn run(self) -> ExitCode {
        libtest_mimic::run(&Arguments::from_args(), self.trials).exit_code()
    }
}

/// A path as a reader of a log wants it: relative to the workspace if it is inside.
fn shown(path: &Path) -> String {
    path.strip_prefix(workspace("")).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes() {}

    fn fails() {
        panic!("it read what is not there");
    }

    #[test]
    fn what_reads_absent_material_is_ignored_and_says_so() {
        let there = workspace("Cargo.toml");
        let absent = workspace("tests/no-such-corpus");
        let suite = Suite::new()
            .always(tests![passes])
            .reading([&there], tests![passes])
            .reading([&there, &absent], tests![passes, fails]);
        let flags: Vec<bool> = suite.trials.iter().map(Trial::has_ignored_flag).collect();
        assert_eq!(flags, [false, false, true, true]);
        assert_eq!(suite.trials[0].kind(), "");
        assert_eq!(suite.trials[3].kind(), "absent: tests/no-such-corpus");
        assert_eq!(suite.trials[3].name(), "fails");
    }

    #[test]
    fn paths_are_those_of_the_workspace() {
        assert!(workspace("tests/corpora/Cargo.toml").is_file());
        assert!(program("cargo-that-nobody-installed").is_relative());
    }
}
