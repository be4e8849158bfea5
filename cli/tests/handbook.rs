//! The manual does what it says: its files are written, its commands run, in the order of each page.
//!
//! In `docs/manual`, a block of `json,file=NAME` is a file, one of `sh` is run line by line, and a `text` behind it holds
//! lines that the output has. `# 1` behind a command is its exit status, `sh,norun` is only shown, and `sh,needs-client` and
//! `sh,needs-mock` are run where these features are built.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An empty folder for a page.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the page");
    folder
}

/// Writes a file into a folder.
fn write(folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("its folder");
    fs::write(path, content).expect("the file");
}

/// A block of code: what is said of it, and its lines.
struct Block {
    info: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(_), Some(block)) => found.push(block),
            (Some(info), None) => open = Some(Block { info: info.to_owned(), text: String::new() }),
            (None, Some(mut block)) => {
                block.text.push_str(line);
                block.text.push('\n');
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    found
}

/// A command and the status that it ends with.
fn expected(line: &str) -> (&str, i32) {
    match line.rsplit_once("   # ") {
        Some((command, status)) => match status.trim().parse() {
            Ok(status) => (command, status),
            Err(_) => (line, 0),
        },
        None => (line, 0),
    }
}

/// Runs a line in a shell; all that it wrote.
fn run(at: &Path, line: &str) -> String {
    let (command, status) = expected(line);
    let binary = Path::new(env!("CARGO_BIN_EXE_ers-fhir"));
    let mut path = binary.parent().expect("it is in a folder").as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(at).env("PATH", path).env("HOME", at);
    shell.env_remove("ERS_FHIR_PACKAGES").env_remove("GITHUB_ACTIONS");
    let done = shell.output().expect("there is a shell");
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert_eq!(done.status.code(), Some(status), "{command}:\n{said}");
    said
}

fn manual() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/manual");
    let mut pages: Vec<PathBuf> =
        fs::read_dir(folder).expect("the manual").map(|entry| entry.expect("a page").path()).collect();
    pages.sort();
    pages
}

#[test]
fn every_page_of_the_manual_does_what_it_says() {
    let mut commands = 0;
    for page in manual() {
        let name = page.file_stem().expect("a name").to_string_lossy().into_owned();
        let at = folder(&format!("manual-page-{name}"));
        let text = fs::read_to_string(&page).expect("a page");
        let mut said = String::new();
        let mut is_run = true;
        for Block { info, text } in blocks(&text) {
            let (language, rest) = info.split_once(',').unwrap_or((&info, ""));
            match (language, rest.strip_prefix("file=")) {
                (_, Some(file)) => write(&at, file, &text),
                ("sh", None) if ["", "needs-client", "needs-mock"].contains(&rest) => {
                    let (client, mock) = (cfg!(feature = "client"), cfg!(feature = "mock"));
                    is_run = rest.is_empty() || client && (mock || rest == "needs-client");
                    if !is_run {
                        continue;
                    }
                    said.clear();
                    for line in text.lines().filter(|line| !line.is_empty()) {
                        said.push_str(&run(&at, line));
                        commands += 1;
                    }
                }
                // The quick start runs these, with a local e-RS beside them.
                ("sh", None) if rest == "local" => is_run = false,
                ("text", None) if !is_run => {}
                ("text", None) => {
                    for line in text.lines() {
                        assert!(said.contains(line.trim()), "{name}: '{line}' is not said:\n{said}");
                    }
                }
                ("sh" | "rust" | "lua", None) => {}
                _ => panic!("{name}: a block is neither run nor known to be shown only: {info}"),
            }
        }
    }
    assert!(commands > 40, "{commands} commands");
}

#[test]
fn links_of_the_manual_lead_to_its_pages() {
    for page in manual() {
        let text = fs::read_to_string(&page).expect("a page");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            // Others keep the pages of the web; nothing here is asked of the network.
            if target.starts_with("https://") {
                continue;
            }
            let (file, place) = target.split_once('#').unwrap_or((target, ""));
            let other = page.with_file_name(file);
            let other = fs::read_to_string(&other).unwrap_or_else(|_| panic!("{}: {target}", page.display()));
            let has_place = other
                .lines()
                .filter_map(|line| line.strip_prefix("## "))
                .any(|heading| heading.to_lowercase().replace(' ', "-") == place);
            assert!(place.is_empty() || has_place, "{}: {target}", page.display());
        }
    }
}
