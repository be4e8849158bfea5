//! Valid and invalid texts of every primitive, in both releases: what every part of the toolkit that
//! judges a text must agree on.

use crate::Primitive::{self, *};

/// A text, and whether it is a value of the type in STU3, and in R4.
pub type Row = (Primitive, &'static str, bool, bool);

const BOTH: (bool, bool) = (true, true);
const NEITHER: (bool, bool) = (false, false);

const fn row(primitive: Primitive, text: &'static str, valid: (bool, bool)) -> Row {
    (primitive, text, valid.0, valid.1)
}

/// The texts.
pub const ROWS: &[Row] = &[
    row(Base64Binary, "Zm9vYmFy", BOTH),
    row(Base64Binary, "Zm9v\n  YmFyQQ==", BOTH),
    row(Base64Binary, "Zm9vYmF", NEITHER),
    row(Base64Binary, "%%%2@()()", NEITHER),
    row(Boolean, "true", BOTH),
    row(Boolean, "1", NEITHER),
    row(Boolean, "True", NEITHER),
    row(Canonical, "http://example.org/vs|1.0#a", BOTH),
    row(Canonical, "http://example.org/a b", NEITHER),
    row(Code, "a", BOTH),
    row(Code, "two words", BOTH),
    row(Code, "two  words", NEITHER),
    row(Code, " a", NEITHER),
    row(Code, "a ", NEITHER),
    row(Code, "a\tb", NEITHER),
    row(Date, "1970", BOTH),
    row(Date, "1970-03", BOTH),
    row(Date, "1970-03-30", BOTH),
    row(Date, "2000-02-29", BOTH),
    row(Date, "1900-02-29", NEITHER),
    row(Date, "1970-04-31", NEITHER),
    row(Date, "1970-00", NEITHER),
    row(Date, "1970-3-30", NEITHER),
    row(Date, "70", NEITHER),
    row(Date, "0000", NEITHER),
    row(Date, "19700330", NEITHER),
    row(Date, "-0044-03-15", (true, false)),
    row(Date, "1970-03-30T10:00:00Z", NEITHER),
    row(Date, "１９７０", NEITHER),
    row(DateTime, "1970", BOTH),
    row(DateTime, "1970-03-30", BOTH),
    row(DateTime, "1970-03-30T10:20:30Z", BOTH),
    row(DateTime, "1970-03-30T10:20:30.1234567+14:00", BOTH),
    row(DateTime, "1970-03-30T10:20:60Z", BOTH),
    row(DateTime, "1970-03-30T10:20:30", NEITHER),
    row(DateTime, "1970-03-30T10:20Z", NEITHER),
    row(DateTime, "1970-03-30T10Z", NEITHER),
    row(DateTime, "1970-03-30T24:00:00Z", NEITHER),
    row(DateTime, "1970-03-30T10:20:30.Z", NEITHER),
    row(DateTime, "1970-03-30T10:20:30+14:01", NEITHER),
    row(DateTime, "1970-03-30T10:20:30+0100", NEITHER),
    row(DateTime, "1970-03-30 10:20:30Z", NEITHER),
    row(DateTime, "1970-03T10:20:30Z", NEITHER),
    row(DateTime, "-0044-03-15", (true, false)),
    row(Decimal, "0", BOTH),
    row(Decimal, "-1.50", BOTH),
    row(Decimal, "1.5e-3", (false, true)),
    row(Decimal, "1E", NEITHER),
    row(Decimal, "01.5", NEITHER),
    row(Decimal, "+1.5", NEITHER),
    row(Decimal, ".5", NEITHER),
    row(Decimal, "5.", NEITHER),
    row(Decimal, "NaN", NEITHER),
    row(Id, "a-1.B", BOTH),
    row(Id, "a_1", NEITHER),
    row(Id, "1234567890123456789012345678901234567890123456789012345678901234", BOTH),
    row(Id, "12345678901234567890123456789012345678901234567890123456789012345", NEITHER),
    row(Instant, "2024-05-01T09:30:00.123Z", BOTH),
    row(Instant, "2024-05-01T09:30:00-05:00", BOTH),
    row(Instant, "2024-05-01T09:30:00", NEITHER),
    row(Instant, "2024-05-01", NEITHER),
    row(Instant, "-2024-05-01T09:30:00Z", NEITHER),
    row(Integer, "-2147483648", BOTH),
    row(Integer, "2147483648", NEITHER),
    row(Integer, "99999999999999999999", NEITHER),
    row(Integer, "1.0", NEITHER),
    row(Integer, "1e2", NEITHER),
    row(Integer, "007", NEITHER),
    row(Integer, "-", NEITHER),
    row(Markdown, "# Title\r\n\ttext", BOTH),
    row(Markdown, "form\u{c}feed", (true, false)),
    row(Oid, "urn:oid:1.2.3", BOTH),
    row(Oid, "urn:oid:1.02.3", NEITHER),
    row(Oid, "urn:oid:3.2", NEITHER),
    row(Oid, "1.2.3", NEITHER),
    row(PositiveInt, "1", BOTH),
    row(PositiveInt, "0", NEITHER),
    row(PositiveInt, "-1", NEITHER),
    row(String, "Ünïcode \u{1f600}", BOTH),
    row(String, "bell\u{7}", (true, false)),
    row(Time, "23:59:59.9", BOTH),
    row(Time, "23:59:60", (false, true)),
    row(Time, "24:00:00", NEITHER),
    row(Time, "10:20", NEITHER),
    row(Time, "10:20:30Z", NEITHER),
    row(UnsignedInt, "0", BOTH),
    row(UnsignedInt, "-1", NEITHER),
    row(UnsignedInt, "2147483648", NEITHER),
    row(Uri, "http://example.org/a", BOTH),
    row(Uri, "relative/path#x", BOTH),
    row(Uri, "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", BOTH),
    row(Uri, "urn:uuid:C757873D-EC9A-4326-A141-556F43239520", NEITHER),
    row(Uri, "urn:uuid:c757873d-ec9a-4326-a141-556f4323952", NEITHER),
    row(Uri, "urn:oid:2.16.840.1.113883", BOTH),
    row(Uri, "oid:1.2.3", NEITHER),
    row(Uri, "uuid:c757873d-ec9a-4326-a141-556f43239520", NEITHER),
    row(Uri, "http://example.org/a b", NEITHER),
    row(Url, "ftp://example.org", BOTH),
    row(Uuid, "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", BOTH),
    row(Uuid, "c757873d-ec9a-4326-a141-556f43239520", NEITHER),
    row(Uuid, "urn:uuid:c757873d-ec9a-4326-a141-556f4323952g", NEITHER),
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
    fn every_primitive_but_xhtml_has_rows_of_both_kinds() {
        let all = [
            Base64Binary,
            Boolean,
            Canonical,
            Code,
            Date,
            DateTime,
            Decimal,
            Id,
            Instant,
            Integer,
            Oid,
            PositiveInt,
            Time,
            UnsignedInt,
            Uri,
            Uuid,
        ];
        for primitive in all {
            for expected in [true, false] {
                let exists = ROWS.iter().any(|row| row.0 == primitive && row.3 == expected);
                assert!(exists, "{primitive:?} has no row that is {expected} in R4");
            }
        }
    }
}
