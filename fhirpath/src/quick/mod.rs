//! Conditions that are decided by looking at nodes, without collections of items.
//!
//! Most invariants check whether children exist, what their texts are, and whether that holds for
//! all items of a list. A [`Quick`] is such a condition, compiled. Any part that it cannot express is
//! left to the evaluator, and so is every result that would be an error.

mod compile;
mod decide;

use crate::pattern::Pattern;
use crate::syntax::tree::Expr;
use crate::syntax::tree::{Label, Operator, TypeTest};

/// A condition on one node.
#[derive(Debug, Clone)]
pub(crate) enum Quick {
    Known(bool),
    Not(Box<Quick>),
    /// `and`, `or`, `xor`, `implies`.
    Logic(Operator, Box<[Quick; 2]>),
    /// `iif(condition, then, otherwise)`
    Choice(Box<Choice>),
    Test(Box<Leaf>),
    /// A question that only the evaluator can decide.
    Ask(Box<Question>),
}

/// A condition in the form of an expression.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    expr: Expr,
    /// The name of the function or operator that needs the condition, for errors.
    what: &'static str,
}

#[derive(Debug, Clone)]
pub(crate) struct Choice {
    condition: Quick,
    then: Quick,
    otherwise: Option<Quick>,
}

/// A test, and the expression that it stands for.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    test: Test,
    question: Question,
}

#[derive(Debug, Clone)]
enum Test {
    /// `path.exists()`
    Exists(Path),
    /// `path.exists(condition)`
    Any(Path, Quick),
    /// `path.all(condition)`
    All(Path, Quick),
    /// `path.hasValue()`
    HasValue(Path),
    /// `path`, a boolean.
    True(Path),
    /// `path = 'text'` and the like.
    Text(Path, TextTest),
    /// `path.toString().matches('...')` and the like: the text as written, whatever its type.
    Written(Path, TextTest),
    /// `path.startsWith(other)`, or with a text appended to the other.
    StartsWith(Path, Path, Option<Box<str>>),
    /// `left < right` and the like, on whole numbers.
    Order(Operator, Term, Term),
    /// `path.isDistinct()`, of the items of several paths together.
    Distinct(Box<[Path]>),
    /// `path.select(a & b).isDistinct()`
    DistinctJoined(Path, Box<[Path]>),
    /// `texts.subsetOf(texts)`
    Subset(Texts, Texts),
    /// `path is Type`
    Is(Path, TypeTest),
    /// `(condition) = (condition)`, and whether they must differ.
    Agree(Box<[Quick; 2]>, bool),
    /// `left = right`, where both are paths to texts, and whether they must differ.
    Same(Path, Path, bool),
}

#[derive(Debug, Clone)]
enum TextTest {
    Equals(Box<str>),
    Differs(Box<str>),
    /// One of these, as in `in ('a' | 'b')`.
    OneOf(Box<[Box<str>]>),
    StartsWith(Box<str>),
    EndsWith(Box<str>),
    Contains(Box<str>),
    Matches(Pattern),
}

/// Some texts.
#[derive(Debug, Clone)]
enum Texts {
    /// `path`
    Of(Path),
    /// `path.select('text' + path)`
    Behind(Box<str>, Box<[Path; 2]>),
}

/// A whole number.
#[derive(Debug, Clone)]
enum Term {
    Known(i64),
    /// `path`
    Value(Path),
    /// `path.toInteger()`
    Converted(Path),
    /// `path.substring(start, length).toInteger()`
    Part(Path, std::ops::Range<usize>),
    /// `path.count()`
    Count(Path),
    /// `path.length()`
    Length(Path),
    /// `left + right` and the like.
    Computed(Operator, Box<[Term; 2]>),
}

/// A path from a node to others.
#[derive(Debug, Clone)]
struct Path {
    start: Start,
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Start {
    This,
    Context,
    Resource,
    RootResource,
    /// `path.first()`
    First(Box<Path>),
    /// `path.tail()`
    Tail(Box<Path>),
}

#[derive(Debug, Clone)]
enum Step {
    /// `.name`
    Member(Label),
    /// `.where(condition)`
    Where(Quick),
    /// `.children()`
    Children,
    /// `.descendants()`
    Descendants,
    /// `.trace(name)`, where the host ignores traces.
    Trace,
    /// `(left | right)`, where a repeated item makes no difference.
    Either(Box<[Path; 2]>),
}
