//! Primitives: what each takes and refuses, and that nothing is lost on the way.

use ers_fhir_model::primitives::{
    Base64Binary, CodeText, Date, DateTime, Decimal, Id, Instant, InvalidText, Oid, PositiveInt, Precision,
    Time, UnsignedInt, Uri, Uuid,
};
use ers_fhir_model::runtime::{Json, ReadOptions};

/// Holds a type against texts that it takes and texts that it refuses.
fn assert_rule<T: std::str::FromStr<Err = InvalidText> + ToString>(good: &[&str], bad: &[&str]) {
    for text in good {
        assert_eq!(text.parse::<T>().map(|value| value.to_string()).as_deref(), Ok(*text));
    }
    for text in bad {
        assert!(text.parse::<T>().is_err(), "'{text}' was taken");
    }
}

#[test]
fn dates() {
    assert_rule::<Date>(
        &["2024", "2024-02", "2024-02-29", "0001-01-01"],
        &[
            "",
            "24",
            "2024-2",
            "2024-13",
            "2023-02-29",
            "1900-02-29",
            "2024-04-31",
            "0000",
            "2024-02-29T10:00:00Z",
            "٢٠٢٤",
        ],
    );
    let precision = |text: &str| text.parse::<Date>().map(|date| date.precision());
    assert_eq!(precision("2024"), Ok(Precision::Year));
    assert_eq!(precision("2024-02-29"), Ok(Precision::Day));
}

#[test]
fn times_of_dates() {
    let moments = ["2024-02-29T10:00:00Z", "2024-02-29T23:59:60.001+14:00", "2024-02-29T10:00:00-05:30"];
    let wrong = [
        "2024-02-29T10:00Z",
        "2024-02-29T10:00:00",
        "2024-02T10:00:00Z",
        "2024-02-29T24:00:00Z",
        "2024-02-29T10:00:00+14:30",
        "2024-02-29T10:00:00.Z",
        "2024-02-29 10:00:00Z",
        "2024-02-29T10:00:00Z ",
    ];
    assert_rule::<DateTime>(&[&moments[..], &["2024", "2024-02", "2024-02-29"]].concat(), &wrong);
    assert_rule::<Instant>(&moments, &[&wrong[..], &["2024", "2024-02-29"]].concat());
    assert_rule::<Time>(&["10:00:00", "23:59:59.9"], &["10:00", "24:00:00", "10:00:00Z", "1:00:00"]);
}

#[test]
fn texts_with_rules() {
    let long = "a".repeat(64);
    assert_rule::<Id>(&["a", "A-1.b", &long], &["", "a_b", "a b", &format!("{long}a")]);
    assert_rule::<Uri>(&["http://example.org", "urn:x", "#a"], &["", "a b"]);
    assert_rule::<Oid>(
        &["urn:oid:1.2.840"],
        &["urn:oid:3.1", "urn:oid:1", "urn:oid:1.02", "urn:oid:1..2", "1.2"],
    );
    let uuid = "c757873d-ec9a-4326-a141-556f43239520";
    assert_rule::<Uuid>(
        &[&format!("urn:uuid:{uuid}")],
        &[uuid, "urn:uuid:c757873d", &format!("urn:uuid:{uuid}-0")],
    );
    assert_rule::<CodeText>(&["a", "a b"], &["", " a", "a  b", "a "]);
}

#[test]
fn numbers() {
    for text in ["0", "-0.0", "1.50", "1e3", "-12.345E-6", "123456789012345678901234567890.10"] {
        assert_eq!(text.parse::<Decimal>().map(|number| number.to_string()).as_deref(), Ok(text));
        assert_eq!(Decimal::from_json(text).map(|number| number.to_json()).as_deref(), Ok(text));
    }
    for text in ["", "01", ".5", "5.", "+1", "1e", "NaN", "1,5", " 1"] {
        assert!(text.parse::<Decimal>().is_err(), "'{text}' was taken");
    }
    assert_eq!((PositiveInt::new(0), UnsignedInt::new(1 << 31)), (None, None));
    assert!(UnsignedInt::from_json("-1").is_err() && UnsignedInt::from_json("1.0").is_err());
}

#[test]
fn a_strict_reader_holds_values_against_their_release() {
    let leap = r#"{"url":"http://example.org/e","valueTime":"23:59:60"}"#;
    assert!(ers_fhir_model::r4::Extension::from_json_with(leap, ReadOptions::strict()).is_ok());
    assert!(ers_fhir_model::stu3::Extension::from_json_with(leap, ReadOptions::strict()).is_err());
    assert_eq!(
        ers_fhir_model::stu3::Extension::from_json(leap).map(|read| read.to_json()).as_deref(),
        Ok(leap)
    );
    assert!("23:59:60".parse::<Time>().is_ok(), "a time by itself is of either release");
}

