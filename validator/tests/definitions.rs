//! Definitions as payloads: a profile, a search parameter or a form is consistent with its base and itself.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

const NONE: [&str; 0] = [];

/// Severity, code and location of the findings of the rules on definitions.
fn found(version: FhirVersion, definitions: &[&str], payload: &str) -> Vec<String> {
    let mut known = Definitions::embedded(version);
    for (number, definition) in definitions.iter().enumerate() {
        let package = Package::from_resource(&format!("{number}.json"), definition.as_bytes());
        known.add(package.expect("the definition can be read"));
    }
    let report = Validator::new(known)
        .check(payload.as_bytes(), &Options { lists_effects: true, ..Options::default() });
    report
        .diagnostics
        .iter()
        .filter(|d| d.key.is_none())
        .map(|d| {
            let place = d.location.rsplit("differential.").next().unwrap_or_default();
            format!("{} {} {place}", d.severity, d.rule.code)
        })
        .collect()
}

/// A profile with that name on a base, with these elements.
fn profile(name: &str, base: &str, type_name: &str, elements: &str) -> String {
    let base = if base.contains('/') {
        base.to_owned()
    } else {
        format!("http://hl7.org/fhir/StructureDefinition/{base}")
    };
    format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/{name}",
  "name": "A", "status": "active", "kind": "resource", "abstract": false, "type": "{type_name}",
  "derivation": "constraint", "baseDefinition": "{base}", "differential": {{ "element": [{elements}] }} }}"#
    )
}

/// The findings in a profile on Patient with these elements, the same in both releases.
fn in_patient(elements: &str) -> Vec<String> {
    let payload = profile("a", "Patient", "Patient", elements);
    let found_in_r4 = found(FhirVersion::R4, &[], &payload);
    assert_eq!(found(FhirVersion::Stu3, &[], &payload), found_in_r4, "{elements}");
    found_in_r4
}

