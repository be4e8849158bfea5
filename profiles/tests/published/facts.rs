//! The facts of two snapshots, compared element by element.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Debug};

use ers_fhir_profiles::definition::{Constraint, ElementDefinition, TypeRef};

/// One fact on which two snapshots differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Id of the element.
    pub(crate) element: String,
    /// Name of the fact.
    pub(crate) fact: &'static str,
    /// Ours, and theirs.
    pub(crate) values: (String, String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ours, theirs) = &self.values;
        write!(f, "{} {}: ours {ours}, theirs {theirs}", self.element, self.fact)
    }
}

/// Every fact on which ours and theirs differ, in the order of ours; elements are paired by id.
pub(crate) fn differences(ours: &[&ElementDefinition], theirs: &[&ElementDefinition]) -> Vec<Difference> {
    let mut found = Vec::new();
    let index: BTreeMap<&str, &ElementDefinition> = theirs.iter().map(|e| (e.id.as_str(), *e)).collect();
    let known: BTreeSet<&str> = ours.iter().map(|e| e.id.as_str()).collect();
    for element in theirs.iter().filter(|e| !known.contains(e.id.as_str())) {
        found.push(difference(element, "missing element", "", &element.path));
    }
    let order = |list: &[&ElementDefinition], other: &dyn Fn(&str) -> bool| -> Vec<String> {
        list.iter().filter(|e| other(&e.id)).map(|e| e.id.clone()).collect()
    };
    let our_order = order(ours, &|id| index.contains_key(id));
    let their_order = order(theirs, &|id| known.contains(id));
    if let Some((a, b)) = our_order.iter().zip(&their_order).find(|(a, b)| a != b) {
        found.push(Difference { element: a.clone(), fact: "order", values: (a.clone(), b.clone()) });
    }
    for element in ours {
        match index.get(element.id.as_str()) {
            None => found.push(difference(element, "extra element", &element.path, "")),
            Some(theirs) => compare(element, theirs, &mut found),
        }
    }
    found
}

fn compare(ours: &ElementDefinition, theirs: &ElementDefinition, found: &mut Vec<Difference>) {
    let mut fact = |name, a: &dyn Debug, b: &dyn Debug| {
        let (a, b) = (format!("{a:?}"), format!("{b:?}"));
        if a != b {
            found.push(Difference { element: ours.id.clone(), fact: name, values: (a, b) });
        }
    };
    fact("path", &ours.path, &theirs.path);
    fact("min", &ours.min, &theirs.min);
    fact("max", &ours.max, &theirs.max);
    fact("types", &types(ours), &types(theirs));
    fact("fixed", &ours.fixed, &theirs.fixed);
    fact("pattern", &ours.pattern, &theirs.pattern);
    fact(
        "limits",
        &(&ours.min_value, &ours.max_value, ours.max_length),
        &(&theirs.min_value, &theirs.max_value, theirs.max_length),
    );
    fact("binding", &binding(ours), &binding(theirs));
    fact("constraints", &keys(&ours.constraints), &keys(&theirs.constraints));
    fact("slicing", &ours.slicing, &theirs.slicing);
    fact("slice name", &ours.slice_name, &theirs.slice_name);
    fact("content reference", &ours.content_reference, &theirs.content_reference);
    fact("modifier", &ours.is_modifier.unwrap_or(false), &theirs.is_modifier.unwrap_or(false));
    fact("summary", &ours.is_summary.unwrap_or(false), &theirs.is_summary.unwrap_or(false));
    fact("must support", &ours.must_support.unwrap_or(false), &theirs.must_support.unwrap_or(false));
    // STU3 gives no base to what a type adds itself.
    if theirs.base.is_some() {
        fact("base", &ours.base, &theirs.base);
    }
}

fn types(element: &ElementDefinition) -> Vec<(String, Vec<String>, Vec<String>)> {
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    let one = |t: &TypeRef| (t.code.clone(), sorted(&t.profiles), sorted(&t.target_profiles));
    element.types.iter().map(one).collect()
}

fn binding(element: &ElementDefinition) -> Option<(String, Option<String>, Option<String>)> {
    let binding = element.binding.as_ref()?;
    Some((format!("{:?}", binding.strength), binding.value_set.clone(), binding.max_value_set.clone()))
}

fn keys(constraints: &[Constraint]) -> Vec<&str> {
    let mut keys: Vec<&str> = constraints.iter().map(|c| c.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn difference(element: &ElementDefinition, fact: &'static str, ours: &str, theirs: &str) -> Difference {
    Difference { element: element.id.clone(), fact, values: (ours.to_owned(), theirs.to_owned()) }
}
