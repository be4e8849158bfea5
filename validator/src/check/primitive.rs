//! Primitive values: the JSON kind, the lexical form, the range.
//!
//! The forms are scanned by hand, byte by byte: a payload is mostly primitives, and this is the
//! innermost loop of a run.

use ers_fhir_report::{Message, Rule, Severity, text, value};
use ers_fhir_tree::{Kind, Node, Syntax};
use ers_fhir_values::lexical::{self, Fault, FaultKind};
use ers_fhir_values::{FhirVersion, Primitive, likely};

use super::{Checker, Finding, edit, name};
use crate::rule::primitive as rules;
use crate::schema::Origin;

/// Checks the JSON kind, form and range of a primitive; whether there is a value and nothing is wrong with it.
pub(super) fn check<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    primitive: Primitive,
    origin: Origin<'v>,
) -> bool {
    if primitive == Primitive::Id && node.has_children() && is_resource_id(node) && is_extended(ctx, node) {
        ctx.report(
            Finding::new(
                &rules::RESOURCE_ID_EXTENDED,
                node,
                Message::text("the id of a resource cannot carry extensions"),
            )
            .demanded_by(origin),
        );
    }
    let Some(text) = node.value() else {
        absent(ctx, node, origin);
        return false;
    };
    if !suits(node.kind(), primitive) {
        wrong_kind(ctx, node, text, primitive, origin);
        return false;
    }
    if text.is_empty() {
        ctx.report(
            Finding::new(&rules::PRIMITIVE_EMPTY, node, Message::text("the value is empty"))
                .demanded_by(origin)
                .suggest(Message::text("leave the element out, or give it a value"))
                .fix(edit::remove(node)),
        );
        return false;
    }
    if let Err(fault) = lexical::check(text, primitive, ctx.version()) {
        report(ctx, node, text, primitive, fault, origin);
        return false;
    }
    match primitive {
        Primitive::Uri => super::canonical::check(ctx, node, origin),
        Primitive::Canonical => super::canonical::check_reference(ctx, node, origin),
        _ => {}
    }
    true
}

/// In STU3, the id of a resource has the type `id`, which may have an id itself.
fn is_extended(ctx: &Checker<'_, '_>, id: Node<'_>) -> bool {
    match ctx.version() {
        FhirVersion::Stu3 => id.child(name::EXTENSION).is_some(),
        FhirVersion::R4 => id.has_children(),
    }
}

fn is_resource_id(node: Node<'_>) -> bool {
    node.is_called(name::ID) && node.parent().is_some_and(|parent| parent.resource_type().is_some())
}

/// The rule that a fault breaks, and the severity.
fn rule(fault: Fault) -> (&'static Rule, Severity) {
    let rule = match fault.kind {
        FaultKind::Range => &rules::PRIMITIVE_RANGE,
        FaultKind::TimeZone => &rules::MISSING_TIME_ZONE,
        FaultKind::ControlCharacter => &rules::CONTROL_CHARACTER,
        FaultKind::Blank => &rules::PRIMITIVE_BLANK,
        _ => &rules::PRIMITIVE_FORMAT,
    };
    (rule, if fault.is_error { Severity::Error } else { Severity::Warning })
}

/// The JSON kind in which a primitive is written.
fn json_kind(primitive: Primitive) -> Kind {
    match primitive {
        Primitive::Boolean => Kind::Boolean,
        Primitive::Decimal | Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt => {
            Kind::Number
        }
        _ => Kind::String,
    }
}

fn suits(kind: Kind, primitive: Primitive) -> bool {
    match kind {
        Kind::String | Kind::Number | Kind::Boolean => kind == json_kind(primitive),
        _ => true,
    }
}

