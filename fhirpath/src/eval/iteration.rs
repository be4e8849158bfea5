//! Functions that walk: filtering, projection, navigation, slicing, aggregation.
//!
//! A question that the host cannot decide stops only what depends on it: a doubt travels as a fault. A function that
//! evaluates a condition for several items holds the doubt back until it has tried the others, since one of them may
//! decide. Where the order of items matters, an item in doubt puts the positions of all later ones in doubt too, so
//! the doubt is not held back.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::ops::ControlFlow;

use super::distinct::Seen;
use super::outcome::{ENOUGH, Fault, Result, Step, lift, settle};
use super::state::{Evaluator, Scope};
use super::view::View;
use super::view::type_error;
use crate::collection::Collection;
use crate::error::EvalError;
use crate::node::Node;
use crate::syntax::function::Function;
use crate::syntax::tree::{Call, Expr};
use crate::value::Value;

/// How deep a tree may be. Readers usually bound the depth too; this protects against those that do not.
pub(crate) const MAX_TREE_DEPTH: usize = 512;

/// The first doubt among several items.
#[derive(Default)]
pub(super) struct Doubt(Option<Fault>);

impl Doubt {
    /// The result for all items together where none of them decided it.
    pub(super) fn conclude(self) -> Step {
        self.0.map_or(ControlFlow::Continue(()), |fault| ControlFlow::Break(Some(fault)))
    }
}

impl<N: Node> Evaluator<'_, N> {
    /// The answer for one of several items; `None` where it is in doubt, which is kept for the end.
    pub(super) fn or_doubt<T>(
        &self,
        result: Result<T>,
        doubt: &mut Doubt,
    ) -> ControlFlow<Option<Fault>, Option<T>> {
        match result {
            Ok(value) => ControlFlow::Continue(Some(value)),
            Err(fault) if fault.is_doubt() && !self.is_ordered() => {
                doubt.0.get_or_insert(fault);
                ControlFlow::Continue(None)
            }
            Err(fault) => ControlFlow::Break(Some(fault)),
        }
    }

    /// Whether the expression depends on the positions of items anywhere.
    #[cold]
    fn is_ordered(&self) -> bool {
        let mut open = vec![self.root];
        while let Some(expr) = open.pop() {
            let is_ordered = match expr {
                Expr::Index | Expr::Item(..) => true,
                Expr::Call(call) => matches!(
                    call.function,
                    Function::First | Function::Last | Function::Tail | Function::Skip | Function::Take
                ),
                _ => false,
            };
            if is_ordered {
                return true;
            }
            open.extend(expr.parts());
        }
        false
    }
}

impl<'e, N: Node> Evaluator<'e, N> {
    pub(super) fn filter(
        &self,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        let mut index = 0;
        let mut doubt = Doubt::default();
        self.each(&call.input, scope, &mut |value| {
            let holds = self.holds(&call.arguments[0], scope.item(&value, index), "where()");
            let holds = self.or_doubt(holds, &mut doubt)? == Some(true);
            index += 1;
            if holds { sink(value) } else { ControlFlow::Continue(()) }
        })?;
        doubt.conclude()
    }

    pub(super) fn project(
        &self,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        let mut index = 0;
        let mut doubt = Doubt::default();
        self.each(&call.input, scope, &mut |value| {
            index += 1;
            match self.each(&call.arguments[0], scope.item(&value, index - 1), sink) {
                ControlFlow::Break(Some(fault)) => {
                    self.or_doubt::<()>(Err(fault), &mut doubt)?;
                    ControlFlow::Continue(())
                }
                other => other,
            }
        })?;
        doubt.conclude()
    }

