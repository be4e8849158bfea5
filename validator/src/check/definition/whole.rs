//! The published snapshot of a definition as a whole: it has the elements of its base, unchanged where the
//! differential does not mention them.
//!
//! Tools differ in how they expand slices, and elements that come with a slice or a type. So an element is
//! compared with the one that has the same id in the base, and only what comes from neither the base nor the
//! differential is a fault.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#snapshot>.

use ers_fhir_profiles::definition::{BindingStrength, ElementDefinition, Max, TypedValue};
use ers_fhir_profiles::snapshot::{Snapshot, Trace};
use ers_fhir_report::{Message, text};
use ers_fhir_tree::Node;
use ers_fhir_values::canonical;
use rustc_hash::{FxHashMap, FxHashSet};

use super::stated::Step;
use crate::check::{Checker, Finding, said};
use crate::rule::definition as rules;
use crate::schema::fixed;

/// Checks the elements of a snapshot, each with its id, against those of the base and of the generated
/// snapshot.
pub(super) fn check<'d>(
    ctx: &Checker<'_, 'd>,
    snapshot: Node<'d>,
    elements: &[(&str, &str, Node<'d>)],
    steps: &[Step<'_, 'd>],
    trace: &Trace,
    base: &Snapshot,
) {
    let made = Index::of(&trace.snapshot);
    check_missing(ctx, snapshot, elements, base, &made);
    check_extra(ctx, elements, &trace.snapshot, &made);
    let base = Index::of(base);
    let mut stated: FxHashMap<usize, Vec<&ElementDefinition>> = FxHashMap::default();
    for Step { own, met, .. } in steps {
        if let Some(index) = met.as_ref().ok().and_then(|met| met.index) {
            stated.entry(index).or_default().push(own);
        }
    }
    for (id, _, node) in elements {
        let (Some(&index), Some(&was)) = (made.ids.get(id), base.ids.get(id)) else { continue };
        let pair = Pair {
            node: *node,
            is_sliced: trace.snapshot.slices(index).next().is_some(),
            stated: stated.get(&index).map(Vec::as_slice).unwrap_or_default(),
            made: trace.snapshot.element(index),
            was: base.snapshot.element(was),
        };
        if let Some((what, at)) = pair.difference() {
            let message = Message::text("the snapshot has a different ").then(what).then(text!(
                " of {} than the base, and the differential does not change it",
                said::path(&pair.made.path)
            ));
            ctx.report(Finding::new(&rules::SNAPSHOT_DIFFERS, at, message));
        }
    }
}

/// A snapshot with its elements by id and by path.
struct Index<'a> {
    snapshot: &'a Snapshot,
    ids: FxHashMap<&'a str, usize>,
    paths: FxHashMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let (mut ids, mut paths) = (FxHashMap::default(), FxHashMap::default());
        for (index, element) in snapshot.elements().iter().enumerate() {
            ids.entry(&*element.id).or_insert(index);
            paths.entry(&*element.path).or_insert(index);
        }
        Self { snapshot, ids, paths }
    }
}

