//! Resolves the references of a document within that document.
//!
//! One pass along the places where resources can occur (`contained`, `Bundle.entry.resource`,
//! `Parameters.parameter.resource` ...) fills two hash maps keyed by borrowed text; after that every lookup
//! is a probe or two and allocates nothing.
//!
//! Source: <http://hl7.org/fhir/R4/bundle.html#references> and
//! <http://hl7.org/fhir/R4/references.html#contained>.

use ers_fhir_tree::{Document, Node, NodeId};
use ers_fhir_values::reference::{service_base, split_version};
use ers_fhir_values::uri::has_scheme;
use rustc_hash::FxHashMap;

use super::name;

/// Marks a resource of a Parameters as an entry with a fullUrl.
const PARAMETERS_FULL_URL: &str = "http://hl7.org/fhir/StructureDefinition/parameters-fullUrl";

/// The resources of a document by the names that references use for them.
#[derive(Debug, Default)]
pub(crate) struct Resolution<'d> {
    resources: FxHashMap<NodeId, Placed<'d>>,
    contained: FxHashMap<(NodeId, &'d str), Node<'d>>,
    /// First and last of a chain in `entries`, by Bundle and full URL.
    chains: FxHashMap<(NodeId, &'d str), (usize, usize)>,
    entries: Vec<Entry<'d>>,
}

/// A resource and its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed<'d> {
    /// The resource.
    pub(crate) node: Node<'d>,
    /// The resource around it.
    pub(crate) around: Option<NodeId>,
    /// Its place in that one.
    pub(crate) place: Place<'d>,
}

/// The place of a resource in the one around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'d> {
    /// At the top.
    Top,
    /// In `contained`.
    Contained,
    /// In an entry or a parameter, with its fullUrl if it has one.
    Entry(Option<&'d str>),
}

#[derive(Debug)]
struct Entry<'d> {
    resource: Node<'d>,
    next: Option<usize>,
}

/// What a reference leads to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found<'d> {
    /// The first target.
    pub(crate) target: Option<Node<'d>>,
    /// Whether the reference matches other entries too.
    pub(crate) is_ambiguous: bool,
}

impl<'d> Resolution<'d> {
    /// Finds the resources of a document.
    pub(crate) fn new(document: &'d Document<'_>) -> Self {
        let mut this = Self::default();
        let mut pending = vec![Placed { node: document.root(), around: None, place: Place::Top }];
        while let Some(placed) = pending.pop() {
            this.resources.insert(placed.node.id(), placed);
            this.add_children(placed.node, &mut pending);
        }
        this
    }

    fn add_children(&mut self, resource: Node<'d>, pending: &mut Vec<Placed<'d>>) {
        let is_bundle = resource.resource_type() == Some("Bundle");
        let around = Some(resource.id());
        let first = pending.len();
        for child in resource.children() {
            match child.name() {
                "contained" => {
                    if let Some(id) = child.child_value(name::ID) {
                        self.contained.entry((resource.id(), id)).or_insert(child);
                    }
                    pending.push(Placed { node: child, around, place: Place::Contained });
                }
                "entry" if is_bundle => {
                    let full_url = child.child_value("fullUrl");
                    if let Some(entry) = child.child("resource") {
                        pending.push(Placed { node: entry, around, place: Place::Entry(full_url) });
                    }
                    if let Some(outcome) =
                        child.child("response").and_then(|response| response.child("outcome"))
                    {
                        pending.push(Placed { node: outcome, around, place: Place::Entry(None) });
                    }
                }
                "parameter" => add_parameter(resource, child, pending),
                _ => {}
            }
        }
        for placed in &pending[first..] {
            if let Place::Entry(Some(full_url)) = placed.place {
                self.add_entry(resource.id(), full_url, placed.node);
            }
        }
        // The stack is emptied from its end; this order keeps the first of equal ones first.
        pending[first..].reverse();
    }

    fn add_entry(&mut self, bundle: NodeId, full_url: &'d str, resource: Node<'d>) {
        let added = self.entries.len();
        self.entries.push(Entry { resource, next: None });
        let (_, last) = self
            .chains
            .entry((bundle, full_url))
            .and_modify(|(_, last)| self.entries[*last].next = Some(added))
            .or_insert((added, added));
        *last = added;
    }

    /// The resource a node is part of or is.
    pub(crate) fn resource_of(&self, node: Node<'_>) -> Option<&Placed<'d>> {
        let mut current = Some(node);
        while let Some(node) = current {
            if let Some(placed) = self.resources.get(&node.id()) {
                return Some(placed);
            }
            current = node.parent();
        }
        None
    }

    /// The resource with that node id, if it is one.
    pub(crate) fn resource(&self, id: NodeId) -> Option<&Placed<'d>> {
        self.resources.get(&id)
    }

