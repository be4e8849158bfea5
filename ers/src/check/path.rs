//! Method and path of a call.

use ers_fhir_report::{CallPart, def, text, value};

use super::fault::Fault;
use crate::call::url::Url;
use crate::call::{Context, operation_of};
use crate::rule::calls as rules;
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
    if url.has_other_base {
        let message = "the gateway has its operations below /referrals/FHIR";
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

/// The form of the operation, with or without a version, whose path that is.
pub(super) fn at(context: &Context, url: &Url) -> Option<&'static Endpoint> {
    let mut forms = find(context.endpoint.id);
    forms.find(|endpoint| url.is_at(endpoint.path))
}

/// The path is that of another operation, or of none.
fn elsewhere(context: &Context, url: &Url) -> Fault {
    let Endpoint { id, method, path, .. } = context.endpoint;
    let message = text!("the path is not that of {}", def(id));
    let fault = Fault::new(&rules::PATH, CallPart::Path, message);
    let called = url.steps.join("/");
    let method_said = context.method.clone().unwrap_or_else(|| method.to_string());
    match operation_of(Some(&method_said), &called).or_else(|_| operation_of(None, &called)) {
        Ok(other) => {
            fault.suggest(text!("{} is {} {}; this is {}", def(id), def(method), def(path), def(other.id)))
        }
        Err(_) => fault.suggest(text!("call {} {}", def(method), def(path))),
    }
}
