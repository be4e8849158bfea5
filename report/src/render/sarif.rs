//! SARIF 2.1.0, which code scanners and editors read.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::checked::Checked;
use super::exit::{printable, printable_json};
use super::fingerprint::Fingerprints;
use super::format::Render;
use super::notes::line_in;
use super::region::Lines;
use super::shown::{place, shown};
use super::summary::Summary;
use super::uri;
use crate::{Diagnostic, Edit, Related, Rule, Severity, Suppressed};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The format.
#[derive(Debug)]
pub struct Sarif {
    /// Whether values of the payload are hidden.
    pub masks: bool,
    /// Version of the tool.
    pub version: &'static str,
    /// The rules of the findings; described once, after the findings.
    rules: Mutex<BTreeMap<&'static str, &'static Rule>>,
    /// Why inputs could not be checked.
    failures: Mutex<Vec<String>>,
}

impl Sarif {
    /// A run of a version of the tool.
    pub fn new(version: &'static str, masks: bool) -> Self {
        Self { masks, version, rules: Mutex::default(), failures: Mutex::default() }
    }

    fn result(
        &self,
        checked: &Checked,
        lines: &Lines<'_>,
        fingerprint: &str,
        diagnostic: &Diagnostic,
    ) -> Value {
        let text = line_in(checked, diagnostic, self.masks);
        let physical = |found: &Diagnostic| {
            let mut place = json!({ "artifactLocation": { "uri": uri::of(checked.file()) } });
            if checked.has_place(found) {
                place["region"] = region(lines, found);
            }
            place
        };
        let mut location = json!({ "physicalLocation": physical(diagnostic) });
        if !diagnostic.location.is_empty() {
            let name = place(&diagnostic.location, self.masks);
            location["logicalLocations"] = json!([{ "fullyQualifiedName": name, "kind": "element" }]);
        }
        let mut result = json!({
            "ruleId": diagnostic.rule.code,
            "level": level(diagnostic.severity),
            "message": { "text": printable(&text) },
            "locations": [location],
            "partialFingerprints": { "ersFhirElement/v1": fingerprint },
        });
        let related = diagnostic.related.iter().map(|Related { relation, finding }| {
            let text = format!("{}: {}", relation.word(), shown(&finding.message, self.masks));
            json!({
                "message": { "text": printable(&text) },
                "physicalLocation": physical(finding),
            })
        });
        let related: Vec<_> = related.collect();
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
        if let Some(fix) = self.fix(checked, lines, diagnostic) {
            result["fixes"] = json!([fix]);
        }
        let more = [
            ("profile", diagnostic.profile.as_deref()),
            ("element", diagnostic.element.as_deref()),
            ("invariant", diagnostic.key.as_deref()),
        ];
        for (name, value) in more.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            result["properties"][name] = value.into();
        }
        result
    }
}

impl Sarif {
    /// The fix of a finding; omitted where it would show values.
    fn fix(&self, checked: &Checked, lines: &Lines<'_>, diagnostic: &Diagnostic) -> Option<Value> {
        let hides = self.masks && diagnostic.edits.iter().any(|edit| edit.masked().is_none());
        if diagnostic.edits.is_empty() || hides || !checked.has_place(diagnostic) {
            return None;
        }
        let text = match &diagnostic.suggestion {
            Some(suggestion) => shown(suggestion, self.masks),
            None => shown(&diagnostic.message, self.masks),
        };
        let replacement = |edit: &Edit| {
            json!({
                "deletedRegion": { "byteOffset": lines.byte_in_file(edit.span.start), "byteLength": edit.span.len() },
                "insertedContent": { "text": edit.text },
            })
        };
        Some(json!({
            "description": { "text": printable(&text) },
            "artifactChanges": [{
                "artifactLocation": { "uri": uri::of(checked.file()) },
                "replacements": diagnostic.edits.iter().map(replacement).collect::<Vec<_>>(),
            }],
        }))
    }
}

impl Render for Sarif {
    fn open(&self) -> String {
        format!(
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"columnKind\":\"unicodeCodePoints\",\
             \"results\":[\n"
        )
    }

    fn has_fingerprints(&self) -> bool {
        true
    }

    fn payload(&self, checked: &Checked) -> String {
        let lines = Lines::of(checked);
        let mut fingerprints = Fingerprints::of(checked);
        let mut results = Vec::with_capacity(checked.report.diagnostics.len());
        for diagnostic in &checked.report.diagnostics {
            let fingerprint = fingerprints.next(diagnostic);
            let result = self.result(checked, &lines, &fingerprint, diagnostic);
            results.push(printable_json(result.to_string()));
        }
        for Suppressed { finding, reason } in &checked.suppressed {
            let fingerprint = fingerprints.next(finding);
            let mut result = self.result(checked, &lines, &fingerprint, finding);
            let mut suppression = json!({ "kind": "external", "status": "accepted" });
            if let Some(reason) = reason {
                suppression["justification"] = (&*printable(reason)).into();
            }
            result["suppressions"] = json!([suppression]);
            results.push(printable_json(result.to_string()));
        }
        let found = checked.report.diagnostics.iter();
        let found = found.chain(checked.suppressed.iter().map(|suppressed| &suppressed.finding));
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        rules.extend(found.map(|found| (found.rule.code, found.rule)));
        results.join(self.separator())
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn failure(&self, error: &str) -> String {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).push(error.to_owned());
        String::new()
    }

    fn close(&self, _: &Summary) -> String {
        let rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let driver = json!({
            "name": "ers-fhir",
            "version": self.version,
            "informationUri": "https://ers-fhir.org",
            "rules": rules.values().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
        });
        let notifications =
            failures.iter().map(|error| json!({ "level": "error", "message": { "text": printable(error) } }));
        let invocation = json!({
            "executionSuccessful": failures.is_empty(),
            "toolExecutionNotifications": notifications.collect::<Vec<_>>(),
        });
        let rest = printable_json(format!("\"tool\":{{\"driver\":{driver}}},\"invocations\":[{invocation}]"));
        format!("\n],{rest}}}]}}\n")
    }
}

fn region(lines: &Lines<'_>, diagnostic: &Diagnostic) -> Value {
    let (start, end) = (diagnostic.position, lines.end(diagnostic));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": lines.byte_in_file(diagnostic.span.start),
        "byteLength": diagnostic.span.len(),
    })
}

/// The description of a rule, once per run.
fn descriptor(rule: &Rule) -> Value {
    let mut descriptor = json!({
        "id": rule.code,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.explanation },
        "help": { "text": format!("{}\n\nSource: {}", rule.explanation, rule.source) },
        "defaultConfiguration": { "level": level(rule.severity) },
    });
    if rule.source.starts_with("http") {
        descriptor["helpUri"] = rule.source.into();
    }
    descriptor
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Fatal | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "note",
    }
}
