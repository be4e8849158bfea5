//! One validator, payload after payload: what payloads name must not pile up in it.

#![cfg(target_os = "linux")]

use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

/// After so many payloads everything that is kept at all is there.
const WARM: usize = 4_000;

/// How many more follow.
const MORE: usize = 16_000;

/// By how much the memory of the process may grow while they are checked, in bytes: the allocator keeps some room.
const ROOM: usize = 6 << 20;

/// Payloads whose every string is their own.
fn payloads(number: usize) -> [String; 3] {
    let n = number;
    [
        format!(
            r#"{{ "resourceType": "Observation", "id": "o{n}", "language": "en-x-n{n}", "status": "s{n}",
  "meta": {{ "profile": ["http://example.org/p/{n}", "http://hl7.org/fhir/StructureDefinition/bp|4.0.{n}"] }},
  "extension": [{{ "url": "http://example.org/x/{n}", "valueString": "v{n}" }}], "k{n}": 1,
  "code": {{ "coding": [{{ "system": "http://example.org/s/{n}", "version": "{n}", "code": "c{n}" }},
    {{ "system": "http://hl7.org/fhir/administrative-gender", "version": "{n}", "code": "male" }}] }},
  "subject": {{ "reference": "http://example.org/r/Patient/{n}" }},
  "valueQuantity": {{ "value": {n}, "system": "http://unitsofmeasure.org", "code": "u{n}" }} }}"#
        ),
        format!(
            r#"{{ "resourceType": "ValueSet", "url": "http://example.org/v/{n}", "status": "active", "compose": {{ "include": [
  {{ "valueSet": ["http://example.org/v/x{n}", "http://hl7.org/fhir/ValueSet/administrative-gender|4.0.{n}"] }},
  {{ "system": "http://example.org/s/x{n}", "concept": [{{ "code": "c{n}" }}],
    "filter": [{{ "property": "p{n}", "op": "regex", "value": "a{n}" }}] }}] }} }}"#
        ),
        format!(
            r#"{{ "resourceType": "StructureDefinition", "url": "http://example.org/d/{n}", "name": "D{n}",
  "status": "active", "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient|4.0.{n}",
  "differential": {{ "element": [{{ "id": "Patient", "path": "Patient",
    "constraint": [{{ "key": "k-{n}", "severity": "error", "human": "h", "expression": "name.where(use = 'u{n}').matches('{n}')" }}] }},
    {{ "id": "Patient.gender", "path": "Patient.gender",
      "binding": {{ "strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/administrative-gender|4.0.{n}" }} }}] }} }}"#
        ),
    ]
}

/// The memory of this process that is in use, in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("Linux tells");
    let kilobytes: usize =
        line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number");
    kilobytes * 1024
}

#[test]
fn strings_of_payloads_do_not_pile_up() {
    let validator = Validator::new(Definitions::embedded(FhirVersion::R4));
    let options = Options::default();
    let check = |numbers: std::ops::Range<usize>| {
        for payload in numbers.flat_map(payloads) {
            std::hint::black_box(validator.check(payload.as_bytes(), &options));
        }
    };
    check(0..WARM / 3);
    let before = resident();
    check(WARM / 3..(WARM + MORE) / 3);
    let grown = resident().saturating_sub(before);
    assert!(grown < ROOM, "{MORE} payloads left {grown} bytes behind");
}
