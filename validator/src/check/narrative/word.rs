//! Short words as numbers, so that the tags of a narrative are distinguished without comparing texts.

/// A lookup table of words, each with its position in the original list; at most half of the slots are taken.
pub(super) struct Words<const SLOTS: usize> {
    /// Packed words, each at the first free slot from its hash; 0 for an empty slot.
    keys: [u128; SLOTS],
    positions: [u8; SLOTS],
}

impl<const SLOTS: usize> Words<SLOTS> {
    /// Makes the table, for constants.
    pub(super) const fn new(words: &[&str]) -> Self {
        assert!(SLOTS.is_power_of_two() && words.len() * 2 <= SLOTS, "the table is half full at most");
        let mut table = Self { keys: [0; SLOTS], positions: [0; SLOTS] };
        let mut position = 0;
        while position < words.len() {
            let key = packed(words[position].as_bytes());
            assert!(key != 0, "a word has one to sixteen bytes");
            let mut slot = Self::slot_of(key);
            while table.keys[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            table.keys[slot] = key;
            table.positions[slot] = position as u8;
            position += 1;
        }
        table
    }

    /// The position of a word in the list.
    pub(super) const fn position(&self, word: &str) -> Option<u8> {
        let key = packed(word.as_bytes());
        let mut slot = Self::slot_of(key);
        while self.keys[slot] != key {
            if self.keys[slot] == 0 {
                return None;
            }
            slot = (slot + 1) % SLOTS;
        }
        if key == 0 { None } else { Some(self.positions[slot]) }
    }

    const fn slot_of(key: u128) -> usize {
        let folded = key as u64 ^ ((key >> 64) as u64).rotate_left(23);
        (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - SLOTS.trailing_zeros())) as usize
    }
}

/// A word of one to sixteen bytes as one number, different for each; 0 for any other text.
pub(super) const fn packed(word: &[u8]) -> u128 {
    let len = word.len();
    if len > 16 {
        return 0;
    }
    // The two ends overlap in the same bytes.
    if let (Some(head), Some(tail)) = (word.first_chunk(), word.last_chunk()) {
        return u64::from_le_bytes(*head) as u128 | (u64::from_le_bytes(*tail) as u128) << (8 * (len - 8));
    }
    if let (Some(head), Some(tail)) = (word.first_chunk(), word.last_chunk()) {
        return u32::from_le_bytes(*head) as u128 | (u32::from_le_bytes(*tail) as u128) << (8 * (len - 4));
    }
    match word {
        [one] => *one as u128,
        [one, two] => *one as u128 | (*two as u128) << 8,
        [one, two, three] => *one as u128 | (*two as u128) << 8 | (*three as u128) << 16,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{Words, packed};

    #[test]
    fn a_word_is_its_bytes() {
        let word = b"abcdefghijklmnop";
        for len in 1..=word.len() {
            let mut bytes = [0; 16];
            bytes[..len].copy_from_slice(&word[..len]);
            assert_eq!(packed(&word[..len]), u128::from_le_bytes(bytes));
        }
        assert_eq!([packed(b""), packed(b"abcdefghijklmnopq")], [0, 0]);
    }

    #[test]
    fn words_are_found_where_they_stand() {
        const LIST: [&str; 4] = ["a", "blockquote", "br", "cellspacing"];
        let words = Words::<8>::new(&LIST);
        assert_eq!(LIST.map(|word| words.position(word)), [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!(["", "A", "b", "abcdefghijklmnopq"].map(|word| words.position(word)), [None; 4]);
    }
}
