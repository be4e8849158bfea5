//! Makes the structs of profiles fewer and flatter: a struct that only implies values becomes a pattern, one that
//! holds a single value becomes that value, and equal structs are merged.

use std::collections::{BTreeMap, BTreeSet};

use super::boxing::box_profiles;
use crate::ir::profile::{
    Alias, Around, Cardinality, Form, Handling, Kept, ProfileField, ProfileStruct, SHARED,
};
use crate::ir::{Model, Type};

/// Elements that every structure has, and that profiles rarely constrain.
const COMMON: [&str; 3] = ["id", "extension", "modifierExtension"];

pub(super) fn simplify(
    structs: Vec<ProfileStruct>,
    model: &Model,
    taken: &BTreeSet<String>,
) -> Vec<ProfileStruct> {
    let mut structs = structs;
    // Each round removes one level of nesting.
    while flatten(&mut structs, model) {}
    drop_unused(&mut structs);
    merge(&mut structs, taken);
    box_profiles(&mut structs, model);
    structs
}

/// What a field becomes when the struct that it holds is dropped.
enum Flat {
    /// The base, with a pattern.
    Pattern(String, Vec<String>),
    /// The one value that the struct holds.
    Inner(Around, Box<Kept>),
}

/// Drops structs that fields can do without; returns whether there were any.
fn flatten(structs: &mut [ProfileStruct], model: &Model) -> bool {
    let mut flat = BTreeMap::new();
    for lowered in structs.iter() {
        if let Some((pattern, singles)) = implied_only(lowered) {
            flat.insert(lowered.name.clone(), Flat::Pattern(pattern, singles));
        } else if let Some((around, inner)) = one_value(lowered, model) {
            flat.insert(lowered.name.clone(), Flat::Inner(around, inner));
        }
    }
    let mut is_changed = false;
    for lowered in structs {
        lowered.change(&mut |field| is_changed |= flatten_field(field, &flat));
    }
    is_changed
}

/// Drops the struct that a field holds, if it is one of these; returns whether it was.
fn flatten_field(field: &mut Kept, flat: &BTreeMap<String, Flat>) -> bool {
    let Form::Struct(name) = &field.form else { return false };
    if field.fixed.is_some() || field.pattern.is_some() {
        return false;
    }
    match flat.get(name) {
        Some(Flat::Pattern(pattern, singles)) => {
            field.form = Form::Base;
            field.singles.clone_from(singles);
            field.pattern = Some(pattern.clone());
        }
        Some(Flat::Inner(around, inner)) => {
            field.around.push(around.clone());
            field.around.extend(inner.around.iter().cloned());
            field.ty = inner.ty.clone();
            field.form = inner.form.clone();
            field.called.clone_from(&inner.called);
            field.fixed.clone_from(&inner.fixed);
            field.pattern.clone_from(&inner.pattern);
            field.singles.clone_from(&inner.singles);
            field.facts.types.clone_from(&inner.facts.types);
            field.facts.targets.clone_from(&inner.facts.targets);
            field.facts.binding.clone_from(&inner.facts.binding);
        }
        None => return false,
    }
    true
}

/// The pattern that says as much as an anonymous struct, and the repeating parts that are limited to one.
fn implied_only(lowered: &ProfileStruct) -> Option<(String, Vec<String>)> {
    if lowered.url.is_some() {
        return None;
    }
    let (mut members, mut singles) = (Vec::new(), Vec::new());
    for ProfileField { base, handling } in &lowered.fields {
        let json = match handling {
            // A pattern would not forbid the other types.
            Handling::Fixed { .. } if matches!(base.ty, Type::Choice(_)) => return None,
            Handling::Fixed { json, .. } => json,
            Handling::Kept(kept) if kept.is_as_in(base) => continue,
            Handling::Kept(kept) => {
                let is_there = match kept.cardinality {
                    Cardinality::One => !base.is_many,
                    Cardinality::Some => true,
                    Cardinality::Optional | Cardinality::Any => false,
                };
                let is_plain = kept.form == Form::Base
                    && kept.fixed.is_none()
                    && kept.around.is_empty()
                    && kept.singles.is_empty()
                    && kept.untold.is_empty()
                    && kept.times.min <= 1
                    && kept.times.max.is_none_or(|max| max == 1);
                kept.pattern.as_ref().filter(|_| is_there && is_plain && kept.json == base.json)?
            }
            Handling::Forbidden | Handling::Sliced(_) => return None,
        };
        let json = if base.is_many { format!("[{json}]") } else { json.clone() };
        members.push(format!("{:?}:{json}", base.json));
        let is_one = match handling {
            Handling::Kept(kept) => kept.times.max == Some(1),
            _ => true,
        };
        if base.is_many && is_one {
            singles.push(base.json.clone());
        }
    }
    (!members.is_empty()).then(|| (format!("{{{}}}", members.join(",")), singles))
}

