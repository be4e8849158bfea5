//! The constraints of a question on the value of an answer: length and form, minimum and maximum, unit, the
//! size and type of a file, the type of a reference's target.

use std::cmp::Ordering;

use ers_fhir_profiles::Form;
use ers_fhir_profiles::datum::Datum;
use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::base64;

use super::filling::Filling;
use super::form::Item;
use super::options;
use super::values::{self, Answered, Expected};
use crate::check::quantity::{self, Comparison};
use crate::rule::questionnaire as rules;

const MIN_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/minValue";
const MAX_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/maxValue";
const MIN_QUANTITY: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-minQuantity";
const MAX_QUANTITY: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-maxQuantity";
const MIN_LENGTH: &str = "http://hl7.org/fhir/StructureDefinition/minLength";
const MAX_DECIMAL_PLACES: &str = "http://hl7.org/fhir/StructureDefinition/maxDecimalPlaces";
const REGEX: &str = "http://hl7.org/fhir/StructureDefinition/regex";
const UNIT_OPTION: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption";
const UNIT_VALUE_SET: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitValueSet";
const UNIT_OPEN: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-unitOpen";
const MIME_TYPE: &str = "http://hl7.org/fhir/StructureDefinition/mimeType";
const MAX_SIZE: &str = "http://hl7.org/fhir/StructureDefinition/maxSize";
const REFERENCE_RESOURCE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-referenceResource";

/// Checks an answer that has the right type.
pub(super) fn check<'f>(filling: &Filling<'f, '_, '_>, answered: Answered<'_>, item: &'f Item<'f>) {
    let (type_name, node) = answered;
    match type_name {
        "String" | "Uri" => check_text(filling, node, item),
        "Attachment" => check_attachment(filling, node, item),
        "Reference" => check_target(filling, node, item),
        "Decimal" => check_decimal_places(filling, node, item),
        "Quantity" => {
            if let Some(value) = node.child("value") {
                check_decimal_places(filling, value, item);
            }
            check_unit(filling, node, item);
            for (url, wrong) in [(MIN_QUANTITY, Ordering::Less), (MAX_QUANTITY, Ordering::Greater)] {
                check_limit(filling, answered, item, url, wrong);
            }
        }
        _ => {}
    }
    for (url, wrong) in [(MIN_VALUE, Ordering::Less), (MAX_VALUE, Ordering::Greater)] {
        check_limit(filling, answered, item, url, wrong);
    }
}

fn check_limit<'f>(
    filling: &Filling<'f, '_, '_>,
    answered: Answered<'_>,
    item: &'f Item<'f>,
    url: &'f str,
    wrong: Ordering,
) {
    for limit in item.extensions(url) {
        let are_amounts = answered.0 == "Quantity" && limit.0 == "Quantity";
        let why_not = match are_amounts.then(|| quantity::compare(answered.1, limit.1)) {
            Some(Comparison::Unlike) => Some("their units measure different things"),
            Some(Comparison::Ambiguous) => Some("a unit without system and code is ambiguous"),
            Some(Comparison::Ordered(_) | Comparison::Open) | None => None,
        };
        if let Some(why) = why_not {
            let message = Message::text("the answer cannot be compared with the limit ")
                .value(&show(limit))
                .then(": ")
                .then(why);
            filling.report(&rules::QUESTIONNAIRE_NOT_COMPARABLE, answered.1, message, None);
        } else if values::compare(answered, limit) == Some(wrong) {
            let text = answered.1.value().or_else(|| answered.1.child_value("value")).unwrap_or_default();
            let what = if wrong == Ordering::Less {
                " is less than the minimum"
            } else {
                " is more than the maximum"
            };
            let message =
                Message::text("the answer ").value(text).then(what).then(" allowed, ").value(&show(limit));
            filling.report(&rules::QUESTIONNAIRE_ANSWER_LIMIT, answered.1, message, None);
        }
    }
}

