//! Which cases do not apply, and why.

use std::fs;
use std::path::Path;

use ers_fhir_ers::service;
use serde::Deserialize;

/// The file of `--scope`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Scope {
    #[serde(default)]
    pub(super) not_applicable: Vec<Entry>,
}

/// Cases that do not apply.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) operation: String,
    /// One case; by default, all cases of the operation.
    pub(super) case: Option<String>,
    reason: String,
}

impl Scope {
    /// Reads a file; each entry must name an existing operation and case, and a reason.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let text =
            fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let scope: Self = toml::from_str(&text).map_err(|error| {
            let line = text[..error.span().map_or(0, |span| span.start)].matches('\n').count() + 1;
            format!("{}:{line}: {}", path.display(), error.message())
        })?;
        for Entry { operation, reason, .. } in &scope.not_applicable {
            service::named(operation).map_err(|error| format!("{}: {error}", path.display()))?;
            if reason.trim().is_empty() {
                return Err(format!(
                    "{}: give the reason why {operation} does not apply: the witness test exempts no case \
                     without one",
                    path.display()
                ));
            }
        }
        Ok(scope)
    }

    /// Why a case does not apply; `None` if it does. An entry for the case takes precedence over
    /// one for the operation.
    pub(super) fn reason(&self, operation: &str, case: &str) -> Option<&str> {
        let of_operation = || self.not_applicable.iter().filter(|entry| entry.operation == operation);
        let own = of_operation().find(|entry| entry.case.as_deref() == Some(case));
        own.or_else(|| of_operation().find(|entry| entry.case.is_none())).map(|entry| entry.reason.as_str())
    }
}
