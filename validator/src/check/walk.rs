//! The walk: matches every node with the element of its base type that describes it.
//!
//! Structure and cardinality are checked here; the other families are called on the way. Profiles
//! come afterwards (see [`profile`](super::profile)), when every node's type is known.

use ers_fhir_profiles::definition::StructureKind;
use ers_fhir_tree::{Kind, Node, Syntax};
use ers_fhir_values::Primitive;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Checker, Fact, datatypes, extension, name, narrative, primitive, reference, resource, structure, unknown,
};
use crate::schema::{
    Check, Children, Element, Family, Invariant, MOST_NOTED, Origin, Present, Schema, TypeCheck,
};

/// The children of a node seen so far, by their position in the definition.
#[derive(Default)]
struct Seen {
    /// A bit for each of the first positions.
    near: u128,
    /// Further positions, which no FHIR type has.
    far: FxHashSet<u16>,
    /// The counts of choices that repeat.
    repeats: FxHashMap<u16, u32>,
}

impl Seen {
    /// Records a child; whether it is the first at its position.
    fn insert(&mut self, position: u16) -> bool {
        let Some(bit) = 1_u128.checked_shl(position.into()) else { return self.far.insert(position) };
        let is_first = self.near & bit == 0;
        self.near |= bit;
        is_first
    }

    fn contains(&self, position: u16) -> bool {
        match 1_u128.checked_shl(position.into()) {
            Some(bit) => self.near & bit != 0,
            None => self.far.contains(&position),
        }
    }

    /// How often a repeated choice has occurred.
    #[cold]
    fn repeat(&mut self, position: u16) -> u32 {
        let count = self.repeats.entry(position).or_insert(1);
        *count = count.saturating_add(1);
        *count
    }
}

impl<'v, 'd> Checker<'v, 'd> {
    /// Walks the resource at a node; `allowed` are the types that the element that holds it allows.
    pub(crate) fn walk_resource(&self, node: Node<'d>, holder: Option<Origin<'v>>) {
        let Some(schema) = resource::schema(self, node) else { return };
        let element = holder.map_or(schema.root(), |holder| holder.element);
        self.learn(node, Fact { element: Some(element), of: Some(&schema.of) });
        if let Some(holder) = holder {
            resource::check_allowed(self, node, schema, holder);
        }
        let present = self.descend(node, Origin::root(schema));
        self.defer_all(node, Origin::root(schema), present);
        if self.document.syntax() == Syntax::Xml {
            structure::check_content(self, node, Origin::root(schema));
        }
        resource::check(self, node, schema);
    }

    /// Walks the children of a node as the children of an element; returns which ones are present.
    fn descend(&self, node: Node<'d>, owner: Origin<'v>) -> Present {
        static NONE: std::sync::LazyLock<Children> = std::sync::LazyLock::new(Children::default);
        let Origin { schema, element } = owner;
        let children = element.children.as_ref().unwrap_or(&NONE);
        let mut seen = Seen::default();
        let mut furthest = 0;
        for child in node.children() {
            let Some((position, type_position)) = children.names.of(child) else {
                let is_type = child.index() == 0 || self.document.syntax() == Syntax::Json;
                let is_of_resource = owner.is_root() && schema.kind == StructureKind::Resource;
                if is_type
                    && is_of_resource
                    && child.is_called(name::RESOURCE_TYPE)
                    && node.resource_type().is_some()
                {
                    structure::check_resource_type(self, child);
                } else {
                    unknown::element(self, child, owner, children);
                }
                continue;
            };
            let origin = owner.at(schema.element(children.elements[position as usize]));
            if child.kind() == Kind::EmptyArray {
                structure::empty_array(self, child, origin);
                continue;
            }
            if !seen.insert(position) {
                let count =
                    if origin.element.is_choice { seen.repeat(position) } else { child.index() as u32 + 1 };
                self.check_repeat(child, count, origin);
            }
            if self.document.syntax() == Syntax::Xml {
                structure::check_representation(self, child, origin);
            }
            match self.document.syntax() {
                Syntax::Json => structure::check_array(self, child, origin),
                Syntax::Xml if position < furthest => structure::out_of_order(self, child, origin),
                Syntax::Xml if child.kind() != Kind::XmlAttribute => furthest = position,
                Syntax::Xml => {}
            }
            self.visit(child, origin, type_position as usize);
        }
        for position in &children.required {
            let below = schema.element(children.elements[usize::from(*position)]);
            let count = match (seen.contains(*position), below.cardinality.min) {
                (true, 1) => continue,
                (true, _) => {
                    node.children().filter(|child| children.position(*child) == Some(*position)).count()
                }
                (false, _) => 0,
            };
            if count < below.cardinality.min as usize {
                let demand = (below.wanted(), owner.at(below).source());
                below.cardinality.too_few(self, node, count as u32, demand);
            }
        }
        (children.elements.len() <= MOST_NOTED).then_some(seen.near)
    }

    /// Checks the second and later occurrence of an element.
    fn check_repeat(&self, node: Node<'d>, count: u32, origin: Origin<'v>) {
        let cardinality = origin.element.cardinality;
        if self.document.syntax() == Syntax::Json && node.opens_member() && node.index() > 0 {
            structure::duplicate_key(self, node, origin);
        } else if cardinality.is_surplus(count) {
            cardinality.too_many(self, node, origin.source());
        }
    }

