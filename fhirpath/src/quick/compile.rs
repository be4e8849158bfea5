//! Compiles expressions to quick conditions.

use super::{Choice, Leaf, Path, Question, Quick, Start, Step, Term, Test, TextTest, Texts};
use crate::syntax::function::Function;
use crate::syntax::tree::Expr;
use crate::syntax::tree::{Binary, Call, Literal, Operator, TypeOperation};

impl Quick {
    /// The condition for an expression; `what` names the function or operator that needs it.
    pub(crate) fn of(expr: &Expr, what: &'static str) -> Self {
        let quick = match expr {
            Expr::Literal(Literal::Boolean(value)) => Some(Self::Known(*value)),
            Expr::Binary(binary) => logic(binary),
            Expr::Call(call) => called(call, what),
            _ => None,
        };
        quick.unwrap_or_else(|| {
            let question = Question { expr: expr.clone(), what };
            match test(expr) {
                Some(test) => Self::Test(Box::new(Leaf { test, question })),
                None => Self::Ask(Box::new(question)),
            }
        })
    }

    /// A condition on the items of a list; `None` where it depends on their positions.
    fn of_items(expr: &Expr, what: &'static str) -> Option<Self> {
        let mut open = vec![expr];
        while let Some(part) = open.pop() {
            if matches!(part, Expr::Index | Expr::Total) {
                return None;
            }
            open.extend(part.parts());
        }
        Some(Self::of(expr, what))
    }
}

fn logic(binary: &Binary) -> Option<Quick> {
    let Binary { operator, left, right } = binary;
    matches!(operator, Operator::And | Operator::Or | Operator::Xor | Operator::Implies).then(|| {
        let operand = |expr| Quick::of(expr, operator.text());
        Quick::Logic(*operator, Box::new([operand(left), operand(right)]))
    })
}

fn called(call: &Call, what: &'static str) -> Option<Quick> {
    match (call.function, &*call.arguments) {
        (Function::Not, _) => Some(Quick::Not(Box::new(Quick::of(&call.input, "not()")))),
        (Function::Empty, _) => {
            let expr = Expr::Call(Box::new(Call { function: Function::Exists, ..call.clone() }));
            Some(Quick::Not(Box::new(Quick::of(&expr, "empty()"))))
        }
        (Function::Iif, [condition, then, otherwise @ ..]) if matches!(call.input, Expr::This) => {
            let branch = |expr| Quick::of(expr, what);
            Some(Quick::Choice(Box::new(Choice {
                condition: Quick::of(condition, "iif()"),
                then: branch(then),
                otherwise: otherwise.first().map(branch),
            })))
        }
        _ => None,
    }
}

fn test(expr: &Expr) -> Option<Test> {
    match expr {
        Expr::Call(call) => test_call(call),
        Expr::Binary(binary) => comparison(binary),
        Expr::Head(_) | Expr::Member(..) => Some(Test::True(path(expr)?)),
        Expr::Type(test) if matches!(test.operation, TypeOperation::Is | TypeOperation::IsFunction) => {
            Some(Test::Is(path(&test.input)?, (**test).clone()))
        }
        _ => None,
    }
}

fn test_call(call: &Call) -> Option<Test> {
    use Function as F;
    let text = |test: fn(Box<str>) -> TextTest| {
        let [Expr::Literal(Literal::String(text))] = &*call.arguments else { return None };
        text_test(&call.input, test(text.clone()))
    };
    match (call.function, &*call.arguments) {
        (F::Exists, []) => Some(Test::Exists(any_path(&call.input)?)),
        (F::Exists, [condition]) => {
            Some(Test::Any(any_path(&call.input)?, Quick::of_items(condition, "exists()")?))
        }
        (F::All, [condition]) => {
            Some(Test::All(any_path(&call.input)?, Quick::of_items(condition, "all()")?))
        }
        (F::HasValue, _) => Some(Test::HasValue(path(&call.input)?)),
        (F::StartsWith, [start]) => text(TextTest::StartsWith).or_else(|| starts_with(&call.input, start)),
        (F::EndsWith, _) => text(TextTest::EndsWith),
        (F::Contains, _) => text(TextTest::Contains),
        (F::Matches | F::MatchesFull, _) => text_test(&call.input, TextTest::Matches(call.pattern.clone()?)),
        (F::SubsetOf, [whole]) => Some(Test::Subset(texts(&call.input)?, texts(whole)?)),
        (F::IsDistinct, _) => {
            if let Some(joined) = joined(&call.input) {
                return Some(joined);
            }
            if matches!(&call.input, Expr::Binary(binary) if binary.operator == Operator::Union) {
                // A union has no duplicates, so it is always distinct.
                return Some(Test::All(any_path(&call.input)?, Quick::Known(true)));
            }
            let mut paths = Vec::new();
            lists(&call.input, &mut paths)?;
            Some(Test::Distinct(paths.into()))
        }
        _ => None,
    }
}

