//! Which files of a git repository were changed.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why the changes cannot be determined.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangedError {
    /// Git is not installed.
    #[error("cannot run git: {0}")]
    NoGit(std::io::Error),
    /// The folder is not in a repository.
    #[error("this folder is not in a git repository")]
    NoRepository,
    /// There is no commit with that name.
    #[error("git knows no commit '{0}'; a shallow clone has only the most recent ones")]
    NoCommit(String),
    /// Git reports another error.
    #[error("git: {0}")]
    Other(String),
}

/// The files of a folder's repository that differ from the merge base of a commit and the current one, or that are
/// new; as canonical paths.
///
/// # Errors
///
/// If git cannot tell.
pub fn changed(folder: &Path, reference: &str) -> Result<HashSet<PathBuf>, ChangedError> {
    let git = Git(folder);
    let root = git.line(&["rev-parse", "--show-toplevel"]).map_err(|error| match error {
        ChangedError::Other(_) => ChangedError::NoRepository,
        other => other,
    })?;
    let root = PathBuf::from(root);
    let root = root.canonicalize().unwrap_or(root);
    let commit = format!("{reference}^{{commit}}");
    let has_commit = git.line(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]);
    let listed = match has_commit {
        Ok(commit) => {
            // Without a common ancestor, the plain difference is all that is left.
            let base = git.line(&["merge-base", &commit, "HEAD"]).unwrap_or(commit);
            git.all(&["diff", "--name-only", "--no-renames", "--diff-filter=d", "-z", &base, "--"])?
        }
        // Before the first commit, everything is new.
        Err(_) if reference == HEAD && git.line(&["rev-parse", "--verify", "--quiet", HEAD]).is_err() => {
            git.all(&["ls-files", "-z", "--full-name", "--cached", ":/"])?
        }
        Err(_) => return Err(ChangedError::NoCommit(reference.to_owned())),
    };
    let new = git.all(&["ls-files", "-z", "--full-name", "--others", "--exclude-standard", ":/"])?;
    let paths = [listed, new].concat();
    let paths = paths.split(|byte| *byte == 0).filter(|path| !path.is_empty());
    Ok(paths.map(|path| root.join(os_string(path))).collect())
}

/// The current commit.
pub const HEAD: &str = "HEAD";

struct Git<'a>(&'a Path);

impl Git<'_> {
    fn all(&self, args: &[&str]) -> Result<Vec<u8>, ChangedError> {
        let run = Command::new("git").arg("-C").arg(self.0).args(args).output();
        let run = run.map_err(ChangedError::NoGit)?;
        if run.status.success() {
            return Ok(run.stdout);
        }
        let said = String::from_utf8_lossy(&run.stderr);
        Err(ChangedError::Other(said.lines().next().unwrap_or_default().to_owned()))
    }

    fn line(&self, args: &[&str]) -> Result<String, ChangedError> {
        let out = self.all(args)?;
        Ok(String::from_utf8_lossy(&out).trim_end_matches(['\n', '\r']).to_owned())
    }
}

#[cfg(unix)]
fn os_string(bytes: &[u8]) -> OsString {
    <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes).to_owned()
}

#[cfg(not(unix))]
fn os_string(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}
