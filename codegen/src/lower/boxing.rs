//! Boxes for structures that contain themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Structure, Type};

/// Boxes every field, of at most one value, from whose type a way of such fields leads back.
///
/// Vectors and choices need no box: both keep what they hold on the heap.
pub(crate) fn box_cycles(structures: &mut [Structure]) {
    let edges: BTreeMap<String, Vec<String>> = structures
        .iter()
        .map(|structure| {
            let direct = structure.fields.iter().filter_map(|field| match &field.ty {
                Type::Structure { name, .. } if !field.is_many => Some(name.clone()),
                _ => None,
            });
            (structure.name.clone(), direct.collect())
        })
        .collect();
    for structure in structures {
        for field in &mut structure.fields {
            if let Type::Structure { name, is_boxed } = &mut field.ty
                && !field.is_many
            {
                *is_boxed = leads_to(&edges, name, &structure.name);
            }
        }
    }
}

fn leads_to(edges: &BTreeMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(edges.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}
