//! Enums of required bindings.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs;
use super::tokens::{attributes, ident};
use crate::ir::CodeList;

pub(super) fn codes(list: &CodeList) -> TokenStream {
    let name = ident(&list.name);
    let url = &list.value_set;
    let doc = docs::doc(&format!("Codes of <{url}>."));
    let attributes = attributes(&list.attributes);
    let members = list.codes.iter().map(|code| {
        let display = code.display.as_deref().map(|display| format!(": {}", docs::markdown(display)));
        let doc =
            docs::doc(&format!("`{}`{}.", code.code, display.unwrap_or_default().trim_end_matches('.')));
        let name = ident(&code.name);
        quote!(#doc #name,)
    });
    let names: Vec<_> = list.codes.iter().map(|code| ident(&code.name)).collect();
    let numbers = (0..list.codes.len()).map(Literal::usize_unsuffixed);
    let codes: Vec<_> = list.codes.iter().map(|code| code.code.as_str()).collect();
    quote! {
        #doc
        #[allow(dead_code)]
        #[derive(Clone, PartialEq, Eq, Hash)]
        #attributes
        pub enum #name {
            #(#members)*
            /// A code outside the value set, kept as read.
            Unlisted(String),
        }

        impl runtime::Code for #name {
            const VALUE_SET: &'static str = #url;
            const CODES: &'static [&'static str] = &[#(#codes),*];

            fn from_code(code: &str) -> Self {
                match runtime::place_of(code, Self::CODES) {
                    #(Some(#numbers) => Self::#names,)*
                    _ => Self::Unlisted(code.to_owned()),
                }
            }

            fn as_code(&self) -> &str {
                match self {
                    #(Self::#names => #codes,)*
                    Self::Unlisted(code) => code,
                }
            }

            #[inline]
            fn is_unknown(&self) -> bool {
                matches!(self, Self::Unlisted(_))
            }
        }

        runtime::code!(#name);
    }
}
