//! The rows of A011; A010, A021 and A044 share the code behind them.

use ers_fhir_local::Call;
use serde_json::{Value, json};

use super::Row;
use crate::support::*;

fn sent(criteria: Vec<Value>, services: &[&str], change: impl FnOnce(&mut Value)) -> Call {
    let mut body = creation(criteria, services);
    change(&mut body);
    post(REFERRER, "/STU3/ReferralRequest/$ers.createReferral", &body)
}

pub(super) fn without(body: &mut Value, name: &str) {
    body["parameter"].as_array_mut().expect("it has parameters").retain(|part| part["name"] != name);
}

pub(super) fn with(body: &mut Value, part: Value) {
    body["parameter"].as_array_mut().expect("it has parameters").push(part);
}

fn named(clinician: &str) -> Vec<Value> {
    vec![
        coded("priority", "eRS-Priority-1", "ROUTINE"),
        user("namedClinician", clinician),
        json!({ "name": "ageAndGenderAppropriate", "valueBoolean": true }),
    ]
}

fn at(ods: &str) -> Vec<Value> {
    let mut criteria = skin();
    let system = "https://directory.spineservices.nhs.uk/STU3/Organization";
    criteria.push(json!({ "name": "organisation", "valueIdentifier": { "system": system, "value": ods } }));
    criteria
}

fn of_patient(place: usize) -> Value {
    let number = &ers_fhir_local::england().patients[place].nhs_number;
    let mut body = creation(skin(), &["20417"]);
    without(&mut body, "patient");
    with(&mut body, patient(number));
    body
}

