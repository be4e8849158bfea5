//! Corrections of faults in the published definitions: one function for each.
//!
//! A correction says whether it found its fault. One that did not is stale, and the distiller stops:
//! the publisher has mended the fault, or the correction names it wrongly.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::version::FhirVersion;

/// A correction of one published structure.
pub(super) struct Fixup {
    name: &'static str,
    version: FhirVersion,
    /// Id of the structure.
    structure: &'static str,
    apply: fn(&mut [Value]) -> bool,
}

const FIXUPS: [Fixup; 6] = [
    Fixup {
        name: "element_has_value_or_children",
        version: FhirVersion::Stu3,
        structure: "Element",
        apply: element_has_value_or_children,
    },
    Fixup {
        name: "consent_directive_names_agents",
        version: FhirVersion::Stu3,
        structure: "consentdirective",
        apply: consent_directive_names_agents,
    },
    Fixup {
        name: "full_url_may_be_absent",
        version: FhirVersion::Stu3,
        structure: "Bundle",
        apply: full_url_may_be_absent,
    },
    Fixup {
        name: "full_url_may_be_absent",
        version: FhirVersion::R4,
        structure: "Bundle",
        apply: full_url_may_be_absent,
    },
    Fixup {
        name: "probability_may_be_absent",
        version: FhirVersion::Stu3,
        structure: "RiskAssessment",
        apply: probability_may_be_absent,
    },
    Fixup {
        name: "probability_may_be_absent",
        version: FhirVersion::R4,
        structure: "RiskAssessment",
        apply: probability_may_be_absent,
    },
];

/// `ele-1` joins its two conditions with `|`, which makes a collection of both; R4 has `or`.
fn element_has_value_or_children(elements: &mut [Value]) -> bool {
    mend_expression(elements, "ele-1", "hasValue() | (", |expression| expression.replace(" | ", " or "))
}

/// `bdl-8` is empty, and so not true, for the entries without `fullUrl` that a Bundle may have.
fn full_url_may_be_absent(elements: &mut [Value]) -> bool {
    mend_expression(elements, "bdl-8", "fullUrl.contains(", |rule| format!("fullUrl.exists() implies {rule}"))
}

/// `ras-2` is empty, and so not true, for predictions without a probability.
fn probability_may_be_absent(elements: &mut [Value]) -> bool {
    mend_expression(elements, "ras-2", "probability is decimal implies", |rule| {
        format!("probability.exists() implies ({rule})")
    })
}

/// Rewrites the expression of an invariant, if it starts as the fault does.
fn mend_expression(
    elements: &mut [Value],
    key: &str,
    start: &str,
    mend: impl FnOnce(&str) -> String,
) -> bool {
    let mut constraints = elements
        .iter_mut()
        .filter_map(|element| element.get_mut("constraint")?.as_array_mut())
        .flatten()
        .filter(|constraint| constraint["key"] == key);
    match constraints.next().and_then(|constraint| constraint.get_mut("expression")) {
        Some(Value::String(expression)) if expression.starts_with(start) => {
            *expression = mend(expression);
            true
        }
        _ => false,
    }
}

/// The profile is of an earlier Contract, whose agents were actors, and whose actors were entities.
fn consent_directive_names_agents(elements: &mut [Value]) -> bool {
    let mut found = false;
    for element in elements.iter_mut().filter_map(Value::as_object_mut) {
        for name in ["id", "path"] {
            let Some(Value::String(path)) = element.get_mut(name) else { continue };
            let mut in_actor = false;
            let mended: Vec<&str> = path
                .split('.')
                .map(|step| match step {
                    "actor" => {
                        in_actor = true;
                        "agent"
                    }
                    "entity" if in_actor => "actor",
                    other => other,
                })
                .collect();
            found |= in_actor;
            *path = mended.join(".");
        }
    }
    found
}

/// Corrects the elements of a structure.
pub(super) fn apply(
    structure: &mut Map<String, Value>,
    id: &str,
    version: FhirVersion,
    applied: &mut Vec<&'static str>,
) {
    let elements = structure.get_mut("differential").and_then(|differential| differential.get_mut("element"));
    let Some(Value::Array(elements)) = elements else { return };
    for fixup in FIXUPS.iter().filter(|fixup| fixup.structure == id && fixup.version == version) {
        if (fixup.apply)(elements) {
            applied.push(fixup.name);
        }
    }
}

/// An error if a correction for that release found nothing to correct.
pub(super) fn check(version: FhirVersion, applied: &[&str]) -> Result<(), Error> {
    let mut expected = FIXUPS.iter().filter(|fixup| fixup.version == version);
    match expected.find(|fixup| !applied.contains(&fixup.name)) {
        Some(fixup) => Err(Error::StaleFixup { name: fixup.name, structure: fixup.structure }),
        None => Ok(()),
    }
}
