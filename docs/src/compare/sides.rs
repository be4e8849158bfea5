//! The two sides of a comparison.

use std::sync::Arc;

use ers_fhir_profiles::Definitions;

use crate::page::{Difference, Weight};

/// The definitions of both editions.
pub(super) struct Sides<'a> {
    pub(super) old: &'a Arc<Definitions>,
    pub(super) new: &'a Arc<Definitions>,
}

pub(super) fn difference(weight: Weight, place: &str, says: impl Into<String>) -> Difference {
    Difference { weight, place: place.to_owned(), says: says.into(), link: None }
}
