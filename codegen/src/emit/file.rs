//! Generated items to files: imports, headers, formatting.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::ident;
use crate::error::Error;
use crate::ir::Primitive;

/// What generated code calls the crate that it stands on.
pub(crate) struct Paths {
    /// `crate` inside the model crate, `::ers_fhir_model` elsewhere.
    pub(crate) model: syn::Path,
    /// Names of base types, and the module that they are imported from, for files of profiles.
    pub(crate) base: Option<(BTreeSet<String>, syn::Path)>,
}

/// Modules under construction.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// Items by module, with the names they define.
    modules: BTreeMap<String, Vec<(String, TokenStream)>>,
    /// Modules whose items name no type but their own.
    standalone: BTreeSet<String>,
}

impl Files {
    /// Adds the items of a name to a module.
    pub(crate) fn add(&mut self, module: &str, name: &str, tokens: TokenStream) {
        self.modules.entry(module.to_owned()).or_default().push((name.to_owned(), tokens));
    }

    /// Adds the items of a name to a module in which no item names a type of another.
    pub(crate) fn add_standalone(&mut self, module: &str, name: &str, tokens: TokenStream) {
        self.standalone.insert(module.to_owned());
        self.add(module, name, tokens);
    }

    /// A file for each module, and `mod.rs` over them.
    pub(crate) fn into_modules(
        self,
        paths: &Paths,
        header: &str,
        docs: &str,
    ) -> Result<Vec<(String, String)>, Error> {
        let owners: BTreeMap<&str, &str> = self
            .modules
            .iter()
            .flat_map(|(module, items)| items.iter().map(|(name, _)| (name.as_str(), module.as_str())))
            .collect();
        let mut files = Vec::new();
        let mut root = TokenStream::new();
        for (module, items) in &self.modules {
            let name = ident(module);
            let names = items.iter().map(|(name, _)| ident(name));
            root.extend(quote!(mod #name; pub use #name::{#(#names),*};));
            let tokens: TokenStream = items.iter().map(|(_, tokens)| tokens.clone()).collect();
            let mut used = BTreeSet::new();
            if !self.standalone.contains(module) {
                identifiers(&tokens, &mut used);
            }
            let imports = imports(&used, paths);
            let siblings: Vec<_> = used
                .iter()
                .filter(|name| owners.get(name.as_str()).is_some_and(|owner| owner != module))
                .map(|name| ident(name))
                .collect();
            let siblings = (!siblings.is_empty()).then(|| quote!(use super::{#(#siblings),*};));
            files.push((
                format!("{module}.rs"),
                render(module, header, "", &quote!(#siblings #imports #tokens))?,
            ));
        }
        files.push(("mod.rs".to_owned(), render("mod", header, docs, &root)?));
        Ok(files)
    }

    /// All items in one file.
    pub(crate) fn into_one(self, paths: &Paths, header: &str) -> Result<String, Error> {
        let tokens: TokenStream = self.modules.into_values().flatten().map(|(_, tokens)| tokens).collect();
        let mut used = BTreeSet::new();
        identifiers(&tokens, &mut used);
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

/// The identifiers that stand at the start of a path.
fn identifiers(tokens: &TokenStream, found: &mut BTreeSet<String>) {
    let mut colons = 0;
    for token in tokens.clone() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => {
                colons += 1;
                continue;
            }
            TokenTree::Ident(ident) if colons < 2 => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => identifiers(&group.stream(), found),
            _ => {}
        }
        colons = 0;
    }
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
