//! Rules about settings.

use ers_fhir_report::{Example, Issue, Rule, Severity};

/// Every rule about settings.
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

/// A suppression without findings.
pub static SUPPRESSION_UNUSED: Rule = rule(
    "suppression-unused",
    "A suppression accepts no finding",
    "The finding that it accepted was fixed, or its rule, path or place is misspelt. Remove it, so that it \
     does not hide the same mistake in future.",
    GOOD.edited("no-profile", "no-profil"),
);

/// An expired suppression.
pub static SUPPRESSION_EXPIRED: Rule = rule(
    "suppression-expired",
    "A suppression has expired",
    "Its findings are reported again. Fix them, or give the suppression a later day and say why.",
    GOOD.edited("2999-12-31", "2020-12-31"),
);

/// A suppression without a reason.
pub static SUPPRESSION_REASON: Rule = rule(
    "suppression-reason",
    "A suppression does not say why",
    "Give a reason, so that later readers can tell whether the suppression is still needed.",
    GOOD.edited("the supplier adds the profiles in its next release", ""),
);

const PATH: Example = Example::r4(
    r#"[[path]]
glob = ["requests/*.json"]
endpoint = "A011"
"#,
);

/// A part of the settings without payloads.
pub static PATH_UNUSED: Rule = Rule {
    good: PATH,
    ..rule(
        "path-unused",
        "A [[path]] of the settings matches no payload",
        "The globs of a [[path]] match no payload of the run, so it has no effect. They are relative to the \
         folder of ers-fhir.toml. Correct them, or remove the [[path]].",
        PATH.edited("requests", "request"),
    )
};
