//! `generate`: schemas and types from definitions, found by URL or name, written without harm.

mod support;

use std::fs;

use serde_json::Value;
use support::{Run, ers_fhir, folder, write};

const CREATE_REFERRAL: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-CreateReferral-Parameters-1";

/// A profile of our own that demands `birthDate`.
const BORN: &str = r#"{
  "resourceType": "StructureDefinition",
  "url": "https://example.org/StructureDefinition/born",
  "name": "Born", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false,
  "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [{ "id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1 }] }
}"#;

fn schema(run: &Run) -> Value {
    assert_eq!(run.status, 0, "{}", run.err);
    serde_json::from_str(&run.out).expect("a schema is JSON")
}

#[test]
fn a_profile_is_found_by_its_url_and_by_any_of_its_names() {
    let at = folder("schema-by-name");
    let by_url = ers_fhir(&at, &["generate", "json-schema", "--profile", CREATE_REFERRAL]);
    assert_eq!(schema(&by_url)["$id"], CREATE_REFERRAL);
    for name in [
        "eRS-CreateReferral-Parameters-1",
        "ErsCreateReferralParameters",
        "CreateReferralParameters",
        "createReferralParameters",
    ] {
        let run = ers_fhir(&at, &["generate", "json-schema", "--profile", name]);
        assert!(run.out == by_url.out, "{name}: {}", run.err);
    }
}

#[test]
fn the_version_that_a_url_names_is_generated() {
    let at = folder("generate-versions");
    let profile = |version: &str, element: &str| {
        format!(
            r#"{{ "resourceType": "StructureDefinition", "url": "https://example.org/StructureDefinition/kept",
  "version": "{version}", "name": "Kept", "status": "active", "fhirVersion": "4.0.1", "kind": "resource",
  "abstract": false, "type": "Basic", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Basic",
  "derivation": "constraint", "differential": {{ "element": [{{ "id": "Basic.{element}", "path": "Basic.{element}", "min": 1 }}] }} }}"#
        )
    };
    write(&at, "one.json", profile("1.0.0", "author"));
    write(&at, "two.json", profile("2.0.0", "subject"));
    let generate = |kind: &str, more: &[&str]| {
        ers_fhir(&at, &[&["generate", kind, "--ig", "one.json", "--ig", "two.json"], more].concat())
    };
    let kept = |version: &str| format!("https://example.org/StructureDefinition/kept{version}");
    for (version, element, other) in
        [("|1.0.0", "author", "subject"), ("|2.0.0", "subject", "author"), ("", "subject", "author")]
    {
        let run = generate("json-schema", &["--profile", &kept(version)]);
        let required = schema(&run)["$defs"]["kept"]["required"].to_string();
        assert!(required.contains(element) && !required.contains(other), "{version}: {required}");
        let run = generate("rust", &["--profile", &kept(version)]);
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{version}");
        assert!(run.out.contains(&format!("{element}: impl Into<")), "{version}: {}", run.out);
    }

    // One run generates one version, and says which others it leaves out.
    let both = ["--profile", &kept("|1.0.0"), "--profile", &kept("")];
    for (more, element, hidden) in [
        (&["--all-profiles"][..], "subject", "|1.0.0"),
        (&["--all-profiles", "--profile", &kept("|1.0.0")], "author", "|2.0.0"),
        (&both, "author", "|2.0.0"),
    ] {
        let run = generate("rust", more);
        assert_eq!(run.status, 1, "{more:?}: {}", run.err);
        assert!(run.err.contains(&format!("{} is skipped", kept(hidden))), "{more:?}: {}", run.err);
        assert!(run.out.contains(&format!("{element}: impl Into<")), "{more:?}: {}", run.out);
    }
    let run = generate("rust", &["--all-profiles", "--exclude", &kept("|1.0.0")]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
}

#[test]
fn a_profile_of_a_package_is_found() {
    let at = folder("schema-of-package");
    write(&at, "born.json", BORN);
    let run = ers_fhir(&at, &["generate", "json-schema", "--ig", "born.json", "--profile", "Born"]);
    let schema = schema(&run);
    assert_eq!(schema["$id"], "https://example.org/StructureDefinition/born");
    assert!(schema["$defs"]["born"]["properties"]["birthDate"].is_object(), "{}", run.out);
}

