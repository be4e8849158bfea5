//! Keys that occur twice in one object. The search costs next to nothing where there are none.
//!
//! The nodes of the second member go on counting where those of the first stopped, so that a node
//! which opens a member and is not the first of its name is a duplicate.

use std::collections::HashMap;

use super::super::builder::Builder;
use super::super::name::Number;
use super::super::node::NodeId;
use super::Member;

/// Names are compared one by one in objects of at most this many members. FHIR has few larger ones,
/// and in one of a million members that would take forever.
const FEW: u32 = 32;

/// The names of the members of an object so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// One bit for each of 128 classes of names; a name of a new class is a new name.
    classes: u128,
    count: u32,
    /// Whether a name may have occurred twice.
    is_suspect: bool,
}

impl Names {
    /// Records the next name, whose nodes are not in the chain of the owner yet.
    pub(super) fn note(&mut self, build: &Builder<'_>, owner: NodeId, member: &Member) {
        let class = member.number.class();
        self.count += 1;
        if self.classes & class != 0 && !self.is_suspect {
            self.is_suspect = self.count > FEW || has_member(build, owner, member);
        }
        self.classes |= class;
    }

    /// Numbers the nodes of equal names consecutively, where there may be any.
    pub(super) fn finish(self, build: &mut Builder<'_>, owner: NodeId) {
        if !self.is_suspect {
            return;
        }
        for (id, index) in indexes(build, owner) {
            build[id].index = index;
        }
    }
}

/// The nodes whose index changes.
fn indexes(build: &Builder<'_>, owner: NodeId) -> Vec<(NodeId, u32)> {
    let mut changed = Vec::new();
    let mut next_index: HashMap<&str, u32> = HashMap::new();
    let mut offset = 0;
    let mut current = build[owner].first_child;
    while current != NodeId::NONE {
        let node = &build[current];
        let next = next_index.entry(build.name(current)).or_default();
        if node.role.opens_member() {
            offset = *next;
        }
        if offset > 0 {
            changed.push((current, node.index + offset));
        }
        *next = node.index + offset + 1;
        current = node.next;
    }
    changed
}

fn has_member(build: &Builder<'_>, owner: NodeId, member: &Member) -> bool {
    let text = member.name.of(build.source, &build.decoded);
    let mut current = build[owner].first_child;
    while current != NodeId::NONE {
        let node = &build[current];
        if node.role.opens_member()
            && node.number == member.number
            && (node.number != Number::NONE || build.name(current) == text)
        {
            return true;
        }
        current = build[current].next;
    }
    false
}
