//! JSON, token by token, straight from the text.
//!
//! Strings without escapes are borrowed and numbers keep their digits, so a typed value is built
//! without any tree between it and the bytes.

mod place;

use std::borrow::Cow;

use ers_fhir_values::FhirVersion;

use super::error::{Fault, ReadError};
use super::options::ReadOptions;
use super::path::Step;
use super::violation::Violations;

/// Deepest nesting of objects and arrays that is accepted.
const MAX_DEPTH: u32 = 256;

/// What to do with a value that does not fit its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runtime) enum Misfits {
    /// It is reported as a violation, and the reader continues after it.
    Listed,
    /// It is kept as it is, as an unknown field.
    Kept,
}

/// A position in a JSON text, and how to read from it.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    options: ReadOptions,
    /// The release of the types that are read; `None` for a primitive by itself.
    release: Option<FhirVersion>,
    /// How many profiles are being tried, one inside another.
    trials: u8,
    /// Where the last token that was read begins.
    token: usize,
    /// The path to the current element.
    steps: Vec<Step>,
    violations: Violations,
    misfits: Misfits,
    /// Whether numbers may be text, as in formats that cannot hold all their digits.
    takes_text: bool,
    /// Whether skipped values may be nested to any depth.
    is_unbounded: bool,
    /// Whether reading cannot continue: the text is not JSON, or too much is wrong.
    is_broken: bool,
}

impl<'a> Reader<'a> {
    /// A reader at the start of a text.
    pub fn new(text: &'a str, options: ReadOptions) -> Self {
        Self {
            text: text.strip_prefix('\u{feff}').unwrap_or(text),
            at: 0,
            depth: 0,
            options,
            release: None,
            trials: 0,
            token: 0,
            steps: Vec::new(),
            violations: Violations::default(),
            misfits: Misfits::Listed,
            takes_text: false,
            is_unbounded: false,
            is_broken: false,
        }
    }

    /// A reader that keeps values that do not fit, and so reads any JSON object into any type.
    pub(in crate::runtime) fn keeping(text: &'a str) -> Self {
        Self { misfits: Misfits::Kept, ..Self::new(text, ReadOptions::lenient()) }
    }

    /// A reader for JSON that is known to be complete, and may be nested to any depth.
    pub(in crate::runtime) fn unbounded(text: &'a str) -> Self {
        Self { is_unbounded: true, ..Self::new(text, ReadOptions::lenient()) }
    }

    /// A reader that accepts text in place of numbers.
    pub(in crate::runtime) fn taking_text(text: &'a str) -> Self {
        Self { takes_text: true, ..Self::new(text, ReadOptions::lenient()) }
    }

    /// Whether values that do not fit are kept.
    pub(in crate::runtime) fn keeps_misfits(&self) -> bool {
        self.misfits == Misfits::Kept
    }

    /// Sets the level of nesting of a trial of a profile.
    pub(in crate::runtime) fn try_at(&mut self, level: u8) {
        self.trials = level;
    }

    /// How many profiles are being tried, one inside another.
    pub(in crate::runtime) fn trials(&self) -> u8 {
        self.trials
    }

    /// How to read.
    pub fn options(&self) -> ReadOptions {
        self.options
    }

    /// The release whose forms apply to values: that of the types that are read, if the reader is strict
    /// and reads such types. `None` accepts the forms of either release.
    pub fn release(&self) -> Option<FhirVersion> {
        self.release.filter(|_| !self.options.forgives_values)
    }

    /// Begins to read a type of this release.
    pub(in crate::runtime) fn enter(&mut self, release: FhirVersion) {
        self.release = Some(release);
    }

    #[cold]
    fn expected(&self, what: &'static str) -> ReadError {
        let fault = match self.text.as_bytes().get(self.at) {
            Some(_) => Fault::Syntax { expected: what },
            None => Fault::End { expected: what },
        };
        self.fault(fault)
    }

    /// The next byte after white space; zero at the end.
    #[inline]
    pub fn peek(&mut self) -> u8 {
        match self.text.as_bytes().get(self.at) {
            Some(&byte) if byte > b' ' => byte,
            _ => self.skip_white(),
        }
    }

