//! Codes of a required value set.

use super::error::{Fault, ReadError};
use super::reader::Reader;

/// A generated enum of codes.
pub trait Code: Sized {
    /// Canonical URL of the value set.
    const VALUE_SET: &'static str;

    /// The codes of the value set.
    const CODES: &'static [&'static str];

    /// The code as an enum; codes outside the value set become `Unknown`.
    fn from_code(code: &str) -> Self;

    /// The code as text.
    fn as_code(&self) -> &str;

    /// Whether the code is outside the value set.
    fn is_unknown(&self) -> bool;
}

/// The place of a code among those of a value set.
pub fn place_of(code: &str, codes: &[&str]) -> Option<usize> {
    codes.iter().position(|known| *known == code)
}

/// Refuses a code outside its value set where the caller wants that.
pub fn check_code(
    is_unknown: bool,
    code: &str,
    value_set: &'static str,
    reader: &mut Reader<'_>,
) -> Result<(), ReadError> {
    if !is_unknown || reader.options().keeps_unknown_codes || reader.keeps_misfits() {
        return Ok(());
    }
    reader.note(Fault::UnknownCode { code: code.into(), value_set });
    Ok(())
}
