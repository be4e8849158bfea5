//! Typed access to the ids and extensions of primitives.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::tokens::ident;
use crate::ir::Model;

/// A field whose values may be extended.
pub(super) struct Access<'a> {
    /// Its name in Rust.
    pub(super) name: &'a str,
    /// Its path in the definition.
    pub(super) path: &'a str,
    /// The number of its JSON property, or of the first of a choice.
    pub(super) first: usize,
    /// How many JSON properties it has.
    pub(super) count: usize,
    pub(super) is_choice: bool,
    pub(super) is_many: bool,
}

/// Methods for the fields of a struct; none where the element of a primitive has no extensions.
pub(super) fn access<'a>(
    name: &str,
    fields: impl IntoIterator<Item = Access<'a>>,
    model: &Model,
) -> Option<TokenStream> {
    let element = model.structures.iter().find(|structure| structure.name == "Element")?;
    element.fields.iter().find(|field| field.name == "extension")?;
    let name = ident(name);
    let fields: Vec<TokenStream> = fields.into_iter().map(|field| methods(&field)).collect();
    (!fields.is_empty()).then(|| quote!(runtime::extended! { #name, Element, Extension: #(#fields)* }))
}

/// The methods of one field: its kind, its path and numbers, and the names of the methods.
fn methods(field: &Access<'_>) -> TokenStream {
    let Access { name, path, first, count, is_choice, is_many } = field;
    let [extensions, element, element_mut] =
        ["extensions", "element", "element_mut"].map(|end| ident(&format!("{name}_{end}")));
    let [first, count] = [first, count].map(|number| Literal::usize_unsuffixed(*number));
    let kind = match (is_choice, is_many) {
        (true, _) => quote!(choice #first #count),
        (false, true) => quote!(many #first),
        (false, false) => quote!(one #first),
    };
    quote!((#kind #path #extensions #element #element_mut))
}
