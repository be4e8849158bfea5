//! Invariants that do not say what they mean.

use serde_json::Value;

use super::structure::{Structure, elements};

/// `ele-1` joins its two conditions with `|`, which makes a collection of both; R4 has `or`.
pub(super) fn element_has_value_or_children(structure: &mut Structure) -> bool {
    amend(structure, "ele-1", "hasValue() | (", |expression| expression.replace(" | ", " or "))
}

/// `bdl-8` is empty, and so not true, for the entries without `fullUrl` that a Bundle may have.
pub(super) fn full_url_may_be_absent(structure: &mut Structure) -> bool {
    amend(structure, "bdl-8", "fullUrl.contains(", |rule| format!("fullUrl.exists() implies {rule}"))
}

/// `ras-2` is empty, and so not true, for predictions without a probability.
pub(super) fn probability_may_be_absent(structure: &mut Structure) -> bool {
    amend(structure, "ras-2", "probability is decimal implies", |rule| {
        format!("probability.exists() implies ({rule})")
    })
}

/// `que-12` is about more than one condition, but says more than two.
pub(super) fn two_conditions_need_a_behaviour(structure: &mut Structure) -> bool {
    amend(structure, "que-12", "enableWhen.count() > 2 implies", |rule| rule.replace("> 2", "> 1"))
}

/// Rewrites the expression of an invariant if it begins as the faulty one does.
fn amend(structure: &mut Structure, key: &str, start: &str, change: impl FnOnce(&str) -> String) -> bool {
    let mut constraints = elements(structure)
        .filter_map(|element| element.get_mut("constraint")?.as_array_mut())
        .flatten()
        .filter(|constraint| constraint["key"] == key);
    match constraints.next().and_then(|constraint| constraint.get_mut("expression")) {
        Some(Value::String(expression)) if expression.starts_with(start) => {
            *expression = change(expression);
            true
        }
        _ => false,
    }
}
