//! `--format FORMAT[=FILE]`: the formats of a run, each to standard output or to a file of its own.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use ers_fhir_lint::Replacement;
use ers_fhir_report::render::{Checked, Format, Render, Style, Summary};

use crate::output::Output;

/// A format, and the file it goes to unless that is standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    format: Format,
    file: Option<PathBuf>,
}

impl Wanted {
    /// The file that it is written to.
    pub(crate) fn target(&self) -> Option<Target<'_>> {
        Some(("--format", self.file.as_deref()?))
    }

    /// Whether it cannot express relations between findings.
    pub(crate) fn is_of_issues(&self) -> bool {
        self.format == Format::OperationOutcome
    }
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        let format: Format = name.parse()?;
        match file {
            Some("") => Err(format!("no file is named after '{name}='")),
            Some("-") | None => Ok(Self { format, file: None }),
            Some(file) => Ok(Self { format, file: Some(file.into()) }),
        }
    }
}

/// A file that is written, and the option that names it.
pub(crate) type Target<'a> = (&'static str, &'a Path);

/// Refuses to overwrite a payload or another output.
///
/// # Errors
///
/// A message about what would be lost.
pub(crate) fn apart<'a>(
    targets: impl IntoIterator<Item = Target<'a>>,
    inputs: &[PathBuf],
) -> Result<(), String> {
    let inputs: Vec<PathBuf> =
        inputs.iter().filter_map(|path| real(path)).filter(|path| path.is_file()).collect();
    let mut taken: Vec<PathBuf> = Vec::new();
    for (option, path) in targets {
        // A pipe or a device takes any number of outputs.
        let Some(real) = real(path).filter(|path| path.is_file() || !path.exists()) else { continue };
        if inputs.contains(&real) {
            return Err(format!("{option}: {} is a payload of this run: name another file", path.display()));
        }
        if taken.contains(&real) {
            return Err(format!("{option}: {} is written twice: name another file", path.display()));
        }
        taken.push(real);
    }
    Ok(())
}

/// The canonical path of a file that may not exist yet.
pub(crate) fn real(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok().or_else(|| place(path))
}

/// The canonical path of a name in a folder, even that of a link.
pub(crate) fn place(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(name))
}

/// The formats of a run, each with its destination.
pub(crate) struct Formats {
    renderers: Renderers,
    sinks: Vec<Sink>,
}

/// The formats of a run without their destinations, shared by all threads.
#[derive(Clone)]
pub(crate) struct Renderers(Arc<[Box<dyn Render>]>);

impl Renderers {
    /// The output of each format for a payload.
    pub(crate) fn pieces(&self, checked: &Checked) -> Vec<String> {
        self.0.iter().map(|renderer| renderer.payload(checked)).collect()
    }

    /// Appends the output for one more payload.
    pub(crate) fn append(&self, pieces: &mut [String], more: &[String]) {
        for (renderer, (piece, more)) in self.0.iter().zip(pieces.iter_mut().zip(more)) {
            if !piece.is_empty() && !more.is_empty() {
                piece.push_str(renderer.separator());
            }
            piece.push_str(more);
        }
    }
}

struct Sink {
    to: To,
    is_first: bool,
}

enum To {
    Stdout,
    /// Standard error, if standard output is in a format for programs.
    Stderr,
    /// A file, which is moved into place when it is complete.
    File(Replacement, PathBuf),
}

impl Formats {
    /// No format at all.
    pub(crate) fn none() -> Self {
        Self { renderers: Renderers(Arc::new([])), sinks: Vec::new() }
    }

