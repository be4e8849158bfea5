//! Valid and invalid texts of every primitive, in both releases. Every part of the toolkit that checks
//! texts must agree on them.

use crate::Primitive as P;

/// A type, a text, and whether the text is a value of the type in STU3, and in R4.
pub type Row = (P, &'static str, bool, bool);

const BOTH: (bool, bool) = (true, true);
const NEITHER: (bool, bool) = (false, false);

const fn row(primitive: P, text: &'static str, valid: (bool, bool)) -> Row {
    (primitive, text, valid.0, valid.1)
}

/// The texts.
pub const ROWS: &[Row] = &[
    row(P::Base64Binary, "Zm9vYmFy", BOTH),
    row(P::Base64Binary, "Zm9v\n  YmFyQQ==", BOTH),
    row(P::Base64Binary, "Zm9vYmF", NEITHER),
    row(P::Base64Binary, "%%%2@()()", NEITHER),
    row(P::Boolean, "true", BOTH),
    row(P::Boolean, "1", NEITHER),
    row(P::Boolean, "True", NEITHER),
    row(P::Canonical, "http://example.org/vs|1.0#a", BOTH),
    row(P::Canonical, "http://example.org/a b", NEITHER),
    row(P::Code, "a", BOTH),
    row(P::Code, "two words", BOTH),
    row(P::Code, "two  words", NEITHER),
    row(P::Code, " a", NEITHER),
    row(P::Code, "a ", NEITHER),
    row(P::Code, "a\tb", NEITHER),
    row(P::Date, "1970", BOTH),
    row(P::Date, "1970-03", BOTH),
    row(P::Date, "1970-03-30", BOTH),
    row(P::Date, "2000-02-29", BOTH),
    row(P::Date, "1900-02-29", NEITHER),
    row(P::Date, "1970-04-31", NEITHER),
    row(P::Date, "1970-00", NEITHER),
    row(P::Date, "1970-3-30", NEITHER),
    row(P::Date, "70", NEITHER),
    row(P::Date, "0000", NEITHER),
    row(P::Date, "19700330", NEITHER),
    row(P::Date, "0004-02-29", BOTH),
    row(P::Date, "0400-02-29", BOTH),
    row(P::Date, "2100-02-29", NEITHER),
    row(P::Date, "2026-02-29", NEITHER),
    row(P::Date, "-0044-03-15", (true, false)),
    row(P::Date, "1970-03-30T10:00:00Z", NEITHER),
    row(P::Date, "１９７０", NEITHER),
    row(P::DateTime, "1970", BOTH),
    row(P::DateTime, "1970-03-30", BOTH),
    row(P::DateTime, "1970-03-30T10:20:30Z", BOTH),
    row(P::DateTime, "1970-03-30T10:20:30.1234567+14:00", BOTH),
    row(P::DateTime, "1970-03-30T10:20:60Z", BOTH),
    row(P::DateTime, "1970-03-30T10:20:30", NEITHER),
    row(P::DateTime, "1970-03-30T10:20Z", NEITHER),
    row(P::DateTime, "1970-03-30T10Z", NEITHER),
    row(P::DateTime, "1970-03-30T24:00:00Z", NEITHER),
    row(P::DateTime, "1970-03-30T10:20:30.Z", NEITHER),
    row(P::DateTime, "1970-03-30T10:20:30+14:01", NEITHER),
    row(P::DateTime, "1970-03-30T10:20:30+0100", NEITHER),
    row(P::DateTime, "1970-03-30 10:20:30Z", NEITHER),
    row(P::DateTime, "1970-03T10:20:30Z", NEITHER),
    row(P::DateTime, "-0044-03-15", (true, false)),
    row(P::Decimal, "0", BOTH),
    row(P::Decimal, "-1.50", BOTH),
    row(P::Decimal, "1.5e-3", (false, true)),
    row(P::Decimal, "1E", NEITHER),
    row(P::Decimal, "01.5", NEITHER),
    row(P::Decimal, "+1.5", NEITHER),
    row(P::Decimal, ".5", NEITHER),
    row(P::Decimal, "5.", NEITHER),
    row(P::Decimal, "NaN", NEITHER),
    row(P::Id, "a-1.B", BOTH),
    row(P::Id, "a_1", NEITHER),
    row(P::Id, "1234567890123456789012345678901234567890123456789012345678901234", BOTH),
    row(P::Id, "12345678901234567890123456789012345678901234567890123456789012345", NEITHER),
    row(P::Instant, "2024-05-01T09:30:00.123Z", BOTH),
    row(P::Instant, "2024-05-01T09:30:00-05:00", BOTH),
    row(P::Instant, "2024-05-01T09:30:00", NEITHER),
    row(P::Instant, "2024-05-01", NEITHER),
    row(P::Instant, "-2024-05-01T09:30:00Z", NEITHER),
    row(P::Integer, "-2147483648", BOTH),
    row(P::Integer, "2147483648", NEITHER),
    row(P::Integer, "99999999999999999999", NEITHER),
    row(P::Integer, "1.0", NEITHER),
    row(P::Integer, "1e2", NEITHER),
    row(P::Integer, "007", NEITHER),
    row(P::Integer, "-", NEITHER),
    row(P::Markdown, "# Title\r\n\ttext", BOTH),
    row(P::Markdown, "form\u{c}feed", (true, false)),
    row(P::Oid, "urn:oid:1.2.3", BOTH),
    row(P::Oid, "urn:oid:1.02.3", NEITHER),
    row(P::Oid, "urn:oid:3.2", NEITHER),
    row(P::Oid, "1.2.3", NEITHER),
    row(P::PositiveInt, "1", BOTH),
    row(P::PositiveInt, "0", NEITHER),
    row(P::PositiveInt, "-1", NEITHER),
    row(P::String, "Ünïcode \u{1f600}", BOTH),
    row(P::String, "bell\u{7}", (true, false)),
    row(P::Time, "23:59:59.9", BOTH),
    row(P::Time, "23:59:60", (false, true)),
    row(P::Time, "24:00:00", NEITHER),
    row(P::Time, "23:59:61", NEITHER),
    row(P::Time, "10:20", NEITHER),
    row(P::Time, "10:20:30Z", NEITHER),
    row(P::UnsignedInt, "0", BOTH),
    row(P::UnsignedInt, "-1", NEITHER),
    row(P::UnsignedInt, "-0", NEITHER),
    row(P::UnsignedInt, "2147483648", NEITHER),
    row(P::Uri, "http://example.org/a", BOTH),
    row(P::Uri, "relative/path#x", BOTH),
    row(P::Uri, "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", BOTH),
    row(P::Uri, "urn:uuid:C757873D-EC9A-4326-A141-556F43239520", NEITHER),
    row(P::Uri, "urn:uuid:c757873d-ec9a-4326-a141-556f4323952", NEITHER),
    row(P::Uri, "urn:oid:2.16.840.1.113883", BOTH),
    row(P::Uri, "oid:1.2.3", NEITHER),
    row(P::Uri, "uuid:c757873d-ec9a-4326-a141-556f43239520", NEITHER),
    row(P::Uri, "http://example.org/a b", NEITHER),
    row(P::Uri, "u", BOTH),
    row(P::Uri, "urn:", BOTH),
    row(P::Uri, "urn:oid", BOTH),
    row(P::Uri, "urn:isbn:0451450523", BOTH),
    row(P::Uri, "oid", BOTH),
    row(P::Uri, "urn:oid:1.2|3", BOTH),
    row(P::Uri, "urn:oid:1", NEITHER),
    row(P::Url, "ftp://example.org", BOTH),
    row(P::Uuid, "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", BOTH),
    row(P::Uuid, "c757873d-ec9a-4326-a141-556f43239520", NEITHER),
    row(P::Uuid, "urn:uuid:c757873d-ec9a-4326-a141-556f4323952g", NEITHER),
    row(P::Uuid, "urn:uuid:C757873D-EC9A-4326-A141-556F43239520", NEITHER),
    row(P::Xhtml, "<div xmlns=\"http://www.w3.org/1999/xhtml\">text</div>", BOTH),
    row(P::Xhtml, "text", NEITHER),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FhirVersion::{R4, Stu3};
    use crate::lexical::is_valid;

    #[test]
    fn texts_are_valid_where_the_table_says_so() {
        for &(primitive, text, in_stu3, in_r4) in ROWS {
            for (version, expected) in [(Stu3, in_stu3), (R4, in_r4)] {
                let found = is_valid(text, primitive, version);
                assert_eq!(found, expected, "{primitive:?} {text:?} in {version:?}");
            }
        }
    }

    #[test]
    fn every_form_has_rows_of_both_kinds() {
        let all = [
            P::Base64Binary,
            P::Boolean,
            P::Canonical,
            P::Code,
            P::Date,
            P::DateTime,
            P::Decimal,
            P::Id,
            P::Instant,
            P::Integer,
            P::Oid,
            P::PositiveInt,
            P::Time,
            P::UnsignedInt,
            P::Uri,
            P::Uuid,
            P::Xhtml,
        ];
        for primitive in all {
            for expected in [true, false] {
                let exists = ROWS.iter().any(|row| row.0 == primitive && row.3 == expected);
                assert!(exists, "{primitive:?} has no row that is {expected} in R4");
            }
        }
    }
}
