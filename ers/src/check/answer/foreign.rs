//! Bodies of answers that do not come from e-RS.

use ers_fhir_report::{CallPart, Severity, def, text};

use crate::call::{Context, Foreign};
use crate::check::fault::Fault;
use crate::rule::answers as rules;
use crate::service::{self, Body};

/// Failure statuses that only e-RS has a reason to answer with.
const OWN: [u16; 4] = [409, 412, 422, 423];

/// The one finding about such an answer.
pub(super) fn fault(context: &Context, kind: Foreign) -> Fault {
    let id = context.endpoint.id;
    match context.status.filter(|_| context.succeeds() == Some(false)) {
        Some(status) if OWN.contains(&status) => {
            let message =
                text!("e-RS answers {} with an OperationOutcome, but the body is {}", status, def(kind));
            Fault::new(&rules::BODY, CallPart::Body, message)
        }
        Some(status @ 300..400) => {
            let message = text!(
                "the {} comes from the gateway or a proxy in front of e-RS, not from e-RS: {} does not \
                 redirect like this",
                status,
                def(id)
            );
            let fault = Fault::new(&rules::GATEWAY, CallPart::Body, message).severity(Severity::Warning);
            fault.suggest("it may lead to a login page: do not follow it as if it were an answer of e-RS")
        }
        Some(status) => {
            let message = text!(
                "the {} comes from the gateway or a proxy in front of e-RS, not from e-RS: its body is {}",
                status,
                def(kind)
            );
            let next = service::status(status)
                .map(|_| text!("; `ers-fhir explain {}` says whether to call again", status));
            Fault::new(&rules::GATEWAY, CallPart::Body, message).suggest(text!(
                "a client must be able to handle answers that are not an OperationOutcome{}",
                next
            ))
        }
        None => {
            let who = match kind {
                Foreign::Page => ": a login page or an error page of something in front of e-RS",
                _ => "",
            };
            let right = match context.body() {
                Body::File(_) => "a file",
                _ => "FHIR",
            };
            let message =
                text!("{} answers with {}, but the body is {}{}", def(id), def(right), def(kind), def(who));
            Fault::new(&rules::BODY, CallPart::Body, message).suggest(
                "check the address that was called, and whether the token and the network let the call \
                 through",
            )
        }
    }
}
