//! Deciding quick conditions on a node.

use std::ops::ControlFlow::{self, Break, Continue};

use ers_fhir_values::Primitive;

use super::{Leaf, Path, Quick, Start, Step, Term, Test, TextTest, Texts};
use crate::eval::{Evaluator, Fault, weigh};
use crate::node::Node;
use crate::syntax::tree::Operator;
use crate::value::Value;

/// A text followed by that of a node.
struct Joined<'e, N> {
    before: &'e str,
    node: N,
}

impl<N: Node> Joined<'_, N> {
    fn is(&self, other: &Self) -> bool {
        self.bytes().eq(other.bytes())
    }

    fn bytes(&self) -> impl Iterator<Item = u8> {
        self.before.bytes().chain(self.node.text().unwrap_or_default().bytes())
    }
}

/// Why a test was not decided.
enum Stop {
    /// The evaluator must decide: the answer is an error, or does not depend only on presence and text.
    Away,
    /// The evaluation has ended.
    Failed(Fault),
}

/// A condition on one of several items failed. If it is in doubt, the others may decide, which the evaluator handles.
impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        if fault.is_doubt() { Self::Away } else { Self::Failed(fault) }
    }
}

type Decided = Result<Option<bool>, Stop>;

/// The answer of a visitor: go on, enough seen, or stop.
type Walk = ControlFlow<Result<(), Stop>>;

impl<'e, N: Node> Evaluator<'e, N> {
    /// Whether a condition holds for a node; `None` where there is nothing to decide.
    pub(crate) fn quickly(&self, quick: &'e Quick, node: N) -> Result<Option<bool>, Fault> {
        match quick {
            Quick::Known(value) => Ok(Some(*value)),
            Quick::Not(inner) => Ok(self.quickly(inner, node)?.map(|truth| !truth)),
            Quick::Logic(operator, sides) => {
                weigh(*operator, self.quickly(&sides[0], node), || self.quickly(&sides[1], node))
            }
            Quick::Choice(choice) => {
                if self.quickly(&choice.condition, node)? == Some(true) {
                    return self.quickly(&choice.then, node);
                }
                choice.otherwise.as_ref().map_or(Ok(None), |otherwise| self.quickly(otherwise, node))
            }
            Quick::Test(leaf) => self.tested(leaf, node),
            Quick::Ask(question) => self.asked(&question.expr, node, question.what),
        }
    }

    fn tested(&self, leaf: &'e Leaf, node: N) -> Result<Option<bool>, Fault> {
        match self.test(&leaf.test, node) {
            Ok(answer) => Ok(answer),
            Err(Stop::Away) => self.asked(&leaf.question.expr, node, leaf.question.what),
            Err(Stop::Failed(fault)) => Err(fault),
        }
    }

