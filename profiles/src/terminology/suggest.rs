//! What was probably meant by a code that is wrong.

use super::display;
use super::expansion::Expansion;
use super::service::Terminology;
use super::system::Known;
use crate::definition::Coding;

/// Longest list of allowed codes that is worth showing.
const MAX_ALLOWED: usize = 12;

/// Codes that are offered in place of a wrong one.
const MAX_NEAREST: usize = 3;

/// Codes that are compared with a wrong one.
const MAX_COMPARED: usize = 5_000;

/// What may be said to help with a code that is not in a value set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggestion {
    /// The codes most like it, best first; empty where none is near.
    pub nearest: Vec<Coding>,
    /// Every allowed code, where those are all known and few.
    pub allowed: Vec<Coding>,
}

impl Expansion {
    /// Codes of this value set that may have been meant.
    pub fn suggest(&self, terminology: &Terminology, system: Option<&str>, code: &str) -> Suggestion {
        let enumeration = self.enumerate(terminology, MAX_COMPARED);
        let mut ranked: Vec<(usize, &Coding)> = enumeration
            .codes
            .iter()
            .filter_map(|candidate| {
                let other_system = system.is_some_and(|s| candidate.system.as_deref() != Some(s));
                Some((2 * distance(candidate, code)? + usize::from(other_system), candidate))
            })
            .collect();
        // Stable: equals stay in the order of the value set.
        ranked.sort_by_key(|(rank, _)| *rank);
        let nearest = ranked.into_iter().take(MAX_NEAREST).map(|(_, coding)| coding.clone()).collect();
        let is_short = enumeration.gap.is_none() && enumeration.codes.len() <= MAX_ALLOWED;
        Suggestion { nearest, allowed: if is_short { enumeration.codes } else { Vec::new() } }
    }
}

impl Terminology {
    /// Codes of a code system that may have been meant by one it does not have.
    pub fn suggest_code(&self, system: &str, code: &str) -> Vec<Coding> {
        let Known::Concepts { index, .. } = self.system(system) else { return Vec::new() };
        let mut ranked: Vec<(usize, Coding)> = index
            .definition
            .concepts
            .iter()
            .take(MAX_COMPARED)
            .map(|c| Coding {
                system: Some(system.to_owned()),
                code: c.code.clone(),
                display: c.display.clone(),
            })
            .filter_map(|candidate| Some((distance(&candidate, code)?, candidate)))
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().take(MAX_NEAREST).map(|(_, coding)| coding).collect()
    }
}

/// How far a candidate is from what was written; `None` where they have nothing to do with each
/// other. A display written as the code, or another case, is nearest.
fn distance(candidate: &Coding, code: &str) -> Option<usize> {
    if candidate.code == code
        || display::is_same(&candidate.code, code)
        || candidate.display.as_deref().is_some_and(|d| display::is_same(d, code))
    {
        return Some(0);
    }
    let (a, b) = (code.to_lowercase(), candidate.code.to_lowercase());
    let edits = edit_distance(&a, &b)?;
    let bound = (a.chars().count().max(b.chars().count()) / 3).clamp(1, 3);
    // Of two characters, one in common is no likeness.
    (edits <= bound && edits < a.chars().count().min(b.chars().count())).then_some(edits)
}

/// Insertions, deletions, substitutions and swaps of neighbours between two texts.
fn edit_distance(a: &str, b: &str) -> Option<usize> {
    // Longer texts are not codes, and the work grows with the product of both.
    const MAX_CHARS: usize = 64;
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > MAX_CHARS || b.len() > MAX_CHARS {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(ca != cb)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *cb && b[j - 1] == *ca {
                cost = cost.min(before_last[j - 1] + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied()
}

#[cfg(test)]
mod tests {
    use super::edit_distance;

    #[test]
    fn edits_are_counted() {
        for (a, b, expected) in [
            ("active", "active", 0),
            ("actve", "active", 1),
            ("avtice", "active", 2),
            ("acitve", "active", 1),
            ("", "abc", 3),
        ] {
            assert_eq!(edit_distance(a, b), Some(expected), "{a} {b}");
        }
    }
}
