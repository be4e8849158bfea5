//! The places in a payload that an element of a profile applies to.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_profiles::snapshot::Snapshot;
use serde_json::Value;

/// A place in a payload.
#[derive(Debug, Clone)]
pub struct Place {
    /// JSON pointer.
    pub pointer: String,
    /// The same as FHIRPath.
    pub location: String,
}

/// The places that the element with this id applies to.
pub fn places(snapshot: &Snapshot, payload: &Value, id: &str) -> Vec<Place> {
    let mut steps = id.split('.');
    let root = steps.next().unwrap_or_default();
    let mut so_far = root.to_owned();
    let mut found = vec![Place { pointer: String::new(), location: root.to_owned() }];
    for step in steps {
        so_far = format!("{so_far}.{step}");
        let (name, slice) = step.split_once(':').unwrap_or((step, ""));
        found = found.iter().flat_map(|place| below(payload, place, name)).collect();
        if !slice.is_empty() {
            found.retain(|place| {
                payload.pointer(&place.pointer).is_some_and(|item| is_of_slice(snapshot, &so_far, item))
            });
        }
    }
    found
}

/// The children of a place by the name of their element.
fn below(payload: &Value, place: &Place, name: &str) -> Vec<Place> {
    let Some(Value::Object(members)) = payload.pointer(&place.pointer) else { return Vec::new() };
    let Place { pointer, location } = place;
    let mut found = Vec::new();
    for (key, value) in members {
        let step = match name.strip_suffix("[x]") {
            None if key == name => name.to_owned(),
            Some(stem) => match key.strip_prefix(stem) {
                Some(suffix) if !suffix.is_empty() => format!("{stem}.ofType({})", type_name(suffix)),
                _ => continue,
            },
            None => continue,
        };
        match value {
            Value::Array(items) => found.extend((0..items.len()).map(|index| Place {
                pointer: format!("{pointer}/{key}/{index}"),
                location: format!("{location}.{step}[{index}]"),
            })),
            _ => found
                .push(Place { pointer: format!("{pointer}/{key}"), location: format!("{location}.{step}") }),
        }
    }
    found
}

/// The type that the end of a choice names: `string` of `valueString`.
fn type_name(suffix: &str) -> String {
    const PRIMITIVES: &[&str] = &[
        "string",
        "boolean",
        "code",
        "uri",
        "integer",
        "unsignedInt",
        "positiveInt",
        "decimal",
        "date",
        "dateTime",
        "instant",
        "time",
        "id",
        "markdown",
    ];
    let primitive = PRIMITIVES.iter().find(|name| name.eq_ignore_ascii_case(suffix));
    primitive.map_or_else(|| suffix.to_owned(), |name| (*name).to_owned())
}

/// Whether an item belongs to a slice, judged by fixed values and the URLs of extensions.
fn is_of_slice(snapshot: &Snapshot, slice_id: &str, item: &Value) -> bool {
    let element = |id: &str| snapshot.elements().iter().find(|element| element.id == id);
    let list_id = slice_id.rsplit_once(':').map_or(slice_id, |(list, _)| list);
    let Some(slicing) = element(list_id).and_then(|list| list.slicing.as_ref()) else { return false };
    !slicing.discriminators.is_empty()
        && slicing.discriminators.iter().all(|discriminator| {
            let path = discriminator.path.as_str();
            let told = element(&format!("{slice_id}.{path}")).and_then(|element| fixed(element));
            let expected = told.or_else(|| {
                let profile = element(slice_id)?.types.first()?.profiles.first()?;
                (path == "url").then(|| profile.clone())
            });
            expected.is_some_and(|expected| text_at(item, path).as_deref() == Some(expected.as_str()))
        })
}

/// The text that an element is fixed to.
pub fn fixed(element: &ElementDefinition) -> Option<String> {
    let value = element.fixed.as_ref().or(element.pattern.as_ref())?;
    value.value.text.as_deref().map(str::to_owned)
}

/// The text at a dotted path, of the first item where there are several.
fn text_at(value: &Value, path: &str) -> Option<String> {
    let first = |value: &Value| match value {
        Value::Array(items) => items.first().cloned(),
        other => Some(other.clone()),
    };
    let mut at = value.clone();
    for step in path.split('.') {
        at = first(at.get(step)?)?;
    }
    at.as_str().map(str::to_owned)
}
