//! Calls made up as examples: the good ones are good, and the others break one rule.

use std::sync::LazyLock;

use ers_fhir_ers::example::{Caller, Sample, broken, callers, good, homes, is_alone, record};
use ers_fhir_ers::rule::{self, Rule};
use ers_fhir_ers::service::{endpoints, find};
use ers_fhir_ers::{Direction, Ers};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::{Options, Report, Severity, Validator};

static STU3: LazyLock<Validator> =
    LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::R4)));

fn check(sample: &Sample) -> Report {
    let mut options = Options::from(Ers::called(sample.context()));
    options.now = sample.now.and_then(|now| now.parse().ok());
    let validator: &Validator = match sample.endpoint.release {
        FhirVersion::Stu3 => &STU3,
        FhirVersion::R4 => &R4,
    };
    validator.check(sample.payload(), &options)
}

fn told(report: &Report) -> Vec<String> {
    let line = |found: &ers_fhir_report::Diagnostic| {
        format!("{} at {}: {}", found.rule.code, found.location, found.message.revealed())
    };
    report.diagnostics.iter().map(line).collect()
}

#[test]
fn the_good_ones_are_good_for_every_operation_and_caller() {
    let mut wrong = Vec::new();
    for endpoint in endpoints() {
        for caller in callers(endpoint) {
            for seed in [0, 1, 2, 99] {
                for direction in [Direction::Request, Direction::Response] {
                    let sample = good(endpoint, caller, seed).towards(direction);
                    let mut report = check(&sample);
                    // What the service does in its own way is said, and held against nobody.
                    report.diagnostics.retain(|found| {
                        found.severity > Severity::Information
                            || !found.rule.code.starts_with("ers-deviation-")
                                && found.rule.code != "ers-profile-of-others"
                                && found.rule.code != "ers-call-deprecated"
                    });
                    let said = told(&report);
                    if !said.is_empty() {
                        wrong.push(format!("{} {caller:?} {seed} {direction}: {said:#?}", endpoint.id));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_seed_makes_others_and_always_the_same() {
    for endpoint in endpoints() {
        let caller = callers(endpoint)[0];
        let [plain, one, again, two] = [0, 1, 1, 2].map(|seed| good(endpoint, caller, seed).call);
        assert_eq!(one, again, "{}", endpoint.id);
        if endpoint.path.contains('{') && endpoint.id != "A004" {
            assert!(plain.url != one.url && one.url != two.url, "{}", endpoint.id);
        }
        assert_eq!(plain.url.len(), one.url.len(), "{}", endpoint.id);
    }
    // What one answers is what the others start from.
    let of = |id: &str| find(id).next().map(|endpoint| good(endpoint, callers(endpoint)[0], 5).call);
    let (created, read) = (of("A011").expect("A011"), of("A005").expect("A005"));
    let answer = String::from_utf8(created.answer.expect("it is answered").body).expect("it is text");
    let ubrn = read.url.rsplit('/').next().expect("it has a path");
    assert!(answer.contains(&format!("\"id\": \"{ubrn}\"")), "{ubrn} {answer}");
}

#[test]
fn a_change_is_one_of_the_record_that_was_read() {
    for endpoint in endpoints() {
        let Some(record) = record(endpoint, 3) else {
            let has_version = endpoint.headers().iter().any(|header| header.name == "If-Match");
            assert!(!has_version, "{}", endpoint.id);
            continue;
        };
        for caller in callers(endpoint) {
            let mut sample = good(endpoint, caller, 3);
            sample.current = Some(record.clone());
            let mut report = check(&sample);
            // Advice is given of good changes too.
            report.diagnostics.retain(|found| found.severity > Severity::Information);
            let said: Vec<String> =
                told(&report).into_iter().filter(|line| line.starts_with("ers-update")).collect();
            assert!(said.is_empty(), "{} {caller:?}: {said:#?}", endpoint.id);
        }
    }
}

/// Rules that are notes of what FHIR, or the profile, says of the same mistake first.
const NOTES: &[(&str, &str)] = &[
    ("ers-rule-40", "the shortlist of the profile has 1 to 20 entries"),
    ("ers-rule-49", "the profile binds the codes that A021 takes"),
    ("ers-rule-61", "the profile demands a letter"),
    ("ers-rule-64", "the profile fixes the status of a document"),
    ("ers-rule-101", "the profile binds the outcomes that may be sent"),
    ("ers-rule-136", "the shortlist of the profile has 20 entries at most"),
    ("ers-rule-137", "it says how the service answers to what FHIR finds"),
    ("ers-rule-138", "it says how the service answers to what FHIR finds"),
    ("ers-rule-139", "it says how the service answers to what FHIR finds"),
    ("ers-rule-141", "it says how the service answers to what FHIR finds"),
    ("ers-rule-142", "in FHIR each local reference has its resource"),
];

/// Rules that never speak alone, and why.
const WITH_OTHERS: &[(&str, &str)] = &[
    (
        "ers-rule-86",
        "the profile has one participant of each kind, so one too many is one too few of another",
    ),
    ("ers-rule-96", "of the reasons in the snapshot none is for rejections and demands a comment"),
];

/// Every rule of e-RS but those of what the service does in its own way.
fn rules() -> Vec<&'static Rule> {
    let is_own = |rule: &&Rule| {
        rule.code.starts_with("ers-")
            && !rule.code.starts_with("ers-deviation-")
            && rule.code != "ers-profile-of-others"
    };
    rule::all().filter(is_own).collect()
}

fn is_broken(sample: &Sample, rule: &'static Rule) -> Result<(), Vec<String>> {
    let report = check(sample);
    if is_alone(&report, rule) { Ok(()) } else { Err(told(&report)) }
}

#[test]
fn each_rule_is_broken_alone() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let Some((endpoint, _)) = homes(rule) else {
            wrong.push(format!("{}: it belongs to no operation", rule.code));
            continue;
        };
        let listed = WITH_OTHERS.iter().any(|(code, _)| *code == rule.code);
        for seed in [0, 8] {
            let samples = broken(rule, endpoint, None, seed);
            let tried: Vec<_> = samples.iter().map(|sample| is_broken(sample, rule)).collect();
            let is_broken = tried.iter().any(Result::is_ok);
            let is_note = NOTES.iter().any(|(code, _)| *code == rule.code);
            let speaks_first = |sample| check(sample).diagnostics.iter().any(|found| found.rule == rule);
            if is_broken == listed || is_broken && is_note == samples.iter().any(speaks_first) {
                wrong.push(format!("{} by {} with {seed}: {tried:#?}", rule.code, endpoint.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), rules().len(), wrong.join("\n"));
}

#[test]
fn many_rules_are_broken_in_other_operations_too() {
    let mut count = 0;
    for rule in rules() {
        for endpoint in endpoints().into_iter().filter(|endpoint| !endpoint.is_versioned()) {
            let samples = broken(rule, endpoint, None, 0);
            count += usize::from(samples.iter().any(|sample| is_broken(sample, rule).is_ok()));
        }
    }
    assert!(count >= 300, "{count}");
}

#[test]
fn the_caller_is_the_one_asked_for() {
    let create = find("A011").next().expect("A011 creates a referral");
    let rule = rule::find("ers-rule-23").expect("it is declared");
    for caller in callers(create) {
        let samples = broken(rule, create, Some(caller), 4);
        assert!(samples.iter().any(|sample| is_broken(sample, rule).is_ok()), "{caller:?}");
    }
    // Whoever may not call an operation is an example of that, at any operation that asks who calls.
    let not_open = rule::find("ers-rule-06").expect("it is declared");
    for endpoint in endpoints().into_iter().filter(|endpoint| endpoint.names_user()) {
        let samples = broken(not_open, endpoint, None, 0);
        assert!(samples.iter().any(|sample| is_broken(sample, not_open).is_ok()), "{}", endpoint.id);
    }
    let samples = broken(rule, create, Some(Caller::Application), 4);
    assert!(samples.iter().all(|sample| is_broken(sample, rule).is_err()), "no application may call it");
}

/// Examples of the packages that are what operations send or take, by what they are called here.
const OF_PACKAGES: &[(&str, &str)] = &[
    ("advice-requests", "stu3/package/example/eRS-FetchWorklist-List-1.advice"),
    ("change-shortlist", "stu3/package/example/eRS-ChangeShortlist-Parameters-1"),
    (
        "change-shortlist-for-triage",
        "stu3/package/example/eRS-ChangeShortlistAndSendForTriage-Request-Parameters-1",
    ),
    ("conversation", "stu3/package/example/AdviceAndGuidanceCommunication-Bundle"),
    ("found-services", "r4/package/example/HealthcareService-Bundle"),
    ("letters-outstanding", "stu3/package/example/eRS-FetchWorklist-List-1.letters"),
    ("practitioners", "r4/package/example/Practitioner-Bundle"),
    ("priorities", "stu3/package/example/ReferenceData-CodeSystem"),
    ("referrals-for-review", "stu3/package/example/eRS-FetchWorklist-List-1"),
    ("roles", "r4/package/example/PractitionerRole-Bundle"),
    ("service", "r4/package/example/eRS-HealthcareService"),
    ("service-requests", "r4/package/example/ServiceRequest-Bundle"),
    ("services", "stu3/package/example/eRS-FetchServices-List-1"),
    ("slots", "stu3/package/example/AppointmentSlot-Bundle"),
];

#[test]
#[expect(clippy::disallowed_methods, reason = "the crate reads no file, but its test does")]
fn examples_of_the_packages_are_the_same() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for (ours, theirs) in OF_PACKAGES {
        let ours = std::fs::read_to_string(root.join(format!("src/example/payloads/{ours}.json")));
        let ours = ours.expect("it is a payload");
        let path = root.join(format!("../profiles/packages/ers-fhir.ers.{theirs}.json"));
        if std::env::var_os("ERS_FHIR_BLESS").is_some() {
            std::fs::write(&path, &ours).expect("the package can be written");
        }
        let theirs = std::fs::read_to_string(&path).expect("it is in the package");
        assert!(ours == theirs, "{}: ERS_FHIR_BLESS=1 writes it anew", path.display());
    }
}
