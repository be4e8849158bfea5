//! Names from earlier runs: a text file that keeps them stable when definitions change.
//!
//! Each line is the thing that has the name, ` = `, and the name. The thing is an element path (`Patient.contact`), the
//! canonical URL of a profile or value set, or a URL with the id of an element (`http://…/card#Patient.name:first`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::error::Error;
use crate::ir::profile::{Kept, ProfileStruct};
use crate::ir::{CodeList, Model};
use crate::names;

/// Names by the thing that has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Book {
    names: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Book {
    /// Reads the lines; empty ones and those that begin with `#` are ignored.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let mut book = Self::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fault = |reason: &str| Error::Names { line: number + 1, reason: reason.to_owned() };
            let (key, name) = line.rsplit_once(" = ").ok_or_else(|| fault("write it as WHAT = Name"))?;
            if syn::parse_str::<syn::Ident>(name).is_err() {
                return Err(fault("the text after '=' is not a name in Rust"));
            }
            if !book.taken.insert(name.to_owned()) {
                return Err(fault("another line has the same name"));
            }
            book.names.insert(key.to_owned(), name.to_owned());
        }
        Ok(book)
    }

    /// The name that a thing had before, else the first of several that nothing else has or had.
    pub(crate) fn choose<const N: usize>(
        &self,
        key: &str,
        wanted: [String; N],
        is_taken: impl Fn(&str) -> bool,
    ) -> String {
        match self.names.get(key).filter(|name| !is_taken(name)) {
            Some(kept) => kept.clone(),
            None => names::first_free(wanted, |name| is_taken(name) || self.taken.contains(name)),
        }
    }

    /// The lines for everything that was generated, and for things that no longer are, so that their names are not
    /// reused.
    pub(crate) fn write(
        &self,
        model: Option<&Model>,
        structs: &[ProfileStruct],
        lists: &[CodeList],
    ) -> String {
        let mut names = self.names.clone();
        let mut note = |key: &str, name: &str| drop(names.insert(key.to_owned(), name.to_owned()));
        if let Some(model) = model {
            model.structures.iter().for_each(|structure| note(&structure.path, &structure.name));
            model.choices.iter().for_each(|choice| note(&choice.path, &choice.name));
        }
        let base_lists = model.map_or(&[][..], |model| &model.codes);
        base_lists.iter().chain(lists).for_each(|list| note(&list.value_set, &list.name));
        for lowered in structs {
            if !lowered.key.is_empty() {
                note(&lowered.key, &lowered.name);
            }
            let types = lowered.kept().filter_map(Kept::own_types);
            lowered.aliases.iter().chain(types).for_each(|alias| note(&alias.key, &alias.name));
        }
        let mut text =
            "# Names of generated types, kept stable when definitions change: keep this file with the code.\n"
                .to_owned();
        for (key, name) in &names {
            let _infallible = writeln!(text, "{key} = {name}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Book;

    #[test]
    fn a_name_stays_with_what_has_it() {
        let book = Book::read("# Names\n\nhttp://example.org/a = Card\nPatient.contact = Kin\n")
            .expect("it is well formed");
        let choose = |key: &str, wanted: &str| book.choose(key, [wanted.to_owned()], |_| false);
        assert_eq!(choose("http://example.org/a", "Other"), "Card");
        assert_eq!(choose("http://example.org/b", "Card"), "Card2", "it is the name of another");
        assert_eq!(choose("http://example.org/b", "Ticket"), "Ticket");
    }

    #[test]
    fn faults_are_named_with_their_line() {
        for (text, said) in [
            ("\nPatient", "line 2"),
            ("Patient = two words", "not a name in Rust"),
            ("A = Card\nB = Card", "line 2: another line"),
        ] {
            let error = Book::read(text).expect_err(text).to_string();
            assert!(error.contains(said), "'{error}' does not say '{said}'");
        }
    }
}
