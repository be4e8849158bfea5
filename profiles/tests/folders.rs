//! Packages as folders and single files.

use std::fs;
use std::path::{Path, PathBuf};

use ers_fhir_profiles::Error;
use ers_fhir_profiles::package::{Kind, Package};

/// A folder of a test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        for (file, text) in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(root)
    }

    fn open(&self, path: &str) -> Result<Package, Error> {
        Package::open(&self.0.join(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const JSON: &str = r#"{"resourceType":"ValueSet","url":"http://example.org/json"}"#;
const XML: &str = r#"<ValueSet xmlns="http://hl7.org/fhir"><url value="http://example.org/xml"/></ValueSet>"#;
const MANIFEST: &str =
    r#"{"name":"a.b","version":"1","fhir-version-list":["3.0.2"],"fhirVersions":["3.0.2"]}"#;

fn urls(package: &Package) -> Vec<&str> {
    package.heads().map(|head| &*head.url).collect()
}

#[test]
fn an_unpacked_package_is_found_from_outside_and_inside() {
    let folder = Folder::new(
        "unpacked",
        &[
            ("package/package.json", MANIFEST),
            ("package/v.json", JSON),
            ("package/example/e.json", JSON),
            ("package/xml/v.xml", XML),
        ],
    );
    for path in ["", "package"] {
        let package = folder.open(path).unwrap();
        assert_eq!((package.name(), urls(&package)), ("a.b", vec!["http://example.org/json"]));
        assert_eq!(package.manifest().fhir_versions, ["3.0.2"]);
    }
}

#[test]
fn a_plain_folder_is_searched_for_resources() {
    let bundle = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{JSON}}}]}}"#);
    let folder = Folder::new(
        "plain",
        &[
            ("b/bundle.json", &bundle),
            ("a/v.xml", XML),
            (".hidden/v.json", JSON),
            ("notes.txt", "not a resource"),
            ("broken.json", "{"),
            ("broken.xml", "<"),
        ],
    );
    let package = folder.open("").unwrap();
    assert_eq!(urls(&package), ["http://example.org/xml", "http://example.org/json"]);
    let files: Vec<_> = package.problems().iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(files, ["broken.json", "broken.xml"]);
}

#[test]
fn a_file_may_hold_one_resource_in_either_syntax() {
    let folder = Folder::new("files", &[("v.json", JSON), ("v.xml", XML)]);
    for (file, url) in [("v.json", "http://example.org/json"), ("v.xml", "http://example.org/xml")] {
        let package = folder.open(file).unwrap();
        let place = package.find(Kind::ValueSet, url).next().unwrap();
        assert_eq!(package.datum(place).unwrap().unwrap().str("url"), Some(url));
    }
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = Folder::new(
        "unopenable",
        &[("a.txt", ""), ("a.json", "{"), ("a.xml", "<a>"), ("a.tgz", "x"), ("other.json", "{}")],
    );
    for (path, words) in [
        ("a.txt", "give a package folder"),
        ("other.json", "resourceType is missing"),
        ("a.json", "not the JSON of a resource"),
        ("a.xml", "not the XML of a resource"),
        ("a.tgz", "damaged"),
        ("missing", "cannot read"),
    ] {
        let message = folder.open(path).unwrap_err().to_string();
        assert!(message.contains(words), "{path}: {message}");
    }
}

#[test]
fn a_project_has_its_resources_in_folders_in_json_and_xml() {
    let folder = Folder::new(
        "project",
        &[
            ("package.json", MANIFEST),
            ("structuredefinitions/v.xml", XML),
            ("resources/deep/v.json", JSON),
            ("node_modules/other/v.json", JSON),
            ("output/v.json", JSON),
            ("ig.ini", "[IG]"),
            ("notes.json", "{}"),
        ],
    );
    let package = folder.open("").unwrap();
    assert_eq!(package.name(), "a.b");
    assert_eq!(urls(&package), ["http://example.org/json", "http://example.org/xml"]);
}