fn show((_, limit): Expected<'_>) -> String {
    if let Some(text) = &limit.text {
        return text.to_string();
    }
    let unit = limit.str("unit").or_else(|| limit.str("code")).unwrap_or_default();
    format!("{} {unit}", limit.str("value").unwrap_or_default()).trim_end().to_owned()
}

/// The cost of a character of a regular expression, relative to a character of the text that is matched.
const STEPS_PER_LETTER: usize = 10;

fn check_text<'f>(filling: &Filling<'f, '_, '_>, node: Node<'_>, item: &'f Item<'f>) {
    let Some(text) = node.value() else { return };
    let length = text.chars().count();
    let report = |message| filling.report(&rules::QUESTIONNAIRE_ANSWER_FORM, node, message, None);
    if let Some(max) = item.datum.number::<usize>("maxLength").filter(|max| length > *max) {
        report(text!("the answer has {} characters; at most {} are allowed", def(length), def(max)));
    }
    if let Some(min) = item.count(MIN_LENGTH).filter(|min| length < *min) {
        report(text!("the answer has {} characters; at least {} are needed", def(length), def(min)));
    }
    for pattern in item.extensions(REGEX).filter_map(|(_, value)| value.text.as_deref()) {
        // The pattern is compiled anew for each answer.
        let budget = &filling.ctx.budget;
        if !budget.allows() {
            return;
        }
        budget.spend((STEPS_PER_LETTER * pattern.len() + text.len()) as u64);
        match Form::read(pattern) {
            Some(form) if !form.is_of(text) => {
                report(
                    Message::text("the answer ").value(text).then(" does not have the form ").value(pattern),
                );
            }
            Some(_) => {}
            None => {
                let message = Message::text("whether the answer has the form ")
                    .value(pattern)
                    .then(" was not checked: that regular expression cannot be used here");
                filling.report(&rules::QUESTIONNAIRE_NOT_CHECKED, node, message, None);
            }
        }
    }
}

fn check_decimal_places<'f>(filling: &Filling<'f, '_, '_>, node: Node<'_>, item: &'f Item<'f>) {
    let Some(text) = node.value() else { return };
    let places = decimal_places(text);
    if let Some(max) = item.count(MAX_DECIMAL_PLACES).filter(|max| places > *max) {
        let message = Message::text("the answer ").value(text).then(text!(
            " has {} decimal places; at most {} are allowed",
            def(places),
            def(max)
        ));
        filling.report(&rules::QUESTIONNAIRE_ANSWER_FORM, node, message, None);
    }
}

/// The number of decimal places in which a number is written: `1.50` and `150e-2` have two.
fn decimal_places(text: &str) -> usize {
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let fraction = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let exponent = exponent.parse::<i32>().unwrap_or(0);
    usize::try_from(i64::try_from(fraction).unwrap_or(0) - i64::from(exponent)).unwrap_or(0)
}

/// Units are listed one by one, or by a value set.
fn check_unit<'f>(filling: &Filling<'f, '_, '_>, node: Node<'_>, item: &'f Item<'f>) {
    let same = |unit: &Datum| {
        unit.str("code") == node.child_value("code")
            && unit.str("system").is_none_or(|system| node.child_value("system") == Some(system))
    };
    let mut units = item.extensions(UNIT_OPTION).map(|(_, unit)| unit).peekable();
    let is_unlisted = units.peek().is_some() && !units.any(same);
    let mut sets = item.extensions(UNIT_VALUE_SET).filter_map(|(_, set)| set_of(set));
    // A form may accept units in words in addition to those that it lists.
    let takes_words =
        item.extensions(UNIT_OPEN).any(|(_, code)| code.text.as_deref() == Some("optionsOrString"));
    if takes_words && node.child("code").is_none() {
        return;
    }
    // Every unit of a set has a code and a system.
    let has_code = node.child("code").is_some() && node.child("system").is_some();
    if is_unlisted || sets.any(|set| !has_code || options::is_outside(filling, node, set)) {
        let unit = node.child_value("code").or_else(|| node.child_value("unit"));
        let message = match unit {
            Some(unit) => {
                Message::text("the unit ").value(unit).then(" is not among those that the question allows")
            }
            None => Message::text("the answer has no unit, but the question allows only certain ones"),
        };
        let listed: Vec<&str> =
            item.extensions(UNIT_OPTION).filter_map(|(_, unit)| unit.str("code")).collect();
        let suggestion = (!listed.is_empty()).then(|| Message::text("allowed: ").value(&listed.join(", ")));
        filling.report(&rules::QUESTIONNAIRE_UNIT, node, message, suggestion);
    }
}

