//! ValueSet resources.

use std::cell::LazyCell;

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::terminology::CodeLookup;
use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::form::{Form, SNOMED_CT};
use ers_fhir_values::grammar::is_ecl;
use ers_fhir_values::{FhirVersion, Primitive, canonical, lexical};
use regex::RegexBuilder;

use super::known::{is_system, is_unknown, standard_type};
use crate::check::{Checker, Finding};
use crate::rule::terminology as rules;

/// The expected value of a filter that asks for a code.
const A_CODE: &str = "a code of the code system";

/// Checks a ValueSet: its code systems, codes and filters.
pub(in crate::check) fn check_value_set(ctx: &Checker<'_, '_>, set: Node<'_>) {
    let Some(compose) = set.child("compose") else { return };
    let own = set.child_value("url");
    for include in compose.selected(|child| matches!(child.name(), "include" | "exclude")) {
        for import in include.named("valueSet") {
            check_import(ctx, import, own);
        }
        let Some((system, url)) = include.child("system").and_then(|node| Some((node, node.value()?))) else {
            continue;
        };
        check_system(ctx, system, url);
        for concept in include.named("concept") {
            check_concept(ctx, concept, url, include.child_value("version"));
        }
        let definition =
            LazyCell::new(|| ctx.validator.definitions().resource(Kind::CodeSystem, url).ok()?);
        for filter in include.named("filter") {
            if let Some(filter) = Filter::read(filter, url) {
                filter.check(ctx, || definition.as_deref());
            }
        }
    }
}

fn check_system(ctx: &Checker<'_, '_>, system: Node<'_>, url: &str) {
    if let (plain, Some(version)) = canonical::split(url) {
        let message =
            Message::text("").value(url).then(" has a version, but the URL of a code system has none");
        let finding = Finding::new(&rules::VALUE_SET_SYSTEM_VERSION, system, message);
        let suggestion = Message::text("write ").value(plain).then(", and the version ").value(version);
        return ctx.report(finding.suggest(suggestion.then(" in 'version'")));
    }
    is_system(ctx, system, url);
}

/// Checks that an import is a value set, and not the set itself.
fn check_import(ctx: &Checker<'_, '_>, import: Node<'_>, own: Option<&str>) {
    let Some(url) = import.value() else { return };
    let definitions = ctx.validator.definitions();
    let message = if own.is_some_and(|own| own == canonical::url(url)) {
        Message::text("the value set imports itself, so its content is not defined")
    } else if definitions.contains(Kind::CodeSystem, url) && !definitions.contains(Kind::ValueSet, url) {
        Message::text("").value(url).then(" is a code system; it is included by 'system'")
    } else {
        return;
    };
    ctx.report(Finding::new(&rules::VALUE_SET_IMPORT, import, message));
}

/// Checks that a listed code exists.
fn check_concept(ctx: &Checker<'_, '_>, concept: Node<'_>, system: &str, version: Option<&str>) {
    let Some((code, text)) = concept.child("code").and_then(|node| Some((node, node.value()?))) else {
        return;
    };
    if is_unknown(ctx, system, version, text) {
        let message =
            Message::text("there is no code ").value(text).then(" in the code system ").value(system);
        ctx.report(Finding::new(&rules::VALUE_SET_UNKNOWN_CODE, code, message));
    }
}

/// A filter of an include.
struct Filter<'d> {
    system: &'d str,
    property: &'d str,
    op: &'d str,
    value: Node<'d>,
    text: &'d str,
}

impl<'d> Filter<'d> {
    fn read(filter: Node<'d>, system: &'d str) -> Option<Self> {
        let value = filter.child("value")?;
        Some(Self {
            system,
            property: filter.child_value("property")?,
            op: filter.child_value("op")?,
            value,
            text: value.value()?,
        })
    }

    /// Checks that the code system has the property, if all of its properties are known.
    fn check_property(&self, ctx: &Checker<'_, '_>, system: Option<&Datum>) {
        let Some(system) = system.filter(|system| system.str("content") == Some("complete")) else { return };
        let mut declared = system.all("property").chain(system.all("filter"));
        // Every code system has these, even without declaring them.
        let is_common =
            matches!(self.property, "concept" | "code" | "display" | "definition" | "designation")
                || standard_type(self.property).is_some();
        if is_common || declared.any(|declared| declared.str("code") == Some(self.property)) {
            return;
        }
        let at = self.value.parent().and_then(|filter| filter.child("property")).unwrap_or(self.value);
        let message = Message::text("the code system ")
            .value(self.system)
            .then(" declares no property or filter ")
            .value(self.property);
        ctx.report(Finding::new(&rules::VALUE_SET_FILTER_PROPERTY, at, message));
    }

