//! How long to wait, how often to try, how fast to ask.

use std::time::Duration;

use ers_fhir_ers::service::Endpoint;

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For the first byte of an answer, from the moment the request is sent.
    pub first_byte: Duration,
    /// The same, of operations that ask the booking system of the provider, which may take two minutes
    /// (A014, A016, A034, A036).
    pub first_byte_of_provider: Duration,
    /// For a whole call, including retries and its body.
    pub whole: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_mins(1),
            // The gateway itself gives up after 180 seconds.
            first_byte_of_provider: Duration::from_secs(185),
            whole: Duration::from_mins(5),
        }
    }
}

impl Timeouts {
    /// For the first byte of an answer of an operation.
    pub(crate) fn first_byte_of(&self, endpoint: &Endpoint) -> Duration {
        let asks_provider = endpoint.failures.iter().any(|(status, _)| *status == 504);
        if asks_provider { self.first_byte_of_provider } else { self.first_byte }
    }
}

/// What is retried, and when: reads that failed on the way, and calls that the service says may be repeated later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// The largest number of retries.
    pub most: u32,
    /// How long to wait before the first retry; each further wait is twice as long, plus up to a quarter at random.
    pub first: Duration,
    /// The longest wait that the service may ask for (`Retry-After`); beyond that the failure is returned.
    pub longest: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self { most: 3, first: Duration::from_secs(1), longest: Duration::from_mins(1) }
    }
}

impl Retries {
    /// Nothing is retried.
    pub const fn none() -> Self {
        Self { most: 0, first: Duration::ZERO, longest: Duration::ZERO }
    }

    /// How long to wait before retry number `done + 1`; `None` if there is none. `chance` is in `0..=255`.
    pub(crate) fn wait(&self, done: u32, asked: Option<Duration>, chance: u8) -> Option<Duration> {
        if done >= self.most || asked.is_some_and(|asked| asked > self.longest) {
            return None;
        }
        let wait = self.first.saturating_mul(1 << done.min(16));
        let more = wait.mul_f64(f64::from(chance) / 1024.0);
        Some((wait + more).max(asked.unwrap_or_default()))
    }
}

/// How many calls may begin per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(pub(crate) Option<u32>);

impl Rate {
    /// Calls per second, shared by all clones of a client.
    pub const fn per_second(calls: u32) -> Self {
        Self(Some(calls))
    }

    /// As many as are made.
    pub const fn unbounded() -> Self {
        Self(None)
    }
}

/// The rate that production allows an application.
impl Default for Rate {
    fn default() -> Self {
        Self::per_second(10)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Retries, Timeouts};
    use ers_fhir_ers::service::find;

    #[test]
    fn waits_double_and_end() {
        let retries = Retries::default();
        let waits: Vec<_> =
            (0..5).map(|done| retries.wait(done, None, 0).map(|wait| wait.as_secs())).collect();
        assert_eq!(waits, [Some(1), Some(2), Some(4), None, None]);
        assert!(retries.wait(2, None, 255).is_some_and(|wait| wait < Duration::from_secs(5)));
        assert_eq!(retries.wait(0, Some(Duration::from_secs(7)), 9), Some(Duration::from_secs(7)));
        assert_eq!(retries.wait(0, Some(Duration::from_secs(61)), 0), None);
    }

    #[test]
    fn what_asks_a_provider_may_take_longer() {
        let timeouts = Timeouts::default();
        let long: Vec<&str> = ["A005", "A014", "A016", "A034", "A036"]
            .into_iter()
            .filter(|id| find(id).any(|endpoint| timeouts.first_byte_of(endpoint) > Duration::from_mins(2)))
            .collect();
        assert_eq!(long, ["A014", "A016", "A034", "A036"]);
    }
}
