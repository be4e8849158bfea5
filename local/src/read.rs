//! Reading bodies of requests whose structure has been checked.

use std::sync::Arc;

use serde_json::Value;

use crate::refusal::{Outcome, Refusal};
use crate::state::{DocumentKind, Priority};

/// A resource that was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent<'s>(pub(crate) &'s Value);

pub(crate) fn missing(name: &str) -> Refusal {
    Refusal::of("MISSING_VALUE", format!("{name} is missing"))
}

impl<'s> Sent<'s> {
    fn parameters(self) -> impl Iterator<Item = &'s Value> {
        self.0["parameter"].as_array().into_iter().flatten()
    }

    pub(crate) fn all(self, name: &'s str) -> impl Iterator<Item = &'s Value> {
        self.parameters().filter(move |parameter| parameter["name"] == name)
    }

    pub(crate) fn find(self, name: &str) -> Option<&'s Value> {
        self.parameters().find(|parameter| parameter["name"] == name)
    }

    /// The code of a parameter.
    pub(crate) fn code(self, name: &str) -> Option<&'s str> {
        let parameter = self.find(name)?;
        let concept = &parameter["valueCodeableConcept"]["coding"];
        let concept = concept.get(0).unwrap_or(concept);
        parameter["valueCoding"]["code"].as_str().or(concept["code"].as_str())
    }

    pub(crate) fn identifier(self, name: &str) -> Option<&'s str> {
        self.find(name)?["valueIdentifier"]["value"].as_str()
    }

    pub(crate) fn text(self, name: &str) -> Option<&'s str> {
        self.find(name)?["valueString"].as_str()
    }

    pub(crate) fn boolean(self, name: &str) -> Option<bool> {
        self.find(name)?["valueBoolean"].as_bool()
    }

    pub(crate) fn number(self, name: &str) -> Option<u64> {
        self.find(name)?["valueUnsignedInt"].as_u64()
    }

    pub(crate) fn required_code(self, name: &str) -> Outcome<&'s str> {
        self.code(name).ok_or_else(|| missing(name))
    }

    pub(crate) fn priority(self, name: &str) -> Outcome<Option<Priority>> {
        let Some(code) = self.code(name) else { return Ok(None) };
        let known = Priority::of(code);
        known.map(Some).ok_or_else(|| {
            Refusal::of(
                "INVALID_CODE",
                format!(
                    "{name}: '{code}' is not a \
             priority"
                ),
            )
        })
    }

    /// A required text of limited length.
    pub(crate) fn required_text(self, name: &str, most: usize) -> Outcome<&'s str> {
        let text = self.text(name).ok_or_else(|| missing(name))?;
        if text.trim().is_empty() {
            return Err(Refusal::of("INVALID_VALUE", format!("{name} is empty")));
        }
        within(name, text, most)
    }

    /// An optional text.
    pub(crate) fn optional_text(self, name: &str, most: usize) -> Outcome<Option<&'s str>> {
        let text = self.text(name).filter(|text| !text.trim().is_empty());
        text.map(|text| within(name, text, most)).transpose()
    }
}

pub(crate) fn within<'t>(name: &str, text: &'t str, most: usize) -> Outcome<&'t str> {
    let count = text.chars().count();
    if count > most {
        return Err(Refusal::of(
            "INVALID_VALUE",
            format!("{name} has {count} characters, but may have at most {most}"),
        ));
    }
    Ok(text)
}

/// A search, and the services that were chosen from its results.
#[derive(Debug, Clone)]
pub(crate) struct Shortlist {
    pub(crate) criteria: Arc<Value>,
    pub(crate) services: Vec<String>,
}

impl Shortlist {
    /// Reads the shortlist of a request.
    pub(crate) fn of(sent: Sent<'_>) -> Outcome<Self> {
        let list = &sent.find("shortlist").ok_or_else(|| missing("shortlist"))?["resource"];
        let contained = list["contained"].as_array().into_iter().flatten();
        let criteria = contained.into_iter().find(|resource| resource["resourceType"] == "Parameters");
        let criteria = criteria.ok_or_else(|| missing("the search criteria of the shortlist"))?;
        let entries = list["entry"].as_array().into_iter().flatten();
        let services = entries.filter_map(|entry| entry["item"]["identifier"]["value"].as_str());
        let services: Vec<String> = services.map(str::to_owned).collect();
        if services.is_empty() {
            return Err(missing("an entry of the shortlist"));
        }
        Ok(Self { criteria: Arc::new(criteria["parameter"].clone()), services })
    }

    /// At most so many services, and none twice.
    pub(crate) fn check(&self, most: usize) -> Outcome<()> {
        if self.services.len() > most {
            let count = self.services.len();
            let diagnostics = format!("the shortlist has {count} services, but may have at most {most}");
            return Err(Refusal::of("TOO_MANY_ITEMS", diagnostics));
        }
        for (place, service) in self.services.iter().enumerate() {
            if self.services[..place].contains(service) {
                let diagnostics = format!("the service {service} is on the shortlist twice");
                return Err(Refusal::of("DUPLICATE_SERVICE", diagnostics));
            }
        }
        Ok(())
    }
}

/// A file to attach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ToAttach {
    pub(crate) file: String,
    pub(crate) kind: DocumentKind,
    pub(crate) description: Option<String>,
}

/// The files of a request that are to be attached as that.
pub(crate) fn to_attach(sent: Sent<'_>, name: &str, kind: DocumentKind) -> Outcome<Vec<ToAttach>> {
    let mut all: Vec<ToAttach> = Vec::new();
    for (place, parameter) in sent.all(name).enumerate() {
        let document = &parameter["resource"];
        let url = document["content"][0]["attachment"]["url"].as_str();
        let url = url.ok_or_else(|| missing(&format!("the url of {name}[{place}]")))?;
        let Some(file) = url.strip_prefix("Binary/") else {
            return Err(Refusal::of(
                "REFERENCE_NOT_FOUND",
                format!("{name}[{place}]: '{url}' is not a file"),
            ));
        };
        if all.iter().any(|other| other.file == file) {
            return Err(Refusal::of(
                "DUPLICATE_FILENAME",
                format!("{name}[{place}]: the file is named twice"),
            ));
        }
        let coding = &document["type"]["coding"];
        if coding[0]["code"] != kind.code() {
            let diagnostics = format!("{name}[{place}]: the type must be {}", kind.code());
            return Err(Refusal::of("INAPPROPRIATE_VALUE", diagnostics));
        }
        all.push(ToAttach {
            file: file.to_owned(),
            kind,
            description: document["description"].as_str().map(str::to_owned),
        });
    }
    Ok(all)
}

/// Type, id and version of `ReferralRequest/000000070000/_history/5`.
pub(crate) fn versioned<'r>(reference: &'r str, kind: &str) -> Option<(&'r str, u64)> {
    let rest = reference.strip_prefix(kind)?.strip_prefix('/')?;
    let (id, version) = rest.split_once("/_history/")?;
    let is_ubrn = id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit());
    is_ubrn.then_some(())?;
    version.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    Some((id, version.parse().ok()?))
}
