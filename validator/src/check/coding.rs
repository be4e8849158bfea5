//! A Coding on its own: its system, whether the code exists there, and its display.

use ers_fhir_profiles::definition::{CodeSystemContent, Coding};
use ers_fhir_profiles::terminology::{CodeLookup, FoundCode, Reason, Suggestion};
use ers_fhir_report::{Message, Severity, def, text, value};
use ers_fhir_tree::Node;
use ers_fhir_values::form::{Form, well_known};
use ers_fhir_values::reference::Literal;
use ers_fhir_values::uri::has_scheme;

use super::memory::Codes;
use super::said::{canonical, undecided};
use super::{Checker, Finding, edit, name};
use crate::rule::coding as rules;

impl Codes<'_> {
    /// Whether there are displays that a value set may still accept.
    pub(super) fn has_doubtful_displays(&self) -> bool {
        !self.displays.borrow().is_empty()
    }

    /// Withdraws the finding on the display of a coding, if a value set has that display.
    pub(super) fn accept_display(&self, coding: Node<'_>, is_given: impl FnOnce() -> bool) {
        let is_doubtful = self.displays.borrow().contains_key(&coding.id());
        if is_doubtful && is_given() {
            self.displays.borrow_mut().remove(&coding.id());
        }
    }

    /// Reports once in a run that codes of a system or value set could not be checked.
    pub(super) fn note(&self, ctx: &Checker<'_, '_>, node: Node<'_>, subject: &str, reason: &Reason) {
        // The service reports it at the code itself.
        if ctx.service().is_some_and(|service| service.unlisted(subject).is_some()) {
            return;
        }
        let mut known = self.unchecked.borrow_mut();
        if !known.contains(subject) {
            known.insert(subject.into());
            let message = Message::text("codes were not checked: ").then(undecided(ctx.validator, reason));
            ctx.report(Finding::new(&rules::CODE_NOT_CHECKED, node, message));
        }
    }
}

/// Reports the displays that no value set has accepted.
pub(super) fn settle(ctx: &Checker<'_, '_>) {
    for finding in ctx.codes.displays.take().into_values() {
        ctx.report(finding);
    }
}

/// Checks a `Coding`.
pub(super) fn check(ctx: &Checker<'_, '_>, node: Node<'_>) {
    let [mut system, mut code, mut display, mut version] = [None; 4];
    for child in node.children() {
        match child.known_name() {
            Some(name::SYSTEM) => system = Some(child),
            Some(name::CODE) => code = Some(child),
            Some(name::DISPLAY) => display = Some(child),
            Some(name::VERSION) => version = Some(child),
            _ => {}
        }
    }
    let (Some(system), Some(code)) = (system, code) else {
        if let (None, Some(code)) = (system, code) {
            let message = Message::text("a code without a system has no defined meaning");
            ctx.report(
                Finding::new(&rules::CODING_WITHOUT_SYSTEM, code, message)
                    .suggest(Message::text("add 'system'")),
            );
        }
        return;
    };
    if let Some(found) = lookup(ctx, system, code, version)
        && let Some(display) = display
    {
        check_display(ctx, node, display, &found);
    }
}

/// Checks the unit of a `Quantity`.
pub(super) fn check_unit(ctx: &Checker<'_, '_>, node: Node<'_>) {
    if let (Some(system), Some(code)) = (node.child(name::SYSTEM), node.child(name::CODE)) {
        lookup(ctx, system, code, None);
    }
}

/// Checks the system of a code and looks up the code there.
fn lookup<'v>(
    ctx: &Checker<'v, '_>,
    system: Node<'_>,
    code: Node<'_>,
    version: Option<Node<'_>>,
) -> Option<FoundCode<'v>> {
    let (url, text) = (system.value()?, code.value()?);
    if is_relative(ctx, system, url) {
        // A URL with a placeholder for the address of a service may still name a list of codes.
        ctx.validator.definitions().named_code_system(url)?;
    }
    let version = version.and_then(Node::value);
    match ctx.validator.terminology().lookup_version(url, version, text) {
        CodeLookup::Found(found) if found.is_of_supplement() => {
            names_supplement(ctx, system, url);
            None
        }
        CodeLookup::Found(found) => Some(found),
        CodeLookup::WellFormed => None,
        // It was already reported that the system cannot be checked, so it is not anything else.
        CodeLookup::Undecided(_) if ctx.codes.unknown_systems.borrow().contains(url) => {
            if !is_malformed(ctx, code, url, text) {
                note_unlisted(ctx, code, url, text);
            }
            None
        }
        CodeLookup::Undecided(reason) => {
            let known = ctx.validator.definitions().code_system(url).ok().flatten();
            match known {
                Some(known) if known.supplements.is_some() => names_supplement(ctx, system, url),
                None if names_value_set(ctx, system, url) => {}
                None if is_misspelt(ctx, system, url, severity_of_slip(system)) => {}
                _ if is_malformed(ctx, code, url, text) => {}
                _ if note_unlisted(ctx, code, url, text) => {}
                known => {
                    ctx.codes.unknown_systems.borrow_mut().insert(url.into());
                    // Of a complete code system, only the version that this code is of is missing.
                    let is_complete = known.is_some_and(|known| known.content == CodeSystemContent::Complete);
                    ctx.codes.note(ctx, if is_complete { code } else { system }, url, &reason);
                }
            }
            None
        }
        CodeLookup::Unknown => {
            unknown(ctx, url, code, text, version);
            None
        }
    }
}

