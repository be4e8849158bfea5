//! `=` and `~`.

use std::ops::ControlFlow;

use ers_fhir_values::ucum;

use super::outcome::{Result, settle};
use super::state::{Evaluator, Scope};
use super::view::View;
use crate::collection::Collection;
use crate::error::EvalError;
use crate::node::Node;
use crate::syntax::tree::Expr;
use crate::value::Value;
use ers_fhir_values::TemporalKind;

/// How deeply compared elements may nest: each level takes stack.
const MAX_COMPARED_DEPTH: usize = 128;

/// How many children are searched for a name in one step.
const CHILDREN_PER_STEP: u64 = 16;
/// How many letters are compared in one step when case and white space are ignored.
const LETTERS_PER_STEP: u64 = 4;

impl<'e, N: Node> Evaluator<'e, N> {
    /// `left = right` on collections: same length, same items, same order.
    pub(super) fn equality(
        &self,
        left: &'e Expr,
        right: &'e Expr,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Option<bool>> {
        let left = self.eval(left, scope)?;
        if left.is_empty() {
            return Ok(None);
        }
        let right = self.eval(right, scope)?;
        if right.is_empty() {
            return Ok(None);
        }
        if left.len() != right.len() {
            return Ok(Some(false));
        }
        let mut decided = true;
        for (left, right) in left.iter().zip(&right) {
            match self.equal(left, right)? {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => decided = false,
            }
        }
        Ok(decided.then_some(true))
    }

    /// `left ~ right` on collections: the same items in any order; empty is equivalent to empty.
    pub(super) fn equivalence(
        &self,
        left: &'e Expr,
        right: &'e Expr,
        scope: Scope<'_, 'e, N>,
    ) -> Result<bool> {
        let left = self.eval(left, scope)?;
        let right = self.eval(right, scope)?;
        self.same_items(&left, &right)
    }

    fn same_items(&self, left: &Collection<'e, N>, right: &Collection<'e, N>) -> Result<bool> {
        if left.len() != right.len() {
            return Ok(false);
        }
        let mut open: Vec<_> = right.iter().collect();
        for item in left {
            let mut at = None;
            for (index, candidate) in open.iter().enumerate() {
                if self.equivalent(item, candidate)? {
                    at = Some(index);
                    break;
                }
            }
            match at {
                Some(index) => open.swap_remove(index),
                None => return Ok(false),
            };
        }
        Ok(true)
    }

    /// Whether two items are equal; `None` when their precision or units leave that open.
    pub(super) fn equal(&self, left: &Value<'e, N>, right: &Value<'e, N>) -> Result<Option<bool>> {
        self.equal_within(left, right, 0)
    }

    fn equal_within(&self, left: &Value<'e, N>, right: &Value<'e, N>, depth: usize) -> Result<Option<bool>> {
        self.tick()?;
        if let (Value::Type(left), Value::Type(right)) = (left, right) {
            return Ok(Some(left == right));
        }
        let (a, b) = (self.view(left), self.view(right));
        let (a, b) = (a.clone().meeting(&b), b.meeting(&a));
        Ok(match (&a, &b) {
            (View::Boolean(a), View::Boolean(b)) => Some(a == b),
            (View::Integer(a), View::Integer(b)) => Some(a == b),
            (View::Text(a), View::Text(b)) => {
                self.read(if a.len() == b.len() { a.len() } else { 0 })?;
                Some(a == b)
            }
            (View::Temporal(a), View::Temporal(b)) => {
                if (a.kind() == TemporalKind::Time) == (b.kind() == TemporalKind::Time) {
                    a.compare(b).map(std::cmp::Ordering::is_eq)
                } else {
                    Some(false)
                }
            }
            (View::Element(a), View::Element(b)) => return self.equal_elements(a, b, depth),
            (View::Quantity(_), _) | (_, View::Quantity(_)) => match (a.quantity(), b.quantity()) {
                (Some(a), Some(b)) => ucum::compare(&a, &b).map(std::cmp::Ordering::is_eq),
                _ => Some(false),
            },
            _ => match (a.number(), b.number()) {
                (Some(a), Some(b)) => Some(a == b),
                _ => Some(self.equal_as_written(left, right)),
            },
        })
    }

    /// A FHIR primitive also equals a value that is written the same: STU3's `mad-3` compares a boolean with
    /// `'false'`.
    fn equal_as_written(&self, left: &Value<'e, N>, right: &Value<'e, N>) -> bool {
        let primitive = |value: &Value<'e, N>| value.as_node().is_some_and(|node| node.text().is_some());
        (primitive(left) || primitive(right))
            && match (self.written(left), self.written(right)) {
                (Some(left), Some(right)) => left == right,
                _ => false,
            }
    }

