//! Content that is written in the wrong way, or in the wrong place, in JSON and XML, in both releases.

use std::sync::LazyLock;

use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Severity, Validator};

static STU3: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::R4)));

/// Code or invariant of each warning and error.
fn found(validator: &Validator, payload: &str) -> Vec<String> {
    let report = validator.check(payload.as_bytes(), &Options { lists_effects: true, ..Options::default() });
    let shown = report.diagnostics.iter().filter(|d| d.severity >= Severity::Warning);
    shown.map(|d| d.key.as_deref().unwrap_or(d.rule.code).to_owned()).collect()
}

/// Both releases find only that, or nothing if it is empty.
#[track_caller]
fn expect(payload: &str, code: &str) {
    let expected: &[&str] = if code.is_empty() { &[] } else { &[code] };
    for validator in [&*STU3, &*R4] {
        assert_eq!(found(validator, payload), expected, "{payload}");
    }
}

fn narrative(markup: &str) -> String {
    let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{markup}</div>");
    let div = div.replace('"', "\\\"").replace('\n', "\\n");
    format!(r#"{{ "resourceType": "Patient", "text": {{ "status": "generated", "div": "{div}" }} }}"#)
}

#[test]
fn a_period_is_compared_as_far_as_it_is_known() {
    for (start, end, code) in [
        ("2020-06-01", "2020-06-02", ""),
        ("2020-06-02", "2020-06-02", ""),
        ("2020-06-02", "2020-06-01", "per-1"),
        ("2021", "2020", "per-1"),
        ("2020-06", "2020-05", "per-1"),
        ("2020-06-02", "2020-05", "per-1"),
        ("2020-05", "2020", ""),
        ("2020", "2020-05-03", ""),
        ("2020-06-02T10:00:00Z", "2020-06-02", ""),
        ("2020-06-02T10:00:00Z", "2020-06-02T09:59:00Z", "per-1"),
        ("2020-06-02T10:00:00+02:00", "2020-06-02T08:30:00Z", ""),
    ] {
        expect(
            &format!(
                r#"{{ "resourceType": "Patient", "identifier": [{{ "value": "7",
                     "period": {{ "start": "{start}", "end": "{end}" }} }}] }}"#
            ),
            code,
        );
    }
}

