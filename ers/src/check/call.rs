//! The call itself: access, business function, headers.

use ers_fhir_report::{Message, def, text, value};

use super::fault::Fault;
use crate::call::{Context, Direction};
use crate::rule::access as rules;
use crate::rule::appointments;
use crate::service::{Access, Body, Header, Need, Role};

const FUNCTION: &str = Header::FUNCTION.name;
const ON_BEHALF_OF: &str = Header::ON_BEHALF_OF.name;
const ORGANISATION: &str = Header::ORGANISATION.name;

pub(super) fn check(context: &Context) -> Vec<Fault> {
    let mut faults = Vec::new();
    if context.is_application() {
        application(context, &mut faults);
    } else {
        user(context, &mut faults);
    }
    if context.direction == Direction::Request && !context.headers.is_empty() {
        headers(context, &mut faults);
    }
    faults
}

/// Applications call only what is open to them, and name nobody.
fn application(context: &Context, faults: &mut Vec<Fault>) {
    let endpoint = context.endpoint;
    if endpoint.application.is_none() {
        let message = text!("{} is not open to applications", def(&endpoint.id));
        faults.push(Fault::new(&rules::RULE_08, message).suggest("call it for a user who is logged in"));
    }
    for name in [ORGANISATION, FUNCTION, ON_BEHALF_OF] {
        let is_sent = context.header_value(name).is_some() || (name == FUNCTION && context.role.is_some());
        if is_sent {
            let message = text!("an application does not send {}", def(name));
            faults.push(Fault::new(&rules::RULE_02, message).suggest("leave the header out"));
        }
    }
}

/// Users work as something that the operation is open to.
fn user(context: &Context, faults: &mut Vec<Fault>) {
    let endpoint = context.endpoint;
    let Some(function) = context.function().filter(|_| endpoint.names_user()) else { return };
    let allowed = || {
        let codes: Vec<&str> = endpoint.roles.iter().map(|role| role.code()).collect();
        text!("{} is open to {}", def(endpoint.id), def(codes.join(", ")))
    };
    match function.parse::<Role>() {
        Ok(role) if role.is_of_application() => {
            let message = text!("no user works as {}: the gateway sets it for applications", def(role));
            faults.push(Fault::new(&rules::RULE_07, message).suggest(allowed()));
        }
        Ok(role) if !endpoint.allows(role) => {
            let message = text!("a {} may not call {}", def(role), def(&endpoint.id));
            faults.push(Fault::new(&rules::RULE_06, message).suggest(allowed()));
        }
        Ok(_) => {}
        Err(_) if function.is_empty() => {}
        Err(_) => {
            let message = Message::text("there is no business function ").value(function);
            faults.push(Fault::new(&rules::RULE_06, message).suggest(allowed()));
        }
    }
    let on_behalf_of = context.header_value(ON_BEHALF_OF);
    let is_admin = function == Role::ServiceProviderClinicianAdmin.code();
    if on_behalf_of.is_some() && !is_admin {
        let message = text!("a {} does not send {}", value(function), def(ON_BEHALF_OF));
        faults.push(Fault::new(&rules::RULE_04, message).suggest("leave the header out"));
    }
    let is_user_id = |value: &str| value.len() == 12 && value.bytes().all(|byte| byte.is_ascii_digit());
    if is_admin
        && !context.headers.is_empty()
        && endpoint.is_on_behalf()
        && !on_behalf_of.is_some_and(is_user_id)
    {
        let message = text!(
            "a {} names the clinician whom the call is for: {} is {}",
            value(function),
            def(ON_BEHALF_OF),
            def(if on_behalf_of.is_some() { "not twelve digits" } else { "missing" })
        );
        faults.push(Fault::new(&rules::RULE_03, message).suggest("A040 lists the ids to choose from"));
    }
}

/// What the headers hold.
fn headers(context: &Context, faults: &mut Vec<Fault>) {
    let endpoint = context.endpoint;
    if context.access != Some(Access::Application) && endpoint.names_user() {
        let missing = |name: &str| context.header_value(name).is_none_or(str::is_empty);
        let function_missing = context.role.is_none() && missing(FUNCTION);
        for (name, is_missing) in [(ORGANISATION, missing(ORGANISATION)), (FUNCTION, function_missing)] {
            if is_missing {
                let message = text!("{} is missing", def(name));
                faults.push(Fault::new(&rules::RULE_01, message));
            }
        }
    }
    if let Some(value) = context.header_value("Authorization") {
        let token = value.strip_prefix("Bearer ").unwrap_or_default();
        if token.is_empty() || !token.is_ascii() {
            let message = Message::text("Authorization is not Bearer and an access token");
            faults.push(Fault::new(&rules::RULE_17, message));
        }
    }
    if context.header_value("X-Correlation-ID") == Some("") {
        let message = Message::text("X-Correlation-ID is empty, so nothing comes back in it");
        faults.push(Fault::new(&rules::RULE_19, message));
    }
    for header in endpoint.more_headers.iter().filter(|header| header.need == Need::Always) {
        required(context, header, faults);
    }
    if let Body::Resource(_) = endpoint.request {
        content_type(context, faults);
    }
}

/// A header that the operation asks for beyond the usual ones.
fn required(context: &Context, header: &Header, faults: &mut Vec<Fault>) {
    let value = context.header_value(header.name).unwrap_or_default();
    if header.name == Header::IF_MATCH.name {
        if !is_etag(value) {
            let found = if value.is_empty() { "is missing" } else { "does not hold a version" };
            let message = text!("If-Match {}", def(found));
            faults.push(
                Fault::new(&rules::RULE_13, message)
                    .suggest("write W/\"…\" with the meta.versionId that was read last"),
            );
        }
    } else if header.name == Header::COMMISSIONING_RULE_ORGANISATION.name {
        let is_ods = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_ods {
            let message = text!("{} does not hold an ODS code", def(&header.name));
            faults.push(Fault::new(&appointments::RULE_75, message).suggest(header.holds));
        }
    }
}

/// Whether that is how the service writes a version: `W/"5"`.
fn is_etag(value: &str) -> bool {
    let digits = value.strip_prefix("W/\"").and_then(|rest| rest.strip_suffix('"'));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn content_type(context: &Context, faults: &mut Vec<Fault>) {
    let value = context.header_value("Content-Type").unwrap_or_default();
    let media_type = value.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/fhir+json") {
        let found =
            if media_type.is_empty() { "Content-Type is missing" } else { "Content-Type is another one" };
        let message = Message::text(found);
        faults.push(Fault::new(&rules::RULE_18, message).suggest("send application/fhir+json"));
    }
}
