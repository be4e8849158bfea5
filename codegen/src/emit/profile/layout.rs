//! The tables of a profile struct: its fields, and how they lie over JSON.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::member::Member;
use crate::emit::access::{Access, access};
use crate::emit::tokens::release;
use crate::ir::profile::{Around, Cardinality, Handling, Kept, ProfileStruct, Slice};
use crate::ir::{Field, Model, StructureKind, Type};

/// Two static tables, and the methods for what extends primitives.
pub(super) struct Tables {
    pub(super) shape: TokenStream,
    pub(super) layout: TokenStream,
    pub(super) access: Option<TokenStream>,
}

/// A row of the shape: a field, or one type of a choice that it holds.
struct Row {
    /// Name in JSON, of a slice with the name of the slice behind.
    name: String,
    /// Which field of the struct.
    slot: usize,
    variant: usize,
    is_primitive: bool,
}

pub(super) fn tables(lowered: &ProfileStruct, members: &[Member<'_>], model: &Model) -> Tables {
    let rows: Vec<Row> =
        members.iter().enumerate().flat_map(|(slot, member)| rows(slot, member, model)).collect();
    let fields = rows.iter().map(|row| field(row, &members[row.slot]));
    let structure = model.structures.iter().find(|known| known.name == lowered.base);
    let path = structure.map_or(&lowered.base, |structure| &structure.path);
    let is_resource = structure.is_some_and(|structure| structure.kind == StructureKind::Resource);
    let release = release(model.version);
    let shape = quote! {
        runtime::Shape {
            name: #path, release: #release, is_resource: #is_resource, fields: &[#(#fields),*]
        }
    };
    let layout = layout(lowered, members, &rows);
    let access = access(&lowered.name, extended(members, &rows, model), model);
    Tables { shape, layout, access }
}

/// The fields whose values may be extended; ids of elements are not.
fn extended<'a>(members: &'a [Member<'_>], rows: &[Row], model: &Model) -> Vec<Access<'a>> {
    let access = |(slot, member): (usize, &'a Member<'_>)| {
        let first = rows.iter().position(|row| row.slot == slot)?;
        let own = &rows[first..];
        let count = own.iter().take_while(|row| row.slot == slot).count();
        let is_extended = own[..count].iter().any(|row| row.is_primitive && row.name != "id");
        let (path, ty) = match member {
            Member::Kept(kept) => (kept.path.as_str(), &kept.ty),
            Member::Rest(_, field) => (field.path.as_str(), &field.ty),
        };
        let is_choice = model.choice_of(ty).is_some();
        let is_many = matches!(member.cardinality(), Cardinality::Any | Cardinality::Some);
        is_extended.then(|| Access { name: member.name(), path, first, count, is_choice, is_many })
    };
    members.iter().enumerate().filter_map(access).collect()
}

fn rows(slot: usize, member: &Member<'_>, model: &Model) -> Vec<Row> {
    let (name, ty, is_plain) = match member {
        Member::Kept(kept) => {
            let label = kept.path.rsplit('.').next().unwrap_or_default();
            let name = if label.contains(':') { label } else { kept.json.as_str() };
            (name, &kept.ty, kept.around.is_empty())
        }
        Member::Rest(_, field) => (field.json.as_str(), &field.ty, true),
    };
    let is_primitive = |ty: &Type| is_plain && matches!(ty, Type::Primitive(_) | Type::Code(_));
    let Some(choice) = model.choice_of(ty) else {
        return vec![Row { name: name.to_owned(), slot, variant: 0, is_primitive: is_primitive(ty) }];
    };
    let variants = choice.variants.iter().enumerate();
    variants
        .map(|(variant, of)| Row {
            name: format!("{name}{}", of.name),
            slot,
            variant,
            is_primitive: is_primitive(&of.ty),
        })
        .collect()
}

fn field(row: &Row, member: &Member<'_>) -> TokenStream {
    let (name, slot) = (&row.name, Literal::usize_unsuffixed(row.slot));
    let variant = (row.variant > 0).then(|| {
        let variant = Literal::usize_unsuffixed(row.variant);
        quote!(.variant(#variant))
    });
    let cardinality = member.cardinality();
    let many = matches!(cardinality, Cardinality::Any | Cardinality::Some).then(|| quote!(.many()));
    let required = matches!(cardinality, Cardinality::One | Cardinality::Some).then(|| quote!(.required()));
    let primitive = row.is_primitive.then(|| quote!(.primitive()));
    quote!(runtime::Field::new(#name, #slot) #variant #many #required #primitive)
}

fn layout(lowered: &ProfileStruct, members: &[Member<'_>], rows: &[Row]) -> TokenStream {
    let number_of = |name: &str| {
        let slot = members.iter().position(|member| member.name() == name);
        rows.iter().position(|row| Some(row.slot) == slot).unwrap_or_default()
    };
    let mut properties = Vec::new();
    let mut stems = Vec::new();
    for field in &lowered.fields {
        let base = &field.base;
        let many = base.is_many.then(|| quote!(.many()));
        match &field.handling {
            Handling::Forbidden if matches!(base.ty, Type::Choice(_)) => stems.push(&base.json),
            Handling::Forbidden => {
                let name = &base.json;
                properties.push(quote!(runtime::Property::forbidden(#name)));
            }
            Handling::Fixed(json) => {
                let name = &base.json;
                properties.push(quote!(runtime::Property::implied(#name, #json) #many));
            }
            Handling::Kept(kept) => {
                if matches!(base.ty, Type::Choice(_)) && kept.ty != base.ty {
                    stems.push(&base.json);
                }
                properties.extend(kept_properties(kept, base, rows, number_of(&kept.name)));
            }
            Handling::Sliced { slices, rest } => {
                properties.push(sliced(base, slices, rest.as_deref(), &number_of));
            }
        }
    }
    let details = members.iter().filter_map(|member| match member {
        Member::Kept(kept) => detail(kept, number_of(&kept.name)),
        Member::Rest(..) => None,
    });
    quote! {
        runtime::Layout {
            properties: &[#(#properties),*],
            stems: &[#(#stems),*],
            details: &[#(#details),*],
        }
    }
}

/// The properties of a field: one, or one for each type of a choice.
fn kept_properties(kept: &Kept, base: &Field, rows: &[Row], first: usize) -> Vec<TokenStream> {
    let single = base.is_single.then(|| quote!(.single()));
    let many = base.is_many.then(|| quote!(.many()));
    let of_slot = rows.iter().enumerate().filter(|(_, row)| row.slot == rows[first].slot);
    of_slot
        .map(|(number, row)| {
            let name = if matches!(kept.ty, Type::Choice(_)) { &row.name } else { &kept.json };
            let number = Literal::usize_unsuffixed(number);
            let primitive = row.is_primitive.then(|| quote!(.primitive()));
            // An element without its wrapping has the name of the outermost.
            let name = if kept.around.is_empty() { name } else { &kept.json };
            quote!(runtime::Property::field(#name, #number) #many #single #primitive)
        })
        .collect()
}

fn sliced(
    base: &Field,
    slices: &[Slice],
    rest: Option<&str>,
    number_of: &dyn Fn(&str) -> usize,
) -> TokenStream {
    let name = &base.json;
    let primitive = matches!(base.ty, Type::Primitive(_) | Type::Code(_)).then(|| quote!(.primitive()));
    let entries = slices.iter().map(|slice| {
        let number = Literal::usize_unsuffixed(number_of(&slice.field.name));
        let marks = slice.tests.iter().map(|test| {
            let (path, expected) = (&test.path, option(test.expected.as_deref()));
            quote!(runtime::Mark(&[#(#path),*], #expected))
        });
        quote!(runtime::Slice { field: #number, marks: &[#(#marks),*] })
    });
    let rest = rest.map_or_else(
        || quote!(None),
        |rest| {
            let number = Literal::usize_unsuffixed(number_of(rest));
            quote!(Some(#number))
        },
    );
    quote!(runtime::Property::sliced(#name, &[#(#entries),*], #rest) #primitive)
}

/// What the shape does not say of a field, if there is anything.
fn detail(kept: &Kept, number: usize) -> Option<TokenStream> {
    if kept.fixed.is_none() && kept.pattern.is_none() && kept.around.is_empty() {
        return None;
    }
    let number = Literal::usize_unsuffixed(number);
    let (fixed, pattern) = (option(kept.fixed.as_deref()), option(kept.pattern.as_deref()));
    let around = kept.around.iter().map(|Around { inner, is_many, implied, forbidden, stems }| {
        let implied = implied.iter().map(|(name, json)| quote!((#name, #json)));
        quote! {
            runtime::Around {
                inner: #inner,
                is_many: #is_many,
                implied: &[#(#implied),*],
                forbidden: &[#(#forbidden),*],
                stems: &[#(#stems),*],
            }
        }
    });
    Some(quote! {
        (#number, runtime::Detail { fixed: #fixed, pattern: #pattern, around: &[#(#around),*] })
    })
}

fn option(text: Option<&str>) -> TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}
