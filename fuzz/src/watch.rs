//! What a piece of work costs: time on the processor, which other work on the machine does not lengthen, and memory.
//!
//! On Linux, both come from `/proc`; elsewhere time is wall-clock time, and memory is not watched.

use std::fs;
use std::time::{Duration, Instant};

/// Watches one piece of work.
#[derive(Debug)]
pub(crate) struct Watch {
    begun: Instant,
    on_processor: Option<Duration>,
    resident: Option<usize>,
}

impl Watch {
    /// Begins to watch.
    pub(crate) fn start() -> Self {
        // This makes the most that was ever resident what is resident now.
        let is_reset = fs::write("/proc/self/clear_refs", "5").is_ok();
        let resident = if is_reset { peak() } else { None };
        Self { begun: Instant::now(), on_processor: on_processor(), resident }
    }

    /// How long this thread has worked since.
    pub(crate) fn time(&self) -> Duration {
        match (self.on_processor, on_processor()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => self.begun.elapsed(),
        }
    }

    /// The maximum by which the memory of the process has grown since, in bytes; 0 if unknown.
    pub(crate) fn memory(&self) -> usize {
        match (self.resident, peak()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => 0,
        }
    }
}

/// The time that this thread was on a processor.
fn on_processor() -> Option<Duration> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// The most memory that was resident, in bytes.
fn peak() -> Option<usize> {
    let told = fs::read_to_string("/proc/self/status").ok()?;
    let line = told.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::Watch;

    #[test]
    fn work_takes_time_and_memory() {
        let watch = Watch::start();
        let held: Vec<u64> = (0..8_000_000).map(|number: u64| number.wrapping_mul(3)).collect();
        assert!(std::hint::black_box(held).len() == 8_000_000);
        assert!(!watch.time().is_zero());
        if cfg!(target_os = "linux") {
            assert!(watch.memory() > 32 << 20, "{}", watch.memory());
        }
    }
}
