//! Reads `ElementDefinition.type`: one [`TypeRef`] for each code.

use ers_fhir_values::FhirVersion;

use crate::datum::Datum;
use crate::definition::TypeRef;
use crate::error::ReadError;

use super::text::{extension_text, texts};
use super::{codes, r4, stu3};

/// The types of an element, in order of their first mention.
///
/// STU3 repeats a type for each of its profiles and targets; R4 lists them under one. Repeats are
/// joined in both.
pub(super) fn read(
    element: &Datum,
    version: FhirVersion,
    at: &impl Fn(&str) -> String,
) -> Result<Vec<TypeRef>, ReadError> {
    let mut types: Vec<TypeRef> = Vec::new();
    for datum in element.all("type") {
        let read = one(element, datum, version, at)?;
        match types.iter_mut().find(|t| t.code == read.code) {
            Some(seen) => join(seen, read),
            None => types.push(read),
        }
    }
    Ok(types)
}

fn one(
    element: &Datum,
    datum: &Datum,
    version: FhirVersion,
    at: &impl Fn(&str) -> String,
) -> Result<TypeRef, ReadError> {
    let (code, fhir_type) = match version {
        FhirVersion::Stu3 => stu3::type_code(element, datum),
        FhirVersion::R4 => r4::type_code(datum),
    }
    .ok_or_else(|| ReadError::missing(at("type.code")))?;
    let (code, fhir_type) =
        if is_attribute(element) { attribute(code, fhir_type) } else { (code, fhir_type) };
    let aggregation =
        |d: &Datum| codes::aggregation(d.text.as_deref().unwrap_or_default(), || at("type.aggregation"));
    // STU3 and R4 put the lexical rule under different extension URLs.
    let regex = extension_text(datum, "regex").or_else(|| extension_text(datum, "structuredefinition-regex"));
    Ok(TypeRef {
        code,
        profiles: datum.all("profile").filter_map(profile).collect(),
        target_profiles: texts(datum, "targetProfile"),
        aggregation: datum.all("aggregation").map(aggregation).collect::<Result<_, _>>()?,
        regex: regex.map(str::to_owned),
        fhir_type,
    })
}

/// A profile of a type; if only one of its elements is meant, `canonical#element-id`.
fn profile(datum: &Datum) -> Option<String> {
    let canonical = datum.text.as_deref()?;
    Some(match extension_text(datum, "elementdefinition-profile-element") {
        Some(element) => format!("{canonical}#{element}"),
        None => canonical.to_owned(),
    })
}

/// Whether an element is written as an XML attribute.
fn is_attribute(element: &Datum) -> bool {
    element.all("representation").any(|r| r.text.as_deref() == Some("xmlAttr"))
}

/// The type of an attribute (`Element.id`, `Extension.url`), which cannot have an id or extensions
/// of its own. R4 says so by giving it a system type; STU3, and profiles of both, write the FHIR
/// type.
fn attribute(code: String, fhir_type: Option<String>) -> (String, Option<String>) {
    match code.as_str() {
        "string" | "uri" => ("System.String".to_owned(), Some(code)),
        _ => (code, fhir_type),
    }
}

fn join(seen: &mut TypeRef, repeat: TypeRef) {
    fn add<T: PartialEq>(to: &mut Vec<T>, from: Vec<T>) {
        for item in from {
            if !to.contains(&item) {
                to.push(item);
            }
        }
    }
    // A type without targets allows any, so joining must not narrow it.
    if seen.target_profiles.is_empty() || repeat.target_profiles.is_empty() {
        seen.target_profiles.clear();
    } else {
        add(&mut seen.target_profiles, repeat.target_profiles);
    }
    if seen.profiles.is_empty() || repeat.profiles.is_empty() {
        seen.profiles.clear();
    } else {
        add(&mut seen.profiles, repeat.profiles);
    }
    add(&mut seen.aggregation, repeat.aggregation);
    seen.regex = seen.regex.take().or(repeat.regex);
    seen.fhir_type = seen.fhir_type.take().or(repeat.fhir_type);
}
