//! Reads and writes a referral from the model, and a patient from a package of its own.

use ers_fhir_model::runtime::Json;
use ers_fhir_model::stu3::ReferralRequest;

/// What the build script generated.
#[expect(dead_code, reason = "the program uses some of it")]
mod clinic {
    include!(concat!(env!("OUT_DIR"), "/fhir.rs"));
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let json = r#"{"resourceType":"ReferralRequest","id":"000000070000","status":"active","intent":"plan","subject":{"reference":"Patient/9434765919"}}"#;
    let mut referral = ReferralRequest::from_json(json)?;
    assert_eq!(referral.to_json(), json);
    referral.description = Some("Knee pain".to_owned());
    println!("{}", referral.to_json());

    let json = include_str!("../../../examples/clinic/package/example/clinic-patient.json");
    let patient = clinic::ClinicPatient::from_json(json)?;
    assert_eq!(patient.nhs_number.value, "9434765919");
    assert_eq!(patient.call_at, Some(clinic::PartOfDay::Morning));
    println!("{}", patient.to_json());
    let stranger = r#"{"resourceType":"Patient","name":[{"family":"Ashdown"}],"birthDate":"1961-07-04"}"#;
    assert!(clinic::ClinicPatient::from_json(stranger).is_err(), "an NHS number is mandatory");
    Ok(())
}
