//! One list of valid and invalid texts of the primitive types, and one answer to each: by the validator,
//! the typed model, JSON Schema and FHIRPath.
//!
//! A text is put where a Patient holds a value of its type. Where an answer differs, the difference is
//! listed with its reason, and one that is listed and does not show fails as well.

use std::sync::{Arc, LazyLock};

use ers_fhir_codegen::schema::JsonSchema;
use ers_fhir_fhirpath::{Detached, Expression, Node};
use ers_fhir_model::runtime::{Json, ReadOptions};
use ers_fhir_model::{r4, stu3};
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Severity, Validator};
use ers_fhir_values::Primitive as P;
use ers_fhir_values::lexical::table::ROWS;
use jsonschema::Validator as Schema;
use serde_json::{Value, json};

/// A release, and the validator for its payloads.
struct Release {
    version: FhirVersion,
    validator: Validator,
    schema: Schema,
    model: fn(&str) -> bool,
}

impl Release {
    fn new(version: FhirVersion, model: fn(&str) -> bool) -> Self {
        let schema = JsonSchema::new(Arc::new(Definitions::embedded(version)))
            .generate("http://hl7.org/fhir/StructureDefinition/Patient")
            .expect("Patient has a schema");
        let schema = jsonschema::draft202012::new(&schema).expect("it is a schema");
        Self { version, validator: Validator::new(Definitions::embedded(version)), schema, model }
    }

    fn accepts(&self, payload: &str) -> [(&'static str, bool); 3] {
        let report = self.validator.check(payload.as_bytes(), &Options::default());
        let is_clean = report.all().all(|found| found.severity < Severity::Error);
        let parsed: Option<Value> = serde_json::from_str(payload).ok();
        [
            ("validator", is_clean),
            ("model", (self.model)(payload)),
            ("JSON Schema", parsed.is_some_and(|payload| self.schema.is_valid(&payload))),
        ]
    }
}

static STU3: LazyLock<Release> = LazyLock::new(|| {
    Release::new(FhirVersion::Stu3, |json| stu3::Patient::from_json_with(json, ReadOptions::strict()).is_ok())
});
static R4: LazyLock<Release> = LazyLock::new(|| {
    Release::new(FhirVersion::R4, |json| r4::Patient::from_json_with(json, ReadOptions::strict()).is_ok())
});

/// A Patient that holds the text as a value of that type; `None` where the release has no place for it.
fn payload(primitive: P, text: &str, version: FhirVersion) -> Option<String> {
    if version == FhirVersion::Stu3 && matches!(primitive, P::Canonical | P::Url | P::Uuid) {
        return None;
    }
    let value = match primitive {
        // What is not JSON here is read by neither side, and valid for neither.
        P::Boolean | P::Decimal | P::Integer | P::PositiveInt | P::UnsignedInt => text.to_owned(),
        _ => json!(text).to_string(),
    };
    if primitive == P::Xhtml {
        return Some(format!(
            r#"{{"resourceType":"Patient","text":{{"status":"additional","div":{value}}},"active":true}}"#
        ));
    }
    let (first, rest) = primitive.code().split_at(1);
    let name = format!("value{}{rest}", first.to_uppercase());
    Some(format!(
        r#"{{"resourceType":"Patient","extension":[{{"url":"http://example.org/e","{name}":{value}}}]}}"#
    ))
}

/// Which code differs from the table, for which text, in which release.
const DIFFERENCES: &[(&str, P, &str, FhirVersion)] = &[
    // A schema sees the number, not its exponent ...
    ("JSON Schema", P::Decimal, "1.5e-3", FhirVersion::Stu3),
    // ... and a whole one however it is written.
    ("JSON Schema", P::Integer, "1.0", FhirVersion::Stu3),
    ("JSON Schema", P::Integer, "1.0", FhirVersion::R4),
    ("JSON Schema", P::Integer, "1e2", FhirVersion::Stu3),
    ("JSON Schema", P::Integer, "1e2", FhirVersion::R4),
    // A number has no sign where it is zero.
    ("JSON Schema", P::UnsignedInt, "-0", FhirVersion::Stu3),
    ("JSON Schema", P::UnsignedInt, "-0", FhirVersion::R4),
];

#[test]
fn every_text_is_valid_to_all_or_to_none() {
    let mut found = Vec::new();
    let mut asked = 0;
    for &(primitive, text, in_stu3, in_r4) in ROWS {
        for (release, expected) in [(&*STU3, in_stu3), (&*R4, in_r4)] {
            let Some(payload) = payload(primitive, text, release.version) else { continue };
            asked += 1;
            for (who, answer) in release.accepts(&payload) {
                if answer != expected {
                    found.push((who, primitive, text, release.version));
                }
            }
        }
    }
    assert!(asked > ROWS.len(), "{asked}");
    assert_eq!(found, DIFFERENCES);
}

/// A text on its own, as FHIRPath sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Text(&'static str);

impl Node for Text {
    type Children = std::iter::Empty<Self>;

    fn name(&self) -> &'static str {
        "value"
    }

    fn type_name(&self) -> Option<&'static str> {
        Some("string")
    }

    fn text(&self) -> Option<&'static str> {
        Some(self.0)
    }

    fn children(&self) -> Self::Children {
        std::iter::empty()
    }
}

/// The function that tells whether a text has the form of a type; `None` for a type that FHIRPath does not have,
/// or whose every text is one.
fn conversion(primitive: P) -> Option<&'static str> {
    Some(match primitive {
        P::Boolean => "convertsToBoolean()",
        P::Date => "convertsToDate()",
        P::DateTime => "convertsToDateTime()",
        P::Decimal => "convertsToDecimal()",
        P::Integer => "convertsToInteger()",
        P::Time => "convertsToTime()",
        _ => return None,
    })
}

/// Texts that FHIRPath converts, or refuses, by its own grammar, whatever FHIR says of them in R4.
///
/// Source: <http://hl7.org/fhirpath/N1/#conversion>.
const OF_FHIRPATH: &[(P, &str)] = &[
    // Words and numbers stand for truth.
    (P::Boolean, "1"),
    (P::Boolean, "True"),
    // The date of a date and time.
    (P::Date, "1970-03-30T10:00:00Z"),
    // Seconds, minutes and the zone may be missing.
    (P::DateTime, "1970-03-30T10:20:30"),
    (P::DateTime, "1970-03-30T10:20Z"),
    (P::DateTime, "1970-03-30T10Z"),
    // A number has no exponent, but may have a sign and leading zeros; an integer has 64 bits here.
    (P::Decimal, "1.5e-3"),
    (P::Decimal, "01.5"),
    (P::Decimal, "+1.5"),
    (P::Integer, "2147483648"),
    (P::Integer, "007"),
    // As for a date and time.
    (P::Time, "10:20"),
];

#[test]
fn fhirpath_converts_what_is_valid_but_for_its_own_grammar() {
    let mut found = Vec::new();
    for &(primitive, text, _, in_r4) in ROWS {
        let Some(function) = conversion(primitive) else { continue };
        let expression = Expression::parse(function).expect("it is a function");
        let answer = expression.evaluate_bool(&Detached, Text(text)).expect("it can be asked");
        if answer != Some(in_r4) {
            found.push((primitive, text));
        }
    }
    assert_eq!(found, OF_FHIRPATH);
}
