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

/// `per-1` is empty, and so not true, where one end is written to the day and the other to the minute. R5
/// compares the earliest start with the latest end; what is decided without that stays decided, since
/// boundaries of what names no zone are a day apart.
pub(super) fn period_is_compared_by_its_boundaries(structure: &mut Structure) -> bool {
    amend(structure, "per-1", "start.", |_| {
        "start.hasValue().not() or end.hasValue().not() or \
         iif(start > end, false, start.lowBoundary() <= end.highBoundary())"
            .to_owned()
    })
}

/// `rng-2` is empty, and so not true, where an end has no value or the units cannot be compared.
pub(super) fn range_may_have_two_units(structure: &mut Structure) -> bool {
    amend(structure, "rng-2", "low.empty() or high.empty() or (low <= high)", |_| {
        "low.empty() or high.empty() or iif(low > high, false, true)".to_owned()
    })
}

/// `tim-9` asks whether `when` is in a list, which can be asked of one only, and there may be several.
pub(super) fn several_events_are_asked_each(structure: &mut Structure) -> bool {
    amend(structure, "tim-9", "offset.empty() or (when.exists() and ((when in (", |rule| {
        rule.replace("((when in (", "when.all(($this in (")
    })
}

/// The dates of a Task may be written with different precision, as those of a Period.
pub(super) fn task_is_compared_by_its_boundaries(structure: &mut Structure) -> bool {
    amend(structure, "inv-1", "lastModified.exists().not() or authoredOn.exists().not() or", |_| {
        "lastModified.hasValue().not() or authoredOn.hasValue().not() or \
         iif(lastModified < authoredOn, false, lastModified.highBoundary() >= authoredOn.lowBoundary())"
            .to_owned()
    })
}

/// The dates of a `MedicationDispense` may be written with different precision, as those of a Period.
pub(super) fn dispense_is_compared_by_its_boundaries(structure: &mut Structure) -> bool {
    amend(structure, "mdd-1", "whenHandedOver.empty() or whenPrepared.empty() or", |_| {
        "whenHandedOver.hasValue().not() or whenPrepared.hasValue().not() or \
         iif(whenHandedOver < whenPrepared, false, whenHandedOver.highBoundary() >= whenPrepared.lowBoundary())"
            .to_owned()
    })
}

/// `age-1` is empty, and so not true, where an extension stands in place of the value; R4 allows that.
pub(super) fn age_may_lack_its_value(structure: &mut Structure) -> bool {
    amend(structure, "age-1", "(code or value.empty())", |rule| {
        rule.replace("(value.empty() or", "(value.hasValue().not() or")
    })
}

/// `cnt-3` is empty, and so not true, where an extension stands in place of the value; R4 allows that.
pub(super) fn count_may_lack_its_value(structure: &mut Structure) -> bool {
    amend(structure, "cnt-3", "(code or value.empty())", |rule| {
        rule.replace("(value.empty() or", "(value.hasValue().not() or")
    })
}

/// `vs-1` is empty, and so not true, for a Period or a date that is absent; R5 asks dates alone.
pub(super) fn only_a_date_is_precise_to_the_day(structure: &mut Structure) -> bool {
    amend(structure, "vs-1", "($this as dateTime).toString().length() >= 8", |_| {
        "hasValue().not() or ($this is dateTime).not() or toString().length() >= 8".to_owned()
    })
}

/// `opd-2` is empty, and so not true, for the parameters that do not search; R4 has `exists()`.
pub(super) fn search_type_may_be_absent(structure: &mut Structure) -> bool {
    amend(structure, "opd-2", "searchType implies", |rule| rule.replace("searchType", "searchType.exists()"))
}

/// `eld-12` is empty, and so not true, for a binding without a value set; R4 has `exists()`.
pub(super) fn value_set_may_be_absent(structure: &mut Structure) -> bool {
    amend(structure, "eld-12", "valueSet.is(uri).not()", |rule| format!("valueSet.empty() or {rule}"))
}

/// `sdf-11` is empty, and so not true, for a logical model without a type.
pub(super) fn snapshot_of_no_type_begins_as_it_likes(structure: &mut Structure) -> bool {
    amend(structure, "sdf-11", "snapshot.empty() or", |rule| format!("type.empty() or {rule}"))
}

/// `sdf-5` is empty, and so not true, for a logical model without a type.
pub(super) fn what_has_no_type_is_no_extension(structure: &mut Structure) -> bool {
    amend(structure, "sdf-5", "type != 'Extension'", |rule| format!("type.empty() or {rule}"))
}

/// `sdf-8a` cannot be true for a logical model without a type.
pub(super) fn differential_of_no_type_begins_as_it_likes(structure: &mut Structure) -> bool {
    amend(structure, "sdf-8a", "element.first().path.startsWith(%resource.type)", |rule| {
        format!("%resource.type.empty() or ({rule})")
    })
}

/// `con-4` is empty, and so not true, whatever abatement that is no boolean there is: what is asked is
/// whether it is a boolean that says no.
pub(super) fn abatement_need_not_be_a_boolean(structure: &mut Structure) -> bool {
    amend(structure, "con-4", "abatement.empty() or (abatement as boolean).not()", |rule| {
        rule.replace("(abatement as boolean).not()", "(abatement as boolean).exists($this.not())")
    })
}

/// `ctm-1` is empty, and so not true, where nothing is known of the member but its name; R4 lets that be.
pub(super) fn member_may_be_unknown(structure: &mut Structure) -> bool {
    amend(structure, "ctm-1", "onBehalfOf.exists() implies (member.resolve()", |_| {
        "onBehalfOf.exists() implies (member.resolve().empty() or member.resolve() is Practitioner)"
            .to_owned()
    })
}

/// `cmr-1` is empty, and so not true, where nothing is known of the agent but its name; the pattern that it
/// follows, `Request`, lets that be.
pub(super) fn requester_may_be_unknown(structure: &mut Structure) -> bool {
    amend(structure, "cmr-1", "(agent.resolve() is", |rule| format!("agent.resolve().empty() or {rule}"))
}

/// `rfr-1`, likewise.
pub(super) fn referrer_may_be_unknown(structure: &mut Structure) -> bool {
    amend(structure, "rfr-1", "(agent.resolve() is", |rule| format!("agent.resolve().empty() or {rule}"))
}

/// The rule that names are for computers is empty, and so not true, where there is no name; R5 asks those
/// that there are.
pub(super) fn name_may_be_absent(structure: &mut Structure) -> bool {
    let key = elements(structure)
        .flat_map(|element| element.get("constraint").and_then(Value::as_array).into_iter().flatten())
        .find_map(|constraint| constraint["key"].as_str().filter(|key| key.ends_with("-0")))
        .map(str::to_owned);
    key.is_some_and(|key| {
        amend(structure, &key, "name.matches(", |rule| format!("name.exists() implies {rule}"))
    })
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
