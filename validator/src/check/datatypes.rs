//! What datatypes require beyond their element definitions.

use ers_fhir_fhirpath::Expression;
use ers_fhir_report::{Message, def, text, value};
use ers_fhir_tree::Node;
use ers_fhir_values::base64::{decode, decoded_len, encode};
use ers_fhir_values::form::Form;
use ers_fhir_values::uri::has_scheme;
use ers_fhir_values::{FhirVersion, Primitive, lexical};
use sha1::{Digest, Sha1};

use super::extension::is_sample;
use super::{Checker, Finding, coding, name};
use crate::rule::datatype as rules;
use crate::schema::Family;

/// Checks a complex value of that type.
pub(super) fn check(ctx: &Checker<'_, '_>, node: Node<'_>, family: Family) {
    match family {
        Family::Coding => coding::check(ctx, node),
        Family::Identifier => identifier(ctx, node),
        Family::Attachment => attachment(ctx, node),
        Family::Expression => expression(ctx, node),
        Family::RelatedArtifact => related_artifact(ctx, node),
        Family::Quantity => coding::check_unit(ctx, node),
        _ => {}
    }
}

/// Checks that the system is absolute, and that the value is a URI if the system says so.
fn identifier(ctx: &Checker<'_, '_>, node: Node<'_>) {
    let Some((system, url)) = node.child(name::SYSTEM).and_then(|system| Some((system, system.value()?)))
    else {
        return;
    };
    if !url.is_empty() && !has_scheme(url) {
        let message =
            Message::text("").value(url).then(" is relative; the system of an identifier is an absolute URI");
        let mut finding = Finding::new(&rules::IDENTIFIER_SYSTEM_RELATIVE, node, message);
        finding.span = system.span();
        if let Some(whole) = with_scheme(url) {
            finding = finding.suggest(text!("did you mean {}?", value(&whole)));
        }
        ctx.report(finding);
    }
    if url == "urn:ietf:rfc:3986"
        && let Some(value) = node.child(name::VALUE)
        && let Some(text) = value.value()
        && !has_scheme(text)
        && !is_sample(ctx, node)
    {
        let message =
            Message::text("the system urn:ietf:rfc:3986 requires a full URI as the value, not ").value(text);
        ctx.report(Finding::new(&rules::IDENTIFIER_NOT_URI, value, message));
    } else if ctx.own_service().is_none() {
        check_form(ctx, node, url);
    }
}

/// A system with its missing scheme added, if its form reveals which.
#[cold]
fn with_scheme(system: &str) -> Option<String> {
    let is = |text: &str, primitive| lexical::check(text, primitive, FhirVersion::R4).is_ok();
    let (oid, uuid) = (format!("urn:oid:{system}"), format!("urn:uuid:{}", system.to_ascii_lowercase()));
    if is(&oid, Primitive::Oid) {
        Some(oid)
    } else if is(&uuid, Primitive::Uuid) {
        Some(uuid)
    } else {
        system.starts_with("www.").then(|| format!("https://{system}"))
    }
}

/// Checks that the value has the form that its system requires. A service has its own rules on the
/// identifiers that it accepts.
fn check_form(ctx: &Checker<'_, '_>, identifier: Node<'_>, system: &str) {
    let Some((value, text)) = identifier.child(name::VALUE).and_then(|value| Some((value, value.value()?)))
    else {
        return;
    };
    let expected = match Form::of_identifier(system) {
        Some(form) => form.expected_of(text),
        None => ctx.service().and_then(|service| service.expected_of_identifier(system, text)),
    };
    if let Some(expected) = expected
        && !is_sample(ctx, identifier)
    {
        let message = Message::text("").value(text).then(text!(" is not {}", def(expected)));
        ctx.report(Finding::new(&rules::IDENTIFIER_MALFORMED, value, message));
    }
}

/// Checks that the size and the hash given are those of the data.
fn attachment(ctx: &Checker<'_, '_>, node: Node<'_>) {
    let Some(data) = node.child("data").and_then(Node::value) else { return };
    if let Some((hash, stated)) = node.child("hash").and_then(|hash| Some((hash, hash.value()?))) {
        check_hash(ctx, hash, stated, data);
    }
    let Some((size, stated)) = node.child("size").and_then(|size| Some((size, size.value()?))) else {
        return;
    };
    if let (Ok(stated), Some(actual)) = (stated.parse::<usize>(), decoded_len(data))
        && stated != actual
    {
        let message = Message::text("the size is given as ")
            .value(&stated.to_string())
            .then(text!(", but the data has {} bytes", def(actual)));
        let mut finding = Finding::new(&rules::ATTACHMENT_SIZE, node, message)
            .suggest(text!("write {}, the number of bytes before base64 encoding", def(actual)));
        finding.span = size.span();
        ctx.report(finding);
    }
}

/// Checks that a hash, which is base64 itself, is the SHA-1 of some data.
fn check_hash(ctx: &Checker<'_, '_>, hash: Node<'_>, stated: &str, data: &str) {
    let (Ok(stated), Ok(bytes)) = (decode(stated), decode(data)) else { return };
    let actual = Sha1::digest(&bytes);
    if stated != actual.as_slice() {
        let message = Message::text("the hash is not the SHA-1 of the data");
        let suggestion = Message::text("write ")
            .value(&encode(&actual))
            .then(", the hash of the bytes before base64 encoding");
        ctx.report(Finding::new(&rules::ATTACHMENT_HASH, hash, message).suggest(suggestion));
    }
}

/// Checks that FHIRPath can be read.
fn expression(ctx: &Checker<'_, '_>, node: Node<'_>) {
    let Some(text) = node.child("expression") else { return };
    if node.child_value("language") == Some("text/fhirpath")
        && let Some(Err(error)) = text.value().map(Expression::parse)
    {
        let message = Message::text("the expression cannot be read: ").value(&error.to_string());
        ctx.report(Finding::new(&rules::EXPRESSION_SYNTAX, text, message));
    }
}

/// Checks that what is given with the artifact, or referred to, has its address there only.
fn related_artifact(ctx: &Checker<'_, '_>, node: Node<'_>) {
    let Some(url) = node.child(name::URL).filter(|_| ctx.version() == FhirVersion::R4) else { return };
    for (given, instead) in [("document", "document.url"), ("resource", "resource")] {
        if node.child(given).is_some() {
            let message = text!("there must be no url beside '{}'", def(given));
            let suggestion = text!("give the address in '{}' only", def(instead));
            ctx.report(Finding::new(&rules::RELATED_ARTIFACT_URL, url, message).suggest(suggestion));
            return;
        }
    }
}
