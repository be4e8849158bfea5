//! The position of the reader, and the faults found there.

use super::Reader;
use crate::runtime::error::{Fault, ReadError};
use crate::runtime::path::Step;
use crate::runtime::violation::Violation;

/// How many violations are listed; a reader that finds more gives up.
const MAX_VIOLATIONS: usize = 1000;

/// A place to come back to.
#[derive(Clone, Copy)]
pub(in crate::runtime) struct Mark {
    at: usize,
    depth: u32,
    steps: usize,
}

impl<'a> Reader<'a> {
    /// Steps into a type, if it is the outermost.
    #[inline]
    pub(in crate::runtime) fn root(&mut self, name: &'static str) {
        if self.steps.is_empty() {
            self.steps.push(Step::Root(name));
        }
    }

    /// Steps into an element; `leave` or `back` follows.
    #[inline]
    pub(in crate::runtime) fn step(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Steps out of an element.
    #[inline]
    pub(in crate::runtime) fn leave(&mut self) {
        self.steps.pop();
    }

    /// A place to come back to.
    #[inline]
    pub(in crate::runtime) fn mark(&self) -> Mark {
        Mark { at: self.at, depth: self.depth, steps: self.steps.len() }
    }

    /// Goes back to a value that does not fit, skips it, and returns its text.
    #[cold]
    pub(in crate::runtime) fn pass(&mut self, mark: Mark) -> Result<&'a str, ReadError> {
        (self.at, self.depth) = (mark.at, mark.depth);
        self.steps.truncate(mark.steps);
        // A value that is kept as it came is skipped without looking into it.
        self.is_unbounded = self.keeps_misfits();
        let passed = self.raw();
        self.is_unbounded = false;
        self.is_broken |= passed.is_err();
        passed
    }

    /// Records a fault of the value at the mark, and skips the value.
    #[cold]
    pub(in crate::runtime) fn recover(&mut self, mark: Mark, error: ReadError) -> Result<(), ReadError> {
        if self.is_broken {
            return Err(error);
        }
        self.pass(mark)?;
        self.violations.0.extend(error.into_violations().0);
        self.check_count()
    }

    /// A fault at the current position.
    #[cold]
    pub fn fault(&self, fault: Fault) -> ReadError {
        let at =
            if matches!(fault, Fault::Value { .. } | Fault::WrongType { .. }) { self.token } else { self.at };
        ReadError::new(Violation::new(fault, &self.steps, at))
    }

    /// Records a fault of the current element.
    #[cold]
    pub(in crate::runtime) fn note(&mut self, fault: Fault) {
        let violation = Violation::new(fault, &self.steps, self.token);
        self.violations.0.push(violation);
    }

    /// Records a fault of a part of the current element.
    #[cold]
    pub(in crate::runtime) fn note_in(&mut self, step: Step, fault: Fault) {
        self.steps.push(step);
        self.note(fault);
        self.steps.pop();
    }

    /// Records that the current element has a part that its type does not have.
    #[cold]
    pub(in crate::runtime) fn note_unknown(&mut self, name: &str) {
        let violation = Violation::new(Fault::UnknownElement, &self.steps, self.token);
        self.violations.0.push(violation.at_unknown(name));
    }

    /// Gives up when there are too many violations.
    pub(in crate::runtime) fn check_count(&mut self) -> Result<(), ReadError> {
        if self.violations.len() <= MAX_VIOLATIONS {
            return Ok(());
        }
        self.is_broken = true;
        self.violations.0.pop().map_or(Ok(()), |last| Err(ReadError::new(last)))
    }

    /// The result where reading cannot even begin.
    pub(in crate::runtime) fn failed(mut self, violation: Violation) -> Result<(), ReadError> {
        self.violations.0.push(violation);
        self.violations.locate(self.text);
        ReadError::of(self.violations).map_or(Ok(()), Err)
    }

    /// Where the next token begins.
    #[inline]
    pub(in crate::runtime) fn place(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// Makes the next recorded fault refer to the element that begins at this place.
    pub(in crate::runtime) fn point(&mut self, place: usize) {
        self.token = place;
    }

    /// The result of reading, with everything that is wrong.
    pub(in crate::runtime) fn finish(mut self, read: Result<(), ReadError>) -> Result<(), ReadError> {
        if let Err(error) = read.and_then(|()| self.end()) {
            self.violations.0.extend(error.into_violations().0);
        }
        self.violations.locate(self.text);
        ReadError::of(self.violations).map_or(Ok(()), Err)
    }
}
