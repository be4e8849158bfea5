//! Explanations of rules, for programs that show findings.

use ers_fhir_ers::rule;
use ers_fhir_report::Rule;
use serde_json::{Value, json};

use super::answer::{Answer, JSON, Refusal};
use super::plan::Engine;

impl Engine {
    /// Everything about the rule with a code.
    ///
    /// # Errors
    ///
    /// If no rule has this code.
    pub fn rule(code: &str) -> Result<Answer, Refusal> {
        let found = rule::find(code).or_else(|| ers_fhir_lint::rule::find(code));
        let rule = found
            .ok_or_else(|| Refusal::unknown("there is no rule with this code; /rules lists all rules"))?;
        Ok(Answer::ok(JSON, format!("{}\n", described(rule))))
    }

    /// All rules.
    pub fn rules() -> Answer {
        let all: Vec<Value> = rule::all().chain(ers_fhir_lint::rule::all()).map(described).collect();
        Answer::ok(JSON, format!("{}\n", Value::Array(all)))
    }
}

fn described(rule: &Rule) -> Value {
    json!({
        "code": rule.code,
        "severity": rule.severity.to_string(),
        "summary": rule.summary,
        "explanation": rule.explanation,
        "source": rule.source,
    })
}
