//! Structures that contain themselves: boxes for those that may, an end to those that must.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Choice, Field, Structure, Type};

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

/// The first field whose structure, by way of fields that are mandatory, must hold itself: no value of
/// it has an end.
pub(crate) fn endless<'a>(
    structures: &'a [Structure],
    choices: &[Choice],
) -> Option<(&'a Structure, &'a Field)> {
    let needed = |field: &Field| {
        let ty = match &field.ty {
            // What a choice holds before it is read is of its first type.
            Type::Choice(name) => {
                let choice = choices.iter().find(|choice| choice.name == *name)?;
                &choice.variants.first()?.ty
            }
            ty => ty,
        };
        match ty {
            Type::Structure { name, .. } if field.is_required => Some(name.clone()),
            _ => None,
        }
    };
    let edges: BTreeMap<String, Vec<String>> = structures
        .iter()
        .map(|structure| (structure.name.clone(), structure.fields.iter().filter_map(needed).collect()))
        .collect();
    structures.iter().find_map(|structure| {
        let mut fields = structure.fields.iter();
        let field = fields
            .find(|field| needed(field).is_some_and(|name| leads_to(&edges, &name, &structure.name)))?;
        Some((structure, field))
    })
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
