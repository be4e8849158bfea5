//! Errors: an expression that is not valid `FHIRPath`, or an evaluation without a result.

use thiserror::Error;

/// An expression that cannot be used, and the position of the fault in its text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind} (at byte {position} of the expression)")]
pub struct ParseError {
    /// Byte offset into the expression.
    pub position: usize,
    /// What is wrong there.
    pub kind: ParseErrorKind,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// A character that starts no token.
    #[error("`{0}` is not part of the language; a name with such a character needs backticks")]
    Character(char),
    /// A string, quoted name or comment that is not closed.
    #[error("this {0} is not closed")]
    Unclosed(&'static str),
    /// A backslash that begins no known escape.
    #[error("`\\{0}` is not an escape; write `\\\\` for a backslash")]
    Escape(char),
    /// A literal whose value is out of range or malformed.
    #[error("`{text}` is not a valid {what}")]
    Literal {
        /// Kind of literal.
        what: &'static str,
        /// The text as written.
        text: String,
    },
    /// Something else was expected.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// A function that is not defined.
    #[error("there is no function `{0}`; check its spelling and case")]
    UnknownFunction(String),
    /// A function given too few or too many arguments.
    #[error("`{function}` takes {expected} argument(s), not {found}")]
    Arity {
        /// The function.
        function: &'static str,
        /// The number or range of arguments that it takes.
        expected: String,
        /// The number of arguments given.
        found: usize,
    },
    /// A regular expression that does not compile.
    #[error("the regular expression is invalid: {0}")]
    Regex(String),
    /// The expression is nested too deeply to be evaluated safely.
    #[error("the expression is nested more than {0} levels deep; split it")]
    TooDeep(usize),
}

/// Why an evaluation has no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EvalError {
    /// A single item was needed.
    #[error("{what} needs a single item, but there are {count}; narrow the path, for example with first()")]
    NotSingleton {
        /// The function or operator.
        what: &'static str,
        /// The number of items given.
        count: usize,
    },
    /// An operand or argument of the wrong type.
    #[error("{what} cannot be applied to {found}")]
    Type {
        /// The function or operator.
        what: &'static str,
        /// The type or types that were found.
        found: String,
    },
    /// A variable that neither the language nor the host defines.
    #[error("the variable %{0} is not defined here")]
    UnknownVariable(String),
    /// A type that does not exist.
    #[error("there is no type `{0}`")]
    UnknownType(String),
    /// An element that its parent cannot have.
    #[error("`{parent}` has no element `{name}`")]
    UnknownElement {
        /// Type of the parent.
        parent: String,
        /// The name in the path.
        name: String,
    },
    /// A regular expression, computed at run time, that does not compile.
    #[error("the regular expression is invalid: {0}")]
    Regex(String),
    /// The answer depends on something that cannot be known here: a code of an unknown set, conformance to an unknown
    /// profile, a resource elsewhere. Anything that does not depend on it is decided all the same.
    #[error("{0}")]
    Undecided(String),
    /// The host answered with an error.
    #[error("{0}")]
    Host(String),
    /// The expression needs the current time, but there is no clock.
    #[error("the current time is not known here")]
    NoClock,
    /// The step budget is used up.
    #[error(
        "the evaluation took more than {0} steps; simplify the expression or raise the host's step limit"
    )]
    Budget(u64),
    /// The data is nested too deeply to be compared safely.
    #[error("the data is nested more than {0} levels deep")]
    TooDeep(usize),
}
