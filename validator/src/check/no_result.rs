//! Why an expression could not be evaluated, without values of the payload.

use ers_fhir_fhirpath::EvalError;

/// Why an expression has no result, without anything that it computed from the payload.
#[cold]
pub(crate) fn no_result(error: &EvalError) -> String {
    match error {
        EvalError::Regex(_) => "a regular expression that it builds from the payload is invalid".to_owned(),
        error => error.to_string(),
    }
}
