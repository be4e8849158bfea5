//! `validate --watch`: checks again whenever something changes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use ers_fhir_lint::{PREFIX, inputs};
use notify::{Event, EventKind, RecursiveMode, Watcher};

use crate::args::Validate;
use crate::ending::Ending;
use crate::formats::real;
use crate::output::Output;
use crate::settings;
use crate::validate::{Stop, once};

/// How long nothing may change before a check begins, since an editor saves in several steps.
const QUIET: Duration = Duration::from_millis(150);
/// Files with these names affect how payloads are checked, wherever they are.
const SETTINGS: [&str; 2] = ["ers-fhir.toml", "fhir.lock"];
/// How long a watched file may be missing.
const AWAY: Duration = Duration::from_secs(1);

/// Checks repeatedly until the watched files are gone.
pub(crate) fn run(said: &Validate, output: &mut Output) -> Result<Ending, Stop> {
    let watched = Watched::new(said)?;
    // If no thread can be started, the watcher would panic when it starts its own.
    let thread = std::thread::Builder::new().spawn(|| ());
    thread.map_err(|error| Stop::Asked(format!("--watch: no thread can be started: {error}")))?;
    let (sender, events) = channel();
    let mut telling = notify::recommended_watcher(sender).map_err(|error| failed(&error))?;
    for (folder, mode) in &watched.folders {
        telling.watch(folder, *mode).map_err(|error| failed(&error))?;
    }
    loop {
        if Output::is_terminal() {
            // A clean screen that keeps the earlier output above it.
            output.write("\u{1b}[2J\u{1b}[H")?;
        }
        match once(said, false, output) {
            Ok(_) => {}
            // Settings may be saved unfinished while they are edited.
            Err(Stop::Asked(message)) => output.complain(&message),
            Err(error) => return Err(error),
        }
        output.flush()?;
        if output.is_left() {
            return Ok(Ending::Clean);
        }
        output.note("watching", "for changes; Ctrl-C ends it");
        watched.wait(&events)?;
        if let Some(gone) = watched.gone() {
            return Err(Stop::Asked(format!("--watch: {} is gone", gone.display())));
        }
    }
}

fn failed(error: &notify::Error) -> Stop {
    Stop::Asked(format!("--watch: {error}"))
}

/// The watched paths.
struct Watched {
    /// The checked paths.
    paths: Vec<PathBuf>,
    folders: Vec<(PathBuf, RecursiveMode)>,
    /// Files that a check writes itself.
    written: BTreeSet<PathBuf>,
    /// Files that affect how payloads are checked: settings and baselines.
    said: BTreeSet<PathBuf>,
}

impl Watched {
    fn new(said: &Validate) -> Result<Self, Stop> {
        let in_force = settings::find(said)?;
        let args = settings::under(said, in_force.as_ref())?;
        let paths = args.named_paths();
        if paths.iter().any(|path| path == Path::new("-")) {
            return Err(Stop::Asked("--watch: name the files or folders to watch".to_owned()));
        }
        let mut folders: Vec<_> = paths.iter().map(|path| place(path)).collect();
        if let Some(in_force) = &in_force {
            folders.push((in_force.folder().to_owned(), RecursiveMode::NonRecursive));
        }
        // Watching a folder again may end the watch on those in it.
        folders.sort_by_key(|(_, mode)| *mode == RecursiveMode::NonRecursive);
        let mut known = BTreeSet::new();
        folders.retain(|(folder, _)| known.insert(folder.canonicalize().unwrap_or_else(|_| folder.clone())));
        let written = args.targets().filter_map(|(_, path)| real(path)).collect();
        let said = in_force.iter().map(|in_force| &in_force.path).chain(&args.baseline);
        let said = said.filter_map(|path| real(path)).collect();
        Ok(Self { paths, folders, written, said })
    }

    /// Waits until something has changed and the changes have stopped.
    fn wait(&self, events: &Receiver<notify::Result<Event>>) -> Result<(), Stop> {
        let ended = || Stop::Asked("--watch: changes are no longer reported".to_owned());
        loop {
            match events.recv().map_err(|_| ended())? {
                Ok(event) if !self.matters(&event) => {}
                Ok(_) => break,
                Err(error) => return Err(failed(&error)),
            }
        }
        loop {
            match events.recv_timeout(QUIET) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(ended()),
            }
        }
    }

    fn matters(&self, event: &Event) -> bool {
        !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| self.is_read(path))
    }

    /// Whether a check may read the file at a path, unlike other files in the folder, such as the output.
    fn is_read(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let place = real(path);
        let is_among =
            |places: &BTreeSet<PathBuf>| place.as_ref().is_some_and(|place| places.contains(place));
        // Files are replaced from hidden ones.
        if name.starts_with(PREFIX) || is_among(&self.written) {
            return false;
        }
        let is_named = || self.paths.iter().any(|named| real(named) == place);
        // A missing path may have been a folder.
        let is_folder = || !path.is_file() && path.extension().is_none();
        let is_settings = SETTINGS.contains(&&*name) || is_among(&self.said);
        inputs::may_hold_payloads(path)
            || inputs::IGNORE_FILES.contains(&&*name)
            || is_settings
            || is_folder()
            || is_named()
    }

    /// A watched path that has been missing for too long.
    fn gone(&self) -> Option<&Path> {
        let gone = || self.paths.iter().find(|path| is_fixed(path) && !path.exists());
        // Replacing a file or folder may begin with removing the old one.
        gone()?;
        std::thread::sleep(AWAY);
        gone().map(PathBuf::as_path)
    }
}

fn is_fixed(path: &Path) -> bool {
    !inputs::is_pattern(path)
}

/// The folder to watch for a path, since a file may be replaced by another.
fn place(path: &Path) -> (PathBuf, RecursiveMode) {
    if path.is_dir() {
        return (path.to_owned(), RecursiveMode::Recursive);
    }
    let mode = if is_fixed(path) { RecursiveMode::NonRecursive } else { RecursiveMode::Recursive };
    let folder = path.ancestors().skip(1).find(|above| above.is_dir());
    (folder.filter(|above| above.file_name().is_some()).map_or_else(|| PathBuf::from("."), Into::into), mode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_check_reads_begins_another() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let watched = Watched {
            paths: vec![manifest.join("README.md")],
            folders: Vec::new(),
            written: BTreeSet::from([manifest.join("found.json")]),
            said: BTreeSet::from([manifest.join("known.baseline")]),
        };
        let is_read = |name: &str| watched.is_read(&manifest.join(name));
        for name in
            ["a.json", "A.XML", "many.ndjson", "all.tgz", ".gitignore", "ers-fhir.toml", "README.md", "gone"]
        {
            assert!(is_read(name), "{name}");
        }
        assert!(is_read("known.baseline"));
        for name in ["found.json", "Cargo.toml", "LICENSE-MIT", "out.log", ".ers-fhir-x1.json"] {
            assert!(!is_read(name), "{name}");
        }
    }

    #[test]
    fn a_file_is_watched_in_its_folder() {
        assert_eq!(place(Path::new("src/main.rs")), ("src".into(), RecursiveMode::NonRecursive));
        assert_eq!(place(Path::new("Cargo.toml")), (".".into(), RecursiveMode::NonRecursive));
        assert_eq!(place(Path::new("src/**/*.rs")), ("src".into(), RecursiveMode::Recursive));
        assert_eq!(place(Path::new("src")), ("src".into(), RecursiveMode::Recursive));
    }
}
