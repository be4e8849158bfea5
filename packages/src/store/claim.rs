//! Claims: if several runs work at once, one puts a package into a folder and the others wait.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::thread;
use std::time::{Duration, Instant};

/// How long a run waits for another one.
const PATIENCE: Duration = Duration::from_mins(10);
/// How often it checks.
const PAUSE: Duration = Duration::from_millis(20);

/// The right to put one package into a folder. It is released when this value is dropped or the process ends.
#[derive(Debug)]
pub(crate) struct Claim {
    path: PathBuf,
    file: Option<File>,
}

impl Claim {
    /// Claims by creating a file that holds the process id, as other tools expect.
    pub(crate) fn take(path: &Path) -> io::Result<Self> {
        let end = Instant::now() + PATIENCE;
        loop {
            let mut file =
                OpenOptions::new().create(true).truncate(false).write(true).read(true).open(path)?;
            match file.try_lock() {
                // The previous holder may have removed the file since it was opened here.
                Ok(()) if is_at(&file, path) => {
                    file.set_len(0)?;
                    file.write_all(process::id().to_string().as_bytes())?;
                    return Ok(Self { path: path.to_owned(), file: Some(file) });
                }
                Ok(()) => {}
                Err(TryLockError::WouldBlock) if Instant::now() < end => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    return Err(io::Error::new(
                        io::ErrorKind::TimedOut,
                        format!("another run holds it for more than {} minutes", PATIENCE.as_secs() / 60),
                    ));
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

impl Claim {
    /// Claims if nobody else holds it.
    pub(super) fn attempt(path: &Path) -> Option<Self> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).ok()?;
        let is_own = file.try_lock().is_ok() && is_at(&file, path);
        is_own.then(|| Self { path: path.to_owned(), file: Some(file) })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Removed while it is held, so that nobody holds a file that does not exist.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
        self.file = None;
        if !cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether an open file is the one at a path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(held), Ok(there)) = (file.metadata(), path.metadata()) else { return false };
    (held.dev(), held.ino()) == (there.dev(), there.ino())
}

/// Where an open file cannot be removed, the path still leads to it.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn one_at_a_time_and_nothing_is_left() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a.b#1.0.0.lock");
        let inside = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        let claim = Claim::take(&path).unwrap();
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        thread::sleep(Duration::from_micros(100));
                        inside.fetch_sub(1, Ordering::SeqCst);
                        drop(claim);
                    }
                });
            }
        });
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_run_left_is_no_claim() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a.b#1.0.0.lock");
        fs::write(&path, "12345").unwrap();
        drop(Claim::take(&path).unwrap());
        assert!(!path.exists());
    }
}
