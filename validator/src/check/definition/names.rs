//! The names in a FHIRPath expression, followed through the definitions of types without a payload.
//!
//! The only answer is "this name does not exist there": wherever a type is open (a contained resource, the
//! target of a reference, the result of most functions), any name is accepted.
//!
//! Source: <http://hl7.org/fhirpath/N1/#type-safety-and-strict-evaluation>.

use std::collections::BTreeSet;

use ers_fhir_fhirpath::{Call, Expr, Function, Operator, TypeOperation, TypeTest};
use ers_fhir_profiles::definition::StructureKind;
use ers_fhir_report::{Message, def};

use crate::schema::{Origin, Schema, Schemas, TypeCheck};

/// What an expression may select at some point of its path.
#[derive(Clone)]
pub(super) enum Focus<'v> {
    /// Anything.
    Open,
    /// One of these elements.
    Known(Vec<Origin<'v>>),
}

/// A name that does not exist where it is used.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnknownName {
    /// The name.
    pub(super) name: Box<str>,
    /// The elements or types that have no child of that name.
    pub(super) of: String,
}

impl UnknownName {
    pub(super) fn message(&self) -> Message {
        Message::text("").value(&self.name).then(" is not the name of an element of ").then(def(&self.of))
    }
}

impl<'v> Focus<'v> {
    /// Values of one of several types; open if one of them is not known.
    pub(super) fn types<'n>(schemas: &'v Schemas, names: impl IntoIterator<Item = &'n str>) -> Self {
        let spots: Option<Vec<_>> =
            names.into_iter().map(|name| schemas.of_type(name).map(Origin::root)).collect();
        spots.map_or(Self::Open, Self::Known)
    }

    /// The element at a path (`Patient.contact.name`); open if it leads beyond what is known.
    pub(super) fn path(schemas: &'v Schemas, path: &str) -> Self {
        let mut steps = path.split('.');
        let mut focus = Self::types(schemas, steps.next());
        for step in steps {
            let step = step.strip_suffix("[x]").unwrap_or(step);
            focus = focus.child(schemas, step).unwrap_or(Self::Open);
        }
        focus
    }

    /// The types that it may have, in order; `None` if it may be anything.
    pub(super) fn types_of(&self) -> Option<Vec<&'v str>> {
        let Self::Known(spots) = self else { return None };
        let mut codes = BTreeSet::new();
        for spot in spots {
            if spot.is_root() {
                codes.insert(&*spot.schema.of.code);
            } else if spot.element.types.is_empty() {
                return None;
            }
            codes.extend(spot.element.types.iter().filter(|_| !spot.is_root()).map(|check| &*check.of.code));
        }
        Some(codes.into_iter().collect())
    }

    /// The children with that name.
    pub(super) fn child(&self, schemas: &'v Schemas, name: &str) -> Result<Self, UnknownName> {
        let Self::Known(spots) = self else { return Ok(Self::Open) };
        let mut found = Vec::new();
        for spot in spots {
            match child(*spot, schemas, name) {
                Self::Open => return Ok(Self::Open),
                Self::Known(children) => found.extend(children),
            }
        }
        if !found.is_empty() || spots.is_empty() {
            return Ok(Self::Known(found));
        }
        let of: BTreeSet<&str> = spots.iter().map(|spot| &*spot.element.id).collect();
        Err(UnknownName { name: name.into(), of: of.into_iter().collect::<Vec<_>>().join(" or ") })
    }

    /// Narrows it to a type.
    fn narrowed(&self, schemas: &'v Schemas, type_name: &str) -> Self {
        let Self::Known(spots) = self else { return Self::Open };
        let root = schemas.of_type(type_name).map(Origin::root);
        let of_type = |spot: &Origin<'v>| {
            let is_root = spot.is_root() && &*spot.schema.of.code == type_name;
            is_root || spot.element.types.iter().any(|check| &*check.of.code == type_name)
        };
        match root {
            Some(root) if spots.iter().any(of_type) => Self::Known(vec![root]),
            _ => Self::Open,
        }
    }

    fn merged(self, other: Self) -> Self {
        match (self, other) {
            (Self::Known(mut spots), Self::Known(others)) => {
                spots.extend(others);
                Self::Known(spots)
            }
            _ => Self::Open,
        }
    }
}

