//! The answers that a question allows: listed one by one, or by a value set.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::ValueSet;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::read;
use ers_fhir_profiles::terminology::{Expansion, Membership, Reason};
use ers_fhir_report::Message;
use ers_fhir_tree::Node;
use rustc_hash::FxHashMap;

use super::filling::Filling;
use super::form::{self, AnswerConstraint, Item, ItemKind};
use super::values::{self, Answered, Expected};
use crate::rule::questionnaire as rules;

const EXCLUSIVE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive";

/// Lists the answers by an expression.
///
/// Source: <http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-answerExpression>.
const ANSWER_EXPRESSION: &str =
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-answerExpression";

fn is_computed(extension: &Datum) -> bool {
    extension.str("url") == Some(ANSWER_EXPRESSION)
}

/// Whether a value is of the type of a question.
fn is_of_kind(kind: ItemKind, type_name: &str) -> bool {
    match kind {
        ItemKind::Choice | ItemKind::OpenChoice => type_name == "Coding",
        _ => true,
    }
}

/// Value sets that a form contains, each prepared once.
#[derive(Debug, Default)]
pub(super) struct ValueSets<'f>(RefCell<FxHashMap<&'f str, Option<Arc<Expansion>>>>);

/// The answers that questions list, each list prepared once.
#[derive(Debug, Default)]
pub(super) struct Listed<'f>(RefCell<FxHashMap<usize, Rc<List<'f>>>>);

/// The answers that one question lists.
#[derive(Debug, Default)]
struct List<'f> {
    all: Vec<Expected<'f>>,
    /// Answers that can only equal a value with the same [key].
    by_key: FxHashMap<&'f str, Vec<Expected<'f>>>,
    /// Answers without a key.
    others: Vec<Expected<'f>>,
}

impl<'f> Listed<'f> {
    fn of(&self, item: &Item<'f>) -> Rc<List<'f>> {
        let mut known = self.0.borrow_mut();
        let list = known.entry(std::ptr::from_ref(item.datum).addr());
        Rc::clone(list.or_insert_with(|| Rc::new(List::of(item.datum))))
    }
}

impl<'f> List<'f> {
    fn of(item: &'f Datum) -> Self {
        let mut list = Self { all: options(item).filter_map(form::value).collect(), ..Self::default() };
        for option in &list.all {
            let (type_name, value) = *option;
            match key(type_name, |part| value.str(part), value.text.as_deref()) {
                Some(key) => list.by_key.entry(key).or_default().push(*option),
                None => list.others.push(*option),
            }
        }
        list
    }
}

/// A text that two values share if they are equal; `None` if there is no such text.
fn key<'t>(
    type_name: &str,
    part: impl Fn(&str) -> Option<&'t str>,
    text: Option<&'t str>,
) -> Option<&'t str> {
    match type_name {
        "Coding" => part("code"),
        "Reference" => part("reference"),
        "Integer" | "Decimal" | "Quantity" | "Date" | "DateTime" | "Time" | "Attachment" => None,
        _ => text,
    }
}

/// Checks that an answer is among those that its question allows.
pub(super) fn check<'f>(filling: &Filling<'f, '_, '_>, answered: Answered<'_>, item: &'f Item<'f>) {
    let (type_name, node) = answered;
    match item.answer_constraint() {
        AnswerConstraint::Words if type_name == "String" => return,
        AnswerConstraint::OfType if is_of_kind(item.kind, type_name) => return,
        _ => {}
    }
    let listed = filling.listed.of(item);
    if !listed.all.is_empty() {
        // A form by the same author may list as many answers as the response gives.
        let budget = &filling.ctx.budget;
        if !budget.allows() {
            return;
        }
        let mut compared = 1;
        let mut may_be = |option: &Expected<'f>| {
            compared += 1;
            values::is_same(answered, *option) != Some(false) && !differ_in_system(answered, *option)
        };
        let is_listed = match key(type_name, |part| node.child_value(part), node.value()) {
            Some(key) => listed.by_key.get(key).into_iter().flatten().chain(&listed.others).any(&mut may_be),
            None => listed.all.iter().any(may_be),
        };
        budget.spend(compared);
        if !is_listed {
            refuse(filling, answered, item, "is not among the answers that the question lists");
        }
        return;
    }
    if item.datum.all("extension").any(is_computed) {
        let message = Message::text("whether the answer to ")
            .value(item.link_id)
            .then(" is among those allowed was not checked, as an expression lists them");
        filling.report(&rules::QUESTIONNAIRE_NOT_CHECKED, node, message, None);
        return;
    }
    if type_name != "Coding" {
        return;
    }
    let Some(canonical) = value_set(item.datum) else { return };
    // The codes of a value set come from code systems, though those of one that is contained are told apart without;
    // words in place of a code are for an open choice.
    let has_code = node.child("code").is_some();
    let lacks = if has_code && node.child("system").is_none() && !canonical.starts_with('#') {
        Some("has no system, and so is not in the value set of the question")
    } else if !has_code && item.answer_constraint() == AnswerConstraint::Listed {
        Some("has no code, and so is not in the value set of the question")
    } else {
        None
    };
    if let Some(lacks) = lacks.filter(|_| expansion(filling, canonical).is_ok()) {
        refuse(filling, answered, item, lacks);
    } else if is_outside(filling, node, canonical) {
        refuse(filling, answered, item, "is not in the value set of the question");
    }
}

