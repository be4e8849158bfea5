//! The tokens of JSON (RFC 8259), each read in one pass over its bytes.

use std::ops::Range;

use super::super::fault::{FaultKind, Unreadable};
use super::super::name::Name;
use super::super::node::Text;

/// A place in the source from which tokens are read.
#[derive(Debug)]
pub(super) struct Scanner<'s> {
    source: &'s str,
    bytes: &'s [u8],
    pub(super) at: usize,
}

impl<'s> Scanner<'s> {
    pub(super) fn new(source: &'s str, at: usize) -> Self {
        Self { source, bytes: source.as_bytes(), at }
    }

    /// The byte here; `None` at the end.
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Skips white space and returns the byte after it.
    pub(super) fn skip_space(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                b' ' => self.skip_spaces(),
                b'\n' | b'\r' | b'\t' => self.at += 1,
                other => return Some(other),
            }
        }
    }

    /// Skips a space and those that follow it: indentation comes in long runs.
    fn skip_spaces(&mut self) {
        const SPACES: u64 = u64::from_le_bytes(*b"        ");
        self.at += 1;
        while let Some(chunk) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
            let others = u64::from_le_bytes(*chunk) ^ SPACES;
            if others != 0 {
                self.at += (others.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += 8;
        }
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Skips a key at its opening quote if it is this name, and returns whether it is.
    pub(super) fn skip_key(&mut self, name: Name) -> bool {
        let end = self.at + 1 + name.text().len();
        let is_there = self.bytes.get(end) == Some(&b'"') && name.begins(&self.bytes[self.at + 1..]);
        if is_there {
            self.at = end + 1;
        }
        is_there
    }

    /// Reads a string at its opening quote; one with escapes is decoded and appended to `decoded`.
    pub(super) fn string(&mut self, decoded: &mut String) -> Result<Text, Box<Unreadable>> {
        let open = self.at;
        let start = open + 1;
        let mut from = start;
        let mut decoded_start = None;
        self.at = start;
        loop {
            self.at = plain_end(self.bytes, self.at);
            match self.peek() {
                Some(b'"') => {
                    let end = self.at;
                    self.at += 1;
                    let Some(decoded_start) = decoded_start else {
                        return Ok(Text::source(start..end));
                    };
                    decoded.push_str(self.source.get(from..end).unwrap_or_default());
                    return Ok(Text::decoded(decoded_start..decoded.len()));
                }
                Some(b'\\') => {
                    decoded_start.get_or_insert(decoded.len());
                    decoded.push_str(self.source.get(from..self.at).unwrap_or_default());
                    decoded.push(self.escape()?);
                    from = self.at;
                }
                Some(control) => {
                    return Err(FaultKind::ControlCharacter(control).at(self.at..self.at + 1));
                }
                None => {
                    return Err(FaultKind::StringCutOff.at(open..self.at));
                }
            }
        }
    }

    /// Reads an escape at its backslash.
    fn escape(&mut self) -> Result<char, Box<Unreadable>> {
        let start = self.at;
        let escaped = self.bytes.get(start + 1).copied();
        self.at += 2;
        let plain = match escaped {
            Some(b'u') => return self.unicode_escape(start),
            Some(plain @ (b'"' | b'\\' | b'/')) => plain as char,
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            _ => {
                return Err(FaultKind::UnknownEscape.at(start..start + 1));
            }
        };
        Ok(plain)
    }

    /// Reads the digits of `\uXXXX`, and a second escape where the first is half of a pair.
    fn unicode_escape(&mut self, start: usize) -> Result<char, Box<Unreadable>> {
        let first = self.hex_digits(start)?;
        let lone = |end: usize| FaultKind::LoneSurrogate.at(start..end);
        let code = match first {
            0xd800..=0xdbff => {
                if self.bytes.get(self.at..self.at + 2) != Some(br"\u") {
                    return Err(lone(self.at));
                }
                let second_start = self.at;
                self.at += 2;
                let second = self.hex_digits(second_start)?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(lone(self.at));
                }
                0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            _ => first,
        };
        char::from_u32(code).ok_or_else(|| lone(self.at))
    }

    fn hex_digits(&mut self, start: usize) -> Result<u32, Box<Unreadable>> {
        let digits = self.bytes.get(self.at..self.at + 4).unwrap_or_default();
        let value = digits
            .iter()
            .try_fold(0, |value, digit| (*digit as char).to_digit(16).map(|digit| value * 16 + digit));
        match value {
            Some(value) if !digits.is_empty() => {
                self.at += 4;
                Ok(value)
            }
            _ => Err(FaultKind::ShortEscape.at(start..start + 2)),
        }
    }

    /// Reads a number at its first character.
    pub(super) fn number(&mut self) -> Result<Range<usize>, Box<Unreadable>> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let integer = self.at;
        self.digits("a digit")?;
        if self.bytes[integer] == b'0' && self.at > integer + 1 {
            return Err(FaultKind::LeadingZero.at(start..self.at));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("a digit after the decimal point")?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits("a digit in the exponent")?;
        }
        Ok(start..self.at)
    }

    fn digits(&mut self, expected: &'static str) -> Result<(), Box<Unreadable>> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.unexpected(expected)) } else { Ok(()) }
    }

    /// Reads `true`, `false` or `null`.
    pub(super) fn word(&mut self, word: &str) -> Result<Range<usize>, Box<Unreadable>> {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end) != Some(word.as_bytes()) {
            return Err(self.unexpected("a value"));
        }
        let range = self.at..end;
        self.at = end;
        Ok(range)
    }

    /// The error for an unexpected character here.
    #[expect(clippy::unnecessary_box_returns, reason = "it is stored in a result that is rarely an error")]
    pub(super) fn unexpected(&self, expected: &'static str) -> Box<Unreadable> {
        let found = self.source.get(self.at..).and_then(|rest| rest.chars().next());
        let end = self.at + found.map_or(0, char::len_utf8);
        let before = self.source.get(..self.at).unwrap_or_default().trim_end();
        if before.ends_with(',') && matches!(found, Some(',' | '}' | ']')) {
            return FaultKind::SurplusComma.at(before.len() - 1..before.len());
        }
        FaultKind::Unexpected { expected, found }.at(self.at..end)
    }
}

