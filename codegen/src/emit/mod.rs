//! Turns the intermediate representation into Rust.

mod access;
mod choice;
mod codes;
mod docs;
mod file;
mod profile;
mod record;
mod resource;
mod tokens;

pub(crate) use file::{Files, Paths};

use crate::ir::profile::ProfileStruct;
use crate::ir::{CodeList, Model};

/// Adds the files of base types.
pub(crate) fn base(model: &Model, files: &mut Files) {
    let specification = model.version.specification();
    for structure in &model.structures {
        files.add(
            &crate::names::module(&structure.owner),
            &structure.name,
            record::record(structure, model, specification),
        );
    }
    for choice in &model.choices {
        files.add(&crate::names::module(&choice.owner), &choice.name, choice::choice(choice));
    }
    for list in &model.codes {
        files.add_standalone("codes", &list.name, codes::codes(list));
    }
    let (name, tokens) = resource::resource(model);
    files.add("resource", name, tokens);
}

/// Adds the files of profiles.
pub(crate) fn profiles(model: &Model, structs: &[ProfileStruct], lists: &[CodeList], files: &mut Files) {
    let context = profile::Context { model, structs };
    for lowered in structs {
        // Structs shared by several profiles have a file of their own.
        let module = match lowered.owner.as_str() {
            crate::ir::profile::SHARED => "shared".to_owned(),
            owner => crate::names::module(owner),
        };
        files.add(&module, &lowered.name, profile::profile(lowered, &context));
    }
    for list in lists {
        files.add_standalone("codes", &list.name, codes::codes(list));
    }
}
