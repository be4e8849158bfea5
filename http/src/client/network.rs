//! The network: connections and their errors.

use std::error::Error;
use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Url};

use super::settings::Timeouts;

/// The HTTP client for all calls to an address: TLS with the roots of the system and those that were added, no
/// redirects, no cookies. Unencrypted calls, to this machine, bypass any proxy.
pub(crate) fn network(
    to: &Url,
    timeouts: &Timeouts,
    root: Option<&Certificate>,
) -> Result<Client, reqwest::Error> {
    let builder = Client::builder()
        .user_agent(concat!("ers-fhir/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(timeouts.connect);
    let builder = if to.scheme() == "https" { builder } else { builder.no_proxy() };
    let builder = match root {
        Some(root) => builder.tls_certs_merge([root.clone()]),
        None => builder,
    };
    builder.build()
}

/// The text of a network error: the innermost cause, without the address.
pub(crate) fn words(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.is_timeout() { "it took too long".to_owned() } else { cause.to_string() }
}

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(crate) fn date(text: &str) -> Option<i64> {
    rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok().map(jiff::Timestamp::as_second)
}

/// How long `Retry-After` asks to wait: seconds, or until a date.
pub(crate) fn retry_after(text: &str, now: i64) -> Option<Duration> {
    let seconds = text.trim().parse::<u64>().ok();
    let until = || Some(u64::try_from(date(text)?.saturating_sub(now)).unwrap_or(0));
    seconds.or_else(until).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{date, retry_after};

    #[test]
    fn dates_and_seconds_are_read() {
        assert_eq!(date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(date("today"), None);
        assert_eq!(retry_after(" 7 ", 0), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_770), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_800), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", 0), None);
    }
}
