//! Bundles that searches are answered with.

use serde_json::{Value, json};

use crate::moment::Moment;

/// Why something is in a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It was searched for.
    Match,
    /// It belongs to what was.
    Include,
}

/// A bundle in the making.
pub(crate) struct Bundle {
    id: String,
    now: Moment,
    links: Vec<Value>,
    entries: Vec<Value>,
    total: Option<usize>,
    is_stu3: bool,
    has_timestamp: bool,
}

impl Bundle {
    /// A bundle of STU3, read at that address.
    pub(crate) fn stu3(id: String, now: Moment, address: &str) -> Self {
        let links = vec![json!({ "relation": "self", "url": address })];
        Self { id, now, links, entries: Vec::new(), total: None, is_stu3: true, has_timestamp: false }
    }

    /// A bundle of R4, read at that address.
    pub(crate) fn r4(id: String, now: Moment, address: &str) -> Self {
        Self { is_stu3: false, ..Self::stu3(id, now, address) }
    }

    /// The same with a timestamp.
    pub(crate) fn timed(self) -> Self {
        Self { has_timestamp: true, ..self }
    }

    /// The same with another link.
    pub(crate) fn link(mut self, relation: &str, url: &str) -> Self {
        self.links.push(json!({ "relation": relation, "url": url }));
        self
    }

    /// The same, saying how many there are in all.
    pub(crate) fn total(self, total: usize) -> Self {
        Self { total: Some(total), ..self }
    }

    /// Adds what is read at that address.
    pub(crate) fn add(&mut self, address: String, resource: Value, mode: Mode) {
        let mode = if mode == Mode::Match { "match" } else { "include" };
        let mut entry = json!({ "search": { "mode": mode } });
        entry["fullUrl"] = Value::from(address);
        entry["resource"] = resource;
        self.entries.push(entry);
    }

    /// The bundle.
    pub(crate) fn finish(self) -> Value {
        let now = self.now.to_string();
        let mut made = json!({
            "resourceType": "Bundle",
            "id": self.id,
            "meta": { "lastUpdated": now },
            "type": "searchset",
            "link": self.links,
        });
        if self.is_stu3 {
            made["meta"]["profile"] = json!(["http://hl7.org/fhir/STU3/StructureDefinition/Bundle"]);
        }
        if self.has_timestamp {
            made["timestamp"] = Value::from(now);
        }
        if let Some(total) = self.total {
            made["total"] = Value::from(total);
        }
        if !self.entries.is_empty() {
            made["entry"] = Value::from(self.entries);
        }
        made
    }
}
