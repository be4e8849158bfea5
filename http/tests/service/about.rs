//! The service's descriptions of itself, and its page.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::{ask, get, post, service};

#[test]
fn the_capability_statement_passes_its_own_check() {
    let service = service();
    for (path, release) in [("/metadata", "r4"), ("/r4/metadata", "r4"), ("/stu3/metadata", "stu3")] {
        for format in ["json", "xml"] {
            let reply = get(&service, &format!("{path}?_format={format}"));
            assert_eq!(
                (reply.status, reply.header("content-type")),
                (200, &*format!("application/fhir+{format}"))
            );
            let path = format!("/{release}/CapabilityStatement/$validate");
            let checked = ask(&service, "POST", &path, &[], &reply.body);
            assert_eq!(checked.header("ers-fhir-result"), "pass", "{}", checked.text());
            assert!(checked.text().contains("nothing found"), "{}", checked.text());
        }
    }
    let stu3 =
        ask(&service, "GET", "/metadata", &[("Accept", "application/fhir+json; fhirVersion=3.0")], b"");
    assert_eq!(stu3.json()["fhirVersion"], "3.0.1");
    assert_eq!(get(&service, "/r5/metadata").status, 404);
}

#[test]
fn probes_and_metrics_are_answered() {
    let service = service();
    assert_eq!((get(&service, "/health").status, get(&service, "/ready").text().as_str()), (200, "ready\n"));
    post(&service, "/r4/$validate", "{}");
    let text = get(&service, "/metrics").text();
    assert!(text.contains("ers_fhir_requests_total{route=\"$validate\",status=\"200\"} 1"), "{text}");
    assert!(text.contains("ers_fhir_payloads_total{result=\"fail\"} 1"), "{text}");
    let mut kinds = BTreeSet::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            assert!(
                kinds.insert(rest.split(' ').next().unwrap_or_default().to_owned()),
                "{line} is there twice"
            );
        } else if !line.starts_with('#') {
            let (name, value) = line.rsplit_once(' ').expect("a sample has a value");
            assert!(value.parse::<f64>().is_ok(), "{line}");
            let name = name.split('{').next().unwrap_or_default();
            let stem =
                ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
            assert!(kinds.contains(stem) || kinds.contains(name), "{line} has a type");
        }
    }
}

#[test]
fn every_address_is_described() {
    let service = service();
    let document = get(&service, "/openapi.json").json();
    let described: BTreeSet<String> =
        document["paths"].as_object().expect("it has paths").keys().cloned().collect();
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/routes.rs"));
    let source = source.expect("it is there");
    let routed: BTreeSet<String> = source
        .split(".route(\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(described, routed);
    for (path, item) in document["paths"].as_object().expect("it has paths") {
        let method = if item.get("post").is_some() { "post" } else { "get" };
        for parameter in item[method]["parameters"].as_array().into_iter().flatten() {
            let is_in_path = parameter["in"] == "path";
            let name = parameter["name"].as_str().expect("it has a name");
            assert_eq!(is_in_path, path.contains(&format!("{{{name}}}")), "{path}: {name}");
        }
    }
}

#[test]
fn examples_and_rules_are_told() {
    let service = service();
    let all = get(&service, "/examples").json();
    assert!(all["operations"].as_array().is_some_and(|all| all.len() > 30), "{all}");
    let mut breakable = 0;
    for rule in all["rules"].as_array().expect("there are rules").iter().take(20) {
        let path = format!(
            "/examples/{}?break={}",
            rule["operation"].as_str().expect("it has one"),
            rule["code"].as_str().expect("it has one")
        );
        breakable += usize::from(get(&service, &path).status == 200);
    }
    assert!(breakable > 10, "{breakable}");
    let good = get(&service, "/examples/A011?role=REFERRING_CLINICIAN&seed=3").json();
    assert!(
        good["body"].as_str().is_some_and(|body| body.contains("Parameters")) && good["release"] == "STU3"
    );
    for (path, status) in [("/examples/A999", 404), ("/examples/A011?x=1", 400), ("/rules/none", 404)] {
        assert_eq!(get(&service, path).status, status, "{path}");
    }
    assert!(get(&service, "/rules/unknown-element").json()["explanation"].is_string());
    assert!(get(&service, "/rules").json().as_array().is_some_and(|all| all.len() > 100));
}

#[test]
fn the_page_asks_nobody_else() {
    let service = service();
    let page = get(&service, "/");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
    for entry in fs::read_dir(folder).expect("it is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            continue; // That of another service.
        }
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("it is text");
        let foreign = text.replace("http://www.w3.org/2000/svg", "");
        assert!(!foreign.contains("http://") && !foreign.contains("https://"), "{name} names another host");
        assert!(!text.contains("innerHTML"), "{name} makes markup of text");
        if name != "index.html" {
            let served = get(&service, &format!("/{name}"));
            assert_eq!((served.status, served.text()), (200, text), "{name}");
        }
    }
    let tag = page.header("etag").to_owned();
    assert_eq!(ask(&service, "GET", "/", &[("If-None-Match", &tag)], b"").status, 304);
}

#[test]
fn other_addresses_and_methods_are_refused() {
    let service = service();
    assert_eq!(get(&service, "/none").status, 404);
    let reply = get(&service, "/validate");
    assert_eq!((reply.status, reply.header("allow")), (405, "POST"));
}
