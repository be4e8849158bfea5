//! The elements of definitions at a place in a payload, which may be half written.

use std::sync::Arc;

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::definition::{ElementDefinition, StructureKind};
use ers_fhir_profiles::package::Kind as Definition;
use ers_fhir_profiles::snapshot::Snapshot;

use crate::outline::{Kind, Outline};

/// An element of a definition.
#[derive(Debug, Clone)]
pub(crate) struct View {
    /// The definition.
    pub(crate) canonical: Arc<str>,
    snapshot: Arc<Snapshot>,
    index: usize,
    /// The type that the name of a choice gives.
    chosen: Option<String>,
}

impl View {
    /// The root of a definition.
    fn of(definitions: &Definitions, canonical: &str) -> Option<Self> {
        let snapshot = definitions.snapshot(canonical).ok().flatten()?;
        (!snapshot.elements().is_empty()).then(|| Self {
            canonical: canonical.into(),
            snapshot,
            index: 0,
            chosen: None,
        })
    }

    /// The root of a type.
    fn of_type(definitions: &Definitions, type_code: &str) -> Option<Self> {
        let definition = definitions.type_definition(type_code).ok().flatten()?;
        Self::of(definitions, &definition.url)
    }

    /// The element itself.
    pub(crate) fn element(&self) -> &ElementDefinition {
        self.snapshot.element(self.index)
    }

    /// The code of its type, if it has only one or the name gives it.
    pub(crate) fn type_code(&self) -> Option<&str> {
        if let Some(chosen) = &self.chosen {
            return Some(chosen);
        }
        match self.element().types.as_slice() {
            [only] => Some(only.fhir_type.as_deref().unwrap_or(&only.code)),
            _ => None,
        }
    }

    /// Whether it has a value of its own that is not markup.
    pub(crate) fn is_primitive(&self, definitions: &Definitions) -> bool {
        let code = self.type_code().filter(|code| *code != "xhtml");
        let definition = code.and_then(|code| definitions.type_definition(code).ok().flatten());
        definition.is_some_and(|definition| definition.kind == StructureKind::Primitive)
    }

    fn at(&self, index: usize) -> Self {
        Self { index, chosen: None, ..self.clone() }
    }

    /// The places of its children: below itself, in the element that it refers to, or in its type and the
    /// profiles of that.
    fn inside(&self, definitions: &Definitions) -> Vec<Self> {
        if self.snapshot.children(self.index).next().is_some() {
            return vec![self.clone()];
        }
        let element = self.element();
        if let Some(reference) = &element.content_reference {
            let id = reference.rsplit('#').next().unwrap_or_default();
            return self.snapshot.find(id).map(|index| self.at(index)).into_iter().collect();
        }
        let Some(code) = self.type_code() else { return Vec::new() };
        let mut views: Vec<Self> = Self::of_type(definitions, code).into_iter().collect();
        let of_type = element.types.iter().filter(|of| of.code == code);
        views
            .extend(of_type.flat_map(|of| &of.profiles).filter_map(|profile| Self::of(definitions, profile)));
        views
    }

    /// The elements below it, with choices under each of their names, and without prohibited ones.
    pub(crate) fn children(&self, definitions: &Definitions) -> Vec<(String, Self)> {
        let mut children = Vec::new();
        for view in self.inside(definitions) {
            for index in view.snapshot.children(view.index) {
                let child = view.at(index);
                let element = child.element();
                if element.max == Some(ers_fhir_profiles::definition::Max::Count(0)) {
                    continue;
                }
                match element.name().strip_suffix("[x]") {
                    None => children.push((element.name().to_owned(), child.clone())),
                    Some(stem) => children.extend(element.types.iter().map(|of| {
                        let chosen = Some(of.code.clone());
                        (format!("{stem}{}", capital(&of.code)), Self { chosen, ..child.clone() })
                    })),
                }
            }
        }
        children
    }

