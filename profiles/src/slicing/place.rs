//! Following a discriminator path through definitions: into children, types, profiles, targets.

use std::sync::Arc;

use super::path::Step;
use crate::Definitions;
use crate::definition::{ElementDefinition, TypeRef};
use crate::snapshot::{Snapshot, core_canonical};

/// An element of a snapshot that a discriminator path has reached.
#[derive(Debug, Clone)]
pub struct Place<'s> {
    snapshot: Borrowed<'s>,
    index: usize,
}

/// The original snapshot, or one that the path led to.
#[derive(Debug, Clone)]
enum Borrowed<'s> {
    Here(&'s Snapshot),
    There(Arc<Snapshot>),
}

impl<'s> Place<'s> {
    /// An element of the original snapshot.
    pub(super) fn new(snapshot: &'s Snapshot, index: usize) -> Self {
        Self { snapshot: Borrowed::Here(snapshot), index }
    }

    fn snapshot(&self) -> &Snapshot {
        match &self.snapshot {
            Borrowed::Here(snapshot) => snapshot,
            Borrowed::There(snapshot) => snapshot,
        }
    }

    /// The definition of the element.
    pub fn element(&self) -> &ElementDefinition {
        self.snapshot().element(self.index)
    }

    fn at(&self, index: usize) -> Self {
        Self { snapshot: self.snapshot.clone(), index }
    }

    /// The root of a definition, or the named element of it: `canonical#element-id`.
    pub(super) fn root(definitions: &Definitions, canonical: &str) -> Option<Self> {
        let (url, element) = canonical.split_once('#').unwrap_or((canonical, ""));
        let snapshot = definitions.snapshot(url).ok()??;
        let index = if element.is_empty() { 0 } else { snapshot.find(element)? };
        Some(Self { snapshot: Borrowed::There(snapshot), index })
    }

    /// The roots of the element's types or profiles, each of which an element may be of; `None` for one that is not
    /// available.
    fn types(&self, definitions: &Definitions) -> Vec<Option<Self>> {
        let types = &self.element().types;
        // Several types without a profile are a choice, which has slices of its own.
        if types.len() > 1 && types.iter().all(|of| of.profiles.is_empty()) {
            return Vec::new();
        }
        let of_type = |of: &TypeRef| match of.profiles.as_slice() {
            [] => vec![Self::root(definitions, &core_canonical(&of.code))],
            profiles => profiles.iter().map(|profile| Self::root(definitions, profile)).collect(),
        };
        types.iter().flat_map(of_type).collect()
    }

    /// The roots of the types or profiles that the targets of a reference may be of.
    fn targets(&self, definitions: &Definitions) -> Vec<Option<Self>> {
        let types = &self.element().types;
        if types.iter().any(|of| of.target_profiles.is_empty()) {
            return Vec::new();
        }
        let targets = types.iter().flat_map(|of| &of.target_profiles);
        targets.map(|profile| Self::root(definitions, profile)).collect()
    }

    /// The root of its only type or profile.
    fn only_type(&self, definitions: &Definitions) -> Option<Self> {
        let mut types = self.types(definitions);
        types.pop().flatten().filter(|_| types.is_empty())
    }

    /// Where a step may lead from here, a place for each type or profile; `None` where no definition says.
    pub(super) fn step(&self, definitions: &Definitions, step: &Step) -> Vec<Option<Self>> {
        match step {
            Step::Child(name) => self.child(definitions, name),
            Step::Extension(url) => vec![self.extension(definitions, url)],
            Step::Resolve => self.targets(definitions),
            Step::OfType(code) => vec![Some(self.of_type(code))],
        }
    }

    /// Narrows a choice to the slice for that type, if there is one.
    fn of_type(&self, code: &str) -> Self {
        let snapshot = self.snapshot();
        let slice = snapshot
            .slices(self.index)
            .find(|slice| snapshot.element(*slice).types.iter().any(|t| t.code == code));
        self.at(slice.unwrap_or(self.index))
    }

    fn child(&self, definitions: &Definitions, name: &str) -> Vec<Option<Self>> {
        let snapshot = self.snapshot();
        // The constraints of a single element of another profile are not applied to the children here.
        let is_elsewhere = |of: &TypeRef| of.profiles.iter().any(|profile| profile.contains('#'));
        let of_types = || {
            let types = self.types(definitions).into_iter();
            types.map(|of| of?.own_child(name)).collect()
        };
        if self.element().types.iter().any(is_elsewhere) {
            return of_types();
        }
        if let Some(own) = self.own_child(name) {
            return vec![Some(own)];
        }
        // The slice does not mention this child, so the sliced element decides.
        if let Some(inherited) = snapshot.sliced(self.index).and_then(|s| self.at(s).own_child(name)) {
            let profiled = self.element().types.iter().any(|t| !t.profiles.is_empty());
            if !profiled {
                return vec![Some(inherited)];
            }
        }
        of_types()
    }

    pub(super) fn own_child(&self, name: &str) -> Option<Self> {
        let snapshot = self.snapshot();
        snapshot
            .children(self.index)
            .find(|child| snapshot.element(*child).name().trim_end_matches("[x]") == name)
            .map(|child| self.at(child))
    }

    /// The element that it is a slice of.
    pub(super) fn sliced(&self) -> Option<Self> {
        self.snapshot().sliced(self.index).map(|sliced| self.at(sliced))
    }

    /// Its required slices.
    pub(super) fn required_slices(&self) -> Vec<Self> {
        let snapshot = self.snapshot();
        let is_required = |slice: &usize| snapshot.element(*slice).min.unwrap_or(0) > 0;
        snapshot.slices(self.index).filter(is_required).map(|slice| self.at(slice)).collect()
    }

    /// The other slices of the element that it is a slice of.
    pub(super) fn other_slices(&self) -> Vec<Self> {
        let snapshot = self.snapshot();
        let all = snapshot.sliced(self.index).into_iter().flat_map(|sliced| snapshot.slices(sliced));
        all.filter(|slice| *slice != self.index).map(|slice| self.at(slice)).collect()
    }

    /// The extension slice with that URL.
    fn extension(&self, definitions: &Definitions, url: &str) -> Option<Self> {
        let extensions = self.child(definitions, "extension").into_iter().flatten().next()?;
        let snapshot = extensions.snapshot();
        let slice = snapshot.slices(extensions.index).find(|slice| {
            let definition = snapshot.element(*slice);
            definition.types.iter().any(|t| t.profiles.iter().any(|p| p == url))
                || extensions
                    .at(*slice)
                    .own_child("url")
                    .and_then(|c| c.element().fixed.as_ref()?.value.text.clone())
                    .is_some_and(|fixed| &*fixed == url)
        });
        Some(extensions.at(slice?))
    }

    /// The elements below: its own, or those of its only profile.
    pub fn children(&self, definitions: &Definitions) -> Vec<Self> {
        let snapshot = self.snapshot();
        let own: Vec<Self> = snapshot.children(self.index).map(|child| self.at(child)).collect();
        if !own.is_empty() {
            return own;
        }
        let profiled = self.element().types.iter().any(|t| !t.profiles.is_empty());
        if !profiled {
            return Vec::new();
        }
        let Some(root) = self.only_type(definitions) else { return Vec::new() };
        root.snapshot().children(root.index).map(|child| root.at(child)).collect()
    }
}
