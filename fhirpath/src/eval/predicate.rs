//! Expressions that are true, false or undecided, evaluated without building collections.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use super::iteration::Doubt;
use super::outcome::{ENOUGH, Result, lift, settle};
use super::state::{Evaluator, Scope};
use super::view::View;
use super::view::type_error;
use super::weigh;
use crate::node::Node;
use crate::syntax::function::Function;
use crate::syntax::tree::{Binary, Call, Expr, Literal, Operator, TypeOperation};
use crate::value::Value;

impl<'e, N: Node> Evaluator<'e, N> {
    /// Evaluates an expression that can only be a boolean or empty; `None` for all others.
    pub(super) fn predicate(&self, expr: &'e Expr, scope: Scope<'_, 'e, N>) -> Option<Result<Option<bool>>> {
        match expr {
            Expr::Literal(Literal::Boolean(value)) => Some(Ok(Some(*value))),
            Expr::Binary(binary) => self.operator(binary, scope),
            Expr::Call(call) => self.predicate_call(call, scope),
            Expr::Type(test) if matches!(test.operation, TypeOperation::Is | TypeOperation::IsFunction) => {
                if let Expr::Call(call) = &test.input
                    && call.function == Function::Resolve
                {
                    return Some(self.resolves_to(call, test, scope));
                }
                Some(match self.single(&test.input, scope, "is") {
                    Ok(Some(value)) => self.is_type(&value, test).map(Some),
                    Ok(None) => Ok(None),
                    Err(error) => Err(error),
                })
            }
            _ => None,
        }
    }

    /// An expression as a condition: empty is undecided, a single item that is not a boolean is true.
    pub(super) fn truth(
        &self,
        expr: &'e Expr,
        scope: Scope<'_, 'e, N>,
        what: &'static str,
    ) -> Result<Option<bool>> {
        if let Some(decided) = self.predicate(expr, scope) {
            return decided;
        }
        Ok(self.single(expr, scope, what)?.and_then(|value| self.truth_of(&value)))
    }

    pub(super) fn truth_of(&self, value: &Value<'e, N>) -> Option<bool> {
        match self.view(value).by_shape() {
            View::Boolean(value) => Some(value),
            // A boolean with extensions but no value decides nothing.
            View::Element(node) if node.type_name() == Some("boolean") => None,
            _ => Some(true),
        }
    }

    /// Whether a criterion holds for an item.
    pub(super) fn holds(
        &self,
        criterion: &'e Expr,
        scope: Scope<'_, 'e, N>,
        what: &'static str,
    ) -> Result<bool> {
        Ok(self.truth(criterion, scope, what)? == Some(true))
    }

    fn operator(&self, binary: &'e Binary, scope: Scope<'_, 'e, N>) -> Option<Result<Option<bool>>> {
        use Operator as O;
        let Binary { operator, left, right } = binary;
        Some(match operator {
            O::And | O::Or | O::Xor | O::Implies => self.logic(*operator, left, right, scope),
            O::Equal => self.equality(left, right, scope),
            O::NotEqual => self.equality(left, right, scope).map(|equal| equal.map(|equal| !equal)),
            O::Equivalent => self.equivalence(left, right, scope).map(Some),
            O::NotEquivalent => self.equivalence(left, right, scope).map(|same| Some(!same)),
            O::Less => self.order(binary, scope, Ordering::is_lt),
            O::LessOrEqual => self.order(binary, scope, Ordering::is_le),
            O::Greater => self.order(binary, scope, Ordering::is_gt),
            O::GreaterOrEqual => self.order(binary, scope, Ordering::is_ge),
            O::In => self.membership(left, right, scope, "in"),
            O::Contains => self.membership(right, left, scope, "contains"),
            _ => return None,
        })
    }

    /// Three-valued logic; the right side is evaluated only when the left does not decide.
    fn logic(
        &self,
        operator: Operator,
        left: &'e Expr,
        right: &'e Expr,
        scope: Scope<'_, 'e, N>,
    ) -> Result<Option<bool>> {
        let what = operator.text();
        weigh(operator, self.truth(left, scope, what), || self.truth(right, scope, what))
    }

    /// `item in collection`
    fn membership(
        &self,
        item: &'e Expr,
        collection: &'e Expr,
        scope: Scope<'_, 'e, N>,
        what: &'static str,
    ) -> Result<Option<bool>> {
        let Some(item) = self.single(item, scope, what)? else { return Ok(None) };
        self.contained(&item, collection, scope).map(Some)
    }

