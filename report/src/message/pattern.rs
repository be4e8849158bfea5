//! Messages from a pattern, which is checked at compile time.

/// Whether a pattern has this many `{}` and no other braces; evaluated at compile time.
#[doc(hidden)]
pub const fn is_pattern(pattern: &str, parts: usize) -> bool {
    let bytes = pattern.as_bytes();
    let mut holes = 0;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' if at + 1 < bytes.len() && bytes[at + 1] == b'}' => {
                holes += 1;
                at += 1;
            }
            b'{' | b'}' => return false,
            _ => {}
        }
        at += 1;
    }
    holes == parts
}

/// A [`Message`](crate::Message) of our own words with a [`Part`](crate::Part) for each `{}`.
///
/// ```
/// use ers_fhir_report::{def, key, text};
///
/// let message = text!("'{}' is not an element of {}", key("nickname"), def("Patient"));
/// assert_eq!(message.revealed(), "'nickname' is not an element of Patient");
/// assert_eq!(message.masked(), "'***' is not an element of Patient");
/// ```
///
/// Text that is not marked as coming from a definition or from the payload does not compile:
///
/// ```compile_fail
/// # let family = String::from("Ann");
/// ers_fhir_report::text!("the name {} is too long", family);
/// ```
///
/// ```compile_fail
/// # let family = String::from("Ann");
/// ers_fhir_report::text!("the name {family} is too long");
/// ```
#[macro_export]
macro_rules! text {
    ($pattern:literal $(, $part:expr)* $(,)?) => {{
        const { assert!($crate::is_pattern($pattern, 0 $(+ { let _ = stringify!($part); 1 })*), "a part for each {{}}, and no name in it") };
        $crate::Message::filled($pattern, &[$(&$part),*])
    }};
}

#[cfg(test)]
mod tests {
    use super::is_pattern;
    use crate::{Message, def, value};

    #[test]
    fn parts_of_the_payload_are_hidden_wherever_they_stand() {
        let inner = Message::text("it is ").value("Ann");
        let message = text!("{} of {} in {}: {}", 2, value("May"), def("Patient.name"), inner);
        assert_eq!(message.revealed(), "2 of 'May' in Patient.name: it is 'Ann'");
        assert_eq!(message.masked(), "2 of '***' in Patient.name: it is '***'");
    }

    #[test]
    fn a_pattern_has_a_hole_for_each_part() {
        assert!(is_pattern("a {} b {}", 2) && is_pattern("", 0));
        assert!(!is_pattern("a {}", 0) && !is_pattern("a {b}", 1) && !is_pattern("a }", 0));
    }
}
