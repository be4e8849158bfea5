//! Choices of type: `value[x]`, and the shorthand `valueQuantity` that differentials use for it.
//!
//! The shorthand narrows the choice to the types that the differential names in this way, and constrains the
//! element when it has that type. Published R4 snapshots express this by slicing the choice by type; STU3
//! ones, and R4 ones inside a slice or if only one type was left before, by narrowing the element itself.
//! Ours do the same, except that the element keeps its name.

use crate::definition::{
    Discriminator, DiscriminatorKind, ElementDefinition, Slicing, SlicingRules, TypeRef,
};

/// The stem of a choice: `value` of `value[x]`.
pub(super) fn stem(name: &str) -> Option<&str> {
    name.strip_suffix("[x]")
}

/// The type of a choice element that a shorthand names.
pub(super) fn type_of<'a>(choice: &'a ElementDefinition, shorthand: &str) -> Option<&'a TypeRef> {
    let suffix = shorthand.strip_prefix(stem(choice.name())?)?;
    choice.types.iter().find(|t| is_suffix(suffix, &t.code))
}

/// Whether a type is written with that suffix: `Quantity`, and `String` for `string`.
fn is_suffix(suffix: &str, code: &str) -> bool {
    let (mut suffix, mut code) = (suffix.chars(), code.chars());
    match (suffix.next(), code.next()) {
        (Some(s), Some(c)) => s == c.to_ascii_uppercase() && suffix.as_str() == code.as_str(),
        _ => false,
    }
}

/// The shorthands that a differential uses for one choice, in order.
///
/// `parent` is the id, as the differential writes it, of the element that has the choice.
pub(super) fn shorthands<'a>(
    differential: &'a [ElementDefinition],
    parent: &str,
    choice: &ElementDefinition,
) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for stated in differential {
        let rest = stated.id.strip_prefix(parent).and_then(|rest| rest.strip_prefix('.'));
        let Some(name) = rest.and_then(|rest| rest.split(['.', ':']).next()) else { continue };
        if !found.contains(&name) && type_of(choice, name).is_some() {
            found.push(name);
        }
    }
    found
}

/// Narrows a choice to the types that shorthands name.
pub(super) fn narrow(choice: &mut ElementDefinition, shorthands: &[&str]) {
    let named: Vec<bool> = {
        let choice = &*choice;
        let is_named = |t: &TypeRef| shorthands.iter().any(|s| type_of(choice, s).is_some_and(|of| of == t));
        choice.types.iter().map(is_named).collect()
    };
    let mut named = named.into_iter();
    choice.types.retain(|_| named.next().unwrap_or(true));
}

/// Slicing by type, as a type slice without a stated slicing implies it.
pub(super) fn slicing(rules: SlicingRules) -> Slicing {
    Slicing {
        discriminators: vec![Discriminator { kind: DiscriminatorKind::Type, path: "$this".to_owned() }],
        rules,
        ordered: false,
    }
}
