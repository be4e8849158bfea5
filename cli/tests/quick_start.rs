//! The quick start of the manual does what it says: its commands in one shell, with a local e-RS beside them.

#[path = "support/mock.rs"]
mod mock;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

use ers_fhir_corpora::{Suite, program, tests, workspace};
use mock::Mock;

fn main() -> ExitCode {
    let needed = [program("sh"), program("jq"), program("curl")];
    Suite::new().reading(&needed, tests![the_quick_start_creates_attaches_books_and_accepts]).run()
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
    let at = Path::new(env!("CARGO_TARGET_TMPDIR")).join("quick-start");
    let _ = fs::remove_dir_all(&at);
    fs::create_dir_all(&at).expect("a folder");
    let service = Mock::start(&at, &[]);
    let host = service.url.strip_suffix("/referrals/FHIR").expect("it is the address of an environment");
    let commands = commands
        .replace("--env local", &format!("--env {}", service.url))
        .replace("http://127.0.0.1:8290", host);
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
