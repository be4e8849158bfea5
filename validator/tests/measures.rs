//! Reports against their Measures, beyond the examples of the rules.

use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Severity, Validator};

const SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/measure-population";

/// Each error and warning in a complete report of that type on a Measure with these populations; the report has
/// that group.
fn found(kind: &str, populations: &[&str], group: &str) -> Vec<String> {
    let defined = populations.iter().map(|code| {
        format!(
            r#"{{ "code": {{ "coding": [{{ "system": "{SYSTEM}", "code": "{code}" }}] }},
                  "criteria": {{ "language": "text/fhirpath", "expression": "true" }} }}"#
        )
    });
    let defined: Vec<_> = defined.collect();
    let payload = format!(
        r##"{{ "resourceType": "MeasureReport", "status": "complete", "type": "{kind}", "measure": "#m",
  "period": {{ "start": "2024-01-01" }}, "contained": [{{ "resourceType": "Measure", "id": "m", "status": "draft",
    "group": [{{ "population": [{}] }}] }}], "group": [{{ {group} }}] }}"##,
        defined.join(", ")
    );
    let validator = Validator::new(Definitions::embedded(FhirVersion::R4));
    let report = validator.check(payload.as_bytes(), &Options::default());
    let shown = report.diagnostics.iter().filter(|found| found.severity >= Severity::Warning);
    shown.map(|d| format!("{} {}", d.key.as_deref().unwrap_or(d.rule.code), d.location)).collect()
}

fn population(coding: &str, rest: &str) -> String {
    format!(r#""population": [{{ "code": {{ "coding": [{{ {coding} }}] }}{rest} }}]"#)
}

#[test]
fn subjects_are_listed_where_there_are_any() {
    let coding = format!(r#""system": "{SYSTEM}", "code": "numerator""#);
    let population = |rest: &str| population(&coding, rest);
    let at = "measure-report-subjects MeasureReport.group[0].population[0]";
    for (rest, expected) in [("", &[][..]), (r#", "count": 0"#, &[]), (r#", "count": 2"#, &[at])] {
        assert_eq!(found("subject-list", &["numerator"], &population(rest)), expected, "{rest}");
    }
}

#[test]
fn a_report_of_data_has_no_group_whatever_is_in_it() {
    let group = r#""measureScore": { "value": 7 }"#;
    assert_eq!(found("data-collection", &["numerator"], group), ["mrp-1 MeasureReport"]);
}

#[test]
fn a_code_without_its_system_is_one_mistake() {
    let code = "MeasureReport.group[0].population[0].code";
    let missing = "measure-report-missing MeasureReport.group[0]".to_owned();
    let population = |coding: &str| population(coding, "");
    let populations = ["numerator", "denominator-exclusion"];
    let found = |coding: &str| found("summary", &populations, &population(coding));
    // The other population is a mistake of its own.
    assert_eq!(found(r#""code": "numerator""#), [missing.clone(), format!("measure-report-code {code}")]);
    let other = format!(r#""system": "{SYSTEM}", "code": "denominator""#);
    assert_eq!(found(&other), [missing.clone(), missing, format!("measure-report-code {code}")]);
}

#[test]
fn a_complete_report_has_the_groups_of_its_measure() {
    let report = |status: &str, kind: &str| {
        let payload = format!(
            r##"{{ "resourceType": "MeasureReport", "status": "{status}", "type": "{kind}", "measure": "#m",
  "period": {{ "start": "2024-01-01" }},
  "contained": [{{ "resourceType": "Measure", "id": "m", "status": "draft", "group": [{{}}] }}] }}"##
        )
        .replace("{}", r#"{ "description": "a" }"#);
        let validator = Validator::new(Definitions::embedded(FhirVersion::R4));
        let found = validator.check(payload.as_bytes(), &Options::default()).diagnostics;
        found.iter().filter(|found| found.rule.code == "measure-report-missing").count()
    };
    assert_eq!(report("complete", "summary"), 1);
    assert_eq!(report("pending", "summary"), 0);
    assert_eq!(report("complete", "data-collection"), 0);
}
