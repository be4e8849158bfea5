//! The lexical forms again, as JSON Schema states them: a kind, a range, a regular expression.
//!
//! The expressions keep to what ECMA-262 and engines without backtracking share: no look-around, no
//! back-references. Readers of payloads use the hand-written scanners instead; both are in one folder and are tested
//! against one table ([`super::table`]).
//!
//! Source: <http://hl7.org/fhir/R4/datatypes.html#primitive>.

use crate::{FhirVersion, Primitive};

/// Longest string, in characters.
pub const LONGEST: u32 = 1 << 20;

/// The form of a value of a primitive type in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// `true` or `false`.
    Boolean,
    /// A whole number, between these two, inclusive.
    Integer(i32, i32),
    /// A number. The release that forbids an exponent cannot express that: JSON Schema sees only the value.
    Decimal,
    /// A string that the expression matches as a whole, with at most this many characters.
    Text(String, Option<u32>),
}

/// No white space and no control characters.
const SOLID: &str = r"[^\u0000-\u0020]";

const OID: &str = r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+";
const UUID: &str = "urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/// Years from 0001 to 9999.
const YEAR: &str = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)";
/// The leap years among them.
const LEAP_YEAR: &str = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)";
const MONTH: &str = "(?:0[1-9]|1[0-2])";
/// Month and day of any year.
const MONTH_DAY: &str = "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)\
                         |02-(?:0[1-9]|1[0-9]|2[0-8]))";
const HOUR_MINUTE: &str = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
const FRACTION: &str = r"(?:\.[0-9]+)?";
const ZONE: &str = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))";

/// The form of a value of a type in a release.
pub fn form(primitive: Primitive, version: FhirVersion) -> Form {
    let is_stu3 = version == FhirVersion::Stu3;
    // STU3 allows years before the common era, except in an instant.
    let era = if is_stu3 { "-?" } else { "" };
    let day = || format!("(?:{YEAR}-{MONTH_DAY}|{LEAP_YEAR}-02-29)");
    let moment = format!("{HOUR_MINUTE}:(?:[0-5][0-9]|60){FRACTION}");
    let text = |pattern: String| Form::Text(pattern, None);
    match primitive {
        Primitive::Boolean => Form::Boolean,
        Primitive::Integer => Form::Integer(i32::MIN, i32::MAX),
        Primitive::UnsignedInt => Form::Integer(0, i32::MAX),
        Primitive::PositiveInt => Form::Integer(1, i32::MAX),
        Primitive::Decimal => Form::Decimal,
        Primitive::String | Primitive::Markdown => {
            // STU3 only advises against control characters.
            let printable = if is_stu3 { r"[\s\S]+" } else { r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f]+" };
            Form::Text(printable.to_owned(), Some(LONGEST))
        }
        Primitive::Code => text(format!("{SOLID}+(?: {SOLID}+)*")),
        Primitive::Id => text("[A-Za-z0-9.-]{1,64}".to_owned()),
        Primitive::Uri | Primitive::Url | Primitive::Canonical => text(uri()),
        Primitive::Oid => text(OID.to_owned()),
        Primitive::Uuid => text(UUID.to_owned()),
        Primitive::Base64Binary => text(base64()),
        Primitive::Date => text(format!("{era}(?:{YEAR}(?:-{MONTH})?|{})", day())),
        Primitive::DateTime => text(format!("{era}(?:{YEAR}(?:-{MONTH})?|{}(?:T{moment}{ZONE})?)", day())),
        Primitive::Instant => text(format!("{}T{moment}{ZONE}", day())),
        // Leap seconds came to `time` with R4.
        Primitive::Time if is_stu3 => text(format!("{HOUR_MINUTE}:[0-5][0-9]{FRACTION}")),
        Primitive::Time => text(moment),
        Primitive::Xhtml => text(r"[ \t\r\n]*<[\s\S]*".to_owned()),
    }
}

/// No white space; an OID or a UUID only as a well-formed URN.
fn uri() -> String {
    // Without look-ahead: any text that departs from `urn:oid:`, `urn:uuid:`, `oid:` and `uuid:` at some character.
    let others = ["urn:oid:", "urn:uuid:", "oid:", "uuid:"];
    let rest = format!("{SOLID}*");
    format!("{OID}(?:[|#]{rest})?|{UUID}(?:[|#]{rest})?|{}", unlike(&others, &rest))
}

/// Texts of at least one character that start with none of the words, and continue with `rest`.
fn unlike(words: &[&str], rest: &str) -> String {
    let mut prefixes: Vec<&str> =
        words.iter().flat_map(|word| (0..word.len()).map(|end| &word[..end])).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    let ways = prefixes.iter().map(|prefix| {
        let mut next: Vec<char> =
            words.iter().filter_map(|word| word.strip_prefix(prefix)?.chars().next()).collect();
        next.sort_unstable();
        next.dedup();
        let parting = format!(r"[^\u0000-\u0020{}]{rest}", next.into_iter().collect::<String>());
        // A text may end within a word, but it is not empty.
        if prefix.is_empty() { parting } else { format!("{prefix}(?:{parting})?") }
    });
    ways.collect::<Vec<_>>().join("|")
}

/// Groups of four with white space anywhere.
fn base64() -> String {
    let digit = r"[A-Za-z0-9+/][ \t\r\n]*";
    let pad = r"=[ \t\r\n]*";
    format!(
        r"[ \t\r\n]*(?:(?:{digit}){{4}})*(?:(?:{digit}){{4}}|(?:{digit}){{2}}(?:{pad}){{2}}|(?:{digit}){{3}}{pad})"
    )
}