/// The single value that a struct holds, apart from the elements of every structure; a named profile counts only if
/// it is an extension.
fn one_value(lowered: &ProfileStruct, model: &Model) -> Option<(Around, Box<Kept>)> {
    let is_resource = |name: &str| {
        let mut structures = model.structures.iter();
        structures.any(|known| known.name == name && known.kind == crate::ir::StructureKind::Resource)
    };
    if (lowered.url.is_some() && lowered.base != "Extension") || is_resource(&lowered.base) {
        return None;
    }
    let mut implied = Vec::new();
    let mut forbidden = Vec::new();
    let mut stems = Vec::new();
    let mut found: Option<(&ProfileField, &Kept)> = None;
    for field in &lowered.fields {
        let ProfileField { base, handling } = field;
        match handling {
            Handling::Forbidden if matches!(base.ty, Type::Choice(_)) => stems.push(base.json.clone()),
            Handling::Forbidden => forbidden.push(base.json.clone()),
            Handling::Fixed { name, json } if base.is_many => {
                implied.push((name.clone(), format!("[{json}]")));
            }
            Handling::Fixed { name, json } => {
                if matches!(base.ty, Type::Choice(_)) {
                    stems.push(base.json.clone());
                }
                implied.push((name.clone(), json.clone()));
            }
            Handling::Kept(kept) if COMMON.contains(&base.json.as_str()) && kept.is_as_in(base) => {}
            Handling::Kept(kept) if kept.cardinality == Cardinality::One && found.is_none() => {
                found = Some((field, kept));
            }
            Handling::Kept(_) | Handling::Sliced(_) => return None,
        }
    }
    let (field, kept) = found?;
    if matches!(kept.ty, Type::Choice(_)) {
        return None;
    }
    if matches!(field.base.ty, Type::Choice(_)) {
        stems.push(field.base.json.clone());
    }
    let inner = kept.json.clone();
    let around = Around { inner, is_many: field.base.is_many, implied, forbidden, stems };
    Some((around, Box::new(kept.clone())))
}

/// Drops anonymous structs that no other struct refers to.
fn drop_unused(structs: &mut Vec<ProfileStruct>) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> =
        structs.iter().filter(|known| known.url.is_some()).map(|known| known.name.clone()).collect();
    while let Some(name) = open.pop() {
        if !used.insert(name.clone()) {
            continue;
        }
        let Some(lowered) = structs.iter().find(|known| known.name == name) else { continue };
        open.extend(lowered.said().filter_map(|field| match &field.form {
            Form::Struct(name) => Some(name.clone()),
            _ => None,
        }));
    }
    structs.retain(|known| used.contains(&known.name));
}

/// Merges anonymous structs with the same content; the result keeps all names.
fn merge(structs: &mut Vec<ProfileStruct>, taken: &BTreeSet<String>) {
    let mut taken = taken.clone();
    loop {
        let mut first: BTreeMap<String, (String, String)> = BTreeMap::new();
        let mut same: BTreeMap<String, String> = BTreeMap::new();
        let mut shared: BTreeSet<String> = BTreeSet::new();
        for lowered in structs.iter().filter(|known| known.url.is_none()) {
            let (name, owner) = first
                .entry(content(lowered))
                .or_insert_with(|| (lowered.name.clone(), lowered.owner.clone()));
            if *name != lowered.name {
                same.insert(lowered.name.clone(), name.clone());
            }
            if *owner != lowered.owner {
                shared.insert(name.clone());
            }
        }
        if same.is_empty() {
            return;
        }
        let mut aliases: BTreeMap<String, Vec<Alias>> = BTreeMap::new();
        for lowered in structs.iter_mut().filter(|known| same.contains_key(&known.name)) {
            let own = aliases.entry(same[&lowered.name].clone()).or_default();
            own.push(Alias { key: lowered.key.clone(), name: lowered.name.clone() });
            own.append(&mut lowered.aliases);
        }
        structs.retain(|known| !same.contains_key(&known.name));
        let mut renamed = same;
        for lowered in structs.iter_mut() {
            lowered.aliases.extend(aliases.remove(&lowered.name).unwrap_or_default());
            if !shared.contains(&lowered.name) {
                continue;
            }
            SHARED.clone_into(&mut lowered.owner);
            if let Some(name) = telling_name(lowered).filter(|name| taken.insert(name.clone())) {
                let old = std::mem::replace(&mut lowered.name, name.clone());
                renamed.values_mut().filter(|known| **known == old).for_each(|known| known.clone_from(&name));
                lowered.aliases.push(Alias { key: lowered.key.clone(), name: old.clone() });
                lowered.key.clear();
                renamed.insert(old, name);
            }
        }
        let mut rename = |field: &mut Kept| {
            if let Form::Struct(name) = &mut field.form
                && let Some(new) = renamed.get(name)
            {
                // The name after its element is the one that a user would expect.
                field.called.get_or_insert_with(|| name.clone());
                name.clone_from(new);
            }
        };
        for lowered in structs.iter_mut() {
            lowered.change(&mut rename);
        }
    }
}

/// The content of a struct, regardless of its place.
fn content(lowered: &ProfileStruct) -> String {
    let mut plain = lowered.clone();
    plain.change(&mut |field| {
        field.path = field.path.rsplit('.').next().unwrap_or_default().to_owned();
        field.called = None;
        field.types = None;
        // Of these facts, only the types left of a choice have an effect.
        let types = std::mem::take(&mut field.facts.types);
        field.facts = crate::ir::Facts { types, ..crate::ir::Facts::default() };
    });
    format!("{} {:?}", plain.base, plain.fields.iter().map(|field| &field.handling).collect::<Vec<_>>())
}

/// Datatypes that wrap a single value and are told apart by it.
const WRAPPERS: [&str; 4] = ["CodeableConcept", "Coding", "Identifier", "Reference"];

/// A name after the one struct or code that a wrapper holds, rather than after the place where it was found first.
fn telling_name(lowered: &ProfileStruct) -> Option<String> {
    let base = &lowered.base;
    if !WRAPPERS.contains(&base.as_str()) {
        return None;
    }
    let mut held = Vec::new();
    for ProfileField { base, handling } in &lowered.fields {
        if let Handling::Kept(kept) = handling
            && !kept.is_as_in(base)
            && let Form::Struct(name) | Form::Code(name) = &kept.form
        {
            held.push(name);
        }
    }
    let [only] = held.as_slice() else { return None };
    let stem = WRAPPERS.iter().find_map(|suffix| only.strip_suffix(suffix).filter(|stem| !stem.is_empty()));
    Some(format!("{}{base}", stem.unwrap_or(only)))
}