    /// Checks that the property or the operator can be compared with the value.
    fn check<'s>(&self, ctx: &Checker<'_, '_>, system: impl Fn() -> Option<&'s Datum>) {
        self.check_property(ctx, system());
        let text = self.text;
        let is_code = matches!(self.property, "concept" | "code");
        let expected = match self.op {
            "exists" => (!matches!(text, "true" | "false")).then_some("true or false"),
            "regex" => is_broken(text).then_some("a regular expression"),
            "is-a" | "is-not-a" | "descendent-of" | "child-of" | "descendent-leaf" | "generalizes" => {
                self.expected_code(ctx)
            }
            "=" if self.system == SNOMED_CT && self.property == "constraint" => {
                (!is_ecl(text)).then_some("an expression of the Expression Constraint Language")
            }
            "=" if is_code => self.expected_code(ctx),
            "in" if self.system == SNOMED_CT && self.property == "concept" => self.expected_code(ctx),
            "in" | "not-in" if is_code && self.system != SNOMED_CT => self.expected_codes(ctx),
            "=" => self.expected_value(ctx, system()),
            _ => None,
        };
        // The code in a property need not belong to the code system itself, so this may be intended.
        let is_meant = self.op == "=" && !is_code && expected == Some(A_CODE);
        if let Some(expected) = expected {
            let message = Message::text("the property ")
                .value(self.property)
                .then(text!(" is compared with {}, not with ", def(expected)))
                .value(text);
            let finding = Finding::new(&rules::VALUE_SET_FILTER_VALUE, self.value, message);
            ctx.report(if is_meant { finding.severity(Severity::Warning) } else { finding });
        }
    }

    /// What is expected instead of a text that is not a code of the system.
    fn expected_code(&self, ctx: &Checker<'_, '_>) -> Option<&'static str> {
        let text = self.text.trim();
        if let Some(expected) = Form::of_code(self.system).and_then(|form| form.expected_of(text)) {
            return Some(expected);
        }
        is_unknown(ctx, self.system, None, text).then_some(A_CODE)
    }

    /// What is expected instead of a list of texts, one of which is not a code of the system.
    fn expected_codes(&self, ctx: &Checker<'_, '_>) -> Option<&'static str> {
        let mut codes = self.text.split(',').map(str::trim);
        codes.any(|code| is_unknown(ctx, self.system, None, code)).then_some("codes of the code system")
    }

    /// Whether the values of the property are codes of the system: the system declares this, or FHIR does.
    fn is_of_concepts(&self, declared: Option<&str>) -> bool {
        declared.is_some() && self.property != "status"
            || matches!(self.property, "parent" | "child" | "partOf")
    }

    /// What is expected instead of a text that does not have the type of the property.
    fn expected_value(&self, ctx: &Checker<'_, '_>, system: Option<&Datum>) -> Option<&'static str> {
        let declared = system.and_then(|system| {
            system.all("property").find(|declared| declared.str("code") == Some(self.property))?.str("type")
        });
        let text = self.text;
        let is_of = |primitive| lexical::check(text, primitive, FhirVersion::R4).is_ok();
        // A code system may give any name its own meaning, which is unknown where it is not loaded.
        match declared.or_else(|| system.and_then(|_| standard_type(self.property)))? {
            "boolean" => (!matches!(text, "true" | "false")).then_some("true or false"),
            "integer" => text.parse::<i64>().is_err().then_some("a whole number"),
            "decimal" => (!is_of(Primitive::Decimal)).then_some("a decimal number"),
            "dateTime" => (!is_of(Primitive::DateTime)).then_some("a date"),
            "code" if self.is_of_concepts(declared) => {
                is_unknown(ctx, self.system, None, text).then_some(A_CODE)
            }
            "Coding" => {
                let Some((system, code)) = text.split_once('#') else {
                    return Some("a coding, written as system#code");
                };
                let lookup = ctx.validator.terminology().lookup(canonical::url(system), code);
                matches!(lookup, CodeLookup::Unknown).then_some("a code of its system")
            }
            _ => None,
        }
    }
}

/// Whether a text is not a regular expression in any dialect, as far as ours can tell: others have
/// lookaround, backreferences and rarer escapes.
fn is_broken(pattern: &str) -> bool {
    let mut is_escaped = false;
    let is_of_others = pattern.contains("(?")
        || pattern.chars().any(|c| {
            let is_rare = is_escaped && c.is_ascii_alphanumeric() && !"dDsSwWbBnrt".contains(c);
            is_escaped = c == '\\' && !is_escaped;
            is_rare
        });
    !is_of_others && {
        // Parsing is enough to see whether it can be read; compiling it would cost far more.
        let read = RegexBuilder::new(pattern).size_limit(0).build();
        matches!(read, Err(regex::Error::Syntax(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::is_broken;

    #[test]
    fn only_what_no_dialect_takes_is_broken() {
        for pattern in ["a", "[0-9]{3}", "(a|b)*", "(?=a)b", "(a)\\1", "\\p{IsGreek}", "\\Qa("] {
            assert!(!is_broken(pattern), "{pattern}");
        }
        for pattern in ["(", "[a", "a)", "*a", "a{2,1}", "a\\"] {
            assert!(is_broken(pattern), "{pattern}");
        }
    }
}