    fn test(&self, test: &'e Test, node: N) -> Decided {
        match test {
            Test::Exists(path) => {
                let mut found = false;
                self.visit(path, node, &mut |_| {
                    found = true;
                    Break(Ok(()))
                })?;
                Ok(Some(found))
            }
            Test::Any(path, condition) => self.first_that(path, node, condition, true).map(Some),
            Test::All(path, condition) => Ok(Some(!self.first_that(path, node, condition, false)?)),
            Test::HasValue(path) => {
                let (mut count, mut has_value) = (0, false);
                self.visit(path, node, &mut |found| {
                    count += 1;
                    has_value = found.text().is_some();
                    Continue(())
                })?;
                Ok(Some(count == 1 && has_value))
            }
            Test::True(path) => match self.only(path, node)? {
                None => Ok(None),
                Some(found) => match (found.primitive(), found.text()) {
                    (Some(Primitive::Boolean), Some("true")) => Ok(Some(true)),
                    (Some(Primitive::Boolean), Some("false")) => Ok(Some(false)),
                    _ => Err(Stop::Away),
                },
            },
            Test::Text(path, test) => match self.only(path, node)? {
                None => Ok(None),
                Some(found) => Ok(Some(test.holds(text_of(&found)?))),
            },
            Test::Written(path, test) => match self.only(path, node)? {
                None => Ok(None),
                Some(found) => {
                    let written = found.text().filter(|_| found.primitive().is_some());
                    Ok(Some(test.holds(written.ok_or(Stop::Away)?)))
                }
            },
            Test::Same(left, right, expected) => {
                let Some(left) = self.only(left, node)? else { return Ok(None) };
                let Some(right) = self.only(right, node)? else { return Ok(None) };
                Ok(Some((text_of(&left)? == text_of(&right)?) == *expected))
            }
            Test::StartsWith(path, start, behind) => {
                let Some(found) = self.only(path, node)? else { return Ok(None) };
                let start = self.only(start, node)?;
                let start = match &start {
                    Some(start) => text_of(start)?,
                    // An absent text joined with another one is the other one.
                    None if behind.is_some() => "",
                    None => return Ok(None),
                };
                let rest = text_of(&found)?.strip_prefix(start);
                Ok(Some(rest.is_some_and(|rest| rest.starts_with(behind.as_deref().unwrap_or_default()))))
            }
            Test::Order(operator, left, right) => {
                let Some(left) = self.number(left, node)? else { return Ok(None) };
                let Some(right) = self.number(right, node)? else { return Ok(None) };
                Ok(Some(match operator {
                    Operator::Equal => left == right,
                    Operator::NotEqual => left != right,
                    Operator::Less => left < right,
                    Operator::LessOrEqual => left <= right,
                    Operator::Greater => left > right,
                    _ => left >= right,
                }))
            }
            Test::Distinct(paths) => self.distinct_texts(paths, node).map(Some),
            Test::DistinctJoined(path, parts) => self.distinct_joined(path, parts, node).map(Some),
            Test::Subset(part, whole) => {
                let (mut others, mut is_subset) = (Vec::new(), true);
                self.each_text(whole, node, &mut |text| {
                    others.push(text);
                    Continue(())
                })?;
                self.each_text(part, node, &mut |text| {
                    is_subset = is_subset && others.iter().any(|other| text.is(other));
                    Continue(())
                })?;
                Ok(Some(is_subset))
            }
            Test::Is(path, test) => match self.only(path, node)? {
                None => Ok(None),
                Some(found) => Ok(Some(self.is_type(&Value::Node(found), test)?)),
            },
            // Where one side is empty or not available, the evaluator decides what follows.
            Test::Agree(sides, expected) => {
                let [left, right] = [&sides[0], &sides[1]].map(|side| self.quickly(side, node));
                let (Ok(Some(left)), Ok(Some(right))) = (left, right) else { return Err(Stop::Away) };
                Ok(Some((left == right) == *expected))
            }
        }
    }

    /// Whether there is an item for which a condition holds, or fails to hold.
    fn first_that(&self, path: &'e Path, node: N, condition: &'e Quick, holds: bool) -> Result<bool, Stop> {
        let mut found = false;
        self.visit(path, node, &mut |item| match self.quickly(condition, item) {
            Ok(answer) => {
                found = (answer == Some(true)) == holds;
                if found { Break(Ok(())) } else { Continue(()) }
            }
            Err(fault) => Break(Err(Stop::from(fault))),
        })?;
        Ok(found)
    }

    /// The item of a path that has at most one.
    fn only(&self, path: &'e Path, node: N) -> Result<Option<N>, Stop> {
        let mut only = None;
        self.visit(path, node, &mut |found| match only.replace(found) {
            None => Continue(()),
            Some(_) => Break(Err(Stop::Away)),
        })?;
        Ok(only)
    }

