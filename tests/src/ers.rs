//! The payloads that the e-Referral Service publishes, and which call each belongs to.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use ers_fhir_corpora::shared;
use ers_fhir_ers::Context;
use ers_fhir_ers::service::{Endpoint, endpoints, find};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::Validator;

static STU3: LazyLock<Validator> =
    LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::R4)));

/// Folders whose names are not the names of their operations.
const FOLDERS: &[(&str, &str)] = &[
    ("availableActionsForUserList", "A029"),
    ("convertAdviceAndGuidanceToReferral", "A027"),
    ("createAdviceAndGuidance", "A044"),
    ("getCodeSystem", "A004"),
    ("getService", "A033"),
    ("retrieveAdviceAndGuidanceRequest", "A024"),
    ("retrieveAdviceAndGuidanceWorklist", "A023"),
    ("retrieveOboUsers", "A040"),
    ("retrieveWorklist", "A008"),
    ("searchForServices", "A035"),
];

/// One payload.
#[derive(Debug)]
pub struct Published {
    /// Its path below the folder of examples.
    pub path: PathBuf,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The call that it belongs to.
    pub context: Context,
}

/// A validator of that release with the embedded definitions.
pub fn validator(version: FhirVersion) -> &'static Validator {
    match version {
        FhirVersion::Stu3 => &STU3,
        FhirVersion::R4 => &R4,
    }
}

/// The folder of those payloads, next to the checkout.
pub fn folder() -> PathBuf {
    shared("ers/examples")
}

/// Every payload in order of its path.
///
/// # Panics
///
/// If the folder is absent, a file cannot be read, or its folder belongs to no operation.
pub fn published() -> Vec<Published> {
    let folder = folder();
    let mut paths = Vec::new();
    search(&folder, &mut paths);
    let read = |path: PathBuf| {
        let below = path.strip_prefix(&folder).expect("it was found there").to_owned();
        let bytes = std::fs::read(&path).expect("the file is readable");
        Published { context: context(&below), path: below, bytes }
    };
    paths.into_iter().map(read).collect()
}

fn search(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("the folder is readable");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            search(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// The call that a payload belongs to, judged by its path; error bodies belong to any call.
fn context(path: &Path) -> Context {
    let steps: Vec<&str> = path.iter().filter_map(|step| step.to_str()).collect();
    match steps.as_slice() {
        ["r4", _] => Context::response(operation("getService")),
        ["stu3", _] => Context::response(operation("retrieveReferralRequest")),
        [_, folder, "requests", _] => Context::request(operation(folder)),
        [_, folder, .., _] => Context::response(operation(folder)),
        _ => panic!("unexpected path {}", path.display()),
    }
}

/// The operation that a folder is named after.
fn operation(folder: &str) -> &'static Endpoint {
    if let Some((_, id)) = FOLDERS.iter().find(|(name, _)| *name == folder) {
        return find(id).next().expect("the operation exists");
    }
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let found = endpoints().into_iter().find(|endpoint| letters(endpoint.name) == letters(folder));
    found.unwrap_or_else(|| panic!("no operation has the name of the folder {folder}"))
}
