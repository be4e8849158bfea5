//! The fields of a profile struct.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::tokens::{ident, type_tokens};
use crate::ir::profile::{Cardinality, Form, Kept, ProfileStruct};

/// Every field of the struct: of each element in turn, its slices and their rest.
pub(super) fn members(lowered: &ProfileStruct) -> Vec<&Kept> {
    lowered.kept().collect()
}

/// The type of one value of a field, by the name that is given there.
pub(super) fn value_type(kept: &Kept) -> TokenStream {
    match &kept.called {
        Some(called) => {
            let name = ident(called);
            quote!(#name)
        }
        None => own_type(kept),
    }
}

/// The type of one value of a field, by the name of its own.
pub(super) fn own_type(kept: &Kept) -> TokenStream {
    match &kept.form {
        Form::Base => type_tokens(&kept.ty),
        Form::Struct(name) | Form::Code(name) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}

/// The type of a field.
pub(super) fn held(kept: &Kept) -> TokenStream {
    let ty = value_type(kept);
    match kept.cardinality {
        Cardinality::One => ty,
        Cardinality::Optional if kept.is_boxed => quote!(Option<Box<#ty>>),
        Cardinality::Optional => quote!(Option<#ty>),
        Cardinality::Any | Cardinality::Some => quote!(Vec<#ty>),
    }
}
