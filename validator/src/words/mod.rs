//! What invariants mean, in words for people who have not read their FHIRPath.
//!
//! A definition states what must hold. The author of a payload that breaks it needs the opposite: what is
//! wrong, and what to do. The words for FHIR's own invariants are here, by family; a service provides those
//! for its own ([`Service::words`](crate::service::Service::words)). They are only looked up once something
//! is wrong.
//!
//! A line of a table is `keys | what is wrong | what to do`. If one key stands for several rules, a line for
//! one of them has `key ~ piece`, with a piece of its expression without white space; the first that matches
//! is used. Lines that begin with `#` are comments.

use std::collections::HashMap;
use std::sync::OnceLock;

/// The tables of FHIR itself.
static CORE: Table = Table::new(&[
    include_str!("datatypes.txt"),
    include_str!("clinical.txt"),
    include_str!("conformance.txt"),
]);

/// The words for a broken invariant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// What is wrong.
    pub wrong: &'static str,
    /// What to do about it.
    pub fix: &'static str,
}

/// Words by the keys of invariants.
#[derive(Debug)]
pub struct Table {
    texts: &'static [&'static str],
    lines: OnceLock<HashMap<&'static str, Vec<Line>>>,
}

/// A line of a table.
#[derive(Debug)]
struct Line {
    /// What the expression must contain, without white space.
    piece: &'static str,
    words: Words,
}

impl Table {
    /// A table from these texts.
    pub const fn new(texts: &'static [&'static str]) -> Self {
        Self { texts, lines: OnceLock::new() }
    }

    /// The words for an invariant with that key and expression.
    pub fn find(&self, key: &str, expression: &str) -> Option<Words> {
        let lines = self.lines().get(key)?;
        let bare: String = expression.chars().filter(|letter| !letter.is_whitespace()).collect();
        lines.iter().find(|line| bare.contains(line.piece)).map(|line| line.words)
    }

    /// All words for invariants with that key, one for each rule that it stands for.
    pub fn all(&self, key: &str) -> impl Iterator<Item = Words> {
        self.lines().get(key).into_iter().flatten().map(|line| line.words)
    }

    /// Every key, in order.
    pub fn keys(&self) -> Vec<&'static str> {
        let mut keys: Vec<_> = self.lines().keys().copied().collect();
        keys.sort_unstable();
        keys
    }

    fn lines(&self) -> &HashMap<&'static str, Vec<Line>> {
        self.lines.get_or_init(|| {
            let mut lines: HashMap<_, Vec<Line>> = HashMap::new();
            for line in self.texts.iter().flat_map(|text| text.lines()) {
                let mut parts = line.splitn(3, " | ");
                let (Some(head), Some(wrong), Some(fix)) = (parts.next(), parts.next(), parts.next()) else {
                    continue;
                };
                let (keys, piece) = head.split_once(" ~ ").unwrap_or((head, ""));
                for key in keys.split(' ') {
                    lines.entry(key).or_default().push(Line { piece, words: Words { wrong, fix } });
                }
            }
            lines
        })
    }
}

/// The words for the invariants of FHIR.
pub fn core() -> &'static Table {
    &CORE
}
