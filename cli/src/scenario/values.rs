//! Values that are carried from an answer to later calls.

use std::collections::BTreeMap;

use ers_fhir_lint::Validators;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::tree::Document;
use serde_json::Value;

/// The kept values, by name.
#[derive(Default)]
pub(super) struct Values(BTreeMap<String, String>);

impl Values {
    pub(super) fn keep(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }

    /// A text with each `${name}` replaced by the kept value.
    pub(super) fn fill(&self, text: &str) -> Result<String, String> {
        self.filled(text, str::to_owned)
    }

    /// The same for the texts in JSON.
    pub(super) fn fill_json(&self, text: &str) -> Result<String, String> {
        self.filled(text, |value| {
            let quoted = Value::from(value).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        })
    }

    fn filled(&self, text: &str, written: impl Fn(&str) -> String) -> Result<String, String> {
        let mut made = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((name, after)) = behind.split_once('}') else {
                return Err("a ${ is not closed".to_owned());
            };
            let value = self.0.get(name).ok_or_else(|| {
                let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
                match known.as_slice() {
                    [] => format!("nothing was kept as '{name}'"),
                    some => format!("nothing was kept as '{name}', only {}", some.join(", ")),
                }
            })?;
            made.push_str(before);
            made.push_str(&written(value));
            rest = after;
        }
        made.push_str(rest);
        Ok(made)
    }
}

/// The values that an expression selects from a body.
pub(super) fn selected(
    expression: &str,
    body: &[u8],
    release: FhirVersion,
    validators: &Validators,
) -> Result<Vec<String>, String> {
    let document = Document::parse(body).map_err(|_| "the answer is not FHIR".to_owned())?;
    let items = validators.of(release).evaluate(expression, Some(&document));
    let items = items.map_err(|error| error.to_string())?;
    Ok(items.into_iter().filter_map(|item| item.value).collect())
}

/// The state of the referral in a body, at any depth.
pub(super) fn state(body: &[u8]) -> Option<String> {
    fn find(value: &Value) -> Option<&str> {
        match value {
            Value::Array(items) => items.iter().find_map(find),
            Value::Object(fields) => {
                let url = fields.get("url").and_then(Value::as_str).unwrap_or_default();
                if url.ends_with("/Extension-eRS-ReferralState-1") {
                    let parts = fields.get("extension")?.as_array()?;
                    let part = parts.iter().find(|part| part["url"] == "state")?;
                    return part["valueCoding"]["code"].as_str();
                }
                fields.values().find_map(find)
            }
            _ => None,
        }
    }
    find(&serde_json::from_slice(body).ok()?).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Values, state};

    #[test]
    fn values_are_put_where_they_are_named() {
        let mut values = Values::default();
        values.keep("ubrn", "000049900001".to_owned());
        values.keep("said", "a \"word\"".to_owned());
        assert_eq!(values.fill("Binary/${ubrn}!").as_deref(), Ok("Binary/000049900001!"));
        assert_eq!(values.fill_json(r#"{ "a": "${said}" }"#).as_deref(), Ok(r#"{ "a": "a \"word\"" }"#));
        values.keep("end", "a \"".to_owned());
        assert_eq!(values.fill_json(r#""${end}""#).as_deref(), Ok(r#""a \"""#));
        assert!(values.fill("${other}").is_err_and(|error| error.contains("'other'")));
        assert!(values.fill("${ubrn").is_err());
    }

    #[test]
    fn the_state_is_found_wherever_the_referral_is() {
        let referral = r#"{ "extension": [{ "url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-ReferralState-1",
            "extension": [{ "url": "state", "valueCoding": { "code": "BOOKED" } }] }] }"#;
        assert_eq!(state(referral.as_bytes()).as_deref(), Some("BOOKED"));
        let inside = format!(r#"{{ "parameter": [{{ "resource": {referral} }}] }}"#);
        assert_eq!(state(inside.as_bytes()).as_deref(), Some("BOOKED"));
        assert_eq!(state(b"{}"), None);
    }
}