/// An element of the base is present, unless its parent is not.
fn check_missing<'d>(
    ctx: &Checker<'_, 'd>,
    snapshot: Node<'d>,
    elements: &[(&str, &str, Node<'d>)],
    base: &Snapshot,
    made: &Index<'_>,
) {
    let paths: FxHashSet<&str> = elements.iter().map(|(_, path, _)| *path).collect();
    let is_there = |path: &str| {
        // One type of a choice may stand for the choice.
        path.strip_suffix("[x]").map_or_else(
            || paths.contains(path),
            |stem| paths.contains(path) || paths.iter().any(|other| other.starts_with(stem)),
        )
    };
    let mut missing = base.elements().iter().filter(|element| {
        let parent = element.path.rsplit_once('.').map(|(parent, _)| parent);
        !element.id.contains(':')
            && made.ids.contains_key(&*element.id)
            && parent.is_some_and(|parent| paths.contains(parent))
            && !is_there(&element.path)
    });
    let Some(first) = missing.next() else { return };
    let others = missing.count();
    let message = text!("the snapshot lacks {}, which the base has", said::path(&first.path));
    let message = match others {
        0 => message,
        1 => message.then(", and one more"),
        _ => message.then(text!(", and {} more", others)),
    };
    ctx.report(Finding::new(&rules::SNAPSHOT_DIFFERS, snapshot, message).at_key(snapshot));
}

/// An element is one that the base has or the differential leads to, as far as its siblings are known.
fn check_extra<'d>(
    ctx: &Checker<'_, 'd>,
    elements: &[(&str, &str, Node<'d>)],
    snapshot: &Snapshot,
    made: &Index<'_>,
) {
    for (_, path, node) in elements {
        let Some((parent, name)) = path.rsplit_once('.').filter(|_| !made.paths.contains_key(path)) else {
            continue;
        };
        let Some(&parent) = made.paths.get(parent) else { continue };
        let mut known = snapshot.children(parent).map(|child| snapshot.element(child).name()).peekable();
        let is_choice = |child: &str| child.strip_suffix("[x]").is_some_and(|stem| name.starts_with(stem));
        if known.peek().is_none() || known.any(is_choice) {
            continue;
        }
        let at = node.child("path").unwrap_or(*node);
        let message = Message::text("the snapshot has the element ")
            .value(path)
            .then(", which neither the base nor the differential has");
        ctx.report(Finding::new(&rules::SNAPSHOT_DIFFERS, at, message));
    }
}

/// An element of the published snapshot, of the generated one, and of the base.
struct Pair<'a, 'd> {
    node: Node<'d>,
    is_sliced: bool,
    stated: &'a [&'a ElementDefinition],
    made: &'a ElementDefinition,
    was: &'a ElementDefinition,
}

impl<'d> Pair<'_, 'd> {
    /// A member of the snapshot that comes from neither the base nor the differential, and its node.
    fn difference(&self) -> Option<(&'static str, Node<'d>)> {
        let at = |name: &str| self.node.child(name).unwrap_or(self.node);
        if !self.is_sliced && self.differs_in_min() {
            return Some(("min", at("min")));
        }
        if !self.is_sliced && self.differs_in_max() {
            return Some(("max", at("max")));
        }
        if let Some(code) = self.other_type() {
            return Some(("type", code));
        }
        if let Some(binding) = self.other_binding() {
            return Some(("binding", binding));
        }
        [("fixed", "fixed[x]"), ("pattern", "pattern[x]")].into_iter().find_map(|(stem, word)| {
            let value = self.other_value(stem)?;
            Some((word, value))
        })
    }

    fn is_unsaid(&self, says: impl Fn(&ElementDefinition) -> bool) -> bool {
        !self.stated.iter().any(|stated| says(stated))
    }

    fn differs_in_min(&self) -> bool {
        let min = self.node.child_value("min").and_then(|min| min.parse().ok());
        let known = [self.made.min, self.was.min];
        self.is_unsaid(|stated| stated.min.is_some()) && min.is_some() && !known.contains(&min)
    }

    fn differs_in_max(&self) -> bool {
        let max = self.node.child_value("max").and_then(|max| match max {
            "*" => Some(Max::Unbounded),
            count => count.parse().ok().map(Max::Count),
        });
        let known = [self.made.max, self.was.max];
        self.is_unsaid(|stated| stated.max.is_some()) && max.is_some() && !known.contains(&max)
    }

    /// A type that the element does not have.
    fn other_type(&self) -> Option<Node<'d>> {
        // Types of the system are written in several ways.
        let is_system = |code: &str| code.contains("System.") || code.contains('/');
        let types = || self.made.types.iter().chain(&self.was.types);
        if types().next().is_none() || types().any(|of| is_system(&of.code)) {
            return None;
        }
        let codes = self.node.named("type").filter_map(|of| of.child("code"));
        let is_other = |code: &str| !is_system(code) && types().all(|of| of.code != code && of.code != "*");
        codes
            .filter(|code| code.value().is_some_and(is_other))
            .find(|_| self.is_unsaid(|stated| !stated.types.is_empty()))
    }

    fn other_binding(&self) -> Option<Node<'d>> {
        let binding = self.node.child("binding")?;
        let (made, was) = (self.made.binding.as_ref()?, self.was.binding.as_ref()?);
        if !self.is_unsaid(|stated| stated.binding.is_some()) {
            return None;
        }
        let strength = binding.child("strength");
        let of = strength.and_then(Node::value).and_then(|word| match word {
            "example" => Some(BindingStrength::Example),
            "preferred" => Some(BindingStrength::Preferred),
            "extensible" => Some(BindingStrength::Extensible),
            "required" => Some(BindingStrength::Required),
            _ => None,
        });
        // A base that was corrected later may bind less strictly than the one that the snapshot was made
        // from.
        if of.is_some_and(|of| of < made.strength && of < was.strength) {
            return strength;
        }
        let set = binding.children().find(|child| child.name().starts_with("valueSet"))?;
        let url = set.value().or_else(|| set.child_value("reference"))?;
        let is_same =
            |known: Option<&String>| known.is_none_or(|known| canonical::url(known) == canonical::url(url));
        (!is_same(made.value_set.as_ref()) && !is_same(was.value_set.as_ref())).then_some(set)
    }

    /// A value that the snapshot alone gives.
    fn other_value(&self, stem: &str) -> Option<Node<'d>> {
        let is_typed = |rest: &str| rest.starts_with(|c: char| c.is_ascii_uppercase());
        let node =
            self.node.children().find(|child| child.name().strip_prefix(stem).is_some_and(is_typed))?;
        let known = [self.made, self.was].into_iter().filter_map(|of| value(of, stem));
        let is_known = known.into_iter().any(|known| fixed::equals(node, &known.value));
        (!is_known && self.is_unsaid(|stated| value(stated, stem).is_some())).then_some(node)
    }
}

/// The value that an element fixes, or has as a pattern.
fn value<'a>(of: &'a ElementDefinition, stem: &str) -> Option<&'a TypedValue> {
    if stem == "fixed" { of.fixed.as_ref() } else { of.pattern.as_ref() }
}