    /// Skips white space, which is mostly indentation; otherwise like [`Reader::peek`].
    fn skip_white(&mut self) -> u8 {
        const BLANKS: u64 = 0x2020_2020_2020_2020;
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return byte;
            }
            self.at += 1;
            while let Some(chunk) = bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
                let blanks = (u64::from_le_bytes(*chunk) ^ BLANKS).trailing_zeros() / 8;
                self.at += blanks as usize;
                if blanks < 8 {
                    break;
                }
            }
        }
        0
    }

    #[inline]
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    #[inline]
    fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), ReadError> {
        if self.take(byte) { Ok(()) } else { Err(self.expected(what)) }
    }

    /// Goes one level deeper into objects and arrays.
    fn descend(&mut self) -> Result<(), ReadError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH && !self.is_unbounded {
            Err(self.fault(Fault::Depth { limit: MAX_DEPTH }))
        } else {
            Ok(())
        }
    }

    /// Steps into an object; [`Reader::key`] follows.
    pub fn begin_object(&mut self) -> Result<(), ReadError> {
        self.expect(b'{', "an object")?;
        self.descend()
    }

    /// The next key of an object, or `None` at its end. `is_first` is true before the first.
    #[inline]
    pub fn key(&mut self, is_first: &mut bool) -> Result<Option<Cow<'a, str>>, ReadError> {
        if self.take(b'}') {
            self.depth -= 1;
            return Ok(None);
        }
        if !std::mem::take(is_first) {
            self.expect(b',', "',' or '}'")?;
        }
        let key = self.string()?;
        self.expect(b':', "':'")?;
        Ok(Some(key))
    }

    /// Steps into an array; [`Reader::item`] follows.
    pub fn begin_array(&mut self) -> Result<(), ReadError> {
        self.expect(b'[', "an array")?;
        self.descend()
    }

    /// Whether the array has another item. `is_first` is true before the first.
    #[inline]
    pub fn item(&mut self, is_first: &mut bool) -> Result<bool, ReadError> {
        if self.take(b']') {
            self.depth -= 1;
            return Ok(false);
        }
        if !std::mem::take(is_first) {
            self.expect(b',', "',' or ']'")?;
        }
        Ok(true)
    }

    /// A string, with escapes resolved.
    pub fn string(&mut self) -> Result<Cow<'a, str>, ReadError> {
        self.expect(b'"', "a string")?;
        let start = self.at;
        self.token = start - 1;
        self.at += plain_length(&self.text.as_bytes()[start..]);
        match self.text.as_bytes().get(self.at) {
            Some(b'"') => {
                self.at += 1;
                Ok(Cow::Borrowed(&self.text[start..self.at - 1]))
            }
            Some(b'\\') => self.escaped(start).map(Cow::Owned),
            _ => Err(self.expected("the rest of a string")),
        }
    }

    /// The rest of a string that starts at `start` and has an escape at the current position.
    fn escaped(&mut self, start: usize) -> Result<String, ReadError> {
        let mut value = String::from(&self.text[start..self.at]);
        loop {
            let run = self.at;
            self.at += plain_length(&self.text.as_bytes()[run..]);
            value.push_str(&self.text[run..self.at]);
            match self.text.as_bytes().get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(value);
                }
                Some(b'\\') => {
                    self.at += 1;
                    value.push(self.escape()?);
                }
                _ => return Err(self.expected("the rest of a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, ReadError> {
        let Some(&byte) = self.text.as_bytes().get(self.at) else {
            return Err(self.expected("an escape"));
        };
        self.at += usize::from(byte.is_ascii());
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(self.expected("a valid JSON escape")),
        })
    }

    fn unicode(&mut self) -> Result<char, ReadError> {
        let first = self.hex()?;
        let code = match first {
            0xD800..0xDC00 if self.text[self.at..].starts_with("\\u") => {
                self.at += 2;
                let second = self.hex()?;
                if !(0xDC00..0xE000).contains(&second) {
                    return Err(self.expected("the second half of a surrogate pair"));
                }
                0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            }
            code => code,
        };
        char::from_u32(code).ok_or_else(|| self.expected("a complete surrogate pair"))
    }

    fn hex(&mut self) -> Result<u32, ReadError> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.expected("four hexadecimal digits"))?;
        self.at += 4;
        Ok(code)
    }

    /// A decimal number, as written; also as text, from formats that cannot hold its digits otherwise.
    pub(crate) fn decimal(&mut self) -> Result<Cow<'a, str>, ReadError> {
        if !self.takes_text || self.peek() != b'"' {
            return self.number().map(Cow::Borrowed);
        }
        let text = self.string()?;
        if !text.is_empty() && number_length(text.as_bytes()) == text.len() {
            Ok(text)
        } else {
            Err(self.expected("a number"))
        }
    }

    /// A number, as written.
    pub fn number(&mut self) -> Result<&'a str, ReadError> {
        self.peek();
        let start = self.at;
        self.token = start;
        let length = number_length(&self.text.as_bytes()[start..]);
        if length == 0 {
            return Err(self.expected("a number"));
        }
        self.at += length;
        Ok(&self.text[start..self.at])
    }

    /// `true` or `false`.
    pub fn boolean(&mut self) -> Result<bool, ReadError> {
        if self.word("true") {
            Ok(true)
        } else if self.word("false") {
            Ok(false)
        } else {
            Err(self.expected("true or false"))
        }
    }

    /// Consumes `null`, if it comes next.
    #[inline]
    pub fn null(&mut self) -> bool {
        self.peek() == b'n' && self.word("null")
    }

    fn word(&mut self, word: &str) -> bool {
        self.peek();
        let found = self.text[self.at..].starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// Skips a value, and returns its text.
    pub fn raw(&mut self) -> Result<&'a str, ReadError> {
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(&self.text[start..self.at])
    }

    /// The text of the next value; the reader stays where it is.
    pub(in crate::runtime) fn ahead(&mut self) -> Result<&'a str, ReadError> {
        let (at, depth) = (self.at, self.depth);
        let text = self.raw();
        (self.at, self.depth) = (at, depth);
        text
    }

    /// Skips a value. It does so without recursion, so that no nesting is too deep for the stack.
    fn skip(&mut self) -> Result<(), ReadError> {
        // For each enclosing object or array: whether it is an object, and whether none of it was skipped yet.
        let mut around: Vec<(bool, bool)> = Vec::new();
        loop {
            match self.peek() {
                b'{' => {
                    self.begin_object()?;
                    around.push((true, true));
                }
                b'[' => {
                    self.begin_array()?;
                    around.push((false, true));
                }
                b'"' => self.string().map(drop)?,
                b't' | b'f' => self.boolean().map(drop)?,
                b'n' if self.word("null") => {}
                _ => self.number().map(drop)?,
            }
            // Continue with the next value, leaving everything that ends here.
            loop {
                let Some((is_object, is_first)) = around.last_mut() else { return Ok(()) };
                let mut first = *is_first;
                *is_first = false;
                let has_next =
                    if *is_object { self.key(&mut first)?.is_some() } else { self.item(&mut first)? };
                if has_next {
                    break;
                }
                around.pop();
            }
        }
    }

    /// The value of a string property of the next object; the reader stays where it is.
    pub fn look_for(&mut self, property: &str) -> Result<Option<Cow<'a, str>>, ReadError> {
        self.peek();
        let (at, depth) = (self.at, self.depth);
        self.begin_object()?;
        let mut is_first = true;
        let mut found = None;
        while let Some(key) = self.key(&mut is_first)? {
            if key == property {
                found = Some(self.string()?);
                break;
            }
            self.skip()?;
        }
        (self.at, self.depth) = (at, depth);
        Ok(found)
    }

    /// Refuses anything but white space.
    pub fn end(&mut self) -> Result<(), ReadError> {
        self.peek();
        if self.at == self.text.len() { Ok(()) } else { Err(self.expected("the end of the document")) }
    }
}

/// How many bytes from the start need no attention inside a string: eight at a time, then singly.
#[inline]
pub(in crate::runtime) fn plain_length(bytes: &[u8]) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Sets the high bit of each byte that is zero (and possibly of bytes above it, never below).
    let zeroes = |word: u64| word.wrapping_sub(LOW) & !word & HIGH;
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let quotes = zeroes(word ^ (LOW * 0x22));
        let escapes = zeroes(word ^ (LOW * 0x5C));
        let controls = word.wrapping_sub(LOW * 0x20) & !word & HIGH;
        let special = quotes | escapes | controls;
        if special != 0 {
            return at + (special.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = &bytes[at..];
    at + rest.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\').unwrap_or(rest.len())
}

/// Length of the JSON number at the start; zero where there is none.
fn number_length(bytes: &[u8]) -> usize {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && bytes[at] == b'0') {
        return 0;
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return 0;
        }
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent == 0 {
            return 0;
        }
        at += 1 + sign + exponent;
    }
    at
}
