//! `--ig`: packages that help, and packages that must not harm.

mod support;

use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use support::{ers_fhir, folder, write};
use tar::{Builder, EntryType, Header};

const PATIENT: &str = r#"{ "resourceType": "Patient", "gender": "female" }"#;

/// A profile of our own that demands `birthDate`.
const PROFILE: &str = r#"{
  "resourceType": "StructureDefinition",
  "url": "https://example.org/StructureDefinition/born",
  "name": "Born", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false,
  "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [
    { "id": "Patient", "path": "Patient" },
    { "id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1 }
  ] }
}"#;

const BORN: &str = "https://example.org/StructureDefinition/born";

/// A profile on it.
const NAMED: &str = "https://example.org/StructureDefinition/named";

fn archive(at: &Path, name: &str, fill: impl FnOnce(&mut Builder<GzEncoder<Vec<u8>>>)) {
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    fill(&mut builder);
    let bytes = builder.into_inner().and_then(GzEncoder::finish).expect("an archive");
    write(at, name, bytes);
}

/// Adds an entry whose path `tar` would refuse to write.
fn entry(builder: &mut Builder<GzEncoder<Vec<u8>>>, path: &str, kind: EntryType, content: &[u8]) {
    let mut header = Header::new_gnu();
    header.as_gnu_mut().expect("a GNU header").name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    if kind.is_symlink() {
        header.set_link_name("/etc/passwd").expect("a link");
    }
    header.set_cksum();
    builder.append(&header, content).expect("an entry");
}

#[test]
fn a_profile_is_found_in_a_resource_a_folder_or_an_archive() {
    let at = folder("packages");
    write(&at, "patient.json", PATIENT);
    write(&at, "born.json", PROFILE);
    write(
        &at,
        "unpacked/package/package.json",
        r#"{ "name": "born", "version": "1.0.0", "fhirVersions": ["4.0.1"] }"#,
    );
    write(&at, "unpacked/package/StructureDefinition-born.json", PROFILE);
    archive(&at, "born.tgz", |builder| {
        entry(builder, "package/StructureDefinition-born.json", EntryType::Regular, PROFILE.as_bytes());
    });
    for ig in ["born.json", "unpacked", "born.tgz"] {
        let run = ers_fhir(&at, &["validate", "patient.json", "--ig", ig, "--profile", BORN]);
        assert_eq!(run.status, 1, "{ig}: {}{}", run.out, run.err);
        assert!(run.out.contains("error[cardinality-min]") && run.out.contains(BORN), "{ig}: {}", run.out);
    }
}

