//! `validate --fix` and `--diff`: files fixed in place, and what would be.

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
fn a_file_is_fixed_in_place_once() {
    let at = folder("a_file_is_fixed_in_place_once");
    write(&at, "a.json", BAD);
    let run = validate(&at, &["--fix", "a.json"]);
    assert_eq!((run.status, read(&at, "a.json").as_str()), (0, GOOD), "{}{}", run.out, run.err);
    assert!(run.err.contains("fixed: a.json:3:16:") && run.err.contains("(primitive-"), "{}", run.err);
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
    assert!(masked.err.contains("use --show-values"), "{}", masked.err);
    assert!(!run.err.contains("--show-values"), "{}", run.err);
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
fn a_link_stays_and_what_it_leads_to_is_fixed() {
    let at = folder("a_link_stays_and_what_it_leads_to_is_fixed");
    write(&at, "a.json", BAD);
    std::os::unix::fs::symlink("a.json", at.join("link.json")).expect("a link");
    let shown = validate(&at, &["--diff", "--show-values", "link.json"]);
    assert!(
        shown.out.starts_with("--- link.json\n") && shown.out.contains("+  \"birthDate\""),
        "{}",
        shown.out
    );
    let run = validate(&at, &["--fix", "link.json"]);
    assert_eq!((run.status, read(&at, "a.json").as_str()), (0, GOOD), "{}", run.err);
    let is_link = fs::symlink_metadata(at.join("link.json")).expect("it is there").is_symlink();
    assert!(is_link, "it is a link still");
}

#[test]
fn no_repair_makes_a_key_stand_twice() {
    let at = folder("no_repair_makes_a_key_stand_twice");
    for (before, after) in [
        (r#""Gender":"male","GENDER":"female""#, r#""gender":"male","GENDER":"female""#),
        (r#""Gender":"male","gender":"male""#, r#""Gender":"male","gender":"male""#),
        (r#""gender":"male","Gender":"male""#, r#""gender":"male","Gender":"male""#),
        (r#""Gender":"male","_Gender":{"id":"a"}"#, r#""Gender":"male","_Gender":{"id":"a"}"#),
    ] {
        let payload = |members: &str| format!(r#"{{"resourceType":"Patient",{members}}}"#);
        write(&at, "a.json", payload(before));
        validate(&at, &["--fix", "a.json"]);
        assert_eq!(read(&at, "a.json"), payload(after));
    }
}

#[test]
fn thousands_of_mistakes_are_fixed_in_one_run() {
    let at = folder("thousands_of_mistakes_are_fixed_in_one_run");
    let names = |name: &str| vec![name; 6_000].join(",\n");
    let payload = |name| format!(r#"{{"resourceType":"Patient","name":[{}]}}"#, names(name));
    write(&at, "a.json", payload(r#"{"Family":"A","USE":"usual"}"#));
    let run = validate(&at, &["--fix", "a.json"]);
    assert_eq!(run.status, 0, "{}", run.err.lines().last().unwrap_or_default());
    assert!(read(&at, "a.json") == payload(r#"{"family":"A","use":"usual"}"#));
    assert_eq!(validate(&at, &["--fix", "a.json"]).err, "");
}

#[test]
fn comments_stay_byte_for_byte() {
    let at = folder("comments_stay_byte_for_byte");
    let payload = |element: &str| {
        format!(
            "<!-- a -->\n<Patient xmlns=\"http://hl7.org/fhir\"><!-- b\n <Active/> -->{element}<!--c--></Patient>\n<!-- d -->"
        )
    };
    for (before, after) in [
        ("<Active value=\"true\"/>", "<active value=\"true\"/>"),
        (
            "<active value=\"true\"/><!--x--><birthDate value=\"\"/><!--y-->",
            "<active value=\"true\"/><!--x--><!--y-->",
        ),
        (
            "<Active value=\"true\"><!-- </Active> --></Active >",
            "<active value=\"true\"><!-- </Active> --></active >",
        ),
    ] {
        write(&at, "a.xml", payload(before));
        validate(&at, &["--fix", "a.xml"]);
        assert_eq!(read(&at, "a.xml"), payload(after));
    }
}

#[cfg(unix)]
#[test]
fn a_fixed_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let at = folder("a_fixed_file_keeps_its_permissions");
    write(&at, "a.json", BAD);
    fs::set_permissions(at.join("a.json"), fs::Permissions::from_mode(0o640)).expect("permissions");
    validate(&at, &["--fix", "a.json"]);
    let mode = fs::metadata(at.join("a.json")).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn a_fixed_file_keeps_its_owner() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
    let at = folder("a_fixed_file_keeps_its_owner");
    write(&at, "a.json", BAD);
    let file = at.join("a.json");
    symlink("a.json", at.join("link.json")).expect("a link");
    // Only root gives files away; anybody else keeps their own.
    let _ = chown(&file, Some(4321), Some(4322));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("it may be done");
    let of = |found: fs::Metadata| (found.uid(), found.gid(), found.mode());
    let before = of(fs::metadata(&file).expect("it is there"));
    let run = validate(&at, &["--fix", "link.json"]);
    assert_eq!((run.status, read(&at, "a.json").as_str()), (0, GOOD), "{}{}", run.out, run.err);
    assert_eq!(of(fs::symlink_metadata(&file).expect("it is there")), before);
    assert!(at.join("link.json").is_symlink());
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

#[cfg(unix)]
#[test]
fn what_a_link_in_a_folder_leads_to_is_left_as_it_is() {
    let at = folder("fix-link-in-folder");
    write(&at, "out/target.json", BAD);
    write(&at, "in/a.json", BAD);
    std::os::unix::fs::symlink("../out/target.json", at.join("in/link.json")).expect("a link");
    let run = validate(&at, &["--fix", "in"]);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert_eq!((read(&at, "in/a.json").as_str(), read(&at, "out/target.json").as_str()), (GOOD, BAD));
    assert!(run.err.contains("in/link.json is a link"), "{}", run.err);
}

#[test]
fn payloads_of_lines_in_a_folder_are_checked_and_said_not_to_be_fixed() {
    let at = folder("fix-lines");
    write(&at, "in/a.json", BAD);
    write(&at, "in/b.ndjson", "{ \"resourceType\": \"Patient\", \"gender\": \"Male\" }\n");
    let run = validate(&at, &["--fix", "in"]);
    assert_eq!((run.status, read(&at, "in/a.json").as_str()), (1, GOOD), "{}{}", run.out, run.err);
    assert!(run.err.contains("1 file with several payloads: checked, but not fixed"), "{}", run.err);
    assert!(run.out.contains("b.ndjson:1:"), "{}", run.out);
    let run = validate(&at, &["--fix", "in/b.ndjson"]);
    assert_eq!(run.status, 1, "{}", run.err);
    assert!(run.out.contains("b.ndjson:1:") && run.err.contains("not fixed"), "{}{}", run.out, run.err);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_back_was_read_all_the_same() {
    use std::os::unix::fs::PermissionsExt;
    let at = folder("fix-readonly");
    write(&at, "a.json", BAD);
    let allow = |mode| {
        fs::set_permissions(at.join("a.json"), fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    allow(0o444);
    let run = validate(&at, &["--fix", "a.json"]);
    allow(0o644);
    assert_eq!((run.status, read(&at, "a.json").as_str()), (2, BAD), "{}", run.err);
    let said = format!("{}{}", run.out, run.err);
    assert!(said.contains("1 could not be written") && !said.contains("could not be read"), "{said}");
}
