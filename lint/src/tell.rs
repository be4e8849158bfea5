//! The receiver of messages about packages and profiles.

/// Receives messages about packages and profiles while they are looked up.
pub trait Tell {
    /// Something that keeps a run from doing all that it was asked to do.
    fn complain(&self, message: &str);

    /// Something that may surprise.
    fn warn(&self, message: &str);

    /// Where a package or profile was named: by default, an option of the command line.
    fn namer(&self, option: &str, _named: &str) -> String {
        option.to_owned()
    }

    /// Something that was done, for verbose output.
    fn note(&self, _message: &str) {}
}
