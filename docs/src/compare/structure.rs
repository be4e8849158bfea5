//! What changed in a structure, element by element.

use std::collections::HashMap;

use ers_fhir_profiles::definition::{ElementDefinition, Max};
use ers_fhir_profiles::{Definitions, snapshot::Snapshot};

use super::element;
use super::sides::{Sides, difference};
use crate::page::{Difference, Weight};

/// The changes of the structure with that canonical.
pub(super) fn changes(sides: &Sides<'_>, url: &str) -> Vec<Difference> {
    let snapshots = (sides.old.snapshot(url), sides.new.snapshot(url));
    let (old, new) = match &snapshots {
        (Ok(Some(old)), Ok(Some(new))) => (old, new),
        (Ok(None), Ok(None)) => return Vec::new(),
        _ => {
            return vec![difference(
                Weight::Note,
                "",
                "The versions cannot be compared: one of them cannot be read.",
            )];
        }
    };
    let mut found = Vec::new();
    let before = by_id(old);
    let after = by_id(new);
    let mut passed: Option<&str> = None;
    for now in new.elements() {
        let id = now.id.as_str();
        if passed.is_some_and(|above| is_below(id, above)) {
            continue;
        }
        passed = None;
        match before.get(id) {
            Some(was) => element::changes(was, now, &mut found),
            // The contents of a new slice are covered by the entry for the slice.
            None if is_slice(id) => {
                found.push(slice(now));
                passed = Some(id);
            }
            // One side spells out what the other leaves as in its type.
            None => match of_type(sides.new, now) {
                Some(was) => element::changes(&was, now, &mut found),
                None => found.push(difference(Weight::Note, id, "The element is now described.")),
            },
        }
    }
    let mut passed: Option<&str> = None;
    for was in old.elements() {
        let id = was.id.as_str();
        if after.contains_key(id) || passed.is_some_and(|above| is_below(id, above)) {
            continue;
        }
        passed = Some(id);
        if is_slice(id) {
            found.push(difference(
                Weight::Note,
                id,
                "The slice is no longer described: its items are checked only as items of the list.",
            ));
        } else if of_type(sides.old, was).is_none() {
            found.push(difference(Weight::Must, id, "The element no longer exists."));
        }
    }
    found
}

fn by_id(snapshot: &Snapshot) -> HashMap<&str, &ElementDefinition> {
    snapshot.elements().iter().map(|element| (element.id.as_str(), element.as_ref())).collect()
}

fn is_below(id: &str, above: &str) -> bool {
    id.strip_prefix(above).is_some_and(|rest| rest.starts_with(['.', '/', ':']))
}

/// Whether an id belongs to a slice or to something inside one.
fn is_slice(id: &str) -> bool {
    id.contains(':')
}

fn slice(now: &ElementDefinition) -> Difference {
    match (now.min.unwrap_or_default(), now.max) {
        (_, Some(Max::Count(0))) => difference(Weight::Must, &now.id, "A new slice, which is not allowed."),
        (0, _) => difference(Weight::May, &now.id, "A new optional slice: items in it must conform to it."),
        (min, _) => {
            difference(Weight::Must, &now.id, format!("A new slice, which must occur at least {min} times."))
        }
    }
}

/// The element as defined by the type that introduces it.
fn of_type(definitions: &Definitions, element: &ElementDefinition) -> Option<ElementDefinition> {
    let path = &element.base.as_ref()?.path;
    let (type_name, _) = path.split_once('.')?;
    let own = definitions.type_definition(type_name).ok()??;
    let snapshot = definitions.snapshot(&own.url).ok()??;
    let found = snapshot.elements().iter().find(|of| of.path == *path)?;
    Some(found.as_ref().clone())
}
