//! Merges the facts that a differential states into those of the element that it constrains.

use crate::definition::{Constraint, ElementDefinition, TypeRef};

/// Merges a differential element into the element that it names. Path, id and slice name stay.
///
/// `source` is the definition that the differential belongs to, for the invariants it introduces.
pub(super) fn overlay(element: &mut ElementDefinition, stated: &ElementDefinition, source: &str) {
    if let Some(slicing) = &stated.slicing {
        let inherited = element.slicing.take();
        let mut slicing = slicing.clone();
        // A slicing that is only closed or ordered keeps what tells its slices apart.
        if let (true, Some(inherited)) = (slicing.discriminators.is_empty(), inherited) {
            slicing.discriminators = inherited.discriminators;
        }
        element.slicing = Some(slicing);
    }
    replace(&mut element.min, stated.min.as_ref());
    replace(&mut element.max, stated.max.as_ref());
    replace(&mut element.fixed, stated.fixed.as_ref());
    replace(&mut element.pattern, stated.pattern.as_ref());
    replace(&mut element.min_value, stated.min_value.as_ref());
    replace(&mut element.max_value, stated.max_value.as_ref());
    replace(&mut element.max_length, stated.max_length.as_ref());
    replace(&mut element.min_length, stated.min_length.as_ref());
    replace(&mut element.regex, stated.regex.as_ref());
    replace(&mut element.must_have_value, stated.must_have_value.as_ref());
    if !stated.value_alternatives.is_empty() {
        element.value_alternatives.clone_from(&stated.value_alternatives);
    }
    if !stated.narrative_languages.is_empty() {
        element.narrative_languages.clone_from(&stated.narrative_languages);
    }
    replace(&mut element.narrative_source, stated.narrative_source.as_ref());
    replace(&mut element.must_support, stated.must_support.as_ref());
    replace(&mut element.is_modifier, stated.is_modifier.as_ref());
    replace(&mut element.is_summary, stated.is_summary.as_ref());
    replace(&mut element.short, stated.short.as_ref());
    replace(&mut element.definition, stated.definition.as_ref());
    replace(&mut element.content_reference, stated.content_reference.as_ref());
    if let Some(binding) = &stated.binding {
        let mut binding = binding.clone();
        if let Some(inherited) = element.binding.take() {
            // A differential may state a new strength alone, or a new set; it cannot weaken.
            binding.value_set = binding.value_set.or(inherited.value_set);
            binding.strength = binding.strength.max(inherited.strength);
            for additional in inherited.additional {
                if !binding.additional.contains(&additional) {
                    binding.additional.push(additional);
                }
            }
        }
        element.binding = Some(binding);
    }
    // Profiles restate the system type of `Extension.url` as the FHIR type `uri`.
    let is_system = |types: &[TypeRef]| types.iter().any(|t| t.code.starts_with("System."));
    if !stated.types.is_empty() && (!is_system(&element.types) || is_system(&stated.types)) {
        element.types.clone_from(&stated.types);
    }
    if !stated.representation.is_empty() {
        element.representation.clone_from(&stated.representation);
    }
    add_constraints(element, &stated.constraints, Some(source));
}

/// Resets an inherited element that a new type defines anew, such as the value of a primitive: limits only
/// apply to the type they were set for.
pub(super) fn redefine(element: &mut ElementDefinition, stated: &ElementDefinition) {
    if !stated.types.is_empty() {
        element.min_value = None;
        element.max_value = None;
        element.max_length = None;
        element.min_length = None;
        element.regex = None;
    }
}

/// Merges a constraint on an element into one of its slices, or into an element below one.
///
/// A constraint on the element also applies to each slice, but a slice that is already tighter keeps its own.
/// `was` is the element before the constraint. The cardinality is that of all slices together, so only
/// elements below a slice take it over.
pub(super) fn tighten(
    slice: &mut ElementDefinition,
    was: &ElementDefinition,
    stated: &ElementDefinition,
    source: &str,
) {
    if slice.slice_name.is_none() {
        slice.min = slice.min.max(stated.min);
        slice.max = [slice.max, stated.max].into_iter().flatten().min();
    }
    if slice.types == was.types && !stated.types.is_empty() {
        slice.types.clone_from(&stated.types);
    }
    if slice.binding == was.binding {
        replace(&mut slice.binding, stated.binding.as_ref());
    }
    fill(&mut slice.fixed, stated.fixed.as_ref());
    fill(&mut slice.pattern, stated.pattern.as_ref());
    fill(&mut slice.min_value, stated.min_value.as_ref());
    fill(&mut slice.max_value, stated.max_value.as_ref());
    fill(&mut slice.max_length, stated.max_length.as_ref());
    fill(&mut slice.min_length, stated.min_length.as_ref());
    fill(&mut slice.regex, stated.regex.as_ref());
    fill(&mut slice.must_have_value, stated.must_have_value.as_ref());
    if slice.value_alternatives.is_empty() {
        slice.value_alternatives.clone_from(&stated.value_alternatives);
    }
    add_constraints(slice, &stated.constraints, Some(source));
}

/// Adds the constraints at the root of a type's profile to the element that has the type.
///
/// The cardinality of an element is its own, but for extensions, whose definitions say how often
/// they may appear.
pub(super) fn adopt(element: &mut ElementDefinition, root: &ElementDefinition) {
    if root.path == "Extension" {
        replace(&mut element.min, root.min.as_ref());
        element.max = [element.max, root.max].into_iter().flatten().min();
        replace(&mut element.is_modifier, root.is_modifier.as_ref());
        replace(&mut element.short, root.short.as_ref());
        replace(&mut element.definition, root.definition.as_ref());
    }
    fill(&mut element.binding, root.binding.as_ref());
    add_constraints(element, &root.constraints, None);
}

/// Adds the invariants that an element lacks; `source` is for those that do not name theirs.
pub(super) fn add_constraints(
    element: &mut ElementDefinition,
    constraints: &[Constraint],
    source: Option<&str>,
) {
    for constraint in constraints {
        if element.constraints.iter().all(|known| known.key != constraint.key) {
            let mut constraint = constraint.clone();
            constraint.source = constraint.source.or_else(|| source.map(str::to_owned));
            element.constraints.push(constraint);
        }
    }
}

fn replace<T: Clone>(to: &mut Option<T>, stated: Option<&T>) {
    if let Some(stated) = stated {
        *to = Some(stated.clone());
    }
}

fn fill<T: Clone>(to: &mut Option<T>, stated: Option<&T>) {
    if to.is_none() {
        *to = stated.cloned();
    }
}
