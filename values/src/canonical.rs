//! Canonical URLs with versions, and how versions compare.

use std::cmp::Ordering;

/// Splits `url|version`.
pub fn split(canonical: &str) -> (&str, Option<&str>) {
    match canonical.split_once('|') {
        Some((url, version)) if !version.is_empty() => (url, Some(version)),
        Some((url, _)) => (url, None),
        None => (canonical, None),
    }
}

/// The URL of `url|version`.
///
/// ```
/// use ers_fhir_values::canonical;
///
/// assert_eq!(canonical::url("http://example.org/a|1"), "http://example.org/a");
/// ```
pub fn url(canonical: &str) -> &str {
    split(canonical).0
}

/// The element of another release that an extension stands for: `Patient.name` of
/// `http://hl7.org/fhir/5.0/StructureDefinition/extension-Patient.name`.
///
/// Source: <http://hl7.org/fhir/R4/versions.html#extensions>.
pub fn element_of_another_release(url: &str) -> Option<&str> {
    let (release, name) = url.strip_prefix("http://hl7.org/fhir/")?.split_once('/')?;
    let (major, minor) = release.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let element = name.strip_prefix("StructureDefinition/extension-")?;
    (is_number(major) && is_number(minor) && !element.is_empty()).then_some(element)
}

/// Whether `wanted` leaves out the last parts of `version`: `1.2` of `1.2.3`.
pub fn is_partial(wanted: &str, version: &str) -> bool {
    version.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether two full version numbers differ at most in the last part: `4.0.0` and `4.0.1`.
pub fn same_release(a: &str, b: &str) -> bool {
    let release = |version: &str| {
        let mut parts = version.splitn(3, '.');
        Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
    };
    release(a).is_some_and(|a| release(b) == Some(a))
}

/// Orders versions: by number where both parts are numbers, a pre-release (`-beta`) before its
/// release, and anything else as text. No version comes first.
pub fn compare(a: Option<&str>, b: Option<&str>) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return a.is_some().cmp(&b.is_some()) };
    let (a_number, a_label) = a.split_once('-').unwrap_or((a, ""));
    let (b_number, b_label) = b.split_once('-').unwrap_or((b, ""));
    let numbers = compare_parts(a_number, b_number);
    let labels = a_label.is_empty().cmp(&b_label.is_empty());
    numbers.then(labels).then_with(|| compare_parts(a_label, b_label)).then_with(|| a.cmp(b))
}

fn compare_parts(a: &str, b: &str) -> Ordering {
    let mut b_parts = b.split('.');
    for part in a.split('.') {
        let Some(other) = b_parts.next() else { return Ordering::Greater };
        let order = match (part.parse::<u64>(), other.parse::<u64>()) {
            (Ok(x), Ok(y)) => x.cmp(&y),
            _ => part.cmp(other),
        };
        if order.is_ne() {
            return order;
        }
    }
    if b_parts.next().is_some() { Ordering::Less } else { Ordering::Equal }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_number() {
        let ordered =
            [None, Some("1.0.0-beta"), Some("1.0.0"), Some("1.2"), Some("1.2.1"), Some("1.10"), Some("2018")];
        for pair in ordered.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        assert_eq!(compare(Some("1.2"), Some("1.2")), Ordering::Equal);
    }

    #[test]
    fn versions_answer_to_their_beginnings() {
        assert!(is_partial("1.2", "1.2.3"));
        assert!(!is_partial("1.2", "1.20"));
        assert!(!is_partial("1.2.3", "1.2"));
        assert!(same_release("4.0.0", "4.0.1"));
        assert!(!same_release("4.0.0", "4.1.0"));
        assert!(!same_release("4", "4"));
    }

    #[test]
    fn elements_of_other_releases_are_told_by_their_urls() {
        let element = element_of_another_release;
        let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Patient.name";
        assert_eq!(element(url), Some("Patient.name"));
        for other in [
            "http://hl7.org/fhir/StructureDefinition/extension-Patient.name",
            "http://hl7.org/fhir/us/StructureDefinition/extension-Patient.name",
            "http://hl7.org/fhir/5.0/StructureDefinition/Patient",
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-",
            "http://example.org/fhir/5.0/StructureDefinition/extension-Patient.name",
        ] {
            assert_eq!(element(other), None, "{other}");
        }
    }

    #[test]
    fn a_canonical_may_carry_a_version() {
        assert_eq!(split("http://example.org/a|1"), ("http://example.org/a", Some("1")));
        assert_eq!(split("http://example.org/a|"), ("http://example.org/a", None));
        assert_eq!(split("http://example.org/a"), ("http://example.org/a", None));
    }
}
