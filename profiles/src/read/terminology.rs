//! Reads `ValueSet`, `CodeSystem` and `NamingSystem`.
//!
//! STU3 and R4 write these alike. What R4 made a property of a concept and STU3 an extension
//! (`codesystem-subsumes`, `codesystem-deprecated`) is read as the property.

use ers_fhir_values::FhirVersion;

use crate::datum::Datum;
use crate::definition::{
    CodeSystem, CodeSystemContent, Coding, Concept, ConceptFilter, ConceptSet, NamingSystem, ValueSet,
};
use crate::error::ReadError;

const SUBSUMES: &str = "http://hl7.org/fhir/StructureDefinition/codesystem-subsumes";
/// URIs of the properties that FHIR itself defines start with this.
pub(crate) const CONCEPT_PROPERTIES: &str = "http://hl7.org/fhir/concept-properties#";

const DEPRECATED: &str = "http://hl7.org/fhir/StructureDefinition/codesystem-deprecated";

/// Reads a `ValueSet` of either release.
pub fn value_set(resource: &Datum, _version: FhirVersion) -> Result<ValueSet, ReadError> {
    let compose = resource.get("compose");
    let sets = |name: &str, path: &str| -> Result<Vec<ConceptSet>, ReadError> {
        compose.into_iter().flat_map(|c| c.all(name)).map(|set| concept_set(set, path)).collect()
    };
    let (expansion, is_whole_expansion) = resource.get("expansion").map(expansion_codes).unwrap_or_default();
    Ok(ValueSet {
        url: required(resource, "url", "ValueSet")?,
        version: owned(resource, "version"),
        name: owned(resource, "name"),
        title: owned(resource, "title"),
        status: owned(resource, "status"),
        inactive: compose.and_then(|c| c.bool("inactive")),
        include: sets("include", "ValueSet.compose.include")?,
        exclude: sets("exclude", "ValueSet.compose.exclude")?,
        expansion,
        is_whole_expansion,
    })
}

fn concept_set(set: &Datum, path: &str) -> Result<ConceptSet, ReadError> {
    let (concept_path, filter_path) = (format!("{path}.concept"), format!("{path}.filter"));
    let concepts = set
        .all("concept")
        .map(|c| Ok((required(c, "code", &concept_path)?, owned(c, "display"))))
        .collect::<Result<_, ReadError>>()?;
    let mut designations = Vec::new();
    for concept in set.all("concept") {
        let texts = concept.all("designation").filter_map(|designation| owned(designation, "value"));
        designations.extend(texts.filter_map(|text| Some((owned(concept, "code")?, text))));
    }
    let filters = set
        .all("filter")
        .map(|f| {
            Ok(ConceptFilter {
                property: required(f, "property", &filter_path)?,
                op: required(f, "op", &filter_path)?,
                value: required(f, "value", &filter_path)?,
            })
        })
        .collect::<Result<_, ReadError>>()?;
    Ok(ConceptSet {
        system: owned(set, "system"),
        version: owned(set, "version"),
        concepts,
        designations,
        filters,
        value_sets: set.all("valueSet").filter_map(|v| v.text.as_deref().map(str::to_owned)).collect(),
    })
}

/// Every code of a published expansion that may be used as a value, nested ones included; and whether these
/// are all.
fn expansion_codes(expansion: &Datum) -> (Vec<Coding>, bool) {
    let (mut codes, mut entries) = (Vec::new(), 0_u64);
    // A stack of our own: nesting is as deep as its author made it.
    let mut open: Vec<&Datum> = children(expansion, "contains");
    while let Some(entry) = open.pop() {
        if let (Some(code), false) = (owned(entry, "code"), entry.bool("abstract") == Some(true)) {
            codes.push(Coding { system: owned(entry, "system"), code, display: owned(entry, "display") });
        }
        open.extend(children(entry, "contains"));
        entries += 1;
    }
    let total: Option<u64> = expansion.number("total");
    let is_page = total.map_or(expansion.get("offset").is_some(), |total| total > entries);
    let is_cut =
        expansion.all("extension").any(|own| own.str("url").is_some_and(|url| INCOMPLETE.contains(&url)));
    let is_selected = expansion.all("parameter").any(|parameter| {
        let is_no =
            parameter.choice("value").is_some_and(|(_, value)| value.text.as_deref() == Some("false"));
        parameter.str("name").is_some_and(|name| SELECTING.contains(&name)) && !is_no
    });
    (codes, !(is_page || is_cut || is_selected))
}

/// Extensions of an expansion that does not list all codes.
const INCOMPLETE: [&str; 2] = [
    "http://hl7.org/fhir/StructureDefinition/valueset-toocostly",
    "http://hl7.org/fhir/StructureDefinition/valueset-unclosed",
];

/// Parameters of an expansion that leave out codes of the value set.
const SELECTING: [&str; 4] = ["filter", "activeOnly", "limitedExpansion", "exclude-system"];