/// An element of Patient with its content.
fn element(id: &str, rest: &str) -> String {
    let path: Vec<&str> = id.split('.').map(|step| step.split(':').next().unwrap_or(step)).collect();
    let path = path.join(".");
    format!(r#"{{ "id": "{id}", "path": "{path}", {rest} }}"#)
}

#[test]
fn what_narrows_the_base_is_right() {
    for good in [
        element("Patient.name", r#""min": 1, "max": "3""#),
        element("Patient.deceased[x]", r#""type": [{ "code": "boolean" }]"#),
        element("Patient.gender", r#""fixedCode": "female""#),
        element("Patient.maritalStatus", r#""min": 1, "patternCodeableConcept": { "text": "a" }"#),
        element("Patient.contact.name.family", r#""maxLength": 20"#),
    ] {
        assert_eq!(in_patient(&good), NONE, "{good}");
    }
}

#[test]
fn what_loosens_the_base_is_found() {
    for (bad, at) in [
        (element("Patient.link.other", r#""min": 0"#), "min"),
        (element("Patient.active", r#""max": "*""#), "max"),
        (element("Patient.deceased[x]", r#""type": [{ "code": "string" }]"#), "type[0].code"),
        (element("Patient.gender", r#""binding": { "strength": "preferred" }"#), "binding.strength"),
    ] {
        assert_eq!(in_patient(&bad), [format!("error profile-loosens-base element[0].{at}")], "{bad}");
    }
}

#[test]
fn paths_values_and_bases_that_do_not_fit_are_found() {
    let path = element("Patient.contact.nickname", r#""min": 1"#);
    assert_eq!(in_patient(&path), ["error profile-path element[0].path"]);
    let value = element("Patient.birthDate", r#""fixedString": "2000-01-01""#);
    assert_eq!(in_patient(&value), ["error element-value-type element[0].fixed.ofType(string)"]);
    let other = profile("a", "Observation", "Patient", &element("Patient.id", r#""min": 1"#));
    assert!(
        found(FhirVersion::R4, &[], &other).iter().any(|line| line.starts_with("error profile-base")),
        "the types differ"
    );
    let unknown = profile("a", "http://example.org/b", "Patient", &element("Patient.id", r#""min": 1"#));
    let lines = found(FhirVersion::R4, &[], &unknown);
    assert!(lines.iter().any(|line| line.contains("profile-not-checked")), "{lines:?}");
}

#[test]
fn what_follows_one_bad_element_is_checked() {
    let both = format!(
        "{}, {}",
        element("Patient.nickname", r#""min": 1"#),
        element("Patient.active", r#""max": "*""#)
    );
    assert_eq!(
        in_patient(&both),
        ["error profile-path element[0].path", "error profile-loosens-base element[1].max"]
    );
}

#[test]
fn targets_outside_the_base_are_found() {
    let target = |name: &str| {
        element(
            "Patient.managingOrganization",
            &format!(
                r#""type": [{{ "code": "Reference", "targetProfile": ["http://hl7.org/fhir/StructureDefinition/{name}"] }}]"#
            ),
        )
    };
    let check = |elements: &str| found(FhirVersion::R4, &[], &profile("a", "Patient", "Patient", elements));
    assert_eq!(check(&target("Organization")), NONE);
    let lines = check(&target("Location"));
    assert_eq!(lines, ["error profile-loosens-base element[0].type[0].targetProfile[0]"]);
}

const SLICED: &str = r#"{ "id": "Patient.identifier", "path": "Patient.identifier",
  "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "rules": "closed" } }"#;

fn slice(name: &str, system: &str) -> String {
    format!(
        "{}, {}",
        element(&format!("Patient.identifier:{name}"), &format!(r#""sliceName": "{name}", "max": "1""#)),
        element(
            &format!("Patient.identifier:{name}.system"),
            &format!(r#""min": 1, "fixedUri": "{system}""#)
        )
    )
}

#[test]
fn slices_are_told_apart() {
    let good = format!("{SLICED}, {}, {}", slice("a", "http://a.example"), slice("b", "http://b.example"));
    assert_eq!(in_patient(&good), NONE);
    let twins = format!("{SLICED}, {}, {}", slice("a", "http://a.example"), slice("b", "http://a.example"));
    assert_eq!(in_patient(&twins), ["warning slice-not-told-apart element[3].sliceName"]);
    let silent = format!("{SLICED}, {}", element("Patient.identifier:a", r#""sliceName": "a", "min": 1"#));
    assert_eq!(in_patient(&silent), ["warning slice-not-told-apart element[1].sliceName"]);
    let unsliced = format!("{}, {}", slice("a", "http://a.example"), slice("b", "http://b.example"));
    assert!(in_patient(&unsliced).iter().all(|line| line.starts_with("error slice-without-slicing")));
}

#[test]
fn a_closed_slicing_stays_closed() {
    let base =
        profile("base", "Patient", "Patient", &format!("{SLICED}, {}", slice("a", "http://a.example")));
    let check = |elements: &str| {
        let derived = profile("a", "http://example.org/StructureDefinition/base", "Patient", elements);
        found(FhirVersion::R4, &[&base], &derived)
    };
    assert_eq!(check(&slice("a", "http://a.example")), NONE);
    let opened = SLICED.replace("closed", "open");
    assert_eq!(check(&opened), ["error profile-loosens-base element[0].slicing.rules"]);
    let added = check(&slice("b", "http://b.example"));
    assert_eq!(added, ["error profile-loosens-base element[0].sliceName"]);
}

#[test]
fn a_differential_follows_the_order_of_its_base() {
    let name = element("Patient.name", r#""min": 1"#);
    let gender = element("Patient.gender", r#""min": 1"#);
    let inner = element("Patient.contact.gender", r#""min": 1"#);
    let inner_name = element("Patient.contact.name", r#""min": 1"#);
    assert_eq!(in_patient(&format!("{name}, {gender}, {inner_name}, {inner}")), NONE);
    let order = |at: usize| format!("error differential-order element[{at}].path");
    assert_eq!(in_patient(&format!("{gender}, {name}")), [order(1)]);
    assert_eq!(in_patient(&format!("{gender}, {inner}, {inner_name}")), [order(2)]);
    assert_eq!(in_patient(&format!("{inner_name}, {gender}")), [order(1)]);
    let again = format!(
        "{}, {}",
        name,
        element("Patient.name", r#""max": "3""#).replace(r#""id": "Patient.name", "#, "")
    );
    assert!(in_patient(&again).contains(&order(1)));
}

#[test]
fn what_an_element_cannot_have_is_found() {
    for (bad, expected) in [
        (
            element("Patient.birthDate", r#""binding": { "strength": "example" }"#),
            "error element-not-of-type element[0].binding",
        ),
        (element("Patient.name", r#""maxLength": 3"#), "error element-not-of-type element[0].maxLength"),
        (
            element("Patient.active", r#""meaningWhenMissing": "active""#),
            "error profile-meaning-when-missing element[0].meaningWhenMissing",
        ),
    ] {
        assert_eq!(in_patient(&bad), [expected], "{bad}");
    }
    let slicing =
        r#""slicing": { "discriminator": [{ "type": "value", "path": "$this" }], "rules": "open" }"#;
    assert_eq!(in_patient(&element("Patient.gender", slicing)), ["error slicing-of-one element[0].slicing"]);
    assert_eq!(in_patient(&element("Patient.identifier", slicing)), NONE);
}

#[test]
fn a_key_names_one_invariant() {
    let with = |id: &str, key: &str, expression: &str| {
        element(
            id,
            &format!(
                r#""constraint": [{{ "key": "{key}", "severity": "error", "human": "h", "expression": "{expression}" }}]"#
            ),
        )
    };
    let contact = |key: &str| with("Patient.contact", key, "name.exists()");
    assert_eq!(in_patient(&contact("own-1")), NONE);
    assert_eq!(in_patient(&contact("pat-1")), ["error constraint-key element[0].constraint[0].key"]);
    let other = with("Patient.name", "own-1", "family.exists()");
    let both = in_patient(&format!("{other}, {}", contact("own-1")));
    assert_eq!(both, ["error constraint-key element[1].constraint[0].key"]);
    let same = with("Patient.name", "own-1", "name .exists()").replace("name .exists", "id.exists");
    let twice = format!("{same}, {}", with("Patient.contact", "own-1", "id.exists()"));
    assert_eq!(in_patient(&twice), NONE);
}

#[test]
fn a_definition_fits_its_base_as_a_whole() {
    let good = profile("a", "Patient", "Patient", &element("Patient.name", r#""min": 1"#));
    for version in [FhirVersion::R4, FhirVersion::Stu3] {
        assert_eq!(found(version, &[], &good), NONE);
        let kind = found(version, &[], &good.replace(r#""kind": "resource""#, r#""kind": "complex-type""#));
        assert!(
            kind.iter().any(|line| line.starts_with("error profile-base StructureDefinition.kind")),
            "{kind:?}"
        );
        let silent = found(version, &[], &good.replace(r#""derivation": "constraint","#, ""));
        assert!(silent.iter().any(|line| line.starts_with("error profile-base")), "{silent:?}");
        let special = found(version, &[], &good.replace(r#""constraint""#, r#""specialization""#));
        assert!(
            special.iter().any(|line| line.starts_with("error profile-base StructureDefinition.type")),
            "{special:?}"
        );
    }
}

/// The definition of an extension with that context and these elements.
fn extension(version: FhirVersion, path: &str, invariant: &str, elements: &str) -> String {
    let context = match version {
        FhirVersion::R4 => format!(r#""context": [{{ "type": "element", "expression": "{path}" }}]"#),
        FhirVersion::Stu3 => format!(r#""contextType": "resource", "context": ["{path}"]"#),
    };
    format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/a",
  "name": "A", "status": "active", "kind": "complex-type", "abstract": false, {context}, "contextInvariant": ["{invariant}"],
  "type": "Extension", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
  "derivation": "constraint", "differential": {{ "element": [{elements}] }} }}"#
    )
}

#[test]
fn the_definition_of_an_extension_says_where_it_goes_and_what_it_is_called() {
    let own = element("Extension.url", r#""fixedUri": "http://example.org/StructureDefinition/a""#);
    let open = element("Extension.url", r#""min": 1"#);
    for version in [FhirVersion::R4, FhirVersion::Stu3] {
        let check = |path: &str, invariant: &str, elements: &str| {
            found(version, &[], &extension(version, path, invariant, elements))
        };
        for path in [
            "Patient",
            "Patient.contact",
            "Observation.value[x]",
            "HumanName.given",
            "Questionnaire.item.item",
        ] {
            assert_eq!(check(path, "id.exists()", &own), NONE, "{path}");
        }
        let lines = check("Patient.nickname", "true", &own);
        assert!(
            matches!(&*lines, [line] if line.contains("warning extension-definition-context")),
            "{lines:?}"
        );
        for invariant in ["nickname.exists()", "name.exists("] {
            let lines = check("Patient", invariant, &own);
            assert!(matches!(&*lines, [line] if line.contains("constraint-expression")), "{lines:?}");
        }
        let lines = check("Patient", "true", &open);
        assert!(matches!(&*lines, [line] if line.contains("error extension-fixed-url")), "{lines:?}");
    }
}

#[test]
fn an_extension_of_a_datatype_may_be_for_its_use_in_some_element() {
    let coding = |context: &str| {
        let extension = format!(
            r#"{{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/rank",
  "name": "Rank", "status": "active", "fhirVersion": "4.0.1", "kind": "complex-type", "abstract": false,
  "context": [{{ "type": "element", "expression": "{context}" }}], "type": "Extension", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
  "differential": {{ "element": [{}] }} }}"#,
            element("Extension.url", r#""fixedUri": "http://example.org/StructureDefinition/rank""#)
        );
        let ranked = element(
            "Coding.extension:rank",
            r#""sliceName": "rank", "type": [{ "code": "Extension",
                "profile": ["http://example.org/StructureDefinition/rank"] }]"#,
        );
        let sliced = element(
            "Coding.extension",
            r#""slicing": { "discriminator": [{ "type": "value", "path": "url" }], "rules": "open" }"#,
        );
        let profile = profile("a", "Coding", "Coding", &format!("{sliced}, {ranked}"))
            .replace(r#""kind": "resource""#, r#""kind": "complex-type""#);
        let all = found(FhirVersion::R4, &[&extension], &profile);
        all.iter().any(|line| line.contains("element-extension-context"))
    };
    assert!(!coding("Condition.code.coding") && !coding("Coding"));
    assert!(coding("Condition") && coding("Quantity"));
}

#[test]
fn a_pattern_does_not_contradict_that_of_the_base() {
    let pattern = |of: &str| element("Patient.maritalStatus", &format!(r#""patternCodeableConcept": {of}"#));
    let base = profile(
        "base",
        "Patient",
        "Patient",
        &pattern(
            r#"{ "coding": [{ "system": "http://hl7.org/fhir/v3/MaritalStatus", "code": "M" }], "text": "m" }"#,
        ),
    );
    let check = |of: &str| {
        let derived = profile("a", "http://example.org/StructureDefinition/base", "Patient", &pattern(of));
        let all = found(FhirVersion::R4, &[&base], &derived);
        all.into_iter().filter(|line| line.contains("profile-loosens-base")).collect::<Vec<_>>()
    };
    assert_eq!(
        check(
            r#"{ "coding": [{ "system": "http://hl7.org/fhir/v3/MaritalStatus", "code": "M", "display": "Married" }] }"#
        ),
        NONE
    );
    assert_eq!(
        check(
            r#"{ "coding": [{ "system": "http://hl7.org/fhir/v3/MaritalStatus", "code": "M" }], "text": "m" }"#
        ),
        NONE
    );
    // There may be a coding for each.
    assert_eq!(check(r#"{ "coding": [{ "system": "http://example.org/c", "code": "S" }] }"#), NONE);
    let lines = check(r#"{ "text": "single" }"#);
    assert!(matches!(&*lines, [line] if line.starts_with("error profile-loosens-base")), "{lines:?}");
}

#[test]
fn a_new_type_has_places_for_its_elements() {
    let model = |elements: &str| {
        let payload = profile("Model", "Element", "http://example.org/StructureDefinition/Model", elements)
            .replace("constraint", "specialization")
            .replace(r#""kind": "resource""#, r#""kind": "logical""#);
        let all = found(FhirVersion::R4, &[], &payload);
        all.into_iter().filter(|line| line.contains("profile-path")).collect::<Vec<_>>()
    };
    let part = |id: &str, rest: &str| element(id, &format!(r#""min": 0, "max": "*", {rest}"#));
    let root = element("Model", r#""min": 0, "max": "*""#);
    let group = part("Model.group", r#""type": [{ "code": "BackboneElement" }]"#);
    let again = |id: &str| part("Model.group.group", &format!(r##""contentReference": "#{id}""##));
    assert_eq!(model(&format!("{root}, {group}, {}", again("Model.group"))), NONE);
    let lost = model(&format!("{root}, {group}, {}", again("Model.part")));
    assert_eq!(lost, ["error profile-path element[2].contentReference"]);
    let text = part("Model.text", r#""type": [{ "code": "string" }]"#);
    let below = part("Model.text.part", r#""type": [{ "code": "string" }]"#);
    assert_eq!(model(&format!("{root}, {text}")), NONE);
    assert_eq!(model(&format!("{root}, {text}, {below}")), ["error profile-path element[2].path"]);
}

/// A profile on Patient with a snapshot of a few elements, which are written as `path rest`.
fn with_snapshot(change: impl Fn(&str) -> Option<String>, more: &str) -> Vec<String> {
    let known = Definitions::embedded(FhirVersion::R4);
    let base = "http://hl7.org/fhir/StructureDefinition/Practitioner";
    let snapshot = known.snapshot_json(base).expect("it can be made").expect("it is known");
    let start = snapshot.find("\"snapshot\"").expect("it has a snapshot");
    let elements = &snapshot[start..];
    let elements = &elements[elements.find('[').expect("a list")..];
    let mut depth = 0;
    let end = elements.char_indices().find(|(_, c)| {
        depth += i32::from(matches!(c, '[' | '{')) - i32::from(matches!(c, ']' | '}'));
        depth == 0
    });
    let elements = &elements[..=end.expect("it ends").0];
    let elements = change(elements).unwrap_or_else(|| elements.to_owned());
    let elements = elements.strip_suffix(']').expect("a list");
    let payload = format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/a",
  "name": "A", "status": "active", "kind": "resource", "abstract": false, "type": "Practitioner",
  "derivation": "constraint", "baseDefinition": "{base}", "snapshot": {{ "element": {elements}{more}] }},
  "differential": {{ "element": [{{ "id": "Practitioner", "path": "Practitioner" }}] }} }}"#
    );
    let mut found = found(FhirVersion::R4, &[], &payload);
    found.retain(|found| found.contains("snapshot-differs"));
    found.iter().map(|found| found.split(' ').nth(1).unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_snapshot_says_what_the_base_says_where_the_differential_is_silent() {
    assert_eq!(with_snapshot(|_| None, ""), NONE);
    let extra = r#", { "id": "Practitioner.foo", "path": "Practitioner.foo", "definition": "A.", "min": 0, "max": "1",
      "base": { "path": "Practitioner.foo", "min": 0, "max": "1" }, "type": [{ "code": "string" }] }"#;
    assert_eq!(with_snapshot(|_| None, extra), ["snapshot-differs"]);
    for (from, to) in [
        ("HumanName", "Address"),
        ("\"required\"", "\"example\""),
        ("Practitioner.active\"", "Practitioner.aktive\""),
    ] {
        let change = |elements: &str| {
            assert!(elements.contains(from), "{from}");
            Some(elements.replace(from, to))
        };
        assert!(!with_snapshot(change, "").is_empty(), "{from} to {to}");
    }
}

#[test]
fn a_slice_that_there_is_not_is_found_in_r4() {
    let bad = element("Patient.name:official.given", r#""min": 1"#);
    let in_r4 = found(FhirVersion::R4, &[], &profile("a", "Patient", "Patient", &bad));
    assert_eq!(in_r4, ["error slice-unknown element[0].id"]);
    let unnamed = element("Patient.name:x", r#""min": 1"#);
    let in_r4 = found(FhirVersion::R4, &[], &profile("a", "Patient", "Patient", &unnamed));
    assert_eq!(in_r4, ["error slice-unknown element[0].id"]);
    let choice = element("Patient.deceased[x]:deceasedBoolean.extension", r#""min": 1"#);
    assert_eq!(found(FhirVersion::R4, &[], &profile("a", "Patient", "Patient", &choice)), NONE);
}

#[test]
fn what_no_instance_can_meet_is_found() {
    for (bad, expected) in [
        (element("Patient.gender", r#""fixedCode": "man""#), "error profile-loosens-base element[0].fixed.ofType(code)"),
        (
            [
                element("Patient.name", r#""max": "1", "slicing": { "discriminator": [{ "type": "value", "path": "use" }], "rules": "open" }"#),
                element("Patient.name:a", r#""sliceName": "a", "min": 1"#),
                element("Patient.name:a.use", r#""min": 1, "fixedCode": "usual""#),
                element("Patient.name:b", r#""sliceName": "b", "min": 1"#),
                element("Patient.name:b.use", r#""min": 1, "fixedCode": "old""#),
            ]
            .join(","),
            "error profile-loosens-base element[3].min",
        ),
        (element("Patient.deceased[x]", r#""type": [{ "code": "Boolaen" }]"#), "error profile-loosens-base element[0].type[0].code"),
    ] {
        let found = in_patient(&bad);
        assert!(found.iter().any(|found| found == expected), "{bad}: {found:?}");
    }
}

#[test]
fn what_a_profile_names_and_no_package_has_is_said() {
    let binding = element(
        "Patient.maritalStatus",
        r#""binding": { "strength": "required", "valueSet": "http://example.org/ValueSet/none" }"#,
    );
    let found_in_r4 = found(FhirVersion::R4, &[], &profile("a", "Patient", "Patient", &binding));
    assert_eq!(found_in_r4, ["information profile-not-checked element[0].binding.valueSet"]);
    let target = element(
        "Patient.managingOrganization",
        r#""type": [{ "code": "Reference", "targetProfile": ["http://example.org/StructureDefinition/none"] }]"#,
    );
    let found_in_r4 = found(FhirVersion::R4, &[], &profile("a", "Patient", "Patient", &target));
    assert_eq!(found_in_r4, ["information profile-not-checked element[0].type[0].targetProfile[0]"]);
}