#[cold]
fn absent<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    let finding = match node.kind() {
        Kind::EmptyArray => return,
        Kind::Null => Finding::new(
            &rules::WRONG_JSON_KIND,
            node,
            Message::text("null is not a value; a property without a value is left out"),
        ),
        _ if let Some(advice) = misplaced(ctx, node) => {
            Finding::new(&rules::WRONG_JSON_KIND, node, Message::text(advice)).at_key(node)
        }
        _ if node.children().any(|child| child.name() != "id") => return,
        _ => Finding::new(
            &rules::PRIMITIVE_EMPTY,
            node,
            Message::text("there is neither a value nor an extension"),
        ),
    };
    let edits =
        (node.kind() == Kind::Null || node.kind() == Kind::XmlElement).then(|| edit::remove(node)).flatten();
    ctx.report(finding.demanded_by(origin).suggest(Message::text("leave the element out")).fix(edits));
}

/// What is wrong with a member that has extensions but no value, and whose key has no underscore.
fn misplaced(ctx: &Checker<'_, '_>, node: Node<'_>) -> Option<&'static str> {
    if ctx.document.syntax() != Syntax::Json || node.in_array() {
        return None;
    }
    let key = node.key_span();
    let source = ctx.document.source();
    let is_plain = !key.is_empty() && !node.has_underscored_key();
    let value = source.get(key.end..)?.trim_start_matches([' ', '\t', '\r', '\n', ':']);
    match value.as_bytes().first() {
        Some(b'n') if is_plain => {
            Some("null only fills gaps in arrays; leave the property out and keep the one with '_'")
        }
        Some(b'{') if is_plain => Some(
            "an object is given where a plain value belongs; extensions go into the property with '_' before its name",
        ),
        _ => None,
    }
}

#[cold]
fn wrong_kind<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    text: &str,
    primitive: Primitive,
    origin: Origin<'v>,
) {
    let wanted = json_kind(primitive);
    let name = |kind| match kind {
        Kind::Number => "a number",
        Kind::Boolean => "a boolean",
        _ => "a string",
    };
    let message = Message::text("expected ").then(name(wanted)).then(" but found ").then(name(node.kind()));
    let mut finding =
        Finding::new(&rules::WRONG_JSON_KIND, node, message.then(" ").value(text)).demanded_by(origin);
    if wanted == Kind::String {
        finding = match lexical::check(text, primitive, ctx.version()) {
            // Such as milliseconds since 1970, where a date belongs.
            Err(fault) if fault.kind != FaultKind::Range => {
                finding.suggest(text!("write a string: {}", fault.expected))
            }
            checked => {
                let is_certain = node.kind() != Kind::Boolean && checked.is_ok();
                let edits = if is_certain { edit::quoted(node, true) } else { Vec::new() };
                finding.suggest(Message::text("put it in double quotes")).fix(edits)
            }
        };
    } else if lexical::check(text, primitive, ctx.version()).is_ok() {
        finding = finding.suggest(Message::text("write it without quotes")).fix(edit::quoted(node, false));
    } else if wanted == Kind::Boolean {
        finding = finding.suggest(Message::text("write true or false, without quotes"));
    }
    ctx.report(finding);
}

#[cold]
fn report<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    text: &str,
    primitive: Primitive,
    fault: Fault,
    origin: Origin<'v>,
) {
    let message = Message::text("")
        .value(text)
        .then(" is not a valid ")
        .then(primitive.code())
        .then(": expected ")
        .then(fault.expected);
    let message = if fault.kind == FaultKind::Range {
        Message::text("")
            .value(text)
            .then(" is not a valid ")
            .then(primitive.code())
            .then(": ")
            .then(fault.expected)
    } else {
        message
    };
    let found = text;
    let (rule, severity) = rule(fault);
    let mut finding = Finding::new(rule, node, message).severity(severity).demanded_by(origin);
    if fault.kind == FaultKind::TimeZone {
        finding = finding.suggest(Message::text("add 'Z' for UTC or an offset such as '+01:00'"));
    } else if let Some(day) = day_alone(found, primitive, ctx.version()) {
        // If even the day is incomplete, the rest of it as well.
        let rest = "-01-31".get(day.len().saturating_sub("2024".len())..).unwrap_or_default();
        let whole = format!("{day}{rest}T09:30:00Z");
        let lacks = if rest.is_empty() { "the time" } else { "the day, the time" };
        finding = finding
            .suggest(Message::text("give ").then(lacks).then(" of day and its zone too: ").value(&whole));
    } else if let Some(Meant { text, is_certain }) = meant(found, primitive, ctx.version()) {
        let advice = (primitive == Primitive::Id && found.starts_with('#'))
            .then_some(" A '#' belongs only in references");
        finding = finding.suggest(text!("did you mean {}?{}", value(&text), advice));
        if is_certain {
            finding = finding.fix(edit::value(node, &text));
        }
    }
    ctx.report(finding);
}

