//! Reasons for cancellations and rejections: their lists say when they may be given.

use ers_fhir_report::{Message, Part, Rule, Severity, def, text, value};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::{Finding, Run};
use ers_fhir_values::suggest;

use super::reference_data::Listed;
use super::request::{code, coding, first, text};
use super::update::with;
use crate::call::Context;
use crate::rule::{appointments, review};
use crate::service::Role;

/// The fix for a reason that does not cancel the appointment.
const CANCELLING: &str =
    "give a reason with canCancelAppointment in the list, or cancel the appointment first";

pub(super) fn check<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    match context.endpoint.id {
        "A014" => rejection(run, context, root),
        "A034" => appointment(run, context, root),
        "A036" => referral(run, context, root),
        "A028" => priority(run, context, root),
        _ => {}
    }
}

/// A reason, and where findings about it go.
struct Reason<'c, 'd> {
    run: &'c Run<'d>,
    node: Node<'d>,
    listed: Listed<'d>,
}

impl<'c, 'd> Reason<'c, 'd> {
    fn of(run: &'c Run<'d>, coding: Node<'d>) -> Option<Self> {
        let node = coding.child("code")?;
        Some(Self { run, node, listed: Listed::of(run, coding)? })
    }

    fn report(&self, rule: &'static Rule, severity: Severity, what: impl Part, fix: impl Part) {
        let message = Message::text("the reason ").value(self.node.value().unwrap_or_default()).then(what);
        let finding = Finding::new(rule, self.node, message).severity(severity);
        self.run.report(finding.suggest(Message::text(fix)));
    }

    /// The reason is meant for this use and this caller, and is in use now.
    fn check_use(
        &self,
        rule: &'static Rule,
        (property, wanted): (&str, &str),
        to: &str,
        caller: Option<Role>,
    ) {
        let severity = self.listed.severity();
        if !self.listed.values(property).any(|value| value == wanted) {
            let fix = text!("give a reason whose {} in the list is {}", def(property), def(wanted));
            self.report(rule, severity, text!(" is not a reason to {}", def(to)), fix);
        } else if let Some(caller) = caller
            && self.listed.values("businessFunction").next().is_some()
            && !self.listed.values("businessFunction").any(|value| value == caller.code())
        {
            let fix = text!("give a reason whose {} in the list is {}", def("businessFunction"), def(caller));
            self.report(rule, severity, text!(" may not be given by a {}", def(caller)), fix);
        }
        if self.run.now().is_some_and(|now| !self.listed.is_effective(&now)) {
            let fix = "give a reason whose effectiveFrom has passed and whose effectiveTo has not";
            self.report(rule, severity, " is not currently in use", fix);
        }
    }

    /// The reason has a comment if it requires one.
    fn check_comment(&self, rule: &'static Rule, comment: Option<&str>, name: &str) {
        // A comment of another type is a fault of its own, and so is one whose name is missing or
        // misspelt.
        let is_there = comment.is_none() && is_meant(self.run.root(), name);
        if self.listed.is("commentIsMandatory")
            && !is_there
            // A text without any letters is reported for every element.
            && comment.is_none_or(|text| !text.is_empty() && text.trim().is_empty())
        {
            let what = text!(" requires a comment in {}", def(name));
            self.report(
                rule,
                self.listed.severity(),
                what,
                "add the comment, or give a reason that needs \
                 none",
            );
        }
    }
}

/// Whether there is a parameter of that name, or one that may be meant to be it.
fn is_meant(root: Node<'_>, name: &str) -> bool {
    root.named("parameter").any(|parameter| {
        let given = parameter.child_value("name").unwrap_or_default();
        given.trim().is_empty() || suggest::nearest(given, [name]).is_some()
    })
}

/// Who calls. Somebody who may not call at all is only told that.
fn who(context: &Context) -> Option<Role> {
    context.known_role().filter(|role| context.endpoint.allows(*role))
}

fn rejection<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    let Some(coding) = first(root, "rejectionReason").and_then(coding) else { return };
    let Some(reason) = Reason::of(run, coding) else { return };
    let kind = ("appointmentBookingCancellationReasonType", "PROVIDER_REJECT");
    reason.check_use(&review::RULE_95, kind, "reject a referral", who(context));
    reason.check_comment(&review::RULE_96, text(root, "rejectionComments"), "rejectionComments");
}

fn appointment<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    let Some(coding) = root.child("reason").and_then(|reason| reason.child("coding")) else { return };
    let Some(reason) = Reason::of(run, coding) else { return };
    reason.check_use(&appointments::RULE_88, ("usage", "CANCEL"), "cancel an appointment", who(context));
    reason.check_comment(&appointments::RULE_89, root.child_value("comment"), "comment");
}

fn referral<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    let Some(coding) = first(root, "cancellationReason").and_then(coding) else { return };
    let Some(reason) = Reason::of(run, coding) else { return };
    let application = context.is_application().then_some(Role::ProviderAuthorisedApplication);
    let caller = application.or(who(context));
    reason.check_use(&review::RULE_106, ("referrerUsage", "CANCEL_REFERRAL"), "cancel a referral", caller);
    reason.check_comment(&review::RULE_109, text(root, "cancellationComments"), "cancellationComments");
    if caller.is_none_or(Role::is_referrer) {
        return;
    }
    let known = with(context, |current| (current.state().map(str::to_owned), current.is_booked()));
    let state = known.as_ref().and_then(|(state, _)| state.as_deref());
    let wanted: &[&str] = match state {
        None => &["PROVIDER_TRIAGE", "PROVIDER", "PATIENT"],
        Some("TRIAGED_PROVIDER_TO_ACTION") => &["PROVIDER_TRIAGE"],
        Some(_) => &["PROVIDER", "PATIENT"],
    };
    let mut kinds = reason.listed.values("appointmentRequestCancellationReasonType").peekable();
    if kinds.peek().is_some() && !kinds.any(|kind| wanted.contains(&kind)) {
        let what = match state {
            None => Message::text(" may not be given by a provider"),
            Some(state) => {
                text!(" may not be given by a provider while the referral is {}", value(state))
            }
        };
        let kind = "appointmentRequestCancellationReasonType";
        let fix = text!("give a reason whose {} in the list is {}", def(kind), def(wanted.join(" or ")));
        reason.report(&review::RULE_108, reason.listed.severity(), what, fix);
    }
    if reason.listed.values("canCancelAppointment").any(|value| value == "false") {
        match known {
            None => {
                let what = " is refused while the referral has an appointment";
                reason.report(&review::RULE_107, Severity::Information, what, CANCELLING);
            }
            Some((_, true)) => {
                let what = " does not cancel the appointment that the referral has";
                reason.report(&review::RULE_107, reason.listed.severity(), what, CANCELLING);
            }
            Some((_, false)) => {}
        }
    }
}

/// A priority that is sent with advice must repeat the current one.
fn priority<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    let returns = code(root, "reviewOutcome").and_then(Node::value) == Some("RETURN_TO_REFERRER_WITH_ADVICE");
    let Some(priority) = first(root, "reviewPriority").filter(|_| returns) else { return };
    let sent = code(root, "reviewPriority").and_then(Node::value);
    let current = with(context, |current| current.priority().map(str::to_owned)).flatten();
    let (severity, message) = match current {
        None => (Severity::Information, "a returned referral keeps its priority: a different one is refused"),
        Some(current) if sent == Some(current.as_str()) => return,
        Some(_) => (Severity::Error, "a returned referral keeps its priority, but this one is different"),
    };
    let finding = Finding::new(&review::RULE_104, priority, Message::text(message)).severity(severity);
    run.report(finding.at_key(priority));
}
