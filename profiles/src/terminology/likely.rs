//! Codes prepared for comparison with wrong ones. This is done once, as a payload may hold any number of
//! wrong codes.

use super::code_system::display;

/// A code that may have been meant, in the forms that are compared.
#[derive(Debug)]
pub(crate) struct Likely {
    /// In lower case.
    pub(super) code: Box<[char]>,
    /// As a display: in lower case, with one space between words.
    pub(super) code_as_display: Box<str>,
    pub(super) display: Option<Box<str>>,
}

impl Likely {
    pub(super) fn new(code: &str, display: Option<&str>) -> Self {
        let as_display = |text| display::folded(text).collect::<String>().into();
        Self {
            code: folded(code).into(),
            code_as_display: as_display(code),
            display: display.map(as_display),
        }
    }
}

/// The letters in lower case.
pub(super) fn folded(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}
