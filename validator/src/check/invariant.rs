//! Invariants: native twins, FHIRPath, and what FHIRPath asks of its surroundings.

use std::ops::ControlFlow;

use ers_fhir_fhirpath::{Called, Form, Host, Node as PathNode, Temporal};
use ers_fhir_profiles::terminology::Membership;
use ers_fhir_report::{Message, Severity};
use ers_fhir_tree::{Children, Kind, Name, Node, Wanted};
use ers_fhir_values::Primitive;

use super::resource::resources_of;
use super::{Checker, Finding, binding, contained, name, narrative};
use crate::rule::invariant as rules;
use crate::schema::{Evaluator, InvariantCheck, Native, Origin};

/// Evaluates an invariant at a node and reports where it does not hold.
pub(super) fn check<'v, 'd>(
    ctx: &Checker<'v, 'd>,
    node: Node<'d>,
    invariant: &'v InvariantCheck,
    origin: Origin<'v>,
) {
    let holds = match &invariant.evaluator {
        Evaluator::Native(native) => native_holds(node, *native),
        Evaluator::Path(expression) => {
            // %resource is what holds the element: of a resource's own root, the resource itself.
            let holder = if origin.is_root() { node } else { node.parent().unwrap_or(node) };
            let host = Surroundings { ctx, node: holder };
            match expression.evaluate_bool(&host, Focus { ctx, node }) {
                // Nothing to decide is nothing wrong: the specification asks for no more than "not false".
                Ok(answer) => answer.unwrap_or(true),
                Err(error) => {
                    return not_evaluated(ctx, node, invariant, &error.to_string(), origin);
                }
            }
        }
        Evaluator::Unusable(reason) => return not_evaluated(ctx, node, invariant, reason, origin),
    };
    if holds {
        return;
    }
    let says = invariant.human.as_deref().unwrap_or(&invariant.expression);
    let (rule, message) = match ctx.service().and_then(|service| service.rule_of(&invariant.key)) {
        Some(rule) => (rule, says.to_owned()),
        None => (&rules::INVARIANT, format!("{}: {says}", invariant.key)),
    };
    let severity = if invariant.is_error { Severity::Error } else { Severity::Warning };
    let finding = Finding::new(rule, node, Message::text(message))
        .severity(severity)
        .key(&invariant.key)
        .demanded_by(origin);
    ctx.report(if node.value().is_some() { finding } else { finding.at_key(node) });
}

fn not_evaluated<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    invariant: &'v InvariantCheck,
    reason: &str,
    origin: Origin<'v>,
) {
    let message = Message::text(format!("{} could not be evaluated: {reason}", invariant.key));
    ctx.report(
        Finding::new(&rules::INVARIANT_NOT_EVALUATED, node, message)
            .key(&invariant.key)
            .demanded_by(origin)
            .at_key(node),
    );
}

/// The answer of a native twin.
fn native_holds(node: Node<'_>, native: Native) -> bool {
    match native {
        Native::NoNestedContained => contained::dom_2(node),
        Native::ContainedReferenced => contained::dom_3(node),
        Native::ContainedUnversioned => contained::dom_4(node),
        Native::ContainedUnlabelled => contained::dom_5(node),
    }
}

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

/// What FHIRPath may ask while it evaluates an invariant at a node.
pub(crate) struct Surroundings<'c, 'v, 'd> {
    pub(crate) ctx: &'c Checker<'v, 'd>,
    pub(crate) node: Node<'d>,
}

impl<'c, 'v, 'd> Host<Focus<'c, 'v, 'd>> for Surroundings<'c, 'v, 'd> {
    fn resource(&self) -> Option<Focus<'c, 'v, 'd>> {
        Some(Focus { ctx: self.ctx, node: resources_of(self.ctx, self.node).0 })
    }

    fn root_resource(&self) -> Option<Focus<'c, 'v, 'd>> {
        Some(Focus { ctx: self.ctx, node: resources_of(self.ctx, self.node).1 })
    }

    fn is_subtype(&self, type_name: &str, of: &str) -> bool {
        self.ctx.validator.schemas().is_subtype(type_name, of)
    }

    fn resolve(&self, reference: &str, from: Option<&Focus<'c, 'v, 'd>>) -> Option<Focus<'c, 'v, 'd>> {
        let from = from.map_or(self.node, |focus| focus.node);
        self.ctx.resolve(reference, from).map(|node| Focus { ctx: self.ctx, node })
    }

    fn conforms_to(&self, node: &Focus<'c, 'v, 'd>, profile: &str) -> Result<Option<bool>, String> {
        let index = self.ctx.validator.schemas().find(profile);
        Ok(index.map(|index| self.ctx.holds(node.node, index)))
    }

    fn member_of(&self, node: &Focus<'c, 'v, 'd>, value_set: &str) -> Result<Option<bool>, String> {
        let carries = self.ctx.fact(node.node).of.and_then(|of| of.carries);
        Ok(match binding::membership(self.ctx, node.node, carries, value_set) {
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

    fn html_checks(&self, node: &Focus<'c, 'v, 'd>) -> Option<bool> {
        node.node.value().map(narrative::is_valid_xhtml)
    }
}
