//! Compares the items of a response with those of the form: they are known, in place, in order and not too
//! many or too few.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;
use rustc_hash::FxHashMap;

use super::filling::Filling;
use super::form::{Item, ItemIndex, ItemKind};
use super::{answers, enable, expressions};
use crate::check::Finding;
use crate::rule::questionnaire as rules;

const CONSTRAINTS: [&str; 2] = [
    "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint",
    "http://hl7.org/fhir/StructureDefinition/targetConstraint",
];
const MIN_OCCURS: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs";
const MAX_OCCURS: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs";

impl<'f, 'd> Filling<'f, '_, 'd> {
    /// Checks the whole response.
    pub(super) fn check(&self) {
        self.check_constraints(self.response, self.form.questionnaire);
        self.check_level(self.response, None, &self.form.top);
    }

    /// Checks the items that a response, an item or an answer holds.
    fn check_level(&self, holder: Node<'d>, parent: Option<ItemIndex>, expected: &[ItemIndex]) {
        let mut found: FxHashMap<ItemIndex, usize> = FxHashMap::default();
        let mut last = 0;
        for node in holder.named("item") {
            let Some(index) = self.identify(node, parent) else { continue };
            let item = &self.form.items[index];
            if item.rank < last {
                let message = Message::text("the item ").value(item.link_id).then(" is out of order");
                let suggestion = Message::text("put the items in the order of the Questionnaire");
                self.report(&rules::QUESTIONNAIRE_ITEM_ORDER, node, message, Some(suggestion));
            }
            last = last.max(item.rank);
            let count = found.entry(index).or_insert(0);
            *count += 1;
            if *count == 2 && !item.repeats {
                let message = Message::text("the item ")
                    .value(item.link_id)
                    .then(" occurs here twice but does not repeat");
                self.report(&rules::QUESTIONNAIRE_TOO_MANY_ANSWERS, node, message, None);
            }
            self.check_item(node, holder, item);
        }
        for &index in expected {
            let item = &self.form.items[index];
            if let (ItemKind::Group, Some(count)) = (item.kind, found.get(&index)) {
                self.check_repeats(holder, item, *count);
            }
            if item.is_required && item.kind != ItemKind::Display && !found.contains_key(&index) {
                if self.is_complete && self.is_enabled(item, holder).is_none() {
                    self.note_unchecked(holder, item, "must be answered");
                }
                if !self.must_be_there(item, holder) {
                    continue;
                }
                let message =
                    Message::text("the item ").value(item.link_id).then(" is required but is not answered");
                self.report(&rules::QUESTIONNAIRE_ANSWER_MISSING, holder, message, None);
            }
        }
    }

    /// The item of the form that an item answers, if it is allowed here.
    fn identify(&self, node: Node<'d>, parent: Option<ItemIndex>) -> Option<ItemIndex> {
        let link_id = node.child("linkId")?;
        let text = link_id.value()?;
        let Some(index) = self.form.find(text) else {
            let message = Message::text("the Questionnaire has no item ").value(text);
            let known = self.form.items.iter().map(|item| item.link_id);
            let near = ers_fhir_values::suggest::nearest(text, known);
            let suggestion = near.map(|near| Message::text("did you mean ").value(near).then("?"));
            self.report(&rules::QUESTIONNAIRE_ITEM_UNKNOWN, link_id, message, suggestion);
            return None;
        };
        let expected = self.form.items[index].parent;
        if expected != parent {
            let message = Message::text("the item ").value(text).then(" belongs ");
            let message = match expected {
                Some(expected) => message.then("under ").value(self.form.items[expected].link_id),
                None => message.then("at the top"),
            };
            self.report(&rules::QUESTIONNAIRE_ITEM_MISPLACED, node, message, None);
            return None;
        }
        Some(index)
    }

    fn check_item(&self, node: Node<'d>, holder: Node<'d>, item: &'f Item<'f>) {
        let is_enabled = self.is_enabled(item, holder);
        if is_enabled == Some(false) && is_answered(node) {
            let message =
                Message::text("the item ").value(item.link_id).then(" has an answer but is not enabled");
            self.report(&rules::QUESTIONNAIRE_NOT_ENABLED, node, message, None);
            return;
        }
        if is_enabled.is_none() && is_answered(node) {
            self.note_unchecked(node, item, "may be answered");
        }
        self.check_constraints(node, item.datum);
        self.check_text(node, item);
        match item.kind {
            ItemKind::Group => {
                self.refuse_answers(node, "a group holds items, not answers");
                if item.is_required && node.child("item").is_none() && self.must_be_there(item, holder) {
                    let message =
                        Message::text("the group ").value(item.link_id).then(" is required but is empty");
                    self.report(&rules::QUESTIONNAIRE_ANSWER_MISSING, node, message, None);
                }
                self.check_level(node, self.form.find(item.link_id), &item.children);
            }
            ItemKind::Display => {
                self.refuse_answers(node, "an item of type display has no answers");
                self.check_level(node, self.form.find(item.link_id), &item.children);
            }
            _ => self.check_question(node, holder, item),
        }
    }

    /// Checks that the text is that of the Questionnaire, or one of its translations.
    fn check_text(&self, node: Node<'d>, item: &'f Item<'f>) {
        let (Some(text), Some(asked)) = (node.child("text"), item.datum.get("text")) else { return };
        let (Some(shown), Some(wording)) = (text.value(), asked.text.as_deref()) else { return };
        let same = |other: &str| other.split_whitespace().eq(shown.split_whitespace());
        // An extension may translate or compute it.
        if asked.fields.is_empty() && text.children().next().is_none() && !same(wording) {
            let message =
                Message::text("the text of ").value(item.link_id).then(" is not that of the Questionnaire");
            let suggestion = Message::text("write ").value(wording).then(", or leave the text out");
            self.report(&rules::QUESTIONNAIRE_TEXT, text, message, Some(suggestion));
        }
    }

    fn check_question(&self, node: Node<'d>, holder: Node<'d>, item: &'f Item<'f>) {
        let index = self.form.find(item.link_id);
        let count = node.named("answer").count();
        if count == 0 {
            if item.is_required && self.must_be_there(item, holder) {
                let message =
                    Message::text("the item ").value(item.link_id).then(" is required but is not answered");
                self.report(&rules::QUESTIONNAIRE_ANSWER_MISSING, node, message, None);
            }
            self.refuse_items(node);
            // Items that depend on an answer are not missing while there is none.
            self.check_level(node, index, &[]);
        }
        self.check_count(node, item, count);
        answers::check(self, node, item);
        for answer in node.named("answer") {
            self.check_level(answer, index, &item.children);
        }
    }

    fn check_count(&self, node: Node<'d>, item: &'f Item<'f>, count: usize) {
        if count > 1 && !item.repeats {
            let message = text!("there are {} answers to a question that takes one", def(count));
            self.report(&rules::QUESTIONNAIRE_TOO_MANY_ANSWERS, node, message, None);
        }
        if let Some(max) = item.count(MAX_OCCURS).filter(|max| count > *max) {
            let message = text!("there are {} answers; at most {} are allowed", def(count), def(max));
            self.report(&rules::QUESTIONNAIRE_TOO_MANY_ANSWERS, node, message, None);
        }
        if let Some(min) = item.count(MIN_OCCURS).filter(|min| count < *min)
            && self.is_complete
        {
            let message = text!("there are {} answers; at least {} are required", def(count), def(min));
            self.report(&rules::QUESTIONNAIRE_TOO_FEW_ANSWERS, node, message, None);
        }
    }

    /// Checks how many times a group is there.
    fn check_repeats(&self, holder: Node<'d>, item: &Item<'_>, count: usize) {
        let said = |limit: &'static str, number: usize| {
            Message::text("the number of groups ").value(item.link_id).then(text!(
                " here is {}; {} {}",
                def(count),
                def(limit),
                def(number)
            ))
        };
        if let Some(max) = item.count(MAX_OCCURS).filter(|max| count > *max) {
            self.report(&rules::QUESTIONNAIRE_TOO_MANY_ANSWERS, holder, said("at most", max), None);
        }
        if let Some(min) = item.count(MIN_OCCURS).filter(|min| count < *min)
            && self.is_complete
        {
            self.report(&rules::QUESTIONNAIRE_TOO_FEW_ANSWERS, holder, said("at least", min), None);
        }
    }

    /// Reports that the condition of an item could not be evaluated.
    fn note_unchecked(&self, node: Node<'d>, item: &Item<'_>, what: &str) {
        let why = if enable::is_expressed(item) {
            "as an expression decides when it is enabled"
        } else {
            "as it is not certain whether its conditions enable it"
        };
        let message = Message::text("whether the item ").value(item.link_id).then(text!(
            " {} was not checked, {}",
            def(what),
            def(why)
        ));
        self.report(&rules::QUESTIONNAIRE_NOT_CHECKED, node, message, None);
    }

    /// Checks the constraints of the form or of an item, and reports those that could not be evaluated.
    fn check_constraints(&self, node: Node<'d>, datum: &Datum) {
        let is_constraint =
            |extension: &&Datum| extension.str("url").is_some_and(|url| CONSTRAINTS.contains(&url));
        for extension in datum.all("extension").filter(is_constraint) {
            let value = |name: &str| {
                let part = extension.all("extension").find(|part| part.str("url") == Some(name))?;
                Some(part.choice("value")?.1)
            };
            let part = |name: &str| value(name)?.text.as_deref();
            // The newer of the two extensions has an Expression, which names its language.
            let expression = part("expression").or_else(|| expressions::fhirpath(value("expression")?));
            let holds = expression.and_then(|text| self.variables.holds_at(self.ctx, node, text));
            let (rule, says) = match holds {
                Some(true) => continue,
                Some(false) => {
                    (&rules::QUESTIONNAIRE_CONSTRAINT, "the answers break a constraint of the Questionnaire")
                }
                None => (
                    &rules::QUESTIONNAIRE_NOT_CHECKED,
                    "a constraint of the Questionnaire could not be evaluated, and was not checked",
                ),
            };
            let mut message = Message::text(says);
            for text in [part("key"), part("human")].into_iter().flatten() {
                message = message.then(": ").value(text);
            }
            let is_warning = holds == Some(false) && part("severity") == Some("warning");
            let severity = if is_warning { Severity::Warning } else { rule.severity };
            self.ctx.report(Finding::new(rule, node, message).severity(severity).at_key(node));
        }
    }

    fn refuse_answers(&self, node: Node<'d>, why: &'static str) {
        if node.child("answer").is_some() {
            self.report(&rules::QUESTIONNAIRE_ANSWER_MISPLACED, node, Message::text(why), None);
        }
    }

    /// Items under a question that has no answer are in the wrong place; beside an answer they break qrs-1.
    fn refuse_items(&self, node: Node<'d>) {
        if let Some(first) = node.child("item") {
            let message = Message::text("the items under a question are inside the answer to it");
            self.report(&rules::QUESTIONNAIRE_ITEM_MISPLACED, first, message, None);
        }
    }

    /// Whether the absence of a required item is a fault.
    fn must_be_there(&self, item: &Item<'_>, holder: Node<'d>) -> bool {
        self.is_complete && self.is_enabled(item, holder) == Some(true)
    }

    /// Whether an item is enabled inside `holder`, even if it is not there; `None` if that is open.
    fn is_enabled(&self, item: &Item<'_>, holder: Node<'d>) -> Option<bool> {
        match enable::expression(item) {
            Some(expression) => self.variables.holds_anywhere(self.ctx, self.response, holder, expression),
            None => enable::is_enabled(item, holder, self.form, &self.occurrences),
        }
    }
}

/// Whether there is an answer to an item or to one below it.
fn is_answered(node: Node<'_>) -> bool {
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        if node.child("answer").is_some() {
            return true;
        }
        pending.extend(node.named("item"));
    }
    false
}
