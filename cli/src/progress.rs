//! The progress of a long run, on standard error if it is a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Runs shorter than this show nothing.
const QUIET_FOR: Duration = Duration::from_secs(1);

pub(crate) struct Progress {
    /// The number of files.
    total: usize,
    /// The number of completed files.
    sources: usize,
    /// The number of checked payloads.
    done: usize,
    begun: Instant,
    is_shown: bool,
    is_wanted: bool,
}

impl Progress {
    pub(crate) fn new(total: usize, quiet: bool) -> Self {
        let is_wanted = !quiet && io::stderr().is_terminal();
        Self { total, sources: 0, done: 0, begun: Instant::now(), is_shown: false, is_wanted }
    }

    /// Adds completed payloads and sources.
    pub(crate) fn advance(&mut self, payloads: usize, sources: usize) {
        self.done += payloads;
        self.sources += sources;
        if self.is_wanted && self.begun.elapsed() >= QUIET_FOR {
            self.is_shown = true;
            write(&format!("\r{} checked, {} of {} files done", self.done, self.sources, self.total));
        }
    }

    /// Clears the line for other output.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            write("\r\u{1b}[K");
        }
    }
}

fn write(text: &str) {
    let mut stderr = io::stderr();
    // Progress is optional: a run does not end because it cannot be shown.
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
