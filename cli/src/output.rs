//! Standard output and standard error, with optional colours.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use ers_fhir_lint::Tell;
use ers_fhir_report::render::printable;

use crate::ending::Ending;

/// When to colour the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    /// Only on a terminal.
    #[default]
    Auto,
    /// Also in a file or a pipe.
    Always,
    /// Never.
    Never,
}

/// The output of a run.
pub(crate) struct Output {
    out: io::BufWriter<Box<dyn Write>>,
    colors: bool,
    error_colors: bool,
    /// Whether standard output is closed.
    is_left: bool,
}

impl Output {
    pub(crate) fn new(color: Color) -> Self {
        Self {
            colors: wants_colors(color, || AutoStream::choice(&io::stdout())),
            error_colors: wants_colors(color, || AutoStream::choice(&io::stderr())),
            out: io::BufWriter::new(Box::new(io::stdout())),
            is_left: false,
        }
    }

    /// Reserves standard output for a payload; everything else goes to standard error.
    pub(crate) fn make_way(&mut self) {
        self.out = io::BufWriter::new(Box::new(io::stderr()));
        self.colors = self.error_colors;
    }

    /// Writes a payload to standard output, which is reserved for it, unless that is closed.
    pub(crate) fn hand_over(payload: &[u8]) -> io::Result<()> {
        let mut out = io::stdout();
        match out.write_all(payload).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// Whether standard output uses colours.
    pub(crate) fn colors(&self) -> bool {
        self.colors
    }

    /// Whether people read standard output as it comes.
    pub(crate) fn is_terminal() -> bool {
        io::stdout().is_terminal()
    }

    pub(crate) fn write(&mut self, text: &str) -> io::Result<()> {
        if self.is_left { Ok(()) } else { self.heard(|out| out.write_all(text.as_bytes())) }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        if self.is_left { Ok(()) } else { self.heard(Write::flush) }
    }

    /// Writes unless standard output is closed. If a reader such as `head` closes it, the run only goes on until the
    /// exit status is known.
    fn heard(
        &mut self,
        write: impl FnOnce(&mut io::BufWriter<Box<dyn Write>>) -> io::Result<()>,
    ) -> io::Result<()> {
        match write(&mut self.out) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_left = true;
                Ok(())
            }
            result => result,
        }
    }

    /// Whether standard output is closed.
    pub(crate) fn is_left(&self) -> bool {
        self.is_left
    }

    /// Prints a result, or reports why there is none, which is all that some commands do.
    pub(crate) fn answer(&mut self, made: Result<String, String>) -> io::Result<Ending> {
        self.end(made.map(|text| (text, Ending::Clean)))
    }

    /// Prints a result and returns its exit status, or reports why there is none.
    pub(crate) fn end(&mut self, made: Result<(String, Ending), String>) -> io::Result<Ending> {
        match made {
            Ok((text, ending)) => {
                self.write(&text)?;
                self.flush()?;
                Ok(ending)
            }
            Err(message) => {
                self.complain(&message);
                Ok(Ending::Trouble)
            }
        }
    }

    /// Reports on standard error something that keeps the run from doing all that was asked.
    pub(crate) fn complain(&self, message: &str) {
        self.say("error", "\u{1b}[1;91m", message);
    }

    /// Reports a warning on standard error.
    pub(crate) fn warn(&self, message: &str) {
        self.say("warning", "\u{1b}[1;93m", message);
    }

    /// Reports on standard error what was done.
    pub(crate) fn note(&self, what: &str, message: &str) {
        self.say(what, "\u{1b}[1;92m", message);
    }

    /// Writes separate lines to standard error.
    pub(crate) fn say_aside(text: &str) {
        let _ = write!(io::stderr(), "{text}");
    }

    fn say(&self, level: &str, style: &str, message: &str) {
        let (on, off) = if self.error_colors { (style, "\u{1b}[0m") } else { ("", "") };
        // If standard error is gone too, the error cannot be reported.
        let _ = writeln!(io::stderr(), "{on}{level}{off}: {}", printable(message));
    }
}

impl Tell for Output {
    fn complain(&self, message: &str) {
        Self::complain(self, message);
    }

    fn warn(&self, message: &str) {
        Self::warn(self, message);
    }
}

fn wants_colors(color: Color, detect: impl FnOnce() -> ColorChoice) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => detect() != ColorChoice::Never,
    }
}
