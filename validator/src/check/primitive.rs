//! Primitive values: the JSON kind, the lexical form, the range.
//!
//! The forms are scanned by hand, byte by byte: a payload is mostly primitives, and this is the
//! innermost loop of a run.

use ers_fhir_report::{Message, Rule, Severity};
use ers_fhir_tree::{Kind, Node, Syntax};
use ers_fhir_values::lexical::{self, Fault, FaultKind};
use ers_fhir_values::{FhirVersion, Primitive};

use super::{Checker, Finding, name};
use crate::rule::primitive as rules;
use crate::schema::Origin;

/// Checks the JSON kind, form and range of a primitive; whether there is a value and nothing is wrong with it.
pub(super) fn check<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    primitive: Primitive,
    origin: Origin<'v>,
) -> bool {
    if primitive == Primitive::Id && node.has_children() && is_resource_id(node) {
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
                .suggest(Message::text("leave the element out")),
        );
        return false;
    }
    if let Err(fault) = lexical::check(text, primitive, ctx.version()) {
        report(ctx, node, text, primitive, fault, origin);
        return false;
    }
    if primitive == Primitive::Uri {
        super::canonical::check(ctx, node, origin);
    }
    true
}

fn is_resource_id(node: Node<'_>) -> bool {
    node.is_called(name::ID) && node.parent().is_some_and(|parent| parent.resource_type().is_some())
}

/// The rule that a fault breaks, and what breaking it weighs.
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

/// The JSON kind that a primitive is written as.
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
    ctx.report(finding.demanded_by(origin).suggest(Message::text("leave the element out")));
}

/// What is wrong with a member that has extensions but no value, where its key has no underscore.
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
            "an object stands where a plain value belongs; extensions go into the property with '_' before its name",
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
        finding = finding.suggest(Message::text("put it in double quotes"));
    } else if lexical::check(text, primitive, ctx.version()).is_ok() {
        finding = finding.suggest(Message::text("write it without quotes"));
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
    let (rule, severity) = rule(fault);
    let mut finding = Finding::new(rule, node, message).severity(severity).demanded_by(origin);
    if let Some(mended) = mend(text, primitive, fault, ctx.version()) {
        finding = finding.suggest(mended);
    }
    ctx.report(finding);
}

/// Times as FHIR writes them that may have been meant.
fn time_like(text: &str) -> Vec<String> {
    let with_t = text.to_ascii_uppercase().replacen(' ', "T", 1);
    // Seconds are not left out.
    let seconds = with_t.char_indices().skip(16).map(|(at, _)| at).next().or(Some(with_t.len()));
    let with_seconds = seconds.map(|at| format!("{}:00{}", &with_t[..at], &with_t[at..]));
    // Of a day the time is cut, and a year may stand first in another order of signs.
    let day = text.get(..10).map(str::to_owned);
    let dashed = text.replace(['/', '.'], "-");
    [Some(with_t.clone()), with_seconds, day, Some(dashed)].into_iter().flatten().collect()
}

/// What the author most likely meant, where one small change makes the value valid.
fn mend(text: &str, primitive: Primitive, fault: Fault, version: FhirVersion) -> Option<Message> {
    if fault.kind == FaultKind::TimeZone {
        return Some(Message::text("add 'Z' for UTC or an offset such as '+01:00'"));
    }
    let is_valid = |text: &str| !text.is_empty() && lexical::check(text, primitive, version).is_ok();
    let meant = |text: &str| Some(Message::text("did you mean ").value(text).then("?"));
    let trimmed = text.trim();
    if trimmed != text && is_valid(trimmed) {
        return meant(trimmed);
    }
    if matches!(primitive, Primitive::Uuid | Primitive::Uri | Primitive::Canonical | Primitive::Boolean) {
        let lower = text.to_ascii_lowercase();
        if is_valid(&lower) {
            return meant(&lower);
        }
    }
    if let Some(id) = text.strip_prefix('#').filter(|id| primitive == Primitive::Id && is_valid(id)) {
        return meant(id).map(|meant| meant.then(" A '#' belongs into references only"));
    }
    if matches!(primitive, Primitive::Instant | Primitive::DateTime | Primitive::Date | Primitive::Time)
        && let Some(time) = time_like(trimmed).into_iter().find(|time| is_valid(time))
    {
        return meant(&time);
    }
    for prefix in ["urn:", "urn:uuid:", "urn:oid:"] {
        let whole = format!("{prefix}{text}");
        if matches!(primitive, Primitive::Uuid | Primitive::Oid | Primitive::Uri) && is_valid(&whole) {
            return meant(&whole);
        }
    }
    None
}
