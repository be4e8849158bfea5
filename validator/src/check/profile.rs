//! Profiles: their constraints in addition to the base type, along the paths that they constrain.
//!
//! The base walk is over by now, so every node's type is known and invariants can be evaluated at once. This
//! allows a profile to be *tried*: its findings are collected separately, and kept or dropped as a whole.

use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::{Kind, Node};
use ers_fhir_values::canonical;

use super::budget::DEEPEST_PROFILE;
use super::finding::Findings;
use super::run::AnyOf;
use super::{Checker, Finding, name};
use crate::rule::profile as rules;
use crate::schema::{Element, Family, Host, Names, Origin, ProfileLink, Schema, SchemaIndex};
use crate::service::Service;

/// What a trial costs before anything is checked.
const STEPS_OF_TRIAL: u64 = 20;

/// The most reasons that are given why something does not conform.
const MOST_REASONS: usize = 3;

impl<'v, 'd> Checker<'v, 'd> {
    /// Checks every profile that was deferred, and those that come up on the way.
    pub(super) fn settle_demands(&self) {
        loop {
            let next = self.demands.borrow_mut().pop();
            let Some(demand) = next else { return };
            let node = self.document.node(demand.node);
            match demand.any_of {
                AnyOf::One(index) => self.conform(node, index),
                AnyOf::Links(links) => self.conform_to_any(node, links),
            }
        }
    }

    /// Checks a node against one profile, once.
    pub(super) fn conform(&self, node: Node<'d>, index: SchemaIndex) {
        if !self.checked.borrow_mut().insert((node.id(), index)) {
            return;
        }
        if !self.trials.borrow().is_idle() {
            self.checked_on_trial.borrow_mut().push((node.id(), index));
        }
        // An extension of a service may occur in any payload; a resource under one of its profiles is its
        // own.
        if node.resource_type().is_some()
            && let Some(service) = self.service()
            && service.owns(self.validator.schemas().package(index))
        {
            self.is_of_service.set(true);
        }
        let Some(schema) = self.usable(node, index) else { return };
        self.note_stranger(node, schema, index);
        if !schema.faults.is_empty() {
            self.note_faults(node, schema);
        }
        if !schema.is_profile() {
            self.check_type(node, schema);
            return;
        }
        if self.depth.get() >= DEEPEST_PROFILE {
            self.budget.leave_out();
            return;
        }
        self.depth.set(self.depth.get() + 1);
        if self.check_type(node, schema) {
            self.check_profile_element(node, Origin::root(schema));
            self.conform_to_imposed(node, schema);
        }
        self.depth.set(self.depth.get() - 1);
    }

    /// Reports once that a definition is written for another release than the payload's.
    fn note_stranger(&self, node: Node<'d>, schema: &'v Schema, index: SchemaIndex) {
        let Some(release) = self.validator.schemas().other_release(index) else { return };
        // Findings in the trial of a profile may be dropped, in which case nothing was reported.
        if self.trials.borrow().is_idle() && !self.strangers.borrow_mut().insert(index) {
            return;
        }
        let message = text!(
            "{} is written for FHIR {}, and this is checked as {}",
            def(&schema.url),
            def(release),
            def(self.version())
        );
        let finding = Finding::new(&rules::DEFINITION_RELEASE, node, message).at_key(node);
        self.report(
            finding.suggest(Message::text("load the package that its publisher makes for this release")),
        );
    }

    /// Reports once which elements of a definition have no place in its base.
    #[cold]
    fn note_faults(&self, node: Node<'d>, schema: &'v Schema) {
        if !self.is_first(std::ptr::from_ref(schema).addr()) {
            return;
        }
        for fault in &schema.faults {
            let message = text!(
                "an element of {} could not be checked, though the rest was: {}",
                def(&schema.url),
                def(fault)
            );
            self.report(Finding::new(&rules::UNUSABLE_DEFINITION, node, message).at_key(node));
        }
    }

