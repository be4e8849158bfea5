//! The cases of all operations, and the calls that show them.

use std::collections::{BTreeMap, BTreeSet};

use ers_fhir_ers::rule::{self, Rule};
use ers_fhir_ers::service::{Endpoint, endpoints};
use ers_fhir_ers::{Context, Direction, example};
use ers_fhir_lint::Judged;
use ers_fhir_report::{Diagnostic, Report, Severity};
use serde_json::Value;

use super::scope::{Entry, Scope};

/// The evidence in captures.
#[derive(Debug)]
pub(super) struct Evidence<'s> {
    scope: &'s Scope,
    /// Every operation, in numerical order.
    pub(super) operations: Vec<Operation<'s>>,
    /// Each call by its capture and number, until its answer is known.
    open: BTreeMap<(String, usize), Run>,
}

/// An operation.
#[derive(Debug)]
pub(super) struct Operation<'s> {
    pub(super) endpoint: &'static Endpoint,
    pub(super) cases: Vec<Case<'s>>,
    /// Business functions and applications that called.
    pub(super) callers: BTreeSet<String>,
}

/// A case: an operation with one of its answers.
#[derive(Debug)]
pub(super) struct Case<'s> {
    pub(super) endpoint: &'static Endpoint,
    /// `success`, or the status and code of an error.
    pub(super) name: String,
    /// Whether it must be shown.
    pub(super) is_demanded: bool,
    /// Why it does not apply.
    pub(super) reason: Option<&'s str>,
    pub(super) runs: Vec<Run>,
}

/// One call.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// Whether its time is unknown.
    pub(super) is_undated: bool,
    pub(super) capture: String,
    pub(super) number: usize,
    pub(super) request: Option<Side>,
    pub(super) answer: Option<Side>,
}

/// A request or an answer, and the findings in it.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) context: Context,
    pub(super) body: Option<Vec<u8>>,
    pub(super) findings: Vec<Diagnostic>,
}

/// The result of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Passed,
    Failed,
    NotRun,
    NotApplicable,
    /// It is an error that need not be shown, and was not.
    NotSeen,
}

impl<'s> Evidence<'s> {
    /// All cases, none of which has been run.
    pub(super) fn new(scope: &'s Scope) -> Self {
        let operations =
            endpoints().into_iter().filter(|endpoint| !endpoint.is_versioned()).map(|endpoint| {
                let mut names = vec!["success".to_owned()];
                for (status, codes) in endpoint.failures {
                    names.extend(codes.iter().map(|code| format!("{status} {code}")));
                    if codes.is_empty() {
                        names.push(status.to_string());
                    }
                }
                let case = |name: String| Case::new(endpoint, name, scope);
                Operation { endpoint, cases: names.into_iter().map(case).collect(), callers: BTreeSet::new() }
            });
        let mut operations: Vec<Operation<'s>> = operations.collect();
        operations.sort_by_key(|operation| operation.endpoint.id);
        Self { scope, operations, open: BTreeMap::new() }
    }

    /// Adds a request or an answer.
    pub(super) fn add(&mut self, capture: &str, judged: &Judged, report: Option<&Report>) {
        let run = self.open.entry((capture.to_owned(), judged.number)).or_insert_with(|| Run {
            capture: capture.to_owned(),
            number: judged.number,
            ..Run::default()
        });
        let side = Side {
            context: judged.context.clone(),
            body: judged.body.clone(),
            findings: report.map(|report| report.diagnostics.clone()).unwrap_or_default(),
        };
        run.is_undated |= judged.began.is_none();
        match judged.context.direction {
            Direction::Request => run.request = Some(side),
            Direction::Response => run.answer = Some(side),
        }
    }

    /// Sorts the calls into their cases.
    pub(super) fn finish(&mut self) {
        for run in std::mem::take(&mut self.open).into_values() {
            let Some(context) = run.request.as_ref().or(run.answer.as_ref()).map(|side| &side.context) else {
                continue;
            };
            let id = context.endpoint.id;
            let Some(operation) = self.operations.iter_mut().find(|operation| operation.endpoint.id == id)
            else {
                continue;
            };
            operation.callers.insert(caller(context));
            let name = run.case();
            let known = operation.cases.iter().position(|case| case.name == name);
            let at = known.unwrap_or(operation.cases.len());
            if known.is_none() {
                operation.cases.push(Case::new(operation.endpoint, name, self.scope));
            }
            operation.cases[at].runs.push(run);
        }
    }

    /// How many calls may be examples that were never sent.
    pub(super) fn undated(&self) -> usize {
        self.cases().flat_map(|case| &case.runs).filter(|run| run.is_undated).count()
    }

    /// Entries of the scope that calls contradict, or that name a non-existent case.
    pub(super) fn contradictions(&self) -> Vec<String> {
        let mut contradictions = Vec::new();
        for Entry { operation, case, .. } in &self.scope.not_applicable {
            let is_meant = |name: &str| case.as_deref().is_none_or(|case| case == name);
            let meant: Vec<&Case<'_>> = self
                .cases()
                .filter(|found| found.endpoint.id == *operation && is_meant(&found.name))
                .collect();
            let what = case.as_ref().map_or(operation.clone(), |case| format!("{operation} {case}"));
            if meant.is_empty() {
                contradictions.push(format!("{what} is marked as not applicable, but there is no such case"));
            } else if meant.iter().any(|case| !case.runs.is_empty()) {
                contradictions.push(format!("{what} is marked as not applicable, but was called"));
            }
        }
        contradictions
    }

