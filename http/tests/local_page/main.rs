//! The page of the local e-RS in a browser, as people use it.
//!
//! `tests/fetch-consumers` fetches what drives the browser; what is absent is ignored.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use ers_fhir_corpora::{Suite, program, tests, workspace};
use ers_fhir_http::{LocalErs, MockOptions};
use ers_fhir_local::england;
use serde_json::Value;

fn modules() -> PathBuf {
    let folder = std::env::var_os("ERS_FHIR_CONSUMERS");
    folder.map_or_else(|| workspace(".cache/consumers"), PathBuf::from)
}

fn main() -> ExitCode {
    let browser = [modules().join("node_modules/axe-core"), program("node"), program("chromium")];
    Suite::new().reading(&browser, tests![an_administrator_watches_and_orders]).run()
}

fn an_administrator_watches_and_orders() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("there are threads");
    let options = MockOptions { seed: england().grown(60), ..MockOptions::default() };
    let service = runtime.block_on(LocalErs::with(options)).expect("it starts");
    let address = format!("http://{}/", service.address());
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut node = Command::new("node");
    node.arg(here.join("tests/local_page/use.cjs")).arg(modules()).arg(&address);
    node.args(std::env::var_os("ERS_FHIR_PICTURES")).env("CHROMIUM", program("chromium"));
    let run = node.output().expect("node runs");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}{err}");
    let seen: Value = serde_json::from_str(&out).expect("it prints JSON");
    let text = |at: &str| seen.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
    let holds =
        |at: &str, piece: &str| assert!(text(at).contains(piece), "{at} has not '{piece}': {}", text(at));
    assert_eq!(seen["wrong"], Value::Array(Vec::new()), "what the browser complains of");
    assert_eq!(seen["violations"], Value::Array(Vec::new()), "what axe finds");
    assert_eq!(seen["silent"], true);
    holds("/overview", "60 referrals");
    // Calls appear while the page is open, with their findings.
    holds("/calls/good", "200");
    holds("/calls/bad", "MISSING_HEADER");
    holds("/calls/bad", "ers-rule");
    holds("/calls/body", "eRS-OperationOutcome-1");
    assert_eq!(seen["calls"]["onlyFaulty"], 1);
    // By keyboard to a request.
    assert_eq!(text("/keyboard/skipped"), "find");
    assert_eq!(text("/keyboard/head"), "request-head");
    // A patient books, and cancels: state, picture and timeline follow.
    holds("/booked/head", "Booked");
    holds("/booked/picture", "now Booked, earlier");
    holds("/booked/timeline", "book: Booked, version");
    holds("/booked/timeline", "appointment booked");
    holds("/cancelled/head", "Appointment Cancelled By Patient");
    holds("/refused", "is not a moment");
    holds("/later", "forward a week");
    assert_ne!(text("/clock/before"), text("/clock/after"));
    holds("/fault/said", "unavailable");
    assert_eq!(seen["fault"]["status"], 503);
    holds("/reset/said", "as in the seed");
    holds("/reset/events", "Nothing since");
    holds("/switches", "versionStep");
    holds("/switches", "How much a change increases");
    runtime.block_on(service.stop());
}