    pub(super) fn children(&self, value: &Value<'e, N>, sink: &mut dyn FnMut(Value<'e, N>) -> Step) -> Step {
        let Value::Node(node) = value else { return ControlFlow::Continue(()) };
        for child in node.children() {
            lift(self.tick())?;
            sink(Value::Node(child))?;
        }
        ControlFlow::Continue(())
    }

    /// All descendants, each before its children.
    pub(super) fn descendants(
        &self,
        value: &Value<'e, N>,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        let Value::Node(node) = value else { return ControlFlow::Continue(()) };
        let mut open = vec![node.children()];
        while let Some(level) = open.last_mut() {
            let Some(child) = level.next() else {
                open.pop();
                continue;
            };
            lift(self.tick())?;
            if open.len() > MAX_TREE_DEPTH {
                return ControlFlow::Break(Some(EvalError::TooDeep(MAX_TREE_DEPTH).into()));
            }
            open.push(child.children());
            sink(Value::Node(child))?;
        }
        ControlFlow::Continue(())
    }

    /// Applies the projection to its own results until it yields nothing new.
    pub(super) fn repeat(
        &self,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        let mut seen = Seen::default();
        let mut open: VecDeque<_> = lift(self.eval(&call.input, scope))?.into_iter().collect();
        while let Some(value) = open.pop_front() {
            self.each(&call.arguments[0], scope.item(&value, 0), &mut |value| {
                if lift(self.insert(&mut seen, &value))? {
                    open.push_back(value.clone());
                    sink(value)?;
                }
                ControlFlow::Continue(())
            })?;
        }
        ControlFlow::Continue(())
    }

    /// `first()`, `tail()`, `skip(n)`, `take(n)`.
    pub(super) fn slice(
        &self,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        let (skip, take) = match call.function {
            Function::First => (0, 1),
            Function::Tail => (1, i64::MAX),
            _ => {
                let count = lift(self.integer_argument(call, 0, scope))?.unwrap_or(0);
                if call.function == Function::Skip { (count, i64::MAX) } else { (0, count) }
            }
        };
        let mut index = 0;
        let mut left = take;
        let mut outcome = ControlFlow::Continue(());
        if left <= 0 {
            return outcome;
        }
        let walked = self.each(&call.input, scope, &mut |value| {
            index += 1;
            if index <= skip {
                return ControlFlow::Continue(());
            }
            left -= 1;
            outcome = sink(value);
            if left == 0 || outcome.is_break() { ENOUGH } else { ControlFlow::Continue(()) }
        });
        // The walk also stops when the slice is complete, which must not stop the caller.
        lift(settle(walked))?;
        outcome
    }

    pub(super) fn item_at(
        &self,
        input: &'e Expr,
        index: &'e Expr,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Collection<'e, N>> {
        let Some(index) = self.single(index, scope, "[]")? else { return Ok(Collection::new()) };
        let mut left = match self.view(&index).by_shape() {
            View::Integer(index) => index,
            other => return Err(type_error("[]", &other)),
        };
        let mut found = None;
        settle(self.each(input, scope, &mut |value| {
            if left == 0 {
                found = Some(value);
                return ENOUGH;
            }
            left -= 1;
            ControlFlow::Continue(())
        }))?;
        Ok(found.into())
    }

    pub(super) fn trace(
        &self,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        let name = lift(self.argument(call, 0, scope))?;
        let name = name.as_ref().and_then(|value| value.text()).unwrap_or_default();
        let values = lift(self.eval(&call.input, scope))?;
        match call.arguments.get(1) {
            Some(projection) => {
                let mut shown = Collection::new();
                for (index, value) in values.iter().enumerate() {
                    shown.extend(lift(self.eval(projection, scope.item(value, index)))?);
                }
                self.host.trace(name, &shown);
            }
            None => self.host.trace(name, &values),
        }
        values.into_iter().try_for_each(sink)
    }

    pub(super) fn aggregate(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let mut total = match call.arguments.get(1) {
            Some(start) => self.eval(start, scope)?,
            None => Collection::new(),
        };
        for (index, value) in self.eval(&call.input, scope)?.iter().enumerate() {
            let inner = Scope { this: std::slice::from_ref(value), index, total: Some(&total) };
            total = self.eval(&call.arguments[0], inner)?;
        }
        Ok(total)
    }

    /// `iif(criterion, then, else)`: only the chosen branch is evaluated, and `$this` is the
    /// input, which may be empty.
    pub(super) fn iif(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let input;
        let inner = if matches!(call.input, Expr::This) {
            scope
        } else {
            input = self.eval(&call.input, scope)?;
            if input.len() > 1 {
                return Err(EvalError::NotSingleton { what: "iif()", count: input.len() }.into());
            }
            Scope { this: input.as_slice(), ..scope }
        };
        let criterion = self.truth(&call.arguments[0], inner, "iif()")?;
        match call.arguments.get(if criterion == Some(true) { 1 } else { 2 }) {
            Some(branch) => self.eval(branch, inner),
            None => Ok(Collection::new()),
        }
    }

    /// Sorts by the keys in order; a key with a leading minus sorts descending. Stable; items
    /// without a key come first, and where two dates leave the order open, the less precise one comes first.
    pub(super) fn sort(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let keys: Vec<(&'e Expr, bool)> = if call.arguments.is_empty() {
            vec![(&Expr::This, false)]
        } else {
            let direction = |key: &'e Expr| match key {
                Expr::Polarity { negative: true, operand } => (&**operand, true),
                other => (other, false),
            };
            call.arguments.iter().map(direction).collect()
        };
        let mut rows = Vec::new();
        for (index, value) in self.eval(&call.input, scope)?.into_iter().enumerate() {
            let mut row = Vec::with_capacity(keys.len());
            for (key, _) in &keys {
                row.push(self.single(key, scope.item(&value, index), "sort()")?);
            }
            rows.push((row, value));
        }
        let mut failure = None;
        let rows = merge_sorted(rows, &mut |(left, _), (right, _)| {
            let mut order = Ordering::Equal;
            for ((left, right), (_, descending)) in left.iter().zip(right).zip(&keys) {
                let by_key = match (left, right) {
                    (Some(left), Some(right)) => match self.compare(left, right, "sort()") {
                        Ok(order) => order.or_else(|| self.written_order(left, right)),
                        Err(error) => {
                            failure.get_or_insert(error);
                            None
                        }
                    },
                    (left, right) => Some(left.is_some().cmp(&right.is_some())),
                }
                .unwrap_or(Ordering::Equal);
                order = order.then(if *descending { by_key.reverse() } else { by_key });
            }
            order
        });
        match failure {
            Some(error) => Err(error),
            None => Ok(rows.into_iter().map(|(_, value)| value).collect()),
        }
    }

    /// The order of two dates by their text, where nothing else decides.
    fn written_order(&self, left: &Value<'e, N>, right: &Value<'e, N>) -> Option<Ordering> {
        match (self.view(left), self.view(right)) {
            (View::Temporal(left), View::Temporal(right)) => Some(left.to_string().cmp(&right.to_string())),
            _ => None,
        }
    }
}

/// Sorts by an order that may be inconsistent, like that of dates with and without a time zone: the sort of
/// the standard library may panic on such an order.
fn merge_sorted<T>(mut rows: Vec<T>, order: &mut impl FnMut(&T, &T) -> Ordering) -> Vec<T> {
    if rows.len() < 2 {
        return rows;
    }
    let behind = merge_sorted(rows.split_off(rows.len() / 2), order);
    let before = merge_sorted(rows, order);
    let mut sorted = Vec::with_capacity(before.len() + behind.len());
    let mut behind = behind.into_iter().peekable();
    for row in before {
        while let Some(other) = behind.next_if(|other| order(other, &row) == Ordering::Less) {
            sorted.push(other);
        }
        sorted.push(row);
    }
    sorted.extend(behind);
    sorted
}
