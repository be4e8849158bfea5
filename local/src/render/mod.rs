//! Records as the service writes them.

mod advice;
mod appointment;
mod bundle;
mod directory;
mod document;
mod json;
mod list;
mod pdf;
mod pen;
mod piece;
mod referral;
mod row;

pub(crate) use advice::Around;
pub(crate) use bundle::{Bundle, Mode};
pub(crate) use directory::{
    advice_request, healthcare_service, practitioner, practitioner_role, referral_request,
};
pub(crate) use json::text;
pub(crate) use list::reference_list;
pub(crate) use pdf::Pdf;
pub(crate) use pen::Pen;
pub(crate) use piece::{NHS_NUMBER, SERVICE, USER, identifier};
pub(crate) use row::{criterion, list, named_clinician, person};

use serde_json::{Value, json};

/// Several records as the parts of one answer.
pub(crate) fn parameters(profile: &str, parts: Vec<(&str, Value)>) -> Value {
    let parts: Vec<Value> =
        parts.into_iter().map(|(name, resource)| json!({ "name": name, "resource": resource })).collect();
    json!({
        "resourceType": "Parameters",
        "meta": piece::profiled(profile),
        "parameter": parts,
    })
}
