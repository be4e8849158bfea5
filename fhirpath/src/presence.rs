//! Evaluates an expression as far as possible from only the names of the children of its focus.
//!
//! Most invariants of FHIR concern elements that most payloads leave out: `code.empty() or
//! system.exists()` holds wherever there is no `code`. A caller that knows which children an element
//! has, because it has just walked them, can decide this without evaluating anything.

use crate::syntax::function::Function;
use crate::syntax::tree::{Binary, Call, Expr, Label, Literal, Operator, TypeOperation};

/// What the children of its focus tell about the value of an expression.
///
/// ```
/// use ers_fhir_fhirpath::{Decision, Expression};
///
/// let unit = Expression::parse("code.empty() or system.exists()")?.presence();
/// let code = unit.names().iter().position(|name| &**name == "code").expect("it is named");
/// // Without a code, whatever else there is:
/// assert_eq!(unit.decide(|name| (name == code).then_some(false)), Decision::True);
/// // With a code, it depends on the system:
/// assert_eq!(unit.decide(|name| (name == code).then_some(true)), Decision::Open);
/// assert_eq!(unit.decide(|name| Some(name == code)), Decision::False);
/// # Ok::<(), ers_fhir_fhirpath::ParseError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Presence {
    names: Vec<Box<str>>,
    root: Formula,
}

/// The value of an expression, as far as it is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is true.
    True,
    /// It is false.
    False,
    /// It is empty: FHIRPath leaves it undecided.
    Empty,
    /// Not decided: evaluate the expression.
    Open,
}

/// A condition over the presence of children, with gaps.
#[derive(Debug, Clone, Default)]
enum Formula {
    /// A constant.
    Known(bool),
    /// Whether there is a child of this name.
    Has(usize),
    /// Cannot be decided from the names of the children.
    #[default]
    Open,
    /// Empty where one of these is false, else open.
    Needs(Vec<Formula>),
    Not(Box<Formula>),
    Logic(Operator, Box<[Formula; 2]>),
}

impl Presence {
    pub(crate) fn of(expr: &Expr) -> Self {
        let mut reader = Reader { names: Vec::new() };
        let root = reader.truth(expr);
        Self { names: reader.names, root }
    }

    /// The names of the children that it depends on; [`decide`](Self::decide) counts them in this order.
    pub fn names(&self) -> &[Box<str>] {
        &self.names
    }

    /// Whether it depends on nothing but the names of the children: then it is never open where all of them
    /// are known.
    pub fn is_whole(&self) -> bool {
        self.root.is_whole()
    }

    /// The value, where `has` tells for each name whether there is such a child, or `None` where that
    /// is not known.
    pub fn decide(&self, has: impl Fn(usize) -> Option<bool>) -> Decision {
        self.root.decide(&has)
    }
}

impl Formula {
    fn is_whole(&self) -> bool {
        match self {
            Self::Known(_) | Self::Has(_) => true,
            Self::Open | Self::Needs(_) => false,
            Self::Not(inner) => inner.is_whole(),
            Self::Logic(_, operands) => operands.iter().all(Self::is_whole),
        }
    }

    fn decide(&self, has: &dyn Fn(usize) -> Option<bool>) -> Decision {
        match self {
            Self::Known(value) => Decision::from(Some(*value)),
            Self::Has(name) => has(*name).map_or(Decision::Open, |has| Decision::from(Some(has))),
            Self::Open => Decision::Open,
            Self::Needs(all) => {
                let lacks = all.iter().any(|needed| needed.decide(has) == Decision::False);
                if lacks { Decision::Empty } else { Decision::Open }
            }
            Self::Not(inner) => match inner.decide(has) {
                Decision::True => Decision::False,
                Decision::False => Decision::True,
                other => other,
            },
            Self::Logic(operator, operands) => {
                let [left, right] = &**operands;
                combine(*operator, left.decide(has), right.decide(has))
            }
        }
    }

    fn and(self, other: Self) -> Self {
        Self::Logic(Operator::And, Box::new([self, other]))
    }

    fn or(self, other: Self) -> Self {
        Self::Logic(Operator::Or, Box::new([self, other]))
    }

    fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }
}

impl From<Option<bool>> for Decision {
    fn from(value: Option<bool>) -> Self {
        match value {
            Some(true) => Self::True,
            Some(false) => Self::False,
            None => Self::Empty,
        }
    }
}

