//! Elements of the wrong name, type or binding.

use serde_json::Value;

use super::structure::{Structure, elements};

/// The type of `Resource.id` is given as a system type that stands for `string`; the specification says,
/// and its other tables show, that it is an `id`.
pub(super) fn resource_id_is_an_id(structure: &mut Structure) -> bool {
    let id =
        elements(structure).find(|element| element.get("path").is_some_and(|path| path == "Resource.id"));
    let stands_for = id.and_then(|id| id.get_mut("type")?.get_mut(0)?.get_mut("extension")?.get_mut(0));
    match stands_for.and_then(|extension| extension.get_mut("valueUrl")) {
        Some(Value::String(type_name)) if type_name == "string" => {
            "id".clone_into(type_name);
            true
        }
        _ => false,
    }
}

/// The units of vital signs do not cover what their components measure, such as a flow of oxygen, yet the
/// binding is required; HL7's reference validator treats it as extensible.
pub(super) fn components_may_have_other_units(structure: &mut Structure) -> bool {
    let value = elements(structure)
        .find(|element| element.get("path").is_some_and(|path| path == "Observation.component.value[x]"));
    match value.and_then(|value| value.get_mut("binding")?.get_mut("strength")) {
        Some(Value::String(strength)) if strength == "required" => {
            "extensible".clone_into(strength);
            true
        }
        _ => false,
    }
}

/// The profile is for an earlier Contract, whose agents were called actors, and whose actors were entities.
pub(super) fn consent_directive_names_agents(structure: &mut Structure) -> bool {
    let mut found = false;
    for element in elements(structure) {
        for name in ["id", "path"] {
            let Some(Value::String(path)) = element.get_mut(name) else { continue };
            let mut in_actor = false;
            let corrected: Vec<&str> = path
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
            *path = corrected.join(".");
        }
    }
    found
}
