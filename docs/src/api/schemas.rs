//! The schemas of profiles as components that all operations share.

use std::collections::BTreeSet;

use ers_fhir_codegen::Error;
use ers_fhir_codegen::schema::JsonSchema;
use ers_fhir_ers::service::{Body, Endpoint, OUTCOME_R4, OUTCOME_STU3, SINGLE_OBJECTS};
use ers_fhir_profiles::FhirVersion;
use serde_json::{Map, Value, json};

use super::shared::Definers;

/// Schemas by their names, and where that of each profile is.
pub(super) struct Schemas {
    /// What `components/schemas` holds.
    pub(super) all: Map<String, Value>,
    roots: Vec<(FhirVersion, &'static str, Value)>,
}

impl Schemas {
    /// Of everything that these operations send, answer, or say when they fail.
    pub(super) fn of(endpoints: &[&'static Endpoint], definers: &Definers) -> Result<Self, Box<Error>> {
        let mut made = Self { all: Map::new(), roots: Vec::new() };
        for version in [FhirVersion::Stu3, FhirVersion::R4] {
            let of_release = endpoints.iter().filter(|endpoint| endpoint.release == version);
            let mut wanted: BTreeSet<&'static str> = of_release
                .flat_map(|endpoint| [endpoint.request, endpoint.response])
                .flat_map(|body| match body {
                    Body::Resource(profiles) => profiles,
                    Body::None | Body::File(_) => &[],
                })
                .copied()
                .collect();
            if endpoints.iter().any(|endpoint| endpoint.release == version) {
                wanted.insert(outcome(version));
            }
            if wanted.is_empty() {
                continue;
            }
            let wanted: Vec<&'static str> = wanted.into_iter().collect();
            // The service accepts and sends some arrays as single objects.
            let maker =
                JsonSchema::new(definers.of(version).clone()).lenient(true).single_objects(SINGLE_OBJECTS);
            let shared = maker.generate_shared(&wanted)?;
            let prefix = prefix(version);
            for (key, mut schema) in shared.definitions {
                moved(&mut schema, &prefix);
                made.all.insert(component(&prefix, &key), schema);
            }
            for (profile, mut root) in wanted.into_iter().zip(shared.roots) {
                moved(&mut root, &prefix);
                made.roots.push((version, profile, root));
            }
        }
        Ok(made)
    }

    /// The schema of a body that has one of these profiles.
    pub(super) fn one_of(&self, version: FhirVersion, profiles: &[&str]) -> Value {
        let mut found: Vec<&Value> =
            profiles.iter().filter_map(|profile| self.find(version, profile)).collect();
        match found.pop() {
            None => json!({ "type": "object" }),
            Some(only) if found.is_empty() => only.clone(),
            Some(last) => {
                found.push(last);
                json!({ "anyOf": found })
            }
        }
    }

    fn find(&self, version: FhirVersion, profile: &str) -> Option<&Value> {
        let is_it = |root: &&(FhirVersion, &str, Value)| root.0 == version && root.1 == profile;
        self.roots.iter().find(is_it).map(|(_, _, schema)| schema)
    }
}

/// The profile of errors.
pub(super) fn outcome(version: FhirVersion) -> &'static str {
    match version {
        FhirVersion::Stu3 => OUTCOME_STU3,
        FhirVersion::R4 => OUTCOME_R4,
    }
}

fn prefix(version: FhirVersion) -> String {
    let release = match version {
        FhirVersion::Stu3 => "STU3",
        FhirVersion::R4 => "R4",
    };
    format!("{release}.")
}

/// The name of a component: letters, digits, dots, hyphens and underscores.
fn component(prefix: &str, key: &str) -> String {
    let plain =
        |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' };
    format!("{prefix}{}", key.chars().map(plain).collect::<String>())
}

/// Lets references lead to where components are.
fn moved(schema: &mut Value, prefix: &str) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(to)) = members.get_mut("$ref")
                && let Some(key) = to.strip_prefix("#/$defs/")
            {
                *to = format!("#/components/schemas/{}", component(prefix, key));
            }
            members.values_mut().for_each(|member| moved(member, prefix));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| moved(item, prefix)),
        _ => {}
    }
}
