//! Whether a seed makes sense.

use std::collections::BTreeSet;

use ers_fhir_ers::service::Role;
use ers_fhir_values::form::has_modulus_11_digit;
use thiserror::Error;

use super::directory::{Bookable, Flow};
use super::file::Seed;
use super::referrals::can_refer;

/// Why a seed cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{place}: {what}")]
pub struct SeedError {
    place: String,
    what: String,
}

impl SeedError {
    pub(super) fn unreadable(error: &serde_json::Error) -> Self {
        let place = format!("line {}, column {}", error.line(), error.column());
        let what = error.to_string();
        let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what).to_owned();
        Self { place, what }
    }
}

fn fail<T>(place: impl Into<String>, what: impl Into<String>) -> Result<T, SeedError> {
    Err(SeedError { place: place.into(), what: what.into() })
}

/// The keys of a list, each of which must be well-formed and unique.
fn keys<'s>(
    list: &str,
    keys: impl Iterator<Item = &'s str>,
    is_one: impl Fn(&str) -> bool,
    form: &str,
) -> Result<BTreeSet<&'s str>, SeedError> {
    let mut found = BTreeSet::new();
    for (place, key) in keys.enumerate() {
        let place = format!("{list}[{place}]");
        if !is_one(key) {
            return fail(place, format!("'{key}' is not {form}"));
        }
        if !found.insert(key) {
            return fail(place, format!("'{key}' is a duplicate"));
        }
    }
    Ok(found)
}

/// A limit that fits into the memory of a laptop.
const MOST_SLOTS: u64 = 1_000_000;
const MOST_REFERRALS: u32 = 1_000_000;

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn check(seed: &Seed) -> Result<(), SeedError> {
    let is_ods =
        |text: &str| (3..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_number = |text: &str| !text.is_empty() && is_digits(text, text.len());
    let organisations =
        keys("organisations", seed.organisations.iter().map(|it| it.ods.as_str()), is_ods, "an ODS code")?;
    let users = keys(
        "users",
        seed.users.iter().map(|it| it.id.as_str()),
        |text| is_digits(text, 12),
        "an SDS user id: twelve digits",
    )?;
    let services = keys(
        "services",
        seed.services.iter().map(|it| it.id.as_str()),
        is_number,
        "an id of a service: digits",
    )?;
    keys(
        "patients",
        seed.patients.iter().map(|it| it.nhs_number.as_str()),
        |text| is_digits(text, 10) && has_modulus_11_digit(text),
        "an NHS number: ten digits, of which the last is right",
    )?;
    keys(
        "applications",
        seed.applications.iter().map(|it| it.id.as_str()),
        |text| !text.is_empty(),
        "an id",
    )?;
    keys("slots", seed.slots.iter().map(|it| it.id.as_str()), is_number, "an id of a slot: digits")?;
    let terms = keys(
        "clinicalTerms",
        seed.clinical_terms.iter().map(|it| it.code.as_str()),
        is_number,
        "a SNOMED CT code",
    )?;

    let known = |place: String, what: &str, key: &str, all: &BTreeSet<&str>| {
        if all.contains(key) {
            Ok(())
        } else {
            fail(place, format!("there is no {what} '{key}' in this seed"))
        }
    };
    for (at, user) in seed.users.iter().enumerate() {
        let place = format!("users[{at}]");
        for role in &user.roles {
            known(format!("{place}.roles"), "organisation", &role.organisation, &organisations)?;
            for function in &role.functions {
                if function.parse::<Role>().is_err() {
                    return fail(
                        format!("{place}.roles"),
                        format!("'{function}' is not a business function"),
                    );
                }
            }
        }
        for service in &user.services {
            known(format!("{place}.services"), "service", service, &services)?;
        }
        for clinician in &user.acts_for {
            known(format!("{place}.actsFor"), "user", clinician, &users)?;
        }
    }
    for (at, application) in seed.applications.iter().enumerate() {
        known(format!("applications[{at}]"), "organisation", &application.organisation, &organisations)?;
    }
    for (at, patient) in seed.patients.iter().enumerate() {
        if let Some(practice) = &patient.practice {
            known(format!("patients[{at}].practice"), "organisation", practice, &organisations)?;
        }
    }
    for (at, service) in seed.services.iter().enumerate() {
        let place = format!("services[{at}]");
        known(format!("{place}.provider"), "organisation", &service.provider, &organisations)?;
        for clinician in &service.clinicians {
            known(format!("{place}.clinicians"), "user", clinician, &users)?;
        }
        for term in &service.clinical_terms {
            known(format!("{place}.clinicalTerms"), "clinical term", term, &terms)?;
        }
        if service.flows.is_empty() {
            return fail(format!("{place}.flows"), "this service accepts no kind of request");
        }
        if service.takes(Flow::AppointmentRequest) != (service.bookable != Bookable::None) {
            return fail(
                format!("{place}.bookable"),
                "a service must be bookable if, and only if, it accepts appointment requests",
            );
        }
        if service.priorities.is_empty() {
            return fail(format!("{place}.priorities"), "this service accepts no priority");
        }
    }
    let made = seed.sessions.iter().map(|session| u64::from(session.days) * u64::from(session.slots));
    if made.fold(0, u64::saturating_add) > MOST_SLOTS {
        return fail("sessions", format!("they make more than {MOST_SLOTS} slots"));
    }
    let slots = seed.slots.iter().map(|slot| (&slot.service, &slot.clinician));
    let slots = slots.enumerate().map(|(at, slot)| (format!("slots[{at}]"), slot));
    let sessions = seed.sessions.iter().map(|session| (&session.service, &session.clinician));
    let sessions = sessions.enumerate().map(|(at, session)| (format!("sessions[{at}]"), session));
    for (place, (service, clinician)) in slots.chain(sessions) {
        known(place.clone(), "service", service, &services)?;
        if let Some(clinician) = clinician {
            known(place, "user", clinician, &users)?;
        }
    }
    if seed.referrals > 0 && !can_refer(seed) {
        return fail("referrals", "there is no patient to refer, or no service to refer to");
    }
    if seed.referrals > MOST_REFERRALS {
        return fail("referrals", format!("there can be at most {MOST_REFERRALS}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::seed::Seed;

    fn fault(json: &str) -> String {
        Seed::read(json.as_bytes()).expect_err("it is wrong").to_string()
    }

    #[test]
    fn errors_say_what_is_wrong_and_where() {
        assert_eq!(
            fault(r#"{ "patients": [{ "nhsNumber": "9990000000", "name": "X" }] }"#),
            "patients[0]: '9990000000' is not an NHS number: ten digits, of which the last is right"
        );
        assert_eq!(
            fault(
                r#"{ "users": [{ "id": "555000111222", "name": "X", "roles": [{ "organisation": "X26", "functions": [] }] }] }"#
            ),
            "users[0].roles: there is no organisation 'X26' in this seed"
        );
        let unknown = fault("{\n  \"people\": [] }");
        assert!(unknown.starts_with("line 2, column 10: unknown field `people`"), "{unknown}");
    }
}
