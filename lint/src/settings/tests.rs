use std::fs;
use std::path::Path;

use ers_fhir_report::{Diagnostic, Message, Payload, Report, Severity};

use super::{FILE_NAME, InForce, SettingsError};
use crate::rule::{self, NO_OPERATION, STALE_VERSION};

const TODAY: &str = "2026-11-27";

/// Settings in a folder of their own.
fn read(text: &str) -> (tempfile::TempDir, Result<InForce, SettingsError>) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join(FILE_NAME);
    fs::write(&path, text).expect("it can be written");
    let settings = InForce::read(&path);
    (folder, settings)
}

fn refused(text: &str) -> String {
    let (folder, settings) = read(text);
    let message = settings.expect_err("it is refused").to_string();
    message.replace(&folder.path().display().to_string(), "")
}

fn report() -> Report {
    let mut stale = Diagnostic::new(&STALE_VERSION, Message::text("stale"));
    stale.location = "Task.focus[0].reference".to_owned();
    stale.key = Some("abc-1".to_owned());
    Report::new(vec![stale, Diagnostic::new(&NO_OPERATION, Message::text("none"))])
}

fn left(settings: &InForce, file: &str) -> Vec<String> {
    let mut report = report();
    settings.apply(Path::new(file), TODAY, &mut report);
    report.diagnostics.iter().map(|found| format!("{} {}", found.severity, found.rule.code)).collect()
}

#[test]
fn a_key_that_is_none_is_refused_with_the_nearest() {
    assert_eq!(
        refused("[rules]\n\"dom-6\" = \"off\"\n[[path]]\nglob = [\"a\"]\nendpiont = \"A011\"\n"),
        "/ers-fhir.toml:5:1: there is no setting 'endpiont': did you mean 'endpoint'?"
    );
    assert!(refused("fail_on = \"error\"").contains("did you mean 'fail-on'?"));
    assert!(refused("fail-on = \"fatal\"").starts_with("/ers-fhir.toml:1:11: "));
    assert!(refused("a = = 1").starts_with("/ers-fhir.toml:1:"));
    assert!(refused("include = [\"a[\"]").contains("the glob 'a['"));
    assert!(
        refused("[[suppress]]\nreason = \"b\"")
            .starts_with("/ers-fhir.toml:1:1: a suppression must name a rule")
    );
    assert!(refused("[[suppress]]\nrule = \"a\"\nexpires = \"soon\"").contains("'soon' is not a day"));
}

#[test]
fn settings_are_found_upwards() {
    let (folder, _) = read("fail-on = \"warning\"");
    let below = folder.path().join("a/b");
    fs::create_dir_all(&below).expect("it can be made");
    let found = InForce::find(&below).expect("it can be read").expect("it is there");
    assert_eq!(found.path.file_name(), Some(FILE_NAME.as_ref()));
    assert_eq!(found.resolve(Path::new("c")), found.folder().join("c"));
}

#[test]
fn later_paths_win() {
    let (_folder, settings) = read(
        "[[path]]\nglob = [\"requests\"]\nendpoint = \"A011\"\nprofiles = [\"a\"]\n\
         [[path]]\nglob = [\"**/*-answer.json\"]\nresponse = true\nprofiles = [\"b\"]\n",
    );
    let settings = settings.expect("it can be read");
    let of = settings.of(Path::new("requests/deep/1-answer.json"));
    assert_eq!((of.endpoint.as_deref(), of.response), (Some("A011"), Some(true)));
    assert_eq!(of.profiles, ["a", "b"]);
    assert_eq!(settings.of(Path::new("others/1.json")).endpoint, None);
}

#[test]
fn files_are_included_and_excluded() {
    let (_folder, settings) = read("include = [\"payloads\"]\nexclude = [\"payloads/old/\", \"*.tmp.json\"]");
    let settings = settings.expect("it can be read");
    let includes = |file: &str| settings.includes(Path::new(file));
    assert!(includes("payloads/a.json") && includes("payloads/new/a.json"));
    assert!(!includes("payloads/old/a.json") && !includes("a.json") && !includes("a.tmp.json"));
}

#[test]
fn levels_are_by_path_and_by_invariant() {
    let (_folder, settings) = read(
        "[rules]\ntraffic-no-operation = \"information\"\ntraffic-stale-version = \"off\"\nabc-1 = \"warning\"\n\
         [[path]]\nglob = [\"old\"]\nrules = { traffic-no-operation = \"off\" }\n",
    );
    let settings = settings.expect("it can be read");
    assert_eq!(
        left(&settings, "new/a.json"),
        ["warning traffic-stale-version", "information traffic-no-operation"]
    );
    assert_eq!(left(&settings, "old/a.json"), ["warning traffic-stale-version"]);
}

#[test]
fn what_could_not_be_read_keeps_its_weight() {
    for settings in [
        "[rules]\ntraffic-no-operation = \"warning\"",
        "[rules]\ntraffic-no-operation = \"off\"",
        "[[suppress]]\nrule = \"traffic-no-operation\"\nreason = \"a\"",
    ] {
        let (_folder, settings) = read(settings);
        let mut report = report();
        report.diagnostics[1].severity = Severity::Fatal;
        settings.expect("it can be read").apply(Path::new("a"), TODAY, &mut report);
        assert_eq!(report.diagnostics[1].severity, Severity::Fatal);
    }
}

#[test]
fn findings_are_suppressed_by_rule_path_and_place() {
    let (_folder, settings) = read(
        "[[suppress]]\nrule = \"traffic-stale-version\"\npath = [\"old\"]\nat = \"Task.focus\"\nreason = \"a\"\n\
         [[suppress]]\nrule = \"abc-1\"\npath = [\"older\"]\nat = \"Task.foc\"\nreason = \"b\"\n",
    );
    let settings = settings.expect("it can be read");
    assert_eq!(left(&settings, "old/a.json"), ["error traffic-no-operation"]);
    assert_eq!(left(&settings, "older/a.json").len(), 2);
    assert_eq!(settings.leftovers(TODAY, false).len(), 1);
    let leftovers = settings.leftovers(TODAY, true);
    assert_eq!(leftovers.len(), 1);
    assert_eq!((leftovers[0].rule.code, leftovers[0].position.line), ("suppression-unused", 6));
}

#[test]
fn examples_of_rules_do_what_their_pages_say() {
    for rule in rule::settings::RULES {
        for (example, expected) in [(&rule.bad, vec![rule.code]), (&rule.good, vec![])] {
            let text = String::from_utf8(example.payload.bytes().into_owned()).expect("it is text");
            let (_folder, settings) = read(&text);
            let settings = settings.expect("it can be read");
            let mut report = Report::new(vec![Diagnostic::new(
                &ers_fhir_validator::rule::profile::NO_PROFILE,
                Message::text(""),
            )]);
            settings.apply(Path::new("requests/a.json"), TODAY, &mut report);
            let found: Vec<&str> =
                settings.leftovers(TODAY, true).iter().map(|found| found.rule.code).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert!(matches!(rule.bad.payload, Payload::Edited { .. }));
    }
}
