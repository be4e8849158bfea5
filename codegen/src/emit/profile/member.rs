//! The fields of a profile struct.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::tokens::{ident, type_tokens};
use crate::ir::profile::{Cardinality, Form, Kept, ProfileStruct};
use crate::ir::{Choice, ChoiceVariant, Model, Type};

/// Every field of the struct: for each element, its slices and the rest.
pub(super) fn members(lowered: &ProfileStruct) -> Vec<&Kept> {
    lowered.kept().collect()
}

/// The type of one value of a field, by the alias that the field has for it.
pub(super) fn value_type(kept: &Kept) -> TokenStream {
    match &kept.called {
        Some(called) => {
            let name = ident(called);
            quote!(#name)
        }
        None => own_type(kept),
    }
}

/// The type of one value of a field, by its own name.
pub(super) fn own_type(kept: &Kept) -> TokenStream {
    if let Some(types) = kept.own_types() {
        let name = ident(&types.name);
        return quote!(#name);
    }
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

/// The types of a choice that a profile allows, if there is more than one: as in the base, or as the profile narrows
/// them.
pub(super) fn choice(kept: &Kept, model: &Model) -> Option<Choice> {
    let base = model.choice_of(&kept.ty)?;
    let Some(types) = kept.own_types() else { return Some(base.clone()) };
    let left = kept.facts.types.iter();
    let left = left.filter_map(|fhir| base.variants.iter().find(|variant| variant.fhir == *fhir));
    let variants = left.map(|variant| {
        let ty = kept.of_type(&variant.fhir).map_or_else(|| variant.ty.clone(), type_of);
        ChoiceVariant { ty, ..variant.clone() }
    });
    Some(Choice {
        name: types.name.clone(),
        path: kept.path.clone(),
        owner: base.owner.clone(),
        variants: variants.collect(),
        attributes: Vec::new(),
    })
}

/// The Rust type for one type of a choice.
fn type_of(kept: &Kept) -> Type {
    match &kept.form {
        Form::Base => kept.ty.clone(),
        Form::Struct(name) => {
            let name = kept.called.as_ref().unwrap_or(name).clone();
            Type::Structure { name, is_boxed: false }
        }
        Form::Code(name) => Type::Code(name.clone()),
    }
}
