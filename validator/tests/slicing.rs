//! What puts an element into a slice, in cases that need more than one value.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_report::Report;
use ers_fhir_validator::{Gap, Options, Validator};

const PROFILE: &str = "http://example.org/StructureDefinition/a";

/// The report on an Observation under a profile with these elements.
fn report(elements: &str, rest: &str) -> Report {
    let profile = format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "{PROFILE}", "name": "A", "status": "active",
  "kind": "resource", "abstract": false, "type": "Observation", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation",
  "differential": {{ "element": [{elements}] }} }}"#
    );
    let payload = format!(
        r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "a" }}, {rest} }}"#
    );
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    definitions.add(Package::from_resource("a.json", profile.as_bytes()).expect("the profile can be read"));
    let options = Options { profiles: vec![PROFILE.to_owned()], lists_effects: true, ..Options::default() };
    Validator::new(definitions).check(payload.as_bytes(), &options)
}

/// The findings in an Observation under a profile with these elements, and whether a slice was reported as
/// undecided.
fn check(elements: &str, rest: &str) -> (Vec<String>, bool) {
    let report = report(elements, rest);
    let of_slices = report.diagnostics.iter().filter(|d| d.profile.as_deref() == Some(PROFILE));
    let found = of_slices.map(|d| format!("{} {}", d.rule.code, d.location)).collect();
    (found, report.gaps.iter().any(|(gap, _)| gap == Gap::Slicing))
}

