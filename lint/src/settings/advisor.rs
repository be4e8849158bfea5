//! The advisor file of HL7's validator: messages that a team suppressed there are suppressed here as well.
//!
//! Source: the help on advisors of <https://github.com/hapifhir/org.hl7.fhir.core>. The file names messages of that
//! validator. Those with a counterpart here, and invariants by their keys, are adopted; the others are listed.

use std::path::Path;

use serde::Deserialize;

use super::error::SettingsError;
use super::file::Suppression;

/// Messages of HL7's validator, and their counterparts among the rules.
const MESSAGES: &[(&str, &str)] = &[
    ("Bundle_BUNDLE_Entry_NotFound", "bundle-reference-not-found"),
    ("Display_Name_for__should_be_one_of__instead_of", "wrong-display"),
    ("Extension_EXT_Unknown", "unknown-extension"),
    ("This_element_does_not_match_any_known_slice_", "slice-unmatched"),
    ("Validation_VAL_Profile_Maximum", "cardinality-max"),
    ("Validation_VAL_Profile_Minimum", "cardinality-min"),
    ("Validation_VAL_Profile_Unknown", "unknown-profile"),
];

/// The part of the file that is read; other members are ignored, as the format requires.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    suppress: Vec<String>,
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    filters: Vec<Filter>,
    #[serde(default)]
    options: Vec<String>,
}

#[derive(Deserialize)]
struct Filter {
    name: String,
    value: String,
}

/// The suppressions of an advisor file, and the messages without a counterpart here.
#[derive(Debug, Default)]
pub(super) struct Advice {
    pub(super) suppressions: Vec<Suppression>,
    pub(super) others: Vec<String>,
}

/// Reads an advisor file in its JSON form.
pub(super) fn read(path: &Path) -> Result<Advice, SettingsError> {
    let unreadable = |source| SettingsError::Unreadable { path: path.to_owned(), source };
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let file: File = serde_json::from_str(&text).map_err(|error| {
        let start =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        let place = start + error.column().saturating_sub(1);
        SettingsError::at(path, &text, place, format!("this is not an advisor file: {error}"))
    })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut advice = Advice::default();
    for entry in file.suppress {
        let (id, at) = entry.split_once('@').map_or((&*entry, None), |(id, at)| (id, Some(at)));
        match (rule(id), at.map_or(Ok(None), place)) {
            (Some(rule), Ok(at)) => advice.suppressions.push(suppression(rule, at, &name)),
            _ => advice.others.push(entry),
        }
    }
    for rule in file.rules {
        match rule.suppressed() {
            Some((key, at)) => advice.suppressions.push(suppression(key, at, &name)),
            None => advice.others.push(format!("the rule for {}", rule.kind)),
        }
    }
    Ok(advice)
}

fn suppression(rule: &str, at: Option<String>, file: &str) -> Suppression {
    let reason = Some(format!("suppressed in {file}"));
    Suppression { rule: rule.to_owned(), at, reason, ..Suppression::default() }
}

/// The rule of a message, or the key of the invariant that it is about.
fn rule(id: &str) -> Option<&str> {
    if let Some((url, key)) = id.rsplit_once('#') {
        return (url.contains("://") && !key.is_empty()).then_some(key);
    }
    MESSAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(id)).map(|(_, rule)| *rule)
}

/// A directive without a counterpart among suppressions.
struct NoPlace;

/// A path in the form of suppressions; none means everywhere.
///
/// A path that ends with `.*` means everything below, as the path alone does here.
fn place(path: &str) -> Result<Option<String>, NoPlace> {
    let at = path.strip_suffix(".*").unwrap_or(path);
    match at {
        "" | "*" => Ok(None),
        _ if at.contains(['*', '[', '^']) => Err(NoPlace),
        _ => Ok(Some(at.to_owned())),
    }
}

impl Rule {
    /// The invariant that the directive turns off, and where; `None` if it does something else.
    fn suppressed(&self) -> Option<(&str, Option<String>)> {
        let (mut key, mut at) = (None, None);
        for filter in &self.filters {
            match filter.name.as_str() {
                "key" if !filter.value.contains(['*', '^']) => key = Some(filter.value.as_str()),
                "path" => at = place(&filter.value).ok()?,
                _ => return None,
            }
        }
        key.filter(|_| self.kind == "invariant" && self.options.is_empty()).map(|key| (key, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice(text: &str) -> Result<Advice, String> {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("advisor.json");
        std::fs::write(&path, text).expect("it can be written");
        read(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn what_has_a_counterpart_is_taken_over_and_the_rest_is_listed() {
        let advice = advice(
            r#"{
                "comment": "ignored",
                "suppress": [
                    "http://hl7.org/fhir/StructureDefinition/DomainResource#dom-6",
                    "extension_ext_unknown@Patient.contact",
                    "MSG_DRAFT",
                    "Extension_EXT_Unknown@Patient.*.period"
                ],
                "rules": [
                    { "type": "invariant", "filters": [{ "name": "key", "value": "pat-1" },
                      { "name": "path", "value": "Patient.contact.*" }], "options": [] },
                    { "type": "invariant", "filters": [{ "name": "key", "value": "x-1" }], "options": ["check"] },
                    { "type": "element", "filters": [], "options": [] }
                ]
            }"#,
        );
        let advice = advice.expect("it can be read");
        let taken: Vec<_> =
            advice.suppressions.iter().map(|taken| (taken.rule.as_str(), taken.at.as_deref())).collect();
        assert_eq!(
            taken,
            [
                ("dom-6", None),
                ("unknown-extension", Some("Patient.contact")),
                ("pat-1", Some("Patient.contact"))
            ]
        );
        assert_eq!(
            advice.others,
            [
                "MSG_DRAFT",
                "Extension_EXT_Unknown@Patient.*.period",
                "the rule for invariant",
                "the rule for element"
            ]
        );
    }

    #[test]
    fn each_message_has_a_rule() {
        for (message, rule) in MESSAGES {
            assert!(ers_fhir_validator::rule::all().any(|known| known.code == *rule), "{message}: {rule}");
        }
    }

    #[test]
    fn what_is_none_is_said_with_its_place() {
        let said = advice("{\n  \"suppress\": 1 }").expect_err("it is none");
        assert!(said.contains("advisor.json:2:1") && said.contains("not an advisor file"), "{said}");
    }
}
