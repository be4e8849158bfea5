//! Profile structs: the struct, its constructor and setters, its shape and its layout over JSON.

mod construct;
mod layout;
mod member;

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use construct::Context;
use member::{Member, held, members};

use super::tokens::{attributes, ident};
use super::{docs, record};
use crate::ir::profile::{Cardinality, ProfileStruct};
use crate::ir::{Field, Type};

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
    let layout::Tables { shape, layout, access } = layout::tables(lowered, &members, context.model);
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

        #access

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
