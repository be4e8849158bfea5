//! Intermediate representation to Rust.

mod choice;
mod codes;
mod docs;
mod file;
mod profile;
mod record;
mod resource;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

pub(crate) use file::{Files, Paths};

use crate::ir::profile::ProfileStruct;
use crate::ir::{CodeList, Model, Type};

/// An identifier; keywords become raw ones.
pub(crate) fn ident(name: &str) -> Ident {
    match name {
        "self" | "Self" | "super" | "crate" => Ident::new(&format!("{name}_"), Span::call_site()),
        _ if syn::parse_str::<Ident>(name).is_err() => Ident::new_raw(name, Span::call_site()),
        _ => Ident::new(name, Span::call_site()),
    }
}

/// Attributes that settings ask for.
pub(crate) fn attributes(given: &[String]) -> TokenStream {
    // Settings are checked before anything is emitted, so that each of them is Rust.
    given.iter().filter_map(|attribute| attribute.parse::<TokenStream>().ok()).collect()
}

/// The Rust type of one value.
pub(crate) fn type_tokens(ty: &Type) -> TokenStream {
    match ty {
        Type::Primitive(primitive) => {
            let name = ident(primitive.rust);
            quote!(#name)
        }
        Type::Structure { name, is_boxed } => {
            let name = ident(name);
            if *is_boxed { quote!(Box<#name>) } else { quote!(#name) }
        }
        Type::Code(name) | Type::Choice(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Type::Resource => quote!(Resource),
    }
}

/// Adds the files of base types.
pub(crate) fn base(model: &Model, files: &mut Files) {
    let specification = model.version.specification();
    for structure in &model.structures {
        files.add(
            &crate::names::snake(&structure.owner),
            &structure.name,
            record::record(structure, model, specification),
        );
    }
    for choice in &model.choices {
        files.add(&crate::names::snake(&choice.owner), &choice.name, choice::choice(choice));
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
        files.add(&crate::names::snake(&lowered.owner), &lowered.name, profile::profile(lowered, &context));
    }
    for list in lists {
        files.add_standalone("codes", &list.name, codes::codes(list));
    }
}