fn text_test(input: &Expr, test: TextTest) -> Option<Test> {
    match input {
        Expr::Call(call) if call.function == Function::ToText => {
            Some(Test::Written(path(&call.input)?, test))
        }
        _ => Some(Test::Text(path(input)?, test)),
    }
}

fn starts_with(input: &Expr, start: &Expr) -> Option<Test> {
    let (start, behind) = match start {
        Expr::Binary(binary) if binary.operator == Operator::Concatenate => match &binary.right {
            Expr::Literal(Literal::String(behind)) => (&binary.left, Some(behind.clone())),
            _ => return None,
        },
        _ => (start, None),
    };
    Some(Test::StartsWith(path(input)?, path(start)?, behind))
}

/// `path.select(a & b)`: one text for each item.
fn joined(input: &Expr) -> Option<Test> {
    let Expr::Call(call) = input else { return None };
    let (Function::Select, [projection]) = (call.function, &*call.arguments) else { return None };
    let mut parts = Vec::new();
    let mut open = vec![projection];
    while let Some(expr) = open.pop() {
        match expr {
            Expr::Binary(binary) if binary.operator == Operator::Concatenate => {
                open.extend([&binary.right, &binary.left]);
            }
            _ => parts.push(path(expr)?),
        }
    }
    (parts.len() > 1).then_some(())?;
    Some(Test::DistinctJoined(path(&call.input)?, parts.into()))
}

/// `path` or `path.select('text' + path)`: texts, of which some may be equal.
fn texts(expr: &Expr) -> Option<Texts> {
    let Expr::Call(call) = expr else { return Some(Texts::Of(any_path(expr)?)) };
    let (Function::Select, [Expr::Binary(binary)]) = (call.function, &*call.arguments) else {
        return Some(Texts::Of(any_path(expr)?));
    };
    match (&binary.left, binary.operator) {
        (Expr::Literal(Literal::String(before)), Operator::Add) => {
            Some(Texts::Behind(before.clone(), Box::new([any_path(&call.input)?, path(&binary.right)?])))
        }
        _ => None,
    }
}

/// The texts of `('a' | 'b')`.
fn listed(expr: &Expr, found: &mut Vec<Box<str>>) -> Option<()> {
    match expr {
        Expr::Literal(Literal::String(text)) => found.push(text.clone()),
        Expr::Binary(binary) if binary.operator == Operator::Union => {
            listed(&binary.left, found)?;
            listed(&binary.right, found)?;
        }
        _ => return None,
    }
    Some(())
}

fn comparison(binary: &Binary) -> Option<Test> {
    use Operator as O;
    match (&binary.left, binary.operator, &binary.right) {
        (left, O::Equal, Expr::Literal(Literal::String(text))) => {
            text_test(left, TextTest::Equals(text.clone()))
        }
        (left, O::NotEqual, Expr::Literal(Literal::String(text))) => {
            text_test(left, TextTest::Differs(text.clone()))
        }
        (item, O::In, list) | (list, O::Contains, item) => {
            let mut found = Vec::new();
            listed(list, &mut found)?;
            text_test(item, TextTest::OneOf(found.into()))
        }
        (left, O::Equal | O::NotEqual, right) if is_condition(left) && is_condition(right) => {
            let sides = [left, right].map(|side| Quick::of(side, "="));
            Some(Test::Agree(Box::new(sides), binary.operator == O::Equal))
        }
        (left, O::Equal | O::NotEqual | O::Less | O::LessOrEqual | O::Greater | O::GreaterOrEqual, right) => {
            // Two plain paths are more likely texts or dates than numbers.
            match (term(left)?, binary.operator, term(right)?) {
                (Term::Value(left), O::Equal, Term::Value(right)) => Some(Test::Same(left, right, true)),
                (Term::Value(left), O::NotEqual, Term::Value(right)) => Some(Test::Same(left, right, false)),
                (Term::Value(_), _, Term::Value(_)) => None,
                (left, operator, right) => Some(Test::Order(operator, left, right)),
            }
        }
        _ => None,
    }
}

