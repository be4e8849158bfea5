//! Values, codes and narratives in small documents: the findings, their place and line.

use std::sync::LazyLock;

use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Diagnostic, Options, Report, Severity, Validator};

static STU3: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::R4)));

fn check(validator: &Validator, payload: &str) -> Report {
    validator.check(payload.as_bytes(), &Options { lists_effects: true, ..Options::default() })
}

/// Code, severity and location of each finding, invariants aside: those have tests of their own.
fn found(report: &Report) -> Vec<String> {
    let line = |d: &Diagnostic| format!("{} {} {}", d.severity, d.rule.code, d.location);
    report.diagnostics.iter().filter(|d| d.key.is_none()).map(line).collect()
}

#[track_caller]
fn expect(validator: &Validator, payload: &str, expected: &[&str]) {
    let report = check(validator, payload);
    assert_eq!(found(&report), expected, "{payload}\n{:#?}", report.diagnostics);
}

#[test]
fn primitives_in_r4_json() {
    let rows: &[(&str, &[&str])] = &[
        (r#""birthDate": "1970-13-01""#, &["error primitive-range Patient.birthDate"]),
        (r#""birthDate": 1970"#, &["error wrong-json-kind Patient.birthDate"]),
        (r#""active": "true""#, &["error wrong-json-kind Patient.active"]),
        (r#""multipleBirthInteger": 1.5"#, &["error primitive-format Patient.multipleBirth.ofType(integer)"]),
        (
            r#""deceasedDateTime": "2020-01-01T10:00:00""#,
            &["error missing-time-zone Patient.deceased.ofType(dateTime)"],
        ),
        (
            r#""gender": " male""#,
            &["error primitive-format Patient.gender", "error binding-required Patient.gender"],
        ),
        (r#""id": "a_b""#, &["error primitive-format Patient.id"]),
        (r#""birthDate": { "id": "b" }"#, &["error wrong-json-kind Patient.birthDate"]),
        (r#""_meta": { "id": "b" }"#, &["error misplaced-underscore Patient.meta"]),
        (r#""_name": [{ "family": "A" }]"#, &["error misplaced-underscore Patient.name[0]"]),
        (r#""birthDate": null, "_birthDate": { "id": "b" }"#, &["error wrong-json-kind Patient.birthDate"]),
        (
            r#""name": [{ "family": "", "given": ["\u0001"] }]"#,
            &[
                "error primitive-empty Patient.name[0].family",
                "error control-character Patient.name[0].given[0]",
            ],
        ),
    ];
    for (member, expected) in rows {
        expect(&R4, &format!("{{ \"resourceType\": \"Patient\", {member} }}"), expected);
    }
}

#[test]
fn primitives_in_stu3_xml() {
    expect(
        &STU3,
        r#"<Person xmlns="http://hl7.org/fhir"><id value="a b"/><birthDate value="1970-02-30"/><active value="yes"/></Person>"#,
        &[
            "error primitive-format Person.id",
            "error primitive-range Person.birthDate",
            "error primitive-format Person.active",
        ],
    );
}

#[test]
fn required_bindings_demand_a_code_of_the_set() {
    let report = check(&R4, "{ \"resourceType\": \"Patient\",\n  \"gender\": \"femal\" }");
    assert_eq!(found(&report), ["error binding-required Patient.gender"]);
    let finding = &report.diagnostics[0];
    assert_eq!(finding.position.line, 2);
    assert!(finding.suggestion.as_ref().is_some_and(|s| s.revealed().contains("'female'")), "{finding:?}");
    assert!(!finding.message.masked().contains("femal'"), "{finding:?}");
}

#[test]
fn codings_are_looked_up_in_complete_systems_only() {
    let rows: &[(&str, &[&str])] = &[
        (r#""system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M""#, &[]),
        (
            r#""system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M", "display": "married""#,
            &[],
        ),
        (
            r#""system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M", "display": "Single""#,
            &["error wrong-display Basic.code.coding[0].display"],
        ),
        (
            r#""system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "MM""#,
            &["error unknown-code Basic.code.coding[0].code"],
        ),
        (
            r#""system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "version": "1", "code": "MM""#,
            &["information code-not-checked Basic.code.coding[0].code"],
        ),
        (r#""system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "NNGBR""#, &[]),
        (
            r#""system": "http://snomed.info/sct", "code": "404684003""#,
            &["information code-not-checked Basic.code.coding[0].system"],
        ),
        (
            r#""system": "http://snomed.info/sct", "code": "404684004""#,
            &["warning code-malformed Basic.code.coding[0].code"],
        ),
        (
            r#""system": "http://www.snomed.info/sct/", "code": "404684003""#,
            &["warning coding-system-misspelt Basic.code.coding[0].system"],
        ),
        (r#""system": "urn:iso:std:iso:4217", "code": "GBP""#, &[]),
        (
            r#""system": "urn:iso:std:iso:4217", "code": "GPB""#,
            &["error unknown-code Basic.code.coding[0].code"],
        ),
        (r#""system": "urn:iso:std:iso:3166", "code": "826""#, &[]),
        (
            r#""system": "urn:ietf:bcp:47", "code": "en-UK""#,
            &["error unknown-code Basic.code.coding[0].code"],
        ),
        (
            r#""system": "http://unitsofmeasure.org", "code": "mcg""#,
            &["error unknown-code Basic.code.coding[0].code"],
        ),
        (r#""system": "sct", "code": "1""#, &["error coding-system-relative Basic.code.coding[0].system"]),
        (
            r#""system": "http://hl7.org/fhir/ValueSet/marital-status", "code": "M""#,
            &["error coding-system-is-value-set Basic.code.coding[0].system"],
        ),
        (r#""code": "M""#, &["warning coding-without-system Basic.code.coding[0].code"]),
    ];
    for (members, expected) in rows {
        let payload = format!(r#"{{ "resourceType": "Basic", "code": {{ "coding": [{{ {members} }}] }} }}"#);
        let report = check(&R4, &payload);
        let own: Vec<String> =
            found(&report).into_iter().filter(|line| !line.contains(" binding-")).collect();
        assert_eq!(own, *expected, "{payload}");
    }
}

#[test]
fn what_cannot_be_checked_is_said_once_for_each_system() {
    let coding = r#"{ "system": "http://snomed.info/sct", "code": "404684003" }"#;
    let report = check(
        &R4,
        &format!(r#"{{ "resourceType": "Basic", "code": {{ "coding": [{coding}, {coding}, {coding}] }} }}"#),
    );
    let count = report.diagnostics.iter().filter(|d| d.rule.code == "code-not-checked").count();
    assert_eq!(count, 1);
    assert!(!report.has(Severity::Warning));
}

#[test]
fn narratives_lead_somewhere_and_run_nothing() {
    let rows: &[(&str, &str, &[&str])] = &[
        ("generated", "<p id='x'>text <a href='#x'>up</a> <a href='#c'>contained</a></p>", &[]),
        ("generated", "<p>text <a href='#y'>gone</a></p>", &["error narrative-link Patient.text.div"]),
        ("generated", "<p>text <img src='#y' alt='gone'/></p>", &["error narrative-link Patient.text.div"]),
        (
            "generated",
            "<p>text <a href='urn:uuid:1'>no place</a></p>",
            &["error narrative-link Patient.text.div"],
        ),
        ("generated", "<script>x</script>", &["error narrative-markup Patient.text.div"]),
        ("generated", "<p>text", &["error narrative-malformed Patient.text.div"]),
        ("generated", "&nbsp;", &["error narrative-entity Patient.text.div"]),
        ("generated", " ", &["error narrative-empty Patient.text.div"]),
        ("generated", "<p>a&nbsp;b</p>", &["error narrative-entity Patient.text.div"]),
        ("generated", "<p>a&nosuch;b</p>", &["error narrative-malformed Patient.text.div"]),
        ("generated", "<center>a</center>", &["error narrative-markup Patient.text.div"]),
        ("generated", "<p href='a'>b</p>", &["error narrative-markup Patient.text.div"]),
        ("generated", "<p xmlns='urn:other'>b</p>", &["error narrative-markup Patient.text.div"]),
        ("generated", "<p xmlns='http://www.w3.org/1999/xhtml'>b</p>", &[]),
        ("generated", "<o:p xmlns:o='urn:office'>b</o:p>", &["error narrative-markup Patient.text.div"]),
        ("generated", "<o:p>b</o:p>", &["error narrative-markup Patient.text.div"]),
        ("additional", " ", &["error narrative-empty Patient.text.div"]),
    ];
    for (status, inner, expected) in rows {
        let payload = format!(
            r##"{{ "resourceType": "Patient", "text": {{ "status": "{status}", "div": "<div xmlns='http://www.w3.org/1999/xhtml'>{inner}</div>" }},
                "contained": [{{ "resourceType": "Organization", "id": "c", "name": "Example" }}],
                "managingOrganization": {{ "reference": "#c" }} }}"##
        );
        expect(&R4, &payload, expected);
    }
}

#[test]
fn datatypes_keep_their_own_rules() {
    let rows: &[(&str, &[&str])] = &[
        (
            r#""identifier": [{ "system": "ids", "value": "1" }]"#,
            &["error identifier-system-relative Patient.identifier[0]"],
        ),
        (
            r#""identifier": [{ "system": "urn:ietf:rfc:3986", "value": "1" }]"#,
            &["error identifier-not-uri Patient.identifier[0].value"],
        ),
        (
            r#""identifier": [{ "system": "urn:ietf:rfc:3986", "value": "urn:uuid:1" }]"#,
            &["warning identifier-malformed Patient.identifier[0].value"],
        ),
        (
            r#""identifier": [{ "system": "https://tools.ietf.org/html/rfc4122", "value": "x" }]"#,
            &["warning identifier-malformed Patient.identifier[0].value"],
        ),
        (r#""photo": [{ "contentType": "text/plain", "data": "QUJD", "size": 3 }]"#, &[]),
        (
            r#""photo": [{ "contentType": "text/plain", "data": "QUJD", "size": 4 }]"#,
            &["error attachment-size Patient.photo[0]"],
        ),
    ];
    for (member, expected) in rows {
        expect(&R4, &format!("{{ \"resourceType\": \"Patient\", {member} }}"), expected);
    }
}

#[test]
fn attachments_have_the_size_and_hash_of_their_data() {
    let patient = |members: &str| {
        format!(
            r#"{{ "resourceType": "Patient", "photo": [{{ "contentType": "text/plain", "data": "aGVs bG8=", {members} }}] }}"#
        )
    };
    for (members, expected) in [
        (r#""size": 5, "hash": "qvTGHdzF6KLavt4PO0gs2a6pQ00=""#, None),
        (r#""size": 6"#, Some("error attachment-size Patient.photo[0]")),
        (r#""hash": "rvTGHdzF6KLavt4PO0gs2a6pQ00=""#, Some("error attachment-hash Patient.photo[0].hash")),
    ] {
        for validator in [&*STU3, &*R4] {
            expect(validator, &patient(members), expected.as_slice());
        }
    }
}

#[test]
fn a_security_label_is_given_once() {
    let patient = |first: &str, second: &str| {
        let label = |code: &str| format!(r#"{{ "system": "http://example.org/labels", "code": "{code}" }}"#);
        format!(
            r#"{{ "resourceType": "Patient", "meta": {{ "security": [{}, {}] }} }}"#,
            label(first),
            label(second)
        )
    };
    let others = |report: &Report| -> Vec<String> {
        found(report).into_iter().filter(|line| line.starts_with("error")).collect()
    };
    assert_eq!(others(&check(&R4, &patient("a", "b"))), Vec::<String>::new());
    assert_eq!(
        others(&check(&R4, &patient("a", "a"))),
        ["error duplicate-security-label Patient.meta.security[1]"]
    );
}

#[test]
fn what_stu3_binds_to_a_document_is_checked() {
    let binary =
        |kind: &str| format!(r#"{{ "resourceType": "Binary", "contentType": "{kind}", "content": "QUJD" }}"#);
    expect(&STU3, &binary("text/plain; charset=utf-8"), &[]);
    expect(&STU3, &binary("foo"), &["error binding-required Binary.contentType"]);
    let attachment = |kind: &str| {
        format!(r#"{{ "resourceType": "Patient", "photo": [{{ "contentType": "{kind}", "title": "a" }}] }}"#)
    };
    for validator in [&*STU3, &*R4] {
        expect(validator, &attachment("image/png"), &[]);
        expect(validator, &attachment("image"), &["error binding-required Patient.photo[0].contentType"]);
    }
}

#[test]
fn the_currency_of_stu3_money_is_one() {
    let account = |code: &str| {
        format!(
            r#"{{ "resourceType": "Account", "balance":
  {{ "value": 1, "system": "urn:iso:std:iso:4217", "code": "{code}" }} }}"#
        )
    };
    expect(&STU3, &account("GBP"), &[]);
    expect(&STU3, &account("GBX"), &["error unknown-code Account.balance.code"]);
}

#[test]
fn the_id_of_a_resource_has_an_id_in_stu3_alone() {
    let patient =
        |member: &str| format!(r#"{{ "resourceType": "Patient", "id": "a", "_id": {{ {member} }} }}"#);
    let extended = r#""extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked" }]"#;
    let is_refused = |validator: &Validator, member: &str| {
        check(validator, &patient(member)).diagnostics.iter().any(|d| d.rule.code == "resource-id-extended")
    };
    assert!(!is_refused(&STU3, r#""id": "b""#));
    assert!(is_refused(&R4, r#""id": "b""#));
    assert!(is_refused(&STU3, extended) && is_refused(&R4, extended));
}

#[test]
fn changes_are_no_part_of_a_narrative() {
    let patient = |inner: &str| {
        format!(
            r#"{{ "resourceType": "Patient", "text": {{ "status": "generated",
  "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>" }} }}"#
        )
    };
    let refused = ["error narrative-markup Patient.text.div"];
    expect(&R4, &patient("<p>a <ins>b</ins></p>"), &refused);
    // A finding on an element is not repeated for its attributes.
    expect(&R4, &patient("<del cite='http://example.org'>b</del>"), &refused);
}
