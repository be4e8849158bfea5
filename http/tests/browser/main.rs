//! The page in a browser, as people use it: with the service, and with the engine that it carries.
//!
//! `tests/fetch-consumers` fetches what drives the browser; what is absent is ignored. The page that needs no service is
//! read where `cargo xtask wasm --page .cache/page` puts it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use ers_fhir_corpora::{Suite, program, tests, workspace};
use ers_fhir_http::{Config, Options, Running, Sources};
use serde_json::Value;

fn modules() -> PathBuf {
    let folder = std::env::var_os("ERS_FHIR_CONSUMERS");
    folder.map_or_else(|| workspace(".cache/consumers"), PathBuf::from)
}

/// The page that needs no service.
fn page() -> PathBuf {
    let folder = std::env::var_os("ERS_FHIR_PAGE");
    folder.map_or_else(|| workspace(".cache/page"), PathBuf::from)
}

fn main() -> ExitCode {
    let browser = [modules().join("node_modules/axe-core"), program("node"), program("chromium")];
    let engine = page().join("engine.js");
    Suite::new()
        .reading(&browser, tests![the_page_of_the_service_is_used])
        .reading(browser.iter().chain([&engine]), tests![the_page_from_a_disk_is_used_and_asks_nobody])
        .run()
}

/// What is seen when the page at an address is used.
fn used(address: &str) -> Value {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut node = Command::new("node");
    node.arg(here.join("tests/browser/use.cjs")).arg(modules()).arg(address);
    node.arg(workspace("lint/src/examples/session.har")).env("CHROMIUM", program("chromium"));
    // An optional folder for screenshots.
    node.args(std::env::var_os("ERS_FHIR_PICTURES"));
    let run = node.output().expect("node runs");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}{err}");
    serde_json::from_str(&out).expect("it prints JSON")
}

/// What holds of the page wherever its findings come from.
fn judge(seen: &Value) {
    let text = |at: &str| seen.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
    let holds = |at: &str, piece: &str| {
        let found = seen.pointer(at).map(Value::to_string).unwrap_or_default();
        assert!(found.contains(piece), "{at} has not '{piece}': {found}");
    };
    assert_eq!(seen["silent"], true);
    assert_eq!(seen["wrong"], Value::Array(Vec::new()), "what the browser complains of");
    assert_eq!(seen["violations"], Value::Array(Vec::new()), "what axe finds");
    // By keyboard: the skip link, a paste, the first finding and its line, its edit, and back.
    assert_eq!(text("/keyboard/focus"), "text");
    holds("/keyboard/items", "birthDate");
    holds("/keyboard/items", "line 3, column 3");
    holds("/keyboard/marks", "weight error");
    assert_eq!(text("/keyboard/selected"), "\"birthdate\"");
    holds("/keyboard/fixed", "birthDate");
    holds("/keyboard/clean", " 0 errors");
    assert_eq!(seen["keyboard"]["isUndone"], true, "{}", seen["keyboard"]["fixed"]);
    // Why; releases; examples, with their headers; lines; captured calls; XML.
    holds("/rest/why", "Why");
    assert!(text("/rest/why").len() > 60, "{}", text("/rest/why"));
    holds("/rest/brokenItems", &text("/rest/rule"));
    holds("/rest/headers", "Content-Type");
    holds("/rest/otherHeaders", "ers-rule-18 in the header Content-Type");
    for place in ["stu3", "example", "broken", "lines", "capture", "xml", "deep", "after"] {
        assert!(!text(&format!("/rest/{place}")).is_empty(), "{place}");
    }
}

fn the_page_of_the_service_is_used() {
    let sources = Sources { config: Config::None, ..Sources::default() };
    let service = Running::start(sources, Options { port: 0, logs_requests: false, ..Options::default() });
    let service = service.expect("it starts");
    let address = format!("http://{}/", service.address());
    let seen = used(&address);
    judge(&seen);
    let all = seen["all"].as_array().expect("requests");
    let own =
        |url: &Value| url.as_str().is_some_and(|url| url.starts_with(&address) || url.starts_with("blob:"));
    assert!(all.iter().all(own), "{all:#?}");
}

fn the_page_from_a_disk_is_used_and_asks_nobody() {
    let index = page().join("index.html").canonicalize().expect("it is there");
    let seen = used(&format!("file://{}", index.display()));
    judge(&seen);
    assert_eq!(seen["where"], "What you paste stays in this browser.");
    assert_eq!(seen["later"], Value::Array(Vec::new()), "what is asked for once the page is loaded");
}
