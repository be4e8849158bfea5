//! What changed in an element, and what that means for a payload.

use ers_fhir_profiles::definition::{
    BindingStrength, Constraint, ConstraintSeverity, ElementDefinition, Max, SlicingRules, TypedValue,
};

use super::sides::difference;
use crate::gather::written;
use crate::page::{Difference, Weight};

/// Adds what changed from one form of an element to the other.
pub(super) fn changes(was: &ElementDefinition, now: &ElementDefinition, found: &mut Vec<Difference>) {
    let mut tell = |weight, says: String| found.push(difference(weight, &now.id, says));
    cardinality(was, now, &mut tell);
    types(was, now, &mut tell);
    value("fixed to", was.fixed.as_ref(), now.fixed.as_ref(), &mut tell);
    value("required to match", was.pattern.as_ref(), now.pattern.as_ref(), &mut tell);
    value("limited to at least", was.min_value.as_ref(), now.min_value.as_ref(), &mut tell);
    value("limited to at most", was.max_value.as_ref(), now.max_value.as_ref(), &mut tell);
    lengths(was, now, &mut tell);
    bindings(was, now, &mut tell);
    invariants(&was.constraints, &now.constraints, &mut tell);
    let closed = |of: &ElementDefinition| {
        of.slicing.as_ref().is_some_and(|slicing| slicing.rules == SlicingRules::Closed)
    };
    match (closed(was), closed(now)) {
        (false, true) => {
            tell(Weight::Must, "Items outside of all slices are no longer allowed.".to_owned());
        }
        (true, false) => tell(Weight::May, "Items outside of all slices are now allowed.".to_owned()),
        _ => {}
    }
    match (was.must_support == Some(true), now.must_support == Some(true)) {
        (false, true) => tell(Weight::Note, "It must now be supported.".to_owned()),
        (true, false) => tell(Weight::Note, "It no longer needs to be supported.".to_owned()),
        _ => {}
    }
}

fn cardinality(was: &ElementDefinition, now: &ElementDefinition, tell: &mut impl FnMut(Weight, String)) {
    let (old_min, new_min) = (was.min.unwrap_or_default(), now.min.unwrap_or_default());
    if new_min > old_min {
        let times = if new_min == 1 {
            "It is now mandatory".to_owned()
        } else {
            format!("It must occur at least {new_min} times")
        };
        tell(Weight::Must, format!("{times}; before, at least {old_min}."));
    } else if new_min < old_min {
        let says = if new_min == 0 {
            "It may now be left out".to_owned()
        } else {
            format!("It must occur at least {new_min} times")
        };
        tell(Weight::May, format!("{says}; before, at least {old_min}."));
    }
    let (Some(old_max), Some(new_max)) = (was.max, now.max) else { return };
    let bound = |max| match max {
        Max::Count(count) => count.to_string(),
        Max::Unbounded => "any number".to_owned(),
    };
    match (old_max, new_max) {
        (old, Max::Count(0)) if old != Max::Count(0) => {
            tell(Weight::Must, "It is no longer allowed.".to_owned());
        }
        (old, new) if new < old => {
            tell(Weight::Must, format!("At most {}; before, {}.", bound(new), bound(old)));
        }
        (Max::Count(0), new) if new != Max::Count(0) => tell(Weight::May, "It is now allowed.".to_owned()),
        (old, new) if new > old => {
            tell(Weight::May, format!("Up to {}; before, {}.", bound(new), bound(old)));
        }
        _ => {}
    }
}

fn types(was: &ElementDefinition, now: &ElementDefinition, tell: &mut impl FnMut(Weight, String)) {
    let names = |of: &ElementDefinition| of.types.iter().map(|of| of.code.clone()).collect::<Vec<_>>();
    let (old, new) = (names(was), names(now));
    let gone: Vec<&str> = old.iter().filter(|name| !new.contains(name)).map(String::as_str).collect();
    let more: Vec<&str> = new.iter().filter(|name| !old.contains(name)).map(String::as_str).collect();
    if !gone.is_empty() && !new.is_empty() {
        tell(Weight::Must, format!("Its type is no longer {}, but {}.", gone.join(" or "), new.join(" or ")));
    }
    if !more.is_empty() && !old.is_empty() {
        tell(Weight::May, format!("Its type may now also be {}.", more.join(" or ")));
    }
    for of in &now.types {
        let Some(before) = was.types.iter().find(|before| before.code == of.code) else { continue };
        lists("The profile", "profile", &before.profiles, &of.profiles, tell);
        lists("The target", "target", &before.target_profiles, &of.target_profiles, tell);
    }
}