    /// Whether an item is in a collection; a union is searched side by side, not built.
    fn contained(&self, item: &Value<'e, N>, collection: &'e Expr, scope: Scope<'_, 'e, N>) -> Result<bool> {
        if let Expr::Binary(binary) = collection
            && binary.operator == Operator::Union
        {
            return Ok(
                self.contained(item, &binary.left, scope)? || self.contained(item, &binary.right, scope)?
            );
        }
        let mut found = false;
        settle(self.each(collection, scope, &mut |candidate| {
            found = lift(self.equal(item, &candidate))? == Some(true);
            if found { ENOUGH } else { ControlFlow::Continue(()) }
        }))?;
        Ok(found)
    }

    fn predicate_call(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Option<Result<Option<bool>>> {
        use Function as F;
        Some(match call.function {
            F::Exists => self.exists(call, scope).map(Some),
            F::Empty => self.exists(call, scope).map(|exists| Some(!exists)),
            F::Not => self.truth(&call.input, scope, "not()").map(|truth| truth.map(|truth| !truth)),
            F::All if !call.arguments.is_empty() => self.all(call, scope).map(Some),
            // `all()` without a criterion is what FHIRPath 1.0 called `allTrue()`.
            F::All | F::AllTrue => self.every(call, scope, true).map(Some),
            F::AllFalse => self.every(call, scope, false).map(Some),
            F::AnyTrue => self.every(call, scope, false).map(|none| Some(!none)),
            F::AnyFalse => self.every(call, scope, true).map(|none| Some(!none)),
            F::SubsetOf => self.subset(&call.input, &call.arguments[0], scope).map(Some),
            F::SupersetOf => self.subset(&call.arguments[0], &call.input, scope).map(Some),
            F::IsDistinct => self.is_distinct(&call.input, scope).map(Some),
            F::HasValue => self.has_value(&call.input, scope).map(Some),
            F::StartsWith | F::EndsWith | F::Contains => self.text_test(call, scope),
            F::Matches | F::MatchesFull => self.matches(call, scope),
            F::Comparable => self.comparable(call, scope),
            F::HtmlChecks | F::ConformsTo | F::MemberOf | F::Subsumes | F::SubsumedBy => {
                self.host_test(call, scope)
            }
            F::ConvertsToBoolean
            | F::ConvertsToInteger
            | F::ConvertsToDecimal
            | F::ConvertsToString
            | F::ConvertsToDate
            | F::ConvertsToDateTime
            | F::ConvertsToTime
            | F::ConvertsToQuantity => self.converts(call, scope),
            _ => return None,
        })
    }

    fn exists(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<bool> {
        let mut found = false;
        let mut index = 0;
        let mut doubt = Doubt::default();
        let walked = self.each(&call.input, scope, &mut |value| {
            found = match call.arguments.first() {
                Some(criterion) => {
                    let holds = self.holds(criterion, scope.item(&value, index), "exists()");
                    self.or_doubt(holds, &mut doubt)? == Some(true)
                }
                None => true,
            };
            index += 1;
            if found { ENOUGH } else { ControlFlow::Continue(()) }
        });
        settle(walked)?;
        if found {
            return Ok(true);
        }
        settle(doubt.conclude())?;
        Ok(false)
    }

    fn all(&self, call: &'e Call, scope: Scope<'_, 'e, N>) -> Result<bool> {
        let mut all = true;
        let mut index = 0;
        let mut doubt = Doubt::default();
        let walked = self.each(&call.input, scope, &mut |value| {
            let holds = self.holds(&call.arguments[0], scope.item(&value, index), "all()");
            all = self.or_doubt(holds, &mut doubt)? != Some(false);
            index += 1;
            if all { ControlFlow::Continue(()) } else { ENOUGH }
        });
        settle(walked)?;
        if !all {
            return Ok(false);
        }
        settle(doubt.conclude())?;
        Ok(true)
    }

    /// Whether every item is the boolean `expected`.
    fn every(&self, call: &'e Call, scope: Scope<'_, 'e, N>, expected: bool) -> Result<bool> {
        let mut every = true;
        let walked = self.each(&call.input, scope, &mut |value| match self.view(&value).by_shape() {
            View::Boolean(found) => {
                every &= found == expected;
                ControlFlow::Continue(())
            }
            other => ControlFlow::Break(Some(type_error(call.function.name(), &other))),
        });
        match settle(walked) {
            // A single item that differs decides, whatever the others are.
            Err(fault) if every || !fault.is_doubt() => Err(fault),
            _ => Ok(every),
        }
    }
}
