//! `binding`: codes must, should or may come from a value set.
//!
//! Codes that cannot be checked offline are reported once as information and never count against a payload.

mod codes;

use std::sync::{Arc, OnceLock};

use ers_fhir_profiles::definition::{self, AdditionalBinding, BindingStrength, ElementDefinition};
use ers_fhir_profiles::terminology::{Expansion, Membership, Reason};
use ers_fhir_report::{Rule, Severity, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::{canonical, uri};

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::rule::binding as rules;
use crate::schema::catalogue::CORE;
use codes::Codes;

/// A binding.
#[derive(Debug)]
pub(crate) struct Binding {
    /// Its strength.
    strength: BindingStrength,
    /// Canonical of the value set.
    pub(crate) value_set: Box<str>,
    /// Canonical of the widest set allowed, however strong the binding is.
    max_value_set: Option<Box<str>>,
    /// Further sets that apply in addition to the first.
    additional: Box<[Binding]>,
    /// Whether it is enough that one of several repeats has a code from the set.
    is_for_any: bool,
    /// The value set, found when a code is first asked about. The definitions of a validator do not change.
    set: OnceLock<Result<Arc<Expansion>, Reason>>,
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
            is_for_any: false,
            set: OnceLock::new(),
        })
    }

    fn additional(additional: &AdditionalBinding) -> Self {
        Self {
            strength: additional.strength,
            value_set: additional.value_set.as_str().into(),
            max_value_set: None,
            additional: Box::default(),
            is_for_any: additional.is_for_any,
            set: OnceLock::new(),
        }
    }

    /// Checks a coded value against the binding, including its further sets.
    pub(crate) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        for binding in std::iter::once(self).chain(&self.additional) {
            if !(binding.is_for_any && binding.holds_elsewhere(host, node)) {
                binding.check_one(host, node, source);
            }
        }
    }

    /// Whether another repeat than the first has, or may have, a code from the set. It is said at the first that
    /// none has.
    fn holds_elsewhere<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>) -> bool {
        let Some(holder) = node.parent() else { return false };
        let mut repeats = holder.named(node.name());
        let is_first = repeats.next().is_some_and(|first| first.id() == node.id());
        !is_first || repeats.any(|other| membership(host, other, &self.value_set) != Membership::Out)
    }

    fn check_one<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        let Some(codes) = Codes::of(host, node) else { return };
        // The widest set binds like a required one where the other one is meant to be used too.
        if let Some(widest) = &self.max_value_set
            && self.strength == BindingStrength::Extensible
            && codes.is_empty()
            && codes.is_wordy()
        {
            return report_lack(host, node, codes, (&rules::BINDING_WIDEST, &said(widest)), source);
        }
        if !self.holds_for(host, node, codes, source)
            && let Some(widest) = &self.max_value_set
        {
            check_widest(host, node, codes, (widest, source));
        }
    }

    /// Checks codes against the set itself; whether they are known to be in it.
    fn holds_for<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        node: Node<'d>,
        codes: Codes<'d>,
        source: Source<'v>,
    ) -> bool {
        if self.strength == BindingStrength::Example {
            return false;
        }
        // Such findings would be dropped, and the sets that base FHIR prefers are its largest.
        if self.strength == BindingStrength::Preferred && host.ignores(&rules::BINDING_PREFERRED) {
            return false;
        }
        let set = match self.set.get_or_init(|| host.terminology().expansion(&self.value_set)) {
            Ok(set) => set,
            // Each code of a set has a system, whatever it contains.
            Err(_) if self.strength == BindingStrength::Required && codes.are_of_no_set() => {
                report_lack(host, node, codes, (&rules::BINDING_REQUIRED, &said(&self.value_set)), source);
                return false;
            }
            Err(reason) => {
                if self.strength >= BindingStrength::Extensible {
                    host.note_unchecked(node, &self.value_set, reason);
                }
                return false;
            }
        };
        if host.has_doubtful_displays() {
            codes.accept_displays(host, set);
        }
        if codes.is_empty() {
            if self.strength == BindingStrength::Required && codes.is_wordy() {
                report_lack(host, node, codes, (&rules::BINDING_REQUIRED, &name(set)), source);
            }
            return true;
        }
        match codes.membership(host, set) {
            Membership::In => return true,
            Membership::Undecided(reason) => {
                if self.strength >= BindingStrength::Extensible {
                    let subject = reason.system().unwrap_or(&self.value_set);
                    host.note_unchecked(node, subject, &reason);
                }
            }
            Membership::Out if is_type_elsewhere(node, &self.value_set) => return true,
            Membership::Out => outside(host, node, codes, set, self, source),
        }
        false
    }
}

