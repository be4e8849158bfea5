//! Large code systems as compact files: their codes, the "is a" hierarchy, and sets of codes.
//!
//! A file is made once, from the distribution of a code system ([`CompactBuilder`]), and read as a whole when
//! a code of the system is first asked about. Codes become numbers; each concept has its parents and all its
//! ancestors, so that no walk is needed to answer a question.

mod builder;
mod code;
mod file;

use std::fmt;

pub use builder::{CompactBuilder, CompactError};
pub use file::CompactFile;

use code::number;

/// A large code system.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Compact {
    head: CompactHead,
    /// The codes as numbers, sorted.
    codes: Vec<u64>,
    /// Which concepts are in use, one bit for each.
    active: Vec<u64>,
    parents: Lists,
    ancestors: Lists,
    /// Numbers of the codes of the sets, sorted, and the concepts of each.
    sets: Vec<u64>,
    members: Lists,
}

/// The description of a compact file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompactHead {
    /// The URL of the code system.
    pub url: String,
    /// The edition or version that it was made from, as stated by whoever made it.
    pub edition: String,
    /// Whether every code of the system is in it.
    pub is_whole: bool,
}

/// Sorted lists of concepts, one after the other.
#[derive(Clone, PartialEq, Eq, Default)]
struct Lists {
    /// Where each begins, and where the last ends.
    starts: Vec<u32>,
    all: Vec<u32>,
}

impl Lists {
    fn get(&self, at: usize) -> &[u32] {
        let bounds = self.starts.get(at).zip(self.starts.get(at + 1));
        bounds.and_then(|(start, end)| self.all.get(*start as usize..*end as usize)).unwrap_or_default()
    }

    fn push(&mut self, list: &[u32]) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.all.extend_from_slice(list);
        self.starts.push(self.all.len() as u32);
    }
}

impl fmt::Debug for Compact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compact")
            .field("head", &self.head)
            .field("codes", &self.codes.len())
            .finish_non_exhaustive()
    }
}

impl Compact {
    /// Its description.
    pub fn head(&self) -> &CompactHead {
        &self.head
    }

    /// How many codes it has.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether it has no code.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// How many sets it has.
    pub fn sets(&self) -> usize {
        self.sets.len()
    }

    /// The concept with a code.
    pub fn find(&self, code: &str) -> Option<u32> {
        self.codes.binary_search(&number(code)?).ok().map(|at| at as u32)
    }

    /// Whether a concept is in use.
    pub fn is_active(&self, concept: u32) -> bool {
        let word = self.active.get(concept as usize / 64);
        word.is_some_and(|word| word >> (concept % 64) & 1 == 1)
    }

    /// The concepts directly above one.
    pub fn parents(&self, concept: u32) -> &[u32] {
        self.parents.get(concept as usize)
    }

    /// Whether a concept is below another; none is below itself.
    pub fn is_below(&self, concept: u32, ancestor: u32) -> bool {
        self.ancestors.get(concept as usize).binary_search(&ancestor).is_ok()
    }

    /// Whether a concept is in the set with that code; `None` where there is no such set.
    pub fn is_member(&self, concept: u32, set: &str) -> Option<bool> {
        let at = self.sets.binary_search(&number(set)?).ok()?;
        Some(self.members.get(at).binary_search(&concept).is_ok())
    }
}
