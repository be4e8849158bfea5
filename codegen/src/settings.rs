//! Settings by element path: what is left out, the names of types and fields, and their attributes.
//!
//! A setting applies to the element at its path and, unless documented otherwise, to all below it. Of
//! several settings the one with the longest path wins, except for attributes, which add up.

use std::collections::BTreeSet;

use ers_fhir_profiles::Definitions;

use crate::book::Book;
use crate::error::Error;
use crate::ir::profile::ProfileStruct;
use crate::ir::{CodeList, Model};
use crate::names;

/// The path that every element is below.
const EVERYWHERE: &str = ".";

/// Types that generated code refers to by name.
const FIXED_NAMES: [&str; 2] = ["Element", "Resource"];

/// Settings by element path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    skipped: Vec<String>,
    type_names: Vec<(String, String)>,
    field_names: Vec<(String, String)>,
    type_attributes: Vec<(String, String)>,
    field_attributes: Vec<(String, String)>,
    singles: Vec<String>,
    /// Names from earlier runs.
    pub(crate) book: Book,
}

impl Settings {
    pub(crate) fn skip(&mut self, path: String) {
        self.skipped.push(path);
    }

    pub(crate) fn name_type(&mut self, path: String, name: String) {
        self.type_names.push((path, name));
    }

    pub(crate) fn name_field(&mut self, path: String, name: String) {
        self.field_names.push((path, name));
    }

    pub(crate) fn add_type_attribute(&mut self, path: String, attribute: String) {
        self.type_attributes.push((path, attribute));
    }

    pub(crate) fn add_field_attribute(&mut self, path: String, attribute: String) {
        self.field_attributes.push((path, attribute));
    }

    pub(crate) fn write_single(&mut self, path: String) {
        self.singles.push(path);
    }

    /// Whether the only value of an element is written without an array.
    pub(crate) fn is_single(&self, path: &str) -> bool {
        self.singles.iter().any(|single| single == path)
    }

    /// Whether an element, or one around it, is left out.
    pub(crate) fn skips(&self, path: &str) -> bool {
        self.skipped.iter().any(|skipped| below(path, skipped).is_some())
    }

    /// The Rust name of the type at a path: `PatientContact` for `Patient.contact`.
    pub(crate) fn type_name(&self, path: &str) -> String {
        let found = self.type_names.iter().filter_map(|(set, name)| Some((set, name, below(path, set)?)));
        match found.max_by_key(|(set, ..)| set.len()) {
            Some((_, name, rest)) => name.clone() + &joined(rest),
            None => joined(path),
        }
    }

    /// Whether the name of the type at a path, or the start of it, was set.
    pub(crate) fn is_type_named(&self, path: &str) -> bool {
        self.type_names.iter().any(|(set, _)| below(path, set).is_some())
    }

    /// The name that was set for an enum of codes or the struct of a profile, by its canonical URL.
    pub(crate) fn named(&self, url: &str) -> Option<&str> {
        let found = self.type_names.iter().rev().find(|(set, _)| set == url);
        found.map(|(_, name)| name.as_str())
    }

    /// The Rust name that was set for the field of the element at a path.
    pub(crate) fn field_name(&self, path: &str) -> Option<&str> {
        let found = self.field_names.iter().rev().find(|(set, _)| plain(set) == plain(path));
        found.map(|(_, name)| name.as_str())
    }

    /// Attributes of the type at a path.
    pub(crate) fn type_attributes(&self, path: &str) -> Vec<String> {
        attributes(&self.type_attributes, path)
    }

    /// Attributes of the field for the element at a path.
    pub(crate) fn field_attributes(&self, path: &str) -> Vec<String> {
        attributes(&self.field_attributes, path)
    }