#[test]
fn what_is_not_clear_is_asked_back() {
    let at = folder("schema-unclear");
    for (wanted, part) in [
        ("Patient", "--fhir-version"),
        ("CreateReferal", "no package defines"),
        ("ReferralRequest-1", "eRS-ReferralRequest-1"),
        ("http://example.org/none", "--ig"),
    ] {
        let run = ers_fhir(&at, &["generate", "json-schema", "--profile", wanted]);
        assert_eq!(run.status, 2, "{wanted}: {}", run.out);
        assert!(run.err.contains(part) && run.err.contains(wanted), "{wanted}: {}", run.err);
        assert!(run.out.is_empty(), "{wanted}");
    }
    let patient = ["generate", "json-schema", "--profile", "Patient", "--fhir-version", "4.0"];
    assert_eq!(schema(&ers_fhir(&at, &patient))["$ref"], "#/$defs/Patient");
    let nothing = ers_fhir(&at, &["generate", "json-schema"]);
    assert_eq!(nothing.status, 2, "{}", nothing.out);
}

#[test]
fn lenient_schemas_take_one_object_for_an_array() {
    let at = folder("schema-lenient");
    let make = |more: &[&str]| {
        let appointment = ["generate", "json-schema", "--profile", "Appointment", "--fhir-version", "3.0"];
        let made = schema(&ers_fhir(&at, &[&appointment, more].concat()));
        let participant = &made["$defs"]["Appointment"]["properties"]["participant"];
        participant["items"]["properties"]["type"].clone()
    };
    assert_eq!(make(&[])["type"], "array");
    assert!(make(&["--lenient"])["anyOf"].as_array().is_some_and(|forms| forms.len() == 2));
}

#[test]
fn schemas_are_written_to_a_file_or_a_folder_and_nothing_of_others_is_lost() {
    let at = folder("schema-files");
    let to_file = ["generate", "json-schema", "--profile", "eRS-Patient-1", "--out", "new/patient.json"];
    for _ in 0..2 {
        let run = ers_fhir(&at, &to_file);
        assert_eq!((run.status, run.out.as_str()), (0, ""), "{}", run.err);
    }
    let several =
        ["generate", "json-schema", "--profile", "eRS-Patient-1", "--profile", "eRS-Practitioner-1"];
    assert_eq!(ers_fhir(&at, &several).status, 2);
    let run = ers_fhir(&at, &[&several[..], &["--out", "schemas"]].concat());
    assert_eq!(run.status, 0, "{}", run.err);
    for name in ["eRS-Patient-1", "eRS-Practitioner-1"] {
        let text =
            fs::read_to_string(at.join(format!("schemas/{name}.schema.json"))).expect("it was written");
        assert!(serde_json::from_str::<Value>(&text).is_ok(), "{name}");
    }
    write(&at, "mine.json", "{ \"precious\": true }");
    let over = ["generate", "json-schema", "--profile", "eRS-Patient-1", "--out", "mine.json"];
    let run = ers_fhir(&at, &over);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("--force") && run.err.contains("mine.json"), "{}", run.err);
    assert!(fs::read_to_string(at.join("mine.json")).is_ok_and(|text| text.contains("precious")));
    assert_eq!(ers_fhir(&at, &[&over[..], &["--force"]].concat()).status, 0);
    assert!(fs::read_to_string(at.join("mine.json")).is_ok_and(|text| !text.contains("precious")));
}

#[test]
fn all_profiles_of_ers_have_a_schema() {
    let at = folder("schema-all");
    let run = ers_fhir(&at, &["generate", "json-schema", "--all", "--out", "schemas/"]);
    assert_eq!(run.status, 0, "{}", run.err);
    for (release, least) in [("stu3", 40), ("r4", 8)] {
        let files = fs::read_dir(at.join("schemas").join(release)).expect("the folder was made").count();
        assert!(files >= least, "{release}: {files}");
    }
}

#[test]
fn types_of_a_resource_go_to_standard_output() {
    let at = folder("rust-resource");
    let run = ers_fhir(
        &at,
        &["generate", "rust", "--resource", "Basic", "--fhir-version", "4.0", "--skip", "Basic.created"],
    );
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(run.out.contains("pub struct Basic {") && !run.out.contains("pub created:"), "{}", run.out);
    let again = "ers-fhir generate rust --resource Basic --fhir-version 4.0 --skip Basic.created";
    assert!(run.out.lines().take(3).any(|line| line.ends_with(again)), "{}", run.out);
}

