//! Reads StructureDefinition.
//!
//! The releases agree on most of it. What differs (the value set of a binding, the context of an
//! extension, the type of a primitive's value) is read by `stu3` and `r4` into the R4 shape.

mod codes;
mod element;
mod id;
mod r4;
mod stu3;
#[cfg(test)]
mod tests;
mod text;
mod types;

use std::borrow::Cow;

use ers_fhir_values::FhirVersion;

use crate::datum::Datum;
use crate::definition::{Derivation, ElementDefinition, StructureDefinition};
use crate::error::ReadError;
pub use id::Label;
use text::{CORE, extension_texts, texts};

/// Reads a StructureDefinition of either release.
///
/// Elements that only later releases know are ignored. An element that cannot be read, for example because of
/// a code outside its value set, is left out, and the reason is among the faults.
pub fn read(resource: &Datum, version: FhirVersion) -> Result<StructureDefinition, ReadError> {
    let text = |name: &str| resource.str(name).map(str::to_owned);
    let missing = |name: &str| ReadError::missing(format!("StructureDefinition.{name}"));
    let url = text("url").ok_or_else(|| missing("url"))?;
    let within = |name: &str| format!("StructureDefinition.{name} of {url}");

    let mut faults: Vec<String> = Vec::new();
    let mut elements = |view: &str| -> Option<Vec<ElementDefinition>> {
        let view = resource.get(view)?;
        let reader = element::Reader { canonical: &url, version };
        let mut elements = Vec::new();
        for element in view.all("element") {
            match reader.element(element) {
                Ok(element) => elements.push(element),
                Err(fault) => faults.push(fault.to_string()),
            }
        }
        let labels = elements.iter().map(|element| Label {
            id: &element.id,
            path: &element.path,
            slice_name: element.slice_name.as_deref(),
        });
        let made = |id: Cow<'_, str>| if let Cow::Owned(id) = id { Some(id) } else { None };
        let ids: Vec<Option<String>> = id::complete(labels, version).into_iter().map(made).collect();
        for (element, id) in elements.iter_mut().zip(ids) {
            if let Some(id) = id {
                element.id = id;
            }
        }
        Some(elements)
    };
    let differential = elements("differential").unwrap_or_default();
    let snapshot = elements("snapshot").filter(|elements| !elements.is_empty());
    // The snapshot repeats the elements of the differential.
    faults.dedup();

    // STU3 logical models may leave the type out: their root element names it.
    let root = differential.first().or(snapshot.as_ref().and_then(|s| s.first()));
    let root = root.and_then(|e| e.path.split('.').next()).map(str::to_owned);
    let type_name = text("type").or(root).ok_or_else(|| missing("type"))?;

    let kind = resource.str("kind").ok_or_else(|| ReadError::missing(within("kind")))?;
    Ok(StructureDefinition {
        version: text("version"),
        name: text("name").unwrap_or_else(|| type_name.clone()),
        title: text("title"),
        fhir_version: version,
        status: text("status"),
        kind: codes::kind(kind, || within("kind"))?,
        is_abstract: resource.bool("abstract").unwrap_or(false),
        base_definition: text("baseDefinition").or_else(|| implied_base(&type_name, kind)),
        derivation: derivation(resource, &type_name, || within("derivation"))?,
        context: match version {
            FhirVersion::Stu3 => stu3::context(resource, || within("contextType"))?,
            FhirVersion::R4 => r4::context(resource, || within("context.type"))?,
        },
        context_invariants: texts(resource, "contextInvariant"),
        imposes: extension_texts(resource, "structuredefinition-imposeProfile").map(str::to_owned).collect(),
        description: text("description"),
        differential,
        snapshot,
        faults,
        type_name,
        url,
    })
}

/// One element of a differential or snapshot of the definition with that canonical. Its id is as it is written.
///
/// # Errors
///
/// If a part of it cannot be read, such as a code outside its value set.
pub fn element(datum: &Datum, canonical: &str, version: FhirVersion) -> Result<ElementDefinition, ReadError> {
    element::Reader { canonical, version }.element(datum)
}

/// The ids of the elements of a differential or snapshot, as [`read`] gives them.
pub fn ids<'a>(labels: impl Iterator<Item = Label<'a>>, version: FhirVersion) -> Vec<Cow<'a, str>> {
    id::complete(labels, version)
}

/// A definition whose type is that of its base constrains it, even if it calls itself a specialization.
fn derivation(resource: &Datum, type_name: &str, at: impl Fn() -> String) -> Result<Derivation, ReadError> {
    let stated = codes::derivation(resource.str("derivation"), at)?;
    let base = resource.str("baseDefinition").and_then(|base| base.strip_prefix(CORE));
    Ok(if base == Some(type_name) { Derivation::Constraint } else { stated })
}

/// A logical model without a base starts from `Element`; `Element` and `Resource` from nothing.
fn implied_base(type_name: &str, kind: &str) -> Option<String> {
    (kind == "logical" && type_name != "Element").then(|| format!("{CORE}Element"))
}