/// Whether the URL of a system is relative.
pub(super) fn is_relative(ctx: &Checker<'_, '_>, system: Node<'_>, url: &str) -> bool {
    if has_scheme(url) {
        return false;
    }
    let message = Message::text("").value(url).then(" is relative; the system of a code is an absolute URI");
    ctx.report(Finding::new(&rules::CODING_SYSTEM_RELATIVE, system, message));
    true
}

/// Whether a URL is almost that of a well-known code system.
pub(super) fn is_misspelt(ctx: &Checker<'_, '_>, system: Node<'_>, url: &str, severity: Severity) -> bool {
    let Some(meant) = well_known(url) else { return false };
    let message = Message::text("").value(url).then(if url.starts_with("urn:oid:") {
        " is the OID of a code system that has a URL; use the URL as the system"
    } else {
        " is almost, but not exactly, the URL of a code system"
    });
    let suggestion = text!("write {}", def(meant));
    let finding = Finding::new(&rules::CODING_SYSTEM_MISSPELT, system, message).severity(severity);
    ctx.report(finding.suggest(suggestion).fix(edit::defined(system, meant)));
    true
}

/// How severe it is that a system is misspelt: the other codings of a concept may say what was meant, but a single
/// Coding or Quantity says nothing then.
fn severity_of_slip(system: Node<'_>) -> Severity {
    let is_of_concept = system.parent().is_some_and(|coding| coding.is_called(name::CODING));
    if is_of_concept { Severity::Warning } else { Severity::Error }
}

/// Reports a code that does not have the form of the codes of its system.
fn is_malformed(ctx: &Checker<'_, '_>, code: Node<'_>, system: &str, text: &str) -> bool {
    let Some(expected) = Form::of_code(system).and_then(|form| form.expected_of(text)) else { return false };
    let message = Message::text("").value(text).then(text!(" is not {}", def(expected)));
    ctx.report(Finding::new(&rules::CODE_MALFORMED, code, message));
    true
}

/// Reports what the service says about a code that its list lacks; whether it says anything.
fn note_unlisted(ctx: &Checker<'_, '_>, node: Node<'_>, system: &str, code: &str) -> bool {
    let Some(unlisted) = ctx.service().and_then(|service| service.unlisted(system)) else { return false };
    let mut finding = unlisted.at(node, code);
    if let Some(near) = did_you_mean(&near_codes(ctx, system, code).nearest) {
        let otherwise = finding.suggestion.take().map(|otherwise| text!(" if not, {}", otherwise));
        finding.suggestion = Some(near.then(otherwise));
    }
    ctx.report(finding);
    true
}

#[cold]
pub(super) fn names_supplement(ctx: &Checker<'_, '_>, system: Node<'_>, url: &str) {
    let message =
        Message::text("").value(url).then(" supplements a code system; its codes belong to that one");
    ctx.report(Finding::new(&rules::CODING_SYSTEM_IS_SUPPLEMENT, system, message));
}

/// Whether the URL is that of a value set instead of a code system: a loaded one, or one whose URL ends like
/// that of a value set on a server.
pub(super) fn names_value_set(ctx: &Checker<'_, '_>, system: Node<'_>, url: &str) -> bool {
    let is_known = ctx.validator.definitions().value_set(url).is_ok_and(|found| found.is_some());
    if !is_known && Literal::of(url).type_name() != Some("ValueSet") {
        return false;
    }
    let message = Message::text("").value(url).then(if is_known {
        " is a value set, not a code system"
    } else {
        " looks like a value set; the system of a code is a code system"
    });
    let severity = if is_known { Severity::Error } else { Severity::Warning };
    ctx.report(Finding::new(&rules::CODING_SYSTEM_IS_VALUE_SET, system, message).severity(severity));
    true
}