    /// Refuses settings that are not valid Rust.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for (path, name) in self.type_names.iter().chain(&self.field_names) {
            if syn::parse_str::<syn::Ident>(name).is_err() {
                return Err(fault(path, format!("'{name}' is not a name in Rust: choose another")));
            }
        }
        for (path, attribute) in self.type_attributes.iter().chain(&self.field_attributes) {
            let parsed = syn::parse::Parser::parse_str(syn::Attribute::parse_outer, attribute);
            if !parsed.is_ok_and(|found| !found.is_empty()) {
                return Err(fault(path, format!("'{attribute}' is not an attribute: write it as #[...]")));
            }
        }
        match self.type_names.iter().find(|(path, _)| FIXED_NAMES.contains(&path.as_str())) {
            Some((path, _)) => Err(fault(
                path,
                "generated code relies on the name of this type: do not change it".to_owned(),
            )),
            None => Ok(()),
        }
    }

    /// Refuses settings for things that do not exist, and names that two things would share.
    pub(crate) fn check_against(
        &self,
        definitions: &Definitions,
        generated: &Generated<'_>,
    ) -> Result<(), Error> {
        let pairs = [&self.type_names, &self.field_names, &self.type_attributes, &self.field_attributes];
        let paths = pairs.into_iter().flatten().map(|(path, _)| path);
        for path in self.skipped.iter().chain(&self.singles).chain(paths) {
            generated.check_path(path, definitions)?;
        }
        generated.check_names()
    }
}

/// Everything that is generated, to check settings against.
pub(crate) struct Generated<'a> {
    pub(crate) model: &'a Model,
    pub(crate) structs: &'a [ProfileStruct],
    /// Enums of codes that profiles need.
    pub(crate) lists: &'a [CodeList],
}

impl Generated<'_> {
    /// Refuses a path that names nothing: a typing error, or outdated by a new version of a package.
    fn check_path(&self, path: &str, definitions: &Definitions) -> Result<(), Error> {
        let mut lists = self.model.codes.iter().chain(self.lists);
        let is_canonical = lists.any(|list| list.value_set == path)
            || self.structs.iter().any(|lowered| lowered.url.as_deref() == Some(path));
        if path == EVERYWHERE || is_canonical {
            return Ok(());
        }
        let owner = path.split('.').next().unwrap_or(path);
        if !self.model.structures.iter().any(|structure| structure.owner == owner) {
            return Err(fault(path, "nothing is generated for it: correct or remove it".to_owned()));
        }
        let definition = definitions.type_definition(owner)?;
        let snapshot = definition.map(|definition| definitions.snapshot(&definition.url)).transpose()?;
        let is_element = snapshot.flatten().is_some_and(|snapshot| {
            snapshot.elements().iter().any(|element| plain(&element.path) == plain(path))
        });
        if is_element {
            Ok(())
        } else {
            Err(fault(path, format!("{owner} has no such element: correct or remove it")))
        }
    }

    fn check_names(&self) -> Result<(), Error> {
        let structures = self.model.structures.iter().map(|structure| (&structure.name, &structure.path));
        let choices = self.model.choices.iter().map(|choice| (&choice.name, &choice.path));
        let lists = self.model.codes.iter().chain(self.lists).map(|list| (&list.name, &list.value_set));
        let structs = self.structs.iter();
        let structs = structs.map(|lowered| (&lowered.name, lowered.url.as_ref().unwrap_or(&lowered.path)));
        let mut seen = BTreeSet::new();
        for (name, path) in structures.chain(choices).chain(lists).chain(structs) {
            if !seen.insert(name) {
                return Err(fault(path, format!("another type is called {name}: choose another name")));
            }
        }
        for structure in &self.model.structures {
            let mut seen: BTreeSet<&str> = ["extras"].into();
            for field in &structure.fields {
                if !seen.insert(&field.name) {
                    let reason = format!("another field is called {}: choose another name", field.name);
                    return Err(fault(&field.path, reason));
                }
            }
        }
        Ok(())
    }
}

fn fault(path: &str, reason: String) -> Error {
    Error::Setting { path: path.to_owned(), reason }
}

/// A path without the mark of a choice.
fn plain(path: &str) -> &str {
    path.trim_end_matches("[x]")
}

/// What follows `set` in a path at or below it.
fn below<'a>(path: &'a str, set: &str) -> Option<&'a str> {
    if set == EVERYWHERE {
        return Some(path);
    }
    let rest = plain(path).strip_prefix(plain(set))?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
}

fn joined(path: &str) -> String {
    plain(path).split('.').map(names::pascal).collect()
}

fn attributes(set: &[(String, String)], path: &str) -> Vec<String> {
    let found = set.iter().filter(|(set, _)| below(path, set).is_some());
    found.map(|(_, attribute)| attribute.clone()).collect()
}
