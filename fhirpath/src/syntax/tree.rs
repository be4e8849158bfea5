//! The syntax tree, resolved: functions are enum variants, literals are values, patterns are compiled.

use std::ops::{ControlFlow, Deref};

use rust_decimal::Decimal;

use super::function::Function;
use crate::node::Called;
use crate::pattern::Pattern;
use ers_fhir_values::{Quantity, Temporal};

/// One node of a parsed expression.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Expr {
    /// `{}`
    Empty,
    /// A literal value.
    Literal(Literal),
    /// `$this`, also where it is implied: `name` is read as `$this.name`.
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
    /// `%name`
    Variable(Box<str>),
    /// A name at the start of a path: the focus itself when its type has that name, else a child.
    Head(Label),
    /// `input.name`
    Member(Box<Expr>, Label),
    /// `input[index]`
    Item(Box<Expr>, Box<Expr>),
    /// `input.function(arguments)`
    Call(Box<Call>),
    /// `is`, `as` and `ofType`, as operator or function.
    Type(Box<TypeTest>),
    /// `-operand`, and `+operand` when `negative` is false.
    Polarity {
        /// Whether the sign is `-`.
        negative: bool,
        /// What the sign applies to.
        operand: Box<Expr>,
    },
    /// An operator between two operands.
    Binary(Box<Binary>),
}

/// A name in a path, with the number by which the nodes of a tree may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub(crate) text: Box<str>,
    pub(crate) number: u32,
    /// Whether it starts with a capital, as the names of types do and those of elements do not.
    pub(crate) is_type: bool,
}

impl Label {
    pub(crate) fn new(text: &str, number: u32) -> Self {
        Self {
            text: text.into(),
            number,
            is_type: text.starts_with(|first: char| first.is_ascii_uppercase()),
        }
    }

    /// The name and its number, to look for among children.
    pub(crate) fn called(&self) -> Called<'_> {
        Called { text: &self.text, number: self.number }
    }
}

impl Deref for Label {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// A function call.
#[derive(Debug, Clone)]
pub struct Call {
    /// The function.
    pub function: Function,
    /// The expression that it is called on.
    pub input: Expr,
    /// Its arguments.
    pub arguments: Box<[Expr]>,
    /// The compiled pattern, if the function takes one and it is a literal.
    pub(crate) pattern: Option<Pattern>,
}

/// A test or conversion by type.
#[derive(Debug, Clone)]
pub struct TypeTest {
    /// The form of the test or conversion.
    pub operation: TypeOperation,
    /// What it applies to.
    pub input: Expr,
    /// The type.
    pub type_name: TypeName,
}

/// The forms of a test or conversion by type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeOperation {
    /// `input is T`
    Is,
    /// `input.is(T)`
    IsFunction,
    /// `input as T`, `input.as(T)`
    As,
    /// `input.ofType(T)`
    OfType,
}

/// A type as an expression names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeName {
    /// `System` or `FHIR`, if it is written.
    pub namespace: Option<Box<str>>,
    /// `Quantity`, `boolean` ...
    pub name: Box<str>,
}

/// An operator with its operands.
#[derive(Debug, Clone)]
pub struct Binary {
    /// The operator.
    pub operator: Operator,
    /// The operand before it.
    pub left: Expr,
    /// The operand after it.
    pub right: Expr,
}

/// The operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the operators")]
pub enum Operator {
    Implies,
    Or,
    Xor,
    And,
    In,
    Contains,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Union,
    Add,
    Subtract,
    Concatenate,
    Multiply,
    Divide,
    IntegerDivide,
    Modulo,
}

impl Operator {
    /// Reads a symbol or keyword.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "implies" => Self::Implies,
            "or" => Self::Or,
            "xor" => Self::Xor,
            "and" => Self::And,
            "in" => Self::In,
            "contains" => Self::Contains,
            "=" => Self::Equal,
            "!=" => Self::NotEqual,
            "~" => Self::Equivalent,
            "!~" => Self::NotEquivalent,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "|" => Self::Union,
            "+" => Self::Add,
            "-" => Self::Subtract,
            "&" => Self::Concatenate,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "div" => Self::IntegerDivide,
            "mod" => Self::Modulo,
            _ => return None,
        })
    }

    /// The symbol or keyword.
    pub fn text(self) -> &'static str {
        match self {
            Self::Implies => "implies",
            Self::Or => "or",
            Self::Xor => "xor",
            Self::And => "and",
            Self::In => "in",
            Self::Contains => "contains",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Equivalent => "~",
            Self::NotEquivalent => "!~",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Union => "|",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Concatenate => "&",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::IntegerDivide => "div",
            Self::Modulo => "mod",
        }
    }

    /// The result of a logical operator, where its left side alone decides.
    pub(crate) fn decided_by(self, left: Option<bool>) -> ControlFlow<Option<bool>> {
        match (self, left) {
            (Self::And, Some(false)) => ControlFlow::Break(Some(false)),
            (Self::Or, Some(true)) | (Self::Implies, Some(false)) => ControlFlow::Break(Some(true)),
            (Self::Xor, None) => ControlFlow::Break(None),
            _ => ControlFlow::Continue(()),
        }
    }

    /// The result of a logical operator whose left side alone does not decide.
    pub(crate) fn combine(self, left: Option<bool>, right: Option<bool>) -> Option<bool> {
        match self {
            Self::And => match (left, right) {
                (_, Some(false)) => Some(false),
                (Some(true), right) => right,
                _ => None,
            },
            Self::Xor => left.zip(right).map(|(left, right)| left != right),
            // `or`, and `implies` with a left side that is true or undecided.
            _ => match (left, right) {
                (_, Some(true)) => Some(true),
                (Some(_), right) => right,
                (None, _) => None,
            },
        }
    }

    /// How tightly it binds; the type operators `is` and `as` lie between union and addition.
    pub(crate) fn power(self) -> u8 {
        match self {
            Self::Implies => 1,
            Self::Or | Self::Xor => 2,
            Self::And => 3,
            Self::In | Self::Contains => 4,
            Self::Equal | Self::NotEqual | Self::Equivalent | Self::NotEquivalent => 5,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 6,
            Self::Union => 7,
            Self::Add | Self::Subtract | Self::Concatenate => TYPE_POWER + 1,
            Self::Multiply | Self::Divide | Self::IntegerDivide | Self::Modulo => TYPE_POWER + 2,
        }
    }
}

/// How tightly `is` and `as` bind.
pub(crate) const TYPE_POWER: u8 = 8;

/// A literal value.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `true`, `false`
    Boolean(bool),
    /// `42`
    Integer(i64),
    /// `4.20`
    Decimal(Decimal),
    /// `'text'`
    String(Box<str>),
    /// `@2024-02-29`, `@2024-02T`, `@T10:30`
    Temporal(Temporal),
    /// `5 'mg'`, `4 days`
    Quantity(Quantity),
}

impl Expr {
    /// The expressions directly below this one.
    pub fn parts(&self) -> Vec<&Expr> {
        match self {
            Self::Empty
            | Self::Literal(_)
            | Self::This
            | Self::Index
            | Self::Total
            | Self::Variable(_)
            | Self::Head(_) => Vec::new(),
            Self::Member(input, _) => vec![input],
            Self::Item(input, index) => vec![input, index],
            Self::Call(call) => std::iter::once(&call.input).chain(&call.arguments).collect(),
            Self::Type(test) => vec![&test.input],
            Self::Polarity { operand, .. } => vec![operand],
            Self::Binary(binary) => vec![&binary.left, &binary.right],
        }
    }
}