    fn number(&self, term: &'e Term, node: N) -> Result<Option<i64>, Stop> {
        match term {
            Term::Known(value) => Ok(Some(*value)),
            Term::Count(path) => {
                let mut count = 0;
                self.visit(path, node, &mut |_| {
                    count += 1;
                    Continue(())
                })?;
                Ok(Some(count))
            }
            Term::Length(path) => match self.only(path, node)? {
                None => Ok(None),
                Some(found) => {
                    i64::try_from(text_of(&found)?.chars().count()).map(Some).map_err(|_| Stop::Away)
                }
            },
            Term::Value(path) => match self.only(path, node)? {
                None => Ok(None),
                Some(found) => {
                    let value =
                        found.text().filter(|_| is_integer(&found)).and_then(|text| text.parse().ok());
                    value.map(Some).ok_or(Stop::Away)
                }
            },
            Term::Part(path, range) => match self.only(path, node)? {
                None => Ok(None),
                // If all of it is ASCII, characters are bytes.
                Some(found) => match text_of(&found)? {
                    text if text.is_ascii() && range.start < text.len() => {
                        Ok(text[range.start..range.end.min(text.len())].parse().ok())
                    }
                    _ => Err(Stop::Away),
                },
            },
            Term::Computed(operator, operands) => {
                let Some(left) = self.number(&operands[0], node)? else { return Ok(None) };
                let Some(right) = self.number(&operands[1], node)? else { return Ok(None) };
                let result = match operator {
                    Operator::Add => left.checked_add(right),
                    Operator::Subtract => left.checked_sub(right),
                    Operator::Multiply => left.checked_mul(right),
                    _ if left < 0 || right <= 0 => None,
                    _ => left.checked_rem(right),
                };
                result.map(Some).ok_or(Stop::Away)
            }
            Term::Converted(path) => match self.only(path, node)? {
                None => Ok(None),
                Some(found) if is_textual(&found) || is_integer(&found) => {
                    let text = found.text().ok_or(Stop::Away)?;
                    Ok(text.parse().ok())
                }
                Some(_) => Err(Stop::Away),
            },
        }
    }

    /// Passes each text to a visitor.
    fn each_text(
        &self,
        texts: &'e Texts,
        node: N,
        visitor: &mut dyn FnMut(Joined<'e, N>) -> Walk,
    ) -> Result<(), Stop> {
        let mut show = |before: &'e str, found: N| match text_of(&found) {
            Ok(_) => visitor(Joined { before, node: found }),
            Err(stop) => Break(Err(stop)),
        };
        match texts {
            Texts::Of(path) => self.visit(path, node, &mut |found| show("", found)),
            Texts::Behind(before, paths) => {
                self.visit(&paths[0], node, &mut |item| match self.only(&paths[1], item) {
                    Ok(Some(found)) => show(before, found),
                    Ok(None) => Continue(()),
                    Err(stop) => Break(Err(stop)),
                })
            }
        }
    }

    /// Whether no two items have parts that join to the same text.
    fn distinct_joined(&self, path: &'e Path, parts: &'e [Path], node: N) -> Result<bool, Stop> {
        let mut first = None;
        let mut texts: Vec<String> = Vec::new();
        self.visit(path, node, &mut |item| {
            let Some(first) = first else {
                first = Some(item);
                return Continue(());
            };
            for item in texts.is_empty().then_some(first).into_iter().chain([item]) {
                match self.joined(parts, item) {
                    Ok(text) => texts.push(text),
                    Err(stop) => return Break(Err(stop)),
                }
            }
            Continue(())
        })?;
        if let Some(only) = first.filter(|_| texts.is_empty()) {
            // One item has one text, unless that text is not available.
            for part in parts {
                self.only(part, only)?.as_ref().map(text_of).transpose()?;
            }
        }
        texts.sort_unstable();
        Ok(texts.windows(2).all(|pair| pair[0] != pair[1]))
    }

    /// The texts of some parts of an item, joined; an absent part adds nothing.
    fn joined(&self, parts: &'e [Path], item: N) -> Result<String, Stop> {
        let mut joined = String::new();
        for part in parts {
            if let Some(part) = self.only(part, item)? {
                joined.push_str(text_of(&part)?);
            }
        }
        Ok(joined)
    }

    /// Whether no two items have the same text.
    fn distinct_texts(&self, paths: &'e [Path], node: N) -> Result<bool, Stop> {
        let (mut first, mut others) = (None, Vec::new());
        for path in paths {
            self.visit(path, node, &mut |found| {
                if let Err(stop) = text_of(&found) {
                    return Break(Err(stop));
                }
                match first {
                    None => first = Some(found),
                    Some(_) => others.push(found),
                }
                Continue(())
            })?;
        }
        others.extend(first.filter(|_| !others.is_empty()));
        others.sort_unstable_by(|left, right| left.text().cmp(&right.text()));
        Ok(others.windows(2).all(|pair| pair[0].text() != pair[1].text()))
    }

