//! Names, attributes and types as Rust.

use ers_fhir_profiles::FhirVersion;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::ir::Type;

/// An identifier; keywords become raw ones.
pub(super) fn ident(name: &str) -> Ident {
    match name {
        "self" | "Self" | "super" | "crate" => Ident::new(&format!("{name}_"), Span::call_site()),
        // A keyword of the 2024 edition, which the parser does not recognize as one.
        "gen" => Ident::new_raw(name, Span::call_site()),
        _ if syn::parse_str::<Ident>(name).is_err() => Ident::new_raw(name, Span::call_site()),
        _ => Ident::new(name, Span::call_site()),
    }
}

/// Attributes from settings.
pub(super) fn attributes(given: &[String]) -> TokenStream {
    // Settings are checked before anything is emitted, so each of them is valid Rust.
    given.iter().filter_map(|attribute| attribute.parse::<TokenStream>().ok()).collect()
}

/// The release of a type.
pub(super) fn release(version: FhirVersion) -> TokenStream {
    let name = ident(match version {
        FhirVersion::Stu3 => "Stu3",
        FhirVersion::R4 => "R4",
    });
    quote!(runtime::FhirVersion::#name)
}

/// The Rust type of one value.
pub(super) fn type_tokens(ty: &Type) -> TokenStream {
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
