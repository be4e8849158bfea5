//! Profile structs: the struct, its constructor and setters, its shape and its layout over JSON.

mod construct;
mod layout;

use proc_macro2::TokenStream;
use quote::quote;

use super::{attributes, docs, ident, record, type_tokens};
use crate::ir::profile::{Cardinality, Form, Handling, Kept, ProfileStruct};
use crate::ir::{Field, Model, Type};

/// What else is generated, for what a struct alone does not say.
pub(super) struct Context<'a> {
    pub(super) model: &'a Model,
    pub(super) structs: &'a [ProfileStruct],
}

pub(super) fn profile(lowered: &ProfileStruct, context: &Context<'_>) -> TokenStream {
    let (name, base) = (ident(&lowered.name), ident(&lowered.base));
    let short =
        lowered.short.as_deref().map(|short| format!("{}.\n\n", docs::markdown(short.trim_end_matches('.'))));
    let url = lowered.url.as_deref().map(|url| format!("\n\nProfile: <{url}>.")).unwrap_or_default();
    let doc =
        docs::doc(&format!("{}`{}`, on [`{}`].{url}", short.unwrap_or_default(), lowered.path, lowered.base));
    let attributes = attributes(&lowered.attributes);
    let members = members(lowered);
    let fields = members.iter().map(|member| {
        let (doc, name, ty) = (member_doc(member), ident(member.name()), held(member));
        quote!(#doc pub #name: #ty,)
    });
    let construct = construct::construct(lowered, context);
    let layout::Tables { shape, layout } = layout::tables(lowered, &members, context.model);
    let slots: Vec<&str> = members.iter().map(Member::name).collect();
    let record = record::record_impl(&lowered.name, &slots, &shape);
    let blank = members.iter().map(|member| {
        let name = ident(member.name());
        match member.cardinality() {
            Cardinality::One => quote!(#name: runtime::Value::blank()),
            Cardinality::Optional => quote!(#name: None),
            Cardinality::Any | Cardinality::Some => quote!(#name: Vec::new()),
        }
    });
    let has_required = members.iter().any(|member| member.cardinality() == Cardinality::One);
    let blank = record::blank_impl(&lowered.name, blank, has_required);
    quote! {
        #doc
        #attributes
        pub struct #name {
            #(#fields)*
            /// Ids and extensions of primitives, and what the struct does not show.
            pub extras: runtime::Extras<Element>,
        }

        #construct

        #record

        impl runtime::Constrained for #name {
            fn layout(&self) -> &'static runtime::Layout {
                static LAYOUT: runtime::Layout = #layout;
                &LAYOUT
            }
        }

        #blank

        runtime::profile!(#name, #base, Element);
    }
}

/// A field of the struct.
enum Member<'a> {
    /// An element, or a slice of one.
    Kept(&'a Kept),
    /// What belongs to no slice of an element of the base: its name.
    Rest(&'a str, &'a Field),
}

impl Member<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Kept(kept) => &kept.name,
            Self::Rest(name, _) => name,
        }
    }

    fn cardinality(&self) -> Cardinality {
        match self {
            Self::Kept(kept) => kept.cardinality,
            Self::Rest(..) => Cardinality::Any,
        }
    }
}

/// Every field of the struct: of each element in turn, its slices and their rest.
fn members(lowered: &ProfileStruct) -> Vec<Member<'_>> {
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

fn member_doc(member: &Member<'_>) -> TokenStream {
    let kept = match member {
        Member::Kept(kept) => kept,
        Member::Rest(_, field) => {
            return docs::doc(&format!("Repeats of `{}` that the profile does not name.", field.path));
        }
    };
    let mut field = Field {
        name: kept.name.clone(),
        json: String::new(),
        path: kept.path.clone(),
        is_required: false,
        is_many: false,
        ty: Type::Resource,
        facts: kept.facts.clone(),
        is_single: false,
        attributes: Vec::new(),
    };
    if let Some(fixed) = &kept.fixed {
        field.facts.types.push(format!("always `{fixed}`"));
    }
    docs::field(&field)
}

/// The type of one value of a field.
fn value_type(kept: &Kept) -> TokenStream {
    match &kept.form {
        Form::Base => type_tokens(&kept.ty),
        Form::Struct(name) | Form::Code(name) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}

fn held(member: &Member<'_>) -> TokenStream {
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
