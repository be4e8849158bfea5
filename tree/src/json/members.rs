//! The members of one object, with `name` and `_name` merged: the id and extensions of a primitive
//! are in a second member.
//!
//! Source: <http://hl7.org/fhir/R4/json.html#primitive>.

use std::collections::HashMap;
use std::ops::Range;

use super::super::builder::{Builder, Chain};
use super::super::fault::FaultKind;
use super::super::name::Number;
use super::super::node::{Kind, NodeId};
use super::Member;
use super::duplicates::Names;
use super::guess::Place;

/// The members of an object that is being read.
#[derive(Debug)]
pub(super) struct Members {
    pub(super) chain: Chain,
    pub(super) underscored: Vec<Underscored>,
    names: Names,
    /// The position of the next key.
    pub(super) place: Place,
}

impl Members {
    /// No members yet, in an element of this name.
    pub(super) fn of(owner: NodeId, name: Number) -> Self {
        Self {
            chain: Chain::of(owner),
            underscored: Vec::new(),
            names: Names::default(),
            place: Place::first_in(name),
        }
    }

    /// Records the name of a member that is about to be read.
    pub(super) fn note(&mut self, build: &Builder<'_>, member: &Member) {
        self.place = Place::behind(member.number);
        self.names.note(build, self.chain.parent(), member);
    }

    /// Merges what belongs together, once all members are read.
    pub(super) fn finish(self, build: &mut Builder<'_>) {
        let owner = self.chain.parent();
        if !self.underscored.is_empty() {
            merge(build, owner, &self.underscored);
            build.link_runs(owner);
        }
        self.names.finish(build, owner);
    }
}

/// The nodes that one `_name` member gave: a stretch of the chain of its object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Underscored {
    pub(super) first: NodeId,
    pub(super) last: NodeId,
}

/// What a `_name` member belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Partner {
    /// The first node of the member `name`.
    Member(NodeId),
    /// There is no `name`: the primitive has no value.
    None,
    /// An earlier `_name` of the same object.
    Duplicate,
}

/// Merges all `_name` members of an object, in whichever order they came, into its other nodes.
///
/// Nodes that were merged into another stay in the arena, but no chain leads to them.
fn merge(build: &mut Builder<'_>, owner: NodeId, underscored: &[Underscored]) {
    let partners = partners(build, owner, underscored);
    let mut pending = underscored.iter().zip(partners).peekable();
    let mut previous = NodeId::NONE;
    let mut current = build[owner].first_child;
    while current != NodeId::NONE {
        let Some((member, partner)) = pending.next_if(|(member, _)| member.first == current) else {
            previous = current;
            current = build[current].next;
            continue;
        };
        current = build[member.last].next;
        build.link(owner, previous, current);
        match partner {
            Partner::Member(first) => {
                let last = absorb(build, owner, first, *member);
                // Items that `name` lacks were put behind it, which may be where this member was.
                if build[last].next == current {
                    previous = last;
                }
            }
            Partner::None => previous = stand_alone(build, owner, previous, *member),
            Partner::Duplicate => {
                let span = key_span(build, member.first);
                let name = build.name(member.first).to_owned();
                build.fault(FaultKind::DuplicateUnderscore(name), owner, span);
            }
        }
    }
}

/// Finds what each `_name` belongs to, in time linear in the size of the object.
fn partners(build: &Builder<'_>, owner: NodeId, underscored: &[Underscored]) -> Vec<Partner> {
    let mut partners = vec![Partner::None; underscored.len()];
    let mut wanted: HashMap<&str, usize> = HashMap::with_capacity(underscored.len());
    for (at, member) in underscored.iter().enumerate() {
        if wanted.contains_key(build.name(member.first)) {
            partners[at] = Partner::Duplicate;
        } else {
            wanted.insert(build.name(member.first), at);
        }
    }
    let mut next_underscored = underscored.iter().peekable();
    let mut current = build[owner].first_child;
    while current != NodeId::NONE {
        if let Some(member) = next_underscored.next_if(|member| member.first == current) {
            current = build[member.last].next;
            continue;
        }
        if build[current].role.opens_member()
            && let Some(at) = wanted.remove(build.name(current))
        {
            partners[at] = Partner::Member(current);
        }
        current = build[current].next;
    }
    partners
}

