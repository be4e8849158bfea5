//! Names of elements, with the numbers by which nodes know them.

use std::fmt;
use std::ops::Deref;

use ers_fhir_tree::{Name, Node, Wanted};
use rustc_hash::FxHashMap;

/// The name of an element as a definition gives it, without `[x]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Label {
    text: Box<str>,
    name: Option<Name>,
}

impl Label {
    /// Whether children may have a longer name, as those of a choice do.
    pub(crate) fn is_stem(&self) -> bool {
        self.name.is_none_or(Name::is_stem)
    }
}

impl From<&str> for Label {
    fn from(text: &str) -> Self {
        Self { text: text.into(), name: Name::find(text) }
    }
}

impl<'n> From<&'n Label> for Wanted<'n> {
    fn from(label: &'n Label) -> Self {
        Wanted::new(&label.text, label.name)
    }
}

impl Deref for Label {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The names that the children of a node may have: no child has any other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names(u64);

impl Names {
    /// The names of the children of a node.
    pub(crate) fn of(node: Node<'_>) -> Self {
        Self(node.runs().filter_map(Node::known_name).fold(0, |bits, name| bits | Self::bit(name)))
    }

    /// Whether a child may have that name; for a choice, or a name that FHIR does not have, this is not
    /// known.
    pub(crate) fn may_have(self, label: &Label) -> bool {
        label.name.is_none_or(|name| name.is_stem() || self.0 & Self::bit(name) != 0)
    }

    fn bit(name: Name) -> u64 {
        1 << (name.number() % 64)
    }
}

/// A table from names of children to what is known about them.
#[derive(Debug)]
pub(crate) struct ByName<T> {
    /// Open addressing by number, at most half full; a power of two.
    slots: Box<[Option<(Name, T)>]>,
    /// Names that FHIR itself does not have.
    others: FxHashMap<Box<str>, T>,
}

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self { slots: Box::default(), others: FxHashMap::default() }
    }
}

impl<T: Copy> ByName<T> {
    /// What is known about the child that a node is.
    pub(crate) fn of(&self, node: Node<'_>) -> Option<T> {
        match node.known_name() {
            Some(name) => self.of_name(name),
            None => self.others.get(node.name()).copied(),
        }
    }

    /// What is known about the child with that name.
    pub(crate) fn get(&self, name: &str) -> Option<T> {
        match Name::find(name) {
            Some(name) => self.of_name(name),
            None => self.others.get(name).copied(),
        }
    }

    fn of_name(&self, name: Name) -> Option<T> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = usize::from(name.number());
        loop {
            match self.slots[at & mask] {
                Some((found, value)) if found == name => return Some(value),
                Some(_) => at += 1,
                None => return None,
            }
        }
    }

    /// The names, in order.
    pub(crate) fn names(&self) -> Vec<&str> {
        let known = self.slots.iter().flatten().map(|(name, _)| name.text());
        let mut names: Vec<&str> = known.chain(self.others.keys().map(AsRef::as_ref)).collect();
        names.sort_unstable();
        names
    }
}

impl<T: Copy> FromIterator<(String, T)> for ByName<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(entries: I) -> Self {
        let (mut known, mut others) = (Vec::new(), FxHashMap::default());
        for (text, value) in entries {
            match Name::find(&text) {
                Some(name) => known.push((name, value)),
                None => {
                    others.insert(text.into(), value);
                }
            }
        }
        let mut slots = vec![None; (known.len() * 2 + 1).next_power_of_two()];
        let mask = slots.len() - 1;
        for (name, value) in known {
            let mut at = usize::from(name.number());
            while slots[at & mask].is_some_and(|(found, _)| found != name) {
                at += 1;
            }
            slots[at & mask] = Some((name, value));
        }
        Self { slots: slots.into(), others }
    }
}
