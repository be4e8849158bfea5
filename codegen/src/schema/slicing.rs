//! Slices: which items belong to each, what they must look like, and how many there may be.

use ers_fhir_profiles::definition::{Max, SlicingRules};
use serde_json::{Value, json};

use super::builder::Builder;
use super::keywords::{Keywords, any_of, demand, keyword};
use super::place::Place;
use crate::error::Error;

/// A slice, and the condition that puts an item into it, where a schema can express it.
struct Slice {
    place: Place,
    condition: Option<Value>,
}

impl Builder<'_> {
    /// The schema of the items of an array, and what the array must contain.
    pub(super) fn items(&mut self, place: &Place) -> Result<(Keywords, Vec<Value>), Error> {
        let slices = self.slices_of(place)?;
        let counts = slices.iter().filter_map(count).collect();
        Ok((self.narrowed(place, &slices)?, counts))
    }

    /// A value that does not repeat, but that some profiles slice nevertheless.
    pub(super) fn sliced_value(&mut self, place: &Place) -> Result<Keywords, Error> {
        let slices = self.slices_of(place)?;
        let mut schema = self.narrowed(place, &slices)?;
        for slice in slices.iter().filter(|slice| slice.place.element().min.unwrap_or(0) > 0) {
            if let Some(condition) = &slice.condition {
                demand(&mut schema, condition.clone());
            }
        }
        Ok(schema)
    }

    /// The slices of an element and, after each, those that refine it.
    fn slices_of(&mut self, place: &Place) -> Result<Vec<Slice>, Error> {
        let mut found = Vec::new();
        let mut pending: Vec<(Place, Option<Value>)> = Vec::new();
        pending.extend(place.slices().map(|slice| (slice, None)));
        pending.reverse();
        while let Some((slice, outer)) = pending.pop() {
            let sliced = slice.sliced().unwrap_or_else(|| place.clone());
            let own = self.condition(&sliced, &slice)?;
            let condition = match (outer, own) {
                (Some(outer), Some(own)) => Some(json!({ "allOf": [outer, own] })),
                (None, own) => own,
                (Some(_), None) => None,
            };
            let refined: Vec<Place> = slice.slices().collect();
            pending.extend(refined.into_iter().rev().map(|inner| (inner, condition.clone())));
            found.push(Slice { place: slice, condition });
        }
        Ok(found)
    }

    /// A value as the element requires it and, if it belongs to a slice, as the slice requires it.
    fn narrowed(&mut self, place: &Place, slices: &[Slice]) -> Result<Keywords, Error> {
        let element = place.element();
        let rules = element.slicing.as_ref().map_or(SlicingRules::Open, |slicing| slicing.rules);
        let decided: Option<Vec<Value>> = slices.iter().map(|slice| slice.condition.clone()).collect();
        let closed = decided.filter(|_| rules == SlicingRules::Closed && !slices.is_empty());
        let is_told_by_slices = closed.is_some() && slices.iter().all(|slice| is_complete(&slice.place));
        let mut schema =
            if is_told_by_slices { keyword("type", "object") } else { self.value(place, &element.types)? };
        for slice in slices {
            let Some(condition) = &slice.condition else { continue };
            let types = &slice.place.element().types;
            let shape = self.value(&slice.place, types)?;
            demand(&mut schema, json!({ "if": condition, "then": shape }));
        }
        if let Some(conditions) = closed {
            demand(&mut schema, Value::Object(one_of_these(conditions)));
        }
        Ok(schema)
    }
}

/// Whether a slice describes its items completely.
fn is_complete(slice: &Place) -> bool {
    slice.has_children() || slice.element().types.iter().any(|t| !t.profiles.is_empty())
}

/// How often a slice occurs.
fn count(slice: &Slice) -> Option<Value> {
    let condition = slice.condition.as_ref()?;
    let element = slice.place.element();
    let min = element.min.unwrap_or(0);
    let max = match element.max {
        Some(Max::Count(max)) => Some(max),
        Some(Max::Unbounded) | None => None,
    };
    if min == 0 && max.is_none() {
        return None;
    }
    let mut counted = keyword("contains", condition.clone());
    counted.insert("minContains".to_owned(), json!(min));
    if let Some(max) = max {
        counted.insert("maxContains".to_owned(), json!(max));
    }
    Some(Value::Object(counted))
}

/// Any of the conditions of slices. Where one text tells them apart, it is a list of texts, which gives
/// better messages.
fn one_of_these(conditions: Vec<Value>) -> Keywords {
    let only_text = |condition: &Value| -> Option<(String, Value)> {
        let properties = condition.get("properties")?.as_object()?;
        let (name, value) = properties.iter().next()?;
        let text = value.get("const")?;
        let plain = json!({ "required": [name], "properties": { name: { "const": text } } });
        (*condition == plain).then(|| (name.clone(), text.clone()))
    };
    let texts: Option<Vec<(String, Value)>> = conditions.iter().map(only_text).collect();
    if let Some(texts) = texts
        && let Some((name, _)) = texts.first()
        && texts.iter().all(|(other, _)| other == name)
    {
        let allowed: Vec<&Value> = texts.iter().map(|(_, text)| text).collect();
        let allowed = json!({ "required": [name], "properties": { name: { "enum": allowed } } });
        return match allowed {
            Value::Object(keywords) => keywords,
            _ => Keywords::new(),
        };
    }
    any_of(conditions)
}
