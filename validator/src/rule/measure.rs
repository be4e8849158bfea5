//! Rules on reports checked against their Measures.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[
    &MEASURE_UNKNOWN,
    &MEASURE_CRITERIA,
    &MEASURE_NOT_CHECKED,
    &MEASURE_REPORT_CODE,
    &MEASURE_REPORT_MISSING,
    &MEASURE_REPORT_SCORE,
    &MEASURE_REPORT_SUBJECTS,
];

const SOURCE: &str = "http://hl7.org/fhir/R4/measurereport.html";

/// A complete report that contains its Measure: the scoring of the Measure, its type, and what its group
/// reports.
macro_rules! report {
    ($scoring:literal, $kind:literal, $group:literal) => {
        Example::r4(concat!(
            r##"{ "resourceType": "MeasureReport", "status": "complete", "measure": "#measure", "type": ""##,
            $kind,
            r#"",
  "period": { "start": "2024-01-01", "end": "2024-03-31" },
  "contained": [{ "resourceType": "Measure", "id": "measure", "status": "active",
    "scoring": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/measure-scoring", "code": ""#,
            $scoring,
            r#"" }] },
    "group": [{ "population": [{ "code": { "text": "asked" },
      "criteria": { "language": "text/fhirpath", "expression": "true" } }] }] }],
  "group": [{ "#,
            $group,
            " }] }"
        ))
    };
}

/// The Measure is not available.
pub static MEASURE_UNKNOWN: Rule = Rule {
    code: "measure-unknown",
    severity: Severity::Warning,
    issue: Issue::NotFound,
    summary: "The Measure of a report is not known",
    explanation: "A MeasureReport is only checked against its Measure if the Measure is contained, in the same Bundle, \
                  or loaded with --ig.",
    bad: Example::r4(
        r#"{ "resourceType": "MeasureReport", "status": "complete", "type": "summary",
  "measure": "http://example.org/Measure/smoking", "period": { "start": "2024-01-01" } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "MeasureReport", "status": "complete", "type": "summary",
  "measure": "http://example.org/Measure/smoking", "period": { "start": "2024-01-01" } }"#,
    )
    .with(&[
        r#"{ "resourceType": "Measure", "status": "active", "url": "http://example.org/Measure/smoking" }"#,
    ]),
    source: "http://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.measure",
};

/// A Measure whose library defines one name, and its criterion.
macro_rules! measure {
    ($language:literal, $expression:literal) => {
        Example::r4(concat!(
            r##"{ "resourceType": "Measure", "status": "active", "library": ["#library"],
  "contained": [{ "resourceType": "Library", "id": "library", "status": "active",
    "type": { "text": "logic" }, "content": [{ "contentType": "text/cql", "data": "ZGVmaW5lICJBc2tlZCI6IHRydWU=" }] }],
  "group": [{ "population": [{ "criteria": { "language": ""##,
            $language,
            r#"", "expression": ""#,
            $expression,
            r#"" } }] }] }"#
        ))
    };
}

/// A criterion that its libraries do not define.
pub static MEASURE_CRITERIA: Rule = Rule {
    code: "measure-criteria",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "A criterion of a Measure cannot be evaluated",
    explanation: "A criterion in CQL that is only a name is that of a definition in one of the libraries of the Measure.",
    bad: measure!("text/cql-identifier", "Smoking"),
    good: measure!("text/cql-identifier", "Asked"),
    source: "http://hl7.org/fhir/R4/measure-definitions.html#Measure.group.population.criteria",
};

/// Criteria that cannot be looked up.
pub static MEASURE_NOT_CHECKED: Rule = Rule {
    code: "measure-not-checked",
    severity: Severity::Information,
    issue: Issue::NotSupported,
    summary: "The criteria of a Measure were not checked",
    explanation: "The names in criteria are only checked if every library of the Measure is contained, in the same \
                  Bundle or loaded with --ig, and has its CQL or ELM. Other expressions are not evaluated.",
    bad: measure!("text/cql", "exists [Encounter]"),
    good: measure!("text/cql", "Asked"),
    source: "http://hl7.org/fhir/R4/measure-definitions.html#Measure.library",
};

/// A part that the Measure does not have.
pub static MEASURE_REPORT_CODE: Rule = Rule {
    code: "measure-report-code",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A part of a report does not exist in its Measure, or occurs twice",
    explanation: "The groups, populations and stratifiers of a report have the codes that its Measure gives them, each \
                  once. One without a code, or with another code, cannot be understood.",
    bad: report!(
        "cohort",
        "summary",
        r#""population": [{ "code": { "text": "asked" }, "count": 9 }, { "code": { "text": "smoking" }, "count": 3 }]"#
    ),
    good: report!("cohort", "summary", r#""population": [{ "code": { "text": "asked" }, "count": 9 }]"#),
    source: SOURCE,
};

/// A part of the Measure that is not reported.
pub static MEASURE_REPORT_MISSING: Rule = Rule {
    code: "measure-report-missing",
    severity: Severity::Error,
    issue: Issue::Required,
    summary: "A part of the Measure is missing in a complete report",
    explanation: "A complete report has every group, population and stratifier of its Measure, except observations, \
                  which are computed from others. This does not apply to reports that only collect data.",
    bad: report!("cohort", "summary", r#""id": "empty""#),
    good: report!("cohort", "summary", r#""population": [{ "code": { "text": "asked" }, "count": 9 }]"#),
    source: SOURCE,
};

/// A score that does not fit how the Measure is scored.
pub static MEASURE_REPORT_SCORE: Rule = Rule {
    code: "measure-report-score",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "The score of a group does not fit how the Measure is scored",
    explanation: "A cohort is counted and has no score. A proportion is a number from 0 to 1 without a unit. The score \
                  of a ratio or a continuous variable has a value.",
    bad: report!(
        "proportion",
        "summary",
        r#""population": [{ "code": { "text": "asked" }, "count": 9 }], "measureScore": { "value": 37 }"#
    ),
    good: report!(
        "proportion",
        "summary",
        r#""population": [{ "code": { "text": "asked" }, "count": 9 }], "measureScore": { "value": 0.37 }"#
    ),
    source: "http://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.measureScore",
};

/// Subjects that are listed where they do not belong, or missing where they do.
pub static MEASURE_REPORT_SUBJECTS: Rule = Rule {
    code: "measure-report-subjects",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "Subjects are listed in a report of another type, or missing from a subject list",
    explanation: "The type of a report says whether it lists who is in each population: 'subject-list' does, where \
                  anyone is, and the others give counts.",
    bad: report!(
        "cohort",
        "summary",
        r#""population": [{ "code": { "text": "asked" }, "subjectResults": { "reference": "List/asked" } }]"#
    ),
    good: report!(
        "cohort",
        "subject-list",
        r#""population": [{ "code": { "text": "asked" }, "subjectResults": { "reference": "List/asked" } }]"#
    ),
    source: "http://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.population.subjectResults",
};
