//! The service as a plug-in of the validator.

use std::sync::Arc;

use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{Message, Report, Rule};
use ers_fhir_tree::Document;
use ers_fhir_validator::Options;
use ers_fhir_validator::rule::{binding, coding};
use ers_fhir_validator::service::{Found, Run, Service, Unlisted};
use ers_fhir_validator::words::Words;

use crate::call::{Context, Direction};
use crate::check;
use crate::deviation::{Side, deviation, is_of_value_set_system, is_relative_placeholder};
use crate::identifier;
use crate::marks;
use crate::rule;

/// e-RS for a [`Validator`](ers_fhir_validator::Validator): the call that payloads belong to, and how to treat its
/// known deviations from FHIR.
///
/// ```
/// use ers_fhir_ers::service::{Role, find};
/// use ers_fhir_ers::{Context, Ers, definitions};
/// use ers_fhir_profiles::FhirVersion;
/// use ers_fhir_validator::{Options, Validator};
///
/// let validator = Validator::new(definitions(FhirVersion::Stu3));
/// let create = find("A011").next().expect("A011 creates a referral");
/// let call = Context::request(create).role(Role::ServiceProviderClinician);
/// let options = Options { service: Some(Ers::called(call).into()), ..Options::default() };
///
/// let report = validator.check(br#"{ "resourceType": "Parameters" }"#, &options);
/// let refused = report.diagnostics.iter().find(|found| found.rule.code == "ers-rule-06");
/// assert!(refused.is_some(), "only referrers create referrals");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Ers {
    call: Option<Context>,
    is_strict: bool,
}

impl Ers {
    /// Nothing is known about the call: the declared profiles show whether a payload is one of
    /// e-RS.
    pub fn new() -> Self {
        Self::default()
    }

    /// Payloads belong to that call.
    pub fn called(call: Context) -> Self {
        Self { call: Some(call), is_strict: false }
    }

    /// The same; the known deviations of the live service stay errors.
    #[must_use]
    pub fn strict(mut self, is_strict: bool) -> Self {
        self.is_strict = is_strict;
        self
    }

    /// The call that payloads belong to.
    pub fn call(&self) -> Option<&Context> {
        self.call.as_ref()
    }

    /// The findings about the call itself: who calls, path, query and headers. The body is only checked as far as no
    /// FHIR is needed: the size of a file, or a body where none belongs.
    ///
    /// ```
    /// use ers_fhir_ers::service::{Role, find};
    /// use ers_fhir_ers::{Context, Ers};
    ///
    /// let create = find("A011").next().expect("A011 creates a referral");
    /// let call = Context::request(create).role(Role::ServiceProviderClinician);
    /// let found = Ers::called(call).check_call(b"").diagnostics;
    /// assert_eq!(found[0].rule.code, "ers-rule-06");
    /// ```
    pub fn check_call(&self, payload: &[u8]) -> Report {
        self.call.as_ref().map(|call| check::check_call(call, payload)).unwrap_or_default()
    }

    fn side(&self) -> Side {
        Side { direction: self.call.as_ref().map(|call| call.direction), is_strict: self.is_strict }
    }
}

impl From<Ers> for Arc<dyn Service> {
    fn from(ers: Ers) -> Self {
        Arc::new(ers)
    }
}

/// The options for checking payloads of e-RS.
impl From<Ers> for Options {
    fn from(ers: Ers) -> Self {
        Self { service: Some(ers.into()), ..Self::default() }
    }
}

impl Service for Ers {
    fn owns(&self, package: &str) -> bool {
        crate::definitions::PACKAGES.contains(&package)
    }

    fn claims(&self) -> bool {
        self.call.is_some()
    }

    fn lists(&self, canonical: &str) -> bool {
        crate::definitions::lists(canonical)
    }

    fn release_of(&self, canonical: &str) -> Option<FhirVersion> {
        crate::definitions::release_of(canonical)
    }

    fn marks(&self, document: &Document<'_>) -> bool {
        marks::has_mark(document)
    }

    fn recognizes(&self, document: &Document<'_>) -> bool {
        marks::profile(document).is_some()
    }

    fn expected_of_identifier(&self, system: &str, value: &str) -> Option<&'static str> {
        identifier::expected_of(system, value)
    }

    fn check_other(&self, payload: &[u8]) -> Option<Report> {
        let call = self.call.as_ref().filter(|call| call.is_without_fhir(payload))?;
        Some(check::check_call(call, payload))
    }

    fn begin(&self, run: &Run<'_>) {
        if let Some(call) = &self.call {
            check::demand_profile(run, call);
        } else if let Some(profile) = marks::profile(run.document()) {
            run.demand(profile);
        }
    }

    fn check(&self, run: &Run<'_>) {
        check::check(run, self.call.as_ref(), self.side());
    }

    /// Preferences of base FHIR do not apply where the service has codes of its own; and some of its SNOMED CT
    /// codes are too short to be valid.
    fn ignores(&self, rule: &'static Rule) -> bool {
        !self.is_strict && (rule.is(&binding::BINDING_PREFERRED) || rule.is(&coding::CODE_MALFORMED))
    }

    fn excuses(&self, found: &Found<'_>) -> Option<&'static Rule> {
        deviation(found, self.side())
    }

    /// A code whose system is a value set is reported once; so is a placeholder that a client
    /// sends.
    fn covers(&self, found: &Found<'_>) -> bool {
        let is_client = self.side().direction == Some(Direction::Request);
        is_of_value_set_system(found) || (is_client && is_relative_placeholder(found))
    }

    fn asks_for(&self) -> Option<Message> {
        Some(Message::text("name the operation that it belongs to with --endpoint, such as A011"))
    }

    fn follows(&self, cause: &Found<'_>, effect: &Found<'_>) -> bool {
        crate::relate::follows(cause, effect)
    }

    fn rule_of(&self, key: &str) -> Option<&'static Rule> {
        rule::of_key(key)
    }

    fn meant(&self, key: &str, value: &str) -> Option<String> {
        identifier::meant(key, value)
    }

    fn words(&self, key: &str, expression: &str) -> Option<Words> {
        rule::WORDS.find(key, expression)
    }

    fn unlisted(&self, system: &str) -> Option<Unlisted> {
        check::unlisted(system)
    }
}
