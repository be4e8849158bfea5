//! The "is a" hierarchy of a code system.

use crate::definition::CodeSystem;
use crate::read::terminology::CONCEPT_PROPERTIES;

/// Whether a system uses the name of a property that FHIR defines with another meaning.
pub(crate) fn is_foreign(system: &CodeSystem, property: &str) -> bool {
    let declared = system.properties.iter().find(|(code, _)| code == property);
    declared
        .and_then(|(_, uri)| uri.as_deref())
        .is_some_and(|uri| uri.strip_prefix(CONCEPT_PROPERTIES) != Some(property))
}

/// The parents of every concept, by index.
#[derive(Debug)]
pub(crate) struct Hierarchy {
    parents: Vec<Vec<u32>>,
    /// Whether all parents are here.
    pub(crate) is_whole: bool,
}

impl Hierarchy {
    /// Gathers parents from nesting and from the properties `parent` and `child`.
    ///
    /// `find` gives the index of the concept with a code, the same one for a code that repeats.
    pub(crate) fn new(system: &CodeSystem, find: impl Fn(&str) -> Option<u32>) -> Self {
        // Nesting with another meaning (`part-of`, `grouped-by`) says nothing about "is a".
        let is_whole = matches!(system.hierarchy_meaning.as_deref(), None | Some("is-a"));
        let mut parents = vec![Vec::new(); system.concepts.len()];
        let mut add = |child: Option<u32>, parent: Option<u32>| {
            if let (Some(child), Some(parent)) = (child, parent)
                && let Some(known) = parents.get_mut(child as usize)
                && !known.contains(&parent)
            {
                known.push(parent);
            }
        };
        for concept in &system.concepts {
            let this = find(&concept.code);
            if let (true, Some(parent)) = (is_whole, concept.parent.and_then(|p| system.concepts.get(p))) {
                add(this, find(&parent.code));
            }
            for (property, value) in &concept.properties {
                match property.as_str() {
                    "parent" if !is_foreign(system, "parent") => add(this, find(value)),
                    "child" if !is_foreign(system, "child") => add(find(value), this),
                    _ => {}
                }
            }
        }
        Self { parents, is_whole }
    }

    /// The concepts directly above a concept.
    pub(crate) fn parents(&self, concept: u32) -> &[u32] {
        self.parents.get(concept as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether a concept is directly above no other.
    pub(crate) fn is_leaf(&self, concept: u32) -> bool {
        !self.parents.iter().any(|parents| parents.contains(&concept))
    }

    /// Whether `concept` lies below `ancestor`; no concept lies below itself, save in a cycle.
    pub(crate) fn is_below(&self, concept: u32, ancestor: u32) -> bool {
        let mut seen = vec![false; self.parents.len()];
        let mut open = self.parents(concept).to_vec();
        while let Some(next) = open.pop() {
            if next == ancestor {
                return true;
            }
            if let Some(seen) = seen.get_mut(next as usize)
                && !std::mem::replace(seen, true)
            {
                open.extend_from_slice(self.parents(next));
            }
        }
        false
    }
}
