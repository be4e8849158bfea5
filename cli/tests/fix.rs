//! `validate --fix` and `--diff`: files mended in place, and what would be.

mod support;

use std::fs;
use std::path::Path;

use support::{Run, ers_fhir, ers_fhir_with_input, folder, write};

const BAD: &str = "{\n  \"resourceType\": \"Patient\",\n  \"birthDate\": \"1970-05-31 \"\n}\n";
const GOOD: &str = "{\n  \"resourceType\": \"Patient\",\n  \"birthDate\": \"1970-05-31\"\n}\n";

fn validate(at: &Path, args: &[&str]) -> Run {
    ers_fhir(at, &[&["validate", "--fhir-version", "4.0"], args].concat())
}

fn read(at: &Path, name: &str) -> String {
    fs::read_to_string(at.join(name)).expect("the file is there")
}

#[test]
fn a_file_is_mended_in_place_once() {
    let at = folder("a_file_is_mended_in_place_once");
    write(&at, "a.json", BAD);
    let run = validate(&at, &["--fix", "a.json"]);
    assert_eq!((run.status, read(&at, "a.json").as_str()), (0, GOOD), "{}{}", run.out, run.err);
    assert!(run.err.contains("mended: a.json:3:16:") && run.err.contains("(primitive-"), "{}", run.err);
    assert!(!run.err.contains("1970-05-31"), "values are hidden: {}", run.err);
    let again = validate(&at, &["--fix", "a.json"]);
    assert_eq!((again.status, again.err.as_str(), read(&at, "a.json").as_str()), (0, "", GOOD));
    assert_eq!(fs::read_dir(&at).expect("a folder").count(), 1, "nothing is left behind");
}

#[test]
fn a_difference_is_shown_and_nothing_changed() {
    let at = folder("a_difference_is_shown_and_nothing_changed");
    write(&at, "a.json", BAD);
    let run = validate(&at, &["--diff", "--show-values", "a.json"]);
    let expected = "--- a.json\n+++ a.json\n@@ -1,4 +1,4 @@\n {\n   \"resourceType\": \"Patient\",\n-  \"birthDate\": \"1970-05-31 \"\n+  \"birthDate\": \"1970-05-31\"\n }\n";
    assert_eq!((run.out.as_str(), read(&at, "a.json").as_str()), (expected, BAD));
    let masked = validate(&at, &["--diff", "a.json"]);
    assert!(masked.out.contains("-  \"birthDate\"") && !masked.out.contains("1970"), "{}", masked.out);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let at = folder("standard_input_goes_to_standard_output");
    let args = ["validate", "--fhir-version", "4.0", "--fix", "-"];
    for (input, output) in [(BAD, GOOD), (GOOD, GOOD), ("{ nothing", "{ nothing")] {
        let run = ers_fhir_with_input(&at, &args, input.as_bytes());
        assert_eq!(run.out, output);
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_left_as_it_is() {
    let at = folder("a_link_is_left_as_it_is");
    write(&at, "a.json", BAD);
    std::os::unix::fs::symlink("a.json", at.join("link.json")).expect("a link");
    let run = validate(&at, &["--fix", "link.json"]);
    assert_eq!((run.status, read(&at, "a.json").as_str()), (2, BAD), "{}", run.err);
    assert!(run.err.contains("link.json is a link"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn a_mended_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let at = folder("a_mended_file_keeps_its_permissions");
    write(&at, "a.json", BAD);
    fs::set_permissions(at.join("a.json"), fs::Permissions::from_mode(0o640)).expect("permissions");
    validate(&at, &["--fix", "a.json"]);
    let mode = fs::metadata(at.join("a.json")).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn what_the_tool_writes_as_fhir_is_valid() {
    let at = folder("what_the_tool_writes_as_fhir_is_valid");
    write(
        &at,
        "a.json",
        r#"{"resourceType":"Patient","Name":[],"birthDate":" 1970","contact":[{"gender":"x"}]}"#,
    );
    write(&at, "b.json", r#"{"resourceType":"Patient","active":true}"#);
    for payloads in [&["a.json"][..], &["b.json"], &["a.json", "b.json", "none.json"]] {
        let run = validate(&at, &[&["--format", "operation-outcome"], payloads].concat());
        write(&at, "outcome.json", &run.out);
        for version in ["3.0", "4.0"] {
            let args = ["validate", "--fhir-version", version, "--fail-on", "warning", "outcome.json"];
            let own = ers_fhir(&at, &args);
            assert_eq!(own.status, 0, "{version}: {}", own.out);
        }
    }
}
