//! Code systems, value sets and naming systems.

/// A set of codes.
///
/// Source: <http://hl7.org/fhir/R4/valueset.html>.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ValueSet {
    /// Canonical URL.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// Computer-friendly name.
    pub name: Option<String>,
    /// Human-friendly title.
    pub title: Option<String>,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: Option<String>,
    /// `compose.inactive`: whether inactive codes are in the set; `None` where it does not say.
    pub inactive: Option<bool>,
    /// `compose.include`.
    pub include: Vec<ConceptSet>,
    /// `compose.exclude`.
    pub exclude: Vec<ConceptSet>,
    /// Codes of a published expansion that may be used as values.
    pub expansion: Vec<Coding>,
    /// Whether these are all such codes of the value set.
    pub is_whole_expansion: bool,
}

/// One include or exclude of a value set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConceptSet {
    /// Code system; `None` where only value sets are imported.
    pub system: Option<String>,
    /// Version of the code system.
    pub version: Option<String>,
    /// Codes picked by name, with the display the set gives them; empty for all.
    pub concepts: Vec<(String, Option<String>)>,
    /// Designations that the set gives to codes picked by name: code and text.
    pub designations: Vec<(String, String)>,
    /// Filters, all of which must hold.
    pub filters: Vec<ConceptFilter>,
    /// Canonicals of value sets, all of which must hold the code.
    pub value_sets: Vec<String>,
}

/// A filter on a property of the concepts of a code system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConceptFilter {
    /// Property or built-in (`concept`, `code`, `display`).
    pub property: String,
    /// Operator as the specification writes it: `=`, `is-a`, `descendent-of`, `in` ...
    pub op: String,
    /// The value to compare with.
    pub value: String,
}

/// A code with its system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coding {
    /// Code system; `None` where an expansion omits it.
    pub system: Option<String>,
    /// The code.
    pub code: String,
    /// What it means.
    pub display: Option<String>,
}

/// A code system.
///
/// Source: <http://hl7.org/fhir/R4/codesystem.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSystem {
    /// Canonical URL, which is also `Coding.system`.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// Computer-friendly name.
    pub name: Option<String>,
    /// Human-friendly title.
    pub title: Option<String>,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: Option<String>,
    /// How much of the code system is here.
    pub content: CodeSystemContent,
    /// Whether case distinguishes codes. If a system does not say, it does not: any case is then accepted, as
    /// the specification asks.
    pub case_sensitive: bool,
    /// Meaning of the nesting of concepts, where given: `is-a`, `part-of` ...
    pub hierarchy_meaning: Option<String>,
    /// Canonical of the value set of all codes.
    pub value_set: Option<String>,
    /// Canonical of the code system this one supplements.
    pub supplements: Option<String>,
    /// Properties that concepts may have: code, and the URI that gives its meaning.
    pub properties: Vec<(String, Option<String>)>,
    /// Concepts, flattened in document order.
    pub concepts: Vec<Concept>,
}

/// `CodeSystem.content`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeSystemContent {
    /// No concepts.
    NotPresent,
    /// A few.
    Example,
    /// Some.
    Fragment,
    /// All.
    Complete,
    /// Extra facts about another system's concepts.
    Supplement,
}

/// One concept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Concept {
    /// The code.
    pub code: String,
    /// What it means.
    pub display: Option<String>,
    /// Designations: language and text.
    pub designations: Vec<(Option<String>, String)>,
    /// The full definition, if the package carries it.
    pub definition: Option<String>,
    /// Index of the concept it is nested under.
    pub parent: Option<usize>,
    /// Properties: code and value as text. A property that FHIR defines is also listed under FHIR's name for
    /// it (`parent`, `child`, `inactive` ...), whatever code the system gives it.
    pub properties: Vec<(String, String)>,
}

/// A namespace of identifiers or codes.
///
/// Source: <http://hl7.org/fhir/R4/namingsystem.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamingSystem {
    /// Computer-friendly name.
    pub name: String,
    /// `codesystem`, `identifier` or `root`.
    pub kind: String,
    /// Identifiers of the namespace: type (`uri`, `oid` ...) and value, preferred first.
    pub unique_ids: Vec<(String, String)>,
    /// Description, where the package carries one.
    pub description: Option<String>,
}
