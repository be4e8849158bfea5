//! The call itself: who calls, and with which kind of access.

use ers_fhir_report::{CallPart, Message, def, text, value};

use super::fault::Fault;
use crate::call::{Context, Direction};
use crate::rule::{access as rules, calls};
use crate::service::{ChangeKind, Header, Role, changes, form};

const FUNCTION: &str = Header::FUNCTION.name;
const ON_BEHALF_OF: &str = Header::ON_BEHALF_OF.name;
const ORGANISATION: &str = Header::ORGANISATION.name;

/// Headers that the gateway sets inside the service; calls that send them from outside are refused.
pub(super) const INTERNAL: [&str; 3] = ["x-ers-ods-code", "x-ers-business-function", "x-ers-user-id"];

pub(super) fn check(context: &Context) -> Vec<Fault> {
    let mut faults: Vec<Fault> = deprecated(context).into_iter().collect();
    if context.is_application() {
        application(context, &mut faults);
    } else {
        user(context, &mut faults);
    }
    faults
}

/// Operations that are still called although they have been replaced.
fn deprecated(context: &Context) -> Option<Fault> {
    let endpoint = context.endpoint;
    let other = endpoint.replaced_by.filter(|_| context.direction == Direction::Request)?;
    let mut changes = changes().iter();
    let known = changes
        .find(|change| change.kind == ChangeKind::Deprecated && change.endpoints.contains(&endpoint.id));
    let message = known.map_or_else(
        || text!("{} is deprecated", def(endpoint.id)),
        |change| text!("deprecated since {}: {}", def(change.date), def(change.says.trim_end_matches('.'))),
    );
    let fault = Fault::new(&calls::DEPRECATED, CallPart::Path, message);
    Some(fault.suggest(text!("call {} instead", def(other))))
}

/// Applications call only operations that are open to them, and name no user.
fn application(context: &Context, faults: &mut Vec<Fault>) {
    let endpoint = context.endpoint;
    if endpoint.application.is_none() {
        let message = text!("{} is not open to applications", def(&endpoint.id));
        let fault = Fault::new(&rules::RULE_08, CallPart::Method, message);
        faults.push(fault.suggest("call it for a user who is logged in"));
    }
    for name in [ORGANISATION, FUNCTION, ON_BEHALF_OF].into_iter().chain(INTERNAL) {
        let is_sent = context.header_value(name).is_some() || (name == FUNCTION && context.role.is_some());
        if is_sent {
            let message = text!("an application must not send {}", def(name));
            let fault = Fault::new(&rules::RULE_02, CallPart::Header(name), message);
            faults.push(fault.suggest("leave the header out"));
        }
    }
}

/// The operation is open to the business function of the user.
fn user(context: &Context, faults: &mut Vec<Fault>) {
    let endpoint = context.endpoint;
    let Some(function) = context.function().filter(|_| endpoint.names_user()) else { return };
    let part = CallPart::Header(FUNCTION);
    let allowed = || {
        let codes: Vec<&str> = endpoint.roles.iter().map(|role| role.code()).collect();
        text!("{} is open to {}", def(endpoint.id), def(codes.join(", ")))
    };
    match function.parse::<Role>() {
        Ok(role) if role.is_of_application() => {
            let message = text!(
                "no user has the business function {}: the gateway sets it for applications",
                def(role)
            );
            faults.push(Fault::new(&rules::RULE_07, part, message).suggest(allowed()));
        }
        Ok(role) if !endpoint.allows(role) => {
            let message = text!("a {} may not call {}", def(role), def(&endpoint.id));
            faults.push(Fault::new(&rules::RULE_06, part, message).suggest(allowed()));
        }
        Ok(_) => {}
        Err(_) if function.is_empty() => {}
        Err(_) => {
            let message = Message::text("there is no business function ").value(function);
            faults.push(Fault::new(&rules::RULE_06, part, message).suggest(allowed()));
        }
    }
    let part = CallPart::Header(ON_BEHALF_OF);
    let on_behalf_of = context.header_value(ON_BEHALF_OF);
    let is_admin = function == Role::ServiceProviderClinicianAdmin.code();
    if on_behalf_of.is_some() && !is_admin {
        let message = text!("a {} must not send {}", value(function), def(ON_BEHALF_OF));
        faults.push(Fault::new(&rules::RULE_04, part, message).suggest("leave the header out"));
    }
    if is_admin
        && !context.headers.is_empty()
        && endpoint.is_on_behalf()
        && !on_behalf_of.is_some_and(form::is_user_id)
    {
        let message = text!(
            "a {} must name the clinician whom the call is for: {} is {}",
            value(function),
            def(ON_BEHALF_OF),
            def(if on_behalf_of.is_some() { "not twelve digits" } else { "missing" })
        );
        faults.push(Fault::new(&rules::RULE_03, part, message).suggest("A040 lists the ids to choose from"));
    }
}