#[cold]
fn unknown(ctx: &Checker<'_, '_>, url: &str, code: Node<'_>, text: &str, version: Option<&str>) {
    let definition = ctx.validator.definitions().code_system(url).ok().flatten();
    let current = definition.and_then(|system| system.version.clone());
    let other = version.filter(|version| current.as_deref() != Some(*version));
    let shown = other.map(str::to_owned).or(current);
    let of_version = shown.map(|version| text!(" (version {})", def(version)));
    let message = Message::text("there is no code ")
        .value(text)
        .then(" in the code system ")
        .then(canonical(ctx.validator, url))
        .then(of_version);
    let mut finding = Finding::new(&rules::UNKNOWN_CODE, code, message);
    let near = match other {
        Some(version) => near_codes(ctx, &format!("{url}|{version}"), text),
        None => near_codes(ctx, url, text),
    };
    if let Some(words) = in_words(&near) {
        finding = finding.suggest(words);
        let mut same = near.nearest.iter().filter(|near| near.code.eq_ignore_ascii_case(text.trim()));
        if let (Some(only), None) = (same.next(), same.next()) {
            finding = finding.fix(edit::defined(code, &only.code));
        }
    }
    ctx.report(finding);
}

/// The codes of a system that were most likely meant by an unknown one.
fn near_codes(ctx: &Checker<'_, '_>, system: &str, code: &str) -> Suggestion {
    if !ctx.budget.allows_suggestion() {
        return Suggestion::default();
    }
    let named = ctx.validator.definitions().named_code_system(system);
    ctx.validator.terminology().suggest_code(named.as_deref().unwrap_or(system), code)
}

/// The codes that were most likely meant, or else all there are.
fn in_words(found: &Suggestion) -> Option<Message> {
    let all = || names(&found.allowed).map(|codes| text!("its codes are {}", def(codes)));
    did_you_mean(&found.nearest).or_else(all)
}

fn did_you_mean(near: &[Coding]) -> Option<Message> {
    names(near).map(|codes| text!("did you mean {}?", def(codes)))
}

/// `'a', 'b'`; `None` of none.
fn names(codings: &[Coding]) -> Option<String> {
    let quoted: Vec<String> = codings.iter().map(|coding| format!("'{}'", coding.code)).collect();
    (!quoted.is_empty()).then(|| quoted.join(", "))
}

/// Another code of the same system that has this display, and the display as the system writes it.
fn code_called(ctx: &Checker<'_, '_>, found: &FoundCode<'_>, display: &str) -> Option<(String, String)> {
    if !ctx.budget.allows_suggestion() {
        return None;
    }
    let near = ctx.validator.terminology().suggest_code(found.system(), display);
    let is_called =
        |coding: &Coding| coding.display.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(display));
    let other = near.nearest.into_iter().find(|coding| coding.code != found.code() && is_called(coding))?;
    Some((other.code, other.display?))
}

fn check_display(ctx: &Checker<'_, '_>, coding: Node<'_>, display: Node<'_>, found: &FoundCode<'_>) {
    let Some(text) = display.value() else { return };
    if found.accepts_display(text) {
        return;
    }
    let other = code_called(ctx, found, text);
    let system = canonical(ctx.validator, coding.child_value(name::SYSTEM).unwrap_or_default());
    // A display that the system itself has cannot reveal anything about a person.
    let message = if let Some((other, called)) = &other {
        let another = text!("is that of another code of the code system {}, '{}'", system, def(other));
        text!("the display '{}' {}", def(called), another)
    } else {
        text!("the display {} is not what the code system {} calls this code", value(text), system)
    };
    let mut finding = Finding::new(&rules::WRONG_DISPLAY, display, message);
    let displays = found.displays();
    let names: Vec<String> = displays.iter().take(5).map(|name| format!("'{name}'")).collect();
    let code = other.map(|(other, _)| text!("the code '{}'", def(other)));
    if !names.is_empty() {
        let or = code.is_some().then_some(", or ");
        finding = finding.suggest(text!("write {}{}{}", def(names.join(" or ")), or, code));
    } else if let Some(code) = code {
        finding = finding.suggest(text!("write {}", code));
    }
    ctx.codes.displays.borrow_mut().insert(coding.id(), finding);
}