    /// Passes each item of a path to a visitor, until it has seen enough.
    fn visit(&self, path: &'e Path, node: N, visitor: &mut dyn FnMut(N) -> Walk) -> Result<(), Stop> {
        let start = match &path.start {
            Start::This => node,
            Start::Context => self.context().ok_or(Stop::Away)?,
            Start::Resource => self.resource().ok_or(Stop::Away)?,
            Start::RootResource => self.root_resource().ok_or(Stop::Away)?,
            Start::First(list) => {
                let mut first = None;
                self.visit(list, node, &mut |found| {
                    first = Some(found);
                    Break(Ok(()))
                })?;
                match first {
                    Some(first) => first,
                    None => return Ok(()),
                }
            }
            Start::Tail(list) => {
                let mut is_first = true;
                return self.visit(list, node, &mut |found| {
                    if std::mem::take(&mut is_first) {
                        Continue(())
                    } else {
                        self.walk(&path.steps, found, visitor)
                    }
                });
            }
        };
        match self.walk(&path.steps, start, visitor) {
            Continue(()) => Ok(()),
            Break(outcome) => outcome,
        }
    }

    fn walk(&self, steps: &'e [Step], node: N, visitor: &mut dyn FnMut(N) -> Walk) -> Walk {
        if let Err(fault) = self.tick() {
            return Break(Err(Stop::Failed(fault)));
        }
        let Some((step, rest)) = steps.split_first() else { return visitor(node) };
        match step {
            Step::Member(label) => {
                let mut found = false;
                node.visit_named(label.called(), &mut |child| {
                    found = true;
                    self.walk(rest, child, visitor)
                })?;
                if found || self.allows_element(&node, label) { Continue(()) } else { Break(Err(Stop::Away)) }
            }
            Step::Where(condition) => match self.quickly(condition, node) {
                Ok(Some(true)) => self.walk(rest, node, visitor),
                Ok(_) => Continue(()),
                Err(fault) => Break(Err(Stop::from(fault))),
            },
            Step::Children => node.children().try_for_each(|child| self.walk(rest, child, visitor)),
            Step::Descendants => {
                let mut open = vec![node.children()];
                while let Some(level) = open.last_mut() {
                    let Some(child) = level.next() else {
                        open.pop();
                        continue;
                    };
                    open.push(child.children());
                    if open.len() > crate::eval::MAX_TREE_DEPTH {
                        return Break(Err(Stop::Away));
                    }
                    self.walk(rest, child, visitor)?;
                }
                Continue(())
            }
            Step::Trace if self.is_traced() => Break(Err(Stop::Away)),
            Step::Trace => self.walk(rest, node, visitor),
            Step::Either(paths) => {
                for path in &**paths {
                    // A stop by the visitor stops the other path as well.
                    let mut stopped = None;
                    let walked = self.visit(path, node, &mut |found| {
                        let outcome = self.walk(rest, found, visitor);
                        match outcome {
                            Continue(()) => Continue(()),
                            Break(reason) => {
                                stopped = Some(reason);
                                Break(Ok(()))
                            }
                        }
                    });
                    if let Err(stop) = walked {
                        return Break(Err(stop));
                    }
                    if let Some(reason) = stopped {
                        return Break(reason);
                    }
                }
                Continue(())
            }
        }
    }
}

impl TextTest {
    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Equals(other) => *text == **other,
            Self::OneOf(others) => others.iter().any(|other| *text == **other),
            Self::Differs(other) => *text != **other,
            Self::StartsWith(part) => text.starts_with(&**part),
            Self::EndsWith(part) => text.ends_with(&**part),
            Self::Contains(part) => text.contains(&**part),
            Self::Matches(pattern) => pattern.is_match(text),
        }
    }
}

/// The text of a primitive that FHIRPath treats as text.
fn text_of<N: Node>(node: &N) -> Result<&str, Stop> {
    node.text().filter(|_| is_textual(node)).ok_or(Stop::Away)
}

/// Whether a node is a primitive that FHIRPath treats as text.
fn is_textual<N: Node>(node: &N) -> bool {
    use Primitive as P;
    node.primitive().is_some_and(|primitive| {
        !is_integer_type(primitive)
            && !matches!(primitive, P::Boolean | P::Decimal | P::Date | P::DateTime | P::Instant | P::Time)
    })
}

fn is_integer<N: Node>(node: &N) -> bool {
    node.primitive().is_some_and(is_integer_type)
}

fn is_integer_type(primitive: Primitive) -> bool {
    matches!(primitive, Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt)
}
