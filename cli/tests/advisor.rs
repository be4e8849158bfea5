//! `advisor` in `ers-fhir.toml`: what is suppressed for HL7's validator.

mod support;

use support::{ers_fhir, folder, write};

#[test]
fn what_is_suppressed_for_another_validator_is_here_too() {
    let at = folder("advisor");
    write(
        &at,
        "a.json",
        r#"{ "resourceType": "Patient", "contact": [{ "gender": "male" }], "surname": "A" }"#,
    );
    let validate = || ers_fhir(&at, &["validate", "--fhir-version", "4.0", "--format", "concise", "a.json"]);
    assert!(validate().out.contains("error[invariant]"), "{}", validate().out);
    write(&at, "ers-fhir.toml", "advisor = \"hl7/advisor.json\"\n");
    let url = "http://hl7.org/fhir/StructureDefinition/Patient#pat-1";
    write(&at, "hl7/advisor.json", format!("{{ \"suppress\": [\"{url}@Patient.contact\", \"MSG_DRAFT\"] }}"));
    let run = validate();
    assert!(
        !run.out.contains("error[invariant]") && run.out.contains("error[unknown-element]"),
        "{}",
        run.out
    );
    assert!(run.out.contains("; 1 finding suppressed"), "{}", run.out);
    assert!(run.err.contains("of the advisor file has no counterpart here: MSG_DRAFT"), "{}", run.err);
    write(&at, "hl7/advisor.json", "[");
    let run = validate();
    assert_eq!(run.status, 2);
    assert!(run.err.contains("hl7/advisor.json:1:1: this is not an advisor file"), "{}", run.err);
}
