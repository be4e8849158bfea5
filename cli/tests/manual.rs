//! The help, the manual and the completions: all say the same of the same command line.

mod support;

use std::collections::BTreeSet;
use std::fs;

use support::{ers_fhir, folder};

/// Options that a help text lists, such as `--format`.
fn options(help: &str) -> BTreeSet<String> {
    // What is at the margin or further to the right is text that was wrapped.
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_option = |line: &&str| (2..=6).contains(&indent(line)) && line.trim_start().starts_with('-');
    let lines = help.lines().filter(is_option).map(str::trim_start);
    let words = lines.flat_map(|line| line.split([' ', ',', '=', '[']).take(3).map(str::to_owned));
    words.filter(|word| word.starts_with("--") && word.len() > 2).collect()
}

/// The commands that a help text lists, be it by groups.
fn commands(help: &str) -> Vec<String> {
    let listed =
        help.lines().take_while(|line| !line.starts_with("Options:") && !line.starts_with("Arguments:"));
    let lines =
        listed.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with([' ', '-']));
    let names = lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned);
    names
        .filter(|name| {
            name != "help" && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
        })
        .collect()
}

#[test]
fn every_option_of_the_help_is_in_the_manual_and_the_completions() {
    let folder = folder("manual-whole");
    let run = ers_fhir(&folder, &["man", "--out", "man"]);
    assert_eq!((run.status, &*run.err), (0, ""));
    let scripts: Vec<String> = ["bash", "zsh", "fish", "powershell", "elvish"]
        .iter()
        .map(|shell| {
            let run = ers_fhir(&folder, &["completions", shell]);
            assert_eq!((run.status, &*run.err), (0, ""));
            run.out
        })
        .collect();
    let mut todo: Vec<Vec<String>> = vec![Vec::new()];
    let mut pages = 0;
    while let Some(command) = todo.pop() {
        let args: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let help = ers_fhir(&folder, &args);
        assert_eq!(help.status, 0, "{command:?}");
        let page = [&["ers-fhir".to_owned()][..], &command].concat().join("-");
        let page = fs::read_to_string(folder.join("man").join(format!("{page}.1")));
        let page =
            page.unwrap_or_else(|error| panic!("{command:?} has no page: {error}")).replace("\\-", "-");
        let listed = options(&help.out);
        assert!(listed.contains("--help"), "{command:?} lists its options: {}", help.out);
        for option in listed {
            assert!(page.contains(&option), "{option} of {command:?} is not in the manual");
            let name = option.trim_start_matches('-');
            for script in &scripts {
                assert!(script.contains(name), "{option} of {command:?} is not completed");
            }
        }
        pages += 1;
        if command.is_empty() || help.out.contains("\nCommands:\n") {
            todo.extend(commands(&help.out).into_iter().map(|name| [command.clone(), vec![name]].concat()));
        }
    }
    assert!(pages > 12, "{pages} pages");
    assert_eq!(
        fs::read_dir(folder.join("man")).expect("it is there").count(),
        pages,
        "no page is without a help"
    );
}

#[test]
fn the_help_of_the_whole_fits_one_screen() {
    let folder = folder("manual-screen");
    for help in ["--help", "-h"] {
        let run = ers_fhir(&folder, &[help]);
        let lines = run.out.lines().count();
        assert!(lines <= 40, "{lines} lines:\n{}", run.out);
        let wide = run.out.lines().find(|line| line.chars().count() > 110);
        assert_eq!(wide, None);
        assert!(run.out.contains("Check payloads:\n  validate "), "{}", run.out);
    }
}

#[test]
fn a_manual_that_cannot_be_written_is_said() {
    let folder = folder("manual-unwritable");
    support::write(&folder, "file", "");
    let run = ers_fhir(&folder, &["man", "--out", "file/man"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("file/man"), "{}", run.err);
    let run = ers_fhir(&folder, &["man"]);
    assert!(run.out.starts_with(".ie") && run.out.contains(".SH NAME"), "{}", run.out);
    let run = ers_fhir(&folder, &["completions", "tcsh"]);
    assert_eq!(run.status, 2);
}
