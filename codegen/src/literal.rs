//! Fixed and pattern values of definitions as JSON, each part in the form of its type.

use std::sync::Arc;

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::{ElementDefinition, TypedValue};
use ers_fhir_profiles::snapshot::Snapshot;
use ers_fhir_profiles::{Definitions, Error};
use ers_fhir_values::Primitive;
use ers_fhir_values::lexical::pattern::{Form, form};
use serde_json::{Map, Value, json};

use crate::names;

/// A value as JSON of its release; `None` where it has elements that its type does not have, or an invalid
/// number.
pub(crate) fn of(definitions: &Definitions, value: &TypedValue) -> Result<Option<Value>, Error> {
    if value.value.text.is_some() {
        return Ok(plain(&value.value, &value.type_name));
    }
    let Some(root) = Spot::of_type(definitions, &value.type_name)? else { return Ok(None) };
    complex(definitions, &root, &value.value)
}

/// A value with elements.
fn complex(definitions: &Definitions, owner: &Spot, datum: &Datum) -> Result<Option<Value>, Error> {
    let mut object = Map::new();
    for (name, part) in &datum.fields {
        let Some((child, code)) = owner.child(name) else { return Ok(None) };
        let value = match code {
            Some(code) if Primitive::from_code(&code).is_some() => plain(part, &code),
            Some(code) if !child.has_children() => match Spot::of_type(definitions, &code)? {
                Some(root) => complex(definitions, &root, part)?,
                None => None,
            },
            _ => complex(definitions, &child, part)?,
        };
        let Some(value) = value else { return Ok(None) };
        if !child.element().is_list() {
            object.insert(name.to_string(), value);
        } else if let Value::Array(items) = object.entry(name.to_string()).or_insert_with(|| json!([])) {
            items.push(value);
        }
    }
    Ok(Some(Value::Object(object)))
}

/// An element of a snapshot.
struct Spot {
    snapshot: Arc<Snapshot>,
    index: usize,
}

impl Spot {
    fn of_type(definitions: &Definitions, type_name: &str) -> Result<Option<Self>, Error> {
        let Some(definition) = definitions.type_definition(type_name)? else { return Ok(None) };
        let snapshot = definitions.snapshot(&definition.url)?;
        Ok(snapshot.map(|snapshot| Self { snapshot, index: 0 }))
    }

    fn element(&self) -> &ElementDefinition {
        self.snapshot.element(self.index)
    }

    fn has_children(&self) -> bool {
        self.snapshot.children(self.index).next().is_some()
    }

    /// The child with this name in JSON, and its type.
    fn child(&self, name: &str) -> Option<(Self, Option<String>)> {
        self.snapshot.children(self.index).find_map(|index| {
            let child = Self { snapshot: Arc::clone(&self.snapshot), index };
            let element = child.element();
            let found = match element.name().strip_suffix("[x]") {
                Some(stem) => {
                    let suffix = name.strip_prefix(stem)?;
                    Some(element.types.iter().find(|t| names::capitalized(&t.code) == suffix)?)
                }
                None if element.name() == name => element.types.first(),
                None => return None,
            };
            let code = found.map(|t| t.fhir_type.as_deref().unwrap_or(&t.code).to_owned());
            Some((child, code))
        })
    }
}

/// A primitive value in the JSON form of its type.
fn plain(datum: &Datum, code: &str) -> Option<Value> {
    let text = datum.text.as_deref()?;
    if is_text(code) { Some(Value::String(text.to_owned())) } else { serde_json::from_str(text).ok() }
}

/// Whether a type of this name is a string in JSON.
pub(crate) fn is_text(code: &str) -> bool {
    // The forms of both releases are of the same kind.
    let text = |primitive| matches!(form(primitive, ers_fhir_profiles::FhirVersion::R4), Form::Text(..));
    Primitive::from_code(code).is_none_or(text)
}

#[cfg(test)]
mod tests {
    use super::is_text;

    #[test]
    fn texts_are_told_from_numbers() {
        for code in ["System.String", "uri", "instant", "xhtml", "base64Binary"] {
            assert!(is_text(code), "{code}");
        }
        for code in ["boolean", "decimal", "integer", "positiveInt"] {
            assert!(!is_text(code), "{code}");
        }
    }
}
