//! What must hold of the site of e-RS, and of that of any package.

mod support;

use std::collections::HashSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use ers_fhir_docs::{Content, Error, File, Release, Sources, publish, site};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::package::{Kind, Package};
use support::{attributes, broken, files, is_page};

/// The site of e-RS.
fn of_service() -> Sources {
    let release = |version| Release::new(|| ers_fhir_ers::definitions(version));
    Sources {
        title: "e-RS".to_owned(),
        releases: vec![release(FhirVersion::Stu3), release(FhirVersion::R4)],
        packages: vec!["ers-fhir.ers.stu3".to_owned(), "ers-fhir.ers.r4".to_owned()],
        extras: Vec::new(),
        has_service: true,
        base_url: None,
    }
}

/// The site of one file of R4.
fn of_file(json: &str) -> Sources {
    let package = Package::from_resource("mine.json", json.as_bytes()).expect("a resource");
    let release = Release::new(|| {
        let mut definitions = ers_fhir_ers::definitions(FhirVersion::R4);
        definitions.add(package.clone());
        definitions
    });
    Sources {
        title: "Mine".to_owned(),
        releases: vec![release],
        packages: vec![package.name().to_owned()],
        extras: Vec::new(),
        has_service: false,
        base_url: None,
    }
}

#[test]
fn every_link_leads_somewhere() {
    let files = files(&of_service());
    let links: usize = files.iter().map(|file| attributes(&file.text, "href").len()).sum();
    assert!(links > 10_000, "{links}");
    let faults = broken(&files);
    assert!(faults.is_empty(), "{faults:#?}");
    // The check itself sees what is broken.
    let wrong = File {
        path: "a/b.html".to_owned(),
        text: r##"<a href="c.html"><a href="#x"> <p id="y"><p id="y">"##.to_owned(),
    };
    assert_eq!(broken(&[wrong]).len(), 3);
}

#[test]
fn every_definition_operation_rule_and_error_has_a_page() {
    let made = site(&of_service());
    let paths: HashSet<&str> = made.pages.iter().map(|page| page.path.as_str()).collect();
    assert_eq!(paths.len(), made.pages.len(), "two pages have one file");
    for endpoint in ers_fhir_ers::service::endpoints() {
        assert!(paths.contains(format!("operations/{}", endpoint.id).as_str()), "{}", endpoint.id);
    }
    for rule in ers_fhir_ers::rule::all() {
        assert!(paths.contains(format!("rules/{}", rule.code).as_str()), "{}", rule.code);
    }
    for error in ers_fhir_ers::service::errors() {
        assert!(paths.contains(format!("errors/{}", error.code).as_str()), "{}", error.code);
    }
    let titles: HashSet<&str> =
        made.pages.iter().flat_map(|page| &page.keywords).map(String::as_str).collect();
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let definitions = ers_fhir_ers::definitions(version);
        for kind in [Kind::Structure, Kind::ValueSet, Kind::CodeSystem, Kind::NamingSystem] {
            for known in
                definitions.known(kind).iter().filter(|known| known.package.starts_with("ers-fhir.ers."))
            {
                assert!(titles.contains(known.url), "{}", known.url);
            }
        }
    }
}

#[test]
fn examples_are_checked_as_the_page_is_made() {
    let made = site(&of_service());
    let wrong: Vec<&str> =
        made.pages.iter().filter(|page| page.has_findings()).map(|page| page.title.as_str()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_site_is_the_same_each_time_and_asks_for_nothing_elsewhere() {
    let made = files(&of_service());
    assert!(made == files(&of_service()), "two runs differ");
    let size: usize = made.iter().map(|file| file.text.len()).sum();
    assert!(size < 15_000_000, "{size} bytes");
    for file in &made {
        let loaded = attributes(&file.text, "src");
        assert!(loaded.iter().all(|src| !src.contains("//")), "{}", file.path);
        let is_style = Path::new(&file.path).extension().is_some_and(|extension| extension == "css");
        assert!(!is_style || !file.text.contains("@import") && !file.text.contains("url("), "{}", file.path);
        assert!(!file.text.contains("<style"), "{}", file.path);
    }
}

#[test]
fn hostile_texts_stay_texts_and_files_stay_inside() {
    let made = files(&of_file(
        r#"{
            "resourceType": "StructureDefinition", "url": "http://example.org/../../<script>alert(1)</script>",
            "name": "<img src=x onerror=alert(1)>", "title": "</title><script>alert(2)</script>",
            "description": "\" onmouseover=\"alert(3) [x](javascript:alert(4))",
            "kind": "resource", "type": "Patient", "derivation": "constraint",
            "baseDefinition": "javascript:alert(5)",
            "differential": { "element": [
                { "id": "Patient\" onclick=\"alert(6)", "path": "Patient", "short": "<b>bold</b>" }
            ] }
        }"#,
    ));
    for file in &made {
        let mut steps = file.path.split('/');
        assert!(steps.all(|step| !step.is_empty() && !step.starts_with('.')), "{}", file.path);
        if is_page(file) {
            for what in ["<script>", "<img", "<b>bold", "\" onmouseover=", "\" onclick=", "href=\"javascript"]
            {
                assert!(!file.text.contains(what), "{}: {what}", file.path);
            }
        }
        assert!(!file.path.ends_with("index.js") || !file.text.contains('<'), "{}", file.path);
    }
    assert!(made.iter().any(|file| file.text.contains("&lt;b&gt;bold")), "the text is shown");
    assert!(broken(&made).is_empty(), "{:?}", broken(&made));
}

#[test]
fn what_is_broken_or_cyclic_has_a_page_that_says_so() {
    let made = files(&of_file(
        r#"{
            "resourceType": "StructureDefinition", "url": "http://example.org/cycle", "name": "Cycle",
            "kind": "resource", "type": "Patient", "derivation": "constraint",
            "baseDefinition": "http://example.org/cycle",
            "differential": { "element": [ { "id": "Patient", "path": "Patient" } ] }
        }"#,
    ));
    let page = made.iter().find(|file| file.path == "profiles/r4/cycle.html").expect("a page");
    assert!(page.text.contains("is faulty"), "{}", page.text);
}

