//! What changed in the codes of a value set or a code system.

use std::collections::BTreeMap;
use std::sync::Arc;

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::terminology::{Expansion, Terminology};

use super::sides::{Sides, difference};
use crate::page::{Difference, Weight};

/// The largest number of codes of a value set to compare.
const MOST_CODES: usize = 20_000;

/// Codes with their displays.
type Codes = BTreeMap<String, Option<String>>;

/// The changes in the codes of a value set, as far as they are certain.
pub(super) fn value_set(sides: &Sides<'_>, url: &str) -> Vec<Difference> {
    let (Some((old, _)), Some((new, gap))) = (expanded(sides.old, url), expanded(sides.new, url)) else {
        return vec![difference(
            Weight::Note,
            "",
            "The versions cannot be compared: one of them cannot be read.",
        )];
    };
    let mut found = changes(&old, &new);
    if gap && old.len() + new.len() > 0 && !found.is_empty() {
        found.push(difference(Weight::Note, "", "There may be more codes than could be compared."));
    }
    if let (Ok(Some(old)), Ok(Some(new))) = (sides.old.value_set(url), sides.new.value_set(url))
        && found.is_empty()
        && (&old.include, &old.exclude) != (&new.include, &new.exclude)
    {
        found.push(difference(Weight::Must, "", "Its codes changed, and cannot be listed here."));
    }
    found
}

fn expanded(definitions: &Arc<Definitions>, url: &str) -> Option<(Codes, bool)> {
    let set = definitions.value_set(url).ok()??;
    let terminology = Terminology::new(Arc::clone(definitions));
    let found = Expansion::new(set).enumerate(&terminology, MOST_CODES);
    let named = found.codes.into_iter().map(|code| {
        let system = code.system.map_or_else(String::new, |system| format!("{system}#"));
        (format!("{system}{}", code.code), code.display)
    });
    Some((named.collect(), found.gap.is_some()))
}

/// The changes in the codes of a code system.
pub(super) fn code_system(sides: &Sides<'_>, url: &str) -> Vec<Difference> {
    let codes = |definitions: &Definitions| {
        let system = definitions.code_system(url).ok()??;
        Some(system.concepts.iter().map(|one| (one.code.clone(), one.display.clone())).collect::<Codes>())
    };
    match (codes(sides.old), codes(sides.new)) {
        (Some(old), Some(new)) => changes(&old, &new),
        _ => {
            vec![difference(Weight::Note, "", "The versions cannot be compared: one of them cannot be read.")]
        }
    }
}

fn changes(old: &Codes, new: &Codes) -> Vec<Difference> {
    let mut found = Vec::new();
    for code in old.keys().filter(|code| !new.contains_key(*code)) {
        found.push(difference(Weight::Must, code, "The code was removed: send another."));
    }
    for (code, display) in new {
        match old.get(code) {
            None => found.push(difference(Weight::May, code, "The code is new.")),
            Some(was) if was != display => {
                let [was, is] = [was, display].map(|text| text.as_deref().unwrap_or("nothing"));
                found.push(difference(
                    Weight::Note,
                    code,
                    format!("Its display is now {is}; before, {was}."),
                ));
            }
            Some(_) => {}
        }
    }
    found
}