    /// Opens the requested formats. By default, that is text, and in GitHub Actions also annotations.
    ///
    /// # Errors
    ///
    /// A message about why a format cannot be written.
    pub(crate) fn open(wanted: &[Wanted], style: Style, output: &Output) -> Result<Self, String> {
        if wanted.iter().filter(|wanted| wanted.file.is_none()).count() > 1 {
            return Err("only one format can go to standard output: give the others a file, as in \
                        --format sarif=findings.sarif"
                .to_owned());
        }
        let plain = |format| Wanted { format, file: None };
        let chosen = match wanted {
            [] if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") => {
                vec![plain(Format::Text), plain(Format::Github)]
            }
            [] => vec![plain(Format::Text)],
            some => some.to_vec(),
        };
        let open = |Wanted { format, file }: Wanted| -> Result<(Box<dyn Render>, Sink), String> {
            let to = file.map_or(Ok(To::Stdout), To::file)?;
            let is_stdout = matches!(to, To::Stdout);
            let masks = style.masks && !(is_stdout && Output::is_terminal());
            let colors = is_stdout && output.colors();
            Ok((format.renderer(Style { masks, colors, ..style }), Sink { to, is_first: true }))
        };
        let has_figures = chosen.iter().any(|wanted| wanted.format.has_statistics());
        let is_free = chosen.iter().all(|wanted| wanted.file.is_some());
        let mut opened: Vec<_> = chosen.into_iter().map(open).collect::<Result<_, _>>()?;
        if style.statistics && !has_figures {
            let to = if is_free { To::Stdout } else { To::Stderr };
            opened.push((Format::Text.renderer(style), Sink { to, is_first: true }));
        }
        let (renderers, sinks): (Vec<_>, _) = opened.into_iter().unzip();
        Ok(Self { renderers: Renderers(renderers.into()), sinks })
    }

    /// The formats without their destinations.
    pub(crate) fn renderers(&self) -> Renderers {
        self.renderers.clone()
    }

    fn both(&mut self) -> impl Iterator<Item = (&dyn Render, &mut Sink)> {
        self.renderers.0.iter().map(|renderer| &**renderer).zip(&mut self.sinks)
    }

    /// Writes the beginning.
    pub(crate) fn begin(&mut self, output: &mut Output) -> io::Result<()> {
        self.both().try_for_each(|(renderer, sink)| sink.to.write(&renderer.open(), output))
    }

    /// Whether one of them goes to a file.
    pub(crate) fn have_files(&self) -> bool {
        self.sinks.iter().any(|sink| matches!(sink.to, To::File(..)))
    }

    /// Whether one of them has fingerprints of findings.
    pub(crate) fn have_fingerprints(&self) -> bool {
        self.renderers.0.iter().any(|renderer| renderer.has_fingerprints())
    }

    /// Writes the output of [`pieces`](Renderers::pieces).
    pub(crate) fn write(&mut self, pieces: &[String], output: &mut Output) -> io::Result<()> {
        self.both().zip(pieces).try_for_each(|((renderer, sink), piece)| sink.write(renderer, piece, output))
    }

    /// Writes the output for several payloads together.
    pub(crate) fn note(&mut self, text: &str, output: &mut Output) -> io::Result<()> {
        self.both().try_for_each(|(renderer, sink)| sink.write(renderer, &renderer.note(text), output))
    }

    /// Writes that an input could not be checked.
    pub(crate) fn failure(&mut self, error: &str, output: &mut Output) -> io::Result<()> {
        self.both().try_for_each(|(renderer, sink)| sink.write(renderer, &renderer.failure(error), output))
    }

    /// Writes the end; once all files are complete, they are moved into place.
    pub(crate) fn finish(mut self, summary: &Summary, output: &mut Output) -> io::Result<()> {
        for (renderer, sink) in self.both() {
            sink.to.write(&renderer.close(summary), output)?;
            sink.to.flush()?;
        }
        self.sinks.into_iter().try_for_each(|sink| sink.to.keep())
    }
}

impl Sink {
    fn write(&mut self, renderer: &dyn Render, piece: &str, output: &mut Output) -> io::Result<()> {
        if piece.is_empty() {
            return Ok(());
        }
        if !std::mem::take(&mut self.is_first) {
            self.to.write(renderer.separator(), output)?;
        }
        self.to.write(piece, output)
    }
}

impl To {
    fn file(path: PathBuf) -> Result<Self, String> {
        let file = Replacement::at(&path);
        let file = file.map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        Ok(Self::File(file, path))
    }

    fn write(&mut self, text: &str, output: &mut Output) -> io::Result<()> {
        match self {
            Self::Stdout => output.write(text),
            Self::Stderr => {
                Output::say_aside(text);
                Ok(())
            }
            Self::File(file, path) => file.write_all(text.as_bytes()).map_err(|error| named(path, &error)),
        }
    }

    /// Flushes the output to disk, which may be full.
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout | Self::Stderr => Ok(()),
            Self::File(file, path) => file.flush().map_err(|error| named(path, &error)),
        }
    }

    fn keep(self) -> io::Result<()> {
        match self {
            Self::Stdout | Self::Stderr => Ok(()),
            Self::File(file, path) => file.keep().map_err(|error| named(&path, &error)),
        }
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_may_name_its_file() {
        let wanted = |text: &str| text.parse::<Wanted>();
        assert_eq!(wanted("json"), Ok(Wanted { format: Format::Json, file: None }));
        assert_eq!(
            wanted("sarif=out/a=b.sarif"),
            Ok(Wanted { format: Format::Sarif, file: Some("out/a=b.sarif".into()) })
        );
        assert!(wanted("sarf").is_err_and(|error| error.contains("'sarif'")));
        assert!(wanted("html=").is_err());
    }
}
