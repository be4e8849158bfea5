//! The default seed.

use super::file::Seed;

const ENGLAND: &[u8] = include_bytes!("../../seed/england.json");

/// A small England of two practices and two providers, with everything that each kind of pathway needs. All of it is
/// invented; NHS numbers are from the test range.
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
