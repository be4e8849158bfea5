//! Findings for FHIR systems: one OperationOutcome for a run.
//!
//! - `severity`, `code` and `expression` are those of the finding; `details.text` is its message and
//!   `details.coding` its rule.
//! - `diagnostics` holds the suggestion and the profile that is violated.
//! - HL7's extensions `operationoutcome-file`, `-issue-line` and `-issue-col` hold the place.
//!
//! - `location` names the part of the call, as `http.` and a name, where a finding is not about the payload.
//!
//! Source: <http://hl7.org/fhir/R4/operationoutcome.html>.

use serde_json::{Value, json};

use super::checked::Checked;
use super::exit::printable_json;
use super::figures::count;
use super::format::Render;
use super::shown::{place, shown};
use super::summary::Summary;
use crate::{Diagnostic, Issue, Relation, Severity};

/// System of the codes of our rules.
const RULES: &str = "urn:ers-fhir:rule";

/// The format.
#[derive(Debug)]
pub struct OperationOutcome {
    /// Whether values of the payload are hidden.
    pub masks: bool,
}

impl OperationOutcome {
    fn issue(&self, file: &str, diagnostic: &Diagnostic) -> Value {
        let mut issue = json!({
            "extension": [
                extension("file", &json!({ "valueString": file })),
                extension("issue-line", &json!({ "valueInteger": diagnostic.position.line })),
                extension("issue-col", &json!({ "valueInteger": diagnostic.position.column })),
            ],
            "severity": diagnostic.severity.to_string(),
            "code": diagnostic.rule.issue.code(),
            "details": {
                "coding": [{ "system": RULES, "code": diagnostic.rule.code }],
                "text": shown(&diagnostic.message, self.masks),
            },
        });
        if let Some(more) = self.more(diagnostic) {
            issue["diagnostics"] = more.into();
        }
        if let Some(part) = diagnostic.part {
            issue["location"] = json!([part.http()]);
        }
        if !diagnostic.location.is_empty() {
            issue["expression"] = json!([place(&diagnostic.location, self.masks)]);
        }
        issue
    }

    fn more(&self, diagnostic: &Diagnostic) -> Option<String> {
        let suggestion = diagnostic.suggestion.as_ref().map(|suggestion| shown(suggestion, self.masks));
        let demand = diagnostic.profile.as_ref().map(|profile| match &diagnostic.element {
            Some(element) => format!("demanded by {profile} ({element})"),
            None => format!("demanded by {profile}"),
        });
        let because = diagnostic.related.iter().filter(|related| related.relation == Relation::Reason);
        let because = because.map(|related| {
            format!("{}: {}", related.relation.word(), shown(&related.finding.message, self.masks))
        });
        let parts: Vec<_> = suggestion.into_iter().chain(because).chain(demand).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// An extension defined by HL7, with its value.
fn extension(name: &str, value: &Value) -> Value {
    let mut extension = value.clone();
    extension["url"] = format!("http://hl7.org/fhir/StructureDefinition/operationoutcome-{name}").into();
    extension
}

impl Render for OperationOutcome {
    fn open(&self) -> String {
        "{\"resourceType\":\"OperationOutcome\",\"issue\":[\n".to_owned()
    }

    fn payload(&self, checked: &Checked) -> String {
        // Programs that read an OperationOutcome know only issues, so effects are issues too.
        let mut issues: Vec<&Diagnostic> = Vec::with_capacity(checked.report.diagnostics.len());
        for diagnostic in &checked.report.diagnostics {
            issues.push(diagnostic);
            let effects = diagnostic.related.iter().filter(|related| related.relation == Relation::Effect);
            issues.extend(effects.map(|related| &related.finding));
        }
        issues.sort_by_key(|diagnostic| diagnostic.span.start);
        let mut issues: Vec<_> = issues
            .into_iter()
            .map(|diagnostic| printable_json(self.issue(&checked.name, diagnostic).to_string()))
            .collect();
        // Otherwise, nobody would know which release the findings are about.
        if let (Some(version), Some(told)) =
            (checked.version, checked.told_by.as_ref().filter(|told| told.is_by_trial))
        {
            let text = format!("checked as FHIR {version} ({})", shown(&told.by, self.masks));
            let issue = json!({
                "extension": [extension("file", &json!({ "valueString": checked.name }))],
                "severity": "information",
                "code": Issue::Informational.code(),
                "details": { "text": text },
            });
            issues.push(printable_json(issue.to_string()));
        }
        issues.join(self.separator())
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn failure(&self, error: &str) -> String {
        let issue = json!({
            "severity": Severity::Fatal.to_string(),
            "code": "exception",
            "details": { "text": error.to_owned() },
        });
        printable_json(issue.to_string())
    }

    fn close(&self, summary: &Summary) -> String {
        // An OperationOutcome has at least one issue.
        let issues =
            summary.errors + summary.warnings + summary.information + summary.unreadable + summary.tried;
        let all_well = if issues == 0 {
            let text = format!("nothing found in {} checked", count(summary.checked, "payload"));
            let code = Issue::Informational.code();
            json!({ "severity": "information", "code": code, "details": { "text": text } }).to_string()
        } else {
            String::new()
        };
        format!("{all_well}\n]}}\n")
    }
}
