//! A journal: every change in order, as lines with checksums.
//!
//! A line is a checksum, a space, and JSON: the changes of one call, all or none. The last line may be truncated if
//! the process is killed, but never an acknowledged change, since changes are written before they are acknowledged.

use thiserror::Error;

use crate::state::{Change, State};

/// How a journal begins.
pub const HEADER: &[u8] = b"ers-fhir-local journal 1\n";

/// Why a journal cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum JournalError {
    /// It is not a journal.
    #[error("this is not a journal of a local service, or one of another version")]
    NotOne,
    /// It is damaged before its end.
    #[error("the journal is damaged at byte {0}, but has intact lines after that; it was not changed")]
    Damaged(usize),
}

/// A checksum (FNV-1a), which detects truncated or overwritten lines.
fn checksum(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The line of the changes of a call.
pub fn line(changes: &[Change]) -> Vec<u8> {
    // Records are plain data, which can always be written as JSON.
    let json = serde_json::to_vec(changes).unwrap_or_default();
    let mut line = format!("{:016x} ", checksum(&json)).into_bytes();
    line.extend_from_slice(&json);
    line.push(b'\n');
    line
}

/// The lines of a whole state, for a journal to begin with.
pub fn snapshot(state: &State) -> impl Iterator<Item = Vec<u8>> {
    state.records().map(|record| line(&[record]))
}

/// The changes in a line, if it is intact.
fn changes_of(line: &[u8]) -> Option<Vec<Change>> {
    let (sum, json) = (line.get(..16)?, line.get(17..)?);
    let sum = u64::from_str_radix(std::str::from_utf8(sum).ok()?, 16).ok()?;
    (line[16] == b' ' && checksum(json) == sum).then_some(())?;
    serde_json::from_slice(json).ok()
}

/// Replays a journal into an empty state, and returns how many bytes of it are intact.
///
/// # Errors
///
/// If it is not a journal, or damaged before its end.
pub fn read(journal: &[u8], state: &mut State) -> Result<usize, JournalError> {
    if !journal.starts_with(HEADER) {
        // A journal that was truncated at its beginning is empty.
        return if HEADER.starts_with(journal) { Ok(0) } else { Err(JournalError::NotOne) };
    }
    let mut whole = HEADER.len();
    while let Some(length) = journal[whole..].iter().position(|byte| *byte == b'\n') {
        let Some(changes) = changes_of(&journal[whole..whole + length]) else {
            let behind = journal[whole + length + 1..].split(|byte| *byte == b'\n');
            let is_inside = behind.into_iter().any(|line| changes_of(line).is_some());
            return if is_inside { Err(JournalError::Damaged(whole)) } else { Ok(whole) };
        };
        for change in changes {
            state.put(change);
        }
        whole += length + 1;
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::{HEADER, JournalError, line, read};
    use crate::state::State;

    fn journal() -> (Vec<u8>, Vec<(usize, State)>) {
        let (mut bytes, mut state) = (HEADER.to_vec(), State::default());
        let mut steps = vec![(bytes.len(), state.clone())];
        for _ in 0..5 {
            state.new_ubrn();
            state.new_uuid();
            bytes.extend(line(&state.commit()));
            steps.push((bytes.len(), state.clone()));
        }
        (bytes, steps)
    }

    #[test]
    fn a_journal_that_was_cut_anywhere_opens_at_the_last_whole_line() {
        let (bytes, steps) = journal();
        for cut in 0..=bytes.len() {
            let mut state = State::default();
            let whole = read(&bytes[..cut], &mut state).expect("a journal that was cut opens");
            let expected = steps.iter().rev().find(|(end, _)| *end <= cut);
            let (end, expected) =
                expected.map_or((0, State::default()), |(end, state)| (*end, state.clone()));
            assert_eq!((whole, state), (end, expected), "cut at {cut}");
        }
    }

    #[test]
    fn damage_before_the_end_is_not_passed_over() {
        let (mut bytes, steps) = journal();
        let at = steps[2].0 + 30;
        bytes[at] ^= 1;
        assert_eq!(read(&bytes, &mut State::default()), Err(JournalError::Damaged(steps[2].0)));
        assert_eq!(read(b"something else\n", &mut State::default()), Err(JournalError::NotOne));
    }
}