/// The date, if an instant has only that.
fn day_alone(text: &str, primitive: Primitive, version: FhirVersion) -> Option<String> {
    let day = [Some(text.to_owned()), likely::moment(text)].into_iter().flatten();
    let is_day = |day: &String| lexical::check(day, Primitive::Date, version).is_ok();
    day.into_iter().find(is_day).filter(|_| primitive == Primitive::Instant)
}

/// A date or time as FHIR writes it that may have been meant.
fn as_time(text: &str, primitive: Primitive) -> Option<String> {
    match primitive {
        Primitive::Time => likely::time_of_day(text),
        // The time of day is cut off.
        Primitive::Date => likely::moment(text).map(|time| time.chars().take("2024-05-31".len()).collect()),
        Primitive::DateTime | Primitive::Instant => likely::moment(text),
        _ => None,
    }
}

/// What the author most likely meant.
struct Meant {
    text: String,
    /// Whether it cannot have been anything else.
    is_certain: bool,
}

/// What the author most likely meant, if one small change makes the value valid.
fn meant(text: &str, primitive: Primitive, version: FhirVersion) -> Option<Meant> {
    let is_valid = |text: &String| !text.is_empty() && lexical::check(text, primitive, version).is_ok();
    let certain = |text| Some(Meant { text, is_certain: true });
    let trimmed = text.trim();
    if trimmed.len() < text.len() && is_valid(&trimmed.to_owned()) {
        return certain(trimmed.to_owned());
    }
    if matches!(primitive, Primitive::Uuid | Primitive::Uri | Primitive::Canonical | Primitive::Boolean) {
        let lower = trimmed.to_ascii_lowercase();
        if is_valid(&lower) {
            return Some(Meant { text: lower, is_certain: primitive == Primitive::Boolean });
        }
    }
    if matches!(primitive, Primitive::Date | Primitive::DateTime | Primitive::Instant | Primitive::Time)
        && let Some(time) = joined(trimmed).filter(is_valid)
    {
        return certain(time);
    }
    if primitive == Primitive::Id
        && let Some(id) = trimmed.strip_prefix('#').map(str::to_owned).filter(is_valid)
    {
        return certain(id);
    }
    if let Some(time) = as_time(trimmed, primitive).filter(is_valid) {
        return Some(Meant { text: time, is_certain: false });
    }
    let is_urn = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"));
    for prefix in ["urn:", "urn:uuid:", "urn:oid:"].iter().filter(|_| !is_urn) {
        let whole = format!("{prefix}{text}");
        if matches!(primitive, Primitive::Uuid | Primitive::Oid | Primitive::Uri) && is_valid(&whole) {
            return Some(Meant { text: whole, is_certain: false });
        }
    }
    None
}

/// A date and time without spaces, and with `T` in place of one between the two.
fn joined(text: &str) -> Option<String> {
    let mut parts = text.split_ascii_whitespace();
    let first = parts.next()?;
    let mut whole = first.to_owned();
    for part in parts {
        let is_time = part.as_bytes().get(2) == Some(&b':') && part.as_bytes()[0].is_ascii_digit();
        if is_time && first.len() == "2024-05-31".len() && whole.len() == first.len() {
            whole.push('T');
        }
        whole.push_str(part);
    }
    Some(whole.replacen('t', "T", 1).replacen('z', "Z", 1)).filter(|whole| whole != text)
}
