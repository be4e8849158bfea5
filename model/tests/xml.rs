//! XML: the same as JSON, and wrong in the same places.

use ers_fhir_model::ers::stu3::ErsPatient;
use ers_fhir_model::r4;
use ers_fhir_model::runtime::{Json, Profile, ReadError, ReadOptions, Xml};
use ers_fhir_model::stu3::{Bundle, HumanName, Parameters, Patient, Resource};

/// Both syntaxes of one value.
fn same<T: Json + Xml>(json: &str, xml: &str) {
    assert_eq!(T::from_json(json).expect("JSON").to_xml().as_deref(), Ok(xml));
    assert_eq!(T::from_xml_with(xml, ReadOptions::strict()).expect("XML").to_json(), json);
}

fn faults<T: Xml>(xml: &str, options: ReadOptions) -> Vec<(String, &'static str, usize, usize)> {
    let error: ReadError = T::from_xml_with(xml, options).err().expect("it is refused");
    let violations = error.violations().iter();
    violations.map(|found| (found.path.clone(), found.code, found.line, found.column)).collect()
}

#[test]
fn both_syntaxes_hold_the_same() {
    same::<Patient>(
        concat!(
            r#"{"resourceType":"Patient","id":"a","text":{"status":"generated","#,
            r#""div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>A &amp; B</p></div>"},"active":true,"#,
            r#""name":[{"family":"Ö\"<\n","given":["Ann",null,"Bo"],"_given":[null,{"extension":[{"url":"u","valueDecimal":1.50}]},"#,
            r#"{"id":"b"}]}],"_birthDate":{"id":"d"},"multipleBirthInteger":2}"#
        ),
        concat!(
            r#"<Patient xmlns="http://hl7.org/fhir"><id value="a"/><text><status value="generated"/>"#,
            r#"<div xmlns="http://www.w3.org/1999/xhtml"><p>A &amp; B</p></div></text><active value="true"/>"#,
            r#"<name><family value="Ö&quot;&lt;&#10;"/><given value="Ann"/><given><extension url="u">"#,
            r#"<valueDecimal value="1.50"/></extension></given><given id="b" value="Bo"/></name>"#,
            r#"<birthDate id="d"/><multipleBirthInteger value="2"/></Patient>"#
        ),
    );
    same::<r4::Patient>(
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"N"}]}"#,
        concat!(
            r#"<Patient xmlns="http://hl7.org/fhir"><contained><Organization><id value="o"/>"#,
            r#"<name value="N"/></Organization></contained></Patient>"#
        ),
    );
    same::<HumanName>(
        r#"{"id":"n","family":"F"}"#,
        r#"<HumanName xmlns="http://hl7.org/fhir" id="n"><family value="F"/></HumanName>"#,
    );
    same::<Resource>(
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p"}}]}"#,
        concat!(
            r#"<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><entry><resource><Patient>"#,
            r#"<id value="p"/></Patient></resource></entry></Bundle>"#
        ),
    );
}

#[test]
fn a_profile_struct_is_the_xml_of_its_base() {
    let json = concat!(
        r#"{"resourceType":"Patient","id":"9990554455","meta":{"profile":["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Patient-1"]},"#,
        r#""identifier":[{"system":"http://fhir.nhs.net/Id/nhs-number","value":"9990554455"}]}"#
    );
    let patient = ErsPatient::from_json(json).expect("it follows its profile");
    let xml = patient.to_xml().expect("it has XML");
    assert_eq!(patient.to_base().to_xml().as_deref(), Ok(xml.as_str()));
    assert_eq!(ErsPatient::from_xml(&xml).expect("XML").to_json(), patient.to_json());
}

