//! Sets of short codes, with lookup in one step.

/// A set of codes of a fixed number of letters, in either case: one bit for each possible code.
pub(super) struct CodeSet<const LETTERS: usize, const WORDS: usize>([u64; WORDS]);

/// Codes of two letters.
pub(super) type Pairs = CodeSet<2, { 26_usize.pow(2).div_ceil(64) }>;

/// Codes of three letters.
pub(super) type Triples = CodeSet<3, { 26_usize.pow(3).div_ceil(64) }>;

impl<const LETTERS: usize, const WORDS: usize> CodeSet<LETTERS, WORDS> {
    /// The codes in a text, separated by white space.
    pub(super) const fn of_words(text: &str) -> Self {
        let mut set = Self([0; WORDS]);
        let (bytes, mut at, mut code) = (text.as_bytes(), 0, 0);
        let mut letters = 0;
        while at < bytes.len() {
            if bytes[at].is_ascii_alphabetic() {
                code = code * 26 + number(bytes[at]);
                letters += 1;
            }
            if letters == LETTERS {
                set.insert(code);
                (code, letters) = (0, 0);
            }
            at += 1;
        }
        set
    }

    /// The codes in a text of lines. Each line holds codes that begin alike: all letters but the last, a space, then
    /// the last letter of each.
    pub(super) const fn of_rows(text: &str) -> Self {
        let mut set = Self([0; WORDS]);
        let (bytes, mut at, mut start) = (text.as_bytes(), 0, 0);
        let mut is_in_start = true;
        while at < bytes.len() {
            match bytes[at] {
                b'\n' => (start, is_in_start) = (0, true),
                b' ' => is_in_start = false,
                letter if is_in_start => start = start * 26 + number(letter),
                letter => set.insert(start * 26 + number(letter)),
            }
            at += 1;
        }
        set
    }

    const fn insert(&mut self, code: usize) {
        self.0[code / 64] |= 1 << (code % 64);
    }

    /// Whether the set has this code.
    pub(super) fn contains(&self, code: &str) -> bool {
        if code.len() != LETTERS || !code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return false;
        }
        let code = code.bytes().fold(0, |code, byte| code * 26 + number(byte));
        self.0[code / 64] & (1 << (code % 64)) != 0
    }
}

/// The place of a letter in the alphabet.
const fn number(letter: u8) -> usize {
    (letter.to_ascii_lowercase() - b'a') as usize
}

#[cfg(test)]
mod tests {
    use super::{Pairs, Triples};

    #[test]
    fn a_set_has_what_it_was_made_of() {
        const WORDS: Pairs = Pairs::of_words("aa GB\n zz");
        const ROWS: Triples = Triples::of_rows("aa az\nzz z\n");
        for code in ["aa", "AA", "gb", "zz"] {
            assert!(WORDS.contains(code), "{code}");
        }
        for code in ["", "a", "aaa", "ab", "g1", "éa", "é"] {
            assert!(!WORDS.contains(code), "{code}");
        }
        for code in ["aaa", "AAZ", "zzz"] {
            assert!(ROWS.contains(code), "{code}");
        }
        for code in ["aab", "aa", "zza"] {
            assert!(!ROWS.contains(code), "{code}");
        }
    }
}
