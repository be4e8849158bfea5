//! `<`, `<=`, `>`, `>=`.

use std::cmp::Ordering;

use ers_fhir_values::{number, ucum};

use super::outcome::Result;
use super::state::{Evaluator, Scope};
use super::view::View;
use super::view::mismatch;
use crate::node::Node;
use crate::syntax::tree::Binary;
use crate::value::Value;
use ers_fhir_values::TemporalKind;

impl<'e, N: Node> Evaluator<'e, N> {
    pub(super) fn order(
        &self,
        binary: &'e Binary,
        scope: Scope<'_, 'e, N>,
        test: fn(Ordering) -> bool,
    ) -> Result<Option<bool>> {
        let what = binary.operator.text();
        let Some(left) = self.single(&binary.left, scope, what)? else { return Ok(None) };
        let Some(right) = self.single(&binary.right, scope, what)? else { return Ok(None) };
        Ok(self.compare(&left, &right, what)?.map(test))
    }

    /// Orders two items of comparable types; `None` when precision or units leave the order open, or when
    /// one of them has no valid value.
    pub(super) fn compare(
        &self,
        left: &Value<'e, N>,
        right: &Value<'e, N>,
        what: &'static str,
    ) -> Result<Option<Ordering>> {
        let (a, b) = (self.view(left), self.view(right));
        let (a, b) = (a.clone().meeting(&b), b.meeting(&a));
        match (&a, &b) {
            (View::Integer(a), View::Integer(b)) => Ok(Some(a.cmp(b))),
            (View::Text(a), View::Text(b)) => Ok(Some(a.cmp(b))),
            (View::Temporal(a), View::Temporal(b))
                if (a.kind() == TemporalKind::Time) == (b.kind() == TemporalKind::Time) =>
            {
                Ok(a.compare(b))
            }
            (View::Element(node), _) | (_, View::Element(node)) if self.lacks_value(*node) => {
                Ok(a.digits().zip(b.digits()).and_then(|(a, b)| number::compare(&a, &b)))
            }
            (View::Quantity(_), _) | (_, View::Quantity(_)) => match (a.quantity(), b.quantity()) {
                (Some(a), Some(b)) => Ok(ucum::compare(&a, &b)),
                _ => Err(mismatch(what, &a, &b)),
            },
            _ => match (a.number(), b.number()) {
                (Some(a), Some(b)) => Ok(Some(a.cmp(&b))),
                _ => Err(mismatch(what, &a, &b)),
            },
        }
    }

    /// Whether this is an element without a value, of a type that could have one.
    pub(super) fn is_without_value(&self, value: &Value<'e, N>) -> bool {
        value.text().is_none()
            && matches!(value, Value::Node(node) if self.lacks_value(node) && self.quantity_of(node).is_none())
    }

    /// Whether an element is a primitive or a Quantity whose value is absent or unreadable.
    pub(super) fn lacks_value(&self, node: &N) -> bool {
        node.type_name().is_none_or(|name| {
            name.starts_with(|first: char| first.is_ascii_lowercase())
                || name == "Quantity"
                || self.host.is_subtype(name, "Quantity")
        })
    }
}
