//! Discriminator paths: the small part of FHIRPath that the specification allows them.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#discriminator>.

use super::test::Step;

/// Longest discriminator path that is followed.
pub(super) const MAX_STEPS: usize = 12;

/// Reads a discriminator path; `None` where it uses more than the specification allows.
pub(super) fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for part in split(path) {
        let step = match part.split_once('(') {
            None if part == "$this" => continue,
            None => Step::Child(part.trim_end_matches("[x]").into()),
            Some(("extension", argument)) => Step::Extension(quoted(argument)?),
            Some(("resolve", _)) => Step::Resolve,
            Some(("ofType" | "as", argument)) => {
                Step::OfType(argument.strip_suffix(')')?.trim().trim_start_matches("FHIR.").into())
            }
            Some(_) => return None,
        };
        steps.push(step);
    }
    (steps.len() < MAX_STEPS).then_some(steps)
}

fn quoted(argument: &str) -> Option<Box<str>> {
    Some(argument.strip_suffix(')')?.trim().trim_matches(['\'', '"']).into())
}

/// Splits a path at the dots outside parentheses and quotes.
fn split(path: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, c) in path.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => {
                parts.push(&path[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&path[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}
