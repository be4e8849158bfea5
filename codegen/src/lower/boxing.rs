//! Structures that contain themselves: boxes those that may, and refuses those that must.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::profile::{Cardinality, Form, Kept, ProfileStruct};
use crate::ir::{Choice, Field, Model, Structure, Type};

/// Boxes every field of at most one value whose type leads back to the structure through such fields.
///
/// Vectors and choices need no box: both keep their content on the heap.
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

/// The first field whose structure must hold itself through mandatory fields, so that every value would be
/// infinite.
pub(crate) fn endless<'a>(
    structures: &'a [Structure],
    choices: &[Choice],
) -> Option<(&'a Structure, &'a Field)> {
    let needed = |field: &Field| {
        let ty = match &field.ty {
            // Before it is read, a choice holds a value of its first type.
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

/// Most bytes that an optional field of a profile takes inline, even when it is absent.
const MOST_INLINE: usize = 512;

/// Boxes the optional fields of profile structs that are large or lead back to their own struct. A mandatory field
/// that leads back would be infinite, so it holds the base instead.
pub(crate) fn box_profiles(structs: &mut [ProfileStruct], model: &Model) {
    let edges =
        |structs: &[ProfileStruct], target: fn(&Kept) -> Option<&str>| -> BTreeMap<String, Vec<String>> {
            let targets = |lowered: &ProfileStruct| {
                lowered.kept().filter_map(|kept| target(kept).map(str::to_owned)).collect()
            };
            structs.iter().map(|lowered| (lowered.name.clone(), targets(lowered))).collect()
        };
    let demanded = edges(structs, |kept| kept.starts_with().filter(|_| kept.cardinality == Cardinality::One));
    for lowered in structs.iter_mut() {
        let name = lowered.name.clone();
        for kept in lowered.kept_mut().filter(|kept| kept.cardinality == Cardinality::One) {
            if kept.starts_with().is_some_and(|target| leads_to(&demanded, target, &name)) {
                (kept.form, kept.called) = (Form::Base, None);
                kept.narrowed.clear();
            }
        }
    }
    let direct = edges(structs, |kept| {
        let is_single = matches!(kept.cardinality, Cardinality::One | Cardinality::Optional);
        kept.holds().filter(|_| is_single)
    });
    for lowered in structs.iter_mut() {
        let name = lowered.name.clone();
        for kept in lowered.kept_mut().filter(|kept| kept.cardinality == Cardinality::Optional) {
            kept.is_boxed = kept.holds().is_some_and(|target| leads_to(&direct, target, &name));
        }
    }
    let mut sizes = Sizes { model, known: BTreeMap::new() };
    for place in 0..structs.len() {
        sizes.settle(place, structs);
    }
}

/// The sizes of values in bytes, as far as definitions tell.
struct Sizes<'a> {
    model: &'a Model,
    known: BTreeMap<String, usize>,
}

impl Sizes<'_> {
    const POINTER: usize = 8;
    const LIST: usize = 24;

    /// Boxes the large fields of a struct, innermost first; returns the size that remains.
    fn settle(&mut self, place: usize, structs: &mut [ProfileStruct]) -> usize {
        let name = structs[place].name.clone();
        if let Some(known) = self.known.get(&name) {
            return *known;
        }
        // A cycle back to this struct leads through a box.
        self.known.insert(name.clone(), Self::POINTER);
        let mut size = Self::POINTER;
        for number in 0..structs[place].kept().count() {
            let Some(kept) = structs[place].kept().nth(number).cloned() else { continue };
            let held = match (kept.cardinality, kept.holds()) {
                (Cardinality::Any | Cardinality::Some, _) => Self::LIST,
                (_, Some(target)) => {
                    let found = structs.iter().position(|known| known.name == *target);
                    found.map_or(Self::LIST, |found| self.settle(found, structs))
                }
                (_, None) => self.of_type(&kept.ty),
            };
            let is_large = kept.cardinality == Cardinality::Optional && held > MOST_INLINE;
            if let Some(kept) = structs[place].kept_mut().nth(number) {
                kept.is_boxed |= is_large;
                size += if kept.is_boxed { Self::POINTER } else { held };
            }
        }
        self.known.insert(name, size);
        size
    }

    fn of_type(&mut self, ty: &Type) -> usize {
        let Type::Structure { name, is_boxed: false } = ty else { return Self::LIST };
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let model = self.model;
        let Some(structure) = model.structures.iter().find(|known| known.name == *name) else {
            return Self::LIST;
        };
        self.known.insert(name.clone(), Self::POINTER);
        let of_field = |field: &Field| if field.is_many { Self::LIST } else { self.of_type(&field.ty) };
        let size = Self::POINTER + structure.fields.iter().map(of_field).sum::<usize>();
        self.known.insert(name.clone(), size);
        size
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
