//! The quick start of the manual does what it says: its commands in one shell, with a local e-RS beside them.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::{env, fs};

use ers_fhir_corpora::{Suite, program, tests, workspace};

fn main() -> ExitCode {
    let needed = [program("sh"), program("jq"), program("curl")];
    Suite::new().reading(&needed, tests![the_quick_start_creates_attaches_books_and_accepts]).run()
}

/// Ends with its test.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a local e-RS; it, and where it listens.
fn start() -> (Service, String) {
    let mut service = Command::new(env!("CARGO_BIN_EXE_ers-fhir"))
        .args(["mock", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut line = String::new();
    let out = service.stdout.take().expect("it is piped");
    BufReader::new(out).read_line(&mut line).expect("it says where it listens");
    (Service(service), line.trim().to_owned())
}

/// The commands of the page, and the lines that they print, in their order.
fn page(text: &str) -> (String, Vec<String>) {
    let (mut commands, mut lines) = (String::new(), Vec::new());
    let (mut open, mut is_local) = (None, false);
    for line in text.lines() {
        match (line.strip_prefix("```"), open) {
            (Some(_), Some(_)) => open = None,
            (Some(info), None) => {
                is_local = info == "sh,local" || is_local && info == "text";
                open = Some(info);
            }
            (None, Some("sh,local")) => commands.extend([line, "\n"]),
            (None, Some("text")) if is_local => lines.push(line.to_owned()),
            (None, _) => {}
        }
    }
    (commands, lines)
}

fn the_quick_start_creates_attaches_books_and_accepts() {
    let text = fs::read_to_string(workspace("docs/manual/local.md")).expect("the page");
    let (commands, lines) = page(&text);
    let (_service, url) = start();
    let host = url.strip_suffix("/referrals/FHIR").expect("it is the address of an environment");
    let commands =
        commands.replace("--env local", &format!("--env {url}")).replace("http://127.0.0.1:8290", host);
    let at = Path::new(env!("CARGO_TARGET_TMPDIR")).join("quick-start");
    let _ = fs::remove_dir_all(&at);
    fs::create_dir_all(&at).expect("a folder");
    let binary = Path::new(env!("CARGO_BIN_EXE_ers-fhir")).parent().expect("it is in a folder");
    let path = [binary.as_os_str().to_owned(), env::var_os("PATH").unwrap_or_default()];
    let mut shell = Command::new(program("sh"));
    shell.args(["-euc", &format!("exec 2>&1\n{commands}")]).current_dir(&at).env("HOME", &at);
    let done = shell.env("PATH", path.join(":".as_ref())).output().expect("it starts");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}");
    let mut rest: &str = &said;
    for line in &lines {
        let (_, after) = rest.split_once(line).unwrap_or_else(|| panic!("'{line}' is not said:\n{said}"));
        rest = after;
    }
    assert!(lines.len() >= 5 && commands.contains("A013"), "{commands}");
}