/// The rows.
pub(super) const CREATION: &[Row] = &[
    ("the patient is nobody", 422, "PATIENT_ERROR", |_| {
        sent(skin(), &["20417"], |body| {
            without(body, "patient");
            with(body, patient("9434765919"));
        })
    }),
    ("the number has a wrong check digit", 422, "INVALID_VALUE", |_| {
        sent(skin(), &["20417"], |body| {
            without(body, "patient");
            with(body, patient("9994827163"));
        })
    }),
    ("the record of the patient cannot be used", 422, "PATIENT_ERROR", |_| {
        post(REFERRER, "/STU3/ReferralRequest/$ers.createReferral", &of_patient(8))
    }),
    ("the patient has no practice", 422, "NO_REG_GP_PRACTICE", |_| {
        post(REFERRER, "/STU3/ReferralRequest/$ers.createReferral", &of_patient(7))
    }),
    ("no patient is named", 422, "MISSING_VALUE", |_| {
        sent(skin(), &["20417"], |body| without(body, "patient"))
    }),
    ("a parameter is not known", 422, "UNEXPECTED_FIELD", |_| {
        sent(skin(), &["20417"], |body| with(body, text("colour", "blue")))
    }),
    ("a value is an array", 422, "INVALID_FHIR_STRUCTURE", |_| {
        sent(skin(), &["20417"], |body| body["parameter"][0]["name"] = json!(["patient"]))
    }),
    ("it is no JSON", 422, "INVALID_FHIR_STRUCTURE", |_| {
        call(REFERRER, "POST", "/STU3/ReferralRequest/$ers.createReferral")
            .header("Content-Type", "application/fhir+json")
            .body("{ \"resourceType\": ")
    }),
    ("a code is not listed", 422, "INVALID_CODE", |_| {
        sent(skin(), &["20417"], |body| {
            without(body, "intentionToAddReferralLetter");
            with(body, coded("intentionToAddReferralLetter", "eRS-ReferralLetterIntention-1", "MAYBE"));
        })
    }),
    ("a specialty is not listed", 422, "INVALID_CODE", |_| {
        sent(criteria("ALCHEMY", "HEART_FAILURE"), &["20417"], |_| {})
    }),
    ("a service is there twice", 422, "DUPLICATE_SERVICE", |_| sent(skin(), &["20417", "20417"], |_| {})),
    ("the shortlist is too long", 422, "TOO_MANY_ITEMS", |_| {
        let ids: Vec<String> = (1..=21).map(|id| id.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        sent(skin(), &ids, |_| {})
    }),
    ("a service is nowhere", 422, "REFERENCE_NOT_FOUND", |_| sent(skin(), &["99999"], |_| {})),
    ("a service takes no such request", 422, "INAPPROPRIATE_VALUE", |_| sent(skin(), &["20700"], |_| {})),
    ("the search does not find a service", 422, "SHORTLISTED_SERVICE_NOT_IN_RESULTS", |_| {
        sent(skin(), &["20601"], |_| {})
    }),
    ("a service is not published", 422, "SHORTLISTED_SERVICE_NOT_IN_RESULTS", |_| {
        sent(heart(), &["20607"], |_| {})
    }),
    ("a service is not commissioned for the practice", 422, "SHORTLISTED_SERVICE_NOT_IN_RESULTS", |_| {
        sent(skin(), &["20800"], |_| {})
    }),
    ("a service needs a letter", 422, "INAPPROPRIATE_VALUE", |_| {
        sent(skin(), &["20417"], |body| {
            without(body, "intentionToAddReferralLetter");
            with(
                body,
                coded(
                    "intentionToAddReferralLetter",
                    "eRS-ReferralLetterIntention-1",
                    "NOT_INTENDING_TO_ADD",
                ),
            );
        })
    }),
    ("the pathway begins tomorrow", 422, "INAPPROPRIATE_VALUE", |_| {
        sent(skin(), &["20417"], |body| {
            with(body, json!({ "name": "eReferralPathwayStart", "valueInstant": "2026-03-03T09:00:00Z" }));
        })
    }),
    ("a clinician names a clinician", 422, "FIELD_NOT_PERMITTED", |_| {
        sent(skin(), &["20417"], |body| with(body, user("referringClinician", "555000111222")))
    }),
    ("an admin names none", 422, "VALUE_IS_REQUIRED", |_| {
        post(REFERRERS_ADMIN, "/STU3/ReferralRequest/$ers.createReferral", &creation(skin(), &["20417"]))
    }),
    ("an admin names nobody", 422, "REFERENCE_NOT_FOUND", |_| by_admin("555000000000")),
    ("an admin names one who has gone", 422, "REFERENCED_USER_IS_NOT_ACTIVE", |_| by_admin("555000888999")),
    ("an admin names one of a provider", 422, "REFERENCED_USER_IS_NOT_RC", |_| by_admin("555000333444")),
    ("an admin names one of another practice", 422, "REFERENCED_USER_NOT_IN_ORG", |_| {
        by_admin("555000555666")
    }),
    ("an admin names one who refers elsewhere", 422, "REFERENCED_USER_IS_NOT_RC_AT_ORG", |_| {
        by_admin("555000222333")
    }),
    ("a search names nobody", 422, "REFERENCE_NOT_FOUND", |_| {
        sent(named("555000000000"), &["20417"], |_| {})
    }),
    ("a search names one who has gone", 422, "REFERENCED_USER_IS_NOT_ACTIVE", |_| {
        sent(named("555000888999"), &["20417"], |_| {})
    }),
    ("a search names one who refers", 422, "REFERENCED_USER_IS_NOT_SPC", |_| {
        sent(named("555000111222"), &["20417"], |_| {})
    }),
    ("a search names a closed organisation", 422, "ORGANISATION_IS_CLOSED", |_| {
        sent(at("A99003"), &["20417"], |_| {})
    }),
    ("a search names a practice", 422, "ORGANISATION_NOT_APPROPRIATE", |_| {
        sent(at("X26"), &["20417"], |_| {})
    }),
    ("a search names no organisation", 422, "REFERENCE_NOT_FOUND", |_| sent(at("ZZZ99"), &["20417"], |_| {})),
    ("a search has an unknown term", 422, "SNOMED_NOT_FOUND", |_| {
        let mut criteria = skin();
        criteria.push(json!({ "name": "clinicalTerm", "valueCoding": { "system": "http://snomed.info/sct", "code": "73211009" } }));
        sent(criteria, &["20417"], |_| {})
    }),
    ("a search says too little", 422, "VALUE_IS_REQUIRED", |_| {
        let mut criteria = skin();
        criteria.remove(2);
        sent(criteria, &["20417"], |_| {})
    }),
    ("a search limits a distance from nowhere", 422, "FIELD_NOT_PERMITTED", |_| {
        let mut criteria = skin();
        criteria.push(json!({ "name": "distanceLimit", "valueUnsignedInt": 30 }));
        sent(criteria, &["20417"], |_| {})
    }),
];

fn by_admin(clinician: &str) -> Call {
    let mut body = creation(skin(), &["20417"]);
    with(&mut body, user("referringClinician", clinician));
    post(REFERRERS_ADMIN, "/STU3/ReferralRequest/$ers.createReferral", &body)
}
