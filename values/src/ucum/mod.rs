//! UCUM, the units of measure of FHIR: one table of units, one grammar, conversion.
//!
//! Source: <https://ucum.org/ucum>.

mod atoms;
mod convert;
mod grammar;
mod size;

pub use convert::{add, are_of_one_kind, compare, convert, divide, equivalent, equivalent_numbers, multiply};

/// Canonical URL of UCUM as a code system.
pub const SYSTEM: &str = "http://unitsofmeasure.org";

/// Whether the text is a unit: it keeps to the grammar, and all its parts are in the tables of UCUM.
///
/// ```
/// use ers_fhir_values::ucum::accepts;
///
/// assert!(accepts("mmol/L"));
/// assert!(!accepts("mm Hg"));
/// assert!(!accepts("[no_such]"));
/// ```
pub fn accepts(text: &str) -> bool {
    grammar::parse(text).is_some_and(|unit| unit.all_known)
}
