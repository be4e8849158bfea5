//! From a [`Datum`] to JSON: the definitions of the types say which elements repeat and which are numbers.

use std::sync::Arc;

use serde_json::Number;

use super::json::Json;
use crate::datum::Datum;
use crate::definition::Max;
use crate::snapshot::Snapshot;
use crate::store::Definitions;

/// Writes resources of a release.
pub(super) struct Writer<'a> {
    definitions: &'a Definitions,
}

/// The element of a definition that a value belongs to, and whose children it has.
struct Place {
    snapshot: Arc<Snapshot>,
    element: usize,
}

/// How an element is written.
struct Form {
    is_list: bool,
    type_code: String,
    /// Where its children are defined.
    place: Option<Place>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(definitions: &'a Definitions) -> Self {
        Self { definitions }
    }

    pub(super) fn resource(&self, resource: &Datum) -> Json {
        let place = resource.str("resourceType").and_then(|name| self.of_type(name));
        self.object(resource, place.as_ref())
    }

    fn of_type(&self, type_code: &str) -> Option<Place> {
        let canonical = format!("http://hl7.org/fhir/StructureDefinition/{type_code}");
        let snapshot = self.definitions.snapshot(&canonical).ok().flatten()?;
        Some(Place { snapshot, element: 0 })
    }

    fn object(&self, datum: &Datum, place: Option<&Place>) -> Json {
        let mut members: Vec<(Box<str>, Json)> = Vec::new();
        for (at, (name, _)) in datum.fields.iter().enumerate() {
            if datum.fields[..at].iter().any(|(seen, _)| seen == name) {
                continue;
            }
            let values: Vec<&Datum> = datum.all(name).collect();
            let form = place.map_or_else(|| self.unknown(), |place| self.form(place, name));
            // The markup of a narrative is not kept, and a narrative without it is useless.
            if form.type_code != "Narrative" {
                self.member(&mut members, name, &values, &form);
            }
        }
        Json::Object(members)
    }

    fn member(&self, members: &mut Vec<(Box<str>, Json)>, name: &str, values: &[&Datum], form: &Form) {
        let is_list = form.is_list || values.len() > 1;
        let wrap = |mut items: Vec<Json>| match items.pop() {
            Some(only) if !is_list => only,
            Some(last) => {
                items.push(last);
                Json::Array(items)
            }
            None => Json::null(),
        };
        let is_primitive = form.type_code.starts_with(|c: char| c.is_ascii_lowercase());
        if !is_primitive && values.iter().all(|value| value.text.is_none()) {
            let value = |value: &&Datum| {
                if form.type_code == "Resource" {
                    self.resource(value)
                } else {
                    self.object(value, form.place.as_ref())
                }
            };
            members.push((name.into(), wrap(values.iter().map(value).collect())));
            return;
        }
        if values.iter().any(|value| value.text.is_some()) {
            let scalar = |value: &&Datum| match &value.text {
                Some(text) => scalar(text, &form.type_code),
                None => Json::null(),
            };
            members.push((name.into(), wrap(values.iter().map(scalar).collect())));
        }
        if values.iter().any(|value| !value.fields.is_empty()) {
            let element = self.of_type("Element");
            let sibling = |value: &&Datum| {
                if value.fields.is_empty() { Json::null() } else { self.object(value, element.as_ref()) }
            };
            members.push((format!("_{name}").into(), wrap(values.iter().map(sibling).collect())));
        }
    }

    /// How the child with that name is written.
    fn form(&self, place: &Place, name: &str) -> Form {
        let Place { snapshot, element } = place;
        let found = snapshot.children(*element).find_map(|child| {
            let definition = snapshot.element(child);
            match definition.name().strip_suffix("[x]") {
                Some(stem) => {
                    let suffix = name.strip_prefix(stem)?;
                    let of = definition.types.iter().find(|of| of.code.eq_ignore_ascii_case(suffix))?;
                    Some((child, of.code.clone()))
                }
                None => (definition.name() == name).then(|| {
                    let code = definition.types.first().map_or("", |of| of.code.as_str());
                    (child, code.to_owned())
                }),
            }
        });
        let Some((child, type_code)) = found else { return self.unknown() };
        let definition = snapshot.element(child);
        let is_list = !matches!(definition.max, Some(Max::Count(0 | 1)));
        let same = |element| Some(Place { snapshot: Arc::clone(snapshot), element });
        let shared =
            definition.content_reference.as_deref().and_then(|id| snapshot.find(id.trim_start_matches('#')));
        let place = if shared.is_some() {
            shared.and_then(same)
        } else if snapshot.children(child).next().is_some() {
            same(child)
        } else {
            self.of_type(&type_code)
        };
        // Attributes have a FHIRPath type.
        let type_code = if type_code.starts_with("System.") { "string".to_owned() } else { type_code };
        Form { is_list, type_code, place }
    }

    /// An element that no definition describes.
    fn unknown(&self) -> Form {
        Form { is_list: false, type_code: String::new(), place: self.of_type("Element") }
    }
}

/// A primitive value, as its type is written in JSON; as text if it would otherwise not be valid JSON, since
/// definitions are read leniently (`"abstract": "no"`, `"min": "+1"`).
fn scalar(text: &str, type_code: &str) -> Json {
    let is_plain = match type_code {
        "boolean" => matches!(text, "true" | "false"),
        "integer" | "unsignedInt" | "positiveInt" | "decimal" => serde_json::from_str::<Number>(text).is_ok(),
        _ => false,
    };
    if is_plain { Json::Plain(text.into()) } else { Json::Text(text.into()) }
}

#[cfg(test)]
mod tests {
    use super::scalar;

    #[test]
    fn a_value_that_is_none_of_its_type_is_text() {
        for (text, type_code, json) in [
            ("true", "boolean", "true"),
            ("no", "boolean", "\"no\""),
            ("1.10", "decimal", "1.10"),
            ("+1", "integer", "\"+1\""),
            ("", "integer", "\"\""),
            ("1, \"x\": 2", "integer", r#""1, \"x\": 2""#),
            ("1", "string", "\"1\""),
        ] {
            assert_eq!(scalar(text, type_code).to_string(), json, "{text} as {type_code}");
        }
    }
}