#[test]
fn types_of_a_profile_become_a_file_or_a_module_and_nothing_of_others_is_lost() {
    let at = folder("rust-profile");
    write(&at, "born.json", BORN);
    let born = ["generate", "rust", "--ig", "born.json", "--profile", "born"];
    let run =
        ers_fhir(&at, &[&born[..], &["--out", "src/born.rs", "--type-name", "Patient.contact=Kin"]].concat());
    assert_eq!((run.status, run.out.as_str()), (0, ""), "{}", run.err);
    let code = fs::read_to_string(at.join("src/born.rs")).expect("it was written");
    assert!(code.contains("pub struct Born {") && code.contains("pub struct Kin {"), "{code}");
    write(&at, "src/fhir/mod.rs", "// mine");
    let to_folder = [&born[..], &["--out", "src/fhir"]].concat();
    let run = ers_fhir(&at, &to_folder);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("--force") && run.err.contains("mod.rs"), "{}", run.err);
    assert_eq!(fs::read_dir(at.join("src/fhir")).expect("the folder is there").count(), 1);
    let run = ers_fhir(&at, &[&to_folder[..], &["--force"]].concat());
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(fs::read_to_string(at.join("src/fhir/mod.rs")).is_ok_and(|text| text.contains("born.rs")));
    assert_eq!(ers_fhir(&at, &to_folder).status, 0, "what was generated may be replaced");
}

#[test]
fn what_the_generator_needs_to_know_is_asked() {
    let at = folder("rust-unclear");
    for (args, part) in [
        (&["--resource", "Patient"][..], "--fhir-version"),
        (&["--fhir-version", "4.0"], "--resource"),
        (&["--resource", "Nothing", "--fhir-version", "4.0"], "Nothing"),
        (&["--resource", "Patient", "--fhir-version", "4.0", "--type-name", "Kin"], "ELEMENT=VALUE"),
        (
            &["--resource", "Patient", "--fhir-version", "4.0", "--type-name", "Patient.kin=Kin"],
            "Patient.kin",
        ),
        (&["--profile", "eRS-Patient-1", "--profile", "UKCore-Practitioner"], "UKCore-Practitioner"),
        (&["--all-profiles"], "--ig"),
    ] {
        let run = ers_fhir(&at, &[&["generate", "rust"], args].concat());
        assert_eq!(run.status, 2, "{args:?}: {}", run.out);
        assert!(run.err.contains(part), "{args:?}: {}", run.err);
    }
}

#[test]
fn what_cannot_be_generated_is_skipped_and_the_rest_goes_on() {
    let at = folder("rust-skips");
    fs::create_dir_all(at.join("definitions")).expect("a folder for definitions");
    write(&at, "definitions/born.json", BORN);
    let bad = BORN.replace("/born\"", "/bad\"").replace("\"Born\"", "\"Bad\"").replace(".birthDate", ".shoe");
    write(&at, "definitions/bad.json", bad);
    // The release is that of the definitions.
    let all = ["generate", "rust", "--ig", "definitions", "--all-profiles"];
    let run = ers_fhir(&at, &all);
    assert_eq!(run.status, 1, "{}", run.err);
    assert!(run.err.contains("StructureDefinition/bad") && run.err.contains("Patient.shoe"), "{}", run.err);
    assert!(run.out.contains("pub struct Born") && !run.out.contains("pub struct Bad"));
    let run = ers_fhir(&at, &[&all[..], &["--exclude", "Bad"]].concat());
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let run = ers_fhir(&at, &[&all[..4], &["--profile", "Bad"]].concat());
    assert_eq!(run.status, 2, "nothing is generated: {}", run.err);
}

