//! Codes of a required value set.

use super::error::{Fault, ReadError};
use super::reader::Reader;

/// A generated enum of codes.
pub trait Code: Sized {
    /// Canonical URL of the value set.
    const VALUE_SET: &'static str;

    /// The codes of the value set.
    const CODES: &'static [&'static str];

    /// The code as an enum; codes outside the value set become `Unlisted`.
    fn from_code(code: &str) -> Self;

    /// The code as text.
    fn as_code(&self) -> &str;

    /// Whether the code is outside the value set.
    fn is_unknown(&self) -> bool;
}

/// The position of a code among those of a value set.
pub fn place_of(code: &str, codes: &[&str]) -> Option<usize> {
    codes.iter().position(|known| *known == code)
}

/// Reads a code, which `take` keeps; refuses one outside its value set if the options say so.
pub fn read_code(
    reader: &mut Reader<'_>,
    value_set: &'static str,
    take: &mut dyn FnMut(&str) -> bool,
) -> Result<(), ReadError> {
    let code = reader.string()?;
    let is_unknown = take(&code);
    if !is_unknown || reader.options().keeps_unknown_codes || reader.keeps_misfits() {
        return Ok(());
    }
    reader.note(Fault::UnknownCode { code: (&*code).into(), value_set });
    Ok(())
}
