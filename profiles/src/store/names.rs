//! Code systems with more than one name.

/// The names of code systems in addition to the URLs of their definitions.
///
/// A service may build the URL of a list from the address at which it is called, so that one list has
/// another URL in each environment.
#[derive(Debug, Clone, Copy)]
pub struct CodeSystemNames {
    /// The URL of the definition that a name leads to, which is itself a name; `None` if it is not such a
    /// name.
    pub canonical: fn(&str) -> Option<String>,
    /// A regular expression in the dialect of JSON Schema for the names of the code system with that URL;
    /// `None` if it has none.
    pub pattern: fn(&str) -> Option<String>,
}
