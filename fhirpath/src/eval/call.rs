//! Dispatches a call to the family of functions that handles it.

use std::ops::ControlFlow;

use super::outcome::{Result, Step};
use super::state::{Evaluator, Scope};
use crate::collection::Collection;
use crate::node::Node;
use crate::syntax::function::Function as F;
use crate::syntax::tree::Call;
use crate::value::Value;

/// Whether a function produces its items one by one.
pub(super) fn streams(function: F) -> bool {
    matches!(
        function,
        F::Where
            | F::Select
            | F::Children
            | F::Descendants
            | F::Repeat
            | F::First
            | F::Tail
            | F::Skip
            | F::Take
            | F::Extension
            | F::Resolve
            | F::Trace
    )
}

impl<'e, N: Node> Evaluator<'e, N> {
    pub(super) fn stream_call(
        &self,
        call: &'e Call,
        scope: Scope<'_, 'e, N>,
        sink: &mut dyn FnMut(Value<'e, N>) -> Step,
    ) -> Step {
        match call.function {
            F::Where => self.filter(call, scope, sink),
            F::Select => self.project(call, scope, sink),
            F::Children => self.each(&call.input, scope, &mut |value| self.children(&value, sink)),
            F::Descendants => self.each(&call.input, scope, &mut |value| self.descendants(&value, sink)),
            F::Repeat => self.repeat(call, scope, sink),
            F::First | F::Tail | F::Skip | F::Take => self.slice(call, scope, sink),
            F::Extension => self.extension(call, scope, sink),
            F::Resolve => self.resolve(call, scope, sink),
            F::Trace => self.trace(call, scope, sink),
            // Kept in step with `streams`.
            _ => ControlFlow::Continue(()),
        }
    }

    /// A call that is neither a predicate nor streamed; `None` when it is one of those.
    pub(super) fn call(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Option<Result<Collection<'e, N>>> {
        let one = |value: Result<Option<Value<'e, N>>>| value.map(Collection::from);
        Some(match call.function {
            F::Count => self.count(call, scope),
            F::Distinct => self.distinct(&call.input, scope),
            F::Union => self.union(&call.input, &call.arguments[0], scope),
            F::Combine => self.combine(call, scope),
            F::Intersect => self.intersect(call, scope),
            F::Exclude => self.exclude(call, scope),
            F::Single => one(self.single(&call.input, scope, "single()")),
            F::Last => self.last(call, scope),
            F::Aggregate => self.aggregate(call, scope),
            F::Sort => self.sort(call, scope),
            F::Iif => self.iif(call, scope),
            F::ToBoolean
            | F::ToInteger
            | F::ToDecimal
            | F::ToText
            | F::ToDate
            | F::ToDateTime
            | F::ToTime
            | F::ToQuantity => one(self.convert(call, scope)),
            F::IndexOf
            | F::LastIndexOf
            | F::Substring
            | F::Upper
            | F::Lower
            | F::Replace
            | F::ReplaceMatches
            | F::Length
            | F::Trim
            | F::Encode
            | F::Decode
            | F::Escape
            | F::Unescape => one(self.text_function(call, scope)),
            F::ToChars | F::Split => self.pieces(call, scope),
            F::Join => one(self.join(call, scope)),
            F::Abs
            | F::Ceiling
            | F::Exp
            | F::Floor
            | F::Ln
            | F::Log
            | F::Power
            | F::Round
            | F::Sqrt
            | F::Truncate => one(self.math(call, scope)),
            F::LowBoundary | F::HighBoundary | F::Precision => one(self.boundary(call, scope)),
            F::Type => self.types(call, scope),
            F::Now => self.now().map(|now| Collection::one(Value::Temporal(now))),
            F::Today => self.now().map(|now| Collection::one(Value::Temporal(now.date()))),
            F::TimeOfDay => self.now().map(|now| now.time_of_day().map(Value::Temporal).into()),
            F::GetValue => self.get_value(call, scope),
            F::ElementDefinition | F::Slice | F::CheckModifiers => self.by_definition(call, scope),
            _ => return None,
        })
    }

    fn count(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let mut count = 0;
        super::outcome::settle(self.each(&call.input, scope, &mut |_| {
            count += 1;
            ControlFlow::Continue(())
        }))?;
        Ok(Collection::one(Value::Integer(count)))
    }

    fn last(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<Collection<'e, N>> {
        let mut last = None;
        super::outcome::settle(self.each(&call.input, scope, &mut |value| {
            last = Some(value);
            ControlFlow::Continue(())
        }))?;
        Ok(last.into())
    }

    /// The argument at `index`, which must be a single item.
    pub(super) fn argument(
        &self,
        call: &'e Call,
        index: usize,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Option<Value<'e, N>>> {
        match call.arguments.get(index) {
            Some(argument) => self.single(argument, scope, call.function.name()),
            None => Ok(None),
        }
    }

    /// The argument at `index` as a whole number.
    pub(super) fn integer_argument(
        &self,
        call: &'e Call,
        index: usize,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Option<i64>> {
        let Some(value) = self.argument(call, index, scope)? else { return Ok(None) };
        match self.view(&value).by_shape() {
            super::view::View::Integer(value) => Ok(Some(value)),
            other => Err(super::view::type_error(call.function.name(), &other)),
        }
    }
}
