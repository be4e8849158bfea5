//! A parsed expression and its evaluation.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use crate::collection::Collection;
use crate::error::{EvalError, ParseError};
use crate::eval::{CONDITION, Evaluator};
use crate::host::Host;
use crate::node::Node;
use crate::presence::Presence;
use crate::quick::Quick;
use crate::syntax::function::Function;
use crate::syntax::parse;
use crate::syntax::tree::Expr;

/// An expression, parsed and resolved: evaluate it as often as you like, from any thread.
#[derive(Debug, Clone)]
pub struct Expression {
    source: Box<str>,
    root: Expr,
    /// The expression as a condition, compiled on first use: most invariants of a definition are never used.
    quick: OnceLock<Quick>,
}

impl Expression {
    /// Reads an expression. Unknown functions, wrong numbers of arguments and broken regular
    /// expressions are found here, not at evaluation.
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        Self::numbered(source, |_| 0)
    }

    /// Reads an expression for nodes that know names by number: each name in a path gets its number
    /// once, here, and [`Node::visit_named`] is called with it. 0 means no number.
    pub fn numbered(source: &str, number: impl Fn(&str) -> u32) -> Result<Self, ParseError> {
        Ok(Self { source: source.into(), root: parse(source, &number)?, quick: OnceLock::new() })
    }

    /// The text it was parsed from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The syntax tree.
    pub fn root(&self) -> &Expr {
        &self.root
    }

    /// Whether it calls a function anywhere. A caller that cannot resolve references, for example, can tell which
    /// invariants depend on that.
    pub fn calls(&self, function: Function) -> bool {
        let mut open = vec![&self.root];
        while let Some(expr) = open.pop() {
            if matches!(expr, Expr::Call(call) if call.function == function) {
                return true;
            }
            open.extend(expr.parts());
        }
        false
    }

    /// What the names of the children of the focus tell about the expression as a condition.
    pub fn presence(&self) -> Presence {
        Presence::of(&self.root)
    }

    /// Evaluates the expression; `focus` is `%context` and the outermost `$this`.
    pub fn evaluate<'e, N: Node>(
        &'e self,
        host: &'e dyn Host<N>,
        focus: impl Into<Option<N>>,
    ) -> Result<Collection<'e, N>, EvalError> {
        let evaluator = Evaluator::new(host, &self.root, focus.into());
        let result = evaluator.run().map_err(EvalError::from);
        host.spent(evaluator.steps());
        result
    }

    /// Evaluates the expression as a condition, such as an invariant.
    ///
    /// A single boolean is the answer; any other item, or several, counts as true, as in the
    /// reference implementation; `None` means the empty collection: there was nothing to decide. Where the
    /// answer depends on something that the host cannot decide, it is [`EvalError::Undecided`].
    pub fn evaluate_bool<N: Node>(
        &self,
        host: &dyn Host<N>,
        focus: impl Into<Option<N>>,
    ) -> Result<Option<bool>, EvalError> {
        let quick = self.quick.get_or_init(|| Quick::of(&self.root, CONDITION));
        let evaluator = Evaluator::new(host, &self.root, focus.into());
        let result = evaluator.decide(quick).map_err(EvalError::from);
        host.spent(evaluator.steps());
        result
    }
}

impl FromStr for Expression {
    type Err = ParseError;

    fn from_str(source: &str) -> Result<Self, ParseError> {
        Self::parse(source)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}