/// The first byte from `at` on that a string cannot hold as it is: a quote, a backslash or a
/// control character. Eight bytes at a time: strings are most of a payload, and most are short.
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES * 128;
    let long_from = at + LONG;
    // Each sets the high bit of bytes that are less than the limit; bits above the lowest may be wrong, but only
    // the lowest is used.
    let less = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGHS;
    // To flip the second bit makes a quote the greatest of what is less than 0x21, and a space greater.
    let quote_or_control = |word: u64| less(word ^ (ONES * 0x02), 0x21);
    let backslash = |word: u64| less(word ^ (ONES * u64::from(b'\\')), 1);
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        if at >= long_from {
            return plain_end_of_long(bytes, at);
        }
        let word = u64::from_le_bytes(*chunk);
        let special = quote_or_control(word) | backslash(word);
        if special != 0 {
            return at + (special.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)) {
        at += 1;
    }
    at
}

/// Bytes after which a string is scanned in larger pieces.
const LONG: usize = 64;

/// The same for narratives and attachments, whose ends are far away.
fn plain_end_of_long(bytes: &[u8], at: usize) -> usize {
    // Scanning a whole piece is faster than stopping at the first hit.
    const PIECE: usize = 256;
    let rest = bytes.get(at..).unwrap_or_default();
    let plain = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
    for (number, piece) in rest[..plain].chunks(PIECE).enumerate() {
        if piece.iter().fold(u8::MAX, |least, byte| least.min(*byte)) < 0x20 {
            let control = piece.iter().position(|byte| *byte < 0x20).unwrap_or_default();
            return at + number * PIECE + control;
        }
    }
    at + plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_ends_at_the_first_special_byte_wherever_it_stands() {
        for special in [b'"', b'\\', 0, 0x1f] {
            for position in (0..40).chain([63, 64, 65, 71, 72, 319, 320, 321, 700]) {
                let mut bytes = [b'\x7f', b' ', 0xff, 0x80].repeat(200);
                bytes[position] = special;
                bytes.push(b'"');
                assert_eq!(plain_end(&bytes, 0), position);
            }
        }
    }
}
