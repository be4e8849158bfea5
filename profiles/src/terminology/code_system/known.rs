//! What is known about a code system, for questions about its codes.

use std::sync::{Arc, OnceLock};

use ers_fhir_values::grammar::{Grammar, fills_template};
use rustc_hash::FxHashMap;

use super::hierarchy::Hierarchy;
use super::parted::Parted;
use crate::definition::{CodeSystem, CodeSystemContent, Concept};
use crate::terminology::compact::Compact;
use crate::terminology::likely::Likely;
use crate::terminology::membership::{Membership, Reason};

/// The concepts of a code system by code.
#[derive(Debug)]
pub(crate) struct SystemIndex {
    pub(crate) definition: Arc<CodeSystem>,
    url: Arc<str>,
    by_code: FxHashMap<Box<str>, u32>,
    hierarchy: OnceLock<Hierarchy>,
    /// The concepts in the form in which wrong codes are compared with them.
    pub(crate) likely: OnceLock<Vec<Likely>>,
}

impl SystemIndex {
    pub(crate) fn new(definition: Arc<CodeSystem>) -> Self {
        let mut by_code = FxHashMap::default();
        by_code.reserve(definition.concepts.len());
        for (index, concept) in (0_u32..).zip(&definition.concepts) {
            by_code.entry(concept.code.as_str().into()).or_insert(index);
        }
        let url = definition.url.as_str().into();
        Self { definition, url, by_code, hierarchy: OnceLock::new(), likely: OnceLock::new() }
    }

    /// The index of the concept with that code, exactly as written.
    pub(crate) fn find_exactly(&self, code: &str) -> Option<u32> {
        self.by_code.get(code).copied()
    }

    /// The index of the concept with that code, with case treated as the system says.
    pub(crate) fn find(&self, code: &str) -> Option<u32> {
        let exact = self.find_exactly(code);
        if exact.is_some() || self.definition.case_sensitive {
            return exact;
        }
        // Only for codes that are unknown or oddly written: not worth a second map.
        (0_u32..)
            .zip(&self.definition.concepts)
            .find_map(|(index, c)| c.code.eq_ignore_ascii_case(code).then_some(index))
    }

    pub(crate) fn concept(&self, index: u32) -> Option<&Concept> {
        self.definition.concepts.get(index as usize)
    }

    pub(crate) fn hierarchy(&self) -> &Hierarchy {
        self.hierarchy
            .get_or_init(|| Hierarchy::new(&self.definition, |code| self.by_code.get(code).copied()))
    }

    /// Whether any concept has that property.
    pub(crate) fn uses_property(&self, property: &str) -> bool {
        self.definition.concepts.iter().any(|c| c.properties.iter().any(|(name, _)| name == property))
    }
}

/// Whether a concept is no longer to be used.
pub(crate) fn is_inactive(concept: &Concept) -> bool {
    concept.properties.iter().any(|(name, value)| match name.as_str() {
        "inactive" => value == "true",
        "status" => matches!(value.as_str(), "inactive" | "retired"),
        _ => false,
    })
}

/// Whether a concept only groups others and is not to be used as a value.
pub(crate) fn is_abstract(concept: &Concept) -> bool {
    concept.properties.iter().any(|(name, value)| name == "notSelectable" && value == "true")
}

/// What a grammar says about a code, if it says anything.
fn decided(grammar: Option<Grammar>, code: &str) -> Option<Membership> {
    grammar?.accepts(code).map(Membership::from)
}

/// What is known about a code system.
#[derive(Debug, Clone)]
pub(crate) enum Known {
    /// Its concepts, all of them or some.
    Concepts { index: Arc<SystemIndex>, is_whole: bool },
    /// The same, but parts are only read when they are needed.
    Parted(Arc<Parted>),
    /// Its codes, their "is a" hierarchy, and its URL.
    Compact(Arc<Compact>, Arc<str>),
    /// The form of its codes.
    Grammar(Grammar, Arc<str>),
    /// Nothing, and the reason.
    Nothing(Reason),
}

impl Known {
    /// Knowledge from a definition, or from the URL alone if there is none.
    pub(crate) fn new(url: &str, definition: Option<Arc<CodeSystem>>) -> Self {
        let definition = definition
            .filter(|d| !matches!(d.content, CodeSystemContent::NotPresent | CodeSystemContent::Supplement));
        match (definition, Grammar::of(url)) {
            (Some(definition), _) => Self::Concepts {
                is_whole: definition.content == CodeSystemContent::Complete,
                index: Arc::new(SystemIndex::new(definition)),
            },
            (None, Some(grammar)) => Self::Grammar(grammar, url.into()),
            (None, None) => Self::Nothing(Reason::NoSystem(url.into())),
        }
    }

