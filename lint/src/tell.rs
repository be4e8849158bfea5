//! Who is told what is amiss with what was asked for.

/// Takes what is said of packages and profiles while they are looked for.
pub trait Tell {
    /// What keeps a run from doing all that it was asked.
    fn complain(&self, message: &str);

    /// What may surprise.
    fn warn(&self, message: &str);

    /// Where a package or profile was named: an option of the command line, if nowhere else.
    fn namer(&self, option: &str, _named: &str) -> String {
        option.to_owned()
    }

    /// What was done, for who wants to know.
    fn note(&self, _message: &str) {}
}