/// A component with these codings, under a profile whose only slice has a coding with system `a` and code
/// `y`.
fn component(codings: &str) -> (Vec<String>, bool) {
    let elements = r#"
        { "id": "Observation.component", "path": "Observation.component",
          "slicing": { "discriminator": [{ "type": "value", "path": "code" }], "rules": "closed" } },
        { "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a", "min": 0 },
        { "id": "Observation.component:a.code.coding", "path": "Observation.component.code.coding", "min": 1 },
        { "id": "Observation.component:a.code.coding.system", "path": "Observation.component.code.coding.system",
          "min": 1, "fixedUri": "http://example.org/a" },
        { "id": "Observation.component:a.code.coding.code", "path": "Observation.component.code.coding.code",
          "min": 1, "fixedCode": "y" }"#;
    check(elements, &format!(r#""component": [{{ "code": {{ "coding": [{codings}] }} }}]"#))
}

#[test]
fn one_repeat_has_all_the_parts_that_a_slice_demands() {
    let coding = |system: &str, code: &str| {
        format!(r#"{{ "system": "http://example.org/{system}", "code": "{code}" }}"#)
    };
    assert_eq!(component(&coding("a", "y")).0, [""; 0]);
    let apart = component(&[coding("a", "x"), coding("b", "y")].join(",")).0;
    assert_eq!(apart, ["slice-unmatched Observation.component[0]"]);
}

/// A member, under a profile whose only slice refers to answered questionnaires.
fn member(reference: &str) -> (Vec<String>, bool) {
    let elements = r#"
        { "id": "Observation.hasMember", "path": "Observation.hasMember",
          "slicing": { "discriminator": [{ "type": "type", "path": "resolve()" }], "rules": "closed" } },
        { "id": "Observation.hasMember:a", "path": "Observation.hasMember", "sliceName": "a", "min": 1,
          "type": [{ "code": "Reference",
            "targetProfile": ["http://hl7.org/fhir/StructureDefinition/QuestionnaireResponse"] }] }"#;
    check(elements, &format!(r#""hasMember": [{{ {reference} }}]"#))
}

#[test]
fn a_reference_that_leads_outside_is_in_a_slice_as_far_as_it_names_a_type() {
    for known in [
        r#""reference": "QuestionnaireResponse/1""#,
        r#""reference": "http://example.org/1", "type": "QuestionnaireResponse""#,
        r#""identifier": { "value": "1" }, "type": "QuestionnaireResponse""#,
    ] {
        assert_eq!(member(known), (Vec::new(), false), "{known}");
    }
    let (found, is_undecided) = member(r#""reference": "Observation/1""#);
    assert_eq!(found, ["cardinality-min Observation", "slice-unmatched Observation.hasMember[0]"]);
    assert!(!is_undecided);
}

#[test]
fn a_reference_of_an_unknown_type_decides_nothing() {
    for unknown in [r#""reference": "http://example.org/1""#, r#""identifier": { "value": "1" }"#] {
        let said = vec!["slicing-not-checked Observation.hasMember[0]".to_owned()];
        assert_eq!(member(unknown), (said, true), "{unknown}");
    }
}

/// Two required slices of components, distinguished by the text of their codes and the reason why there is no
/// value; the second leaves the reason open.
const LEFT_OPEN: &str = r#"
    { "id": "Observation.component", "path": "Observation.component", "slicing": { "rules": "closed",
      "discriminator": [{ "type": "value", "path": "code.text" }, { "type": "exists", "path": "dataAbsentReason" }] } },
    { "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a", "min": 1 },
    { "id": "Observation.component:a.code", "path": "Observation.component.code", "patternCodeableConcept": { "text": "a" } },
    { "id": "Observation.component:a.dataAbsentReason", "path": "Observation.component.dataAbsentReason", "min": 1 },
    { "id": "Observation.component:b", "path": "Observation.component", "sliceName": "b", "min": 1, "max": "1" },
    { "id": "Observation.component:b.code", "path": "Observation.component.code", "patternCodeableConcept": { "text": "b" } }"#;

#[test]
fn what_a_slice_leaves_open_the_other_discriminators_decide() {
    let a = r#"{ "code": { "text": "a" }, "dataAbsentReason": { "text": "?" } }"#;
    let b = r#"{ "code": { "text": "b" } }"#;
    let found = |components: &str| check(LEFT_OPEN, &format!(r#""component": [{components}]"#));
    assert_eq!(found(&format!("{a}, {b}")), (Vec::new(), false));
    assert_eq!(found(a).0, ["cardinality-min Observation"]);
    let unmatched = r#"{ "code": { "text": "a" } }"#;
    assert_eq!(found(&format!("{a}, {b}, {unmatched}")).0, ["slice-unmatched Observation.component[2]"]);
    assert_eq!(found(&format!("{a}, {b}, {b}")).0, ["cardinality-max Observation.component[2]"]);
}

#[test]
fn a_slice_that_nothing_tells_is_said_once_and_its_minimum_demanded() {
    let elements = r#"
        { "id": "Observation.component", "path": "Observation.component",
          "slicing": { "discriminator": [{ "type": "value", "path": "code.text" }], "rules": "closed" } },
        { "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a", "min": 2 },
        { "id": "Observation.component:a.code", "path": "Observation.component.code", "min": 1 },
        { "id": "Observation.component:b", "path": "Observation.component", "sliceName": "b", "min": 0 },
        { "id": "Observation.component:b.code.text", "path": "Observation.component.code.text", "min": 1, "fixedString": "b" }"#;
    let found = |texts: &[&str]| {
        let components: Vec<_> =
            texts.iter().map(|text| format!(r#"{{ "code": {{ "text": "{text}" }} }}"#)).collect();
        check(elements, &format!(r#""component": [{}]"#, components.join(",")))
    };
    let said = "slicing-not-checked Observation.component[0]";
    assert_eq!(found(&["x", "y"]), (vec![said.to_owned()], true));
    assert_eq!(found(&["x", "b"]).0, ["cardinality-min Observation", said]);
    let none = check(elements, r#""component": []"#).0;
    assert!(none.contains(&"cardinality-min Observation".to_owned()), "{none:?}");
}

#[test]
fn an_extension_is_told_by_the_profile_of_its_slice_though_that_is_not_loaded() {
    let elements = r#"
        { "id": "Observation.extension", "path": "Observation.extension",
          "slicing": { "discriminator": [{ "type": "value", "path": "url" }], "rules": "open" } },
        { "id": "Observation.extension:e", "path": "Observation.extension", "sliceName": "e", "min": 1, "max": "1",
          "type": [{ "code": "Extension", "profile": ["http://example.com/e|1.0"] }] }"#;
    let found = |extension: &str| check(elements, &format!(r#""extension": [{extension}]"#)).0;
    let other = r#"{ "url": "http://example.com/f", "valueString": "x" }"#;
    assert_eq!(found(other), ["cardinality-min Observation"]);
    let meant = r#"{ "url": "http://example.com/e", "valueString": "x" }"#;
    let lacks = |found: &[String]| found.iter().any(|finding| finding.starts_with("cardinality"));
    assert!(!lacks(&found(meant)));
    assert!(lacks(&found(&format!("{meant}, {meant}"))));
}

#[test]
fn a_required_slice_below_tells_the_slice_around_it() {
    let elements = r#"
        { "id": "Observation.component", "path": "Observation.component",
          "slicing": { "discriminator": [{ "type": "value", "path": "code.coding.code" }], "rules": "open" } },
        { "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a", "min": 1 },
        { "id": "Observation.component:a.code.coding", "path": "Observation.component.code.coding",
          "slicing": { "discriminator": [{ "type": "value", "path": "code" }], "rules": "open" } },
        { "id": "Observation.component:a.code.coding:x", "path": "Observation.component.code.coding", "sliceName": "x", "min": 1 },
        { "id": "Observation.component:a.code.coding:x.code", "path": "Observation.component.code.coding.code",
          "min": 1, "fixedCode": "x" }"#;
    let coded = |code: &str| {
        let system = "http://example.org/s";
        check(
            elements,
            &format!(
                r#""component": [{{ "code": {{ "coding": [{{ "system": "{system}", "code": "{code}" }}] }} }}]"#
            ),
        )
    };
    assert_eq!(coded("x"), (Vec::new(), false));
    assert_eq!(coded("y").0, ["cardinality-min Observation"]);
}

#[test]
fn a_binding_of_all_slices_tells_none_of_them_apart() {
    let elements = r#"
        { "id": "Observation.identifier", "path": "Observation.identifier", "slicing": { "rules": "closed",
          "discriminator": [{ "type": "value", "path": "system" }, { "type": "value", "path": "use" }] } },
        { "id": "Observation.identifier:a", "path": "Observation.identifier", "sliceName": "a", "min": 1 },
        { "id": "Observation.identifier:a.system", "path": "Observation.identifier.system", "min": 1,
          "fixedUri": "http://example.org/a" }"#;
    let found = |rest: &str| {
        check(
            elements,
            &format!(r#""identifier": [{{ "system": "http://example.org/a", "value": "1"{rest} }}]"#),
        )
    };
    assert_eq!(found(""), (Vec::new(), false));
    assert_eq!(found(r#", "use": "official""#), (Vec::new(), false));
}

#[test]
fn the_default_slice_takes_what_is_in_no_other() {
    let elements = r#"
        { "id": "Observation.identifier", "path": "Observation.identifier",
          "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "rules": "closed" } },
        { "id": "Observation.identifier:a", "path": "Observation.identifier", "sliceName": "a", "max": "1" },
        { "id": "Observation.identifier:a.system", "path": "Observation.identifier.system", "min": 1,
          "fixedUri": "http://example.org/a" },
        { "id": "Observation.identifier:@default", "path": "Observation.identifier", "sliceName": "@default" },
        { "id": "Observation.identifier:@default.value", "path": "Observation.identifier.value", "min": 1 }"#;
    let found = |identifiers: &str| check(elements, &format!(r#""identifier": [{identifiers}]"#));
    let a = r#"{ "system": "http://example.org/a" }"#;
    assert_eq!(found(a), (Vec::new(), false));
    assert_eq!(found(&format!(r#"{a}, {{ "value": "1" }}"#)), (Vec::new(), false));
    let other = r#"{ "system": "http://example.org/b" }"#;
    assert_eq!(found(other), (vec!["cardinality-min Observation.identifier[0]".to_owned()], false));
    assert_eq!(found(&format!("{a}, {a}")).0, ["cardinality-max Observation.identifier[1]"]);
}

/// Slices of components by the text of their codes; the second one also by the text of their values.
const BY_TEXTS: &str = r#"
    { "id": "Observation.component", "path": "Observation.component", "slicing": { "rules": "closed",
      "discriminator": [{ "type": "value", "path": "code.text" }, { "type": "value", "path": "dataAbsentReason.text" }] } },
    { "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a" },
    { "id": "Observation.component:a.code.text", "path": "Observation.component.code.text", "min": 1, "fixedString": "height" },
    { "id": "Observation.component:b", "path": "Observation.component", "sliceName": "b" },
    { "id": "Observation.component:b.code.text", "path": "Observation.component.code.text", "min": 1, "fixedString": "weight" },
    { "id": "Observation.component:b.dataAbsentReason.text", "path": "Observation.component.dataAbsentReason.text", "min": 1,
      "fixedString": "unable" }"#;

/// The message of the only finding of that rule, and its suggestion.
fn said(elements: &str, rest: &str, rule: &str) -> (String, String) {
    let report = report(elements, rest);
    let found: Vec<_> = report.diagnostics.iter().filter(|found| found.rule.code == rule).collect();
    let [only] = found.as_slice() else { panic!("{report:#?}") };
    let help = only.suggestion.as_ref().map(|help| help.revealed().to_owned());
    (only.message.revealed().to_owned(), help.unwrap_or_default())
}

#[test]
fn what_fits_no_slice_is_told_which_values_would_fit() {
    let component = |code: &str, reason: &str| {
        let rest = format!(
            r#""component": [{{ "code": {{ "text": "{code}" }}, "dataAbsentReason": {{ "text": "{reason}" }} }}]"#
        );
        said(BY_TEXTS, &rest, "slice-unmatched").0
    };
    let code = "the 'code.text' of this Observation.component is";
    // With that reason, it may be in both; with the other, only in the first.
    assert_eq!(component("width", "unable"), format!("{code} 'width', and must be one of: height, weight"));
    assert_eq!(
        component("weight", "unknown"),
        format!(
            "{code} 'weight', and must be one of: height; \
             or the 'dataAbsentReason.text' of this Observation.component is 'unknown', and must be one of: unable"
        )
    );
    let without = said(BY_TEXTS, r#""component": [{ "code": { "text": "weight" } }]"#, "slice-unmatched").0;
    assert_eq!(
        without,
        format!(
            "{code} 'weight', and must be one of: height; \
             or this Observation.component has no 'dataAbsentReason.text', which must be one of: unable"
        )
    );
}

#[test]
fn a_value_of_its_own_is_no_slip() {
    let elements = |unit: &str| {
        format!(
            r#"{{ "id": "Observation.component", "path": "Observation.component", "slicing": {{ "rules": "closed",
              "discriminator": [{{ "type": "value", "path": "value.ofType(Quantity).code" }}] }} }},
            {{ "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a" }},
            {{ "id": "Observation.component:a.valueQuantity", "path": "Observation.component.valueQuantity" }},
            {{ "id": "Observation.component:a.valueQuantity.code", "path": "Observation.component.valueQuantity.code",
              "min": 1, "fixedCode": "{unit}" }}"#
        )
    };
    let quantity = |asked: &str, unit: &str| {
        let rest = format!(
            r#""component": [{{ "code": {{ "text": "a" }}, "valueQuantity": {{ "value": 1,
              "system": "http://unitsofmeasure.org", "code": "{unit}" }} }}]"#
        );
        said(&elements(asked), &rest, "slice-unmatched")
    };
    for (asked, unit) in [("kg", "g"), ("mmol", "umol"), ("mmol/L", "mmol/dL")] {
        let (message, help) = quantity(asked, unit);
        assert!(message.ends_with(&format!("is '{unit}', and must be one of: {asked}")), "{message}");
        assert!(message.starts_with("the 'value.ofType(Quantity).code' of this"), "{message}");
        assert_eq!(help, "");
    }
    assert_eq!(quantity("mmHg", "mmHG").1, "write 'mmHg'");
}

#[test]
fn a_slicing_may_come_after_what_is_in_its_slices() {
    let elements = r#"
        { "id": "Observation.component:a.code.text", "path": "Observation.component.code.text", "min": 1, "fixedString": "height" },
        { "id": "Observation.component", "path": "Observation.component", "slicing": { "rules": "open",
          "discriminator": [{ "type": "value", "path": "code.text" }] } },
        { "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a", "max": "1" }"#;
    let rest = |code: &str| {
        format!(
            r#""component": [{{ "code": {{ "text": "height" }} }}, {{ "code": {{ "text": "{code}" }} }}]"#
        )
    };
    assert_eq!(check(elements, &rest("weight")), (Vec::new(), false));
    assert_eq!(check(elements, &rest("height")).0, ["cardinality-max Observation.component[1]"]);
}

#[test]
fn a_slice_may_be_known_by_any_of_its_types() {
    let elements = r#"
        { "id": "Observation.extension", "path": "Observation.extension", "slicing": { "rules": "open",
          "discriminator": [{ "type": "value", "path": "url" }] } },
        { "id": "Observation.extension:a", "path": "Observation.extension", "sliceName": "a", "max": "1",
          "type": [{ "code": "Extension", "profile": ["http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "http://hl7.org/fhir/StructureDefinition/rendered-value"] }] }"#;
    let absent =
        r#"{ "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown" }"#;
    let rendered =
        r#"{ "url": "http://hl7.org/fhir/StructureDefinition/rendered-value", "valueString": "a" }"#;
    let extensions = |all: &[&str]| check(elements, &format!(r#""extension": [{}]"#, all.join(",")));
    assert_eq!(extensions(&[rendered]), (Vec::new(), false));
    assert_eq!(extensions(&[absent, rendered]).0, ["cardinality-max Observation.extension[1]"]);
}

#[test]
fn a_value_may_be_told_below_the_discriminator() {
    let sliced = r#"{ "id": "Observation.component", "path": "Observation.component", "slicing": { "rules": "closed",
          "discriminator": [{ "type": "value", "path": "code" }] } },
        { "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a", "min": 1 }"#;
    let fixed = r#"{ "id": "Observation.component:a.code.coding.code", "path": "Observation.component.code.coding.code",
          "fixedCode": "y" }"#;
    let in_slice = r#"{ "id": "Observation.component:a.code.coding", "path": "Observation.component.code.coding",
          "slicing": { "rules": "open", "discriminator": [{ "type": "value", "path": "$this" }] } },
        { "id": "Observation.component:a.code.coding:b", "path": "Observation.component.code.coding", "sliceName": "b",
          "min": 1, "patternCoding": { "system": "http://example.org/a", "code": "y" } }"#;
    for told in [fixed, in_slice] {
        let component = |code: &str| {
            let rest = format!(
                r#""component": [{{ "code": {{ "coding": [{{ "system": "http://example.org/a", "code": "{code}" }}] }} }}]"#
            );
            check(&format!("{sliced}, {told}"), &rest)
        };
        assert_eq!(component("y"), (Vec::new(), false), "{told}");
        let (found, is_undecided) = component("z");
        assert_eq!(
            found,
            ["cardinality-min Observation", "slice-unmatched Observation.component[0]"],
            "{told}"
        );
        assert!(!is_undecided);
    }
}

#[test]
fn what_must_move_is_named() {
    let elements = |rules: &str| {
        format!(
            r#"{{ "id": "Observation.component", "path": "Observation.component", "slicing": {{ {rules},
              "discriminator": [{{ "type": "value", "path": "code.text" }}] }} }},
            {{ "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a" }},
            {{ "id": "Observation.component:a.code.text", "path": "Observation.component.code.text", "min": 1, "fixedString": "a" }},
            {{ "id": "Observation.component:b", "path": "Observation.component", "sliceName": "b" }},
            {{ "id": "Observation.component:b.code.text", "path": "Observation.component.code.text", "min": 1, "fixedString": "b" }}"#
        )
    };
    let components = |codes: &[&str]| {
        let each = codes.iter().map(|code| format!(r#"{{ "code": {{ "text": "{code}" }} }}"#));
        format!(r#""component": [{}]"#, each.collect::<Vec<_>>().join(","))
    };
    let at_end = elements(r#""rules": "openAtEnd""#);
    assert_eq!(check(&at_end, &components(&["b", "a", "c"])).0, [""; 0]);
    assert_eq!(check(&at_end, &components(&["c", "a", "b"])).0, ["slice-order Observation.component[0]"]);
    let (message, _) = said(&at_end, &components(&["c", "a"]), "slice-order");
    assert_eq!(
        message,
        "this component is in none of the slices, and must come after those that are: 'a' comes later"
    );
    let ordered = elements(r#""rules": "open", "ordered": true"#);
    assert_eq!(check(&ordered, &components(&["a", "c", "b"])).0, [""; 0]);
    assert_eq!(check(&ordered, &components(&["b", "a"])).0, ["slice-order Observation.component[1]"]);
    let (message, _) = said(&ordered, &components(&["b", "a"]), "slice-order");
    assert_eq!(message, "this component is in the slice 'a', and must come before those in 'b'");
}

#[test]
fn a_value_that_no_other_slice_has_is_enough_where_slices_are_told_by_sliced_values() {
    let slice = |name: &str, codes: [&str; 2]| {
        let id = format!("Observation.component:{name}");
        let codings = ["loinc", "snomed"].iter().zip(codes).map(|(of, code)| {
            format!(
                r#"{{ "id": "{id}.code.coding:{of}", "path": "Observation.component.code.coding", "sliceName": "{of}",
                      "min": 1, "patternCoding": {{ "system": "http://example.org/{of}", "code": "{code}" }} }}"#
            )
        });
        let codings: Vec<String> = codings.collect();
        format!(
            r#"{{ "id": "{id}", "path": "Observation.component", "sliceName": "{name}" }},
               {{ "id": "{id}.code.coding", "path": "Observation.component.code.coding",
                  "slicing": {{ "discriminator": [{{ "type": "pattern", "path": "$this" }}], "rules": "open" }} }},
               {}"#,
            codings.join(",")
        )
    };
    let elements = format!(
        r#"{{ "id": "Observation.component", "path": "Observation.component", "slicing": {{ "rules": "open",
              "discriminator": [{{ "type": "pattern", "path": "code.coding" }}] }} }}, {}, {}"#,
        slice("flow", ["1", "same"]),
        slice("part", ["2", "same"])
    );
    let component = |codings: &[(&str, &str)]| {
        let each = codings
            .iter()
            .map(|(of, code)| format!(r#"{{ "system": "http://example.org/{of}", "code": "{code}" }}"#));
        let codings = each.collect::<Vec<_>>().join(",");
        check(&elements, &format!(r#""component": [{{ "code": {{ "coding": [{codings}] }} }}]"#)).0
    };
    assert_eq!(component(&[("loinc", "1"), ("snomed", "same")]), [""; 0]);
    assert_eq!(component(&[("loinc", "1")]), ["cardinality-min Observation.component[0].code"]);
    // Both slices have it, so it says nothing by itself.
    assert_eq!(component(&[("snomed", "same")]), [""; 0]);
    assert_eq!(component(&[("loinc", "3")]), [""; 0]);
}
