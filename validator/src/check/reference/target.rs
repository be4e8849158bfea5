//! Checks the target of a reference against the targets that the element allows.

use ers_fhir_profiles::definition::Aggregation;
use ers_fhir_report::{Gap, Message, Severity, def, key, text};
use ers_fhir_tree::Node;
use ers_fhir_values::FhirVersion;
use ers_fhir_values::reference::Literal;

use super::Pointer;
use crate::check::Checker;
use crate::check::finding::{Finding, Source};
use crate::check::name;
use crate::rule::reference as rules;
use crate::schema::{CORE, ProfileLink, TypeCheck};

impl<'v> Pointer<'_, 'v, '_> {
    /// Checks that the target is of the type that the reference's text names.
    pub(super) fn check_named_type(&self) {
        let Some(named) = self.literal.type_name() else { return };
        let likely = || match self.literal {
            Literal::Relative(named) => self.ctx.resolution().likely_urn_target(named.id, self.node),
            _ => None,
        };
        let Some(actual) = self.target.or_else(likely).and_then(Node::resource_type) else { return };
        if actual != named {
            let message =
                text!("the reference names a '{}', but its target is a '{}'", key(named), key(actual));
            self.ctx.report(self.finding(&rules::REFERENCE_TYPE_MISMATCH, message));
        }
    }

    /// Checks `Reference.type` (R4) against the type of the target or the one in the text.
    pub(super) fn check_stated_type(&self) {
        let Some(stated) = self.stated_type() else { return };
        let actual = self.target.and_then(Node::resource_type).or(self.type_in_text());
        let Some(actual) = actual.filter(|actual| *actual != stated && !stated.contains('/')) else { return };
        let message = text!("the type is given as '{}', but the target is a '{}'", key(stated), key(actual));
        self.ctx.report(self.finding(&rules::REFERENCE_TYPE_MISMATCH, message));
    }

    /// The type that the text names; an absolute URL may have any word in its place.
    fn type_in_text(&self) -> Option<&str> {
        let is_known = |name: &&str| self.ctx.validator.schemas().find_type(name).is_some();
        match self.literal {
            Literal::Url(_) => self.literal.type_name().filter(is_known),
            _ => self.literal.type_name(),
        }
    }

    fn stated_type(&self) -> Option<&str> {
        stated_type(self.ctx, self.node)
    }

    /// Checks type, profile and place of the target against one allowed type of the element.
    pub(super) fn check_allowed(&self, allowed: &'v TypeCheck, source: Source<'v>) {
        self.check_place(allowed, source);
        if allowed.targets.is_empty() {
            return;
        }
        let known = self.target.and_then(Node::resource_type).or(self.stated_type());
        let Some(actual) = known.or(self.type_in_text()) else {
            self.pass_by();
            return;
        };
        // A target without a type was already reported.
        if self.target.is_some() && self.ctx.validator.schemas().find_type(actual).is_none() {
            return;
        }
        if allowed.targets.iter().any(|link| is_of(self.ctx, actual, link)) {
            self.demand_profiles(actual, allowed, source);
            return;
        }
        let finding =
            not_allowed(self.ctx, self.node, actual, allowed).underline(self.written).demanded_by(source);
        // The text alone proves nothing: a server may use any path in its URLs.
        self.ctx.report(if known.is_some() { finding } else { finding.severity(Severity::Warning) });
    }

    /// Defers the profiles, any one of which the target must conform to, until the end of the walk; a target
    /// outside the payload cannot be checked.
    fn demand_profiles(&self, actual: &str, allowed: &'v TypeCheck, source: Source<'v>) {
        let schemas = self.ctx.validator.schemas();
        let mut matching = allowed.targets.iter().filter(|link| is_of(self.ctx, actual, link));
        let Some(first) = matching.next() else { return };
        let is_plain_type = |link: &ProfileLink| {
            link.schema
                .is_some_and(|index| schemas.url(index).strip_prefix(CORE) == Some(schemas.type_name(index)))
        };
        // The constraints of the base type were checked by the walk.
        if is_plain_type(first) || matching.clone().any(is_plain_type) {
            return;
        }
        let Some(target) = self.target else {
            self.pass_by();
            return;
        };
        match (first.schema, matching.next()) {
            (Some(index), None) => self.ctx.demand_index(target, index),
            (None, None) if allowed.targets.len() == 1 => {
                let message = text!(
                    "the target must conform to {}, which {}",
                    def(&first.canonical),
                    schemas.absence(&first.canonical)
                );
                let finding = self.finding(&rules::REFERENCE_UNKNOWN_PROFILE, message);
                self.ctx.report(
                    finding
                        .demanded_by(source)
                        .suggest(Message::text("load the package that defines it with --ig")),
                );
            }
            // A profile that is not loaded may be the one that holds.
            (None, None) => {}
            (_, Some(_)) => self.ctx.demand(target, &allowed.targets),
        }
    }

