//! `value[x]`: one property for each type, of which only one may be present.

use ers_fhir_profiles::definition::{Max, SlicingRules};
use serde_json::{Map, Value, json};

use super::builder::Builder;
use super::keywords::{Keywords, any_of};
use super::object::{Object, described, has_sibling};
use super::place::Place;
use super::subject::Subject;
use crate::error::Error;
use crate::names;

impl Builder<'_> {
    /// Adds the properties of a choice, each as its slice narrows it, if there is one.
    pub(super) fn choice(&mut self, place: &Place, object: &mut Object) -> Result<(), Error> {
        let element = place.element();
        let stem = element.name().trim_end_matches("[x]");
        let slices: Vec<Place> = place.slices().collect();
        let is_closed = element.slicing.as_ref().is_some_and(|slicing| slicing.rules == SlicingRules::Closed);
        let (mut names, mut is_settled) = (Vec::new(), false);
        for reference in &element.types {
            let fits = |slice: &&Place| slice.element().types.iter().any(|t| t.code == reference.code);
            let slice = slices.iter().find(fits);
            let is_left_out = is_closed && !slices.is_empty() && slice.is_none();
            if is_left_out || slice.is_some_and(|slice| slice.element().max == Some(Max::Count(0))) {
                continue;
            }
            let name = format!("{stem}{}", names::capitalized(&reference.code));
            let place = slice.unwrap_or(place);
            let narrowed = place.element().types.iter().find(|t| t.code == reference.code);
            let types = [narrowed.unwrap_or(reference).clone()];
            let schema = described(self.value(place, &types)?, place.element());
            let sibling =
                has_sibling(place.element(), &types).then(|| self.refer(Subject::Type("Element".to_owned())));
            object.add(&name, schema, sibling);
            if slice.is_some_and(|slice| slice.element().min.unwrap_or(0) > 0) {
                is_settled = true;
                object.rule(Value::Object(presence(object, &name)));
            }
            names.push(name);
        }
        let is_required = element.min.unwrap_or(0) > 0 && !is_settled;
        match names.as_slice() {
            [only] if is_required && !object.has_sibling(only) => object.require(only),
            [only] if is_required => object.rule(Value::Object(presence(object, only))),
            [] | [_] => {}
            several => {
                let mut cases: Vec<Value> =
                    several.iter().map(|name| Value::Object(presence(object, name))).collect();
                if !is_required {
                    cases.push(none_of(object, several));
                }
                object.rule(json!({ "oneOf": cases }));
            }
        }
        Ok(())
    }
}

/// Requires the property, or the one with its extensions instead.
fn presence(object: &Object, name: &str) -> Keywords {
    let mut options = vec![json!({ "required": [name] })];
    if object.has_sibling(name) {
        options.push(json!({ "required": [format!("_{name}")] }));
    }
    any_of(options)
}

fn none_of(object: &Object, names: &[String]) -> Value {
    let mut absent = Map::new();
    for name in names {
        if object.has_sibling(name) {
            absent.insert(format!("_{name}"), Value::Bool(false));
        }
        absent.insert(name.clone(), Value::Bool(false));
    }
    json!({ "properties": absent })
}