/// Reports that there is no code that any set could have, although one is required.
#[cold]
fn report_lack<'v, 'd>(
    host: &impl Host<'v, 'd>,
    node: Node<'d>,
    codes: Codes<'d>,
    (rule, set): (&'static Rule, &str),
    source: Source<'v>,
) {
    let lack = if codes.is_empty() { "no code" } else { "no code with a system" };
    let message = text!("there is {}, and one from {} is required", def(lack), def(set));
    let mut finding = Finding::new(rule, node, message).demanded_by(source);
    finding.span = codes.span();
    host.report(finding);
}

/// A value set that may not be at hand, in words.
#[cold]
fn said(url: &str) -> String {
    format!("the value set {url}")
}

/// The types that FHIR itself defines.
const TYPES: &str = "http://hl7.org/fhir/ValueSet/defined-types";

/// Whether a type is outside FHIR, with a URL of its own, or introduced by the definition itself.
fn is_type_elsewhere(node: Node<'_>, value_set: &str) -> bool {
    if canonical::url(value_set) != TYPES {
        return false;
    }
    let is_elsewhere = |name: &str| uri::has_scheme(name) && !name.starts_with(CORE);
    let is_own = node.name() == "type"
        && node.parent().is_some_and(|definition| {
            definition.child_value("kind") == Some("logical")
                || definition.child_value("derivation") == Some("specialization")
        });
    is_own || node.value().is_some_and(is_elsewhere)
}

/// Checks codes against the widest set that the binding allows, whatever its strength.
fn check_widest<'v, 'd>(
    host: &impl Host<'v, 'd>,
    node: Node<'d>,
    codes: Codes<'d>,
    (widest, source): (&str, Source<'v>),
) {
    if codes.is_empty() || codes.are_of_bare_unit() {
        return;
    }
    let set = match host.terminology().expansion(widest) {
        Ok(set) => set,
        Err(reason) => return host.note_unchecked(node, widest, &reason),
    };
    if codes.membership(host, &set) != Membership::Out {
        return;
    }
    // An unknown system may be another name for one that the set draws on.
    let severity = if codes.are_known(host, &set) { Severity::Error } else { Severity::Warning };
    let message = codes
        .describe(host.definitions())
        .then(" in ")
        .then(def(name(&set)))
        .then(", and no code from elsewhere is allowed");
    let mut finding =
        Finding::new(&rules::BINDING_WIDEST, node, message).severity(severity).demanded_by(source);
    if let Some(meant) = codes.form(host.terminology(), &set) {
        finding = finding.suggest(meant);
    }
    finding.span = codes.span();
    host.report(finding);
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
    // A missing system is reported at the code itself.
    if binding.strength != BindingStrength::Required && codes.are_without_system() {
        return;
    }
    let terminology = host.terminology();
    let (rule, severity, demand) = match binding.strength {
        BindingStrength::Required => (&rules::BINDING_REQUIRED, Severity::Error, " is required"),
        BindingStrength::Extensible => {
            (&rules::BINDING_EXTENSIBLE, Severity::Warning, " is expected unless none of them fits")
        }
        BindingStrength::Preferred | BindingStrength::Example => {
            (&rules::BINDING_PREFERRED, Severity::Information, " is recommended")
        }
    };
    let message = codes
        .describe(host.definitions())
        .then(" in ")
        .then(def(name(set)))
        .then(", and a code from it")
        .then(demand);
    let mut finding = Finding::new(rule, node, message).severity(severity).demanded_by(source);
    finding.span = codes.span();
    // Looking for a similar code among thousands is only worthwhile if one is required.
    if severity >= Severity::Warning
        && host.may_suggest()
        && let Some(suggestion) = codes.suggest(terminology, set)
    {
        finding = finding.suggest(suggestion).fix(codes.fix(terminology, set));
    }
    host.report(finding);
}

/// The value set as a message names it.
fn name(set: &Expansion) -> String {
    match set.definition().title.as_deref().or(set.definition().name.as_deref()) {
        Some(name) => format!("the value set {name} ({})", set.url()),
        None => format!("the value set {}", set.url()),
    }
}