#[test]
fn a_profile_rests_on_a_package_that_its_own_depends_on() {
    let at = folder("rust-depends");
    let package = |name: &str, needs: &str| {
        format!(
            r#"{{"name":"{name}","version":"1.0.0","fhirVersions":["4.0.1"],"dependencies":{{{needs}}}}}"#
        )
    };
    let derived = BORN
        .replace("/born\"", "/named\"")
        .replace("\"Born\"", "\"Named\"")
        .replace(
            "http://hl7.org/fhir/StructureDefinition/Patient",
            "https://example.org/StructureDefinition/born",
        )
        .replace("birthDate", "name");
    for (folder, manifest, definition) in [
        ("shelf/test.base#1.0.0", package("test.base", ""), BORN),
        ("shelf/test.named#1.0.0", package("test.named", r#""test.base":"1.0.0""#), &derived),
    ] {
        write(&at, &format!("{folder}/package/package.json"), manifest);
        write(&at, &format!("{folder}/package/profile.json"), definition);
    }
    let all = ["generate", "rust", "--ig", "test.named", "--package-dir", "shelf", "--all-profiles"];
    let run = ers_fhir(&at, &all);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert!(run.out.contains("pub struct Named {"), "{}", run.out);
    assert!(!run.out.contains("pub struct Born {"), "nobody asked for the profiles of the other package");
}

#[test]
fn files_of_an_earlier_run_go_and_those_of_others_stay() {
    let at = folder("rust-stale");
    let resources = |names: &[&str]| {
        let wanted = names.iter().flat_map(|name| ["--resource", name]);
        let args: Vec<&str> =
            ["generate", "rust", "--fhir-version", "4.0", "--out", "d/"].into_iter().chain(wanted).collect();
        let run = ers_fhir(&at, &args);
        assert_eq!(run.status, 0, "{}", run.err);
    };
    resources(&["Basic", "Binary"]);
    write(&at, "d/own.rs", "// of somebody else\n");
    write(&at, "d/notes.txt", "not @generated by ers-fhir-codegen\n");
    assert!(at.join("d/binary.rs").exists());
    resources(&["Basic"]);
    assert!(!at.join("d/binary.rs").exists() && at.join("d/basic.rs").exists());
    assert!(at.join("d/own.rs").exists() && at.join("d/notes.txt").exists());
}

#[test]
fn a_misspelt_type_is_suggested() {
    let at = folder("rust-misspelt");
    let run = ers_fhir(&at, &["generate", "rust", "--resource", "Patiemt", "--fhir-version", "4.0"]);
    assert!(run.status == 2 && run.err.contains("'Patient'"), "{}: {}", run.status, run.err);
}

#[test]
fn names_are_kept_in_a_file() {
    let at = folder("rust-names");
    let args = [
        "generate",
        "rust",
        "--resource",
        "Basic",
        "--fhir-version",
        "4.0",
        "--out",
        "basic.rs",
        "--names",
        "names.txt",
    ];
    assert_eq!(ers_fhir(&at, &args).status, 0);
    let names = fs::read_to_string(at.join("names.txt")).expect("names are written");
    assert!(names.contains("\nBasic = Basic\n"), "{names}");
    write(&at, "names.txt", names.replace("\nMeta = Meta\n", "\nMeta = MetaData\n"));
    assert_eq!(ers_fhir(&at, &args).status, 0);
    let code = fs::read_to_string(at.join("basic.rs")).expect("code is written");
    assert!(code.contains("pub meta: Option<MetaData>,"));
}

#[test]
fn operations_are_described_for_other_tools() {
    let at = folder("generate-api");
    let run = ers_fhir(&at, &["generate", "openapi", "--endpoint", "A011"]);
    assert_eq!((run.status, &*run.err), (0, ""));
    let document = schema(&run);
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["paths"].as_object().map(serde_json::Map::len), Some(1));
    let run = ers_fhir(&at, &["generate", "postman", "--out", "ers.postman.json"]);
    assert_eq!((run.status, &*run.out, &*run.err), (0, "", ""));
    // What was generated is made anew, and nothing else is lost.
    assert_eq!(ers_fhir(&at, &["generate", "openapi", "--out", "ers.postman.json"]).status, 0);
    write(&at, "mine.json", "{}");
    let run = ers_fhir(&at, &["generate", "openapi", "--out", "mine.json"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("--force"), "{}", run.err);
    assert_eq!(ers_fhir(&at, &["generate", "openapi", "--out", "mine.json", "--force"]).status, 0);
    assert_eq!(ers_fhir(&at, &["generate", "openapi", "--endpoint", "A999"]).status, 2);
}