#[test]
fn how_much_is_given_shows_in_the_text() {
    for (text, expected) in [
        ("2024", Precision::Year),
        ("-0044", Precision::Year),
        ("2024-02", Precision::Month),
        ("2024-02-29", Precision::Day),
        ("-0044-03-15", Precision::Day),
        ("2024-02-29T10:00Z", Precision::Minute),
        ("2024-02-29T10:00+01:00", Precision::Minute),
        ("2024-02-29T10:00:00+01:00", Precision::Second),
        ("2024-02-29T10:00:00.5Z", Precision::Fraction),
    ] {
        let read = DateTime::from_json(format!("\"{text}\"")).map(|moment| moment.precision());
        assert_eq!(read.ok(), Some(expected), "{text}");
    }
}

#[test]
fn a_strict_reader_holds_values_against_their_rules() {
    let lenient = |json: &str| DateTime::from_json(json).is_ok();
    let strict = |json: &str| DateTime::from_json_with(json, ReadOptions::strict()).is_ok();
    assert!(strict(r#""2024-02-29T10:00:00Z""#));
    assert!(lenient(r#""2024-02-29T10:00Z""#) && !strict(r#""2024-02-29T10:00Z""#));
    assert!(!lenient(r#""last Tuesday""#));
    let id = r#""patient_17""#;
    assert!(Id::from_json(id).is_ok() && Id::from_json_with(id, ReadOptions::strict()).is_err());
}

#[test]
fn base64_that_is_none() {
    for text in ["A", "AA", "AAA", "AA=A", "====", "AAAA=", "AA==AA==", "A%AA"] {
        assert!(text.parse::<Base64Binary>().is_err(), "'{text}' was taken");
    }
    let wrapped: Base64Binary = "YW55\n IGJ5dGVz".parse().expect("white space is passed over");
    assert_eq!(wrapped.decode().as_deref(), Ok(&b"any bytes"[..]));
}

/// Every text of up to that many of these characters.
fn texts(alphabet: &str, longest: usize) -> impl Iterator<Item = String> + '_ {
    let mut last = vec![String::new()];
    (0..=longest).flat_map(move |_| {
        let longer =
            last.iter().flat_map(|text| alphabet.chars().map(move |c| format!("{text}{c}"))).collect();
        std::mem::replace(&mut last, longer)
    })
}

#[test]
fn bytes_survive_base64() {
    let bytes = (0..=u8::MAX).step_by(5);
    let pairs = bytes.clone().flat_map(|a| (0..=u8::MAX).map(move |b| vec![a, b]));
    for bytes in pairs.chain((0..40).map(|length| bytes.clone().cycle().take(length).collect())) {
        let text = Base64Binary::encode(&bytes);
        assert_eq!(text.decode(), Ok(bytes));
        // The empty text is a value of no type.
        assert_eq!(text.parse::<Base64Binary>().ok(), Some(text).filter(|text| !text.is_empty()));
    }
}

#[test]
fn what_decodes_has_one_spelling_with_zero_bits_at_the_end() {
    for text in texts("AQg/= ", 6) {
        let read = Base64Binary::from_json(format!("\"{text}\"")).expect("a reader takes any text");
        if let Ok(bytes) = read.decode() {
            assert_eq!(Base64Binary::encode(&bytes).decode(), Ok(bytes), "{text}");
        }
    }
}

#[test]
fn days_are_those_of_the_calendar() {
    // Four centuries have every kind of year.
    for (year, month) in (1..=400).chain([9999]).flat_map(|year| (0..=13).map(move |month| (year, month))) {
        for day in 0..=32 {
            let text = format!("{year:04}-{month:02}-{day:02}");
            let expected = jiff::civil::Date::new(year, month, day).ok();
            assert_eq!(text.parse::<Date>().ok().and_then(|date| date.to_jiff()), expected, "{text}");
            if let Some(day) = expected {
                assert_eq!(Date::from(day).as_str(), text);
            }
        }
    }
}

#[test]
fn moments_survive_jiff() {
    let seconds = (-62_000_000_000_i64..250_000_000_000).step_by(98_765_431);
    for (seconds, nanoseconds) in seconds.zip([0, 1, 120_000_000, 999_999_999].into_iter().cycle()) {
        let moment = jiff::Timestamp::new(seconds, nanoseconds).expect("within the years 1 to 9999");
        let instant = Instant::from(moment);
        assert_eq!(instant.to_jiff(), Some(moment));
        assert_eq!(instant.parse::<Instant>().as_ref(), Ok(&instant));
        assert_eq!(DateTime::from(moment).to_jiff(), Some(moment));
    }
}

#[test]
fn what_is_taken_is_kept_and_nothing_is_too_strange() {
    fn check<T: std::str::FromStr + ToString>(text: &str) {
        assert!(text.parse::<T>().ok().is_none_or(|value| value.to_string() == text), "{text}");
    }
    for text in texts("019-+:.eTZ é", 4) {
        check::<Date>(&text);
        check::<DateTime>(&format!("2024-02-29{text}"));
        check::<Time>(&format!("10:00{text}"));
        check::<Decimal>(&text);
        check::<Oid>(&format!("urn:oid:{text}"));
    }
}