/// Moves the content of the items of `_name` into the items of `name`; returns the last node of `name`.
fn absorb(build: &mut Builder<'_>, owner: NodeId, first: NodeId, member: Underscored) -> NodeId {
    let mut last = last_of_member(build, first);
    if let Some(kind) = unfit(build, first, member) {
        let span = key_span(build, member.first);
        build.fault(kind, first, span);
        return last;
    }
    let are_alike = build[first].role.in_array() == build[member.first].role.in_array();
    if !are_alike {
        let span = key_span(build, member.first);
        build.fault(FaultKind::UnderscoreArray, first, span);
    }
    let mut item = Some(first);
    let mut has_surplus = false;
    for part in stretch(build, member) {
        if let Some(id) = item {
            complete(build, id, part);
            item = next_of_member(build, id);
            continue;
        }
        let is_part = is_part(build, part);
        if is_part {
            let rest = build[last].next;
            build.link(owner, last, part);
            build[part].next = rest;
            build[part].role = build[part].role.with_opens_member(false);
            last = part;
        }
        if are_alike && !std::mem::replace(&mut has_surplus, true) {
            let span = span(build, part);
            build.fault(FaultKind::UnderscoreSurplus, last, span);
        }
    }
    last
}

/// Why a `_name` cannot belong to its `name` at all.
fn unfit(build: &Builder<'_>, first: NodeId, member: Underscored) -> Option<FaultKind> {
    let mut item = Some(first);
    while let Some(id) = item {
        if matches!(build[id].kind, Kind::Object | Kind::EmptyArray) {
            return Some(FaultKind::UnderscoreOfStructure);
        }
        item = next_of_member(build, id);
    }
    let is_null = |part: &NodeId| build[*part].kind == Kind::Null;
    stretch(build, member).iter().all(is_null).then_some(FaultKind::UnderscoreNull)
}

/// The next item of the same member.
fn next_of_member(build: &Builder<'_>, id: NodeId) -> Option<NodeId> {
    Some(build[id].next).filter(|next| *next != NodeId::NONE && !build[*next].role.opens_member())
}

fn last_of_member(build: &Builder<'_>, first: NodeId) -> NodeId {
    std::iter::successors(Some(first), |id| next_of_member(build, *id)).last().unwrap_or(first)
}

/// Moves the content of a `_name` into its node.
fn complete(build: &mut Builder<'_>, id: NodeId, part: NodeId) {
    if !is_part(build, part) {
        return;
    }
    if build[id].kind == Kind::Null {
        build[id].kind = Kind::Object;
        build[id].span = build[part].span;
    }
    let child = build[part].first_child;
    if child == NodeId::NONE {
        let span = span(build, part);
        build.fault(FaultKind::UnderscoreEmpty, id, span);
    }
    build[id].first_child = child;
    adopt(build, id, child);
}

/// Puts the items of a `_name` without `name` back into the chain, without nulls; returns the last.
fn stand_alone(build: &mut Builder<'_>, owner: NodeId, mut previous: NodeId, member: Underscored) -> NodeId {
    let rest = if previous == NodeId::NONE { build[owner].first_child } else { build[previous].next };
    let mut opens_member = true;
    let mut has_null = false;
    for part in stretch(build, member) {
        if is_part(build, part) {
            build.link(owner, previous, part);
            build[part].role = build[part].role.with_opens_member(opens_member);
            build[part].next = rest;
            previous = part;
            opens_member = false;
        } else if build[part].kind == Kind::Null && !std::mem::replace(&mut has_null, true) {
            // There is no value for the null to keep the place of.
            let span = span(build, part);
            build.fault(FaultKind::UnderscoreNull, owner, span);
        }
    }
    previous
}

/// Whether a node is an object; reports what is neither an object nor null.
fn is_part(build: &mut Builder<'_>, part: NodeId) -> bool {
    match build[part].kind {
        Kind::Object => true,
        Kind::Null => false,
        _ => {
            let span = span(build, part);
            let owner = build[part].parent;
            build.fault(FaultKind::UnderscoreValue, owner, span);
            false
        }
    }
}

fn adopt(build: &mut Builder<'_>, parent: NodeId, first: NodeId) {
    let mut child = first;
    while child != NodeId::NONE {
        build[child].parent = parent;
        child = build[child].next;
    }
}

fn stretch(build: &Builder<'_>, member: Underscored) -> Vec<NodeId> {
    let mut nodes = vec![member.first];
    let mut current = member.first;
    while current != member.last {
        current = build[current].next;
        nodes.push(current);
    }
    nodes
}

fn span(build: &Builder<'_>, id: NodeId) -> Range<usize> {
    let (start, end) = build[id].span;
    start as usize..end as usize
}

fn key_span(build: &Builder<'_>, id: NodeId) -> Range<usize> {
    let (start, end) = build[id].key;
    start as usize..end as usize
}