/// A value set is named by its URL, in STU3 by a reference.
fn set_of(set: &Datum) -> Option<&str> {
    set.text.as_deref().or_else(|| set.str("reference"))
}

fn check_attachment<'f>(filling: &Filling<'f, '_, '_>, node: Node<'_>, item: &'f Item<'f>) {
    let held = node.child_value("data").and_then(|data| Some(base64::decode(data).ok()?.len().to_string()));
    let size = held.as_deref().or_else(|| node.child_value("size")).and_then(|size| size.parse::<f64>().ok());
    let max = item.extensions(MAX_SIZE).find_map(|(_, max)| max.text.as_deref()?.parse::<f64>().ok());
    if let Some((size, max)) = size.zip(max).filter(|(size, max)| size > max) {
        let message = text!("the file has {} bytes; at most {} are allowed", def(size), def(max));
        filling.report(&rules::QUESTIONNAIRE_ATTACHMENT, node, message, None);
    }
    let not_checked = |what: &str| {
        let message = text!("{} of the file was not checked, as the answer does not give it", def(what));
        filling.report(&rules::QUESTIONNAIRE_NOT_CHECKED, node, message, None);
    };
    if size.is_none() && max.is_some() {
        not_checked("the size");
    }
    let mut allowed = item.extensions(MIME_TYPE).filter_map(|(_, code)| code.text.as_deref()).peekable();
    let Some(content_type) = node.child("contentType").and_then(|node| Some((node, node.value()?))) else {
        if allowed.peek().is_some() {
            not_checked("the type");
        }
        return;
    };
    if allowed.peek().is_some() && !allowed.any(|code| is_of_type(content_type.1, code)) {
        let message =
            Message::text("files of type ").value(content_type.1).then(" are not allowed as an answer");
        filling.report(&rules::QUESTIONNAIRE_ATTACHMENT, content_type.0, message, None);
    }
}

/// Whether a question allows a media type, or all types of its kind (`image/*`); parameters make no
/// difference.
fn is_of_type(content_type: &str, allowed: &str) -> bool {
    let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (own, allowed) = (essence(content_type), essence(allowed));
    own == allowed
        || allowed.strip_suffix('*').is_some_and(|kind| kind.ends_with('/') && own.starts_with(kind))
}

/// Checks the target against those that a question allows, as far as a literal reference names its type.
fn check_target<'f>(filling: &Filling<'f, '_, '_>, node: Node<'_>, item: &'f Item<'f>) {
    let mut allowed =
        item.extensions(REFERENCE_RESOURCE).filter_map(|(_, code)| code.text.as_deref()).peekable();
    if allowed.peek().is_none() {
        return;
    }
    let ctx = filling.ctx;
    let reference = node.child_value("reference");
    let in_document = || ctx.resolve(reference?, ctx.document.node(node.id()))?.resource_type();
    let literal = || reference?.rsplit('/').nth(1);
    let is_type = |name: &&str| ctx.validator.schemas().of_type(name).is_some();
    let named = in_document().or_else(|| node.child_value("type")).or_else(literal);
    let Some(type_name) = named.filter(is_type) else { return };
    if !allowed.any(|code| code == type_name) {
        let message =
            Message::text("a ").value(type_name).then(" is not among the targets that the question allows");
        filling.report(&rules::QUESTIONNAIRE_ANSWER_NOT_ALLOWED, node, message, None);
    }
}
