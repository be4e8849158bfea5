//! The location of a finding, without keys that may hold data.

use super::{HIDDEN, is_structure};

/// A FHIRPath location in which all names that FHIR does not define are hidden.
///
/// ```
/// let location = "Patient.name[1].`Ann 9`.value.ofType(Quantity)";
/// let shown = "Patient.name[1].`***`.value.ofType(Quantity)";
/// assert_eq!(ers_fhir_report::mask::location(location), shown);
/// ```
pub fn location(path: &str) -> String {
    let mut shown = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '`' => quoted(rest),
            '[' => rest.find(']').map_or(rest.len(), |at| at + 1),
            _ if is_of_name(first) => rest.find(|letter| !is_of_name(letter)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (step, behind) = rest.split_at(length);
        let name = step.trim_matches('`');
        let type_name = behind.strip_prefix('(').filter(|_| name == "ofType").and_then(|of| of.find(')'));
        if let Some(end) = type_name {
            // The type comes from a definition.
            shown.push_str(&rest[..length + end + 2]);
            rest = &rest[length + end + 2..];
            continue;
        }
        if !is_of_name(first) && first != '`' || is_structure(name) {
            shown.push_str(step);
        } else {
            shown.push('`');
            shown.push_str(HIDDEN);
            shown.push('`');
        }
        rest = behind;
    }
    shown
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}

/// The length of a name in backquotes.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '`' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::location;

    #[test]
    fn only_names_of_fhir_are_shown() {
        for (path, shown) in [
            ("Bundle.entry[12].resource.birthDate", "Bundle.entry[12].resource.birthDate"),
            ("Patient.Ann", "Patient.`***`"),
            ("Patient.`a\\`b.c`.id", "Patient.`***`.id"),
            ("Patient.`Ann", "Patient.`***`"),
            ("Patient.deceased.ofType(boolean)", "Patient.deceased.ofType(boolean)"),
            ("Ann.ofType(", "`***`.`***`("),
            ("", ""),
        ] {
            assert_eq!(location(path), shown);
        }
    }
}
