//! What is known about a definition, whichever kind of package it is in.

use super::head::{Global, Head, Kind};

/// What is known about a definition before it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    /// Which kind of definition it is.
    pub kind: Kind,
    /// Canonical URL; of a NamingSystem, its first unique id.
    pub url: &'a str,
    /// Business version.
    pub version: Option<&'a str>,
    /// Computer-friendly name.
    pub name: Option<&'a str>,
    /// StructureDefinition: the type that is defined or constrained.
    pub type_name: Option<&'a str>,
    /// StructureDefinition: whether it constrains a type, rather than adding one.
    pub is_constraint: bool,
    /// `ImplementationGuide`: the types that it requires to conform to a profile, each with the profile as it
    /// names it.
    pub globals: &'a [Global],
    /// The package it is in.
    pub package: &'a str,
}

impl<'a> Known<'a> {
    /// Combines the head of a definition with the package that it is in.
    pub(crate) fn of(head: &'a Head, package: &'a str) -> Self {
        Self {
            kind: head.kind,
            url: &head.url,
            version: head.version.as_deref(),
            name: head.name.as_deref(),
            type_name: head.type_name.as_deref(),
            is_constraint: head.is_constraint,
            globals: &head.globals,
            package,
        }
    }
}
