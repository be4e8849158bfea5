//! Faults of the kind that suppliers make, put into good requests: each is found on its line.

use std::fmt::Write;

use ers_fhir_corpora::shared;
use ers_fhir_ers::Ers;
use ers_fhir_validator::{Options, Severity};

use crate::create_referral::{PROFILE, STU3, ours};

/// One fault.
struct Fault {
    name: &'static str,
    /// Makes it in a good request.
    edit: fn(&str) -> String,
    /// The rule that must find it; for an invariant, the beginning of its key.
    rule: &'static str,
    /// Where in the faulty text it must be found.
    at: fn(&str) -> Option<usize>,
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "parameter missing",
        edit: |good| without_parameter(good, "patient"),
        rule: "cardinality-min",
        at: |_| Some(0),
    },
    Fault {
        name: "parameter unknown",
        edit: |good| replace(good, r#""firstReminderLetterFollowUpDays""#, r#""reminderDays""#),
        rule: "slice-unmatched",
        at: |faulty| faulty.find("reminderDays"),
    },
    Fault {
        name: "wrong value type",
        edit: |good| replace(good, &unsigned_int(good), r#""valueString": "seven""#),
        rule: "wrong-type",
        at: |faulty| faulty.find("seven"),
    },
    Fault {
        name: "wrong system",
        edit: |good| replace(good, "eRS-ReferralLetterIntention-1", "eRS-LetterIntention-1"),
        rule: "fixed-value",
        at: |faulty| faulty.find("eRS-LetterIntention-1"),
    },
    Fault {
        name: "wrong code",
        edit: |good| replace(good, "NEED_TO_ADD_LATER", "NEED_TO_ADD"),
        rule: "binding-required",
        at: |faulty| faulty.find("NEED_TO_ADD"),
    },
    Fault {
        name: "wrong check digit",
        edit: |good| replace(good, value_after(good, NHS_NUMBER), &miscounted(value_after(good, NHS_NUMBER))),
        rule: "ers-rule-23",
        at: |faulty| faulty.find(value_after(faulty, NHS_NUMBER)),
    },
    Fault {
        name: "twenty-one services",
        edit: |good| add_services(good, &services(21 - good.matches(SERVICE).count())),
        rule: "cardinality-max",
        at: |faulty| nth_entry(faulty, 20),
    },
    Fault {
        name: "service repeated",
        edit: |good| add_services(good, &services(1).replace("90000", value_after(good, SERVICE))),
        rule: "ers-rule-42",
        at: |faulty| nth_entry(faulty, 1),
    },
    Fault {
        name: "wrong extension URL",
        edit: |good| replace(good, "eRS-Shortlist-SearchCriteria-1", "eRS-Shortlist-Criteria-1"),
        rule: "unknown-extension",
        at: |faulty| faulty.find("eRS-Shortlist-Criteria-1"),
    },
    Fault { name: "profile not declared", edit: without_meta, rule: "cardinality-min", at: |_| Some(0) },
    Fault {
        name: "unknown element",
        edit: |good| replace(good, r#""name": "patient","#, "\"name\": \"patient\",\n\"nickname\": \"Jo\","),
        rule: "unknown-element",
        at: |faulty| faulty.find("nickname"),
    },
    Fault {
        name: "string for a number",
        edit: |good| replace(good, &unsigned_int(good), r#""valueUnsignedInt": "7""#),
        rule: "wrong-json-kind",
        at: |faulty| faulty.find(r#""valueUnsignedInt": "7""#),
    },
];

const NHS_NUMBER: &str = "http://fhir.nhs.net/Id/nhs-number";
const SERVICE: &str = "http://fhir.nhs.net/Id/ers-service";

/// A request that the service publishes.
const PUBLISHED: &str = "ers/examples/stu3/createReferral/requests/RequestMixedShortlist.json";

pub(crate) fn every_fault_is_found_on_its_line() {
    all_are_found_in(&ours());
}

pub(crate) fn every_fault_in_a_published_request_is_found_on_its_line() {
    all_are_found_in(&std::fs::read_to_string(shared(PUBLISHED)).expect("the example is text"));
}

fn all_are_found_in(good: &str) {
    let options = Options { profiles: vec![PROFILE.to_owned()], ..Ers::new().into() };
    let mut missed = String::new();
    assert!(STU3.check(good.as_bytes(), &options).is_valid());
    for fault in FAULTS {
        let faulty = (fault.edit)(good);
        let at = (fault.at)(&faulty).expect("the fault is in the text");
        let line = faulty[..at].matches('\n').count() + 1;
        let report = STU3.check(faulty.as_bytes(), &options);
        let errors: Vec<_> = report.all().filter(|d| d.severity >= Severity::Error).collect();
        let is_found = errors.iter().any(|error| {
            let is_rule = error.rule.code == fault.rule
                || error.key.as_ref().is_some_and(|key| key.starts_with(fault.rule));
            is_rule && error.position.line == line
        });
        if !is_found {
            writeln!(missed, "{}: expected {} on line {line}", fault.name, fault.rule).expect("memory");
            for error in errors {
                let (code, line, message) = (error.rule.code, error.position.line, error.message.revealed());
                writeln!(missed, "  {code} on line {line}, {}: {message}", error.location).expect("memory");
            }
        }
    }
    assert!(missed.is_empty(), "{missed}");
}

/// Replaces the first occurrence, which must be there.
fn replace(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in the request");
    text.replacen(from, to, 1)
}

/// Leaves out a parameter that is not the last.
fn without_parameter(text: &str, name: &str) -> String {
    let named = text.find(&format!("\"name\": \"{name}\"")).expect("the parameter is there");
    let start = text[..named].rfind('{').expect("a parameter is an object");
    let next = named + 1 + text[named + 1..].find("\"name\": ").expect("it is not the last");
    let end = text[..next].rfind('{').expect("a parameter is an object");
    [&text[..start], &text[end..]].concat()
}

/// The first whole number of the request, with its name.
fn unsigned_int(text: &str) -> String {
    let start = text.find(r#""valueUnsignedInt""#).expect("there is a number");
    let end = start + text[start..].find('\n').expect("it has its own line");
    text[start..end].trim_end().to_owned()
}

/// The identifier value that follows its system.
fn value_after<'t>(text: &'t str, system: &str) -> &'t str {
    let (_, rest) = text.split_once(system).expect("the system is there");
    let (_, rest) = rest.split_once("\"value\": \"").expect("a value follows");
    rest.split('"').next().unwrap_or_default()
}

/// The same number with the next check digit.
fn miscounted(number: &str) -> String {
    let (rest, digit) = number.split_at(number.len() - 1);
    let digit: u8 = digit.parse().expect("a digit");
    format!("{rest}{}", (digit + 1) % 10)
}

/// Entries of the shortlist for that many more services.
fn services(count: usize) -> String {
    let entry = |number| {
        format!(r#"{{ "item": {{ "identifier": {{ "system": "{SERVICE}", "value": "{number}" }} }} }},"#)
    };
    let entries: Vec<_> = (90_000..).take(count).map(entry).collect();
    entries.join("\n")
}

/// Puts entries at the head of the shortlist.
fn add_services(good: &str, entries: &str) -> String {
    replace(good, r#""entry": ["#, &format!("\"entry\": [\n{entries}"))
}

/// Where an entry of the shortlist opens.
fn nth_entry(text: &str, number: usize) -> Option<usize> {
    let (item, _) = text.match_indices(r#""item":"#).nth(number)?;
    text[..item].rfind('{')
}

/// Leaves out `meta`, which comes before the parameters.
fn without_meta(good: &str) -> String {
    let start = good.find(r#""meta":"#).expect("the request declares its profile");
    let end = good.find(r#""parameter":"#).expect("it has parameters");
    assert!(start < end, "the declaration is that of the request");
    [&good[..start], &good[end..]].concat()
}
