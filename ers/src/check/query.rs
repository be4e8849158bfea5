//! The query of a call.

use ers_fhir_report::{CallPart, Message, Rule, Severity, def, key, text};
use ers_fhir_values::suggest;

use super::fault::Fault;
use crate::call::Context;
use crate::call::url::Url;
use crate::rule::{advice, appointments, calls, review, shortlist};
use crate::service::Parameter;
use crate::service::form::{is_number, is_ubrn, is_user_id, is_versioned};

/// What a query parameter may hold.
struct Expected {
    endpoint: &'static str,
    rule: &'static Rule,
    name: &'static str,
    holds: fn(&str) -> bool,
}

const fn expect(
    endpoint: &'static str,
    rule: &'static Rule,
    name: &'static str,
    holds: fn(&str) -> bool,
) -> Expected {
    Expected { endpoint, rule, name, holds }
}

static EXPECTED: &[Expected] = &[
    expect("A015", &appointments::RULE_74, "schedule.actor:HealthcareService", is_number),
    expect("A015", &appointments::RULE_74, "appointmentType", |value| {
        ["ROUTINE", "URGENT", "TWO_WEEK_WAIT"].contains(&value)
    }),
    expect("A015", &appointments::RULE_74, "status", |value| value == "free"),
    expect("A015", &appointments::RULE_74, "_count", |value| within(value, 1, 100)),
    expect("A015", &appointments::RULE_74, "page", |value| within(value, 1, u32::MAX)),
    expect("A015", &appointments::RULE_74, "schedule.actor:Practitioner", is_user_id),
    expect("A015", &appointments::RULE_74, "_include", |value| value == "Slot:schedule"),
    expect("A025", &advice::RULE_130, "based-on", |value| is_versioned(value, "CommunicationRequest")),
    expect("A025", &advice::RULE_130, "_include", |value| {
        [
            "Communication:requester-practitionerrole:PractitionerRole",
            "Communication:sender-practitionerrole:PractionerRole",
            "Communication:content-reference:DocumentReference",
        ]
        .contains(&value)
    }),
    expect("A029", &review::RULE_111, "focus", |value| is_versioned(value, "ReferralRequest")),
    expect("A029", &review::RULE_111, "intent", |value| value == "proposal"),
    expect("A029", &review::RULE_111, "status", |value| value == "ready"),
    expect("A035", &shortlist::RULE_54, "_id", |value| {
        value.split(',').count() <= 20 && value.split(',').all(is_number)
    }),
    expect("A040", &advice::RULE_135, "_query", |value| value == "onBehalfOf"),
    expect("A041", &advice::RULE_134, "identifier", |value| {
        is_ubrn(value.strip_prefix("https://fhir.nhs.uk/Id/UBRN|").unwrap_or(value))
    }),
];

pub(super) fn check(context: &Context, url: &Url) -> Vec<Fault> {
    let mut faults = Vec::new();
    for parameter in context.endpoint.query {
        let Some(expected) = EXPECTED
            .iter()
            .find(|expected| expected.endpoint == context.endpoint.id && expected.name == parameter.name)
        else {
            continue;
        };
        values(url, parameter, expected, &mut faults);
    }
    let known = || context.endpoint.query.iter().map(|parameter| parameter.name);
    for (name, _) in &url.query {
        if known().any(|known| known == name) {
            continue;
        }
        let message = text!("{} has no query parameter ", def(context.endpoint.id)).then(key(name));
        let fault = Fault::new(&calls::UNKNOWN_PARAMETER, CallPart::Path, message);
        faults.push(match suggest::nearest(name, known()) {
            Some(nearest) => fault.suggest(text!("did you mean {}?", def(nearest))),
            None => fault.suggest("leave it out: the service ignores it"),
        });
    }
    if context.endpoint.id == "A025" && url.values("_include").next().is_none() {
        let message = "the resources that are included by default may change";
        let fault = Fault::new(&advice::RULE_130, CallPart::Query("_include"), message);
        faults.push(fault.severity(Severity::Information).suggest("ask with _include for what you need"));
    }
    if url.is_ill_encoded {
        let message = "a % in the URL is not followed by two hexadecimal digits";
        faults.push(Fault::new(&calls::PATH, CallPart::Path, message).severity(Severity::Warning));
    }
    faults
}

/// Whether a parameter occurs at most once and holds a permitted value.
pub(super) fn is_well_put(context: &Context, url: &Url, name: &str) -> bool {
    let mut expected = EXPECTED.iter().filter(|it| it.endpoint == context.endpoint.id && it.name == name);
    let mut values = url.values(name);
    let first = values.next();
    values.next().is_none()
        && expected.next().is_none_or(|expected| first.is_none_or(|value| (expected.holds)(value)))
}

/// One parameter: whether it is present, how often, and what it holds.
fn values(url: &Url, parameter: &'static Parameter, expected: &Expected, faults: &mut Vec<Fault>) {
    let part = CallPart::Query(parameter.name);
    let all: Vec<&str> = url.values(parameter.name).collect();
    let holds = || text!("it holds {}", def(parameter.holds));
    if all.is_empty() && parameter.required {
        let message = text!("the query parameter {} is missing", def(parameter.name));
        faults.push(Fault::new(expected.rule, part, message).suggest(holds()));
    }
    if all.len() > 1 && !parameter.name.starts_with("_include") {
        let message = text!("the query parameter {} occurs {} times", def(parameter.name), all.len());
        let fault = Fault::new(&calls::REPEATED_PARAMETER, part, message);
        faults.push(fault.suggest("send it once: it is not documented which value is used"));
    }
    for value in all.into_iter().filter(|value| !(expected.holds)(value)) {
        let message =
            Message::text(text!("the query parameter {} cannot hold ", def(parameter.name))).value(value);
        faults.push(Fault::new(expected.rule, part, message).suggest(holds()));
    }
}

fn within(value: &str, least: u32, most: u32) -> bool {
    is_number(value) && value.parse::<u32>().is_ok_and(|number| (least..=most).contains(&number))
}
