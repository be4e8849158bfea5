//! The table of names, made when the crate is compiled: open addressing, half full.

/// One name per line, in order; written as `value[x]` where it is also the name of a choice.
const LIST: &[u8] = include_bytes!("names.txt");

/// How many names there are.
pub(super) const COUNT: usize = {
    let mut count = 0;
    let mut at = 0;
    while at < LIST.len() {
        if LIST[at] == b'\n' {
            count += 1;
        }
        at += 1;
    }
    count
};

/// The names by number; 0 is none.
pub(super) static NAMES: [&str; COUNT + 1] = {
    let mut names = [""; COUNT + 1];
    let mut rest = LIST;
    let mut number = 1;
    while number <= COUNT {
        let mut end = 0;
        while rest[end] != b'\n' {
            end += 1;
        }
        let (line, behind) = rest.split_at(end);
        let name = if is_stem(line) { line.split_at(end - 3).0 } else { line };
        names[number] = match std::str::from_utf8(name) {
            Ok(name) => name,
            Err(_) => panic!("names are ASCII"),
        };
        rest = behind.split_at(1).1;
        number += 1;
    }
    names
};

/// Which names are also names of choices.
pub(super) static IS_STEM: [bool; COUNT + 1] = {
    let mut stems = [false; COUNT + 1];
    let mut number = 1;
    let mut at = 0;
    while at < LIST.len() {
        match LIST[at] {
            b'[' => stems[number] = true,
            b'\n' => number += 1,
            _ => {}
        }
        at += 1;
    }
    stems
};

const fn is_stem(line: &[u8]) -> bool {
    matches!(line, [.., b'[', b'x', b']'])
}

/// Slots of the table: at least two for each name.
const SLOTS: usize = (COUNT * 2).next_power_of_two();

/// Numbers of names, each in the first free slot from the position of its hash; 0 in empty slots.
static TABLE: [u16; SLOTS] = {
    let mut table = [0; SLOTS];
    let mut number = 1;
    while number <= COUNT {
        let mut slot = slot_of(NAMES[number].as_bytes());
        while table[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = number as u16;
        number += 1;
    }
    table
};

/// The number of a name; 0 where FHIR does not have it.
pub(super) const fn find(text: &[u8]) -> u16 {
    let mut slot = slot_of(text);
    loop {
        let number = TABLE[slot];
        if number == 0 || is_same(NAMES[number as usize].as_bytes(), text) {
            return number;
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// Where a name is looked for first: its first and last eight bytes and its length, mixed.
const fn slot_of(text: &[u8]) -> usize {
    let (head, tail) = ends(text);
    let mixed = (head ^ tail.rotate_left(29) ^ text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (64 - SLOTS.trailing_zeros())) as usize
}

/// The first and last bytes, up to eight of each; they overlap in a short text.
const fn ends(text: &[u8]) -> (u64, u64) {
    if let (Some(head), Some(tail)) = (text.first_chunk(), text.last_chunk()) {
        return (u64::from_le_bytes(*head), u64::from_le_bytes(*tail));
    }
    if let (Some(head), Some(tail)) = (text.first_chunk(), text.last_chunk()) {
        return (u32::from_le_bytes(*head) as u64, u32::from_le_bytes(*tail) as u64);
    }
    match text {
        [] => (0, 0),
        [first, ..] => (*first as u64, (text[text.len() / 2] as u64) << 8 | text[text.len() - 1] as u64),
    }
}

/// Whether two texts are equal, eight bytes at a time.
pub(super) const fn is_same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let (left_head, left_tail) = ends(left);
    let (right_head, right_tail) = ends(right);
    if left_head != right_head || left_tail != right_tail {
        return false;
    }
    // The ends cover up to sixteen bytes; compare what lies between them.
    let mut at = 8;
    while at + 8 < left.len() {
        if left[at] != right[at] {
            return false;
        }
        at += 1;
    }
    true
}
