//! The codes of required bindings, as far as they can be listed offline.

use std::collections::BTreeMap;

use ers_fhir_profiles::CodeSystemNames;
use ers_fhir_profiles::definition::{BindingStrength, Coding, ElementDefinition};
use serde_json::{Value, json};

use super::builder::Builder;
use super::keywords::Keywords;
use super::subject::{CodeShape, Subject};

/// Value sets with more codes are left to the validator.
const MOST_CODES: usize = 1000;

impl Builder<'_> {
    /// The codes that an element is bound to; `None` where the binding is not required, or its codes
    /// cannot be listed.
    pub(super) fn bound_codes(&mut self, element: &ElementDefinition, type_code: &str) -> Option<Keywords> {
        let binding =
            element.binding.as_ref().filter(|binding| binding.strength == BindingStrength::Required)?;
        let value_set = binding.value_set.as_deref()?;
        let shape = CodeShape::of(type_code)?;
        self.listed(value_set)?;
        Some(self.refer(Subject::Codes(value_set.to_owned(), shape)))
    }

    /// The codes of a value set, if all of them are known.
    fn listed(&self, value_set: &str) -> Option<Vec<Coding>> {
        let set = self.terminology.expansion(value_set).ok()?;
        let found = set.enumerate(&self.terminology, MOST_CODES);
        (found.gap.is_none() && !found.codes.is_empty()).then_some(found.codes)
    }

    /// The definition of the codes of a value set.
    pub(super) fn codes(&self, value_set: &str, shape: CodeShape) -> Value {
        let codings = self.listed(value_set).unwrap_or_default();
        let names = self.definitions.code_system_names();
        let described = |mut schema: Value| {
            schema["description"] = json!(format!("codes of {value_set}"));
            schema
        };
        described(match shape {
            CodeShape::Text => {
                let mut codes: Vec<&str> = Vec::with_capacity(codings.len());
                for coding in &codings {
                    if !codes.contains(&coding.code.as_str()) {
                        codes.push(&coding.code);
                    }
                }
                json!({ "enum": codes })
            }
            CodeShape::Coding => {
                let mut options = of_systems(&codings, names);
                options.push(json!({ "properties": { "code": false } }));
                json!({ "anyOf": options })
            }
            CodeShape::Concept => {
                let coding = json!({ "required": ["code"], "anyOf": of_systems(&codings, names) });
                let coded = json!({
                    "required": ["coding"],
                    "properties": { "coding": { "contains": coding } },
                });
                json!({ "anyOf": [coded, { "properties": { "coding": false, "text": false } }] })
            }
        })
    }
}

/// A coding of each system, in order of the systems.
fn of_systems(codings: &[Coding], names: Option<CodeSystemNames>) -> Vec<Value> {
    let mut systems: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for coding in codings {
        systems.entry(coding.system.as_deref()).or_default().push(&coding.code);
    }
    let one = |(system, codes): (Option<&str>, Vec<&str>)| {
        let mut properties = json!({ "code": { "enum": codes } });
        if let Some(system) = system {
            properties["system"] = named(system, names);
        }
        json!({ "properties": properties })
    };
    systems.into_iter().map(one).collect()
}

/// The URL of a code system, or all of its names.
fn named(system: &str, names: Option<CodeSystemNames>) -> Value {
    match names.and_then(|names| (names.pattern)(system)) {
        Some(pattern) => json!({ "pattern": pattern }),
        None => json!({ "const": system }),
    }
}
