//! Bindings: codes must, should or may come from a value set.
//!
//! What cannot be decided offline is said once as information and never held against a payload.

mod codes;

use ers_fhir_profiles::definition::BindingStrength;
use ers_fhir_profiles::terminology::{Expansion, Membership};

use super::{Checker, Finding};
use crate::diagnostic::{Message, Severity};
use crate::rule::binding as rules;
use crate::schema::{BindingCheck, Carries, Origin};
use crate::tree::Node;
use codes::Codes;

/// Checks a coded value against a binding and what that adds to its own set.
pub(super) fn check<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    carries: Option<Carries>,
    binding: &'v BindingCheck,
    origin: Origin<'v>,
) {
    for binding in std::iter::once(binding).chain(&binding.additional) {
        check_one(ctx, node, carries, binding, origin);
    }
}

fn check_one<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    carries: Option<Carries>,
    binding: &'v BindingCheck,
    origin: Origin<'v>,
) {
    let Some(codes) = Codes::of(node, carries) else { return };
    if !holds_in(ctx, node, &codes, binding, origin)
        && let Some(widest) = &binding.max_value_set
    {
        check_widest(ctx, node, &codes, widest, origin);
    }
}

/// Checks codes against the set of a binding; whether they are known to be in it.
fn holds_in<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    codes: &Codes<'_>,
    binding: &'v BindingCheck,
    origin: Origin<'v>,
) -> bool {
    if binding.strength == BindingStrength::Example || is_document(&binding.value_set) {
        return false;
    }
    // Such findings would be dropped, and the sets that base FHIR prefers are its largest.
    if binding.strength == BindingStrength::Preferred && ctx.ignores(&rules::BINDING_PREFERRED) {
        return false;
    }
    let terminology = ctx.validator.terminology();
    let set = match terminology.expansion(&binding.value_set) {
        Ok(set) => set,
        Err(reason) => {
            if binding.strength >= BindingStrength::Extensible {
                ctx.codes.note(ctx, node, &binding.value_set, &reason);
            }
            return false;
        }
    };
    if ctx.codes.has_doubtful_displays() {
        codes.accept_displays(ctx, &set);
    }
    if codes.is_empty() {
        if binding.strength == BindingStrength::Required && codes.is_wordy() {
            let message =
                Message::text("there is no code, and one from ").then(name(&set)).then(" is required");
            ctx.report(Finding::new(&rules::BINDING_REQUIRED, node, message).demanded_by(origin));
        }
        return true;
    }
    match codes.membership(ctx, &set) {
        Membership::In => return true,
        Membership::Undecided(reason) => {
            if binding.strength >= BindingStrength::Extensible {
                let subject = reason.system().unwrap_or(&binding.value_set);
                ctx.codes.note(ctx, node, subject, &reason);
            }
        }
        Membership::Out => outside(ctx, node, codes, &set, binding, origin),
    }
    false
}

/// Checks codes against the widest set that a binding of whatever strength allows.
fn check_widest<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    codes: &Codes<'_>,
    widest: &str,
    origin: Origin<'v>,
) {
    if codes.is_empty() || is_document(widest) {
        return;
    }
    let set = match ctx.validator.terminology().expansion(widest) {
        Ok(set) => set,
        Err(reason) => return ctx.codes.note(ctx, node, widest, &reason),
    };
    // A system that the set does not name may be another name of one that it does.
    if !codes.are_covered(&set) || codes.membership(ctx, &set) != Membership::Out {
        return;
    }
    let message =
        codes.describe().then(" in ").then(name(&set)).then(", and no code from elsewhere is allowed");
    let mut finding = Finding::new(&rules::BINDING_WIDEST, node, message).demanded_by(origin);
    finding.span = codes.span();
    ctx.report(finding);
}

/// Whether a coded value is known to satisfy a binding.
pub(super) fn is_member(
    ctx: &Checker<'_, '_>,
    node: Node<'_>,
    carries: Option<Carries>,
    binding: &BindingCheck,
) -> bool {
    membership(ctx, node, carries, &binding.value_set) == Membership::In
}

/// Whether a coded value is in a value set.
pub(super) fn membership(
    ctx: &Checker<'_, '_>,
    node: Node<'_>,
    carries: Option<Carries>,
    value_set: &str,
) -> Membership {
    let Some(codes) = Codes::of(node, carries) else { return Membership::Out };
    let terminology = ctx.validator.terminology();
    match terminology.expansion(value_set) {
        Ok(set) => codes.membership(ctx, &set),
        Err(reason) => Membership::Undecided(reason),
    }
}

#[cold]
fn outside<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    codes: &Codes<'_>,
    set: &Expansion,
    binding: &BindingCheck,
    origin: Origin<'v>,
) {
    // That there is no system is said at the code itself.
    if binding.strength != BindingStrength::Required && codes.are_without_system() {
        return;
    }
    let terminology = ctx.validator.terminology();
    let (rule, severity, demand) = match binding.strength {
        BindingStrength::Required => (&rules::BINDING_REQUIRED, Severity::Error, " is required"),
        BindingStrength::Extensible => {
            (&rules::BINDING_EXTENSIBLE, Severity::Warning, " is expected unless none of them fits")
        }
        BindingStrength::Preferred | BindingStrength::Example => {
            (&rules::BINDING_PREFERRED, Severity::Information, " is recommended")
        }
    };
    let message = codes.describe().then(" in ").then(name(set)).then(", and a code from it").then(demand);
    let mut finding = Finding::new(rule, node, message).severity(severity).demanded_by(origin);
    finding.span = codes.span();
    // Looking for a likeness among thousands of codes is only worth it where one is missed.
    if severity >= Severity::Warning
        && ctx.codes.may_suggest()
        && let Some(suggestion) = codes.suggest(terminology, set)
    {
        finding = finding.suggest(suggestion);
    }
    ctx.report(finding);
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
