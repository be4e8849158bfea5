//! Profile structs: the struct, its constructor and setters, its shape and its layout over JSON.

mod construct;
mod layout;
mod mark;
mod member;

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use construct::Context;
use member::{held, members};

use super::choice::enumeration;
use super::tokens::{attributes, ident};
use super::{docs, record};
use crate::ir::profile::{Cardinality, Kept, ProfileStruct};
use crate::ir::{ChoiceVariant, Field, Type};

pub(super) fn profile(lowered: &ProfileStruct, context: &Context<'_>) -> TokenStream {
    let (name, base) = (ident(&lowered.name), ident(&lowered.base));
    let short =
        lowered.short.as_deref().map(|short| format!("{}.\n\n", docs::markdown(short.trim_end_matches('.'))));
    let url = lowered.url.as_deref().map(|url| format!("\n\nProfile: <{url}>.")).unwrap_or_default();
    let doc = docs::doc(&format!(
        "{}`{}`, based on [`{}`].{url}",
        short.unwrap_or_default(),
        lowered.path,
        lowered.base
    ));
    let attributes = attributes(&lowered.attributes);
    let members = members(lowered);
    let fields = members.iter().map(|member| {
        let (doc, name, ty) = (member_doc(member), ident(&member.name), held(member));
        quote!(#doc pub #name: #ty,)
    });
    let construct = construct::construct(lowered, context);
    let layout::Tables { shape, layout, access } = layout::tables(lowered, &members, context.model);
    let slots: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let record = record::record_impl(&lowered.name, &slots, &shape);
    let blank = members.iter().map(|member| {
        let name = ident(&member.name);
        match member.cardinality {
            Cardinality::One => quote!(#name: runtime::Value::blank()),
            Cardinality::Optional => quote!(#name: None),
            Cardinality::Any | Cardinality::Some => quote!(#name: Vec::new()),
        }
    });
    let has_required = members.iter().any(|member| member.cardinality == Cardinality::One);
    let blank = record::blank_impl(&lowered.name, blank, has_required);
    let aliases = lowered.aliases.iter().map(|alias| {
        let doc = docs::doc(&format!(
            "[`{}`], under the name of another element with the same content.",
            lowered.name
        ));
        let alias = ident(&alias.name);
        quote!(#doc #[allow(dead_code)] pub type #alias = #name;)
    });
    let choices = members.iter().map(|member| own_types(member, context));
    quote! {
        #doc
        #attributes
        #[allow(dead_code)]
        pub struct #name {
            #(#fields)*
            /// Ids and extensions of primitives, and elements without a field of their own.
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

        #(#aliases)*

        #(#choices)*
    }
}

/// The enum of a choice that the profile narrows, if it is one.
fn own_types(kept: &Kept, context: &Context<'_>) -> Option<TokenStream> {
    kept.own_types()?;
    let choice = member::choice(kept, context.model)?;
    let doc_of = |variant: &ChoiceVariant| match kept.of_type(&variant.fhir) {
        Some(said) => member_doc(said),
        None => docs::doc(&format!("{}.", variant.fhir)),
    };
    Some(enumeration(&choice, &doc_of))
}

fn member_doc(kept: &Kept) -> TokenStream {
    let mut field = Field {
        name: kept.name.clone(),
        json: String::new(),
        path: kept.path.clone(),
        is_required: false,
        is_many: false,
        times: kept.times,
        ty: Type::Resource,
        facts: kept.facts.clone(),
        is_single: false,
        attributes: Vec::new(),
    };
    if let Some(fixed) = &kept.fixed {
        field.facts.types.push(format!("always `{fixed}`"));
    }
    let mut doc = if kept.is_rest {
        docs::doc(&format!("Repeats of `{}` outside the slices that have fields of their own.", kept.path))
    } else {
        docs::field(&field)
    };
    if !kept.untold.is_empty() {
        let untold =
            kept.untold.iter().map(|(slice, reason)| format!("\n- `{slice}`: {}", docs::markdown(reason)));
        let untold: String = untold.collect();
        doc.extend(docs::doc(&format!(
            "\nSlices without a field, because JSON alone does not tell them:\n{untold}"
        )));
    }
    doc
}
