//! What could not be checked, by kind.

use std::collections::BTreeMap;
use std::fmt;

/// A kind of thing that was not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Gap {
    /// Conformance to a profile that is not available.
    Profile,
    /// Conformance to a definition that cannot be used.
    Definition,
    /// An extension whose definition is not available.
    Extension,
    /// A code whose code system or value set is not available.
    Code,
    /// The target of a reference, because it is outside the payload.
    Reference,
    /// An invariant that cannot be evaluated.
    Invariant,
    /// Which slice something belongs to.
    Slicing,
    /// A response or report whose Questionnaire or Measure is not available.
    Form,
    /// A value whose unit or precision differs from that of its limit.
    Limit,
    /// Whatever takes more work than one payload may cause.
    Work,
}

impl Gap {
    /// A word for programs: `profile`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Definition => "definition",
            Self::Extension => "extension",
            Self::Code => "code",
            Self::Reference => "reference",
            Self::Invariant => "invariant",
            Self::Slicing => "slicing",
            Self::Form => "form",
            Self::Limit => "limit",
            Self::Work => "work",
        }
    }

    /// In words: `2 unknown profiles`.
    fn describe(self, count: usize) -> String {
        let (one, several) = match self {
            Self::Profile => ("unknown profile", "unknown profiles"),
            Self::Definition => ("definition that cannot be used", "definitions that cannot be used"),
            Self::Extension => ("unknown extension", "unknown extensions"),
            Self::Code => (
                "code system or value set that is not available",
                "code systems or value sets that are not available",
            ),
            Self::Reference => ("reference outside the payload", "references outside the payload"),
            Self::Invariant => ("invariant that cannot be evaluated", "invariants that cannot be evaluated"),
            Self::Slicing => ("slicing that cannot be decided", "slicings that cannot be decided"),
            Self::Form => ("unknown Questionnaire or Measure", "unknown Questionnaires or Measures"),
            Self::Limit => (
                "value that cannot be compared with its limit",
                "values that cannot be compared with their limits",
            ),
            Self::Work => ("payload that takes too much work", "payloads that take too much work"),
        };
        format!("{count} {}", if count == 1 { one } else { several })
    }
}

/// How much was not checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gaps(BTreeMap<Gap, usize>);

impl Gaps {
    /// Adds to the count of a kind.
    pub fn count(&mut self, gap: Gap, more: usize) {
        if more > 0 {
            *self.0.entry(gap).or_default() += more;
        }
    }

    /// Adds the gaps of another check.
    pub fn add(&mut self, other: &Self) {
        for (gap, count) in &other.0 {
            self.count(*gap, *count);
        }
    }

    /// Whether everything was checked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The kinds that occurred, and how often each did.
    pub fn iter(&self) -> impl Iterator<Item = (Gap, usize)> + '_ {
        self.0.iter().map(|(gap, count)| (*gap, *count))
    }
}

/// `2 unknown profiles, 1 invariant that cannot be evaluated`.
impl fmt::Display for Gaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (gap, count)) in self.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{}", gap.describe(count))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_counted_and_said_by_kind() {
        let mut gaps = Gaps::default();
        assert!(gaps.is_empty());
        gaps.count(Gap::Reference, 0);
        assert!(gaps.is_empty(), "nothing is no gap");
        gaps.count(Gap::Reference, 2);
        let mut others = Gaps::default();
        others.count(Gap::Profile, 1);
        others.count(Gap::Reference, 1);
        gaps.add(&others);
        assert_eq!(gaps.to_string(), "1 unknown profile, 3 references outside the payload");
    }
}