/// Reads a `CodeSystem` of either release.
pub fn code_system(resource: &Datum, _version: FhirVersion) -> Result<CodeSystem, ReadError> {
    let properties: Vec<(String, Option<String>)> = resource
        .all("property")
        .filter_map(|property| Some((owned(property, "code")?, owned(property, "uri"))))
        .collect();
    let mut concepts = concepts(resource)?;
    for (code, uri) in &properties {
        let standard = uri.as_deref().and_then(|uri| uri.strip_prefix(CONCEPT_PROPERTIES));
        if let Some(standard) = standard.filter(|standard| standard != code) {
            for concept in &mut concepts {
                let named = |(name, value): &(String, String)| {
                    (name == code).then(|| (standard.to_owned(), value.clone()))
                };
                let added: Vec<_> = concept.properties.iter().filter_map(named).collect();
                concept.properties.extend(added);
            }
        }
    }
    Ok(CodeSystem {
        url: required(resource, "url", "CodeSystem")?,
        version: owned(resource, "version"),
        name: owned(resource, "name"),
        title: owned(resource, "title"),
        status: owned(resource, "status"),
        content: content(&required(resource, "content", "CodeSystem")?)?,
        case_sensitive: resource.bool("caseSensitive").unwrap_or(false),
        hierarchy_meaning: owned(resource, "hierarchyMeaning"),
        value_set: owned(resource, "valueSet"),
        supplements: owned(resource, "supplements"),
        properties,
        concepts,
    })
}

fn content(text: &str) -> Result<CodeSystemContent, ReadError> {
    Ok(match text {
        "not-present" => CodeSystemContent::NotPresent,
        "example" => CodeSystemContent::Example,
        "fragment" => CodeSystemContent::Fragment,
        "complete" => CodeSystemContent::Complete,
        "supplement" => CodeSystemContent::Supplement,
        other => {
            let expected = "not-present, example, fragment, complete or supplement";
            return Err(ReadError::invalid("CodeSystem.content", other, expected));
        }
    })
}

/// Concepts in document order: each before those nested in it.
fn concepts(resource: &Datum) -> Result<Vec<Concept>, ReadError> {
    let mut flat = Vec::new();
    let mut open: Vec<(&Datum, Option<usize>)> =
        children(resource, "concept").into_iter().map(|c| (c, None)).collect();
    while let Some((datum, parent)) = open.pop() {
        let index = flat.len();
        flat.push(concept(datum, parent)?);
        open.extend(children(datum, "concept").into_iter().map(|c| (c, Some(index))));
    }
    Ok(flat)
}

fn concept(datum: &Datum, parent: Option<usize>) -> Result<Concept, ReadError> {
    let designations =
        datum.all("designation").filter_map(|d| Some((owned(d, "language"), owned(d, "value")?))).collect();
    let mut properties: Vec<(String, String)> = datum
        .all("property")
        .filter_map(|p| Some((owned(p, "code")?, property_value(p.choice("value")?.1)?)))
        .collect();
    for extension in datum.all("extension").chain(datum.all("modifierExtension")) {
        match extension.str("url") {
            Some(SUBSUMES) => {
                properties.extend(owned(extension, "valueCode").map(|child| ("child".to_owned(), child)));
            }
            Some(DEPRECATED) if extension.bool("valueBoolean") == Some(true) => {
                properties.push(("status".to_owned(), "deprecated".to_owned()));
            }
            _ => {}
        }
    }
    Ok(Concept {
        code: required(datum, "code", "CodeSystem.concept")?,
        display: owned(datum, "display"),
        designations,
        definition: owned(datum, "definition"),
        parent,
        properties,
    })
}

/// The text of a property: of a Coding, its code, which is what filters compare with.
fn property_value(value: &Datum) -> Option<String> {
    value.text.as_deref().or_else(|| value.str("code")).map(str::to_owned)
}

/// Reads a `NamingSystem` of either release.
pub fn naming_system(resource: &Datum, _version: FhirVersion) -> Result<NamingSystem, ReadError> {
    let mut unique_ids = resource
        .all("uniqueId")
        .map(|id| {
            let path = "NamingSystem.uniqueId";
            let pair = (required(id, "type", path)?, required(id, "value", path)?);
            Ok((id.bool("preferred") != Some(true), pair))
        })
        .collect::<Result<Vec<_>, ReadError>>()?;
    // A stable sort, so that equal ones keep the author's order.
    unique_ids.sort_by_key(|(unpreferred, _)| *unpreferred);
    Ok(NamingSystem {
        name: required(resource, "name", "NamingSystem")?,
        kind: required(resource, "kind", "NamingSystem")?,
        unique_ids: unique_ids.into_iter().map(|(_, pair)| pair).collect(),
        description: owned(resource, "description"),
    })
}

/// The children of that name, last first: ready to be taken from the end of a stack.
fn children<'a>(datum: &'a Datum, name: &'a str) -> Vec<&'a Datum> {
    let mut found: Vec<_> = datum.all(name).collect();
    found.reverse();
    found
}

fn owned(datum: &Datum, name: &str) -> Option<String> {
    datum.str(name).map(str::to_owned)
}

fn required(datum: &Datum, name: &str, path: &str) -> Result<String, ReadError> {
    owned(datum, name).ok_or_else(|| ReadError::missing(format!("{path}.{name}")))
}
