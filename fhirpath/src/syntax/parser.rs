//! Parses tokens into the syntax tree, by precedence climbing over the grammar of the specification.

use super::function::Function;
use super::lexer::{Token, TokenKind, tokens};
use super::tree::{
    Binary, Call, Expr, Label, Literal, Operator, TYPE_POWER, TypeName, TypeOperation, TypeTest,
};
use crate::error::{ParseError, ParseErrorKind};
use crate::pattern::Pattern;
use ers_fhir_values::{CalendarUnit, Quantity, Unit};

/// How deeply an expression may nest, which bounds the stack that parsing and evaluation take.
///
/// A chain of operators or of path steps nests to the left, so it counts as well. The longest chain
/// in the core invariants has about forty links.
const MAX_DEPTH: usize = 150;

/// `number` gives the number by which nodes know a name; 0 for none.
pub(crate) fn parse(text: &str, number: &dyn Fn(&str) -> u32) -> Result<Expr> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, nesting: 0, number };
    let parsed = parser.expression(0)?;
    match parser.peek() {
        TokenKind::End => Ok(parsed.expr),
        _ => parser.unexpected("an operator or the end"),
    }
}

/// An expression and the height of its tree.
struct Parsed {
    expr: Expr,
    height: usize,
}

impl Parsed {
    fn leaf(expr: Expr) -> Self {
        Self { expr, height: 1 }
    }
}

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    at: usize,
    nesting: usize,
    number: &'t dyn Fn(&str) -> u32,
}

type Result<T> = std::result::Result<T, ParseError>;

