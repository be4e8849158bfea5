//! What is said of a document that cannot be read: all of it, each with its place.
#![cfg(feature = "stu3")]

use ers_fhir_model::runtime::{Json, ReadError, ReadOptions};
use ers_fhir_model::stu3::{Bundle, Patient, Resource};

fn strict<T: Json + std::fmt::Debug>(json: &str) -> ReadError {
    T::from_json_with(json, ReadOptions::strict()).expect_err(json)
}

/// Path, code and position of everything that is wrong.
fn said(error: &ReadError) -> Vec<(&str, &str, usize, usize)> {
    error
        .violations()
        .iter()
        .map(|found| (found.path.as_str(), found.code, found.line, found.column))
        .collect()
}

#[test]
fn a_value_of_a_wrong_kind_hides_nothing_behind_it() {
    let json = r#"{
  "resourceType": "Patient",
  "active": "yes",
  "name": [{ "family": 1, "given": ["Ann", 2, {}] }, 3, { "use": "gone", "text": [] }],
  "birthDate": "1970-13-01",
  "gender": ["male"],
  "communication": [{ "preferred": true }],
  "nickname": "Ann",
  "multipleBirthInteger": {},
  "active": true
}"#;
    let error = strict::<Patient>(json);
    assert_eq!(
        said(&error),
        [
            ("Patient.active", "kind", 3, 13),
            ("Patient.name[0].family", "kind", 4, 24),
            ("Patient.name[0].given[1]", "kind", 4, 44),
            ("Patient.name[0].given[2]", "kind", 4, 47),
            ("Patient.name[1]", "kind", 4, 54),
            ("Patient.name[2].use", "code", 4, 66),
            ("Patient.name[2].text", "kind", 4, 82),
            ("Patient.birthDate", "value", 5, 16),
            ("Patient.gender", "kind", 6, 13),
            ("Patient.communication[0].language", "missing", 7, 21),
            ("Patient.nickname", "unknown-element", 8, 3),
            ("Patient.multipleBirth.ofType(integer)", "kind", 9, 27),
            ("Patient.active", "twice", 10, 13),
        ]
    );
    assert_eq!((error.path(), error.line(), error.column()), ("Patient.active", 3, 13));
}

