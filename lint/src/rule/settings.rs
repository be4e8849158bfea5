//! What settings may get wrong.

use ers_fhir_report::{Example, Issue, Rule, Severity};

/// Every rule of settings.
pub static RULES: &[&Rule] = &[&SUPPRESSION_UNUSED, &SUPPRESSION_EXPIRED, &SUPPRESSION_REASON, &PATH_UNUSED];

const GOOD: Example = Example::r4(
    r#"[[suppress]]
rule = "no-profile"
path = ["requests/*.json"]
reason = "the supplier adds the profiles in its next release"
expires = "2999-12-31"
"#,
);

const fn rule(code: &'static str, summary: &'static str, explanation: &'static str, bad: Example) -> Rule {
    Rule {
        code,
        severity: Severity::Warning,
        issue: Issue::Informational,
        summary,
        explanation,
        bad,
        good: GOOD,
        source: "https://ers-fhir.org/settings",
    }
}

/// A suppression of nothing.
pub static SUPPRESSION_UNUSED: Rule = rule(
    "suppression-unused",
    "A suppression accepts no finding",
    "What it accepted was put right, or the rule, the path or the place in it is misspelt. Remove it, so that the \
     same fault is not accepted again unseen.",
    GOOD.edited("no-profile", "no-profil"),
);

/// One whose time is over.
pub static SUPPRESSION_EXPIRED: Rule = rule(
    "suppression-expired",
    "The last day of a suppression is over",
    "What it accepted is a finding again. Put it right, or give the suppression another day and say why.",
    GOOD.edited("2999-12-31", "2020-12-31"),
);

/// One without a reason.
pub static SUPPRESSION_REASON: Rule = rule(
    "suppression-reason",
    "A suppression does not say why",
    "Whoever reads it later cannot tell whether it still holds: write a reason.",
    GOOD.edited("the supplier adds the profiles in its next release", ""),
);

const PATH: Example = Example::r4(
    r#"[[path]]
glob = ["requests/*.json"]
endpoint = "A011"
"#,
);

/// What is said of payloads that there are not.
pub static PATH_UNUSED: Rule = Rule {
    good: PATH,
    ..rule(
        "path-unused",
        "What settings say of some paths is said of no payload",
        "The globs of a [[path]] fit no payload of the run, so that what it says is checked nowhere. They start from the folder of \
         ers-fhir.toml. Put them right, or remove the part.",
        PATH.edited("requests", "request"),
    )
};
