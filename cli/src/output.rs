//! Standard output and standard error, with colours where they are wanted.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use ers_fhir_lint::Tell;
use ers_fhir_report::render::printable;

use crate::ending::Ending;

/// When to colour the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Also into a file or a pipe.
    Always,
    /// Not at all.
    Never,
}

/// Where a run writes.
pub(crate) struct Output {
    out: io::BufWriter<Box<dyn Write>>,
    colors: bool,
    error_colors: bool,
    /// Whether nobody reads standard output any more.
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

    /// Leaves standard output to a payload; all else goes to standard error.
    pub(crate) fn make_way(&mut self) {
        self.out = io::BufWriter::new(Box::new(io::stderr()));
        self.colors = self.error_colors;
    }

    /// Writes a payload to standard output, which is left to it; as long as somebody reads.
    pub(crate) fn hand_over(payload: &[u8]) -> io::Result<()> {
        let mut out = io::stdout();
        match out.write_all(payload).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// Whether standard output takes colours.
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

    /// Writes as long as somebody reads. Whoever has seen enough, as `head` does, still gets the exit status, for which
    /// a run goes on only until that is known.
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

    /// Whether nobody reads any more.
    pub(crate) fn is_left(&self) -> bool {
        self.is_left
    }

    /// Prints what was asked for, or says why there is none: all that some commands do.
    pub(crate) fn answer(&mut self, made: Result<String, String>) -> io::Result<Ending> {
        self.end(made.map(|text| (text, Ending::Clean)))
    }

    /// Prints what was asked for and ends as that says, or says why there is none.
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

    /// Says on standard error what keeps the run from doing all that it was asked.
    pub(crate) fn complain(&self, message: &str) {
        self.say("error", "\u{1b}[1;91m", message);
    }

    /// Says on standard error what may surprise.
    pub(crate) fn warn(&self, message: &str) {
        self.say("warning", "\u{1b}[1;93m", message);
    }

    /// Says on standard error what was done.
    pub(crate) fn note(&self, what: &str, message: &str) {
        self.say(what, "\u{1b}[1;92m", message);
    }

    /// Writes lines of their own on standard error.
    pub(crate) fn say_aside(text: &str) {
        let _ = write!(io::stderr(), "{text}");
    }

    fn say(&self, level: &str, style: &str, message: &str) {
        let (on, off) = if self.error_colors { (style, "\u{1b}[0m") } else { ("", "") };
        // Nobody is left to tell if standard error is gone too.
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