    /// The resource that a contained one belongs to; for any other, the resource itself.
    pub(crate) fn container_of(&self, node: Node<'_>) -> Option<&Placed<'d>> {
        let mut placed = self.resource_of(node)?;
        while placed.place == Place::Contained {
            placed = self.resource(placed.around?)?;
        }
        Some(placed)
    }

    /// The resource that a reference at `from` means, if it is in this document.
    pub(crate) fn resolve(&self, reference: &str, from: Node<'_>) -> Option<Node<'d>> {
        self.find(reference, from).target
    }

    /// Everything that a reference at `from` may mean in this document.
    pub(crate) fn find(&self, reference: &str, from: Node<'_>) -> Found<'d> {
        if let Some(fragment) = reference.strip_prefix('#') {
            return Found { target: self.fragment(fragment, from), is_ambiguous: false };
        }
        if self.entries.is_empty() {
            return Found::default();
        }
        let (identity, version) = split_version(reference);
        let is_absolute = has_scheme(identity);
        // The base of relative references, one resource further out in each iteration.
        let mut base = None;
        let mut current = self.resource_of(from);
        while let Some(placed) = current {
            let bundle = placed.node.id();
            let found = match base {
                _ if is_absolute => self.entry(bundle, identity, version),
                Some(base) => self.entry(bundle, &[base, identity].concat(), version),
                None => Found::default(),
            };
            if found.target.is_some() {
                return found;
            }
            if let Place::Entry(full_url) = placed.place {
                base = full_url.and_then(service_base);
            }
            current = placed.around.and_then(|around| self.resource(around));
        }
        Found::default()
    }

    /// A contained resource of the nearest enclosing resource that has one with that id; the container itself
    /// if the fragment is empty.
    fn fragment(&self, fragment: &str, from: Node<'_>) -> Option<Node<'d>> {
        if fragment.is_empty() {
            return self.container_of(from).map(|placed| placed.node);
        }
        let mut current = self.resource_of(from);
        while let Some(placed) = current {
            if let Some(found) = self.contained.get(&(placed.node.id(), fragment)) {
                return Some(*found);
            }
            current = placed.around.and_then(|around| self.resource(around));
        }
        None
    }

    /// The entry of a Bundle with that full URL and version.
    fn entry(&self, bundle: NodeId, full_url: &str, version: Option<&str>) -> Found<'d> {
        let mut found = Found::default();
        let mut next = self.chains.get(&(bundle, full_url)).map(|(first, _)| *first);
        while let Some(entry) = next.and_then(|index| self.entries.get(index)) {
            next = entry.next;
            if is_version(entry.resource, version) {
                if found.target.is_some() {
                    found.is_ambiguous = true;
                    break;
                }
                found.target = Some(entry.resource);
            }
        }
        found
    }

    /// The entry `urn:uuid:ID` that the author of a relative reference `Type/ID` in another such
    /// entry may have meant. By the letter of the specification the reference does not lead there.
    pub(crate) fn likely_urn_target(&self, id: &str, from: Node<'_>) -> Option<Node<'d>> {
        let placed = self.container_of(from)?;
        let Place::Entry(Some(full_url)) = placed.place else { return None };
        let (scheme, _) = full_url.rsplit_once(':')?;
        if !scheme.starts_with("urn:") {
            return None;
        }
        self.entry(placed.around?, &[scheme, ":", id].concat(), None).target
    }
}

/// Adds the resources of a parameter and of its parts, whose nesting is limited by that of the document.
fn add_parameter<'d>(parameters: Node<'d>, parameter: Node<'d>, pending: &mut Vec<Placed<'d>>) {
    for child in parameter.children() {
        match child.name() {
            "resource" => {
                let full_url = parameter
                    .named(name::EXTENSION)
                    .find(|extension| extension.child_value(name::URL) == Some(PARAMETERS_FULL_URL))
                    .and_then(|extension| extension.child_value("valueUri"));
                let place = Place::Entry(full_url);
                pending.push(Placed { node: child, around: Some(parameters.id()), place });
            }
            "part" => add_parameter(parameters, child, pending),
            _ => {}
        }
    }
}

/// Whether a resource is of the version that a reference asks for; one without a version may be.
fn is_version(resource: Node<'_>, version: Option<&str>) -> bool {
    let Some(version) = version else { return true };
    resource
        .child(name::META)
        .and_then(|meta| meta.child_value("versionId"))
        .is_none_or(|actual| actual == version)
}
