//! Structures: the struct, its shape, and the mapping from slots to fields.

use proc_macro2::TokenStream;
use quote::quote;

use super::access::{Access, access};
use super::docs;
use super::tokens::{attributes, ident, release, type_tokens};
use crate::ir::{Field, Model, Structure, StructureKind, Type};

pub(super) fn record(structure: &Structure, model: &Model, specification: &str) -> TokenStream {
    let name = ident(&structure.name);
    let doc = docs::structure(structure, specification);
    let attributes_of_type = attributes(&structure.attributes);
    let members = structure.fields.iter().map(|field| {
        let (doc, name, ty) = (docs::field(field), ident(&field.name), held(field));
        let attributes = attributes(&field.attributes);
        quote!(#doc #attributes pub #name: #ty,)
    });
    let fields: Vec<&str> = structure.fields.iter().map(|field| field.name.as_str()).collect();
    let record = record_impl(&structure.name, &fields, &shape(structure, model));
    let has_required = structure.fields.iter().any(|field| field.is_required && !field.is_many);
    let blank = structure.fields.iter().map(|field| {
        let name = ident(&field.name);
        if field.is_many {
            quote!(#name: Vec::new())
        } else if field.is_required {
            quote!(#name: runtime::Value::blank())
        } else {
            quote!(#name: None)
        }
    });
    let blank = blank_impl(&structure.name, blank, has_required);
    let construct = construct(structure);
    let access = access(&structure.name, extended(structure, model), model);
    quote! {
        #doc
        #attributes_of_type
        #[allow(dead_code)]
        pub struct #name {
            #(#members)*
            /// Ids and extensions of primitives, and members that the type does not define.
            pub extras: runtime::Extras<Element>,
        }

        #construct

        #access

        #record

        #blank

        runtime::record!(#name, Element);
    }
}

/// The fields whose values may be extended; ids of elements are not.
fn extended<'a>(structure: &'a Structure, model: &Model) -> Vec<Access<'a>> {
    let mut next = 0;
    let access = |field: &'a Field| {
        let choice = model.choice_of(&field.ty);
        let (first, count) = (next, choice.map_or(1, |choice| choice.variants.len()));
        next += count;
        let is_primitive = |ty: &Type| matches!(ty, Type::Primitive(_) | Type::Code(_));
        let is_extended = choice.map_or_else(
            || is_primitive(&field.ty) && field.json != "id",
            |choice| choice.variants.iter().any(|variant| is_primitive(&variant.ty)),
        );
        let (name, path, is_many) = (&field.name, &field.path, field.is_many);
        is_extended.then_some(Access { name, path, first, count, is_choice: choice.is_some(), is_many })
    };
    structure.fields.iter().filter_map(access).collect()
}

/// An empty value. Where nothing is required it is a constant, which compiles to one copy.
pub(super) fn blank_impl(
    name: &str,
    fields: impl Iterator<Item = TokenStream>,
    has_required: bool,
) -> TokenStream {
    let name = ident(name);
    let value = quote!(Self { #(#fields,)* extras: runtime::Extras::none() });
    let value = if has_required { value } else { quote!(const { #value }) };
    quote! {
        impl runtime::Value for #name {
            fn blank() -> Self {
                #value
            }
        }
    }
}

/// The type of a field with its cardinality.
fn held(field: &Field) -> TokenStream {
    let ty = type_tokens(&field.ty);
    if field.is_many {
        quote!(Vec<#ty>)
    } else if field.is_required {
        ty
    } else {
        quote!(Option<#ty>)
    }
}

/// `new` if the structure has mandatory parts, else `Default`.
fn construct(structure: &Structure) -> TokenStream {
    let name = ident(&structure.name);
    let required: Vec<&Field> = structure.fields.iter().filter(|field| field.is_required).collect();
    if required.is_empty() {
        return quote!(runtime::default_is_blank!(#name););
    }
    let names: Vec<_> = required.iter().map(|field| ident(&field.name)).collect();
    let types: Vec<_> = required.iter().map(|field| type_tokens(&field.ty)).collect();
    let doc = docs::doc(&format!("A `{}` with its mandatory elements.", structure.path));
    quote! {
        #[allow(dead_code)]
        impl #name {
            #doc
            #[inline]
            pub fn new(#(#names: #types),*) -> Self {
                Self { #(#names,)* ..runtime::Value::blank() }
            }
        }
    }
}

fn shape(structure: &Structure, model: &Model) -> TokenStream {
    let entries =
        structure.fields.iter().enumerate().flat_map(|(slot, field)| entries(slot as u16, field, model));
    table(&structure.path, structure.kind == StructureKind::Resource, model, entries)
}

/// The JSON form of a type as static data.
pub(super) fn table(
    path: &str,
    is_resource: bool,
    model: &Model,
    fields: impl Iterator<Item = TokenStream>,
) -> TokenStream {
    let make = if is_resource { quote!(resource) } else { quote!(new) };
    let release = release(model.version);
    quote!(runtime::Shape::#make(#path, #release, &[#(#fields),*]))
}

/// The JSON properties of a field: one, or one for each type of a choice.
fn entries(slot: u16, field: &Field, model: &Model) -> Vec<TokenStream> {
    let many = field.is_many.then(|| quote!(.many()));
    let required = field.is_required.then(|| quote!(.required()));
    let primitive =
        |ty: &Type| matches!(ty, Type::Primitive(_) | Type::Code(_)).then(|| quote!(.primitive()));
    let slot = proc_macro2::Literal::u16_unsuffixed(slot);
    let Some(choice) = model.choice_of(&field.ty) else {
        let (name, primitive) = (&field.json, primitive(&field.ty));
        return vec![quote!(runtime::Field::new(#name, #slot) #many #required #primitive)];
    };
    let variants = choice.variants.iter().enumerate();
    variants
        .map(|(number, variant)| {
            let name = format!("{}{}", field.json, variant.suffix);
            let number = proc_macro2::Literal::usize_unsuffixed(number);
            let primitive = primitive(&variant.ty);
            quote!(runtime::Field::new(#name, #slot).variant(#number) #many #required #primitive)
        })
        .collect()
}

/// The mapping from slots to fields, for a struct with fields of these names and this shape.
pub(super) fn record_impl(name: &str, fields: &[&str], shape: &TokenStream) -> TokenStream {
    let name = ident(name);
    let last = fields.len().saturating_sub(1);
    let arms = |reference: &TokenStream| {
        let arms = fields.iter().enumerate().map(|(slot, field)| {
            let field = ident(field);
            if slot == last {
                return quote!(_ => #reference self.#field,);
            }
            let slot = proc_macro2::Literal::usize_unsuffixed(slot);
            quote!(#slot => #reference self.#field,)
        });
        arms.collect::<Vec<TokenStream>>()
    };
    let (mut shared, mut unique) = (arms(&quote!(&)), arms(&quote!(&mut)));
    if fields.is_empty() {
        // The shape has no fields either, so none is requested.
        shared.push(quote!(_ => ::core::unreachable!(),));
        unique.push(quote!(_ => ::core::unreachable!(),));
    }
    quote! {
        impl runtime::Record for #name {
            fn shape(&self) -> &'static runtime::Shape {
                static SHAPE: runtime::Shape = #shape;
                &SHAPE
            }

            fn slot(&self, slot: u16) -> &dyn runtime::Slot {
                match slot {
                    #(#shared)*
                }
            }

            fn slot_mut(&mut self, slot: u16) -> &mut dyn runtime::Slot {
                match slot {
                    #(#unique)*
                }
            }

            fn extras(&self) -> &dyn runtime::AnyExtras {
                &self.extras
            }

            fn extras_mut(&mut self) -> &mut dyn runtime::AnyExtras {
                &mut self.extras
            }
        }
    }
}
