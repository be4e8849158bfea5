//! The England that is there where no seed is given.

use super::file::Seed;

const ENGLAND: &[u8] = include_bytes!("../../seed/england.json");

/// A small England of two practices and two providers, with what a pathway of each kind needs. All of it is invented; NHS
/// numbers are of the range for tests.
///
/// # Panics
///
/// Never: a test reads it.
pub fn england() -> Seed {
    Seed::read(ENGLAND).expect("a test reads it")
}

#[cfg(test)]
mod tests {
    use super::england;

    #[test]
    fn it_can_be_read() {
        assert!(!england().services.is_empty());
    }
}
