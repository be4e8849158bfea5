//! Checks responses against the Questionnaire that they answer.
//!
//! This runs after the walk, on responses whose Questionnaire is available: contained, in the same Bundle, or
//! in a loaded package. Otherwise a response is checked like any other resource, and that is reported.
//!
//! - [`form`] puts the items of the Questionnaire in order.
//! - [`filling`] is a form and its response.
//! - [`items`] walks the items of the response beside those of the form, [`enable`] tells which of
//!   these apply, with [`expressions`] where an expression does.
//! - [`answers`] checks an answer: its type, then [`options`] and [`limits`].
//! - [`values`] compares answers with values of the form.
//!
//! Source: <http://hl7.org/fhir/R4/questionnaireresponse.html> and
//! <http://hl7.org/fhir/R4/questionnaire.html>.

mod answers;
mod enable;
mod expressions;
mod filling;
mod form;
mod items;
mod limits;
mod options;
mod values;

use ers_fhir_profiles::package::Kind;
use ers_fhir_report::{Message, def};
use ers_fhir_tree::Node;
use ers_fhir_values::Temporal;
use ers_fhir_values::reference::Literal;

use super::shelf::Shelf;
use super::{Checker, Finding};
use crate::rule::questionnaire as rules;
use filling::Filling;
use form::Form;

/// Checks every response of the document.
pub(super) fn settle(ctx: &Checker<'_, '_>) {
    let waiting = ctx.waiting.responses.take();
    if waiting.is_empty() {
        return;
    }
    let mut shelf = Shelf::new(ctx, Kind::Questionnaire);
    for response in waiting {
        check(ctx, response, &mut shelf);
    }
}

fn check<'d>(ctx: &Checker<'_, 'd>, response: Node<'d>, shelf: &mut Shelf<'d>) {
    let Some((at, canonical)) = named_by(response) else { return };
    let Some(questionnaire) = shelf.find(ctx, at, canonical) else {
        // Something else in its place is reported as that.
        if ctx.resolve(canonical, at).is_some() {
            return;
        }
        let message = Message::text("the Questionnaire ")
            .value(canonical)
            .then(" is not available, so the answers were not checked against it");
        let finding = Finding::new(&rules::QUESTIONNAIRE_UNKNOWN, at, message)
            .suggest(Message::text("load the Questionnaire with --ig, or contain it"));
        ctx.report(finding);
        return;
    };
    let form = Form::new(&questionnaire);
    check_period(ctx, response, &form);
    check_subject(ctx, response, &form);
    Filling::new(ctx, response, &form).check();
}

/// The element of a response that names its Questionnaire, and how: STU3 has a reference, R4 a canonical URL.
fn named_by(response: Node<'_>) -> Option<(Node<'_>, &str)> {
    let named = response.child("questionnaire")?;
    let at = named.child("reference").unwrap_or(named);
    Some((at, at.value().filter(|text| !text.is_empty())?))
}

/// The Questionnaire may limit the subjects of its responses.
fn check_subject(ctx: &Checker<'_, '_>, response: Node<'_>, form: &Form<'_>) {
    let Some(subject) = response.child("subject") else { return };
    let allowed: Vec<&str> =
        form.questionnaire.all("subjectType").filter_map(|code| code.text.as_deref()).collect();
    let reference = subject.child_value("reference");
    let contained = |id: &str| {
        let mut inner = response.named("contained").filter(|inner| inner.child_value("id") == Some(id));
        inner.next()?.resource_type()
    };
    let named = reference.and_then(|text| match text.strip_prefix('#') {
        Some(id) => contained(id),
        None => Literal::of(text).type_name(),
    });
    let Some(found) = named.or_else(|| subject.child_value("type")) else { return };
    if allowed.is_empty() || allowed.iter().any(|of| ctx.validator.schemas().is_subtype(found, of)) {
        return;
    }
    let message = Message::text("the Questionnaire is about ")
        .then(def(allowed.join(" or ")))
        .then(", but the subject is ")
        .value(found);
    let at = subject.child("reference").unwrap_or(subject);
    ctx.report(Finding::new(&rules::QUESTIONNAIRE_SUBJECT, at, message));
}

/// The Questionnaire may give the period in which it is in use.
fn check_period(ctx: &Checker<'_, '_>, response: Node<'_>, form: &Form<'_>) {
    let Some((authored, text)) = response.child("authored").and_then(|node| Some((node, node.value()?)))
    else {
        return;
    };
    let Some(period) = form.questionnaire.get("effectivePeriod") else { return };
    let Some(moment) = Temporal::parse(text) else { return };
    let limit = |name| period.str(name).and_then(Temporal::parse);
    let message = if limit("start").is_some_and(|start| moment.is_before(&start)) {
        "before the Questionnaire was in use"
    } else if limit("end").is_some_and(|end| end.is_before(&moment)) {
        "after the Questionnaire was in use"
    } else {
        return;
    };
    let message = Message::text("the response was written ").value(text).then(", ").then(message);
    ctx.report(Finding::new(&rules::QUESTIONNAIRE_NOT_EFFECTIVE, authored, message));
}