/// Whether only one of an answer and a value of the form names a code system.
fn differ_in_system((_, node): Answered<'_>, (type_name, expected): Expected<'_>) -> bool {
    type_name == "Coding" && expected.str("system").is_some() != node.child("system").is_some()
}

/// An exclusive answer must be the only one.
pub(super) fn check_exclusive<'f>(filling: &Filling<'f, '_, '_>, node: Node<'_>, item: &'f Item<'f>) {
    if node.named("answer").nth(1).is_none() {
        return;
    }
    let exclusive = |option: &&Datum| form::is_marked(option, EXCLUSIVE);
    for option in options(item.datum).filter(exclusive).filter_map(form::value) {
        let budget = &filling.ctx.budget;
        if !budget.allows() {
            return;
        }
        let mut compared = 0;
        let mut answers = node.named("answer").filter_map(values::answered).inspect(|_| compared += 1);
        let found = answers.find(|answered| values::is_same(*answered, option) == Some(true));
        budget.spend(compared);
        if let Some(answered) = found {
            let message = describe(Message::text(""), answered).then(" excludes all other answers");
            filling.report(&rules::QUESTIONNAIRE_OPTION_EXCLUSIVE, answered.1, message, None);
        }
    }
}

/// Whether a Coding is known not to be in a value set of the form or of a loaded package.
pub(super) fn is_outside<'f>(filling: &Filling<'f, '_, '_>, node: Node<'_>, canonical: &'f str) -> bool {
    let Some(code) = node.child_value("code") else { return false };
    let system = node.child_value("system");
    let terminology = filling.ctx.validator.terminology();
    let reason = match expansion(filling, canonical).map(|set| set.contains(terminology, system, code)) {
        Ok(Membership::In) => return false,
        // A code without a system may belong to any.
        Ok(Membership::Out) => return system.is_some(),
        Ok(Membership::Undecided(reason)) | Err(reason) => reason,
    };
    filling.ctx.codes.note(filling.ctx, node, reason.system().unwrap_or(canonical), &reason);
    false
}

/// A value set of the form or of a loaded package, or the reason why there is none.
fn expansion<'f>(filling: &Filling<'f, '_, '_>, canonical: &'f str) -> Result<Arc<Expansion>, Reason> {
    if !canonical.starts_with('#') {
        return filling.ctx.validator.terminology().expansion(canonical);
    }
    let mut known = filling.value_sets.0.borrow_mut();
    let read = || contained(filling, canonical).map(|set| Arc::new(Expansion::new(Arc::new(set))));
    known.entry(canonical).or_insert_with(read).clone().ok_or_else(|| Reason::NoValueSet(canonical.into()))
}

/// A value set that the Questionnaire contains; if the response contains the Questionnaire, one beside it.
fn contained(filling: &Filling<'_, '_, '_>, reference: &str) -> Option<ValueSet> {
    let id = reference.strip_prefix('#');
    let own = filling.form.questionnaire.all("contained").find(|inner| inner.str("id") == id).cloned();
    let mut found = own.or_else(|| filling.beside(reference, Kind::ValueSet))?;
    // Definitions have a URL, which contained ones hardly ever need.
    if found.get("url").is_none() {
        found.fields.push(("url".into(), Datum { text: Some(reference.into()), fields: Vec::new() }));
    }
    read::terminology::value_set(&found, filling.ctx.version()).ok()
}

/// The answers listed for a question: `option` in STU3, `answerOption` in R4.
fn options(item: &Datum) -> impl Iterator<Item = &Datum> {
    item.all("answerOption").chain(item.all("option"))
}

/// The value set of a question: `options` in STU3, `answerValueSet` in R4.
fn value_set(item: &Datum) -> Option<&str> {
    item.str("answerValueSet").or_else(|| item.get("options")?.str("reference"))
}

fn refuse(filling: &Filling<'_, '_, '_>, answered: Answered<'_>, item: &Item<'_>, why: &'static str) {
    let message = describe(Message::text(""), answered).then(" ").then(why);
    let mut listed = Message::text("allowed: ");
    let mut count = 0;
    for (_, option) in options(item.datum).filter_map(form::value).take(MOST_LISTED) {
        let text = option.text.as_deref().or_else(|| option.str("code")).or_else(|| option.str("display"));
        if let Some(text) = text {
            listed = listed.then(if count == 0 { "" } else { ", " }).value(text);
            count += 1;
        }
    }
    let suggestion = (count > 0).then_some(listed);
    filling.report(&rules::QUESTIONNAIRE_ANSWER_NOT_ALLOWED, answered.1, message, suggestion);
}

/// Answers that a suggestion names.
const MOST_LISTED: usize = 8;

fn describe(message: Message, (_, node): Answered<'_>) -> Message {
    let part = |name| node.child_value(name);
    let text =
        node.value().or_else(|| part("code")).or_else(|| part("reference")).or_else(|| part("display"));
    match text {
        Some(text) => message.then("the answer ").value(text),
        None => message.then("the answer"),
    }
}
