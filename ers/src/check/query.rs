//! Path and query of a call.

use ers_fhir_report::{Rule, def, text};

use super::fault::Fault;
use crate::call::Context;
use crate::rule::{advice, appointments, review, shortlist};

/// What a query parameter may hold.
struct Expected {
    endpoint: &'static str,
    rule: &'static Rule,
    name: &'static str,
    required: bool,
    holds: fn(&str) -> bool,
}

const fn expect(
    endpoint: &'static str,
    rule: &'static Rule,
    name: &'static str,
    required: bool,
    holds: fn(&str) -> bool,
) -> Expected {
    Expected { endpoint, rule, name, required, holds }
}

static EXPECTED: &[Expected] = &[
    expect("A015", &appointments::RULE_74, "schedule.actor:HealthcareService", true, is_number),
    expect("A015", &appointments::RULE_74, "appointmentType", true, |value| {
        ["ROUTINE", "URGENT", "TWO_WEEK_WAIT"].contains(&value)
    }),
    expect("A015", &appointments::RULE_74, "status", true, |value| value == "free"),
    expect("A015", &appointments::RULE_74, "_count", true, |value| within(value, 1, 100)),
    expect("A015", &appointments::RULE_74, "page", true, |value| within(value, 1, u32::MAX)),
    expect("A015", &appointments::RULE_74, "schedule.actor:Practitioner", false, |value| {
        value.len() == 12 && is_number(value)
    }),
    expect("A025", &advice::RULE_130, "based-on", true, |value| is_version(value, "CommunicationRequest")),
    expect("A025", &advice::RULE_130, "_include", false, |value| {
        [
            "Communication:requester-practitionerrole:PractitionerRole",
            "Communication:sender-practitionerrole:PractionerRole",
            "Communication:content-reference:DocumentReference",
        ]
        .contains(&value)
    }),
    expect("A029", &review::RULE_111, "focus", true, |value| is_version(value, "ReferralRequest")),
    expect("A029", &review::RULE_111, "intent", true, |value| value == "proposal"),
    expect("A029", &review::RULE_111, "status", true, |value| value == "ready"),
    expect("A035", &shortlist::RULE_54, "_id", true, |value| {
        value.split(',').count() <= 20 && value.split(',').all(is_number)
    }),
    expect("A040", &advice::RULE_135, "_query", true, |value| value == "onBehalfOf"),
    expect("A041", &advice::RULE_134, "identifier", true, |value| {
        is_ubrn(value.strip_prefix("https://fhir.nhs.uk/Id/UBRN|").unwrap_or(value))
    }),
];

pub(super) fn check(context: &Context) -> Vec<Fault> {
    let Some(url) = context.url.as_deref() else { return Vec::new() };
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    let mut faults = Vec::new();
    for expected in EXPECTED.iter().filter(|expected| expected.endpoint == context.endpoint.id) {
        let mut values =
            pairs.iter().filter(|(name, _)| name == expected.name).map(|(_, value)| value).peekable();
        if values.peek().is_none() && expected.required {
            let message = text!("the query parameter {} is missing", def(&expected.name));
            faults.push(Fault::new(expected.rule, message).suggest(def(holds(context, expected.name))));
        }
        for value in values.filter(|value| !(expected.holds)(value)) {
            let message = text!("the query parameter {} cannot hold ", def(&expected.name)).value(value);
            faults.push(Fault::new(expected.rule, message).suggest(def(holds(context, expected.name))));
        }
    }
    faults
}

/// The last step of the path, where the call names one record: `70000`.
pub(super) fn record(context: &Context) -> Option<&str> {
    let path = context.url.as_deref()?.split('?').next()?;
    path.rsplit('/').next().filter(|step| !step.is_empty())
}

fn holds(context: &Context, name: &str) -> String {
    let parameter = context.endpoint.query.iter().find(|parameter| parameter.name == name);
    parameter.map_or_else(String::new, |parameter| format!("it holds {}", parameter.holds))
}

fn is_number(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_ubrn(value: &str) -> bool {
    value.len() == 12 && is_number(value)
}

fn within(value: &str, least: u32, most: u32) -> bool {
    is_number(value) && value.parse::<u32>().is_ok_and(|number| (least..=most).contains(&number))
}

/// Whether that is `<type>/<UBRN>/_history/<version>`.
fn is_version(value: &str, resource_type: &str) -> bool {
    let steps: Vec<&str> = value.split('/').collect();
    matches!(steps.as_slice(), [kind, ubrn, "_history", version]
        if *kind == resource_type && is_ubrn(ubrn) && is_number(version))
}

/// Text without percent encoding; what is not well encoded stays as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match (byte, hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(decoded)) => {
                plain.push(decoded);
                at += 3;
            }
            (b'+', _) => {
                plain.push(b' ');
                at += 1;
            }
            (other, _) => {
                plain.push(*other);
                at += 1;
            }
        }
    }
    String::from_utf8(plain).unwrap_or_else(|_| text.to_owned())
}