/// Three-valued logic; an open side leaves the result open unless the other side decides.
fn combine(operator: Operator, left: Decision, right: Decision) -> Decision {
    use Decision::{Empty, False, Open, True};
    match operator {
        Operator::And => match (left, right) {
            (False, _) | (_, False) => False,
            (True, other) | (other, True) => other,
            (Open, _) | (_, Open) => Open,
            (Empty, Empty) => Empty,
        },
        Operator::Or => match (left, right) {
            (True, _) | (_, True) => True,
            (False, other) | (other, False) => other,
            (Open, _) | (_, Open) => Open,
            (Empty, Empty) => Empty,
        },
        Operator::Implies => match (left, right) {
            (False, _) | (_, True) => True,
            (True, right) => right,
            (Open, _) | (Empty, Open) => Open,
            (Empty, _) => Empty,
        },
        Operator::Xor => match (left, right) {
            (Empty, _) | (_, Empty) => Empty,
            (Open, _) | (_, Open) => Open,
            _ => Decision::from(Some(left != right)),
        },
        _ => Open,
    }
}

/// Derives formulas from an expression and numbers the names in them.
struct Reader {
    names: Vec<Box<str>>,
}

impl Reader {
    /// When the expression is true.
    fn truth(&mut self, expr: &Expr) -> Formula {
        match expr {
            Expr::Literal(Literal::Boolean(value)) => Formula::Known(*value),
            Expr::Binary(binary) => self.operation(binary),
            Expr::Call(call) => self.call(call),
            Expr::Type(test) if matches!(test.operation, TypeOperation::Is | TypeOperation::IsFunction) => {
                Formula::Needs(vec![self.items(&test.input)])
            }
            Expr::Head(_) | Expr::Member(..) => Formula::Needs(vec![self.items(expr)]),
            _ => Formula::Open,
        }
    }

    fn operation(&mut self, binary: &Binary) -> Formula {
        let Binary { operator, left, right } = binary;
        match operator {
            Operator::And | Operator::Or | Operator::Xor | Operator::Implies => {
                Formula::Logic(*operator, Box::new([self.truth(left), self.truth(right)]))
            }
            Operator::Equal if are_tests(left, right) => self.differ(left, right).negated(),
            Operator::NotEqual if are_tests(left, right) => self.differ(left, right),
            Operator::Equal
            | Operator::NotEqual
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => match count_of_none(*operator, left, right) {
                Some((input, holds)) => {
                    let there = self.items(input);
                    there.clone().and(Formula::Open).or(there.negated().and(Formula::Known(holds)))
                }
                None => Formula::Needs(vec![self.items(left), self.items(right)]),
            },
            Operator::In => Formula::Needs(vec![self.items(left)]),
            Operator::Contains => Formula::Needs(vec![self.items(right)]),
            _ => Formula::Open,
        }
    }

    fn differ(&mut self, left: &Expr, right: &Expr) -> Formula {
        Formula::Logic(Operator::Xor, Box::new([self.truth(left), self.truth(right)]))
    }

    fn call(&mut self, call: &Call) -> Formula {
        use Function as F;
        let has_criterion = !call.arguments.is_empty();
        match call.function {
            F::Exists if has_criterion => self.items(&call.input).and(Formula::Open),
            F::Exists => self.items(&call.input),
            F::Empty => self.items(&call.input).negated(),
            F::HasValue => self.items(&call.input).and(Formula::Open),
            F::Not => self.truth(&call.input).negated(),
            F::All | F::AllTrue | F::AllFalse | F::IsDistinct | F::SubsetOf => {
                self.items(&call.input).negated().or(Formula::Open)
            }
            F::StartsWith
            | F::EndsWith
            | F::Contains
            | F::Matches
            | F::MatchesFull
            | F::MemberOf
            | F::ConformsTo
            | F::HtmlChecks => Formula::Needs(vec![self.items(&call.input)]),
            _ => Formula::Open,
        }
    }

    /// When the expression has any item.
    fn items(&mut self, expr: &Expr) -> Formula {
        use Function as F;
        match expr {
            Expr::Literal(_) | Expr::This => Formula::Known(true),
            Expr::Empty => Formula::Known(false),
            Expr::Head(name) => self.child(name),
            Expr::Member(input, name) if matches!(**input, Expr::This) => self.child(name),
            Expr::Member(input, _) | Expr::Item(input, _) => self.items(input).and(Formula::Open),
            Expr::Type(test) if matches!(test.operation, TypeOperation::As | TypeOperation::OfType) => {
                self.items(&test.input).and(Formula::Open)
            }
            Expr::Binary(binary) if binary.operator == Operator::Union => {
                self.items(&binary.left).or(self.items(&binary.right))
            }
            Expr::Call(call) => match call.function {
                F::First | F::Last | F::Distinct => self.items(&call.input),
                F::Union | F::Combine => {
                    let other = call.arguments.first().map_or(Formula::Open, |other| self.items(other));
                    self.items(&call.input).or(other)
                }
                F::Where
                | F::Select
                | F::Tail
                | F::Skip
                | F::Take
                | F::Children
                | F::Descendants
                | F::Extension
                | F::Intersect
                | F::Exclude
                | F::Resolve
                | F::Length => self.items(&call.input).and(Formula::Open),
                _ => Formula::Open,
            },
            _ => Formula::Open,
        }
    }

