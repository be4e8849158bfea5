//! Writes generated items into files, with imports, headers and formatting.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use super::tokens::ident;
use crate::error::Error;
use crate::ir::Primitive;

/// The paths by which generated code refers to the crate that it builds on.
pub(crate) struct Paths {
    /// `crate` inside the model crate, `::ers_fhir_model` elsewhere.
    pub(crate) model: syn::Path,
    /// Names of base types, and the module that they are imported from, for files of profiles.
    pub(crate) base: Option<(BTreeSet<String>, syn::Path)>,
}

/// Files under construction.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// Items by file, with the names they define.
    modules: BTreeMap<String, Vec<(String, TokenStream)>>,
    /// Files whose items refer to no types but their own.
    standalone: BTreeSet<String>,
}

impl Files {
    /// Adds the items of a name to a file.
    pub(crate) fn add(&mut self, module: &str, name: &str, tokens: TokenStream) {
        self.modules.entry(module.to_owned()).or_default().push((name.to_owned(), tokens));
    }

    /// Adds the items of a name to a file whose items do not refer to types of other files.
    pub(crate) fn add_standalone(&mut self, module: &str, name: &str, tokens: TokenStream) {
        self.standalone.insert(module.to_owned());
        self.add(module, name, tokens);
    }

    /// Files, and a `mod.rs` that joins them into one module.
    ///
    /// It is a single module because the compiler makes a codegen unit of each module, and gives each unit its own
    /// copy of the code that drops a value. Resources contain resources, so this code is as large as the release, and
    /// a module for each type would compile it over and over.
    pub(crate) fn into_modules(
        self,
        paths: &Paths,
        header: &str,
        docs: &str,
    ) -> Result<Vec<(String, String)>, Error> {
        let mut files = Vec::new();
        let mut root = TokenStream::new();
        let mut used = BTreeSet::new();
        for (module, items) in &self.modules {
            let tokens: TokenStream = items.iter().map(|(_, tokens)| tokens.clone()).collect();
            if !self.standalone.contains(module) {
                identifiers(&tokens, &mut used);
            }
            let name = format!("{module}.rs");
            root.extend(quote!(include!(#name);));
            files.push((name, render(module, header, "", &tokens)?));
        }
        for (name, _) in self.modules.values().flatten() {
            used.remove(name);
        }
        let imports = imports(&used, paths);
        files.push(("mod.rs".to_owned(), render("mod", header, docs, &quote!(#imports #root))?));
        Ok(files)
    }

    /// All items in one file.
    pub(crate) fn into_one(self, paths: &Paths, header: &str) -> Result<String, Error> {
        let (mut tokens, mut used) = (TokenStream::new(), BTreeSet::new());
        for (module, items) in self.modules {
            let items: TokenStream = items.into_iter().map(|(_, items)| items).collect();
            if !self.standalone.contains(&module) {
                identifiers(&items, &mut used);
            }
            tokens.extend(items);
        }
        let imports = imports(&used, paths);
        render("one file", header, "", &quote!(#imports #tokens))
    }
}

/// Imports of primitives and of the runtime.
fn imports(used: &BTreeSet<String>, paths: &Paths) -> TokenStream {
    let model = &paths.model;
    let ours: BTreeSet<&str> =
        Primitive::rust_names().filter(|name| used.contains(*name) && Primitive::is_own_name(name)).collect();
    let ours: Vec<_> = ours.into_iter().map(ident).collect();
    let primitives = (!ours.is_empty()).then(|| quote!(use #model::primitives::{#(#ours),*};));
    let base = paths.base.as_ref().and_then(|(names, path)| {
        let names: Vec<_> =
            names.iter().filter(|name| used.contains(*name)).map(|name| ident(name)).collect();
        (!names.is_empty()).then(|| quote!(use #path::{#(#names),*};))
    });
    quote!(#primitives #base use #model::runtime;)
}

/// The identifiers at the start of a path.
fn identifiers(tokens: &TokenStream, found: &mut BTreeSet<String>) {
    let mut colons = 0;
    let mut tokens = tokens.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => {
                colons += 1;
                continue;
            }
            // An identifier before a parenthesis is a variant or a function.
            TokenTree::Ident(ident) if colons < 2 && !is_parenthesis(tokens.peek()) => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => identifiers(&group.stream(), found),
            _ => {}
        }
        colons = 0;
    }
}

fn is_parenthesis(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
}

/// Formats items as a file under a header.
fn render(file: &str, header: &str, docs: &str, tokens: &TokenStream) -> Result<String, Error> {
    let parsed: syn::File = syn::parse2(tokens.clone())
        .map_err(|error| Error::Syntax { file: file.to_owned(), reason: error.to_string() })?;
    let body = prettyplease::unparse(&parsed);
    let header: Vec<String> = header.lines().map(|line| format!("// {line}")).collect();
    let header = header.join("\n") + "\n";
    let docs =
        docs.lines().map(|line| format!("//! {line}").trim_end().to_owned() + "\n").collect::<String>();
    let gap = if docs.is_empty() { "" } else { "\n" };
    Ok(format!("{header}\n{docs}{gap}{body}"))
}
