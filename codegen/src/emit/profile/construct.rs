//! Constructors and setters of profile structs.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::member::{held, members, own_type, value_type};
use crate::emit::docs;
use crate::emit::tokens::ident;
use crate::ir::profile::{Cardinality, Form, Kept, ProfileStruct};
use crate::ir::{Model, Type};

/// Elements of every structure that are rarely set: their fields have no setters, because each
/// setter adds to the build time.
const COMMON: [&str; 8] =
    ["id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension"];

/// All that is generated, for information that a single struct does not have.
pub(in crate::emit) struct Context<'a> {
    pub(in crate::emit) model: &'a Model,
    pub(in crate::emit) structs: &'a [ProfileStruct],
}

/// `new` with the mandatory parts, or `Default`; setters for the rest.
pub(super) fn construct(lowered: &ProfileStruct, context: &Context<'_>) -> TokenStream {
    let name = ident(&lowered.name);
    let members = members(lowered);
    let (mandatory, rest): (Vec<&Kept>, Vec<&Kept>) =
        members.iter().partition(|member| is_mandatory(member, context, 0));
    let parameters: Vec<_> = mandatory
        .iter()
        .map(|member| {
            let (name, ty) = (ident(&member.name), held(member));
            if member.cardinality == Cardinality::One {
                quote!(#name: impl Into<#ty>)
            } else {
                quote!(#name: #ty)
            }
        })
        .collect();
    let given = mandatory.iter().map(|member| {
        let name = ident(&member.name);
        if member.cardinality == Cardinality::One { quote!(#name: #name.into()) } else { quote!(#name) }
    });
    let empty = rest.iter().map(|member| {
        let (name, value) = (ident(&member.name), initial(member));
        quote!(#name: #value)
    });
    let body = quote!(Self { #(#given,)* #(#empty,)* extras: runtime::Extras::none() });
    let setters = rest.iter().filter(|kept| !kept.is_rest && !COMMON.contains(&kept.json.as_str()));
    let setters = setters.map(|kept| setter(kept));
    let new = (!parameters.is_empty()).then(|| {
        let doc = docs::doc(&format!("A `{}` with its mandatory elements.", lowered.path));
        let many = (parameters.len() > 7).then(
            || quote!(#[expect(clippy::too_many_arguments, reason = "the profile asks for so many parts")]),
        );
        quote!(#doc #many pub fn new(#(#parameters),*) -> Self { #body })
    });
    let default =
        parameters.is_empty().then(|| quote!(impl Default for #name { fn default() -> Self { #body } }));
    let conversions = conversions(lowered, context);
    quote! {
        #[allow(dead_code)]
        impl #name {
            #new
            #(#setters)*
        }

        #default
        #conversions
    }
}

/// The initial value of a field that `new` does not take.
fn initial(kept: &Kept) -> TokenStream {
    match kept.cardinality {
        Cardinality::Optional => quote!(None),
        Cardinality::One => {
            let implied = kept.fixed.as_ref().or(kept.pattern.as_ref());
            let ty = value_type(kept);
            implied.map_or_else(|| quote!(<#ty>::default()), |json| quote!(runtime::literal(#json)))
        }
        Cardinality::Any | Cardinality::Some => quote!(Vec::new()),
    }
}

fn is_mandatory(kept: &Kept, context: &Context<'_>, depth: usize) -> bool {
    match (kept.cardinality, &kept.form) {
        (Cardinality::Optional | Cardinality::Any, _) => false,
        (Cardinality::One, _) if kept.fixed.is_some() => false,
        (Cardinality::One, Form::Struct(name)) => !is_default(name, context, depth),
        (Cardinality::One, Form::Base) if kept.pattern.is_some() => !is_empty(&kept.ty, context.model),
        _ => true,
    }
}

/// Whether a struct can be made without any values.
fn is_default(name: &str, context: &Context<'_>, depth: usize) -> bool {
    let Some(lowered) = context.structs.iter().find(|lowered| lowered.name == name) else { return false };
    depth < 16 && members(lowered).iter().all(|member| !is_mandatory(member, context, depth + 1))
}

/// Whether a type of the base has no mandatory parts.
fn is_empty(ty: &Type, model: &Model) -> bool {
    let Type::Structure { name, .. } = ty else { return false };
    let structure = model.structures.iter().find(|structure| structure.name == *name);
    structure.is_some_and(|structure| structure.fields.iter().all(|field| !field.is_required))
}

/// `From` for a struct with one mandatory part: from that part, and from everything that converts to it.
fn conversions(lowered: &ProfileStruct, context: &Context<'_>) -> TokenStream {
    let to = ident(&lowered.name);
    let mut tokens = TokenStream::new();
    let mut inner = lowered;
    // Types that already have a conversion: the struct itself, and the base, which has `TryFrom`.
    let mut done: BTreeSet<String> = [lowered.name.clone(), lowered.base.clone()].into();
    // Each round goes one struct deeper; the nesting is that of the snapshot, which is shallow.
    for depth in 0..8 {
        let members = members(inner);
        let mut mandatory = members.iter().filter(|member| is_mandatory(member, context, 0));
        let (Some(only), None) = (mandatory.next(), mandatory.next()) else { break };
        if only.cardinality != Cardinality::One {
            break;
        }
        let ty = value_type(only);
        if !done.insert(own_type(only).to_string()) {
            break;
        }
        let value = if depth == 0 {
            quote!(value)
        } else {
            let between = ident(&inner.name);
            quote!(#between::from(value))
        };
        tokens.extend(quote! {
            impl From<#ty> for #to {
                fn from(value: #ty) -> Self {
                    Self::new(#value)
                }
            }
        });
        if matches!(&only.ty, Type::Primitive(primitive) if primitive.rust == "String") {
            tokens.extend(quote! {
                impl From<&str> for #to {
                    fn from(value: &str) -> Self {
                        Self::from(String::from(value))
                    }
                }
            });
        }
        let next = match &only.form {
            Form::Struct(name) => context.structs.iter().find(|known| known.name == *name),
            _ => None,
        };
        match next {
            Some(next) => inner = next,
            None => break,
        }
    }
    tokens
}

fn setter(kept: &Kept) -> TokenStream {
    let (name, setter) = (ident(&kept.name), format_ident!("with_{}", kept.name));
    let ty = value_type(kept);
    let (doc, set) = match kept.cardinality {
        Cardinality::One => (format!("Sets `{}`.", kept.path), quote!(self.#name = value.into())),
        Cardinality::Optional => {
            let value = if kept.is_boxed { quote!(Box::new(value.into())) } else { quote!(value.into()) };
            (format!("Sets `{}`.", kept.path), quote!(self.#name = Some(#value)))
        }
        _ => (format!("Adds to `{}`.", kept.path), quote!(self.#name.push(value.into()))),
    };
    let doc = docs::doc(&doc);
    quote! {
        #doc
        #[must_use]
        pub fn #setter(mut self, value: impl Into<#ty>) -> Self {
            #set;
            self
        }
    }
}
