//! Dates and times.

use ers_fhir_fhirpath::{Host, Temporal};

use crate::tree::Handle;
use crate::{evaluated, table};

#[test]
fn arithmetic() {
    table(&[
        ("@1973-12-25 + 7.7 days", "@1974-01-01"),
        ("@1973-12-25 - 1 month", "@1973-11-25"),
        ("@1973-12-25 + 1 'wk'", "@1974-01-01"),
        ("@2014 + 24 months", "@2016"),
        ("@T23:30 + 1 hour", "@00:30"),
        ("@1973-12-25 + 1 'a'", "error: + cannot be applied to a date or time and a quantity in 'a'"),
        ("@1973-12-25 * 2 days", "error: * cannot be applied to a date or time"),
        ("@9999-12-31 + 1 day", "{}"),
    ]);
}

struct At(&'static str);

impl Host<Handle<'_>> for At {
    fn now(&self) -> Option<Temporal> {
        Temporal::parse_date_time(self.0)
    }
}

#[test]
fn the_host_says_what_time_it_is() {
    let host = At("2024-02-29T10:30:00.250Z");
    for (source, expected) in [
        ("now()", "@2024-02-29T10:30:00.250Z"),
        ("today()", "@2024-02-29"),
        ("timeOfDay()", "@10:30:00.250"),
        ("now() > @2024-02-28T23:00:00", "{}"),
        ("now() > @2024-02-27T23:00:00", "true"),
        ("now() > today()", "{}"),
    ] {
        assert_eq!(evaluated(source, &host, None), expected, "{source}");
    }
}

#[test]
fn the_system_clock_is_the_default() {
    table(&[("now() > @2025", "true"), ("now() = now()", "true"), ("today() < @9999", "true")]);
}

/// A host without a clock.
struct Timeless;

impl Host<Handle<'_>> for Timeless {
    fn now(&self) -> Option<Temporal> {
        None
    }
}

#[test]
fn without_a_clock_the_time_is_not_known() {
    for source in ["now()", "today()", "timeOfDay() = @T10:00"] {
        assert_eq!(
            evaluated(source, &Timeless, None),
            "error: the current time is not known here",
            "{source}"
        );
    }
}
