//! Discriminator paths: the small part of FHIRPath that the specification allows them.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#discriminator>.

/// The longest discriminator path that is followed.
pub(super) const MAX_STEPS: usize = 12;

/// One step of a discriminator path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Children of that name, without `[x]`.
    Child(Box<str>),
    /// Extensions with that URL.
    Extension(Box<str>),
    /// The target of a reference.
    Resolve,
    /// Only elements of that type.
    OfType(Box<str>),
}

/// Reads a discriminator path; `None` where it uses more than the specification allows.
pub(super) fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for part in split(path) {
        let step = match part.split_once('(') {
            None if part == "$this" => continue,
            None => Step::Child(part.trim_end_matches("[x]").into()),
            Some(("extension", argument)) => Step::Extension(quoted(argument)?),
            Some(("resolve", ")")) => Step::Resolve,
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

/// Splits a path at the dots outside parentheses.
fn split(path: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let is_end = move |letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == '.' && depth == 0
    };
    path.split(is_end).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Step, steps};

    #[test]
    fn paths_are_read_as_far_as_the_specification_allows() {
        let child = |name: &str| Step::Child(name.into());
        for (path, expected) in [
            ("$this", Some(vec![])),
            ("code.coding", Some(vec![child("code"), child("coding")])),
            ("value[x]", Some(vec![child("value")])),
            ("$this.resolve()", Some(vec![Step::Resolve])),
            (
                "extension('http://example.org/a.b').value",
                Some(vec![Step::Extension("http://example.org/a.b".into()), child("value")]),
            ),
            (
                "value.ofType(FHIR.Coding).code",
                Some(vec![child("value"), Step::OfType("Coding".into()), child("code")]),
            ),
            ("resolve(1)", None),
            ("code.where(true)", None),
            ("extension('a'", None),
            ("a.a.a.a.a.a.a.a.a.a.a.a.a", None),
        ] {
            assert_eq!(steps(path), expected, "{path}");
        }
    }
}