impl<'t> Parser<'t> {
    fn peek(&self) -> &TokenKind<'t> {
        // The last token is End and is never passed.
        &self.tokens[self.at].kind
    }

    fn label(&self, name: &str) -> Label {
        Label::new(name, (self.number)(name))
    }

    fn position(&self) -> usize {
        self.tokens[self.at].position
    }

    fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    fn fail<T>(&self, kind: ParseErrorKind) -> Result<T> {
        Err(ParseError { position: self.position(), kind })
    }

    fn unexpected<T>(&self, expected: &'static str) -> Result<T> {
        let found = match self.peek() {
            TokenKind::End => "the end".to_owned(),
            TokenKind::Word(word) => format!("`{word}`"),
            TokenKind::Symbol(symbol) => format!("`{symbol}`"),
            TokenKind::Quoted(name) => format!("`{name}`"),
            TokenKind::Dollar(name) => format!("`${name}`"),
            TokenKind::Percent(name) => format!("`%{name}`"),
            TokenKind::DoubleQuoted(_) | TokenKind::Literal(_) => "a literal".to_owned(),
        };
        self.fail(ParseErrorKind::Unexpected { expected, found })
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Symbol(found) if *found == symbol);
        if found {
            self.advance();
        }
        found
    }

    fn expect_symbol(&mut self, symbol: &'static str) -> Result<()> {
        if self.take_symbol(symbol) { Ok(()) } else { self.unexpected(symbol) }
    }

    fn above(&self, below: usize, expr: Expr) -> Result<Parsed> {
        if below >= MAX_DEPTH {
            return self.fail(ParseErrorKind::TooDeep(MAX_DEPTH));
        }
        Ok(Parsed { expr, height: below + 1 })
    }

    /// Parses operators that bind tighter than `floor`.
    fn expression(&mut self, floor: u8) -> Result<Parsed> {
        self.nesting += 1;
        if self.nesting > MAX_DEPTH {
            return self.fail(ParseErrorKind::TooDeep(MAX_DEPTH));
        }
        let mut left = self.operand()?;
        loop {
            let symbol = match self.peek() {
                TokenKind::Word(word) => *word,
                TokenKind::Symbol(symbol) => *symbol,
                _ => break,
            };
            if let Some(operator) = Operator::from_text(symbol) {
                if operator.power() <= floor {
                    break;
                }
                self.advance();
                let right = self.expression(operator.power())?;
                let height = left.height.max(right.height);
                let binary = Binary { operator, left: left.expr, right: right.expr };
                left = self.above(height, Expr::Binary(Box::new(binary)))?;
            } else if (symbol == "is" || symbol == "as") && TYPE_POWER > floor {
                let operation = if symbol == "is" { TypeOperation::Is } else { TypeOperation::As };
                self.advance();
                let type_name = self.type_name()?;
                let typed = TypeTest { operation, input: left.expr, type_name };
                left = self.above(left.height, Expr::Type(Box::new(typed)))?;
            } else {
                break;
            }
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// A term with its sign and everything that follows it: steps, calls and indexes.
    fn operand(&mut self) -> Result<Parsed> {
        for (symbol, negative) in [("-", true), ("+", false)] {
            if self.take_symbol(symbol) {
                self.nesting += 1;
                if self.nesting > MAX_DEPTH {
                    return self.fail(ParseErrorKind::TooDeep(MAX_DEPTH));
                }
                let operand = self.operand()?;
                self.nesting -= 1;
                let expr = Expr::Polarity { negative, operand: Box::new(operand.expr) };
                return self.above(operand.height, expr);
            }
        }
        let mut term = self.term()?;
        loop {
            if self.take_symbol(".") {
                let position = self.position();
                let name = self.name()?;
                if self.take_symbol("(") {
                    term = self.call(position, &name, term)?;
                } else {
                    term = self.above(term.height, Expr::Member(Box::new(term.expr), self.label(&name)))?;
                }
            } else if self.take_symbol("[") {
                let index = self.expression(0)?;
                self.expect_symbol("]")?;
                let height = term.height.max(index.height);
                term = self.above(height, Expr::Item(Box::new(term.expr), Box::new(index.expr)))?;
            } else {
                return Ok(term);
            }
        }
    }

    fn name(&mut self) -> Result<String> {
        let name = match self.peek() {
            TokenKind::Word(word) => (*word).to_owned(),
            TokenKind::Quoted(name) | TokenKind::DoubleQuoted(name) => name.clone(),
            // `.$this` adds nothing, yet expressions of the STU3 era write it.
            TokenKind::Dollar(name) => format!("${name}"),
            _ => return self.unexpected("a name"),
        };
        self.advance();
        Ok(name)
    }

    fn term(&mut self) -> Result<Parsed> {
        let position = self.position();
        let token = self.peek().clone();
        let expr = match token {
            TokenKind::Symbol("(") => {
                self.advance();
                let inner = self.expression(0)?;
                self.expect_symbol(")")?;
                return Ok(inner);
            }
            TokenKind::Symbol("{") => {
                self.advance();
                self.expect_symbol("}")?;
                return Ok(Parsed::leaf(Expr::Empty));
            }
            TokenKind::Word("true") => Expr::Literal(Literal::Boolean(true)),
            TokenKind::Word("false") => Expr::Literal(Literal::Boolean(false)),
            TokenKind::Word(name) => return self.head(position, name),
            TokenKind::Quoted(name) => return self.head(position, &name),
            TokenKind::DoubleQuoted(text) => Expr::Literal(Literal::String(text.into())),
            TokenKind::Literal(literal) => {
                self.advance();
                return Ok(Parsed::leaf(Expr::Literal(self.with_unit(literal))));
            }
            TokenKind::Dollar("this") => Expr::This,
            TokenKind::Dollar("index") => Expr::Index,
            TokenKind::Dollar("total") => Expr::Total,
            // The STU3 spelling of %resource and %context.
            TokenKind::Dollar(name @ ("resource" | "context")) => Expr::Variable(name.into()),
            TokenKind::Percent(name) => Expr::Variable(name.into()),
            TokenKind::Dollar(_) | TokenKind::Symbol(_) | TokenKind::End => {
                return self.unexpected("a value, a path or a function");
            }
        };
        self.advance();
        Ok(Parsed::leaf(expr))
    }

    fn head(&mut self, position: usize, name: &str) -> Result<Parsed> {
        self.advance();
        if self.take_symbol("(") {
            return self.call(position, name, Parsed::leaf(Expr::This));
        }
        Ok(Parsed::leaf(Expr::Head(self.label(name))))
    }

    /// `5` followed by `'mg'` or `days` is a quantity.
    fn with_unit(&mut self, literal: Literal) -> Literal {
        let value = match &literal {
            Literal::Integer(value) => (*value).into(),
            Literal::Decimal(value) => *value,
            _ => return literal,
        };
        let unit = match self.peek() {
            TokenKind::Literal(Literal::String(code)) => Some(Unit::Code(code.clone())),
            TokenKind::Word(word) => CalendarUnit::from_word(word).map(Unit::Calendar),
            _ => None,
        };
        match unit {
            Some(unit) => {
                self.advance();
                Literal::Quantity(Quantity { value, unit })
            }
            None => literal,
        }
    }

    fn type_name(&mut self) -> Result<TypeName> {
        let first = self.name()?;
        if self.take_symbol(".") {
            return Ok(TypeName { namespace: Some(first.into()), name: self.name()?.into() });
        }
        Ok(TypeName { namespace: None, name: first.into() })
    }

    /// The part of a call after its opening bracket.
    fn call(&mut self, position: usize, name: &str, input: Parsed) -> Result<Parsed> {
        let operation = match name {
            "is" => Some(TypeOperation::IsFunction),
            "as" => Some(TypeOperation::As),
            "ofType" => Some(TypeOperation::OfType),
            _ => None,
        };
        if let Some(operation) = operation {
            let type_name = self.type_name()?;
            self.expect_symbol(")")?;
            let typed = TypeTest { operation, input: input.expr, type_name };
            return self.above(input.height, Expr::Type(Box::new(typed)));
        }
        let Some(function) = Function::from_name(name) else {
            return Err(ParseError { position, kind: ParseErrorKind::UnknownFunction(name.to_owned()) });
        };
        let mut arguments = Vec::new();
        let mut height = input.height;
        if !self.take_symbol(")") {
            loop {
                let argument =
                    if function == Function::Sort { self.sort_key()? } else { self.expression(0)? };
                height = height.max(argument.height);
                arguments.push(argument.expr);
                if !self.take_symbol(",") {
                    break;
                }
            }
            self.expect_symbol(")")?;
        }
        check_arity(position, function, arguments.len())?;
        let pattern = match arguments.first() {
            Some(Expr::Literal(Literal::String(text))) if function.takes_pattern() => {
                let compiled = Pattern::read(text, function == Function::MatchesFull);
                Some(
                    compiled
                        .map_err(|reason| ParseError { position, kind: ParseErrorKind::Regex(reason) })?,
                )
            }
            _ => None,
        };
        let call = Call { function, input: input.expr, arguments: arguments.into(), pattern };
        self.above(height, Expr::Call(Box::new(call)))
    }

    /// `key`, `key asc` or `key desc`; descending is a leading minus in the tree.
    fn sort_key(&mut self) -> Result<Parsed> {
        let key = self.expression(0)?;
        let word = if let TokenKind::Word(word) = self.peek() { *word } else { "" };
        if word == "asc" || word == "desc" {
            self.advance();
        }
        if word != "desc" {
            return Ok(key);
        }
        self.above(key.height, Expr::Polarity { negative: true, operand: Box::new(key.expr) })
    }
}

fn check_arity(position: usize, function: Function, found: usize) -> Result<()> {
    let (fewest, most) = function.arity();
    if (fewest..=most).contains(&found) {
        return Ok(());
    }
    let expected = if fewest == most { fewest.to_string() } else { format!("{fewest} to {most}") };
    Err(ParseError { position, kind: ParseErrorKind::Arity { function: function.name(), expected, found } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Expr> {
        super::parse(text, &|_| 0)
    }

    #[test]
    fn operators_bind_as_the_grammar_says() {
        for (plain, bracketed) in [
            ("1+2*3", "1+(2*3)"),
            ("-1.abs()", "-(1.abs())"),
            ("a or b and c", "a or (b and c)"),
            ("a implies b or c", "a implies (b or c)"),
            ("a = b | c", "a = (b | c)"),
            ("a > b is c", "a > (b is c)"),
            ("a | b is c", "a | (b is c)"),
            ("a + b is c", "(a + b) is c"),
            ("a in b = c", "a in (b = c)"),
            ("a - b - c", "(a - b) - c"),
            ("a and b in c", "a and (b in c)"),
        ] {
            let [left, right] = [plain, bracketed].map(|text| format!("{:?}", parse(text).expect(text)));
            assert_eq!(left, right, "{plain}");
        }
    }

    #[test]
    fn old_and_unusual_spellings_are_read() {
        for text in [
            "%\"vs-name\" = \"text\"",
            "$resource.id",
            "text.div",
            "as(uri)",
            "contains",
            "is.as.contains('x')",
            "htmlchecks()",
            "FHIR.`Patient`",
            "a.is(FHIR.`Patient`)",
            "4 days.convertsToQuantity()",
            "name.sort(family desc, -given)",
            "{}",
            "value // comment\n /* more */ + 1",
        ] {
            parse(text).expect(text);
        }
    }

    #[test]
    fn faults_are_located() {
        for (text, position) in [
            ("", 0),
            ("a.", 2),
            ("a.nope()", 2),
            ("a and", 5),
            ("(a", 2),
            ("a)", 1),
            ("a.first(1)", 2),
            ("a.matches('(')", 2),
            ("a.is(1)", 5),
            ("@T10:00Z.is(Time)", 7),
            ("$nope", 0),
        ] {
            assert_eq!(parse(text).expect_err(text).position, position, "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        for text in [
            "(".repeat(100_000),
            "-".repeat(100_000) + "1",
            vec!["a"; 100_000].join("."),
            vec!["a"; 100_000].join(" or "),
            "iif(a,".repeat(100_000),
            "a[".repeat(100_000),
        ] {
            let error = parse(&text).expect_err("too deep").kind;
            assert_eq!(error, ParseErrorKind::TooDeep(MAX_DEPTH));
        }
    }
}
