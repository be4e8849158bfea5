//! The check of a body by itself: the findings of the validator, mapped to the codes of the service.

use ers_fhir_ers::service::{Access, Body, Endpoint, Header};
use ers_fhir_ers::{Context, Ers, definitions};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{Diagnostic, Issue, Severity};
use ers_fhir_validator::{Options, Validator};

use crate::call::{Call, Token};
use crate::moment::Moment;
use crate::refusal::{Outcome, Refusal};

/// The definitions that bodies are checked with.
#[derive(Debug)]
pub(crate) struct Structure(Validator);

/// The code with which a breach of a rule is refused. Rules that need the state or the directory are not listed, nor
/// those whose code depends on what is missing: operations check these themselves.
const RULES: &[(&str, &str)] = &[
    ("ers-rule-23", "INVALID_VALUE"),
    ("ers-rule-27", "INVALID_VALUE"),
    ("ers-rule-30", "FIELD_NOT_PERMITTED"),
    ("ers-rule-31", "FIELD_NOT_PERMITTED"),
    ("ers-rule-32", "FIELD_NOT_PERMITTED"),
    ("ers-rule-33", "VALUE_IS_REQUIRED"),
    ("ers-rule-34", "INAPPROPRIATE_VALUE"),
    ("ers-rule-36", "UNEXPECTED_FIELD"),
    ("ers-rule-39", "INAPPROPRIATE_VALUE"),
    ("ers-rule-42", "DUPLICATE_SERVICE"),
    ("ers-rule-49", "INAPPROPRIATE_VALUE"),
    ("ers-rule-50", "INAPPROPRIATE_VALUE"),
    ("ers-rule-51", "INAPPROPRIATE_VALUE"),
    ("ers-rule-61", "MISSING_VALUE"),
    ("ers-rule-63", "INAPPROPRIATE_VALUE"),
    ("ers-rule-64", "INAPPROPRIATE_VALUE"),
    ("ers-rule-68", "INVALID_VALUE"),
    ("ers-rule-116", "UNEXPECTED_FIELD"),
    ("ers-rule-118", "INVALID_CODE"),
    ("ers-rule-122", "MISSING_VALUE"),
    ("ers-rule-128", "INVALID_VALUE"),
    ("ers-rule-132", "MISSING_VALUE"),
    ("ers-rule-137", "UNEXPECTED_FIELD"),
    ("ers-rule-138", "INVALID_FHIR_STRUCTURE"),
    ("ers-rule-139", "INVALID_VALUE"),
    ("ers-rule-140", "INVALID_CODE"),
    ("ers-rule-141", "MISSING_VALUE"),
    ("ers-rule-143", "INVALID_CODE"),
    ("ers-sent-array", "INVALID_FHIR_STRUCTURE"),
];

/// The precedence of codes if several apply.
const ORDER: [&str; 5] =
    ["INVALID_FHIR_STRUCTURE", "UNEXPECTED_FIELD", "MISSING_VALUE", "INVALID_VALUE", "INVALID_CODE"];

impl Structure {
    pub(crate) fn new() -> Self {
        Self(Validator::new(definitions(FhirVersion::Stu3)))
    }

    /// Checks the body of a call. A fault that follows from another one is ignored.
    pub(crate) fn check(&self, endpoint: &'static Endpoint, call: &Call, now: Moment) -> Outcome<()> {
        // R4 operations take no bodies.
        if !matches!(endpoint.request, Body::Resource(_)) {
            return Ok(());
        }
        let role = call.value(Header::FUNCTION.name).and_then(|name| name.parse().ok());
        let access =
            if matches!(call.caller, Token::Application(_)) { Access::Application } else { Access::User };
        let context = Context { role, ..Context::request(endpoint).access(access) };
        let options = Options { now: now.to_string().parse().ok(), ..Options::from(Ers::called(context)) };
        let report = self.0.check(&call.body, &options);
        let refused = report.diagnostics.iter().filter_map(|found| Some((code(endpoint, found)?, found)));
        let rank = |code: &str| ORDER.iter().position(|known| *known == code).unwrap_or(ORDER.len());
        let Some((code, found)) = refused.min_by_key(|(code, _)| rank(code)) else { return Ok(()) };
        let place = if found.location.is_empty() { String::new() } else { format!("{}: ", found.location) };
        Err(Refusal::of(code, format!("{place}{}", found.message.revealed())))
    }
}

/// The code with which a finding is refused; none if it is not a reason to refuse.
fn code(endpoint: &Endpoint, found: &Diagnostic) -> Option<&'static str> {
    let code = match RULES.iter().find(|(rule, _)| *rule == found.rule.code) {
        Some((_, code)) if found.severity > Severity::Information => *code,
        Some(_) => return None,
        None if found.rule.code.starts_with("ers-") || found.severity < Severity::Error => return None,
        None => general(found),
    };
    let described =
        endpoint.failures.iter().find(|(status, _)| *status == 422).map_or(&[][..], |(_, codes)| codes);
    if described.contains(&code) {
        return Some(code);
    }
    let others = ["INVALID_VALUE", "INAPPROPRIATE_VALUE", "MISSING_VALUE"];
    Some(others.into_iter().find(|other| described.contains(other)).unwrap_or(code))
}

/// The code of a fault that any FHIR payload may have.
fn general(found: &Diagnostic) -> &'static str {
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let is_about_entries = found.element.as_deref().is_some_and(|element| last(element) == "entry");
    match (found.rule.code, found.rule.issue) {
        ("cardinality-max", _) if is_about_entries => "TOO_MANY_ITEMS",
        ("empty-array", _) => "MISSING_VALUE",
        ("cardinality-max", _) | (_, Issue::Invalid) => "INVALID_FHIR_STRUCTURE",
        ("unknown-element" | "slice-unmatched", _) | (_, Issue::Extension) => "UNEXPECTED_FIELD",
        (_, Issue::Required) => "MISSING_VALUE",
        (_, Issue::CodeInvalid) => "INVALID_CODE",
        (_, Issue::NotFound) => "REFERENCE_NOT_FOUND",
        (_, Issue::Structure) => "INVALID_FHIR_STRUCTURE",
        (_, Issue::BusinessRule | Issue::Invariant) => "INAPPROPRIATE_VALUE",
        _ if matches!(last(&found.location).as_str(), "code" | "coding[0]") => "INVALID_CODE",
        _ => "INVALID_VALUE",
    }
}
