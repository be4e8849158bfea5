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

#[test]
fn identifiers_go_into_the_structs_of_profiles_and_back() {
    use ers_fhir_model::ers::{r4, stu3};

    fn there_and_back<I, S>(text: &str)
    where
        I: Clone
            + Into<S>
            + for<'s> TryFrom<&'s S>
            + PartialEq
            + std::str::FromStr<Err = ers_fhir_model::identifiers::InvalidIdentifier>,
    {
        let identifier: I = text.parse().expect("it is valid");
        let written: S = identifier.clone().into();
        assert!(I::try_from(&written).is_ok_and(|read| read == identifier), "{text}");
    }

    there_and_back::<NhsNumber, stu3::NhsNumberIdentifier>("9434765919");
    there_and_back::<NhsNumber, stu3::NhsNumberReceivedIdentifier>("9434765919");
    there_and_back::<NhsNumber, r4::NhsNumberReceivedIdentifier>("9434765919");
    there_and_back::<OdsCode, stu3::OdsOrganisationIdentifier>("R69");
    there_and_back::<OdsCode, stu3::DirectoryOrganisationIdentifier>("R69");
    there_and_back::<OdsCode, r4::OdsOrganisationIdentifier>("R69");
    there_and_back::<OdsCode, r4::OdsSiteIdentifier>("R69");
    there_and_back::<SdsUserId, stu3::SdsUserIdIdentifier>("100000000017");
    there_and_back::<SdsUserId, stu3::SdsUserIdReceivedIdentifier>("100000000017");
    there_and_back::<SdsUserId, r4::SdsUserIdReceivedIdentifier>("100000000017");
    there_and_back::<ServiceId, stu3::ServiceIdIdentifier>("11002");
    there_and_back::<Ubrn, r4::UbrnIdentifier>("000000070000");
    let wrong = stu3::NhsNumberIdentifier::new("9434765918");
    assert!(NhsNumber::try_from(&wrong).is_err(), "a struct takes any text, an identifier does not");
}
