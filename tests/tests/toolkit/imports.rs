//! Which files of a crate name which others, and in what circles.

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Item;

/// The segments of a path from the root of a crate.
type Segments = Vec<String>;

/// A file, as a module of its crate.
pub(crate) struct File {
    /// Where it is below `src`.
    name: String,
    module: Segments,
    items: Vec<Item>,
}

impl File {
    /// Parses a file that is at a path below `src`.
    pub(crate) fn new(path: &Path, text: &str) -> Self {
        let name = path.display().to_string();
        let mut module: Segments =
            path.with_extension("").iter().map(|step| step.to_string_lossy().into_owned()).collect();
        let is_root = module.len() == 1 && module.first().is_some_and(|stem| stem == "lib" || stem == "main");
        if is_root || module.last().is_some_and(|stem| stem == "mod") {
            module.pop();
        }
        let items = syn::parse_file(text).unwrap_or_else(|error| panic!("{name}: {error}")).items;
        Self { name, module, items }
    }
}

/// The files that import each other, in sets of two or more.
pub(crate) fn circles(files: &[File]) -> Vec<Vec<String>> {
    let modules: Vec<&Segments> = files.iter().map(|file| &file.module).collect();
    let edges: Vec<BTreeSet<usize>> = files
        .iter()
        .map(|file| {
            let mut paths = Vec::new();
            collect(&file.items, &file.module, &modules, &mut paths);
            paths.iter().filter_map(|path| file_of(path, &modules)).collect()
        })
        .collect();
    let reached: Vec<BTreeSet<usize>> = (0..files.len()).map(|from| reach(from, &edges)).collect();
    let mut placed = BTreeSet::new();
    let mut circles = Vec::new();
    for file in 0..files.len() {
        let circle: Vec<usize> =
            reached[file].iter().copied().filter(|other| reached[*other].contains(&file)).collect();
        if circle.len() > 1 && placed.insert(circle.clone()) {
            circles.push(circle.into_iter().map(|file| files[file].name.clone()).collect());
        }
    }
    circles
}

/// The files that one leads to, by one step or many.
fn reach(from: usize, edges: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        open.extend(edges[file].iter().filter(|next| reached.insert(**next)));
    }
    reached
}

/// The file that a path names: that of its longest beginning that is a module.
fn file_of(path: &[String], modules: &[&Segments]) -> Option<usize> {
    let is_beginning = |module: &Segments| path.starts_with(module);
    (0..modules.len()).filter(|file| is_beginning(modules[*file])).max_by_key(|file| modules[*file].len())
}

/// The paths that items name, except in what tests them.
fn collect(items: &[Item], module: &Segments, modules: &[&Segments], paths: &mut Vec<Segments>) {
    for item in items {
        match item {
            Item::Mod(inner) => {
                let is_test = inner.attrs.iter().any(|a| a.to_token_stream().to_string().contains("test"));
                let Some((_, items)) = inner.content.as_ref().filter(|_| !is_test) else { continue };
                let inside = [module.as_slice(), &[inner.ident.to_string()]].concat();
                collect(items, &inside, modules, paths);
            }
            other => walk(other.to_token_stream(), module, modules, paths),
        }
    }
}

/// The paths in tokens: those that begin with `crate`, `self`, `super` or a module below this one.
fn walk(tokens: TokenStream, module: &Segments, modules: &[&Segments], paths: &mut Vec<Segments>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            // `pub(in path)` restricts visibility, and imports nothing.
            TokenTree::Group(group) if is_visibility(group) => {}
            TokenTree::Group(group) => walk(group.stream(), module, modules, paths),
            TokenTree::Ident(ident) if is_colon(tokens.get(at + 1)) && !follows_colon(&tokens, at) => {
                let first = ident.to_string();
                let start = match &*first {
                    "crate" => Some(Vec::new()),
                    "self" => Some(module.clone()),
                    "super" => Some(module[..module.len().saturating_sub(1)].to_vec()),
                    _ => {
                        let below = [module.as_slice(), &[first]].concat();
                        modules.contains(&&below).then_some(below)
                    }
                };
                if let Some(start) = start {
                    follow(&tokens[at + 1..], start, paths);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

fn is_visibility(group: &Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Parenthesis
        && first.is_some_and(|first| matches!(first, TokenTree::Ident(ident) if ident == "in"))
}

/// Follows a path over `::`, into each branch of a group.
fn follow(rest: &[TokenTree], mut path: Segments, paths: &mut Vec<Segments>) {
    match rest {
        [TokenTree::Punct(a), TokenTree::Punct(b), next, rest @ ..]
            if a.as_char() == ':' && b.as_char() == ':' =>
        {
            match next {
                TokenTree::Ident(ident) if ident == "super" => drop(path.pop()),
                TokenTree::Ident(ident) if ident == "self" => {}
                TokenTree::Ident(ident) => path.push(ident.to_string()),
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    let is_comma = |t: &TokenTree| matches!(t, TokenTree::Punct(p) if p.as_char() == ',');
                    for branch in inner.split(is_comma).filter(|branch| !branch.is_empty()) {
                        let mut path = path.clone();
                        if let TokenTree::Ident(ident) = &branch[0]
                            && ident != "self"
                        {
                            path.push(ident.to_string());
                        }
                        follow(&branch[1..], path, paths);
                    }
                    return;
                }
                _ => return paths.push(path),
            }
            follow(rest, path, paths);
        }
        _ => paths.push(path),
    }
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':' && punct.spacing() == proc_macro2::Spacing::Joint)
}

fn follows_colon(tokens: &[TokenTree], at: usize) -> bool {
    at > 1 && is_colon(tokens.get(at - 2))
}

/// The checker finds what it should, and nothing else.
pub(crate) fn circles_are_found() {
    let crate_of = |files: &[(&str, &str)]| -> Vec<Vec<String>> {
        circles(&files.iter().map(|(path, text)| File::new(Path::new(path), text)).collect::<Vec<_>>())
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let three = [
        ("lib.rs", "mod a; mod b; pub use a::A;"),
        ("a/mod.rs", "mod inner; use crate::b::{B, other::Deep}; #[cfg(test)] mod tests { use super::*; }"),
        ("a/inner.rs", "fn f() { super::super::b::g(); }"),
        ("b.rs", "fn g() -> u8 { crate::a::inner::f() } "),
    ];
    assert_eq!(crate_of(&three), [names(&["a/inner.rs", "b.rs"])]);
    let two = [("lib.rs", "mod a; mod b; pub struct Root;"), ("a.rs", "use crate::{Root, b};"), ("b.rs", "")];
    assert!(crate_of(&two).is_empty());
    let re_export = [("mod.rs", "mod a; pub use a::A;"), ("a.rs", "use super::Error;")];
    assert_eq!(crate_of(&re_export), [names(&["mod.rs", "a.rs"])]);
    let inline = [("lib.rs", "mod a; mod x { use super::a::A; }"), ("a.rs", "use crate::x::B;")];
    assert_eq!(crate_of(&inline), [names(&["lib.rs", "a.rs"])]);
}
