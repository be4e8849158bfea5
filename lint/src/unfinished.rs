//! Incomplete files: they are removed if the process is terminated.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// An incomplete file. Once this guard is dropped, the file is left alone.
#[derive(Debug)]
pub(crate) struct Unfinished(PathBuf);

/// All incomplete files.
static ALL: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

impl Unfinished {
    /// A guard for the file that is about to be made at a path.
    pub(crate) fn at(path: &Path) -> Self {
        #[cfg(unix)]
        listen();
        ALL.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
        Self(path.to_owned())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = all.iter().position(|path| *path == self.0) {
            all.swap_remove(at);
        }
    }
}

/// From the first file on, a thread waits for termination signals, and removes the files before the process
/// ends.
#[cfg(unix)]
fn listen() {
    use std::sync::{Once, mpsc};
    use std::{fs, thread};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    static LISTENS: Once = Once::new();
    LISTENS.call_once(|| {
        let (to_tell, told) = mpsc::channel();
        let listen = move || {
            let heeded = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !is_ignored(*signal));
            let Ok(mut signals) = Signals::new(heeded) else { return };
            let _ = to_tell.send(());
            if let Some(signal) = signals.forever().next() {
                // The lock is held until the end, so that no other file is made.
                let all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
                for path in &*all {
                    let _ = fs::remove_file(path);
                }
                let _ = emulate_default_handler(signal);
            }
        };
        // Without a thread, the process ends like any other.
        if thread::Builder::new().name("signals".to_owned()).spawn(listen).is_ok() {
            let _ = told.recv();
        }
    });
}

/// Whether the process was started so that it ignores a signal, as with `nohup`; as far as the system tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
