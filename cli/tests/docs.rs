//! `ers-fhir docs`: sites of e-RS, of packages, and of what changed.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use support::{Run, ers_fhir, folder, write};

/// A profile of Patient with these elements.
fn profile(name: &str, elements: &Value) -> String {
    json!({
        "resourceType": "StructureDefinition", "url": format!("http://example.org/StructureDefinition/{name}"),
        "name": name, "status": "draft", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false,
        "type": "Patient", "derivation": "constraint",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "differential": { "element": elements },
    })
    .to_string()
}

/// A package with a profile, two examples of it, one of which is wrong, and an OperationDefinition.
fn package(at: &Path) {
    write(
        at,
        "ig/package/package.json",
        r#"{ "name": "ours", "version": "1.0.0", "fhirVersions": ["4.0.1"] }"#,
    );
    let named = profile("named", &json!([{ "id": "Patient.name", "path": "Patient.name", "min": 1 }]));
    write(at, "ig/package/named.json", named);
    write(
        at,
        "ig/package/operation.json",
        r#"{ "resourceType": "OperationDefinition", "url": "http://example.org/OperationDefinition/greet", "name": "Greet" }"#,
    );
    let patient = |name: &str| {
        format!(
            r#"{{ "resourceType": "Patient", "meta": {{ "profile": ["http://example.org/StructureDefinition/named"] }}{name} }}"#
        )
    };
    write(at, "ig/package/example/good.json", patient(r#", "name": [{ "family": "A" }]"#));
    write(at, "ig/package/example/wrong.json", patient(r#", "active": true"#));
}

/// Every file of a folder, by its path.
fn files(at: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut todo = vec![at.to_owned()];
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let name = path.strip_prefix(at).expect("below it").to_string_lossy().into_owned();
                found.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    found
}

fn ends(run: &Run, status: i32, said: &str) {
    assert_eq!(run.status, status, "{}", run.err);
    assert!(run.err.contains(said), "{}", run.err);
}

#[test]
fn the_service_has_a_site_that_is_the_same_each_time() {
    let at = folder("docs-service");
    ends(&ers_fhir(&at, &["docs", "--out", "one"]), 0, "pages to one");
    ends(&ers_fhir(&at, &["docs", "--out", "two"]), 0, "pages to two");
    let made = files(&at.join("one"));
    assert!(made == files(&at.join("two")), "two runs differ");
    let size: usize = made.values().map(String::len).sum();
    assert!(size < 15_000_000, "{size} bytes");
    for page in ["index.html", "operations/A011.html", "manual/start-here.html", "rules/ers-rule-42.html"] {
        assert!(made.contains_key(page), "{page}");
    }
}

#[test]
fn a_package_has_a_site_with_its_examples_checked() {
    let at = folder("docs-package");
    package(&at);
    ends(&ers_fhir(&at, &["docs", "--out", "site", "--ig", "ig"]), 1, "Patient wrong: the example is wrong");
    let made = files(&at.join("site"));
    let page = &made["profiles/r4/named.html"];
    for what in ["examples/r4/good.html", "examples/r4/wrong.html", "named.schema.json", "was 0..*"] {
        assert!(page.contains(what), "{what}: {page}");
    }
    assert!(made["examples/r4/wrong.html"].contains("cardinality-min"));
    assert!(made["examples/r4/good.html"].contains("nothing is wrong with it"));
    assert!(made["definitions/r4/operation.html"].contains("OperationDefinition/greet"));
    assert!(!made.contains_key("operations/A011.html"), "e-RS is not part of it");
    let schema: Value = serde_json::from_str(&made["profiles/r4/named.schema.json"]).expect("JSON");
    assert!(jsonschema::validator_for(&schema).is_ok_and(|schema| !schema.is_valid(&json!({}))));
}

#[test]
fn settings_name_packages_and_an_address_is_written_down() {
    let at = folder("docs-config");
    package(&at);
    write(&at, "ers-fhir.toml", "packages = [\"ig\"]\n");
    let args =
        ["docs", "--out", "site", "--config", "ers-fhir.toml", "--base-url", "https://docs.example.org/x/"];
    ends(&ers_fhir(&at, &args), 1, "wrote");
    let made = files(&at.join("site"));
    let address = "https://docs.example.org/x/profiles/r4/named.html";
    assert!(made["profiles/r4/named.html"].contains(&format!("<link rel=\"canonical\" href=\"{address}\">")));
    assert!(made["sitemap.xml"].contains(&format!("<loc>{address}</loc>")));

    write(&at, "none.toml", "fail-on = \"error\"\n");
    ends(&ers_fhir(&at, &["docs", "--out", "site", "--config", "none.toml"]), 2, "no packages");
    ends(&ers_fhir(&at, &["docs", "--out", "site", "--config", "absent.toml"]), 2, "absent.toml");
    ends(&ers_fhir(&at, &["docs", "--out", "site", "--base-url", "javascript:x"]), 2, "not an address");
}

#[test]
fn types_of_fhir_have_pages_where_they_are_wanted() {
    let at = folder("docs-core");
    package(&at);
    ends(
        &ers_fhir(&at, &["docs", "--out", "site", "--ig", "ig", "--with-core", "--title", "Ours"]),
        1,
        "wrote",
    );
    let made = files(&at.join("site"));
    assert!(made["profiles/r4/named.html"].contains("href=\"../../profiles/r4/Patient.html\""));
    assert!(made["profiles/r4/Patient.html"].contains("administrative-gender.html"));
    assert!(made["index.html"].contains("<title>Ours</title>"));
}

#[test]
fn templates_of_a_team_go_before_ours() {
    let at = folder("docs-theme");
    package(&at);
    write(&at, "theme/listing.html", "ours: {{ page.title }}\n");
    write(&at, "theme/style.css", "/* ours */\n");
    ends(&ers_fhir(&at, &["docs", "--out", "site", "--ig", "ig", "--theme", "theme"]), 1, "wrote");
    let made = files(&at.join("site"));
    assert_eq!(made["profiles/index.html"], "ours: Profiles\n");
    assert_eq!(made["style.css"], "/* ours */\n");

    write(&at, "theme/listing.html", "{{ page.nothing }}");
    ends(&ers_fhir(&at, &["docs", "--out", "site", "--ig", "ig", "--theme", "theme"]), 2, "template");
    assert_eq!(files(&at.join("site"))["profiles/index.html"], "ours: Profiles\n", "the old site stays");
    ends(&ers_fhir(&at, &["docs", "--out", "site", "--theme", "absent"]), 2, "absent");
}

#[test]
fn markdown_and_data_hold_the_same() {
    let at = folder("docs-formats");
    package(&at);
    ends(&ers_fhir(&at, &["docs", "--out", "md", "--ig", "ig", "--format", "markdown"]), 1, "wrote");
    let made = files(&at.join("md"));
    let page = &made["profiles/r4/named.md"];
    for what in ["# named", "| 1.. (was 0..\\*) |", "[Patient good](../../examples/r4/good.md)"] {
        assert!(page.contains(what), "{what}: {page}");
    }
    assert!(!made.keys().any(|file| file.strip_suffix(".html").is_some()));

    let run = ers_fhir(&at, &["docs", "--ig", "ig", "--format", "json"]);
    let site: Value = serde_json::from_str(&run.out).expect("JSON");
    let schema = ers_fhir(&at, &["docs", "--json-schema"]);
    let schema: Value = serde_json::from_str(&schema.out).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> = schema.iter_errors(&site).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    ends(&ers_fhir(&at, &["docs", "--out", "data", "--ig", "ig", "--format", "json"]), 1, "wrote");
    assert_eq!(files(&at.join("data"))["site.json"], run.out);
}

#[test]
fn a_comparison_says_what_a_payload_must_change() {
    let at = folder("docs-compare");
    let old = json!([
        { "id": "Patient.name", "path": "Patient.name", "min": 1 },
        { "id": "Patient.gender", "path": "Patient.gender", "min": 1 },
        { "id": "Patient.photo", "path": "Patient.photo", "max": "0" },
    ]);
    let new = json!([
        { "id": "Patient.name", "path": "Patient.name", "min": 1, "max": "1" },
        { "id": "Patient.gender", "path": "Patient.gender", "min": 0, "mustSupport": true },
        { "id": "Patient.birthDate", "path": "Patient.birthDate", "fixedDate": "1970-01-01" },
        { "id": "Patient.photo", "path": "Patient.photo", "max": "0" },
    ]);
    write(
        &at,
        "old/package/package.json",
        r#"{ "name": "ours", "version": "1.0.0", "fhirVersions": ["4.0.1"] }"#,
    );
    write(
        &at,
        "new/package/package.json",
        r#"{ "name": "ours", "version": "2.0.0", "fhirVersions": ["4.0.1"] }"#,
    );
    write(&at, "old/package/named.json", profile("named", &old));
    write(&at, "new/package/named.json", profile("named", &new));
    write(&at, "old/package/gone.json", profile("gone", &json!([])));
    let run = ers_fhir(&at, &["docs", "--format", "json", "--compare", "old", "new"]);
    assert_eq!(run.status, 1, "{}", run.err);
    let site: Value = serde_json::from_str(&run.out).expect("JSON");
    let pages = site["pages"].as_array().expect("pages");
    let page = pages.iter().find(|page| page["path"] == "profiles/r4/named").expect("it changed");
    let changes: Vec<(&str, &str)> = page["content"]["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .filter_map(|change| Some((change["weight"].as_str()?, change["place"].as_str()?)))
        .collect();
    assert_eq!(
        changes,
        [
            ("must", "Patient.name"),
            ("must", "Patient.birthDate"),
            ("may", "Patient.gender"),
            ("note", "Patient.gender"),
        ]
    );
    assert!(pages.iter().any(|page| page["path"] == "profiles/r4/gone"), "{}", run.out);
    let first = pages[0]["summary"].as_str().expect("a text");
    assert!(first.contains("ours 1.0.0") && first.contains("ours 2.0.0"), "{first}");

    ends(&ers_fhir(&at, &["docs", "--out", "site", "--compare", "old", "new"]), 1, "wrote");
    assert!(files(&at.join("site"))["profiles/r4/named.html"].contains("What must change in a payload"));
    ends(&ers_fhir(&at, &["docs", "--out", "same", "--compare", "old", "old"]), 0, "wrote: 1 pages");
    ends(&ers_fhir(&at, &["docs", "--out", "site", "--compare", "old", "absent"]), 2, "absent");
    ends(&ers_fhir(&at, &["docs", "--out", "site", "--compare", "old"]), 2, "--compare");
}

#[test]
fn a_folder_with_other_files_is_left_alone_without_force() {
    let at = folder("docs-force");
    package(&at);
    write(&at, "site/notes.txt", "mine");
    ends(&ers_fhir(&at, &["docs", "--out", "site", "--ig", "ig"]), 2, "notes.txt");
    assert_eq!(files(&at.join("site"))["notes.txt"], "mine");
    ends(&ers_fhir(&at, &["docs", "--out", "site", "--ig", "ig", "--force"]), 1, "wrote");
    assert!(!files(&at.join("site")).contains_key("notes.txt"));
    ends(&ers_fhir(&at, &["docs"]), 2, "--out site");
    ends(&ers_fhir(&at, &["docs", "--format", "markdown"]), 2, "--out site");
    ends(&ers_fhir(&at, &["docs", "--out", "site/index.html/below", "--ig", "ig"]), 2, "index.html");
    let beside: Vec<_> = fs::read_dir(&at).expect("a folder").filter_map(Result::ok).collect();
    assert!(
        beside.iter().all(|entry| !entry.file_name().to_string_lossy().starts_with(".site")),
        "{beside:?}"
    );
}

#[test]
fn what_is_hostile_or_broken_stays_inside_and_has_a_page() {
    let at = folder("docs-hostile");
    write(
        &at,
        "ig/package/package.json",
        r#"{ "name": "hostile", "version": "1.0.0", "fhirVersions": ["4.0.1"] }"#,
    );
    let mut cyclic: Value = serde_json::from_str(&profile("cycle", &json!([]))).expect("JSON");
    cyclic["baseDefinition"] = cyclic["url"].clone();
    write(&at, "ig/package/cycle.json", cyclic.to_string());
    let mut hostile: Value = serde_json::from_str(&profile("x", &json!([]))).expect("JSON");
    hostile["url"] = json!("http://example.org/../../../x");
    hostile["name"] = json!("../../x");
    hostile["title"] = json!("</title><script>alert(1)</script>");
    hostile["description"] =
        json!("<script>alert(2)</script>\n\n[run](javascript:alert(3)) ![x](https://example.org/x.png)");
    write(&at, "ig/package/hostile.json", hostile.to_string());
    // Two of one name, and nothing at all.
    write(&at, "ig/package/one.json", profile("twin", &json!([])));
    let twin = profile("twin", &json!([])).replace("example.org/StructureDefinition", "example.org/other");
    write(&at, "ig/package/two.json", twin);
    write(
        &at,
        "ig/package/empty.json",
        r#"{ "resourceType": "ValueSet", "url": "http://example.org/empty" }"#,
    );
    write(&at, "ig/package/broken.json", "{");
    for format in ["html", "markdown"] {
        let run = ers_fhir(&at, &["docs", "--out", "site", "--ig", "ig", "--format", format]);
        ends(&run, 0, "wrote");
        let made = files(&at.join("site"));
        let ending = if format == "html" { "html" } else { "md" };
        for page in [
            "profiles/r4/cycle",
            "profiles/r4/x",
            "profiles/r4/twin",
            "profiles/r4/twin-2",
            "value-sets/r4/empty",
        ] {
            assert!(made.contains_key(&format!("{page}.{ending}")), "{page}: {:?}", made.keys());
        }
        for (name, text) in made.iter().filter(|(name, _)| name.strip_suffix(ending).is_some()) {
            // In Markdown, a bracket that is escaped ends no text of a link.
            let text = text.replace("\\]", "");
            for what in ["<script>", "<img", "](javascript:", "href=\"javascript:"] {
                assert!(!text.contains(what), "{name}: {what}");
            }
        }
        assert!(made[&format!("profiles/r4/cycle.{ending}")].contains("is faulty"));
    }
    let outside: Vec<_> = fs::read_dir(&at).expect("a folder").filter_map(Result::ok).collect();
    assert_eq!(outside.len(), 2, "{outside:?}");
}
