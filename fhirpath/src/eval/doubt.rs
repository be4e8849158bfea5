//! What the host cannot decide: it stops only what hangs on it.
//!
//! A doubt travels as a fault. Whoever asks for a condition of several items, or of two sides, keeps it
//! until the others have been asked: one of them may decide. Where the order of items matters, an item in
//! doubt leaves the places of those behind it in doubt as well, and nothing is kept.

use std::ops::ControlFlow;

use super::{Evaluator, Fault, Result, Step};
use crate::syntax::function::Function;
use crate::syntax::tree::{Expr, Operator};
use crate::{EvalError, Host, Node};

/// The first doubt among several items.
#[derive(Default)]
pub(super) struct Doubt(Option<Fault>);

impl Fault {
    /// Whether it is no error, but what the host cannot decide.
    pub(crate) fn is_doubt(&self) -> bool {
        matches!(*self.0, EvalError::Undecided(_))
    }
}

impl Doubt {
    /// What is said of all items together where nothing has decided it.
    pub(super) fn conclude(self) -> Step {
        self.0.map_or(ControlFlow::Continue(()), |fault| ControlFlow::Break(Some(fault)))
    }
}

impl<N: Node, H: Host<N> + ?Sized> Evaluator<'_, N, H> {
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

    /// Whether the expression speaks anywhere of the places of items.
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

/// Three-valued logic; the right side is asked only where the left does not decide. A side in doubt leaves
/// it to the other one.
pub(crate) fn weigh(
    operator: Operator,
    left: Result<Option<bool>>,
    right: impl FnOnce() -> Result<Option<bool>>,
) -> Result<Option<bool>> {
    match left {
        Ok(left) => match operator.decided_by(left) {
            ControlFlow::Break(answer) => Ok(answer),
            ControlFlow::Continue(()) => Ok(operator.combine(left, right()?)),
        },
        Err(doubt) if doubt.is_doubt() => match (operator, right()?) {
            (Operator::And, Some(false)) => Ok(Some(false)),
            (Operator::Or | Operator::Implies, Some(true)) => Ok(Some(true)),
            _ => Err(doubt),
        },
        Err(fault) => Err(fault),
    }
}