    /// The slices of it, each with the fixed or pattern value of a child.
    pub(crate) fn slices_by(&self, child: &str) -> Vec<(String, Self)> {
        let slices = self.snapshot.slices(self.index);
        let fixed = slices.filter_map(|slice| {
            let index = self.snapshot.child(slice, child)?;
            let element = self.snapshot.element(index);
            let value = element.fixed.as_ref().or(element.pattern.as_ref())?;
            Some((value.value.text.as_deref()?.to_owned(), self.at(slice)))
        });
        fixed.collect()
    }
}

/// Looks up the elements of definitions at places in a text.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    /// The definitions.
    pub(crate) definitions: &'a Definitions,
    /// The text.
    pub(crate) outline: &'a Outline<'a>,
    /// Profiles of the whole.
    pub(crate) profiles: &'a [String],
}

impl Scope<'_> {
    /// The elements of definitions for a member, item or object.
    pub(crate) fn views(&self, part: usize) -> Vec<View> {
        let mut line: Vec<usize> = self.outline.ancestors(part).collect();
        line.reverse();
        let mut views: Vec<View> = Vec::new();
        for (depth, part) in line.iter().copied().enumerate() {
            if let Some(key) = self.outline.key(part) {
                // Extensions of a primitive are in a sibling member.
                let name = key.strip_prefix('_').unwrap_or(key);
                views = views.iter().flat_map(|view| self.named(view, name)).collect();
            }
            if self.outline.part(part).kind != Kind::Object {
                continue;
            }
            // In XML it is an element of its own.
            if depth == 0 || is_resource(self.definitions, &views) {
                let mut found = self.resource(part, if depth == 0 { self.profiles } else { &[] });
                if !found.is_empty() {
                    found.extend(views.into_iter().filter(|view| view.element().is_root()));
                    views = found;
                }
            }
            let told: Vec<View> = views.iter().flat_map(|view| self.slice(view, part)).collect();
            views.extend(told);
        }
        views
    }

    fn named(&self, view: &View, name: &str) -> Vec<View> {
        let children = view.children(self.definitions);
        children.into_iter().filter(|(found, _)| found == name).map(|(_, child)| child).collect()
    }

    /// The slices that an item belongs to, by a child with a fixed value.
    fn slice(&self, view: &View, part: usize) -> Vec<View> {
        const TELLING: [&str; 4] = ["name", "url", "system", "code"];
        let tells = |child: &&str| self.outline.member_text(part, child);
        let told = TELLING.iter().filter_map(|child| Some((*child, tells(child)?)));
        let views = told.flat_map(|(child, text)| {
            let slices = view.slices_by(child).into_iter();
            slices.filter(move |(fixed, _)| fixed == text).map(|(_, slice)| slice)
        });
        views.collect()
    }

    /// The root elements for a resource: of its type, and of the profiles that it declares or must
    /// conform to.
    fn resource(&self, object: usize, more: &[String]) -> Vec<View> {
        let Some(code) = self.outline.type_name(object) else { return Vec::new() };
        let mut views: Vec<View> = View::of_type(self.definitions, code).into_iter().collect();
        let meta = self.outline.member(object, "meta");
        let declared = meta.map(|meta| self.outline.repeats(meta, "profile")).unwrap_or_default();
        let declared = declared.into_iter().filter_map(|item| self.outline.text(item));
        for canonical in declared.chain(more.iter().map(String::as_str)) {
            let known = self.definitions.find(Definition::Structure, canonical);
            if known.is_some_and(|known| known.type_name == Some(code)) {
                views.extend(View::of(self.definitions, canonical));
            }
        }
        views
    }
}

/// Whether these elements hold a resource.
pub(crate) fn is_resource(definitions: &Definitions, views: &[View]) -> bool {
    views.iter().filter_map(View::type_code).any(|code| {
        let definition = definitions.type_definition(code).ok().flatten();
        definition.is_some_and(|definition| definition.kind == StructureKind::Resource)
    })
}

fn capital(code: &str) -> String {
    let mut letters = code.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