/// The elements with that name below another; empty if there are none.
fn child<'v>(spot: Origin<'v>, schemas: &'v Schemas, name: &str) -> Focus<'v> {
    let shape = spot.element.content.map_or(spot.element, |content| spot.schema.element(content));
    if let Some(children) = &shape.children {
        return Focus::Known(named(spot.schema, &children.elements, name));
    }
    let mut found = Vec::new();
    for check in &shape.types {
        let Some(own) = check.of.schema.and_then(|index| schemas.get(index).ok()) else {
            return Focus::Open;
        };
        if is_open(check, own) {
            return Focus::Open;
        }
        let children = own.root().children.as_ref();
        found.extend(children.into_iter().flat_map(|children| named(own, &children.elements, name)));
    }
    if shape.types.is_empty() { Focus::Open } else { Focus::Known(found) }
}

/// Whether the children of a type are not known from its definition: a resource of any type, or the value of
/// a primitive, which engines name differently.
fn is_open(check: &TypeCheck, own: &Schema) -> bool {
    own.is_abstract || own.is_profile() || check.of.primitive.is_some() || own.kind == StructureKind::Resource
}

fn named<'v>(schema: &'v Schema, children: &'v [u32], name: &str) -> Vec<Origin<'v>> {
    let spots = children.iter().map(|index| Origin { schema, element: schema.element(*index) });
    spots.filter(|spot| &*spot.element.name == name).collect()
}

/// Follows an expression from a focus; fails at the first name that does not exist where it is used.
pub(super) fn follow<'v>(
    schemas: &'v Schemas,
    expression: &Expr,
    this: &Focus<'v>,
) -> Result<Focus<'v>, UnknownName> {
    match expression {
        Expr::This => Ok(this.clone()),
        Expr::Head(name) => head(schemas, name, this),
        Expr::Member(input, name) => follow(schemas, input, this)?.child(schemas, name),
        Expr::Item(input, index) => {
            follow(schemas, index, this)?;
            follow(schemas, input, this)
        }
        Expr::Call(call) => follow_call(schemas, call, this),
        Expr::Type(test) => follow_type(schemas, test, this),
        Expr::Binary(binary) => {
            let left = follow(schemas, &binary.left, this)?;
            let right = follow(schemas, &binary.right, this)?;
            Ok(if binary.operator == Operator::Union { left.merged(right) } else { Focus::Open })
        }
        Expr::Polarity { operand, .. } => follow(schemas, operand, this).map(|_| Focus::Open),
        _ => Ok(Focus::Open),
    }
}

/// A name at the start: a type of the focus, or else a child of it.
fn head<'v>(schemas: &'v Schemas, name: &str, this: &Focus<'v>) -> Result<Focus<'v>, UnknownName> {
    let Focus::Known(spots) = this else { return Ok(Focus::Open) };
    let is_of_type = |spot: &&Origin<'v>| spot.is_root() && schemas.is_subtype(&spot.schema.of.code, name);
    let of_type: Vec<_> = spots.iter().filter(is_of_type).copied().collect();
    if of_type.is_empty() { this.child(schemas, name) } else { Ok(Focus::Known(of_type)) }
}