    /// Checks one node against the element of the base type that describes it.
    fn visit(&self, node: Node<'d>, origin: Origin<'v>, type_position: usize) {
        let Origin { schema, element } = origin;
        let shape = element.content.map_or(element, |content| schema.element(content));
        let Some(check) = element.types.get(type_position).or_else(|| shape.types.first()) else {
            self.learn(node, Fact { element: Some(element), of: None });
            if shape.children.is_some() && structure::is_object(self, node, "BackboneElement", origin) {
                self.descend(node, origin.at(shape));
            }
            return;
        };
        self.learn(node, Fact { element: Some(element), of: Some(&check.of) });
        // The definition of a primitive is only needed for its children, which hardly any has.
        let needs_own = check.of.primitive.is_none() || node.has_children();
        let index = check.of.schema.filter(|_| needs_own);
        let own = index.and_then(|index| self.validator.schemas().get(index).ok());
        // STU3 uses some profiles (`Age`, `SimpleQuantity`) as types.
        let own = match own {
            Some(profile) if profile.is_profile() => {
                if let Some(index) = check.of.schema {
                    self.demand_index(node, index);
                }
                profile.base.and_then(|base| self.validator.schemas().get(base).ok())
            }
            other => other,
        };
        let (mut present, mut is_sound) = (None, false);
        if let Some(kind) = check.of.primitive {
            is_sound = self.visit_primitive(node, kind, own, origin);
        } else if own.is_some_and(|own| own.kind == StructureKind::Resource) {
            if structure::is_object(self, node, "resource", origin) {
                self.walk_resource(node, Some(origin));
            }
            return;
        } else if structure::is_object(self, node, &check.of.code, origin) {
            is_sound = node.has_children();
            present = self.visit_complex(node, check, own, origin, shape);
        }
        if !check.profiles.is_empty() {
            self.demand(node, &check.profiles);
        }
        // The invariants of an element whose content comes from its type refer to children of that type.
        let own_children = if element.children.is_some() { present } else { None };
        for check in &element.checks {
            match check {
                Check::Invariant(invariant) => self.defer(node, origin, invariant, own_children),
                Check::Binding(binding) => binding.check(self, node, origin.source()),
                _ if is_sound => check.check(self, node, origin.source()),
                _ => {}
            }
        }
        // An element that shares another's content (`Questionnaire.item.item`) keeps its invariants too.
        if element.content.is_some() {
            self.defer_all(node, origin.at(shape), present);
        }
    }

    /// Checks a primitive; whether its value is there and well formed.
    fn visit_primitive(
        &self,
        node: Node<'d>,
        kind: Primitive,
        own: Option<&'v Schema>,
        origin: Origin<'v>,
    ) -> bool {
        if kind == Primitive::Xhtml {
            narrative::check(self, node, origin);
            return false;
        }
        let is_sound = primitive::check(self, node, kind, origin);
        if node.has_children()
            && let Some(own) = own
        {
            self.descend(node, Origin::root(own));
        }
        is_sound
    }

    fn visit_complex(
        &self,
        node: Node<'d>,
        check: &'v TypeCheck,
        own: Option<&'v Schema>,
        origin: Origin<'v>,
        shape: &'v Element,
    ) -> Present {
        if !node.has_children() {
            let described = match own {
                Some(own) if shape.children.is_none() => Origin::root(own),
                _ => origin.at(shape),
            };
            structure::empty_element(self, node, origin, &required(described));
            return None;
        }
        if shape.children.is_some() {
            return self.descend(node, origin.at(shape));
        }
        let own = own?;
        let present = self.descend(node, Origin::root(own));
        self.check_root(node, Origin::root(own), present);
        match check.of.family {
            Family::Reference => reference::check(self, node, check, origin.source()),
            Family::Extension => {
                let is_modifier = &*origin.element.name == "modifierExtension";
                if let Some(profile) = extension::check(self, node, is_modifier) {
                    self.demand_index(node, profile);
                }
            }
            family => datatypes::check(self, node, family),
        }
        None
    }

    /// Checks the constraints of a type on all its values, and defers its invariants until the walk is over.
    fn check_root(&self, node: Node<'d>, origin: Origin<'v>, present: Present) {
        for check in &origin.element.checks {
            match check {
                Check::Invariant(invariant) => self.defer(node, origin, invariant, present),
                Check::Binding(binding) => binding.check(self, node, origin.source()),
                _ => {}
            }
        }
    }

    /// Defers the invariants of an element until the walk is over.
    fn defer_all(&self, node: Node<'d>, origin: Origin<'v>, present: Present) {
        for check in &origin.element.checks {
            if let Check::Invariant(invariant) = check {
                self.defer(node, origin, invariant, present);
            }
        }
    }

    /// Defers an invariant until the walk is over.
    ///
    /// If the children of the node decide it, it is decided now: most invariants are about elements that are
    /// absent.
    fn defer(&self, node: Node<'d>, origin: Origin<'v>, invariant: &'v Invariant, present: Present) {
        if present.and_then(|present| invariant.is_met_by(present)) != Some(true) {
            self.deferred.borrow_mut().push((node, origin, invariant));
        }
    }
}

/// The names of the children that an element of a definition must have, quoted.
#[cold]
fn required(Origin { schema, element }: Origin<'_>) -> Vec<String> {
    let children = element.children.iter();
    let positions = children.flat_map(|children| children.required.iter().map(move |at| (children, *at)));
    let below = positions.map(|(children, at)| schema.element(children.elements[usize::from(at)]));
    below.map(|element| element.wanted().names()).collect()
}
