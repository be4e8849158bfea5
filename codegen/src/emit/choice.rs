//! Enums of `value[x]` elements.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs;
use super::tokens::{attributes, ident, type_tokens};
use crate::ir::{Choice, ChoiceVariant, Type};

/// The enum of a choice of the base.
pub(super) fn choice(choice: &Choice) -> TokenStream {
    enumeration(choice, &|variant| docs::doc(&format!("{}.", variant.fhir)))
}

/// An enum of types, with documentation for each.
pub(super) fn enumeration(choice: &Choice, doc_of: &dyn Fn(&ChoiceVariant) -> TokenStream) -> TokenStream {
    let name = ident(&choice.name);
    let doc = docs::doc(&format!("The types of `{}`.", choice.path));
    let attributes = attributes(&choice.attributes);
    let members = choice.variants.iter().map(|variant| {
        let doc = doc_of(variant);
        let (name, ty) = (ident(&variant.name), held(variant));
        quote!(#doc #name(#ty),)
    });
    let names: Vec<_> = choice.variants.iter().map(|variant| ident(&variant.name)).collect();
    let numbers: Vec<_> = (0..choice.variants.len()).map(Literal::usize_unsuffixed).collect();
    let inner: Vec<_> = choice
        .variants
        .iter()
        .map(|variant| if is_boxed(variant) { quote!(&**) } else { TokenStream::default() })
        .collect();
    let inner_mut: Vec<_> = choice
        .variants
        .iter()
        .map(|variant| if is_boxed(variant) { quote!(&mut **) } else { TokenStream::default() })
        .collect();
    let first = names.first();
    let conversions = conversions(choice);
    quote! {
        #doc
        #attributes
        #[allow(dead_code)]
        pub enum #name {
            #(#members)*
        }

        impl runtime::Choice for #name {
            fn leaf(&self) -> &dyn runtime::Leaf {
                match self {
                    #(Self::#names(value) => #inner value,)*
                }
            }

            fn leaf_mut(&mut self) -> &mut dyn runtime::Leaf {
                match self {
                    #(Self::#names(value) => #inner_mut value,)*
                }
            }
        }

        impl runtime::Value for #name {
            fn blank() -> Self {
                Self::#first(runtime::Value::blank())
            }

            fn start(variant: u16) -> Self {
                match variant {
                    #(#numbers => Self::#names(runtime::Value::blank()),)*
                    _ => Self::blank(),
                }
            }

            fn choose(&mut self, variant: u16) {
                *self = Self::start(variant);
            }

            fn variant(&self) -> u16 {
                match self {
                    #(Self::#names(_) => #numbers,)*
                }
            }
        }

        runtime::choice!(#name);

        #(#conversions)*
    }
}

/// `From`, for each variant whose type no other variant has.
fn conversions(choice: &Choice) -> Vec<TokenStream> {
    let name = ident(&choice.name);
    let convert = |variant: &ChoiceVariant| {
        let (ty, to) = (type_tokens(&variant.ty), ident(&variant.name));
        let value = if is_boxed(variant) { quote!(Box::new(value)) } else { quote!(value) };
        quote! {
            impl From<#ty> for #name {
                #[inline]
                fn from(value: #ty) -> Self {
                    Self::#to(#value)
                }
            }
        }
    };
    let is_alone = |ty: &Type| choice.variants.iter().filter(|other| other.ty == *ty).count() == 1;
    choice.variants.iter().filter(|variant| is_alone(&variant.ty)).map(convert).collect()
}

fn is_boxed(variant: &ChoiceVariant) -> bool {
    matches!(variant.ty, Type::Structure { .. })
}

fn held(variant: &ChoiceVariant) -> TokenStream {
    let ty = type_tokens(&variant.ty);
    if is_boxed(variant) { quote!(Box<#ty>) } else { ty }
}
