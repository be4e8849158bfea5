//! Packages that others depend on and that are not available.

use ers_fhir_packages::Unmet;
use ers_fhir_report::render::Checked;
use ers_fhir_report::{Diagnostic, Report, def, text};

use crate::rule::package::PACKAGE_MISSING;

/// An unmet dependency, on one line.
pub fn line(unmet: &Unmet) -> String {
    let finding = finding(unmet);
    let help = finding.suggestion.map(|help| help.revealed().to_owned()).unwrap_or_default();
    format!("{}; {help}", finding.message.revealed())
}

/// The findings about unmet dependencies of packages, one for each.
pub(crate) fn checked(unmet: &[Unmet]) -> Vec<Checked> {
    let mut all: Vec<Checked> = Vec::new();
    for one in unmet {
        let title = &one.needed_by;
        let at = all.iter().position(|checked| checked.name == *title).unwrap_or_else(|| {
            all.push(Checked::blank(title.clone()));
            all.len() - 1
        });
        let Checked { report, .. } = &mut all[at];
        *report =
            Report::new(std::mem::take(&mut report.diagnostics).into_iter().chain([finding(one)]).collect());
    }
    all
}

fn finding(unmet: &Unmet) -> Diagnostic {
    let Unmet { name, version, needed_by, others, error } = unmet;
    let wanted = format!("{name}#{version}");
    let message = match error {
        Some(error) => {
            let error = error.to_string();
            text!(
                "{}, which {} depends on, cannot be used ({}), so its definitions are unknown",
                def(&wanted),
                def(needed_by),
                def(&error)
            )
        }
        None if others.is_empty() => {
            text!(
                "{}, which {} depends on, is not available, so its definitions are unknown",
                def(&wanted),
                def(needed_by)
            )
        }
        None => {
            let others = others.join(", ");
            text!(
                "{}, which {} depends on, is not available, only {}, so its definitions are unknown",
                def(&wanted),
                def(needed_by),
                def(&others)
            )
        }
    };
    let help = match others.last() {
        None => text!("get it with `ers-fhir package add {}`, or for this run with --online", def(needed_by)),
        Some(other) => text!(
            "get it with `ers-fhir package add {}`, or for this run with --online; or use {} instead: \
             `ers-fhir package restore --override {}#{}`",
            def(needed_by),
            def(other),
            def(name),
            def(other)
        ),
    };
    Diagnostic { suggestion: Some(help), ..Diagnostic::new(&PACKAGE_MISSING, message) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use ers_fhir_packages::Shelves;

    use crate::rule::package::RULES;
    use crate::{Packages, Tell};

    struct Silent;

    impl Tell for Silent {
        fn complain(&self, message: &str) {
            panic!("{message}");
        }

        fn warn(&self, _: &str) {}
    }

    #[test]
    fn examples_of_rules_do_what_their_pages_say() {
        for rule in RULES {
            for (example, expected) in [(&rule.bad, vec![rule.code]), (&rule.good, vec![])] {
                let temp = tempfile::tempdir().unwrap();
                fs::write(temp.path().join("package.json"), example.payload.bytes()).unwrap();
                let system = r#"{"resourceType":"CodeSystem","url":"http://example.org/s","status":"active","content":"complete"}"#;
                fs::write(temp.path().join("system.json"), system).unwrap();
                let shelves = Shelves::new([temp.path().join("none")]);
                let (packages, _) = Packages::open(&[temp.path().to_owned()], &shelves, &Silent);
                let missing = packages.missing();
                let found: Vec<&str> =
                    missing.iter().flat_map(|checked| checked.report.all()).map(|it| it.rule.code).collect();
                assert_eq!(found, expected);
                assert!(missing.iter().all(|checked| checked.name == "example.guide#1.0.0"));
            }
        }
    }
}
