//! Makes a compact code system from concepts, relationships and sets, in whatever order they come.

use std::collections::BTreeMap;

use super::code::number;
use super::{Compact, CompactHead, Lists};

/// The most codes in a system; the largest known ones have some two million.
const MAX_CODES: usize = 16_000_000;
/// The most pairs of a concept and one above it.
const MAX_PAIRS: usize = 400_000_000;

/// Why no compact code system was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompactError {
    /// A code cannot be held.
    #[error(
        "the code '{0}' does not fit into an index: it can have up to 18 digits, or up to 11 digits, capitals and \
         hyphens"
    )]
    Code(String),
    /// It is empty.
    #[error("it has no concepts")]
    Empty,
    /// It is too large.
    #[error("it has more {0} than an index can hold")]
    TooMuch(&'static str),
    /// The "is a" relationships contain a cycle.
    #[error("the is-a relationships of {0} concepts form a cycle")]
    Circle(usize),
}

/// Collects the parts of a compact code system.
#[derive(Debug, Default)]
pub struct CompactBuilder {
    head: CompactHead,
    concepts: Vec<(u64, bool)>,
    kinds: Vec<(u64, u64)>,
    sets: BTreeMap<u64, Vec<u64>>,
}

impl CompactBuilder {
    /// A builder for a code system with this head.
    pub fn new(head: CompactHead) -> Self {
        Self { head, ..Self::default() }
    }

    /// Adds a concept, and whether it is in use.
    pub fn concept(&mut self, code: &str, is_active: bool) -> Result<(), CompactError> {
        if self.concepts.len() >= MAX_CODES {
            return Err(CompactError::TooMuch("concepts"));
        }
        self.concepts.push((coded(code)?, is_active));
        Ok(())
    }

    /// Adds that one concept is a kind of another. If one of them does not exist, this is ignored.
    pub fn kind_of(&mut self, child: &str, parent: &str) -> Result<(), CompactError> {
        if self.kinds.len() >= MAX_CODES * 4 {
            return Err(CompactError::TooMuch("relationships"));
        }
        self.kinds.push((coded(child)?, coded(parent)?));
        Ok(())
    }

    /// Adds that a concept is in a set.
    pub fn member(&mut self, set: &str, code: &str) -> Result<(), CompactError> {
        self.sets.entry(coded(set)?).or_default().push(coded(code)?);
        Ok(())
    }

    /// The code system.
    pub fn build(mut self) -> Result<Compact, CompactError> {
        // If a concept comes twice, the one that is in use counts.
        self.concepts.sort_unstable_by_key(|(code, is_active)| (*code, !is_active));
        self.concepts.dedup_by_key(|(code, _)| *code);
        let codes: Vec<u64> = self.concepts.iter().map(|(code, _)| *code).collect();
        if codes.is_empty() {
            return Err(CompactError::Empty);
        }
        let mut active = vec![0_u64; codes.len().div_ceil(64)];
        for (at, (_, is_active)) in self.concepts.iter().enumerate() {
            active[at / 64] |= u64::from(*is_active) << (at % 64);
        }
        self.concepts = Vec::new();
        let find = |code: &u64| codes.binary_search(code).ok().map(|at| at as u32);
        let mut kinds: Vec<(u32, u32)> = std::mem::take(&mut self.kinds)
            .iter()
            .filter_map(|(child, parent)| Some((find(child)?, find(parent)?)))
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        let parents = listed(&kinds, codes.len());
        drop(kinds);
        let ancestors = closed(&parents, codes.len())?;
        let mut sets = Vec::new();
        let mut members = Lists::default();
        for (set, all) in &self.sets {
            let mut all: Vec<u32> = all.iter().filter_map(find).collect();
            all.sort_unstable();
            all.dedup();
            sets.push(*set);
            members.push(&all);
        }
        Ok(Compact { head: self.head, codes, active, parents, ancestors, sets, members })
    }
}

fn coded(code: &str) -> Result<u64, CompactError> {
    number(code).ok_or_else(|| CompactError::Code(code.chars().take(40).collect()))
}

/// Groups sorted pairs: for each first, the list of its seconds.
fn listed(pairs: &[(u32, u32)], length: usize) -> Lists {
    let mut lists =
        Lists { starts: Vec::with_capacity(length + 1), all: pairs.iter().map(|pair| pair.1).collect() };
    let mut at = 0;
    for concept in 0..length as u32 {
        lists.starts.push(at as u32);
        at += pairs[at..].iter().take_while(|pair| pair.0 == concept).count();
    }
    lists.starts.push(at as u32);
    lists
}

/// All ancestors of each concept: its parents and their ancestors, which are already known.
fn closed(parents: &Lists, length: usize) -> Result<Lists, CompactError> {
    let mut children: Vec<(u32, u32)> = Vec::with_capacity(parents.all.len());
    for child in 0..length {
        children.extend(parents.get(child).iter().map(|parent| (*parent, child as u32)));
    }
    children.sort_unstable();
    let children = listed(&children, length);
    let mut missing: Vec<u32> = (0..length).map(|at| parents.get(at).len() as u32).collect();
    let mut ready: Vec<u32> = (0..length as u32).filter(|at| missing[*at as usize] == 0).collect();
    let mut above: Vec<Box<[u32]>> = vec![Box::default(); length];
    let mut pairs = 0;
    let mut done = 0;
    while let Some(concept) = ready.pop() {
        done += 1;
        let direct = parents.get(concept as usize);
        let mut all: Vec<u32> = direct.to_vec();
        for parent in direct {
            all.extend_from_slice(&above[*parent as usize]);
        }
        all.sort_unstable();
        all.dedup();
        pairs += all.len();
        if pairs > MAX_PAIRS {
            return Err(CompactError::TooMuch("ancestors"));
        }
        above[concept as usize] = all.into_boxed_slice();
        for child in children.get(concept as usize) {
            missing[*child as usize] -= 1;
            if missing[*child as usize] == 0 {
                ready.push(*child);
            }
        }
    }
    if done < length {
        return Err(CompactError::Circle(length - done));
    }
    let mut lists = Lists { starts: Vec::with_capacity(length + 1), all: Vec::with_capacity(pairs) };
    for all in &mut above {
        lists.push(&std::mem::take(all));
    }
    Ok(lists)
}
