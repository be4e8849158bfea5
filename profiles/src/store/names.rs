//! Code systems that go by more than one name.

/// The names of code systems beside the URLs of their definitions.
///
/// A service may build the URL of a list from the address at which it is called, so that one list has
/// another URL in each environment.
#[derive(Debug, Clone, Copy)]
pub struct CodeSystemNames {
    /// The URL of the definition that a name leads to, which is itself a name; `None` where it is no
    /// such name.
    pub canonical: fn(&str) -> Option<String>,
    /// A regular expression, of the kind that JSON Schema takes, for the names of the code system with
    /// that URL; `None` where it has none.
    pub pattern: fn(&str) -> Option<String>,
}
