//! The log on standard error: one line per event, nothing from payloads, addresses or tokens.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use ers_fhir_lint::Tell;
use ers_fhir_report::render::printable;
use ers_fhir_values::Temporal;

/// Lines that may wait to be written; if there are more, they are dropped, and this is logged.
const WAITING: usize = 4096;

/// A message to the thread.
#[derive(Debug)]
enum Line {
    Text(String),
    /// Signals once all earlier lines are written.
    Mark(SyncSender<()>),
}

/// A separate thread writes, so that a slow reader of the log blocks nobody.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    lines: SyncSender<Line>,
    lost: Arc<AtomicU64>,
}

impl Log {
    pub(crate) fn start() -> std::io::Result<Self> {
        let (lines, waiting) = sync_channel::<Line>(WAITING);
        let lost = Arc::new(AtomicU64::new(0));
        let missed = Arc::clone(&lost);
        thread::Builder::new().name("log".to_owned()).spawn(move || {
            while let Ok(line) = waiting.recv() {
                let mut text = String::new();
                let mut marks = Vec::new();
                let mut next = Some(line);
                // All lines that have arrived by now are written together.
                while let Some(line) = next.take() {
                    match line {
                        Line::Text(line) => text.push_str(&line),
                        Line::Mark(mark) => marks.push(mark),
                    }
                    next = (text.len() < 64 << 10).then(|| waiting.try_recv().ok()).flatten();
                }
                let lost = missed.swap(0, Ordering::Relaxed);
                if lost > 0 {
                    let _ = writeln!(text, "{} level=warning event=log lost={lost}", now());
                }
                // If standard error is gone, nobody can be told.
                let _ = std::io::stderr().write_all(text.as_bytes());
                for mark in marks {
                    let _ = mark.send(());
                }
            }
        })?;
        Ok(Self { lines, lost })
    }

    /// Writes an event: its level, its name, and what else is known as `name=value`.
    pub(crate) fn say(&self, level: &str, event: &str, more: &str) {
        let space = if more.is_empty() { "" } else { " " };
        let line = format!("{} level={level} event={event}{space}{more}\n", now());
        if self.lines.try_send(Line::Text(line)).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits a while until pending lines are written.
    pub(crate) fn flush(&self) {
        let (done, is_done) = sync_channel(1);
        if self.lines.send(Line::Mark(done)).is_ok() {
            let _ = is_done.recv_timeout(std::time::Duration::from_secs(1));
        }
    }

    /// Writes an event with a message in words.
    pub(crate) fn message(&self, level: &str, event: &str, message: &str) {
        for line in message.lines() {
            let line = printable(line).replace('\\', "\\\\").replace('"', "\\\"");
            self.say(level, event, &format!("message=\"{line}\""));
        }
    }
}

impl Tell for Log {
    fn complain(&self, message: &str) {
        self.message("error", "load", message);
    }

    fn warn(&self, message: &str) {
        self.message("warning", "load", message);
    }

    fn note(&self, message: &str) {
        self.message("info", "load", message);
    }
}

fn now() -> String {
    Temporal::now_utc().map(|now| now.to_string()).unwrap_or_default()
}