    /// How many calls there are.
    pub(super) fn calls(&self) -> usize {
        self.open.len() + self.cases().map(|case| case.runs.len()).sum::<usize>()
    }

    pub(super) fn cases(&self) -> impl Iterator<Item = &Case<'s>> {
        self.operations.iter().flat_map(|operation| &operation.cases)
    }

    pub(super) fn count(&self, verdict: Verdict) -> usize {
        self.cases().filter(|case| case.verdict() == verdict).count()
    }

    pub(super) fn operations_seen(&self) -> usize {
        self.operations.iter().filter(|operation| operation.is_seen()).count()
    }

    /// The rules of e-RS, and whether a call covered the operation and the direction of each.
    pub(super) fn rules(&self) -> Vec<(&'static Rule, &'static Endpoint, bool, usize)> {
        let mut findings: BTreeMap<&str, usize> = BTreeMap::new();
        let mut sides: BTreeSet<(&str, bool)> = BTreeSet::new();
        for run in self.cases().flat_map(|case| &case.runs) {
            for side in run.sides() {
                sides.insert((side.context.endpoint.id, side.context.direction == Direction::Request));
                for found in &side.findings {
                    *findings.entry(found.rule.code).or_default() += 1;
                }
            }
        }
        let of_ers = rule::all().filter(|rule| rule.code.starts_with("ers-"));
        let homes = of_ers.filter_map(|rule| example::homes(rule).map(|home| (rule, home)));
        let told = homes.map(|(rule, (endpoint, direction))| {
            let is_reached = sides.contains(&(endpoint.id, direction == Direction::Request));
            (rule, endpoint, is_reached, findings.get(rule.code).copied().unwrap_or_default())
        });
        told.collect()
    }

    /// How many rules calls covered, and how many there are.
    pub(super) fn rules_reached(&self) -> (usize, usize) {
        let rules = self.rules();
        (rules.iter().filter(|(_, _, is_reached, _)| *is_reached).count(), rules.len())
    }
}

impl Operation<'_> {
    pub(super) fn is_seen(&self) -> bool {
        self.cases.iter().any(|case| !case.runs.is_empty())
    }
}

impl<'s> Case<'s> {
    fn new(endpoint: &'static Endpoint, name: String, scope: &'s Scope) -> Self {
        let (is_demanded, reason) = (name == "success", scope.reason(endpoint.id, &name));
        Self { endpoint, name, is_demanded, reason, runs: Vec::new() }
    }

    /// Its unique name, from the operation and the answer.
    pub(super) fn title(&self) -> String {
        format!("{} {}", self.endpoint.id, self.name)
    }

    pub(super) fn verdict(&self) -> Verdict {
        if !self.runs.is_empty() {
            let fails = self.runs.iter().any(Run::fails);
            return if fails { Verdict::Failed } else { Verdict::Passed };
        }
        match self.reason {
            Some(_) => Verdict::NotApplicable,
            None if self.is_demanded => Verdict::NotRun,
            None => Verdict::NotSeen,
        }
    }
}

/// Whether a finding fails a case.
pub(super) fn fails(severity: Severity) -> bool {
    severity >= Severity::Error
}

impl Verdict {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotRun => "not run",
            Self::NotApplicable => "not applicable",
            Self::NotSeen => "not seen",
        }
    }
}

impl Run {
    pub(super) fn sides(&self) -> impl Iterator<Item = &Side> {
        self.request.iter().chain(&self.answer)
    }

    pub(super) fn fails(&self) -> bool {
        self.sides().flat_map(|side| &side.findings).any(|found| fails(found.severity))
    }

    /// The case that it shows.
    fn case(&self) -> String {
        let Some(answer) = &self.answer else { return "no answer".to_owned() };
        if answer.context.succeeds() == Some(true) {
            return "success".to_owned();
        }
        let status = answer.context.status.unwrap_or_default();
        match answer.body.as_deref().and_then(error_code) {
            Some(code) => format!("{status} {code}"),
            None => status.to_string(),
        }
    }
}

/// The code of an OperationOutcome that e-RS gives.
fn error_code(body: &[u8]) -> Option<String> {
    let outcome: Value = serde_json::from_slice(body).ok()?;
    let issues = outcome["issue"].as_array()?;
    let codings = issues.iter().filter_map(|issue| issue["details"]["coding"].as_array()).flatten();
    // Anything but a code of e-RS is text from the payload.
    codings
        .filter_map(|coding| coding["code"].as_str())
        .find_map(|code| ers_fhir_ers::service::error(code).map(|known| known.code.to_owned()))
}

fn caller(context: &Context) -> String {
    let function = context.header_value("NHSD-eRS-Business-Function");
    let role = context.role.or_else(|| function?.parse().ok());
    match (role, context.access) {
        (Some(role), _) => role.to_string(),
        (None, Some(access)) => access.to_string(),
        (None, None) => "unknown".to_owned(),
    }
}
