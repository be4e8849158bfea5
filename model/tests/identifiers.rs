//! Identifiers: what is taken, and what is said of the rest.

use ers_fhir_model::identifiers::{NhsNumber, OdsCode, Problem, SdsUserId, ServiceId, Ubrn};

/// What is wrong with a text.
fn problem<T>(text: &str) -> Option<Problem>
where
    T: std::str::FromStr<Err = ers_fhir_model::identifiers::InvalidIdentifier>,
{
    text.parse::<T>().err().map(|error| error.problem)
}

#[test]
fn nhs_numbers() {
    for text in ["9434765919", "943 476 5919", "943-476-5919", "943 476-5919"] {
        assert_eq!(text.parse::<NhsNumber>().map(|number| number.to_string()).as_deref(), Ok("9434765919"));
    }
    assert_eq!(problem::<NhsNumber>("9434765918"), Some(Problem::CheckDigit));
    assert_eq!(problem::<NhsNumber>("943476591"), Some(Problem::Length(9)));
    assert_eq!(problem::<NhsNumber>("9434 765 919"), Some(Problem::Character(4)));
    assert_eq!(problem::<NhsNumber>("94347659l9"), Some(Problem::Character(9)));
    assert_eq!(problem::<NhsNumber>("٩٤٣٤٧٦٥٩١٩"), Some(Problem::Character(1)), "only ASCII digits");
    assert_eq!(problem::<NhsNumber>(""), Some(Problem::Length(0)));
    // Nine digits whose check digit would be ten belong to no number.
    assert!(('0'..='9').all(|last| problem::<NhsNumber>(&format!("100000001{last}")).is_some()));
}

#[test]
fn one_wrong_digit_never_passes() {
    let number = "9434765919";
    for (place, right) in number.char_indices() {
        for wrong in ('0'..='9').filter(|wrong| *wrong != right) {
            let mut text = number.to_owned();
            text.replace_range(place..=place, &wrong.to_string());
            assert_eq!(problem::<NhsNumber>(&text), Some(Problem::CheckDigit), "{text}");
        }
    }
}

#[test]
fn ubrns() {
    let ubrn: Ubrn = "0000 0007 0000".parse().expect("grouped as people write it");
    assert_eq!((ubrn.as_str(), ubrn.grouped().as_str()), ("000000070000", "0000 0007 0000"));
    assert_eq!(problem::<Ubrn>("70000"), Some(Problem::Length(5)));
    assert_eq!(problem::<Ubrn>("000 0007 00000"), Some(Problem::Character(4)));
}

#[test]
fn codes_of_letters_and_digits() {
    assert_eq!(problem::<OdsCode>("R69"), None);
    assert_eq!(problem::<OdsCode>("r69"), Some(Problem::Character(1)));
    assert_eq!(problem::<OdsCode>("R6"), Some(Problem::Length(2)));
    assert_eq!(problem::<ServiceId>("11002"), None);
    assert_eq!(problem::<ServiceId>("11-02"), Some(Problem::Character(3)));
    assert_eq!(problem::<SdsUserId>("100000000017"), None);
    assert_eq!(problem::<SdsUserId>("1000000000170"), Some(Problem::Length(13)));
}

#[test]
fn identifiers_are_serde_strings() {
    let number: NhsNumber = serde_json::from_str(r#""943 476 5919""#).expect("a valid number");
    assert_eq!(serde_json::to_string(&number).ok().as_deref(), Some(r#""9434765919""#));
    let error = serde_json::from_str::<NhsNumber>(r#""9434765918""#).expect_err("the check digit is wrong");
    assert!(error.to_string().contains("check"), "{error}");
    assert!(!error.to_string().contains("9434"), "a patient's number is not repeated");
}

#[test]
fn debug_output_tells_no_patient() {
    let number: NhsNumber = "9434765919".parse().expect("a valid number");
    assert_eq!(format!("{number:?}"), "NhsNumber(..)");
}