fn follow_call<'v>(schemas: &'v Schemas, call: &Call, this: &Focus<'v>) -> Result<Focus<'v>, UnknownName> {
    let input = follow(schemas, &call.input, this)?;
    let is_scope = matches!(
        call.function,
        Function::Where | Function::Select | Function::All | Function::Exists | Function::Sort
    );
    let inner = match call.function {
        // Items that these functions pass back to themselves are not followed.
        Function::Repeat | Function::Aggregate | Function::Iif => &Focus::Open,
        _ if is_scope => &input,
        _ => this,
    };
    let mut last = Focus::Open;
    for (place, argument) in call.arguments.iter().enumerate() {
        // The projection starts from the traced item.
        let is_projection = call.function == Function::Trace && place > 0;
        last = follow(schemas, argument, if is_projection { &input } else { inner })?;
    }
    Ok(match call.function {
        Function::Where
        | Function::Sort
        | Function::First
        | Function::Last
        | Function::Tail
        | Function::Skip
        | Function::Take
        | Function::Single
        | Function::Distinct
        | Function::Trace
        | Function::Intersect
        | Function::Exclude => input,
        Function::Select => last,
        Function::Union | Function::Combine => input.merged(last),
        Function::Extension => Focus::types(schemas, ["Extension"]),
        _ => Focus::Open,
    })
}

fn follow_type<'v>(
    schemas: &'v Schemas,
    test: &TypeTest,
    this: &Focus<'v>,
) -> Result<Focus<'v>, UnknownName> {
    let input = follow(schemas, &test.input, this)?;
    Ok(match test.operation {
        TypeOperation::As | TypeOperation::OfType => input.narrowed(schemas, &test.type_name.name),
        TypeOperation::Is | TypeOperation::IsFunction => Focus::Open,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ers_fhir_fhirpath::Expression;
    use ers_fhir_profiles::{Definitions, FhirVersion};

    use super::{Focus, follow};
    use crate::schema::Schemas;

    /// The first name that does not exist in an expression on some types.
    fn unknown(types: &[&str], expression: &str) -> Option<Box<str>> {
        let schemas = Schemas::new(Arc::new(Definitions::embedded(FhirVersion::R4)));
        let parsed = Expression::parse(expression).expect("the expression can be read");
        let focus = Focus::types(&schemas, types.iter().copied());
        follow(&schemas, parsed.root(), &focus).err().map(|unknown| unknown.name)
    }

    #[test]
    fn names_are_followed_through_types() {
        for (types, expression, expected) in [
            (&["Patient"][..], "Patient.name.given", None),
            (&["Patient"], "Patient.name.gven", Some("gven")),
            (&["Patient"], "Organization.name", Some("Organization")),
            (&["Patient", "Organization"], "Patient.name | Organization.alias", None),
            (&["Patient"], "Resource.id", None),
            (&["Patient"], "contact.where(gender = 'male' and nme.exists())", Some("nme")),
            (&["Patient"], "contact.first().name.period.start", None),
            (&["Patient"], "contact.select(name).family", None),
            (&["Patient"], "contact.select(name).gender", Some("gender")),
            (&["Patient"], "name.trace('n', given).family", None),
            (&["Patient"], "name.trace('n', gven)", Some("gven")),
            (&["Observation"], "Observation.value.as(Quantity).unit", None),
            (&["Observation"], "(value as Quantity).units", Some("units")),
            (&["Observation"], "value.unit", None),
            (&["Questionnaire"], "item.item.item.linkId", None),
            (&["Questionnaire"], "item.item.item.link", Some("link")),
        ] {
            assert_eq!(unknown(types, expression).as_deref(), expected, "{expression}");
        }
    }

    #[test]
    fn what_is_open_takes_any_name() {
        for expression in [
            "Bundle.entry.resource.anything",
            "Bundle.entry.resource.as(Patient).anything",
            "Bundle.descendants().anything",
            "Bundle.id.anything",
            "Bundle.entry.repeat(resource).anything",
        ] {
            assert_eq!(unknown(&["Bundle"], expression), None, "{expression}");
        }
        assert_eq!(unknown(&["NoSuchType"], "anything"), None);
    }
}