#[test]
fn a_package_that_cannot_be_used_is_said_and_payloads_are_checked_all_the_same() {
    let at = folder("broken-packages");
    write(&at, "patient.json", r#"{ "resourceType": "Patient", "nickname": "x" }"#);
    write(&at, "cut.tgz", [0x1f, 0x8b, 8, 0, 0, 0]);
    write(&at, "text.tgz", "not an archive");
    write(&at, "broken.json", "{ \"resourceType\": ");
    write(&at, "notes.md", "not a package");
    archive(&at, "outside.tgz", |builder| {
        entry(builder, "package/../../evil.json", EntryType::Regular, b"{}");
    });
    archive(&at, "absolute.tgz", |builder| entry(builder, "/evil.json", EntryType::Regular, b"{}"));
    archive(&at, "link.tgz", |builder| entry(builder, "package/link.json", EntryType::Symlink, b""));
    archive(&at, "bomb.tgz", |builder| {
        let zeros = vec![b' '; 64 << 20];
        for number in 0..3 {
            entry(
                builder,
                &format!("package/{number}.json"),
                EntryType::Regular,
                &[&zeros[..], &zeros, &zeros].concat(),
            );
        }
    });
    for ig in [
        "cut.tgz",
        "text.tgz",
        "broken.json",
        "notes.md",
        "outside.tgz",
        "absolute.tgz",
        "link.tgz",
        "bomb.tgz",
        "none",
    ] {
        let run = ers_fhir(&at, &["validate", "patient.json", "--ig", ig]);
        assert_eq!(run.status, 2, "{ig}: {}", run.err);
        assert_eq!(run.err.lines().count(), 1, "{ig}: {}", run.err);
        assert!(run.err.starts_with("error: --ig") && run.err.contains(ig), "{ig}: {}", run.err);
        assert!(run.out.contains("unknown-element"), "{ig}: {}", run.out);
    }
    assert!(!at.join("evil.json").exists() && !at.parent().expect("a parent").join("evil.json").exists());
}

/// Puts a package of ours into a folder of packages: the profile, and a base that it depends on.
fn put(at: &Path, folder: &str, manifest: &str, file: &str, definition: &str) {
    write(at, &format!("{folder}/package/package.json"), manifest);
    write(at, &format!("{folder}/package/{file}"), definition);
}

#[test]
fn a_package_is_found_by_name_and_version_with_what_it_depends_on() {
    let at = folder("packages-by-name");
    write(&at, "patient.json", PATIENT);
    let derived = PROFILE
        .replace(BORN, NAMED)
        .replace("http://hl7.org/fhir/StructureDefinition/Patient", BORN)
        .replace("birthDate", "name");
    let of = |name: &str, version: &str, needs: &str| {
        format!(
            r#"{{"name":"{name}","version":"{version}","fhirVersions":["4.0.1"],"dependencies":{{"hl7.fhir.r4.core":"4.0.1"{needs}}}}}"#
        )
    };
    put(&at, "shelf/test.base#1.0.2", &of("test.base", "1.0.2", ""), "born.json", PROFILE);
    put(
        &at,
        ".fhir/packages/test.named#2.0.0",
        &of("test.named", "2.0.0", r#","test.base":"1.0.x","test.gone":"3.1.0""#),
        "named.json",
        &derived,
    );
    for ig in ["test.named#2.0.0", "test.named@2.0.x", "test.named"] {
        let args = ["validate", "patient.json", "--ig", ig, "--package-dir", "shelf", "--profile", NAMED];
        let run = ers_fhir(&at, &args);
        assert_eq!(run.status, 1, "{ig}: {}{}", run.out, run.err);
        for missing in ["'name'", "'birthDate'"] {
            assert!(run.out.contains(&format!("add {missing}")), "{ig}: {missing}: {}", run.out);
        }
        assert_eq!(run.err, "", "{ig}");
        assert_eq!(run.out.matches("package-missing").count(), 1, "{ig}: {}", run.out);
        assert!(
            run.out.contains("test.gone#3.1.0, which test.named#2.0.0 depends on, is not available"),
            "{}",
            run.out
        );
    }
    let run = ers_fhir(&at, &["validate", "patient.json", "--ig", "test.named"]);
    assert!(
        run.out.contains("test.base#1.0.x, which test.named#2.0.0 depends on, is not available"),
        "{}",
        run.out
    );
}

#[test]
fn a_dependency_that_is_not_at_hand_is_one_finding_of_the_run_in_every_format() {
    let at = folder("packages-missing");
    write(&at, "a.json", PATIENT);
    write(&at, "b.json", PATIENT);
    let manifest = |more: &str| {
        format!(
            r#"{{"name":"test.top","version":"2.0.0","fhirVersions":["4.0.1"],"dependencies":{{"test.gone":"3.1.0"{more}}}}}"#
        )
    };
    put(&at, "shelf/test.top#2.0.0", &manifest(""), "born.json", PROFILE);
    let args = ["validate", "a.json", "b.json", "--ig", "test.top", "--package-dir", "shelf"];
    let run = |more: &[&str]| ers_fhir(&at, &[&args[..], more].concat());
    for format in [
        "text",
        "concise",
        "json",
        "jsonl",
        "sarif",
        "junit",
        "github",
        "gitlab",
        "markdown",
        "html",
        "operation-outcome",
    ] {
        let run = run(&["--format", format]);
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{format}: {}", run.out);
        // Markdown and workflow commands escape the sign.
        let shown = run.out.replace("&#35;", "#").replace("%23", "#");
        assert_eq!(shown.matches("test.gone#3.1.0").count(), 1, "{format}: {}", run.out);
        for said in ["test.top#2.0.0", "package add test.top"] {
            assert!(shown.contains(said), "{format}: {said}: {}", run.out);
        }
    }
    assert_eq!(run(&["--fail-on", "warning"]).status, 1);
    assert!(!run(&["--quiet"]).out.contains("test.gone"));
    write(&at, "ers-fhir.toml", "[[suppress]]\nrule = \"package-missing\"\nreason = \"we do without\"\n");
    assert_eq!(run(&["--fail-on", "warning"]).status, 0);
    // One that is needed twice is missing once.
    std::fs::remove_file(at.join("ers-fhir.toml")).expect("it is there");
    let other = r#"{"name":"test.other","version":"1.0.0","dependencies":{"test.gone":"3.1.0"}}"#;
    put(&at, "shelf/test.other#1.0.0", other, "born.json", PROFILE);
    let twice = run(&["--ig", "test.other", "--format", "concise"]);
    assert_eq!(twice.out.matches("package-missing").count(), 1, "{}", twice.out);
}

#[test]
fn a_package_that_is_not_at_hand_is_said_with_the_versions_that_are() {
    let at = folder("packages-absent");
    write(&at, "patient.json", PATIENT);
    put(&at, "shelf/test.base#1.0.2", r#"{"name":"test.base","version":"1.0.2"}"#, "born.json", PROFILE);
    for (ig, said) in [
        ("test.base#2.0.0", "package test.base#2.0.0 is not available, only 1.0.2"),
        ("test.other#1.0.0", "there is no package test.other#1.0.0 in shelf"),
        ("other.json", "other.json"),
        ("no name", "no name"),
    ] {
        let run = ers_fhir(&at, &["validate", "patient.json", "--ig", ig, "--package-dir", "shelf"]);
        assert_eq!(run.status, 2, "{ig}: {}{}", run.out, run.err);
        assert!(run.err.contains(said), "{ig}: {}", run.err);
    }
}

#[test]
fn what_was_loaded_is_said_and_isolated_is_without_a_lock_file() {
    let at = folder("packages-verbose");
    write(&at, "patient.json", PATIENT);
    let manifest = r#"{"name":"test.base","version":"1.0.2","fhirVersions":["4.0.1"]}"#;
    put(&at, "shelf/test.base#1.0.2", manifest, "born.json", PROFILE);
    write(
        &at,
        "shelf/test.base#1.0.2/package/map.json",
        r#"{"resourceType":"ConceptMap","url":"http://example.org/m"}"#,
    );
    write(&at, "fhir.lock", "half of it [");
    let args = ["validate", "patient.json", "--ig", "test.base", "--package-dir", "shelf", "-v"];
    let run = ers_fhir(&at, &args);
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert!(run.err.contains("fhir.lock"), "{}", run.err);
    let run = ers_fhir(&at, &[&args[..], &["--isolated"]].concat());
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    let said = "loaded: test.base#1.0.2: 1 StructureDefinition, 1 of kinds that checks do not use, from ";
    assert!(run.err.starts_with(said) && run.err.contains("shelf"), "{}", run.err);
}

#[test]
fn settings_name_packages_too() {
    let at = folder("packages-in-settings");
    write(&at, "patient.json", PATIENT);
    write(&at, "ers-fhir.toml", "packages = [\"test.base#1.0.2\"]\n");
    let manifest = r#"{"name":"test.base","version":"1.0.2"}"#;
    put(&at, ".fhir/packages/test.base#1.0.2", manifest, "born.json", PROFILE);
    let run = ers_fhir(&at, &["validate", "patient.json", "--profile", BORN]);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("error[cardinality-min]"), "{}", run.out);
}

#[test]
fn what_is_at_hand_what_it_depends_on_and_what_answers() {
    let at = folder("package-command");
    let base = r#"{"name":"test.base","version":"1.0.2","fhirVersions":["4.0.1"]}"#;
    put(&at, ".fhir/packages/test.base#1.0.2", base, "born.json", PROFILE);
    let top = r#"{"name":"test.top","version":"2.0.0","fhirVersions":["4.0.1"],
        "dependencies":{"hl7.fhir.r4.core":"4.0.1","test.base":"1.0.x","test.gone":"1.0.0"}}"#;
    put(&at, ".fhir/packages/test.top#2.0.0", top, "born.json", &PROFILE.replace("\"Born\"", "\"Mine\""));
    let list = ers_fhir(&at, &["package", "list"]);
    assert_eq!(list.status, 0, "{}", list.err);
    let names: Vec<&str> = list.out.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["test.base#1.0.2", "test.top#2.0.0"]);
    let tree = ers_fhir(&at, &["package", "tree", "test.top"]);
    assert_eq!(tree.status, 1, "{}", tree.err);
    for line in [
        "hl7.fhir.r4.core#4.0.1  in ers-fhir",
        "test.base#1.0.x  1.0.2 in ",
        "test.gone#1.0.0  not available",
    ] {
        assert!(tree.out.contains(line), "{line}: {}", tree.out);
    }
    let why = ers_fhir(&at, &["package", "why", BORN, "--ig", "test.top"]);
    assert_eq!(why.status, 0, "{}", why.err);
    let lines: Vec<&str> = why.out.lines().map(str::trim).collect();
    let without = "StructureDefinition without a version of";
    assert_eq!(lines, [format!("FHIR R4: {without} test.top"), format!("not {without} test.base")]);
    assert_eq!(ers_fhir(&at, &["package", "why", "https://example.org/none"]).status, 1);
    assert_eq!(ers_fhir(&at, &["package", "tree", "test.none"]).status, 2);
}

