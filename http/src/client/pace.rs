//! The rate at which calls begin.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::settings::Rate;

/// In no second do more calls begin than the rate allows.
#[derive(Debug)]
pub(crate) struct Pace {
    most: Option<usize>,
    /// When the last calls began, or will begin: as many as may in a second.
    began: Mutex<VecDeque<Instant>>,
}

impl Pace {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { most: rate.0.map(|calls| calls.max(1) as usize), began: Mutex::default() }
    }

    /// Waits for this call's turn.
    pub(crate) async fn wait(&self) {
        let now = Instant::now();
        let turn = self.turn(now);
        if turn > now {
            sleep_until(turn).await;
        }
    }

    /// When the call may begin.
    fn turn(&self, now: Instant) -> Instant {
        let Some(most) = self.most else { return now };
        let mut began = self.began.lock().unwrap_or_else(PoisonError::into_inner);
        let first = if began.len() == most { began.pop_front() } else { None };
        let turn = first.map_or(now, |first| now.max(first + Duration::from_secs(1)));
        began.push_back(turn);
        turn
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Pace, Rate};

    #[test]
    fn ten_begin_in_a_second() {
        let pace = Pace::new(Rate::per_second(10));
        let start = Instant::now();
        let waits: Vec<u128> = (0..25).map(|_| (pace.turn(start) - start).as_millis()).collect();
        assert!(waits[..10].iter().all(|wait| *wait == 0), "{waits:?}");
        assert!(waits[10..20].iter().all(|wait| *wait == 1000), "{waits:?}");
        assert!(waits[20..].iter().all(|wait| *wait == 2000), "{waits:?}");
        let later = start + Duration::from_secs(10);
        assert_eq!(pace.turn(later), later);
        assert_eq!(Pace::new(Rate::unbounded()).turn(start), start);
    }
}
