//! The payload as FHIRPath sees it, and the context it can access.

use std::ops::ControlFlow;

use ers_fhir_fhirpath::{Called, Form, Host, Node as PathNode, Resolved, Temporal};
use ers_fhir_profiles::terminology::Membership;
use ers_fhir_tree::{Children, Kind, Name, Node, Wanted};
use ers_fhir_values::Primitive;
use ers_fhir_values::reference::Literal;

use super::{Checker, name, narrative};
use crate::schema::membership;

/// A node as FHIRPath sees it.
#[derive(Clone, Copy)]
pub(crate) struct Focus<'c, 'v, 'd> {
    pub(crate) ctx: &'c Checker<'v, 'd>,
    pub(crate) node: Node<'d>,
}

impl PartialEq for Focus<'_, '_, '_> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

/// Children as FHIRPath sees them: without `resourceType` and without empty arrays.
pub(crate) struct FocusChildren<'c, 'v, 'd> {
    ctx: &'c Checker<'v, 'd>,
    children: Children<'d>,
}

impl<'c, 'v, 'd> Iterator for FocusChildren<'c, 'v, 'd> {
    type Item = Focus<'c, 'v, 'd>;

    fn next(&mut self) -> Option<Self::Item> {
        let node = self
            .children
            .find(|child| child.kind() != Kind::EmptyArray && !child.is_called(name::RESOURCE_TYPE))?;
        Some(Focus { ctx: self.ctx, node })
    }
}

impl<'c, 'v, 'd> PathNode for Focus<'c, 'v, 'd> {
    type Children = FocusChildren<'c, 'v, 'd>;

    fn name(&self) -> &str {
        match self.ctx.fact(self.node).element {
            Some(element) if element.is_choice => &element.name,
            _ => self.node.name(),
        }
    }

    fn type_name(&self) -> Option<&str> {
        self.ctx.fact(self.node).type_name().or_else(|| self.node.resource_type())
    }

    fn primitive(&self) -> Option<Primitive> {
        self.ctx.fact(self.node).of?.primitive
    }

    fn text(&self) -> Option<&str> {
        self.node.value()
    }

    fn form(&self) -> Form {
        match self.node.kind() {
            Kind::Boolean => Form::Boolean,
            Kind::Number => Form::Number,
            Kind::String => Form::String,
            _ => Form::Unknown,
        }
    }

    fn children(&self) -> Self::Children {
        FocusChildren { ctx: self.ctx, children: self.node.children() }
    }

    fn visit_named<B>(
        &self,
        name: Called<'_>,
        visit: &mut dyn FnMut(Self) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let known = Name::numbered(name.number as u16).or_else(|| Name::find(name.text));
        let wanted = Wanted::new(name.text, known);
        let may_be_choice = known.is_none_or(Name::is_stem);
        let is_named = |child: Node<'d>| {
            child.is_called(wanted) || may_be_choice && self.ctx.is_choice(child, name.text)
        };
        for node in self.node.selected(is_named) {
            if node.kind() != Kind::EmptyArray {
                visit(Focus { ctx: self.ctx, node })?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// The context in which FHIRPath evaluates an invariant at a node.
pub(crate) struct Surroundings<'c, 'v, 'd> {
    pub(crate) ctx: &'c Checker<'v, 'd>,
    pub(crate) node: Node<'d>,
}

impl<'c, 'v, 'd> Host<Focus<'c, 'v, 'd>> for Surroundings<'c, 'v, 'd> {
    fn resource(&self) -> Option<Focus<'c, 'v, 'd>> {
        Some(Focus { ctx: self.ctx, node: self.ctx.resources_of(self.node).0 })
    }

    fn root_resource(&self) -> Option<Focus<'c, 'v, 'd>> {
        Some(Focus { ctx: self.ctx, node: self.ctx.resources_of(self.node).1 })
    }

    fn is_subtype(&self, type_name: &str, of: &str) -> bool {
        self.ctx.validator.schemas().is_subtype(type_name, of)
    }

    fn resolve(&self, reference: &str, from: Option<&Focus<'c, 'v, 'd>>) -> Resolved<Focus<'c, 'v, 'd>> {
        let from = from.map_or(self.node, |focus| focus.node);
        match (self.ctx.resolve(reference, from), Literal::of(reference)) {
            (Some(node), _) => Resolved::Target(Focus { ctx: self.ctx, node }),
            (None, Literal::Fragment) => Resolved::Nowhere,
            (None, literal) => Resolved::Elsewhere(literal.type_name().map(str::to_owned)),
        }
    }

    fn conforms_to(&self, node: &Focus<'c, 'v, 'd>, profile: &str) -> Result<Option<bool>, String> {
        let index = self.ctx.validator.schemas().find(profile);
        Ok(index.map(|index| self.ctx.holds(node.node, index)))
    }

    fn member_of(&self, node: &Focus<'c, 'v, 'd>, value_set: &str) -> Result<Option<bool>, String> {
        Ok(match membership(self.ctx, node.node, value_set) {
            Membership::In => Some(true),
            Membership::Out => Some(false),
            Membership::Undecided(_) => None,
        })
    }

    fn now(&self) -> Option<Temporal> {
        self.ctx.now()
    }

    fn is_traced(&self) -> bool {
        false
    }

    fn step_limit(&self) -> u64 {
        self.ctx.budget.steps()
    }

    fn spent(&self, steps: u64) {
        self.ctx.budget.spend(steps);
    }

    fn html_checks(&self, node: &Focus<'c, 'v, 'd>) -> Option<bool> {
        node.node.value().map(narrative::is_valid_xhtml)
    }
}