/// Compares lists of which one item must fit; an empty list lets everything fit.
fn lists(what: &str, word: &str, old: &[String], new: &[String], tell: &mut impl FnMut(Weight, String)) {
    let gone: Vec<&str> = old.iter().filter(|one| !new.contains(one)).map(String::as_str).collect();
    let more: Vec<&str> = new.iter().filter(|one| !old.contains(one)).map(String::as_str).collect();
    if new.is_empty() && !old.is_empty() {
        tell(Weight::May, format!("{what} may now be any: {} is no longer required.", gone.join(", ")));
    } else if old.is_empty() && !new.is_empty() {
        tell(Weight::Must, format!("{what} must be {}.", new.join(" or ")));
    } else {
        if !gone.is_empty() {
            tell(
                Weight::Must,
                format!("The {word} {} is no longer allowed; {} is.", gone.join(", "), new.join(", ")),
            );
        }
        if !more.is_empty() {
            tell(Weight::May, format!("The {word} {} is now allowed too.", more.join(", ")));
        }
    }
}

fn value(
    what: &str,
    old: Option<&TypedValue>,
    new: Option<&TypedValue>,
    tell: &mut impl FnMut(Weight, String),
) {
    match (old, new) {
        (None, Some(new)) => tell(Weight::Must, format!("It is {what} {}.", written(&new.value))),
        (Some(old), None) => tell(Weight::May, format!("It is no longer {what} {}.", written(&old.value))),
        (Some(old), Some(new)) if old != new => tell(
            Weight::Must,
            format!("It is {what} {}; before, {}.", written(&new.value), written(&old.value)),
        ),
        _ => {}
    }
}

fn lengths(was: &ElementDefinition, now: &ElementDefinition, tell: &mut impl FnMut(Weight, String)) {
    match (was.max_length, now.max_length) {
        (old, Some(new)) if old.is_none_or(|old| new < old) => {
            tell(Weight::Must, format!("It may now have at most {new} characters."));
        }
        (Some(old), new) if new.is_none_or(|new| new > old) => {
            tell(Weight::May, format!("It may now have more than {old} characters."));
        }
        _ => {}
    }
    if now.min_length.unwrap_or_default() > was.min_length.unwrap_or_default() {
        tell(
            Weight::Must,
            format!("It must now have at least {} characters.", now.min_length.unwrap_or_default()),
        );
    }
}

fn bindings(was: &ElementDefinition, now: &ElementDefinition, tell: &mut impl FnMut(Weight, String)) {
    let bound = |of: &ElementDefinition| {
        let binding = of.binding.as_ref()?;
        let set = binding.value_set.as_deref()?;
        Some((
            rank(binding.strength),
            word(binding.strength),
            set.split('|').next().unwrap_or(set).to_owned(),
        ))
    };
    match (bound(was), bound(now)) {
        (None, Some((rank, strength, set))) => {
            tell(weight(rank), format!("Its code is bound to {set} ({strength})."));
        }
        (Some((rank, strength, set)), None) => {
            tell(
                if rank > 1 { Weight::May } else { Weight::Note },
                format!("Its code is no longer bound to {set} ({strength})."),
            );
        }
        (Some(old), Some(new)) if old != new => {
            let heavier = if new.2 == old.2 && new.0 < old.0 { Weight::May } else { weight(new.0) };
            tell(
                heavier,
                format!("Its code is bound to {} ({}); before, to {} ({}).", new.2, new.1, old.2, old.1),
            );
        }
        _ => {}
    }
}

/// What a change of a binding of that rank means for a payload.
fn weight(rank: u8) -> Weight {
    if rank > 1 { Weight::Must } else { Weight::Note }
}

fn rank(strength: BindingStrength) -> u8 {
    match strength {
        BindingStrength::Example => 0,
        BindingStrength::Preferred => 1,
        BindingStrength::Extensible => 2,
        BindingStrength::Required => 3,
    }
}

fn word(strength: BindingStrength) -> &'static str {
    match strength {
        BindingStrength::Example => "example",
        BindingStrength::Preferred => "preferred",
        BindingStrength::Extensible => "extensible",
        BindingStrength::Required => "required",
    }
}

fn invariants(old: &[Constraint], new: &[Constraint], tell: &mut impl FnMut(Weight, String)) {
    let is_error = |constraint: &Constraint| constraint.severity == ConstraintSeverity::Error;
    let said = |constraint: &Constraint| {
        let what = constraint.human.as_deref().or(constraint.expression.as_deref()).unwrap_or_default();
        format!("{}: {what}", constraint.key)
    };
    for now in new {
        let weight = if is_error(now) { Weight::Must } else { Weight::Note };
        match old.iter().find(|was| was.key == now.key) {
            None => tell(weight, format!("A new invariant, {}", said(now))),
            Some(was) if was.expression != now.expression => {
                tell(weight, format!("The invariant has another expression, {}", said(now)));
            }
            Some(was) if !is_error(was) && is_error(now) => {
                tell(Weight::Must, format!("The invariant is an error now, {}", said(now)));
            }
            Some(_) => {}
        }
    }
    for was in old.iter().filter(|was| new.iter().all(|now| now.key != was.key)) {
        tell(Weight::May, format!("The invariant is gone, {}", said(was)));
    }
}
