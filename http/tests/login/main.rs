//! The login page of the local e-RS in a browser, as people use it, by keyboard.
//!
//! `tests/fetch-consumers` fetches what drives the browser; what is absent is ignored.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use ers_fhir_corpora::{Suite, program, tests, workspace};
use ers_fhir_http::LocalErs;
use serde_json::Value;

fn modules() -> PathBuf {
    let folder = std::env::var_os("ERS_FHIR_CONSUMERS");
    folder.map_or_else(|| workspace(".cache/consumers"), PathBuf::from)
}

fn main() -> ExitCode {
    let browser = [modules().join("node_modules/axe-core"), program("node"), program("chromium")];
    Suite::new().reading(&browser, tests![a_user_logs_in_by_keyboard]).run()
}

/// Where users of the small England come back to; nothing listens there.
const CALLBACK: &str = "http://127.0.0.1:8412/callback";

fn a_user_logs_in_by_keyboard() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("there are threads");
    let service = runtime.block_on(LocalErs::start()).expect("it starts");
    let address = format!(
        "http://{}/oauth2/authorize?response_type=code&client_id=aire-and-wharfe-imaging&redirect_uri={CALLBACK}&state=mine",
        service.address()
    );
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut node = Command::new("node");
    node.arg(here.join("tests/login/log_in.cjs")).arg(modules()).arg(&address);
    node.args(std::env::var_os("ERS_FHIR_PICTURES")).env("CHROMIUM", program("chromium"));
    let run = node.output().expect("node runs");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}{err}");
    let seen: Value = serde_json::from_str(&out).expect("it prints JSON");
    assert_eq!(seen["violations"], Value::Array(Vec::new()), "what axe finds");
    assert_eq!(seen["wrong"], Value::Array(Vec::new()), "what the browser complains of");
    assert_eq!(seen["title"], "Log in at the local e-RS");
    assert_eq!(seen["complaint"], "client_id is not an application of this service");
    let requests = seen["requests"].as_array().expect("there are some");
    let back = requests.last().and_then(Value::as_str).unwrap_or_default();
    assert!(back.starts_with(&format!("{CALLBACK}?code=")) && back.ends_with("&state=mine"), "{requests:#?}");
    runtime.block_on(service.stop());
}