#[test]
fn only_a_resource_has_a_resource_type() {
    for member in [
        r#""name": [{ "resourceType": "HumanName", "family": "Jones" }]"#,
        r#""contact": [{ "resourceType": "Patient", "name": { "family": "Jones" } }]"#,
        r#""birthDate": "1970-01-01", "_birthDate": { "id": "b", "resourceType": "date" }"#,
    ] {
        expect(&format!(r#"{{ "resourceType": "Patient", {member} }}"#), "unknown-element");
    }
    let embedded = r#""managingOrganization": { "resourceType": "Organization", "display": "RXL" }"#;
    expect(&format!(r#"{{ "resourceType": "Patient", {embedded} }}"#), "wrong-json-kind");
    let entry = |member: &str| {
        format!(
            r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [{{ {member}
                 "fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
                 "resource": {{ "resourceType": "Patient", "active": true }} }}] }}"#
        )
    };
    expect(&entry(""), "");
    expect(&entry(r#""resourceType": "Patient","#), "unknown-element");
}

#[test]
fn xml_has_attributes_where_the_definition_says() {
    for (content, code) in [
        (r#"<id value="p"/><active id="a" value="true"/>"#, ""),
        (r#"<contact id="c"><name id="n"><family value="Jones"/></name></contact>"#, ""),
        (r#"<birthDate value="1970"><id value="b"/></birthDate>"#, "xml-attribute"),
        (r#"<contact><id value="c"/><name><family value="Jones"/></name></contact>"#, "xml-attribute"),
        (r#"<name><id value="n"/><family value="Jones"/></name>"#, "xml-attribute"),
        (r#"<name family="Jones"/>"#, "xml-attribute"),
        (r#"<name><?app x?><family value="Jones"/></name>"#, "xml-instruction"),
    ] {
        expect(&format!(r#"<Patient xmlns="http://hl7.org/fhir">{content}</Patient>"#), code);
    }
    let patient = |attribute: &str| {
        format!(
            "<Patient xmlns=\"http://hl7.org/fhir\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
             {attribute}><active value=\"true\"/></Patient>"
        )
    };
    expect(&patient(r#"xsi:schemaLocation="http://hl7.org/fhir fhir.xsd""#), "");
    expect(&patient(r#"xsi:type="Patient""#), "wrong-namespace");
    expect(&patient(r#"id="p""#), "xml-attribute");
    expect(
        r#"<?xml-stylesheet href="a.css"?><Patient xmlns="http://hl7.org/fhir"><id value="a"/></Patient>"#,
        "",
    );
    expect(r#"<?app x?><Patient xmlns="http://hl7.org/fhir"><id value="a"/></Patient>"#, "xml-instruction");
    expect(r#"<Patient xmlns="http://hl7.org/fhir"/>"#, "empty-element");
    expect(r#"<Parameters xmlns="http://hl7.org/fhir"/>"#, "");
}

#[test]
fn a_narrative_holds_what_html_puts_there() {
    for good in [
        "<p>a<br/><b>b <i>c</i></b></p><ul><li>d<ul><li>e</li></ul></li></ul>",
        "<dl><dt>a</dt><dd>b<ul><li>c</li></ul></dd></dl>",
        "<table><caption>a</caption><colgroup><col/></colgroup><thead><tr><th>b</th></tr></thead><tbody><tr><td><p>c</p></td></tr></tbody></table>",
        "<table>\n <tr> <td>a</td> </tr>\n</table>",
        "<blockquote><p>a</p></blockquote><p>b</p>",
        "<p>a <a href=\"http://example.org\">b</a> <a name=\"c\">d</a></p>",
    ] {
        expect(&narrative(good), "");
    }
    for bad in [
        "<p><p>a</p></p>",
        "<p><ul><li>a</li></ul></p>",
        "<h1><div>a</div></h1>",
        "<b><table><tr><td>a</td></tr></table></b>",
        "<ul>a<li>b</li></ul>",
        "<ol><p>a</p></ol>",
        "<dl>a<dt>b</dt></dl>",
        "<table>a<tr><td>b</td></tr></table>",
        "<table><tr><p>a</p></tr></table>",
        "<li>a</li>",
        "<tr><td>a</td></tr>",
        "<p>a<br>b</br></p>",
        "<hr>a</hr>",
        "<a href=\"http://example.org\">a <b><a href=\"http://example.org\">b</a></b></a>",
    ] {
        expect(&narrative(bad), "narrative-content");
    }
}

#[test]
fn links_of_a_narrative_are_urls() {
    let link = |url: &str| narrative(&format!("<p><a href=\"{url}\">a</a></p>"));
    for good in ["http://example.org/a?b=c", "a.html", "data:text/plain,abc", "mailto:jo@example.org"] {
        expect(&link(good), "");
    }
    for bad in
        ["", " ", "http://example.org/a b", "http://example.org/{id}", "data:text/plain", "urn:oid:1.2"]
    {
        expect(&link(bad), "narrative-link");
    }
    expect(&narrative("<p>a<img src=\"\" alt=\"b\"/></p>"), "narrative-link");
    expect(&narrative("<p>a<img src=\"data:image/png;base64,*\" alt=\"b\"/></p>"), "narrative-link");
    expect(&narrative("<p class=\"a\" class=\"b\">c</p>"), "narrative-malformed");
    expect(&narrative("<p data-x=\"a\">c</p>"), "narrative-markup");
    let prefixed = |namespace: &str| {
        format!(
            r#"{{ "resourceType": "Patient", "text": {{ "status": "generated",
                 "div": "<h:div xmlns:h=\"{namespace}\"><h:p>a</h:p></h:div>" }} }}"#
        )
    };
    expect(&prefixed("http://www.w3.org/1999/xhtml"), "");
    assert!(found(&R4, &prefixed("http://example.org")).contains(&"narrative-root".to_owned()));
}

#[test]
fn links_of_bundles_and_full_urls() {
    let bundle = |kind: &str, relation: &str| {
        format!(
            r#"{{ "resourceType": "Bundle", "type": "{kind}",
                 "link": [{{ "relation": "{relation}", "url": "https://e.example/fhir" }}] }}"#
        )
    };
    for kind in ["collection", "batch", "transaction", "batch-response", "transaction-response"] {
        expect(&bundle(kind, "next"), "bundle-link");
        expect(&bundle(kind, "self"), "");
    }
    expect(&bundle("searchset", "next"), "");
    let definition = |id: &str, full_url: &str| {
        format!(
            r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [{{ "fullUrl": "{full_url}", "resource": {{
                 "resourceType": "CodeSystem", {id} "url": "http://example.org/mine", "name": "Mine", "status": "draft",
                 "content": "not-present" }} }}] }}"#
        )
    };
    let mismatches = |payload: &str| {
        let count = |validator| {
            found(validator, payload).iter().filter(|code| *code == "bundle-full-url-mismatch").count()
        };
        [count(&*STU3), count(&*R4)]
    };
    assert_eq!(mismatches(&definition(r#""id": "a","#, "http://example.org/mine")), [1, 1]);
    assert_eq!(mismatches(&definition(r#""id": "a","#, "http://example.org/CodeSystem/a")), [0, 0]);
    assert_eq!(mismatches(&definition("", "http://example.org/mine")), [0, 0]);
}

#[test]
fn a_conditional_reference_asks_for_something() {
    for (text, code) in [
        ("Organization?identifier=http://example.org|7", ""),
        ("Organization?identifier=7&active=true", ""),
        ("Organization?", "reference-format"),
        ("Organization?foo", "reference-format"),
    ] {
        expect(
            &format!(
                r#"{{ "resourceType": "Patient", "managingOrganization": {{ "reference": "{text}" }} }}"#
            ),
            code,
        );
    }
}

#[test]
fn a_reference_to_a_definition_is_absolute() {
    let plan = |canonical: &str| {
        format!(
            r#"{{ "resourceType": "CarePlan", "status": "active", "intent": "plan",
                 "subject": {{ "reference": "Patient/1" }}, "instantiatesCanonical": ["{canonical}"] }}"#
        )
    };
    assert_eq!(found(&R4, &plan("http://example.org/PlanDefinition/1|2")), [""; 0]);
    for relative in ["PlanDefinition/1", "foo", "#missing"] {
        assert_eq!(found(&R4, &plan(relative)), ["canonical-relative"], "{relative}");
    }
}

#[test]
fn the_widest_set_of_a_binding_is_closed() {
    let patient = |system: &str, code: &str| {
        format!(
            r#"{{ "resourceType": "Patient", "communication": [{{ "language": {{ "coding": [
                 {{ "system": "{system}", "code": "{code}" }}] }} }}] }}"#
        )
    };
    let widest = |payload: &str| -> Vec<Severity> {
        let report = R4.check(payload.as_bytes(), &Options { lists_effects: true, ..Options::default() });
        let own = report.diagnostics.iter().filter(|d| d.rule.code == "binding-widest");
        own.map(|d| d.severity).collect()
    };
    assert_eq!(widest(&patient("urn:ietf:bcp:47", "en-GB")), []);
    assert_eq!(widest(&patient("http://hl7.org/fhir/administrative-gender", "male")), [Severity::Error]);
    assert_eq!(widest(&patient("http://example.org/languages", "en")), [Severity::Warning]);
}
