//! The number of requests per second that one client may make.
//!
//! For each client only one time is kept: when it would have used up its allowance if it asked evenly. The table of
//! these has a fixed size: if many clients ask at once, those with the most left are forgotten, which lets them ask
//! a little more, never less.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Groups of clients; a client is looked up only in its group.
const GROUPS: usize = 1024;
/// Clients of a group.
const PLACES: usize = 8;

/// The allowances that clients have used up.
#[derive(Debug)]
pub(super) struct Rate {
    began: Instant,
    /// Nanoseconds for each request.
    step: u64,
    /// Nanoseconds that a client may be ahead.
    ahead: u64,
    hasher: RandomState,
    groups: Box<[Mutex<[Used; PLACES]>]>,
}

/// A client, and until when it has used up its allowance.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    client: u128,
    until: u64,
}

impl Rate {
    /// Allows this many requests per second, and bursts of as many.
    pub(super) fn new(a_second: u32) -> Self {
        let step = 1_000_000_000 / u64::from(a_second.max(1));
        Self {
            began: Instant::now(),
            step,
            ahead: step * u64::from(a_second.max(1) - 1),
            hasher: RandomState::new(),
            groups: (0..GROUPS).map(|_| Mutex::default()).collect(),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    ///
    /// If it is one too many: how long to wait.
    pub(super) fn take(&self, client: IpAddr) -> Result<(), Duration> {
        self.take_at(client, u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }

    fn take_at(&self, client: IpAddr, now: u64) -> Result<(), Duration> {
        let client = number(client);
        // Nobody can predict which clients share a group.
        let group = usize::try_from(self.hasher.hash_one(client) % GROUPS as u64).unwrap_or_default();
        let mut group = self.groups[group].lock().unwrap_or_else(PoisonError::into_inner);
        let place = match group.iter().position(|used| used.client == client) {
            Some(known) => known,
            None => (0..PLACES).min_by_key(|at| group[*at].until).unwrap_or_default(),
        };
        let used = &mut group[place];
        let until = if used.client == client { used.until.max(now) } else { now };
        if until - now > self.ahead {
            return Err(Duration::from_nanos(until - now - self.ahead));
        }
        *used = Used { client, until: until + self.step };
        Ok(())
    }
}

/// A client as a number. An IPv6 network is one client: its owner has all its addresses.
fn number(client: IpAddr) -> u128 {
    match client.to_canonical() {
        // No address of IPv6 without its lower half is as small.
        IpAddr::V4(address) => u128::from(address.to_bits()) | (1 << 32),
        IpAddr::V6(address) => ((address.to_bits() >> 64) << 64) | (1 << 33),
    }
}

/// The client that a proxy in front names: the last of `X-Forwarded-For`, since anybody can forge the earlier ones.
pub(super) fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let last = last.rsplit(',').next()?.trim();
    let bare = last.trim_start_matches('[').split(']').next()?;
    let without_port = || last.rsplit_once(':').and_then(|(address, _)| address.parse().ok());
    bare.parse().ok().or_else(without_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("it is an address")
    }

    #[test]
    fn a_client_may_ask_so_often_and_is_told_how_long_to_wait() {
        let rate = Rate::new(4);
        let one = address("192.0.2.1");
        for _ in 0..4 {
            assert_eq!(rate.take_at(one, SECOND), Ok(()));
        }
        assert_eq!(rate.take_at(one, SECOND), Err(Duration::from_millis(250)));
        // A refused request does not count, and other clients are not affected.
        assert_eq!(rate.take_at(one, SECOND), Err(Duration::from_millis(250)));
        assert_eq!(rate.take_at(address("192.0.2.2"), SECOND), Ok(()));
        assert_eq!(rate.take_at(one, SECOND + SECOND / 4), Ok(()));
        assert!(rate.take_at(one, SECOND + SECOND / 4).is_err());
        let evenly = (0..100).filter(|at| rate.take_at(one, 9 * SECOND + at * SECOND / 4).is_ok());
        assert_eq!(evenly.count(), 100);
        assert!(Rate::new(1).take(one).is_ok());
    }

    #[test]
    fn a_network_is_one_client() {
        let rate = Rate::new(1);
        assert!(rate.take_at(address("2001:db8::1"), 0).is_ok());
        assert!(rate.take_at(address("2001:db8::2"), 0).is_err());
        assert!(rate.take_at(address("2001:db8:0:1::1"), 0).is_ok());
        assert!(rate.take_at(address("192.0.2.1"), 0).is_ok());
        assert!(rate.take_at(address("::ffff:192.0.2.1"), 0).is_err());
        assert!(rate.take_at(address("::"), 0).is_ok());
    }

    #[test]
    fn a_crowd_takes_no_more_memory_and_refuses_nobody_who_is_new() {
        let rate = Rate::new(1);
        let size = rate.groups.len();
        for at in 0..200_000_u32 {
            assert!(rate.take_at(IpAddr::from(at.to_be_bytes()), SECOND).is_ok());
        }
        assert_eq!(rate.groups.len(), size);
    }

    #[test]
    fn the_last_address_is_that_which_the_proxy_saw() {
        let of = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("x-forwarded-for", value.parse().expect("it is a value"));
            }
            forwarded(&headers)
        };
        assert_eq!(of(&["10.0.0.1, 192.0.2.1"]), Some(address("192.0.2.1")));
        assert_eq!(of(&["10.0.0.1", "192.0.2.1:4711"]), Some(address("192.0.2.1")));
        assert_eq!(of(&["[2001:db8::1]:80"]), Some(address("2001:db8::1")));
        assert_eq!(of(&["2001:db8::1"]), Some(address("2001:db8::1")));
        assert_eq!(of(&["unknown"]), None);
        assert_eq!(of(&[]), None);
    }
}
