//! Collections as sets: `distinct()`, `|`, `intersect()`, `exclude()`.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::ops::ControlFlow;

use rust_decimal::Decimal;

use super::outcome::{ENOUGH, Result, lift, settle};
use super::state::{Evaluator, Scope};
use super::view::View;
use crate::collection::Collection;
use crate::node::Node;
use crate::syntax::tree::{Call, Expr, Operator};
use crate::value::Value;

/// The items seen so far: a short list, or buckets by text once there are many.
///
/// Code systems with thousands of concepts are checked for distinct codes, so looking at all earlier
/// items for each is out of the question; but most unions have only two or three items.
pub(super) struct Seen<'e, N> {
    few: Vec<Value<'e, N>>,
    many: Option<Buckets<'e, N>>,
}

/// The hasher is keyed: texts come from untrusted input. Items that are neither text nor number share a bucket.
struct Buckets<'e, N> {
    hasher: RandomState,
    values: HashMap<u64, Vec<Value<'e, N>>>,
}

/// The cost of storing an item, in steps: the budget bounds memory as well as time.
const STEPS_PER_ITEM: u64 = 16;

/// The number of items from which buckets pay off.
const MANY: usize = 16;

impl<N> Default for Seen<'_, N> {
    fn default() -> Self {
        Self { few: Vec::new(), many: None }
    }
}

impl<'e, N: Node> Evaluator<'e, N> {
    /// Remembers an item; `false` when an equal one is already present.
    pub(super) fn insert(&self, seen: &mut Seen<'e, N>, value: &Value<'e, N>) -> Result<bool> {
        if self.contains(seen, value)? {
            return Ok(false);
        }
        self.charge(STEPS_PER_ITEM)?;
        if seen.many.is_none() && seen.few.len() < MANY {
            seen.few.push(value.clone());
            return Ok(true);
        }
        let buckets =
            seen.many.get_or_insert_with(|| Buckets { hasher: RandomState::new(), values: HashMap::new() });
        for value in seen.few.drain(..).chain([value.clone()]) {
            let key = self.bucket(&buckets.hasher, &value);
            // Hardly any bucket gets a second value, and a vector would grow to a capacity of four by default.
            buckets.values.entry(key).or_insert_with(|| Vec::with_capacity(1)).push(value);
        }
        Ok(true)
    }

    fn contains(&self, seen: &Seen<'e, N>, value: &Value<'e, N>) -> Result<bool> {
        let candidates = match &seen.many {
            None => Some(&seen.few),
            Some(buckets) => buckets.values.get(&self.bucket(&buckets.hasher, value)),
        };
        for candidate in candidates.into_iter().flatten() {
            self.tick()?;
            if self.equal(value, candidate)? == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn bucket(&self, hasher: &RandomState, value: &Value<'e, N>) -> u64 {
        match self.view(value).by_shape() {
            View::Text(text) => hasher.hash_one(text),
            View::Integer(value) => hasher.hash_one(Decimal::from(value).normalize()),
            View::Decimal(value) => hasher.hash_one(value.normalize()),
            _ => 0,
        }
    }

    pub(super) fn is_distinct(&self, input: &'e Expr, scope: Scope<'_, 'e, N>) -> Result<bool> {
        let mut seen = Seen::default();
        let mut distinct = true;
        settle(self.each(input, scope, &mut |value| {
            distinct = lift(self.insert(&mut seen, &value))?;
            if distinct { ControlFlow::Continue(()) } else { ENOUGH }
        }))?;
        Ok(distinct)
    }

    pub(super) fn distinct(&self, input: &'e Expr, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let mut items = Collection::new();
        self.add_distinct(input, scope, &mut Seen::default(), &mut items)?;
        Ok(items)
    }

    fn add_distinct(
        &self,
        expr: &'e Expr,
        scope: Scope<'_, 'e, N>,
        seen: &mut Seen<'e, N>,
        items: &mut Collection<'e, N>,
    ) -> Result<()> {
        if let Expr::Binary(binary) = expr
            && binary.operator == Operator::Union
        {
            self.add_distinct(&binary.left, scope, seen, items)?;
            return self.add_distinct(&binary.right, scope, seen, items);
        }
        settle(self.each(expr, scope, &mut |value| {
            if lift(self.insert(seen, &value))? {
                items.push(value);
            }
            ControlFlow::Continue(())
        }))
    }

    /// `left | right`: both, without duplicates.
    pub(super) fn union(
        &self,
        left: &'e Expr,
        right: &'e Expr,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Collection<'e, N>> {
        let mut seen = Seen::default();
        let mut items = Collection::new();
        self.add_distinct(left, scope, &mut seen, &mut items)?;
        self.add_distinct(right, scope, &mut seen, &mut items)?;
        Ok(items)
    }

    pub(super) fn combine(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let mut items = self.eval(&call.input, scope)?;
        items.extend(self.eval(&call.arguments[0], scope)?);
        self.charge(items.len() as u64)?;
        Ok(items)
    }

    fn seen(&self, expr: &'e Expr, scope: Scope<'_, 'e, N>) -> Result<Seen<'e, N>> {
        let mut seen = Seen::default();
        settle(self.each(expr, scope, &mut |value| {
            lift(self.insert(&mut seen, &value))?;
            ControlFlow::Continue(())
        }))?;
        Ok(seen)
    }

    pub(super) fn intersect(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let other = self.seen(&call.arguments[0], scope)?;
        let mut taken = Seen::default();
        let mut items = Collection::new();
        settle(self.each(&call.input, scope, &mut |value| {
            if lift(self.contains(&other, &value))? && lift(self.insert(&mut taken, &value))? {
                items.push(value);
            }
            ControlFlow::Continue(())
        }))?;
        Ok(items)
    }

    /// Keeps the order and the duplicates of the remaining items.
    pub(super) fn exclude(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let other = self.seen(&call.arguments[0], scope)?;
        let mut items = Collection::new();
        settle(self.each(&call.input, scope, &mut |value| {
            if !lift(self.contains(&other, &value))? {
                items.push(value);
            }
            ControlFlow::Continue(())
        }))?;
        Ok(items)
    }
}