    /// Checks that the node is of the type that a definition is for.
    fn check_type(&self, node: Node<'d>, schema: &'v Schema) -> bool {
        let Some(actual) = self.fact(node).of else { return false };
        if self.validator.schemas().is_kind_of(actual, &schema.of.code) {
            return true;
        }
        let message = text!(
            "the type here is {}, but {} is for {}",
            def(&actual.code),
            def(&schema.url),
            def(&schema.of.code)
        );
        self.report(
            Finding::new(&rules::PROFILE_TYPE, node, message).demanded_by(Origin::root(schema)).at_key(node),
        );
        false
    }

    /// The schema with that index, or `None` after reporting once why it cannot be used.
    fn usable(&self, node: Node<'d>, index: SchemaIndex) -> Option<&'v Schema> {
        match self.validator.schemas().get(index) {
            Ok(schema) => Some(schema),
            Err(reason) => {
                let message =
                    text!("{} cannot be checked: {}", def(self.validator.schemas().url(index)), def(reason));
                self.report(Finding::new(&rules::UNUSABLE_DEFINITION, node, message).at_key(node));
                None
            }
        }
    }

    /// Checks a node against several profiles, one of which must hold.
    pub(super) fn conform_to_any(&self, node: Node<'d>, links: &'v [ProfileLink]) {
        if let [ProfileLink { schema: Some(only), element: None, .. }] = links {
            return self.conform(node, *only);
        }
        let known: Vec<SchemaIndex> = links.iter().filter_map(|link| link.schema).collect();
        if known.is_empty() && self.is_unknown_extension(node, links) {
            return;
        }
        if links.iter().any(|link| link.element.is_some()) {
            // Only one of several elements must conform, and there is no trial to find out which.
            if let ([link], [only]) = (links, known.as_slice()) {
                self.conform_to_element(node, *only, link.element.as_deref().unwrap_or_default());
            }
            return;
        }
        match known.as_slice() {
            [] => {
                let names: Vec<&str> = links.iter().map(|link| &*link.canonical).collect();
                let absence = match names.as_slice() {
                    [only] => self.validator.schemas().absence(only),
                    _ => Message::text("is not in any loaded package"),
                };
                let message = text!("the profile {} {}", def(names.join(" or ")), absence);
                self.report(
                    Finding::new(&rules::UNKNOWN_PROFILE, node, message)
                        .severity(Severity::Error)
                        .at_key(node)
                        .suggest(Message::text("load the package that defines it with --ig")),
                );
            }
            // A profile that is not loaded may be the one that holds.
            several => {
                let holds =
                    several.len() < links.len() || several.iter().any(|index| self.holds(node, *index));
                if !holds {
                    self.no_profile_matches(node, links, several);
                }
            }
        }
    }

    /// Whether a node is an extension whose own definition is not loaded: that was already reported.
    fn is_unknown_extension(&self, node: Node<'d>, links: &[ProfileLink]) -> bool {
        let is_extension = self.fact(node).of.is_some_and(|of| of.family == Family::Extension);
        let url = node.child_value(name::URL).filter(|_| is_extension);
        url.is_some() && links.iter().any(|link| Some(canonical::url(&link.canonical)) == url)
    }

    /// Reports that a node conforms to none of some profiles, which one comes nearest, and why it does not
    /// conform to that.
    #[cold]
    fn no_profile_matches(&self, node: Node<'d>, links: &[ProfileLink], known: &[SchemaIndex]) {
        let names: Vec<&str> = links.iter().map(|link| &*link.canonical).collect();
        let message = text!("conforms to none of {}", def(names.join(", ")));
        let finding = Finding::new(&rules::NO_PROFILE_MATCHES, node, message).at_key(node);
        let tried = |index: SchemaIndex| {
            let found = if self.budget.allows() { self.tried(node, index) } else { Findings::default() };
            (found.errors(), index)
        };
        // Nothing is known about a profile that was left out, so it is not the nearest.
        let nearest = known.iter().map(|index| tried(*index)).filter(|(errors, _)| *errors > 0).min();
        let Some((_, index)) = nearest else { return self.report(finding) };
        let reasons = self.obstacles(node, index);
        let url = self.validator.schemas().url(index);
        let suggestion = text!("the nearest is {}, but: {}", def(url), Finding::in_words(&reasons));
        self.report(finding.suggest(suggestion).because(reasons));
    }

    /// The first errors that prevent a node from conforming to a profile; nothing is reported.
    #[cold]
    pub(super) fn obstacles(&self, node: Node<'d>, index: SchemaIndex) -> Vec<Finding<'v>> {
        if !self.budget.allows() {
            return Vec::new();
        }
        let mut errors = self.tried(node, index).into_kept();
        errors.retain(|found| found.severity >= Severity::Error);
        errors.sort_by_key(|found| (found.span.start, found.node));
        errors.truncate(MOST_REASONS);
        errors
    }

    /// Checks a node against one element of a profile.
    fn conform_to_element(&self, node: Node<'d>, index: SchemaIndex, id: &str) {
        let Some(schema) = self.usable(node, index) else { return };
        // An element that adds nothing to its type is left out of the schema.
        let Some(element) = schema.elements.iter().find(|element| &*element.id == id) else { return };
        if self.depth.get() >= DEEPEST_PROFILE {
            self.budget.leave_out();
            return;
        }
        self.depth.set(self.depth.get() + 1);
        self.check_profile_element(node, Origin { schema, element });
        self.depth.set(self.depth.get() - 1);
    }

    /// Whether a node conforms to a profile; nothing is reported.
    pub(super) fn holds(&self, node: Node<'d>, index: SchemaIndex) -> bool {
        let place = (node.id(), index);
        let known = self.trials.borrow_mut().answer(place);
        // A check that is left out counts as passed: a false alarm would be worse, and the omission is
        // reported.
        known.unwrap_or_else(|| !self.budget.allows() || !self.tried(node, index).fail())
    }

    /// Why a node does not conform to a profile that is not being tried; nothing is reported.
    fn tried(&self, node: Node<'d>, index: SchemaIndex) -> Findings<'v> {
        let place = (node.id(), index);
        let trial = self.trials.borrow_mut().begin(place);
        self.budget.spend(STEPS_OF_TRIAL);
        let was_checked = self.checked.borrow_mut().remove(&place);
        let before = self.checked_on_trial.borrow().len();
        let findings = self.aside(|| {
            let waiting = std::mem::take(&mut *self.demands.borrow_mut());
            self.conform(node, index);
            self.settle_demands();
            *self.demands.borrow_mut() = waiting;
        });
        // What else a failed trial found in other places is dropped with it, and has to be found again.
        if findings.fail() {
            let mut checked = self.checked.borrow_mut();
            for other in self.checked_on_trial.borrow_mut().drain(before..) {
                checked.remove(&other);
            }
        }
        if was_checked {
            self.checked.borrow_mut().insert(place);
        } else {
            self.checked.borrow_mut().remove(&place);
        }
        self.trials.borrow_mut().end(trial, !findings.fail());
        if self.trials.borrow().is_idle() {
            self.checked_on_trial.borrow_mut().clear();
        }
        findings
    }

    /// Reports that a payload without any profile was checked against base FHIR alone, and names the nearest
    /// known profile.
    pub(super) fn note_missing_profile(&self, node: Node<'d>) {
        // A resource with a URL is a definition, which others conform to.
        if node.child("url").is_some() {
            return;
        }
        let Some(type_name) = self.fact(node).type_name() else { return };
        let is_of_service = self.is_of_service.get();
        let schemas = self.validator.schemas();
        let foreign = self.service().filter(|service| !service.marks(self.document));
        let tried = schemas
            .profiles_of(type_name)
            .filter(|index| !foreign.is_some_and(|service| service.owns(schemas.package(*index))))
            .map(|index| (self.tried(node, index).len(), index));
        let nearest = tried.min();
        self.is_of_service.set(is_of_service);
        let Some((_, index)) = nearest else { return };
        let url = self.validator.schemas().url(index);
        let message =
            text!("no profile is declared or requested: checked as a {} of base FHIR only", def(type_name));
        let marked = if foreign.is_none() { self.service() } else { None };
        let first = marked.and_then(Service::asks_for).map(|first| first.then("; "));
        self.report(Finding::new(&rules::NO_PROFILE, node, message).at_key(node).suggest(text!(
            "{}the nearest known profile is {}; ask for it with --profile {}",
            first,
            def(url),
            def(url)
        )));
    }

    /// Runs a check and returns what it finds instead of reporting it.
    fn aside(&self, check: impl FnOnce()) -> Findings<'v> {
        let kept = std::mem::take(&mut *self.findings.borrow_mut());
        check();
        std::mem::replace(&mut *self.findings.borrow_mut(), kept)
    }

    /// Checks a node against an element of a profile, and everything below it.
    fn check_profile_element(&self, node: Node<'d>, origin: Origin<'v>) {
        self.budget.spend(1);
        for check in &origin.element.checks {
            check.check(self, node, origin.source());
        }
        let Some(children) = &origin.element.children else { return };
        let present = Names::of(node);
        for index in &children.elements {
            let child = origin.at_index(*index);
            // The only constraint on a missing element is that it be present.
            if child.element.is_optional() && !present.may_have(&child.element.name) {
                continue;
            }
            if !children.are_of_some_types || self.can_have(node, child.element) {
                self.check_profile_children(node, child);
            }
        }
    }

    /// Whether a node is of a type that has the child that an element of a profile constrains.
    fn can_have(&self, node: Node<'d>, child: &Element) -> bool {
        let schemas = self.validator.schemas();
        let Some(index) = self.fact(node).of.and_then(|of| of.schema) else { return false };
        let Ok(schema) = schemas.get(index) else { return false };
        let children = schema.root().children.as_ref();
        children.is_some_and(|children| {
            children.elements.iter().any(|own| schema.element(*own).name == child.name)
        })
    }

    /// Checks the children of a node that an element of a profile constrains.
    fn check_profile_children(&self, node: Node<'d>, origin: Origin<'v>) {
        let element = origin.element;
        let mut count = 0;
        let found = || {
            node.selected(|child| self.is_named(child, &element.name))
                .filter(|child| child.kind() != Kind::EmptyArray)
        };
        for child in found() {
            count += 1;
            if element.cardinality.is_surplus(count) {
                element.cardinality.too_many(self, child, origin.source());
            }
            self.check_profile_element(child, origin);
        }
        if count < element.cardinality.min {
            element.cardinality.too_few(self, node, count, (element.wanted(), origin.source()));
            self.tell_content(origin);
        }
        if element.slicing.is_some() {
            self.check_slices(node, &found().collect::<Vec<_>>(), origin);
        }
    }

    /// Adds the required value to the suggestion of a finding about a missing element that was just reported.
    #[cold]
    fn tell_content(&self, origin: Origin<'v>) {
        let Some(children) = &origin.element.children else { return };
        let required = children.elements.iter().map(|index| origin.schema.element(*index));
        let found = required.filter(|child| child.cardinality.min > 0).find_map(|child| {
            let text = child.fixed()?.text()?;
            Some(text!(", with '{}' as '{}'", def(text), def(&*child.name)))
        });
        if let Some(content) = found {
            self.findings.borrow_mut().complete(&origin.element.name, content);
        }
    }

    /// Puts the repeats of an element into its slices and checks each slice.
    fn check_slices(&self, parent: Node<'d>, nodes: &[Node<'d>], origin: Origin<'v>) {
        if let Some(slicing) = &origin.element.slicing {
            slicing.check(self, parent, nodes, origin.source(), |slice, members, others| {
                self.check_slice(parent, members, others, origin.at_index(slice));
            });
        }
    }

    /// Checks the elements in a slice; `others` more may belong to it.
    fn check_slice(&self, parent: Node<'d>, members: &[Node<'d>], others: usize, origin: Origin<'v>) {
        let element = origin.element;
        element.cardinality.check(self, parent, members, others, (element.wanted(), origin.source()));
        for node in members {
            self.check_profile_element(*node, origin);
        }
        self.check_slices(parent, members, origin);
    }
}