#[test]
fn a_lenient_reader_lists_what_it_cannot_keep() {
    let error = Patient::from_json(r#"{"resourceType":"Patient","active":1,"x":2,"birthDate":3}"#)
        .expect_err("kinds");
    assert_eq!(said(&error), [("Patient.active", "kind", 1, 36), ("Patient.birthDate", "kind", 1, 56)]);
}

#[test]
fn places_lead_into_resources_and_extensions_of_primitives() {
    let json = r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","_birthDate":{"extension":[{"url":"a","valueDecimal":"x"}]}}},{"resource":{"active":true}},{"resource":{"resourceType":"Organization","name":1}}]}"#;
    let error = Bundle::from_json(json).expect_err("three faults");
    let paths: Vec<_> = error.violations().iter().map(|found| (found.path.as_str(), found.code)).collect();
    assert_eq!(
        paths,
        [
            ("Bundle.entry[0].resource.birthDate.extension[0].value.ofType(decimal)", "kind"),
            ("Bundle.entry[1].resource", "missing"),
            ("Bundle.entry[2].resource.name", "kind"),
        ]
    );
    assert_eq!(
        Resource::from_json(r#"{"resourceType":"Organization","name":1}"#).expect_err("a kind").path(),
        "Organization.name"
    );
}

#[test]
fn a_text_that_is_no_json_ends_where_it_breaks() {
    let error =
        Patient::from_json("{\"resourceType\":\"Patient\",\n \"active\":1,\n \"name\":[{\"family\":\"x\"")
            .expect_err("it ends");
    assert_eq!(said(&error).first().map(|found| found.0), Some("Patient.active"));
    assert_eq!(error.violations().iter().last().map(|found| (found.code, found.line)), Some(("json", 3)));
    assert_eq!(Patient::from_json(b"{\"a\xff").expect_err("no UTF-8").violations().len(), 1);
}

#[test]
fn the_number_of_violations_is_bounded() {
    let items = vec!["1"; 100_000].join(",");
    let json = format!(r#"{{"resourceType":"Patient","name":[{items}]}}"#);
    let error = Patient::from_json(&json).expect_err("no names");
    assert!((900..=1100).contains(&error.violations().len()), "{}", error.violations().len());
    let deep = format!("{}{}", r#"{"resourceType":"Patient","x":"#, "[".repeat(100_000));
    assert!(Patient::from_json(&deep).is_err_and(|error| error.to_string().contains("256")));
}

#[cfg(feature = "ers")]
mod profiles {
    use super::*;
    use ers_fhir_model::ers::stu3::{CreateReferralParameters, ServiceSearchCriteriaParameters};
    use ers_fhir_model::ers::stu3::{ErsPriority, ErsReferralLetterIntention, ShortlistList};
    use ers_fhir_model::identifiers::{NhsNumber, ServiceId};
    use ers_fhir_model::runtime::Profile as _;
    use ers_fhir_model::stu3::{Extension, Parameters};

    fn request() -> CreateReferralParameters {
        let patient: NhsNumber = "9434765919".parse().expect("a number");
        let service: ServiceId = "11002".parse().expect("a service");
        let criteria = ServiceSearchCriteriaParameters::of(ErsPriority::Routine);
        let shortlist = ShortlistList::of([service]).found_by(criteria);
        CreateReferralParameters::new(patient, shortlist, ErsReferralLetterIntention::NeedToAddLater, 0)
    }

    #[test]
    fn a_profile_lists_all_that_it_objects_to() {
        let json = request().to_json();
        let broken = json
            .replace("9434765919\"", "9434765919\",\"use\":7")
            .replace("\"valueUnsignedInt\":0", "\"valueUnsignedInt\":\"0\"");
        let error = CreateReferralParameters::from_json(&broken).expect_err("two kinds");
        let found: Vec<_> =
            error.violations().iter().map(|found| (found.path.as_str(), found.slice)).collect();
        assert_eq!(
            found,
            [
                ("Parameters.parameter[0].value.ofType(Identifier).use", Some("patient")),
                (
                    "Parameters.parameter[3].value.ofType(unsignedInt)",
                    Some("firstReminderLetterFollowUpDays")
                ),
            ],
            "{error}"
        );
        let nothing =
            CreateReferralParameters::from_json(r#"{"resourceType":"Parameters"}"#).expect_err("nothing");
        let missing: Vec<_> = nothing.violations().iter().filter_map(|found| found.slice).collect();
        assert_eq!(
            missing,
            ["patient", "shortlist", "intentionToAddReferralLetter", "firstReminderLetterFollowUpDays"]
        );
    }

    #[test]
    fn a_base_holds_all_of_a_profile_however_deep() {
        let mut request = request();
        let mut extension = Extension::new("http://example.org/innermost".into());
        for _ in 0..200 {
            extension = Extension {
                extension: vec![extension],
                ..Extension::new("http://example.org/around".into())
            };
        }
        request.meta.extension.push(extension);
        let base: Parameters = request.clone().into();
        // What is too deep stands behind the rest, so that the order differs.
        assert_eq!(base.to_json().len(), request.to_json().len());
        assert!(base.to_json().contains("innermost"));
        assert_eq!(request.to_base().parameter.len(), 4);
    }

    #[test]
    fn a_base_holds_what_was_beside_a_value_and_does_not_fit() {
        let json =
            request().to_json().replacen("\"name\":\"patient\"", "\"name\":\"patient\",\"extension\":5", 1);
        let read = CreateReferralParameters::from_json(&json).expect("what is beside a value is kept");
        assert_eq!(read.to_base().to_json().matches("\"extension\":5").count(), 1);
        assert_eq!(read.to_base().parameter.len(), 4);
    }
}
