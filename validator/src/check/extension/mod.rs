//! Extensions: the definition of each, and whether it may be used where it is.
//!
//! The constraints of the definition on the extension's own value and parts are checked by the walk along its
//! profile.
//!
//! Source: <http://hl7.org/fhir/R4/extensibility.html>.

mod context;

pub(super) use context::{is_sample, settle};

use ers_fhir_report::{Gap, Message, Severity, def, text, value};
use ers_fhir_tree::Node;
use ers_fhir_values::canonical;
use ers_fhir_values::uri::{has_scheme, is_for_examples, is_of_domain};

use super::finding::Sought;
use super::{Checker, Finding, name};
use crate::rule::extension as rules;
use crate::rule::value::MISSING_VALUE;
use crate::schema::{Element, Family, Schema, SchemaIndex};

/// Checks an extension and returns the profile that it must conform to.
pub(crate) fn check<'d>(ctx: &Checker<'_, 'd>, node: Node<'d>, is_modifier: bool) -> Option<SchemaIndex> {
    // An extension without a URL lacks a required element, which the walk reports.
    let written = node.child(name::URL)?;
    let Some(url) = written.value() else {
        // An attribute of XML, for which no extension can stand.
        let message = text!("'Extension.url' must have a value, which no extension replaces");
        ctx.report(Finding::new(&MISSING_VALUE, written, message).at_key(written));
        return None;
    };
    let bare = canonical::url(url);
    let schemas = ctx.validator.schemas();
    let Some(index) = schemas.find(bare) else {
        unknown(ctx, node, written, bare, is_modifier);
        return None;
    };
    let schema = schemas.get(index).ok()?;
    if schema.of.family != Family::Extension {
        let message =
            Message::text("").value(url).then(text!(" defines a {}, not an extension", def(&schema.of.code)));
        ctx.report(Finding::new(&rules::UNKNOWN_EXTENSION, node, message).underline(written));
        return None;
    }
    check_modifier(ctx, node, written, schema, is_modifier);
    context::check(ctx, node, index, schema);
    if bare.len() < url.len() {
        let message = Message::text("the URL of an extension carries no version: ").value(url);
        let finding = Finding::new(&rules::EXTENSION_URL_VERSION, node, message).underline(written);
        let edit = super::edit::value(written, bare);
        ctx.report(finding.suggest(Message::text("write ").value(bare)).fix(edit));
        // Its profile would only report again that the URL is a different one.
        return None;
    }
    Some(index)
}

fn unknown(ctx: &Checker<'_, '_>, node: Node<'_>, written: Node<'_>, url: &str, is_modifier: bool) {
    if !has_scheme(url) {
        if let Some(holder) = node.parent().filter(|holder| is_extension(*holder)) {
            check_part(ctx, node, written, holder, url);
        } else {
            let message =
                Message::text("the URL of an extension is absolute, which ").value(url).then(" is not");
            ctx.report(Finding::new(&rules::EXTENSION_URL_RELATIVE, node, message).underline(written));
        }
        return;
    }
    ctx.pass(Gap::Extension, node);
    let is_allowed = ctx.options.allowed_extensions.iter().any(|domain| is_of_domain(url, domain));
    if is_allowed && !is_modifier {
        return;
    }
    let absence = ctx.validator.schemas().absence(url);
    let message = text!("the extension {} {}", value(url), absence);
    let mut finding = Finding::new(&rules::UNKNOWN_EXTENSION, node, message).underline(written);
    // The extension for an element of another release is derived from the definitions of that release.
    let is_elsewhere = is_of_tools(url) || canonical::element_of_another_release(url).is_some();
    if is_allowed || is_elsewhere || is_for_examples(url) {
        // A receiver that does not know a modifier cannot interpret the rest.
        finding = finding.severity(if is_modifier { Severity::Warning } else { Severity::Information });
    } else {
        finding = finding.seek(Sought {
            canonical: url.to_owned(),
            written: Some(written.id()),
            says: ["the nearest known definition is ", ""],
        });
    }
    ctx.report(finding);
}

/// Checks that the definition of the enclosing extension has a part with that name.
fn check_part(ctx: &Checker<'_, '_>, node: Node<'_>, written: Node<'_>, holder: Node<'_>, name: &str) {
    let schemas = ctx.validator.schemas();
    let Some(index) = holder.child_value(name::URL).and_then(|url| schemas.find(url)) else { return };
    let Ok(schema) = schemas.get(index) else { return };
    let parts: Vec<&str> = schema.elements.iter().filter_map(part_name).collect();
    if parts.is_empty() || parts.contains(&name) {
        return;
    }
    let message = text!("{} has no part ", def(&schema.url)).value(name);
    let mut finding = Finding::new(&rules::UNKNOWN_EXTENSION, node, message).underline(written);
    let near = ers_fhir_values::suggest::nearest(name, parts.iter().copied());
    finding = finding.suggest(if let Some(near) = near {
        text!("did you mean '{}'?", def(near))
    } else {
        text!("its parts are {}", def(parts.join(", ")))
    });
    ctx.report(finding);
}

/// The URL that an element of an extension's definition fixes for a part of it.
fn part_name(element: &Element) -> Option<&str> {
    let slice = element.id.strip_prefix("Extension.extension:")?.strip_suffix(".url")?;
    let is_direct = !slice.contains(['.', '/']);
    element.fixed().filter(|_| is_direct)?.text()
}

fn is_extension(node: Node<'_>) -> bool {
    matches!(node.known_name(), Some(name::EXTENSION | name::MODIFIER_EXTENSION))
}

/// Whether an extension comes from HL7's tools, which leave it in their output.
///
/// Source: <http://hl7.org/fhir/tools/>.
fn is_of_tools(url: &str) -> bool {
    const LEFT: [&str; 3] =
        ["operationoutcome-file", "operationoutcome-issue-line", "operationoutcome-issue-col"];
    url.starts_with("http://hl7.org/fhir/tools/")
        || url.starts_with("http://hl7.org/fhir/build/")
        || url
            .strip_prefix("http://hl7.org/fhir/StructureDefinition/")
            .is_some_and(|name| LEFT.contains(&name))
}

fn check_modifier(
    ctx: &Checker<'_, '_>,
    node: Node<'_>,
    written: Node<'_>,
    schema: &Schema,
    is_modifier: bool,
) {
    if schema.is_modifier == is_modifier {
        return;
    }
    let message = if is_modifier {
        text!("{} is not a modifier: it belongs in 'extension'", def(&schema.url))
    } else {
        text!("{} is a modifier: it belongs in 'modifierExtension'", def(&schema.url))
    };
    ctx.report(Finding::new(&rules::EXTENSION_MODIFIER, node, message).underline(written));
}