    /// Records that the target was not checked, unless there is none, which was already reported.
    fn pass_by(&self) {
        let leads_nowhere = match self.literal {
            Literal::Fragment => self.target.is_none(),
            Literal::Urn => self.target.is_none() && self.is_in_bundle(),
            _ => false,
        };
        if !leads_nowhere {
            self.ctx.pass(Gap::Reference, self.node);
        }
    }

    /// Checks the place of the target against the aggregation modes.
    fn check_place(&self, allowed: &'v TypeCheck, source: Source<'v>) {
        if allowed.aggregation.is_empty() {
            return;
        }
        let allows = |mode| allowed.aggregation.contains(&mode);
        let (holds, place) = match (self.literal, self.target) {
            (Literal::Fragment, _) => (allows(Aggregation::Contained), "contained"),
            // A target in the same Bundle is also outside this resource.
            (_, Some(_)) => {
                (allows(Aggregation::Bundled) || allows(Aggregation::Referenced), "in the same Bundle")
            }
            (_, None) => (allows(Aggregation::Referenced), "outside the payload"),
        };
        if holds {
            return;
        }
        let modes: Vec<&str> = allowed.aggregation.iter().copied().map(place_of).collect();
        let message = text!("the target is {}, but must be {}", def(place), def(modes.join(" or ")));
        self.ctx.report(self.finding(&rules::REFERENCE_AGGREGATION, message).demanded_by(source));
    }
}

fn place_of(mode: Aggregation) -> &'static str {
    match mode {
        Aggregation::Contained => "contained",
        Aggregation::Referenced => "outside the resource",
        Aggregation::Bundled => "in the same Bundle",
    }
}

/// Checks the stated type of a reference that has only an identifier: the type must be allowed. A display may
/// be about anything.
pub(super) fn check_stated<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    allowed: &'v TypeCheck,
    source: Source<'v>,
) {
    let Some(stated) = stated_type(ctx, node).filter(|_| node.child("identifier").is_some()) else { return };
    let is_known = ctx.validator.schemas().of_type(stated).is_some();
    if is_known && !allowed.targets.is_empty() && !allowed.targets.iter().any(|link| is_of(ctx, stated, link))
    {
        ctx.report(not_allowed(ctx, node, stated, allowed).demanded_by(source));
    }
}

/// The type of the target as `Reference.type` states it, which STU3 does not have.
fn stated_type<'d>(ctx: &Checker<'_, '_>, reference: Node<'d>) -> Option<&'d str> {
    let stated = reference.child_value(name::TYPE).filter(|_| ctx.version() != FhirVersion::Stu3)?;
    Some(stated.strip_prefix(CORE).unwrap_or(stated))
}

fn not_allowed<'v>(
    ctx: &Checker<'v, '_>,
    node: Node<'_>,
    actual: &str,
    allowed: &'v TypeCheck,
) -> Finding<'v> {
    let message = text!(
        "a reference to a '{}' is not allowed here: expected {}",
        key(actual),
        def(names(ctx, &allowed.targets).join(" or "))
    );
    Finding::new(&rules::REFERENCE_TARGET_TYPE, node, message)
}

/// Whether a resource type is the one that a target profile is for; one that is not loaded may be for any.
fn is_of(ctx: &Checker<'_, '_>, actual: &str, link: &ProfileLink) -> bool {
    let schemas = ctx.validator.schemas();
    let Some(index) = link.schema else { return true };
    let expected = schemas.type_name(index);
    expected == "Resource" || expected == actual || schemas.is_subtype(actual, expected)
}

/// The types that target profiles are for.
pub(super) fn names<'v>(ctx: &Checker<'v, '_>, targets: &[ProfileLink]) -> Vec<&'v str> {
    let schemas = ctx.validator.schemas();
    let mut names: Vec<&str> = Vec::new();
    for name in targets.iter().filter_map(|link| link.schema).map(|index| schemas.type_name(index)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