#[test]
fn a_folder_is_replaced_as_a_whole_and_never_where_it_holds_other_files() {
    let folder = std::env::temp_dir().join(format!("ers-fhir-docs-{}", std::process::id()));
    let file = |path: &str| File { path: path.to_owned(), text: path.to_owned() };
    publish(&folder, [Ok(file("old.html")), Ok(file("deep/er.html"))], false).expect("a new folder");
    publish(&folder, [Ok(file("new.html"))], false).expect("a site of ours");
    assert!(folder.join("new.html").exists() && !folder.join("old.html").exists());

    fs::write(folder.join("notes.txt"), "mine").expect("a file");
    let refused = publish(&folder, [Ok(file("newer.html"))], false);
    assert!(matches!(&refused, Err(Error::Foreign { found, .. }) if found == "notes.txt"), "{refused:?}");
    assert!(folder.join("notes.txt").exists() && folder.join("new.html").exists());

    publish(&folder, [Ok(file("newer.html"))], true).expect("by force");
    assert!(!folder.join("notes.txt").exists());
    fs::remove_dir_all(&folder).expect("it is there");
}

#[test]
fn what_profiles_inherit_is_kept_once() {
    let profile = |number: usize| {
        format!(
            r#"{{ "resource": {{
                "resourceType": "StructureDefinition", "url": "http://example.org/p{number}", "name": "P{number}",
                "kind": "resource", "type": "Patient", "derivation": "constraint",
                "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
                "differential": {{ "element": [{{ "id": "Patient.name", "path": "Patient.name", "min": 1 }}] }}
            }} }}"#
        )
    };
    let entries: Vec<String> = (0..300).map(profile).collect();
    let bundle =
        format!(r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [{}] }}"#, entries.join(","));
    let made = site(&of_file(&bundle));
    let snapshots: Vec<_> = made
        .pages
        .iter()
        .filter_map(|page| match &page.content {
            Content::Structure(structure) => Some(&structure.snapshot),
            _ => None,
        })
        .collect();
    assert_eq!(snapshots.len(), 300);
    for snapshot in &snapshots {
        let shared = snapshot.iter().zip(snapshots[0]).filter(|(own, first)| Arc::ptr_eq(own, first)).count();
        assert_eq!(shared, snapshots[0].len());
    }
}

#[test]
fn a_site_that_cannot_be_finished_leaves_the_old_one() {
    let folder = std::env::temp_dir().join(format!("ers-fhir-docs-stopped-{}", std::process::id()));
    let file = |path: &str| Ok(File { path: path.to_owned(), text: path.to_owned() });
    publish(&folder, [file("old.html")], false).expect("a new folder");
    let stopped = Err(Error::Foreign { path: folder.clone(), found: "a template that fails".to_owned() });
    assert!(publish(&folder, [file("new.html"), stopped], false).is_err());
    assert!(folder.join("old.html").exists() && !folder.join("new.html").exists());
    fs::remove_dir_all(&folder).expect("it is there");
}

#[test]
fn rust_types_are_those_of_the_model() {
    let mut listed = String::new();
    for release in ["stu3", "r4"] {
        let names = format!("{}/../codegen/names/ers-{release}.txt", env!("CARGO_MANIFEST_DIR"));
        let names = fs::read_to_string(names).expect("the names of types");
        for (url, name) in names.lines().filter_map(|line| line.split_once(" = ")) {
            let is_profile = url.contains("StructureDefinition/") && !url.contains('#');
            if is_profile {
                let _ = writeln!(listed, "{url} = ers_fhir_model::ers::{release}::{name}");
            }
        }
    }
    let known = format!("{}/src/assets/rust-types.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("ERS_FHIR_BLESS").is_some() {
        fs::write(&known, &listed).expect("it can be written");
    }
    let known = fs::read_to_string(known).expect("the list");
    assert_eq!(known, listed, "make it anew with ERS_FHIR_BLESS=1");
}