    /// Whether there is a child of this name; a name with a capital may be the type of the focus.
    fn child(&mut self, name: &Label) -> Formula {
        if name.is_type {
            return Formula::Open;
        }
        let known = self.names.iter().position(|known| **known == **name);
        Formula::Has(known.unwrap_or_else(|| {
            self.names.push(Box::from(&**name));
            self.names.len() - 1
        }))
    }
}

/// Whether both can only be true or false, never empty.
fn are_tests(left: &Expr, right: &Expr) -> bool {
    let is_test = |expr: &Expr| {
        matches!(expr, Expr::Call(call)
            if matches!(call.function, Function::Exists | Function::Empty | Function::HasValue))
    };
    is_test(left) && is_test(right)
}

/// For `input.count() <= 1` and the like: the input, and whether a count of zero satisfies it.
fn count_of_none<'e>(operator: Operator, left: &'e Expr, right: &Expr) -> Option<(&'e Expr, bool)> {
    let (Expr::Call(call), Expr::Literal(Literal::Integer(limit))) = (left, right) else { return None };
    if call.function != Function::Count {
        return None;
    }
    let holds = match operator {
        Operator::Equal => *limit == 0,
        Operator::NotEqual => *limit != 0,
        Operator::Less => 0 < *limit,
        Operator::LessOrEqual => 0 <= *limit,
        Operator::Greater => 0 > *limit,
        Operator::GreaterOrEqual => 0 >= *limit,
        _ => return None,
    };
    Some((&call.input, holds))
}

#[cfg(test)]
mod tests {
    use super::Decision::{self, Empty, False, Open, True};
    use crate::Expression;

    fn decide(expression: &str, present: &[&str], absent: &[&str]) -> Decision {
        let presence = Expression::parse(expression).expect(expression).presence();
        let names = presence.names().to_vec();
        presence.decide(|name| {
            let is = |list: &[&str]| list.contains(&&*names[name]);
            if is(present) { Some(true) } else { is(absent).then_some(false) }
        })
    }

    #[test]
    fn what_children_decide_is_decided() {
        for (expression, present, absent, expected) in [
            ("code.empty() or system.exists()", &[][..], &["code"][..], True),
            ("code.empty() or system.exists()", &["code"], &["system"], False),
            ("code.empty() or system.exists()", &["code"], &[], Open),
            ("start.hasValue().not() or end.hasValue().not() or start <= end", &[], &["end"], True),
            ("contained.where(id.empty()).exists().not()", &[], &["contained"], True),
            ("contained.where(id.empty()).exists().not()", &["contained"], &[], Open),
            ("entry.all(request.exists())", &[], &["entry"], True),
            ("start <= end", &["start"], &["end"], Empty),
            ("item.count() <= 1", &[], &["item"], True),
            ("item.count() > 0", &[], &["item"], False),
            ("a.exists() implies b.exists()", &["a"], &["b"], False),
            ("a.exists() implies b.exists()", &[], &["a"], True),
            ("a.exists() xor b.exists()", &["a", "b"], &[], False),
            ("extension.exists() != value.exists()", &["value"], &["extension"], True),
            ("extension.exists() != value.exists()", &["value", "extension"], &[], False),
            ("extension.exists() = value.exists()", &["value"], &["extension"], False),
            ("(a | b).exists()", &[], &["a", "b"], False),
            ("(a | b).exists()", &["a"], &[], True),
            ("Patient.name.exists()", &[], &["name"], Open),
            ("%resource.name.exists()", &[], &["name"], Open),
            ("$this.name.exists()", &["name"], &[], True),
            ("name.where(given.exists()).empty()", &["name"], &["given"], Open),
        ] {
            assert_eq!(decide(expression, present, absent), expected, "{expression}");
        }
    }

    #[test]
    fn only_conditions_on_presence_alone_are_whole() {
        for (expression, whole) in [
            ("code.empty() or system.exists()", true),
            ("name.exists() or telecom.exists()", true),
            ("start <= end", false),
            ("name.exists(given.exists())", false),
            ("value.hasValue()", false),
        ] {
            let presence = Expression::parse(expression).expect(expression).presence();
            assert_eq!(presence.is_whole(), whole, "{expression}");
        }
    }
}
