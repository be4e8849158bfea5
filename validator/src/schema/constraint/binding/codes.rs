//! The codes of a coded value, whichever type carries them.

use std::ops::Range;

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::definition::Coding;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::terminology::{Expansion, Membership, Terminology};
use ers_fhir_report::{Edit, Message, def, text, value};
use ers_fhir_tree::Node;
use ers_fhir_values::form::is_well_known;
use ers_fhir_values::grammar::Grammar;

use crate::check::{edit, known, name};
use crate::schema::constraint::host::Host;
use crate::schema::type_name::Carries;

/// The codes of a node.
#[derive(Clone, Copy)]
pub(super) struct Codes<'d> {
    node: Node<'d>,
    shape: Carries,
}

/// One code.
#[derive(Clone, Copy)]
struct Code<'d> {
    system: Option<&'d str>,
    version: Option<&'d str>,
    text: &'d str,
    node: Node<'d>,
}

impl<'d> Codes<'d> {
    /// The codes of a node; `None` if its type carries none.
    pub(super) fn of<'v>(host: &impl Host<'v, 'd>, node: Node<'d>) -> Option<Self> {
        let shape = host.type_of(node)?.carries?;
        match shape {
            // Money is a kind of Quantity in STU3 and has a currency instead in R4.
            Carries::Money if node.child("currency").is_some() => None,
            _ => Some(Self { node, shape }),
        }
    }

    fn iter(self) -> impl Iterator<Item = Code<'d>> {
        let codings = (self.shape == Carries::Concept)
            .then(|| self.node.children().filter(|child| child.is_called(name::CODING)));
        let own = match self.shape {
            Carries::Primitive => {
                let code = |text| Code { system: None, version: None, text, node: self.node };
                self.node.value().filter(|value| !value.is_empty()).map(code)
            }
            Carries::Coding | Carries::Quantity | Carries::Money => coding(self.node),
            Carries::Concept => None,
        };
        own.into_iter().chain(codings.into_iter().flatten().filter_map(coding))
    }

    /// Whether there is no code at all.
    pub(super) fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// Whether the value expresses its meaning in another way than by a code: in words or an extension.
    pub(super) fn is_wordy(self) -> bool {
        match self.shape {
            Carries::Primitive => self.node.value().is_none() && self.node.child(name::EXTENSION).is_some(),
            Carries::Coding => {
                self.node.child(name::CODE).is_none() && self.node.child(name::EXTENSION).is_none()
            }
            Carries::Quantity | Carries::Money => false,
            Carries::Concept => self.node.has_children(),
        }
    }

    /// Whether any of the codes is in a set.
    pub(super) fn membership<'v>(self, host: &impl Host<'v, 'd>, set: &Expansion) -> Membership {
        let mut answer = Membership::Out;
        for code in self.iter() {
            if self.lacks_system(code) {
                continue;
            }
            let named = code.system.and_then(|system| host.definitions().named_code_system(system));
            let system = named.as_deref().or(code.system);
            answer = answer.or(set.contains_version(host.terminology(), system, code.version, code.text));
            if answer == Membership::In {
                break;
            }
        }
        answer
    }

    /// Whether a code has no system where its type has one: it means nothing, so it is in no set.
    fn lacks_system(self, code: Code<'_>) -> bool {
        code.system.is_none() && self.shape != Carries::Primitive
    }

    /// Whether none of the codes has the system that it needs.
    pub(super) fn are_without_system(self) -> bool {
        self.iter().all(|code| self.lacks_system(code))
    }

    /// Whether this is the code of a unit without a system, which qty-3 refuses.
    pub(super) fn are_of_bare_unit(self) -> bool {
        matches!(self.shape, Carries::Quantity | Carries::Money) && self.are_without_system()
    }

    /// Whether no set at all can have any of the codes: there are none, or none with a system.
    pub(super) fn are_of_no_set(self) -> bool {
        if self.is_empty() { self.is_wordy() } else { self.are_without_system() }
    }

    /// Withdraws findings on displays that the set itself gives to the codes.
    #[cold]
    pub(super) fn accept_displays<'v>(self, host: &impl Host<'v, 'd>, set: &Expansion) {
        for code in self.iter() {
            let Some(coding) = code.node.parent() else { continue };
            if let (Some(system), Some(display)) = (code.system, coding.child_value(name::DISPLAY)) {
                let terminology = host.terminology();
                host.accept_display(coding, || set.accepts_display(terminology, system, code.text, display));
            }
        }
    }

    /// Whether every code is from a system that the set draws on, or from another known system.
    pub(super) fn are_known<'v>(self, host: &impl Host<'v, 'd>, set: &Expansion) -> bool {
        let is_defined = |system: &str| {
            is_well_known(system) || host.definitions().find(Kind::CodeSystem, system).is_some()
        };
        let is_known = |system: &str| set.systems().any(|known| known == system) || is_defined(system);
        self.iter().all(|code| code.system.is_none_or(is_known))
    }

    /// "'x' of http://... is not".
    pub(super) fn describe(self, definitions: &Definitions) -> Message {
        let mut message = Message::text("");
        let mut count = 0;
        for code in self.iter() {
            if count > 0 {
                message = message.then(" and ");
            }
            count += 1;
            message = message.value(code.text);
            if let Some(system) = code.system {
                message = message.then(" of ").then(known::canonical(definitions, system));
            } else if self.lacks_system(code) {
                message = message.then(" without a system");
            }
        }
        message.then(if count == 1 { " is not" } else { " are not" })
    }

    /// The first code in the source, or all of the value.
    pub(super) fn span(self) -> Range<usize> {
        self.iter().next().map_or(self.node.span(), |code| code.node.span())
    }

    /// The code of the set that differs from the given one only in case or white space.
    pub(super) fn fix(self, terminology: &Terminology, set: &Expansion) -> Option<Edit> {
        let (first, None) = (self.iter().next()?, self.iter().nth(1)) else { return None };
        let found = set.suggest(terminology, first.system, first.text);
        let is_same = |coding: &&Coding| {
            coding.code.eq_ignore_ascii_case(first.text.trim())
                && (first.system.is_none() || coding.system.as_deref() == first.system)
        };
        let mut same = found.nearest.iter().filter(is_same);
        let (only, None) = (same.next()?, same.next()) else { return None };
        edit::defined(first.node, &only.code)
    }

    /// The code of the set that is written in another form: `en-GB` for `en_GB`.
    pub(super) fn form(self, terminology: &Terminology, set: &Expansion) -> Option<Message> {
        let (first, None) = (self.iter().next()?, self.iter().nth(1)) else { return None };
        let systems = set.systems().filter(|system| first.system.is_none_or(|own| own == *system));
        let mut forms = systems.filter_map(|system| Some((system, Grammar::of(system)?.meant(first.text)?)));
        let (_, meant) =
            forms.find(|(system, code)| set.contains(terminology, Some(system), code) == Membership::In)?;
        Some(text!("did you mean {}?", value(&meant)))
    }

    /// The codes of the set that were most likely meant.
    pub(super) fn suggest(self, terminology: &Terminology, set: &Expansion) -> Option<Message> {
        let first = self.iter().next()?;
        let found = set.suggest(terminology, first.system, first.text);
        let show = |coding: &Coding| match (&coding.system, first.system) {
            (Some(system), None) if self.lacks_system(first) => format!("'{}' of {system}", coding.code),
            (Some(system), Some(own)) if system != own => format!("'{}' of {system}", coding.code),
            _ => format!("'{}'", coding.code),
        };
        let list = |codings: &[Coding]| codings.iter().map(show).collect::<Vec<_>>().join(", ");
        if !found.nearest.is_empty() {
            Some(text!("did you mean {}?", def(list(&found.nearest))))
        } else if !found.allowed.is_empty() {
            Some(text!("allowed: {}", def(list(&found.allowed))))
        } else {
            None
        }
    }
}

fn coding(node: Node<'_>) -> Option<Code<'_>> {
    let code = node.child(name::CODE)?;
    let text = code.value().filter(|value| !value.is_empty())?;
    let (system, version) = (node.child_value(name::SYSTEM), node.child_value(name::VERSION));
    Some(Code { system, version, text, node: code })
}
