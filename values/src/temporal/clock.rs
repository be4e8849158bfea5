//! The one place that looks at the system's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{Precision, Temporal};

impl Temporal {
    /// The current instant in UTC, to the millisecond; `None` on a platform without a clock
    /// (WebAssembly in a browser, where the caller passes the time in).
    ///
    /// Code that must give reproducible answers takes the time from its caller instead: the validator
    /// calls this once per run, and only where its options do not set the time.
    pub fn now_utc() -> Option<Self> {
        if cfg!(all(target_family = "wasm", target_os = "unknown")) {
            return None;
        }
        #[expect(clippy::disallowed_methods, reason = "this is the one place")]
        let now = SystemTime::now();
        let since_epoch = now.duration_since(UNIX_EPOCH).ok()?;
        let seconds = i64::try_from(since_epoch.as_secs()).ok()?;
        Some(Self::from_unix(seconds, since_epoch.subsec_millis()))
    }

    /// An instant in UTC, by the seconds since the start of 1970 and the milliseconds after them.
    ///
    /// ```
    /// use ers_fhir_values::Temporal;
    ///
    /// assert_eq!(Temporal::from_unix(951_782_400, 250).to_string(), "2000-02-29T00:00:00.250Z");
    /// ```
    pub fn from_unix(seconds: i64, millis: u32) -> Self {
        let mut instant = Self {
            precision: Precision::Second,
            nanos: millis.min(999) * 1_000_000,
            fraction_digits: 3,
            offset: Some(0),
            ..Self::EMPTY
        };
        instant.set_day_number(seconds.div_euclid(86_400));
        instant.set_second_of_day(seconds.rem_euclid(86_400));
        instant
    }
}