#[test]
fn a_release_of_snomed_ct_decides_about_its_codes() {
    let at = folder("packages-codes");
    write(
        &at,
        "release/Snapshot/Terminology/sct2_Concept_Snapshot_TEST_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\n404684003\t2026\t1\t9\t9\n22298006\t2026\t1\t9\t9\n71388002\t2026\t1\t9\t9\n",
    );
    write(
        &at,
        "release/Snapshot/Terminology/sct2_Relationship_Snapshot_TEST_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\tgroup\ttypeId\tc\tm\n1\t2026\t1\t9\t22298006\t404684003\t0\t116680003\t9\t9\n",
    );
    let made =
        ers_fhir(&at, &["package", "index", "release", "--out", "test.codes", "--edition", "of a test"]);
    assert_eq!(made.status, 0, "{}", made.err);
    assert!(made.out.contains("3 codes and 0 sets of http://snomed.info/sct, of a test"), "{}", made.out);
    let set = r#"{ "resourceType": "ValueSet", "url": "https://example.org/ValueSet/below", "status": "active", "compose": { "include": [
        { "system": "http://snomed.info/sct", "filter": [{ "property": "concept", "op": "is-a", "value": "404684003" }] }] } }"#;
    write(&at, "ig/set.json", set);
    let profile = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/StructureDefinition/bound",
        "name": "Bound", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Condition",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Condition", "derivation": "constraint",
        "differential": { "element": [{ "id": "Condition.code", "path": "Condition.code",
        "binding": { "strength": "required", "valueSet": "https://example.org/ValueSet/below" } }] } }"#;
    write(&at, "ig/profile.json", profile);
    let of = |code: &str| {
        format!(
            r#"{{ "resourceType": "Condition", "subject": {{ "reference": "Patient/1" }}, "clinicalStatus": {{ "coding": [{{
            "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active" }}] }},
            "code": {{ "coding": [{{ "system": "http://snomed.info/sct", "code": "{code}" }}] }} }}"#
        )
    };
    let args =
        ["validate", "c.json", "--ig", "ig", "--profile", "https://example.org/StructureDefinition/bound"];
    for (code, without, with) in [("22298006", 0, 0), ("71388002", 0, 1), ("73211009", 0, 0)] {
        write(&at, "c.json", of(code));
        let run = ers_fhir(&at, &args);
        assert_eq!(run.status, without, "{code}: {}{}", run.out, run.err);
        let run = ers_fhir(&at, &[&args[..], &["--ig", "test.codes"]].concat());
        assert_eq!(run.status, with, "{code}: {}{}", run.out, run.err);
    }
    // Every code there is: one that is not there is wrong.
    let whole = ["package", "index", "release", "--out", "whole.codes", "--whole"];
    assert_eq!(ers_fhir(&at, &whole).status, 0);
    let run = ers_fhir(&at, &[&args[..], &["--ig", "whole.codes"]].concat());
    assert_eq!(run.status, 1, "{}", run.out);

    write(&at, "spoiled.codes", "text");
    let run = ers_fhir(&at, &[&args[..], &["--ig", "spoiled.codes"]].concat());
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.err.contains("spoiled.codes"), "{}", run.err);
    for wrong in [
        &["package", "index", "release", "--out", "x.json"][..],
        &["package", "index", "c.json", "--out", "x.codes"],
        &["package", "index", "none", "--out", "x.codes"],
    ] {
        assert_eq!(ers_fhir(&at, wrong).status, 2, "{wrong:?}");
    }
}

#[test]
fn a_package_is_made_of_a_project_and_a_short_name_is_one() {
    let at = folder("packages-packed");
    write(&at, "patient.json", PATIENT);
    write(&at, "project/package.json", r#"{"name":"test.made","version":"1.0.0","fhirVersions":["4.0.1"]}"#);
    write(&at, "project/input/born.json", PROFILE);
    let packed = ers_fhir(&at, &["package", "pack", "project", "--out", "made.tgz"]);
    assert_eq!(
        (packed.status, packed.out.as_str()),
        (0, "made.tgz: test.made#1.0.0, 2 files\n"),
        "{}",
        packed.err
    );
    for ig in ["made.tgz", "project"] {
        let run = ers_fhir(&at, &["validate", "patient.json", "--ig", ig, "--profile", BORN]);
        assert_eq!(run.status, 1, "{ig}: {}{}", run.out, run.err);
    }
    let run = ers_fhir(&at, &["validate", "patient.json", "--ig", "uk-core"]);
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.err.contains("ers-fhir package add fhir.r4.ukcore.stu2#"), "{}", run.err);
    write(&at, "project/package.json", "{}");
    assert_eq!(ers_fhir(&at, &["package", "pack", "project"]).status, 2);
}
