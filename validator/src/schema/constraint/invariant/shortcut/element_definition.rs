//! ElementDefinition: cardinality, types, constraints, binding, path.

use ers_fhir_tree::{Name, Node};

use super::look::{Table, are_distinct, has, text};
use crate::check::name;

const BINDING: Name = Name::known("binding");
const CONSTRAINT: Name = Name::known("constraint");
const DESCRIPTION: Name = Name::known("description");
const IS_MODIFIER: Name = Name::known("isModifier");
const IS_MODIFIER_REASON: Name = Name::known("isModifierReason");
const KEY: Name = Name::known("key");
const MAX: Name = Name::known("max");
const MIN: Name = Name::known("min");
const PATH: Name = Name::known("path");
const VALUE_SET: Name = Name::known("valueSet");

pub(super) const TABLE: Table = &[
    ("empty()or($this='*')or(toInteger()>=0)", eld_3),
    ("constraint.select(key).isDistinct()", eld_14),
    // STU3
    ("min.empty()ormax.empty()or(max='*')or(min<=max.toInteger())", eld_2),
    (
        "binding.empty()ortype.code.empty()ortype.select((code='code')or(code='Coding')or(code='CodeableConcept')or(code='Quantity')or(code='Extension')or(code='string')or(code='uri')).exists()",
        eld_11,
    ),
    ("type.select(code&profile&targetProfile).isDistinct()", eld_13_stu3),
    // R4
    ("min.empty()ormax.empty()or(max='*')oriif(max!='*',min<=max.toInteger())", eld_2),
    (
        "binding.empty()ortype.code.empty()ortype.select((code='code')or(code='Coding')or(code='CodeableConcept')or(code='Quantity')or(code='string')or(code='uri')).exists()",
        eld_11,
    ),
    ("type.select(code).isDistinct()", eld_13),
    ("(isModifier.exists()andisModifier)impliesisModifierReason.exists()", eld_18),
    (
        r#"path.matches('[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*')"#,
        has_plain_path,
    ),
    (r"path.matches('[A-Za-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*(\\[x])?)*')", has_plain_path),
    ("binding.empty()orbinding.valueSet.exists()orbinding.description.exists()", sdf_10),
];

/// The minimum is not above the maximum.
fn eld_2(element: Node<'_>) -> bool {
    match (text(element, MIN), text(element, MAX)) {
        (Some(_), Some("*")) => true,
        (Some(min), Some(max)) => {
            matches!((min.parse::<u16>(), max.parse::<u16>()), (Ok(min), Ok(max)) if min <= max)
        }
        _ => !has(element, MIN) || !has(element, MAX),
    }
}

/// The maximum is a star or a number.
fn eld_3(max: Node<'_>) -> bool {
    max.value().is_some_and(|text| text == "*" || text.parse::<u16>().is_ok())
}

/// An element with a binding has a type with a code; the expression does not ask which code.
fn eld_11(element: Node<'_>) -> bool {
    !has(element, BINDING) || element.named(name::TYPE).any(|kind| text(kind, name::CODE).is_some())
}

/// No type occurs twice.
fn eld_13(element: Node<'_>) -> bool {
    are_all_different(element, name::TYPE, name::CODE)
}

/// As in R4; one type with several profiles is left to the expression.
fn eld_13_stu3(element: Node<'_>) -> bool {
    are_all_different(element, name::TYPE, name::CODE)
        && element.named(name::TYPE).all(|kind| !has(kind, name::PROFILE) && !has(kind, TARGET_PROFILE))
}

const TARGET_PROFILE: Name = Name::known("targetProfile");

/// No key of a constraint occurs twice.
fn eld_14(element: Node<'_>) -> bool {
    are_all_different(element, CONSTRAINT, KEY)
}

/// Most elements have one or two of them, which need no table.
fn are_all_different(element: Node<'_>, list: Name, part: Name) -> bool {
    let mut items = element.named(list).map(|item| text(item, part));
    match (items.next(), items.next(), items.next()) {
        (None, ..) => true,
        (Some(only), None, _) => only.is_some(),
        (Some(Some(one)), Some(Some(other)), None) => one != other,
        _ => are_distinct(element.named(list).map(|item| text(item, part))),
    }
}

/// A modifier has a reason.
fn eld_18(element: Node<'_>) -> bool {
    match element.child(IS_MODIFIER) {
        None => true,
        Some(modifier) => modifier.value() == Some("false") || has(element, IS_MODIFIER_REASON),
    }
}

/// The path is made of plain names, which is what both rules for it allow.
fn has_plain_path(element: Node<'_>) -> bool {
    const LONGEST: usize = 64;
    let Some(path) = text(element, PATH) else { return false };
    path.split('.').enumerate().all(|(at, name)| {
        let mut bytes = name.bytes();
        let first = bytes.next();
        first.is_some_and(|first| first.is_ascii_lowercase() || at == 0 && first.is_ascii_uppercase())
            && bytes.all(|byte| byte.is_ascii_alphanumeric())
            && name.len() <= LONGEST
    })
}

/// A binding names a value set or describes one.
fn sdf_10(element: Node<'_>) -> bool {
    match element.child(BINDING) {
        None => true,
        Some(binding) => has(binding, VALUE_SET) || has(binding, DESCRIPTION),
    }
}
