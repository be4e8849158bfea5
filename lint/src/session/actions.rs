//! Actions on a referral, compared with those that A029 has listed.

use std::collections::{BTreeMap, BTreeSet};

use ers_fhir_report::{CallPart, Diagnostic, def, text};

use super::facts::{Facts, reference_version, strings};
use crate::finding::about;
use crate::rule;

/// The actions that were listed for a version of a referral.
#[derive(Debug, Default)]
pub(super) struct Actions {
    offered: BTreeMap<(String, u64), BTreeSet<String>>,
}

/// The action that each operation carries out.
const ACTIONS: &[(&str, &str)] = &[
    ("A016", "CREATE_APPOINTMENT"),
    ("A028", "RECORD_REVIEW_OUTCOME"),
    ("A031", "CHANGE_SHORTLIST"),
    ("A032", "CHANGE_SHORTLIST_AND_SEND_FOR_TRIAGE"),
    ("A034", "CANCEL_DIRECTLY_BOOKED_APPOINTMENT"),
    ("A036", "CANCEL_REFERRAL"),
];

impl Actions {
    /// If the actions were queried, the one taken is among them.
    pub(super) fn check(
        &self,
        facts: &Facts<'_>,
        version_of: impl Fn(&str) -> Option<u64>,
        found: &mut Vec<Diagnostic>,
    ) {
        if self.offered.is_empty() {
            return;
        }
        let Some((_, action)) = ACTIONS.iter().find(|(id, _)| *id == facts.endpoint.id) else { return };
        let named = strings(&facts.request).into_iter().find_map(reference_version);
        // The cancelled appointment names the version that the referral had when the appointment was
        // read.
        let version = |ubrn: &str, named: u64| {
            if facts.endpoint.id == "A034" { version_of(ubrn).unwrap_or(named) } else { named }
        };
        let named = named.map(|(_, ubrn, number)| (ubrn.to_owned(), version(ubrn, number)));
        let of_path = || Some((facts.id?.to_owned(), facts.if_match?));
        let Some(offered) = named.or_else(of_path).and_then(|referral| self.offered.get(&referral)) else {
            return;
        };
        if !offered.contains(*action) {
            let message = text!("A029 has not listed {} for this version of the referral", def(action));
            found.push(about(&rule::ACTION, CallPart::Method, message));
        }
    }

    /// Records what an answer of A029 shows for later calls.
    pub(super) fn learn(&mut self, facts: &Facts<'_>) {
        if facts.endpoint.id != "A029" {
            return;
        }
        let focus = facts.query.iter().find(|(name, _)| name == "focus");
        let Some((_, ubrn, version)) = focus.and_then(|(_, focus)| reference_version(focus)) else { return };
        let entries = facts.answer["entry"].as_array().into_iter().flatten();
        let codes = entries.filter_map(|entry| entry["resource"]["code"]["coding"][0]["code"].as_str());
        let codes = codes.map(str::to_owned).collect();
        self.offered.insert((ubrn.to_owned(), version), codes);
    }
}
