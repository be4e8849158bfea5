//! Method and path of a call.

use std::net::IpAddr;

use ers_fhir_report::{CallPart, Severity, def, text, value};
use ers_fhir_values::suggest;

use super::fault::Fault;
use crate::call::nearest::{Difference, differences};
use crate::call::url::Url;
use crate::call::{Context, operation_of};
use crate::rule::calls as rules;
use crate::service::environment::{INTEGRATION, PRODUCTION, SANDBOX, is_gateway};
use crate::service::form::path_parameter;
use crate::service::{Endpoint, find};

/// The method is that of the operation.
pub(super) fn check_method(context: &Context) -> Option<Fault> {
    let Endpoint { id, method, .. } = context.endpoint;
    let given = context.method.as_deref()?;
    let message = text!("{} is called with {}", def(id), def(method));
    let is_other = !method.to_string().eq_ignore_ascii_case(given);
    is_other.then(|| Fault::new(&rules::METHOD, CallPart::Method, message))
}

pub(super) fn check(context: &Context, url: &Url) -> Vec<Fault> {
    let mut faults = Vec::new();
    faults.extend(address(url));
    if url.has_other_base {
        let message = "the operations of the gateway are below /referrals/FHIR";
        let fault = Fault::new(&rules::PATH, CallPart::Path, message);
        faults.push(fault.suggest("call https://<environment>/referrals/FHIR/<release>/…"));
    }
    let Some(endpoint) = at(context, url) else {
        faults.push(elsewhere(context, url));
        return faults;
    };
    for (name, given) in url.parameters(endpoint.path) {
        let Some(parameter) = path_parameter(endpoint.release, endpoint.resource_type(), name) else {
            continue;
        };
        if !(parameter.is)(given) {
            let message = text!("the path has {} where the {} belongs", value(given), def(name));
            let fault = Fault::new(&rules::PATH_PARAMETER, CallPart::Path, message);
            faults.push(fault.suggest(text!("{} is {}", def(parameter.name), def(parameter.holds))));
        }
    }
    faults
}

/// The scheme and the host are those of an environment, as far as can be told.
fn address(url: &Url) -> Option<Fault> {
    let (scheme, host) = url.server.as_ref()?;
    let part = CallPart::Path;
    if is_gateway(host) && scheme != "https" {
        let message = "the token is sent unencrypted: environments of e-RS are called with https";
        return Some(
            Fault::new(&rules::ADDRESS, part, message).severity(Severity::Error).suggest("write https"),
        );
    }
    // A local machine may stand in for the service, and a variable for any machine.
    let is_own = !host.contains('.') || host.contains(['{', '<', '[']) || host.parse::<IpAddr>().is_ok();
    if is_own || HOSTS.contains(&host.as_str()) {
        return None;
    }
    let fault = |message: &'static str| Fault::new(&rules::ADDRESS, part, message);
    if let Some(meant) = suggest::nearest(host, HOSTS) {
        return Some(
            fault("the host is almost that of an environment").suggest(text!("did you mean {}?", def(meant))),
        );
    }
    let fault = if is_gateway(host) {
        fault("no environment of e-RS with this name is known").severity(Severity::Information)
    } else if host.ends_with(".nhs.uk") {
        fault("this is not a host of e-RS")
    } else {
        fault("this is not a host of e-RS: it is taken to be a simulator").severity(Severity::Information)
    };
    Some(fault.suggest(text!("the environments are {}", def(HOSTS.join(", ")))))
}

const HOSTS: [&str; 3] = [PRODUCTION, INTEGRATION, SANDBOX];

/// The form of the operation, with or without a version, that has this path.
pub(super) fn at(context: &Context, url: &Url) -> Option<&'static Endpoint> {
    let mut forms = find(context.endpoint.id);
    forms.find(|endpoint| url.is_at(endpoint.path))
}

/// The path belongs to another operation, or to none.
fn elsewhere(context: &Context, url: &Url) -> Fault {
    let Endpoint { id, method, path, .. } = context.endpoint;
    let message = text!("the path is not that of {}", def(id));
    let fault = Fault::new(&rules::PATH, CallPart::Path, message);
    let called = url.steps.join("/");
    let method_said = context.method.clone().unwrap_or_else(|| method.to_string());
    let other = operation_of(Some(&method_said), &called).or_else(|_| operation_of(None, &called));
    if let Ok(other) = other {
        return fault.suggest(text!(
            "{} is {} {}; this is {}",
            def(id),
            def(method),
            def(path),
            def(other.id)
        ));
    }
    let differences = differences(context.endpoint, url);
    if let [Difference::Release(own, given)] = differences.as_slice() {
        let message = text!("{} is an operation of {}, but the path says {}", def(id), def(own), def(given));
        let fault = Fault::new(&rules::PATH, CallPart::Path, message);
        return fault.suggest(text!("call {} {}", def(method), def(path)));
    }
    let differences: Vec<String> = differences.iter().map(ToString::to_string).collect();
    let differences = (!differences.is_empty()).then(|| text!(" ({})", def(differences.join("; "))));
    fault.suggest(text!("call {} {}{}", def(method), def(path), differences))
}
