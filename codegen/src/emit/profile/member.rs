//! The fields of a profile struct.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::tokens::{ident, type_tokens};
use crate::ir::Field;
use crate::ir::profile::{Cardinality, Form, Handling, Kept, ProfileStruct};

/// A field of the struct.
pub(super) enum Member<'a> {
    /// An element, or a slice of one.
    Kept(&'a Kept),
    /// What belongs to no slice of an element of the base: its name.
    Rest(&'a str, &'a Field),
}

impl Member<'_> {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Kept(kept) => &kept.name,
            Self::Rest(name, _) => name,
        }
    }

    pub(super) fn cardinality(&self) -> Cardinality {
        match self {
            Self::Kept(kept) => kept.cardinality,
            Self::Rest(..) => Cardinality::Any,
        }
    }
}

/// Every field of the struct: of each element in turn, its slices and their rest.
pub(super) fn members(lowered: &ProfileStruct) -> Vec<Member<'_>> {
    let mut members = Vec::new();
    for field in &lowered.fields {
        match &field.handling {
            Handling::Forbidden | Handling::Fixed(_) => {}
            Handling::Kept(kept) => members.push(Member::Kept(kept)),
            Handling::Sliced { slices, rest } => {
                members.extend(slices.iter().map(|slice| Member::Kept(&slice.field)));
                members.extend(rest.iter().map(|rest| Member::Rest(rest, &field.base)));
            }
        }
    }
    members
}

/// The type of one value of a field.
pub(super) fn value_type(kept: &Kept) -> TokenStream {
    match &kept.form {
        Form::Base => type_tokens(&kept.ty),
        Form::Struct(name) | Form::Code(name) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}

/// The type of a field.
pub(super) fn held(member: &Member<'_>) -> TokenStream {
    let ty = match member {
        Member::Kept(kept) => value_type(kept),
        Member::Rest(_, field) => type_tokens(&field.ty),
    };
    match member.cardinality() {
        Cardinality::One => ty,
        Cardinality::Optional => quote!(Option<#ty>),
        Cardinality::Any | Cardinality::Some => quote!(Vec<#ty>),
    }
}