    /// Whether a text is a code of a large system, and not an expression of several.
    pub(crate) fn is_code(text: &str) -> bool {
        text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    }

    /// The same, with all concepts read.
    pub(crate) fn whole(&self) -> &Self {
        if let Self::Parted(parted) = self { parted.whole() } else { self }
    }

    /// The same codes, standing in for a version that is not here.
    pub(crate) fn of_other_version(&self) -> Self {
        match self.whole() {
            Self::Concepts { index, .. } => Self::Concepts { index: Arc::clone(index), is_whole: false },
            other => other.clone(),
        }
    }

    /// Whether it is a list of codes.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self, Self::Concepts { .. } | Self::Parted(_))
    }

    /// The version of the code system, if it has one.
    pub(crate) fn version(&self) -> Option<&str> {
        match self {
            Self::Concepts { index, .. } => index.definition.version.as_deref(),
            Self::Parted(parted) => parted.head()?.version.as_deref(),
            _ => None,
        }
    }

    /// Whether the code is one of its concepts, exactly as written.
    pub(crate) fn lists(&self, code: &str) -> bool {
        match self {
            Self::Concepts { index, .. } => index.find_exactly(code).is_some(),
            Self::Parted(parted) => parted.find(code).is_some(),
            _ => false,
        }
    }

    /// Whether the system has that code.
    pub(crate) fn contains(&self, code: &str) -> Membership {
        match self {
            Self::Parted(parted) if parted.find(code).is_some() => Membership::In,
            Self::Parted(parted) => parted.whole().contains(code),
            Self::Concepts { index, .. } if index.find(code).is_some() => Membership::In,
            Self::Concepts { index, .. } if fills_template(&index.url, code) => Membership::In,
            Self::Concepts { is_whole: true, .. } => Membership::Out,
            Self::Concepts { index, .. } => decided(Grammar::of(&index.url), code)
                .unwrap_or_else(|| Membership::Undecided(Reason::PartialSystem(Arc::clone(&index.url)))),
            Self::Compact(compact, _) if compact.find(code).is_some() => Membership::In,
            Self::Compact(compact, url) => {
                // An expression is not a code, and a part of a system may lack codes that the whole has.
                let refused = decided(Grammar::of(url), code).filter(|answer| *answer == Membership::Out);
                match refused {
                    Some(out) => out,
                    None if compact.head().is_whole && Self::is_code(code) => Membership::Out,
                    None => Membership::Undecided(Reason::PartialSystem(Arc::clone(url))),
                }
            }
            Self::Grammar(grammar, url) => decided(Some(*grammar), code)
                .unwrap_or_else(|| Membership::Undecided(Reason::NoSystem(Arc::clone(url)))),
            Self::Nothing(reason) => Membership::Undecided(reason.clone()),
        }
    }

    /// The place of the concept with that code.
    pub(crate) fn find(&self, code: &str) -> Option<(Arc<SystemIndex>, u32)> {
        let (index, found) = self.find_in(code)?;
        Some((Arc::clone(index), found))
    }

    fn find_in(&self, code: &str) -> Option<(&Arc<SystemIndex>, u32)> {
        match self {
            Self::Concepts { index, .. } => Some((index, index.find(code)?)),
            Self::Parted(parted) => parted.find(code).or_else(|| parted.whole().find_in(code)),
            _ => None,
        }
    }

    /// The concept with that code.
    pub(crate) fn concept(&self, code: &str) -> Option<&Concept> {
        self.find_in(code).and_then(|(index, found)| index.concept(found))
    }

    /// Whether codes that differ by case alone are different codes; `None` where that is unknown.
    pub(crate) fn case_sensitive(&self) -> Option<bool> {
        match self {
            Self::Concepts { index, .. } => Some(index.definition.case_sensitive),
            Self::Parted(parted) => Some(parted.head()?.case_sensitive),
            Self::Compact(..) => Some(true),
            Self::Grammar(grammar, _) => Some(grammar.is_case_sensitive()),
            Self::Nothing(_) => None,
        }
    }
}
