//! `binding`: codes must, should or may come from a value set.
//!
//! What cannot be decided offline is said once as information and never held against a payload.

mod codes;

use ers_fhir_profiles::definition::{self, AdditionalBinding, BindingStrength, ElementDefinition};
use ers_fhir_profiles::terminology::{Expansion, Membership};
use ers_fhir_report::{Message, Severity};
use ers_fhir_tree::Node;

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::rule::binding as rules;
use codes::Codes;

/// A binding.
#[derive(Debug)]
pub(crate) struct Binding {
    /// How binding it is.
    strength: BindingStrength,
    /// Canonical of the value set.
    pub(crate) value_set: Box<str>,
    /// Canonical of the widest set allowed under an extensible binding.
    max_value_set: Option<Box<str>>,
    /// Further sets that hold beside the first.
    additional: Box<[Binding]>,
}

impl Binding {
    pub(super) fn compile(definition: &ElementDefinition, base: Option<&ElementDefinition>) -> Option<Self> {
        let own = definition.binding.as_ref()?;
        if base.and_then(|base| base.binding.as_ref()).is_some_and(|inherited| is_same(own, inherited)) {
            return None;
        }
        Some(Self {
            strength: own.strength,
            value_set: own.value_set.as_deref()?.into(),
            max_value_set: own.max_value_set.as_deref().map(Into::into),
            additional: own.additional.iter().map(Self::additional).collect(),
        })
    }

    fn additional(additional: &AdditionalBinding) -> Self {
        Self {
            strength: additional.strength,
            value_set: additional.value_set.as_str().into(),
            max_value_set: None,
            additional: Box::default(),
        }
    }

    /// Checks a coded value against the binding and what that adds to its own set.
    pub(crate) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        for binding in std::iter::once(self).chain(&self.additional) {
            binding.check_one(host, node, source);
        }
    }

    fn check_one<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        if self.strength == BindingStrength::Example || is_document(&self.value_set) {
            return;
        }
        // Such findings would be dropped, and the sets that base FHIR prefers are its largest.
        if self.strength == BindingStrength::Preferred && host.ignores(&rules::BINDING_PREFERRED) {
            return;
        }
        let Some(codes) = Codes::of(host, node) else { return };
        let terminology = host.terminology();
        let set = match terminology.expansion(&self.value_set) {
            Ok(set) => set,
            Err(reason) => {
                if self.strength >= BindingStrength::Extensible {
                    host.note_unchecked(node, &self.value_set, &reason);
                }
                return;
            }
        };
        if codes.is_empty() {
            if self.strength == BindingStrength::Required && codes.is_wordy() {
                let message =
                    Message::text("there is no code, and one from ").then(name(&set)).then(" is required");
                host.report(Finding::new(&rules::BINDING_REQUIRED, node, message).demanded_by(source));
            }
            return;
        }
        match codes.membership(host, &set) {
            Membership::In => {}
            Membership::Undecided(reason) => {
                if self.strength >= BindingStrength::Extensible {
                    let subject = reason.system().unwrap_or(&self.value_set);
                    host.note_unchecked(node, subject, &reason);
                }
            }
            Membership::Out => outside(host, node, codes, &set, self, source),
        }
    }
}

fn is_same(own: &definition::Binding, other: &definition::Binding) -> bool {
    other.strength == own.strength
        && other.value_set == own.value_set
        && other.max_value_set == own.max_value_set
        && other.additional == own.additional
}

/// Whether a coded value is in a value set.
pub(crate) fn membership<'v, 'd>(host: &impl Host<'v, 'd>, node: Node<'d>, value_set: &str) -> Membership {
    let Some(codes) = Codes::of(host, node) else { return Membership::Out };
    match host.terminology().expansion(value_set) {
        Ok(set) => codes.membership(host, &set),
        Err(reason) => Membership::Undecided(reason),
    }
}

#[cold]
fn outside<'v, 'd>(
    host: &impl Host<'v, 'd>,
    node: Node<'d>,
    codes: Codes<'d>,
    set: &Expansion,
    binding: &Binding,
    source: Source<'v>,
) {
    let terminology = host.terminology();
    let widest = binding.max_value_set.as_deref().and_then(|max| terminology.expansion(max).ok());
    // A system that the widest set does not name may be another name of one that it does.
    let is_beyond =
        widest.is_some_and(|max| codes.are_covered(&max) && codes.membership(host, &max) == Membership::Out);
    let (rule, severity, demand) = match binding.strength {
        BindingStrength::Required if is_open(set) => {
            (&rules::BINDING_REQUIRED, Severity::Warning, " is required")
        }
        BindingStrength::Required => (&rules::BINDING_REQUIRED, Severity::Error, " is required"),
        BindingStrength::Extensible if is_beyond => {
            (&rules::BINDING_EXTENSIBLE, Severity::Error, " or from its widest set is required")
        }
        BindingStrength::Extensible => {
            (&rules::BINDING_EXTENSIBLE, Severity::Warning, " is expected unless none of them fits")
        }
        BindingStrength::Preferred | BindingStrength::Example => {
            (&rules::BINDING_PREFERRED, Severity::Information, " is recommended")
        }
    };
    let message = codes.describe().then(" in ").then(name(set)).then(", and a code from it").then(demand);
    let mut finding = Finding::new(rule, node, message).severity(severity).demanded_by(source);
    finding.span = codes.span();
    // Looking for a likeness among thousands of codes is only worth it where one is missed.
    if severity >= Severity::Warning
        && host.may_suggest()
        && let Some(suggestion) = codes.suggest(terminology, set)
    {
        finding = finding.suggest(suggestion);
    }
    host.report(finding);
}

/// Whether nobody lists the codes of a set: media types are only known by their form, and what
/// is in use does not always have it.
fn is_open(set: &Expansion) -> bool {
    set.systems().eq(["urn:ietf:bcp:13"])
}

/// Whether a binding names a document to read, as STU3 allows, rather than a value set.
fn is_document(canonical: &str) -> bool {
    canonical.starts_with("http://www.rfc-editor.org/")
}

/// The value set as a message names it.
fn name(set: &Expansion) -> String {
    match set.definition().title.as_deref().or(set.definition().name.as_deref()) {
        Some(name) => format!("the value set {name} ({})", set.url()),
        None => format!("the value set {}", set.url()),
    }
}
