//! Splits text into tokens.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::tree::Literal;
use crate::error::{ParseError, ParseErrorKind};
use ers_fhir_values::Temporal;

/// A token and where it starts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'t> {
    pub(super) position: usize,
    pub(super) kind: TokenKind<'t>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind<'t> {
    /// A name or keyword.
    Word(&'t str),
    /// A name in backticks.
    Quoted(String),
    /// Double quotes: a string in today's engines, a quoted name in `FHIRPath` 1.0.
    DoubleQuoted(String),
    /// Any literal except `true` and `false`, which are words.
    Literal(Literal),
    /// `$this`, without the `$`.
    Dollar(&'t str),
    /// `%name`, `` %`name` ``, `%"name"` or `%'name'`, without the `%`.
    Percent(String),
    /// Operators and brackets.
    Symbol(&'static str),
    /// The end of the text.
    End,
}

/// Longer symbols before their prefixes.
const SYMBOLS: [&str; 22] = [
    "!=", "!~", "<=", ">=", "<", ">", "=", "~", "+", "-", "*", "/", "&", "|", "(", ")", "[", "]", "{", "}",
    ".", ",",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, ParseError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank()?;
        let position = lexer.at;
        let kind = lexer.next()?;
        let done = kind == TokenKind::End;
        tokens.push(Token { position, kind });
        if done {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn fail<T>(position: usize, kind: ParseErrorKind) -> Result<T, ParseError> {
        Err(ParseError { position, kind })
    }

    fn skip_blank(&mut self) -> Result<(), ParseError> {
        loop {
            let rest = self.rest().trim_start();
            self.at = self.text.len() - rest.len();
            if rest.starts_with("//") {
                self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
            } else if let Some(comment) = rest.strip_prefix("/*") {
                match comment.find("*/") {
                    Some(end) => self.at += end + 4,
                    None => return Self::fail(self.at, ParseErrorKind::Unclosed("comment")),
                }
            } else {
                return Ok(());
            }
        }
    }

    fn next(&mut self) -> Result<TokenKind<'t>, ParseError> {
        let start = self.at;
        let Some(first) = self.rest().chars().next() else { return Ok(TokenKind::End) };
        match first {
            '0'..='9' => self.number(),
            '@' => {
                self.at += 1;
                match Temporal::scan(self.rest()) {
                    Some((value, length)) => {
                        self.at += length;
                        Ok(TokenKind::Literal(Literal::Temporal(value)))
                    }
                    None => self.malformed(start, "date or time"),
                }
            }
            '\'' => Ok(TokenKind::Literal(Literal::String(self.quoted('\'', "string")?.into()))),
            '"' => Ok(TokenKind::DoubleQuoted(self.quoted('"', "string")?)),
            '`' => Ok(TokenKind::Quoted(self.quoted('`', "quoted name")?)),
            '$' => {
                self.at += 1;
                Ok(TokenKind::Dollar(self.word()))
            }
            '%' => {
                self.at += 1;
                match self.rest().chars().next() {
                    Some(quote @ ('`' | '"' | '\'')) => {
                        Ok(TokenKind::Percent(self.quoted(quote, "quoted name")?))
                    }
                    Some(letter) if letter == '_' || letter.is_ascii_alphanumeric() => {
                        Ok(TokenKind::Percent(self.word().to_owned()))
                    }
                    _ => Self::fail(start, ParseErrorKind::Character('%')),
                }
            }
            '_' | 'a'..='z' | 'A'..='Z' => Ok(TokenKind::Word(self.word())),
            other => match SYMBOLS.into_iter().find(|symbol| self.rest().starts_with(symbol)) {
                Some(symbol) => {
                    self.at += symbol.len();
                    Ok(TokenKind::Symbol(symbol))
                }
                None => Self::fail(start, ParseErrorKind::Character(other)),
            },
        }
    }

    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn malformed<T>(&self, start: usize, what: &'static str) -> Result<T, ParseError> {
        let rest = &self.text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || "()[]{},".contains(c)).unwrap_or(rest.len());
        Self::fail(start, ParseErrorKind::Literal { what, text: rest[..end].to_owned() })
    }

    /// `42`, `4.2`; a point belongs to the number only when a digit follows it.
    fn number(&mut self) -> Result<TokenKind<'t>, ParseError> {
        let start = self.at;
        let rest = self.rest();
        let digits = |from: usize| {
            rest[from..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |length| from + length)
        };
        let whole = digits(0);
        let end = if rest[whole..].starts_with('.') { digits(whole + 1) } else { whole };
        let decimal = end > whole + 1;
        let text = &rest[..if decimal { end } else { whole }];
        let literal = if decimal {
            Decimal::from_str(text).ok().map(Literal::Decimal)
        } else {
            text.parse().ok().map(Literal::Integer)
        };
        self.at += text.len();
        match literal {
            Some(literal) => Ok(TokenKind::Literal(literal)),
            None => self.malformed(start, "number"),
        }
    }

    fn quoted(&mut self, quote: char, what: &'static str) -> Result<String, ParseError> {
        let start = self.at;
        let mut value = String::new();
        let mut chars = self.text[start + 1..].char_indices().map(|(at, c)| (start + 1 + at, c));
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.at = at + 1;
                return Ok(value);
            }
            if c != '\\' {
                value.push(c);
                continue;
            }
            match chars.next() {
                Some((_, 'u')) => value.push(self.unicode_escape(at, &mut chars)?),
                Some((_, 'n')) => value.push('\n'),
                Some((_, 'r')) => value.push('\r'),
                Some((_, 't')) => value.push('\t'),
                Some((_, 'f')) => value.push('\u{c}'),
                Some((_, c @ ('\'' | '"' | '`' | '\\' | '/'))) => value.push(c),
                Some((_, other)) => return Self::fail(at, ParseErrorKind::Escape(other)),
                None => break,
            }
        }
        Self::fail(start, ParseErrorKind::Unclosed(what))
    }

    fn unicode_escape(
        &self,
        start: usize,
        chars: &mut impl Iterator<Item = (usize, char)>,
    ) -> Result<char, ParseError> {
        let code =
            (0..4).try_fold(0, |value, _| Some(value * 16 + chars.next().and_then(|(_, c)| c.to_digit(16))?));
        if let Some(c) = code.and_then(char::from_u32) {
            return Ok(c);
        }
        self.malformed(start, "unicode escape")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind<'_>> {
        tokens(text).expect(text).into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn a_point_after_a_number_may_start_a_call() {
        assert_eq!(kinds("1.abs").len(), 4);
        assert_eq!(kinds("1.5.abs").len(), 4);
        assert_eq!(kinds("@2015.is").len(), 4);
        assert_eq!(kinds("@2015-02-04T14:34:28.123.is").len(), 4);
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(kinds(r"'a\'\u0041\n'")[0], TokenKind::Literal(Literal::String("a'A\n".into())));
    }

    #[test]
    fn faults_are_located() {
        for (text, position) in
            [("a /* b", 2), ("a 'b", 2), (r"'a\q'", 2), ("a # b", 2), ("@20", 0), (r"'\u12'", 1), ("%", 0)]
        {
            assert_eq!(tokens(text).expect_err(text).position, position, "{text}");
        }
    }
}