    /// Compares children name by name, and children of the same name in order.
    fn equal_elements(&self, left: &N, right: &N, depth: usize) -> Result<Option<bool>> {
        if left == right {
            return Ok(Some(true));
        }
        if depth >= MAX_COMPARED_DEPTH {
            return Err(EvalError::TooDeep(MAX_COMPARED_DEPTH).into());
        }
        let mut open: Vec<N> = right.children().collect();
        let mut decided = true;
        if left.text() != right.text() {
            return Ok(Some(false));
        }
        for child in left.children() {
            let Some(at) = open.iter().position(|other| other.name() == child.name()) else {
                return Ok(Some(false));
            };
            self.charge(at as u64 / CHILDREN_PER_STEP)?;
            let other = open.remove(at);
            match self.equal_within(&Value::Node(child), &Value::Node(other), depth + 1)? {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => decided = false,
            }
        }
        if !open.is_empty() {
            return Ok(Some(false));
        }
        Ok(decided.then_some(true))
    }

    /// Whether two items are equivalent: text regardless of case and white space, numbers at the precision of
    /// the less precise one, dates of the same precision.
    pub(super) fn equivalent(&self, left: &Value<'e, N>, right: &Value<'e, N>) -> Result<bool> {
        self.equivalent_within(left, right, 0)
    }

    fn equivalent_within(&self, left: &Value<'e, N>, right: &Value<'e, N>, depth: usize) -> Result<bool> {
        self.tick()?;
        let (a, b) = (self.view(left), self.view(right));
        let (a, b) = (a.clone().meeting(&b), b.meeting(&a));
        Ok(match (&a, &b) {
            (View::Text(a), View::Text(b)) => {
                // Letters are folded only as far as both texts are alike.
                self.charge(a.len().min(b.len()) as u64 / LETTERS_PER_STEP)?;
                folded(a).eq(folded(b))
            }
            (View::Temporal(a), View::Temporal(b)) => a.equivalent(b),
            (View::Element(a), View::Element(b)) => return self.equivalent_elements(a, b, depth),
            (View::Quantity(_), _) | (_, View::Quantity(_)) => match (a.quantity(), b.quantity()) {
                (Some(a), Some(b)) => ucum::equivalent(&a, &b),
                _ => false,
            },
            (View::Integer(a), View::Integer(b)) => a == b,
            _ => match (a.number(), b.number()) {
                (Some(a), Some(b)) => ucum::equivalent_numbers(a, b),
                _ => self.equal_within(left, right, depth)? == Some(true),
            },
        })
    }

    fn equivalent_elements(&self, left: &N, right: &N, depth: usize) -> Result<bool> {
        if left == right {
            return Ok(true);
        }
        if depth >= MAX_COMPARED_DEPTH {
            return Err(EvalError::TooDeep(MAX_COMPARED_DEPTH).into());
        }
        let mut open: Vec<N> = right.children().collect();
        for child in left.children() {
            let mut at = None;
            for (index, other) in open.iter().enumerate() {
                self.charge(u64::from(index as u64 % CHILDREN_PER_STEP == CHILDREN_PER_STEP - 1))?;
                if other.name() == child.name()
                    && self.equivalent_within(&Value::Node(child), &Value::Node(*other), depth + 1)?
                {
                    at = Some(index);
                    break;
                }
            }
            match at {
                Some(index) => open.swap_remove(index),
                None => return Ok(false),
            };
        }
        Ok(open.is_empty() && left.text() == right.text())
    }

    /// Whether every item of `part` is among the items of `whole`.
    pub(super) fn subset(&self, part: &'e Expr, whole: &'e Expr, scope: Scope<'_, 'e, N>) -> Result<bool> {
        let whole = self.eval(whole, scope)?;
        let mut contained = true;
        settle(self.each(part, scope, &mut |item| {
            for candidate in &whole {
                if super::outcome::lift(self.equal(&item, candidate))? == Some(true) {
                    return ControlFlow::Continue(());
                }
            }
            contained = false;
            super::outcome::ENOUGH
        }))?;
        Ok(contained)
    }
}

/// Lower case, runs of white space as one space.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.split_whitespace()
        .flat_map(|word| std::iter::once(' ').chain(word.chars().flat_map(char::to_lowercase)))
}