/// Whether an expression can only evaluate to a boolean or to the empty collection.
fn is_condition(expr: &Expr) -> bool {
    use Operator as O;
    match expr {
        Expr::Call(call) => matches!(
            call.function,
            Function::Exists | Function::Empty | Function::Not | Function::HasValue | Function::IsDistinct
        ),
        Expr::Binary(binary) => matches!(
            binary.operator,
            O::And | O::Or | O::Xor | O::Implies | O::Equal | O::NotEqual | O::In | O::Contains
        ),
        _ => false,
    }
}

fn term(expr: &Expr) -> Option<Term> {
    match expr {
        Expr::Literal(Literal::Integer(value)) => Some(Term::Known(*value)),
        Expr::Call(call) if call.function == Function::ToInteger => match &call.input {
            Expr::Call(part) if part.function == Function::Substring => {
                let [start, length] = &*part.arguments else { return None };
                let start = place(start)?;
                Some(Term::Part(path(&part.input)?, start..start.checked_add(place(length)?)?))
            }
            input => Some(Term::Converted(path(input)?)),
        },
        Expr::Binary(binary)
            if matches!(
                binary.operator,
                Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Modulo
            ) =>
        {
            Some(Term::Computed(binary.operator, Box::new([term(&binary.left)?, term(&binary.right)?])))
        }
        Expr::Call(call) if call.function == Function::Count => Some(Term::Count(path(&call.input)?)),
        Expr::Call(call) if call.function == Function::Length => Some(Term::Length(path(&call.input)?)),
        _ => Some(Term::Value(path(expr)?)),
    }
}

/// A place in a text, or a length.
fn place(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Literal(Literal::Integer(value)) => usize::try_from(*value).ok(),
        _ => None,
    }
}

/// The lists that an expression concatenates.
fn lists(expr: &Expr, paths: &mut Vec<Path>) -> Option<()> {
    match expr {
        Expr::Call(call) if call.function == Function::Combine => {
            lists(&call.input, paths)?;
            // The argument is about the focus, not about the input.
            lists(call.arguments.first()?, paths)
        }
        // One item of each gives one item of each.
        Expr::Call(call) if call.function == Function::Select => {
            let mut start = path(&call.input)?;
            let Path { start: Start::This, steps } = path(call.arguments.first()?)? else { return None };
            start.steps.extend(steps);
            paths.push(start);
            Some(())
        }
        _ => {
            paths.push(path(expr)?);
            Some(())
        }
    }
}

/// A path whose items are counted.
fn path(expr: &Expr) -> Option<Path> {
    let path = any_path(expr)?;
    (!path.steps.iter().any(|step| matches!(step, Step::Either(_)))).then_some(path)
}

/// A path for which only the items matter, not how often each occurs.
fn any_path(expr: &Expr) -> Option<Path> {
    let start = |start| Some(Path { start, steps: Vec::new() });
    let (input, step) = match expr {
        Expr::This => return start(Start::This),
        Expr::Variable(name) => {
            return match &**name {
                "context" => start(Start::Context),
                "resource" => start(Start::Resource),
                "rootResource" => start(Start::RootResource),
                _ => None,
            };
        }
        Expr::Head(label) if !label.is_type => {
            return Some(Path { start: Start::This, steps: vec![Step::Member(label.clone())] });
        }
        Expr::Member(input, label) => (&**input, Step::Member(label.clone())),
        Expr::Call(call) => {
            let step = match (call.function, &*call.arguments) {
                (Function::Where, [condition]) => Step::Where(Quick::of_items(condition, "where()")?),
                (Function::Children, []) => Step::Children,
                (Function::Descendants, []) => Step::Descendants,
                (Function::Trace, [_]) => Step::Trace,
                (Function::First, []) => return start(Start::First(Box::new(path(&call.input)?))),
                (Function::Tail, []) => return start(Start::Tail(Box::new(path(&call.input)?))),
                _ => return None,
            };
            (&call.input, step)
        }
        Expr::Binary(binary) if binary.operator == Operator::Union => {
            let either = Step::Either(Box::new([any_path(&binary.left)?, any_path(&binary.right)?]));
            return Some(Path { start: Start::This, steps: vec![either] });
        }
        _ => return None,
    };
    let mut path = any_path(input)?;
    path.steps.push(step);
    Some(path)
}
