//! How a step of the walk ends: with an error, or because the sink has seen enough.

use std::ops::ControlFlow;

use crate::error::EvalError;

/// An error, boxed: it is rare, and every step of the walk returns one or none.
pub(crate) struct Fault(Box<EvalError>);

impl From<EvalError> for Fault {
    fn from(error: EvalError) -> Self {
        Self(Box::new(error))
    }
}

impl From<Fault> for EvalError {
    fn from(fault: Fault) -> Self {
        *fault.0
    }
}

impl Fault {
    /// What went wrong.
    pub(super) fn error(&self) -> &EvalError {
        &self.0
    }

    /// Whether it is not an error, but a question that the host cannot decide.
    pub(crate) fn is_doubt(&self) -> bool {
        matches!(*self.0, EvalError::Undecided(_))
    }
}

pub(super) type Result<T> = std::result::Result<T, Fault>;

/// The answer of a sink: go on, or stop. A stop carries an error, or `None` when the sink has seen enough.
pub(super) type Step = ControlFlow<Option<Fault>>;

/// Stops the walk: the sink has seen enough.
pub(super) const ENOUGH: Step = ControlFlow::Break(None);

/// Brings an error into a walk.
pub(super) fn lift<T>(result: Result<T>) -> ControlFlow<Option<Fault>, T> {
    match result {
        Ok(value) => ControlFlow::Continue(value),
        Err(error) => ControlFlow::Break(Some(error)),
    }
}

/// Takes an error out of a walk.
pub(super) fn settle(step: Step) -> Result<()> {
    match step {
        ControlFlow::Break(Some(error)) => Err(error),
        _ => Ok(()),
    }
}
