//! The plan by which a request is checked, and the check of one payload.

use std::path::Path;

use ers_fhir_ers::{Context, Ers};
use ers_fhir_lint::settings::InForce;
use ers_fhir_lint::{Asked, Checker, Setting, Tell, Validators, broken_down};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::Severity;
use ers_fhir_report::render::Checked;
use ers_fhir_validator::{Deadline, Options, guarded};
use ers_fhir_values::Temporal;

use super::answer::Refusal;
use super::ask::Ask;
use super::load::Sources;

/// Loaded definitions and settings; any number of threads may use it at the same time.
#[derive(Debug)]
pub struct Engine {
    pub(super) sources: Sources,
    pub(super) validators: Validators,
    pub(super) in_force: Option<InForce>,
}

/// Keeps what is said of profiles that a request asks for.
#[derive(Default)]
struct Heard(std::cell::RefCell<Vec<String>>);

impl Tell for Heard {
    fn complain(&self, message: &str) {
        self.0.borrow_mut().push(message.to_owned());
    }

    fn warn(&self, _: &str) {}
}

/// What is known of the payloads of a request, and how their findings count.
pub(super) struct Plan {
    pub(super) setting: Setting,
    pub(super) telling: Vec<String>,
    pub(super) today: String,
    pub(super) masks: bool,
    pub(super) fail_on: Severity,
    pub(super) require_complete: bool,
    pub(super) quiet: bool,
}

impl Engine {
    /// The plan for a request: its parameters, supplemented by the settings and the command line.
    pub(super) fn plan(
        &self,
        ask: &Ask,
        told: Option<FhirVersion>,
        deadline: Option<Deadline>,
    ) -> Result<Plan, Refusal> {
        let part = match (&self.in_force, &ask.name) {
            (Some(in_force), Some(name)) => in_force.of(Path::new(name)),
            _ => ers_fhir_lint::settings::PathSettings::default(),
        };
        let call = match &ask.call {
            Some(call) => Some(call.clone()),
            None => part.call().map_err(Refusal::of_request)?,
        };
        let told = told
            .or(ask.fhir_version)
            .or(call.as_ref().map(|call| call.endpoint.release))
            .or(self.sources.fhir_version)
            .or(part.fhir_version.as_deref().and_then(|version| version.parse().ok()));
        if let (Some(told), Some(call)) = (told, &call)
            && call.endpoint.release != told
        {
            let Context { endpoint, .. } = call;
            let text =
                format!("{} is an operation of {}, but this is about {told}", endpoint.id, endpoint.release);
            return Err(Refusal::of_request(text));
        }
        let profiles = [self.sources.profiles.as_slice(), &part.profiles, &ask.profiles].concat();
        let heard = Heard::default();
        let asked = Asked::find(&profiles, &self.validators, told, &heard);
        // An undefined canonical is a finding of the payload; an unknown name means nothing.
        let is_name = |text: &String| !text.contains("://");
        if !asked.all_found && ask.profiles.iter().any(is_name) {
            return Err(Refusal::of_request(
                heard.0.into_inner().join("; ").replace("--profile: ", "profile: "),
            ));
        }
        let options = |version| self.options(ask, call.clone(), asked.of(version), deadline);
        Ok(Plan {
            telling: asked.telling(),
            setting: Setting { stu3: options(FhirVersion::Stu3), r4: options(FhirVersion::R4), call, told },
            today: self.today(ask),
            masks: !(ask.show_values || self.sources.show_values),
            fail_on: ask.fail_on.or(self.sources.fail_on).unwrap_or(Severity::Error),
            require_complete: ask.require_complete || self.sources.require_complete,
            quiet: ask.quiet,
        })
    }

    /// The day by which suppressions expire; empty if nothing is suppressed.
    fn today(&self, ask: &Ask) -> String {
        if self.in_force.is_none() {
            return String::new();
        }
        let said = ask.now.as_ref().map(ers_fhir_validator::Instant::day);
        said.or_else(|| Temporal::now_utc().map(|now| now.date().to_string())).unwrap_or_default()
    }

    pub(super) fn options(
        &self,
        ask: &Ask,
        call: Option<Context>,
        profiles: &[String],
        deadline: Option<Deadline>,
    ) -> Options {
        let allowed = [self.sources.allowed_extensions.as_slice(), &ask.allowed_extensions].concat();
        let ers = call.map_or_else(Ers::new, Ers::called).strict(ask.strict || self.sources.strict);
        Options {
            profiles: profiles.to_vec(),
            service: Some(ers.into()),
            allowed_extensions: allowed,
            now: ask.now.clone(),
            lists_effects: ask.show_related,
            deadline,
        }
    }

    /// Checks a payload; a check that crashes is a finding like any other.
    pub(super) fn check(&self, name: &str, bytes: Vec<u8>, plan: &Plan) -> Checked {
        self.weighed(self.unweighed(name, bytes, plan), name, plan)
    }

    pub(super) fn unweighed(&self, name: &str, bytes: Vec<u8>, plan: &Plan) -> Checked {
        self.guarded(name, bytes, &plan.setting, &plan.telling)
    }

    pub(super) fn guarded(
        &self,
        name: &str,
        bytes: Vec<u8>,
        setting: &Setting,
        telling: &[String],
    ) -> Checked {
        let checker = Checker { validators: &self.validators, telling: telling.to_vec() };
        let done = guarded(|| checker.check(name.to_owned(), bytes, setting));
        done.unwrap_or_else(|report| broken_down(name.to_owned(), report))
    }

    /// A payload whose findings have the severities that the settings set for a file.
    pub(super) fn weighed(&self, mut checked: Checked, file: &str, plan: &Plan) -> Checked {
        if let Some(in_force) = &self.in_force {
            let suppressed = in_force.apply(Path::new(file), &plan.today, &mut checked.report);
            checked.suppressed.extend(suppressed);
        }
        checked.fails =
            checked.report.has(plan.fail_on) || (plan.require_complete && !checked.report.gaps.is_empty());
        if plan.quiet {
            checked.report.diagnostics.retain(|found| found.severity >= plan.fail_on);
        }
        checked
    }
}
