//! Reads OperationDefinition.

use ers_fhir_values::FhirVersion;

use crate::datum::Datum;
use crate::definition::{Max, OperationDefinition, OperationLevels, OperationParameter};
use crate::error::ReadError;

/// Reads an OperationDefinition of either release.
pub fn read(resource: &Datum, version: FhirVersion) -> Result<OperationDefinition, ReadError> {
    let required = |name: &str| {
        let value = resource.str(name).map(str::to_owned);
        value.ok_or_else(|| ReadError::missing(format!("OperationDefinition.{name}")))
    };
    let flag = |name: &str| resource.bool(name).unwrap_or(false);
    let text = |name: &str| resource.str(name).map(str::to_owned);
    Ok(OperationDefinition {
        url: required("url")?,
        name: required("name")?,
        code: required("code")?,
        resources: resource.all("resource").filter_map(|d| d.text.as_deref()).map(str::to_owned).collect(),
        levels: OperationLevels {
            system: flag("system"),
            type_level: flag("type"),
            instance: flag("instance"),
        },
        input_profile: text("inputProfile"),
        output_profile: text("outputProfile"),
        description: text("description"),
        parameters: resource
            .all("parameter")
            .map(|datum| parameter(datum, version))
            .collect::<Result<_, _>>()?,
    })
}

fn parameter(datum: &Datum, version: FhirVersion) -> Result<OperationParameter, ReadError> {
    let path = |name: &str| format!("OperationDefinition.parameter.{name}");
    let name = datum.str("name").ok_or_else(|| ReadError::missing(path("name")))?.to_owned();
    let is_input = match datum.str("use") {
        Some("in") => true,
        Some("out") => false,
        Some(other) => return Err(ReadError::invalid(path("use"), other, "'in' or 'out'")),
        None => return Err(ReadError::missing(path("use"))),
    };
    let max = match datum.str("max") {
        Some("*") => Max::Unbounded,
        Some(text) => Max::Count(
            text.parse().map_err(|_| ReadError::invalid(path("max"), text, "a whole number or '*'"))?,
        ),
        None => return Err(ReadError::missing(path("max"))),
    };
    let min = datum.number("min").ok_or_else(|| ReadError::missing(path("min")))?;
    let profiles = match version {
        // A Reference to the profile, against a canonical in R4.
        FhirVersion::Stu3 => {
            datum.all("profile").filter_map(|d| d.str("reference")).map(str::to_owned).collect()
        }
        FhirVersion::R4 => {
            datum.all("targetProfile").filter_map(|d| d.text.as_deref()).map(str::to_owned).collect()
        }
    };
    let type_name = datum.str("type").map(str::to_owned);
    Ok(OperationParameter { name, is_input, min, max, type_name, profiles })
}
