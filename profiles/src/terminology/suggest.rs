//! What was probably meant by a wrong code.

use ers_fhir_values::grammar::Grammar;
use ers_fhir_values::suggest::edits;

use super::code_system::display;
use super::code_system::known::{Known, is_abstract};
use super::likely::{Likely, folded};
use super::membership::Membership;
use super::service::Terminology;
use super::value_set::Expansion;
use crate::definition::{Coding, Concept};

/// The longest list of allowed codes that is worth showing.
const MAX_ALLOWED: usize = 12;

/// The number of codes that are offered in place of a wrong one.
const MAX_NEAREST: usize = 3;

/// The number of codes that are compared with a wrong one.
const MAX_COMPARED: usize = 5_000;

/// The number of edits beyond which two codes are not alike.
const MAX_EDITS: usize = 3;

/// Longer texts are not compared: the work grows with the product of both lengths.
const MAX_CHARS: usize = 64;

/// Suggestions for a code that is not in a value set or code system.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggestion {
    /// The codes most like it, best first; empty if none is near.
    pub nearest: Vec<Coding>,
    /// Every allowed code, if they are all known and few.
    pub allowed: Vec<Coding>,
}

impl Expansion {
    /// Codes of this value set that may have been meant.
    pub fn suggest(&self, terminology: &Terminology, system: Option<&str>, code: &str) -> Suggestion {
        let (known, likely) = self.comparable.get_or_init(|| {
            let known = self.enumerate(terminology, MAX_COMPARED);
            let likely =
                known.codes.iter().map(|coding| Likely::new(&coding.code, coding.display.as_deref()));
            let likely = likely.collect();
            (known, likely)
        });
        let wrong = Wrong::new(code);
        let ranked = known.codes.iter().zip(likely).filter_map(|(candidate, likely)| {
            let distance = wrong.distance(likely)?;
            let is_elsewhere = system.is_some_and(|system| candidate.system.as_deref() != Some(system));
            Some((2 * distance + usize::from(is_elsewhere), candidate))
        });
        let mut nearest: Vec<Coding> = best(ranked).into_iter().cloned().collect();
        if nearest.is_empty() {
            let systems = self.systems().filter(|own| system.is_none_or(|system| system == *own));
            let meant = systems.filter_map(|own| of_form(Grammar::of(own)?, own, code));
            let is_in = |coding: &Coding| {
                self.contains(terminology, coding.system.as_deref(), &coding.code) == Membership::In
            };
            nearest = meant.filter(is_in).take(1).collect();
        }
        let is_short = known.gap.is_none() && known.codes.len() <= MAX_ALLOWED;
        Suggestion { nearest, allowed: if is_short { known.codes.clone() } else { Vec::new() } }
    }
}

impl Terminology {
    /// Codes of a code system that may have been meant by one it does not have.
    pub fn suggest_code(&self, system: &str, code: &str) -> Suggestion {
        let known = self.system(system);
        let index = match known.whole() {
            Known::Concepts { index, .. } => index,
            Known::Grammar(grammar, _) => {
                let nearest = Vec::from_iter(of_form(*grammar, system, code));
                return Suggestion { nearest, ..Suggestion::default() };
            }
            _ => return Suggestion::default(),
        };
        let wrong = Wrong::new(code);
        let concepts = || index.definition.concepts.iter().take(MAX_COMPARED);
        let likely = index.likely.get_or_init(|| {
            concepts().map(|concept| Likely::new(&concept.code, concept.display.as_deref())).collect()
        });
        let ranked =
            concepts().zip(likely).filter_map(|(concept, likely)| Some((wrong.distance(likely)?, concept)));
        let coding = |concept: &Concept| Coding {
            system: Some(system.to_owned()),
            code: concept.code.clone(),
            display: concept.display.clone(),
        };
        let nearest = best(ranked).into_iter().map(coding).collect();
        let usable = || concepts().filter(|concept| !is_abstract(concept));
        let is_short = usable().nth(MAX_ALLOWED).is_none();
        let allowed = if is_short { usable().map(coding).collect() } else { Vec::new() };
        Suggestion { nearest, allowed }
    }
}

/// The code of a system without a list that differs from a wrong one only in its form.
fn of_form(grammar: Grammar, system: &str, code: &str) -> Option<Coding> {
    Some(Coding { system: Some(system.to_owned()), code: grammar.meant(code)?, display: None })
}

/// The best few, with equal ones in their original order.
fn best<'a, T>(ranked: impl Iterator<Item = (usize, &'a T)>) -> Vec<&'a T> {
    let mut ranked: Vec<(usize, &T)> = ranked.collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().take(MAX_NEAREST).map(|(_, candidate)| candidate).collect()
}

/// A code that is not in a set.
struct Wrong {
    /// As a display: in lower case, with one space between words.
    display: String,
    folded: Vec<char>,
}

impl Wrong {
    fn new(text: &str) -> Self {
        Self { display: display::folded(text).collect(), folded: folded(text) }
    }

    /// How far a candidate is from what was written; `None` if they have nothing in common. A display written
    /// in place of its code, or a difference in case, is nearest.
    fn distance(&self, likely: &Likely) -> Option<usize> {
        if *likely.code_as_display == *self.display || likely.display.as_deref() == Some(&self.display) {
            return Some(0);
        }
        let candidate = &likely.code;
        let (short, long) = (self.folded.len().min(candidate.len()), self.folded.len().max(candidate.len()));
        let bound = (long / 3).clamp(1, MAX_EDITS);
        if long > MAX_CHARS || long - short > bound {
            return None;
        }
        // One of two characters in common is not a likeness.
        edits(&self.folded, candidate, (bound + 1).min(short))
    }
}
