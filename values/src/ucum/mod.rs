//! UCUM, the units of measure of FHIR: one table of units, one grammar, conversion.
//!
//! Source: <https://ucum.org/ucum>.

mod atoms;
mod convert;
mod grammar;
mod size;

pub use convert::{add, compare, convert, differ_in_kind, divide, equivalent, equivalent_numbers, multiply};

/// Canonical URL of UCUM as a code system.
pub const SYSTEM: &str = "http://unitsofmeasure.org";

/// Whether the text is a unit; `None` where it keeps to the grammar and one of its parts is not known
/// here.
///
/// ```
/// use ers_fhir_values::ucum::accepts;
///
/// assert_eq!(accepts("mmol/L"), Some(true));
/// assert_eq!(accepts("mm Hg"), Some(false));
/// assert_eq!(accepts("[no_such]"), None);
/// ```
pub fn accepts(text: &str) -> Option<bool> {
    match grammar::parse(text) {
        Some(unit) => unit.all_known.then_some(true),
        None => Some(false),
    }
}