#[test]
fn what_is_wrong_is_found_at_its_place() {
    let xml = "<Patient xmlns=\"http://hl7.org/fhir\">\n  <active value=\"yes\"/>\n  <gender value=\"male\"/>\n  <gender value=\"male\"/>\n</Patient>";
    let [active, gender] =
        <[_; 2]>::try_from(faults::<Patient>(xml, ReadOptions::lenient())).expect("two faults");
    assert_eq!(active, ("Patient.active".to_owned(), "kind", 2, 3));
    assert_eq!((gender.0.as_str(), gender.1, gender.2), ("Patient.gender", "twice", 4));
    // A code outside its value set, and an attribute where an element belongs, are refused by those who are strict.
    let xml = "<Patient xmlns=\"http://hl7.org/fhir\">\n <gender value=\"m\"/></Patient>";
    assert!(Patient::from_xml(xml).is_ok());
    assert_eq!(faults::<Patient>(xml, ReadOptions::strict())[0].1, "code");
    let unknown = "<Patient xmlns=\"http://hl7.org/fhir\">\n<name>\n<nick value=\"x\"/></name></Patient>";
    assert_eq!(
        faults::<Patient>(unknown, ReadOptions::lenient()),
        [("Patient.name[0].nick".to_owned(), "unknown-element", 3, 1)]
    );
}

#[test]
fn nothing_is_lost_in_silence() {
    let refused = |xml: &str| faults::<Bundle>(xml, ReadOptions::lenient())[0].1;
    let bundle = |inside: &str| {
        format!("<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"collection\"/>{inside}</Bundle>")
    };
    for (inside, code) in [
        ("text", "xml"),
        ("<entry><resource><Basic/></resource></entry>", "xml"),
        ("<entry><resource><Patient/><Patient/></resource></entry>", "xml"),
        ("<entry><resource/></entry>", "missing"),
        ("<entry value=\"1\"/>", "kind"),
        ("<total><b/></total>", "unknown-element"),
        ("<total value=\"1\" unit=\"x\"/>", "unknown-element"),
    ] {
        assert_eq!(refused(&bundle(inside)), code, "{inside}");
    }
    assert_eq!(refused("<Patient xmlns=\"http://hl7.org/fhir\"/>"), "resource-type");
    assert_eq!(refused("{\"resourceType\":\"Bundle\"}"), "xml");
    assert_eq!(refused("<Bundle xmlns=\"http://hl7.org/fhir\">"), "xml");
    assert_eq!(refused("<!DOCTYPE Bundle []><Bundle xmlns=\"http://hl7.org/fhir\"/>"), "xml");
    let deep = format!("{}{}", "<a>".repeat(5000), "</a>".repeat(5000));
    assert_eq!(refused(&deep), "depth");
}

#[test]
fn what_xml_cannot_hold_is_said() {
    let not_xml =
        |json: &str| Parameters::from_json(json).expect("JSON").to_xml().expect_err("it has no XML");
    let held = |resource: &str| {
        format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"a","resource":{resource}}}]}}"#)
    };
    for resource in [
        r#"{"resourceType":"Basic"}"#,
        r#"{"resourceType":"Patient","nick":"x"}"#,
        r#"{"resourceType":"Patient","id":"a\u0001"}"#,
        r#"{"resourceType":"Patient","name":[{"given":["a",null]}]}"#,
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">&nbsp;</div>"}}"#,
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"/></text><b/><text>"}}"#,
    ] {
        let error = not_xml(&held(resource));
        assert!(error.path.starts_with("Parameters.parameter[0].resource"), "{error}");
        assert!(!error.to_string().contains("nick") && !error.reason.is_empty());
    }
}

#[test]
fn files_and_connections_work() {
    let xml = r#"<HumanName xmlns="http://hl7.org/fhir"><family value="F"/></HumanName>"#;
    let name = HumanName::from_xml_reader(xml.as_bytes()).expect("XML");
    let mut out = Vec::new();
    name.to_xml_writer(&mut out).expect("XML");
    assert_eq!(out, xml.as_bytes());
    assert!(HumanName::from_xml_reader(&b"<"[..]).is_err());
}

#[test]
fn an_element_that_is_called_resource_type_is_no_type() {
    let refused = |inside: &str| {
        let xml = format!("<Patient xmlns=\"http://hl7.org/fhir\">{inside}</Patient>");
        faults::<Patient>(&xml, ReadOptions::lenient())
    };
    for inside in [
        "<name><resourceType><id value=\"a\"/></resourceType></name>",
        "<name><resourceType value=\"a\"/></name>",
    ] {
        let [fault] = <[_; 1]>::try_from(refused(inside)).expect("one fault");
        assert_eq!((fault.0.as_str(), fault.1), ("Patient.name[0].resourceType", "unknown-element"));
    }
}
