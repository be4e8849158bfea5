//! The tables of a profile struct: its fields, and how they map to JSON.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::mark;
use super::member::choice;
use crate::emit::access::{Access, access};
use crate::emit::record::table;
use crate::ir::profile::{Around, Cardinality, Handling, Kept, ProfileStruct, Sliced, Times};
use crate::ir::{Choice, Field, Model, StructureKind, Type};

/// Two static tables, and the methods for ids and extensions of primitives.
pub(super) struct Tables {
    pub(super) shape: TokenStream,
    pub(super) layout: TokenStream,
    pub(super) access: Option<TokenStream>,
}

/// A row of the shape: a field, or one type of a choice that it holds.
struct Row<'a> {
    /// Name in JSON; for a slice, followed by the name of the slice.
    name: String,
    /// The number of the field in the struct.
    slot: usize,
    variant: usize,
    is_primitive: bool,
    /// Whether the profile allows this type of a choice.
    is_allowed: bool,
    /// What the profile says about its values, if anything.
    said: Option<&'a Kept>,
}

pub(super) fn tables(lowered: &ProfileStruct, members: &[&Kept], model: &Model) -> Tables {
    let rows: Vec<Row<'_>> =
        members.iter().enumerate().flat_map(|(slot, member)| rows(slot, member, model)).collect();
    let fields = rows.iter().map(|row| field(row, members[row.slot]));
    let structure = model.structures.iter().find(|known| known.name == lowered.base);
    let path = structure.map_or(&lowered.base, |structure| &structure.path);
    let is_resource = structure.is_some_and(|structure| structure.kind == StructureKind::Resource);
    let shape = table(path, is_resource, model, fields);
    let layout = layout(lowered, members, &rows, model);
    let access = access(&lowered.name, extended(members, &rows, model), model);
    Tables { shape, layout, access }
}

/// The fields whose values may be extended; ids of elements are not.
fn extended<'a>(members: &'a [&Kept], rows: &[Row<'_>], model: &Model) -> Vec<Access<'a>> {
    let access = |(slot, kept): (usize, &'a &Kept)| {
        let first = rows.iter().position(|row| row.slot == slot)?;
        let own = &rows[first..];
        let count = own.iter().take_while(|row| row.slot == slot).count();
        let is_extended = own[..count].iter().any(|row| row.is_primitive && row.name != "id");
        let is_choice = model.choice_of(&kept.ty).is_some();
        let is_many = matches!(kept.cardinality, Cardinality::Any | Cardinality::Some);
        is_extended.then(|| Access { name: &kept.name, path: &kept.path, first, count, is_choice, is_many })
    };
    members.iter().enumerate().filter_map(access).collect()
}

fn rows<'a>(slot: usize, kept: &'a Kept, model: &Model) -> Vec<Row<'a>> {
    let label = kept.path.rsplit('.').next().unwrap_or_default();
    // If only one type of a choice is left, what its slice says applies to the choice itself.
    let is_slice = label.contains(':') && !label.contains("[x]:");
    let name = if is_slice { label } else { kept.json.as_str() };
    let row = |name: String, variant: usize, ty: &Type, said: Option<&'a Kept>| {
        let is_wrapped = said.is_some_and(|said| !said.around.is_empty());
        let is_primitive = !is_wrapped && matches!(ty, Type::Primitive(_) | Type::Code(_));
        Row { name, slot, variant, is_primitive, is_allowed: true, said }
    };
    let Some(choice) = choice(kept, model) else {
        return vec![row(name.to_owned(), 0, &kept.ty, Some(kept))];
    };
    let variants = choice.variants.iter().enumerate();
    variants
        .map(|(variant, of)| {
            let said = kept.of_type(&of.fhir);
            let is_allowed = kept.leaves(&of.fhir);
            Row { is_allowed, ..row(format!("{name}{}", of.suffix), variant, &of.ty, said) }
        })
        .collect()
}

fn field(row: &Row<'_>, member: &Kept) -> TokenStream {
    let (name, slot) = (&row.name, Literal::usize_unsuffixed(row.slot));
    let variant = (row.variant > 0).then(|| {
        let variant = Literal::usize_unsuffixed(row.variant);
        quote!(.variant(#variant))
    });
    let cardinality = member.cardinality;
    let many = matches!(cardinality, Cardinality::Any | Cardinality::Some).then(|| quote!(.many()));
    let required = matches!(cardinality, Cardinality::One | Cardinality::Some).then(|| quote!(.required()));
    let primitive = row.is_primitive.then(|| quote!(.primitive()));
    quote!(runtime::Field::new(#name, #slot) #variant #many #required #primitive)
}

fn layout(lowered: &ProfileStruct, members: &[&Kept], rows: &[Row<'_>], model: &Model) -> TokenStream {
    let number_of = |name: &str| {
        let slot = members.iter().position(|member| member.name == name);
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
            Handling::Fixed { name, json } => {
                if matches!(base.ty, Type::Choice(_)) {
                    stems.push(&base.json);
                }
                properties.push(quote!(runtime::Property::implied(#name, #json) #many));
            }
            Handling::Kept(kept) => {
                if leaves_out(kept, base, model) {
                    stems.push(&base.json);
                }
                properties.extend(kept_properties(kept, base, rows, number_of(&kept.name)));
            }
            Handling::Sliced(of) => properties.push(sliced(base, of, &number_of)),
        }
    }
    let details: Vec<_> =
        rows.iter().enumerate().filter_map(|(number, row)| detail(row.said?, number)).collect();
    let stems = (!stems.is_empty()).then(|| quote!(.stems(&[#(#stems),*])));
    let details = (!details.is_empty()).then(|| quote!(.details(&[#(#details),*])));
    quote!(runtime::Layout::new(&[#(#properties),*]) #stems #details)
}

/// Whether a field cannot hold some types of a choice, because the profile excludes them.
fn leaves_out(kept: &Kept, base: &Field, model: &Model) -> bool {
    let is_one = matches!(base.ty, Type::Choice(_)) && kept.ty != base.ty;
    let is_less = |base: &Choice| base.variants.iter().any(|variant| !kept.leaves(&variant.fhir));
    is_one || kept.own_types().is_some() && model.choice_of(&kept.ty).is_some_and(is_less)
}

/// The properties of a field: one, or one for each type of a choice.
fn kept_properties(kept: &Kept, base: &Field, rows: &[Row<'_>], first: usize) -> Vec<TokenStream> {
    let single = base.is_single.then(|| quote!(.single()));
    let many = base.is_many.then(|| quote!(.many()));
    let is_many = matches!(kept.cardinality, Cardinality::Any | Cardinality::Some);
    let times = is_many.then(|| times(kept.times)).flatten();
    let of_slot = rows.iter().enumerate().filter(|(_, row)| row.slot == rows[first].slot);
    of_slot
        .map(|(number, row)| {
            let name = if matches!(kept.ty, Type::Choice(_)) { &row.name } else { &kept.json };
            if !row.is_allowed {
                return quote!(runtime::Property::forbidden(#name));
            }
            let number = Literal::usize_unsuffixed(number);
            let primitive = row.is_primitive.then(|| quote!(.primitive()));
            // An unwrapped element has the name of the outermost element around it.
            let name = if kept.around.is_empty() { name } else { &kept.json };
            quote!(runtime::Property::field(#name, #number) #many #single #primitive #times)
        })
        .collect()
}

fn sliced(base: &Field, of: &Sliced, number_of: &dyn Fn(&str) -> usize) -> TokenStream {
    let name = &base.json;
    let primitive = matches!(base.ty, Type::Primitive(_) | Type::Code(_)).then(|| quote!(.primitive()));
    let slices = of.slices.iter().map(|slice| {
        let marks = slice.tests.iter().map(mark::mark);
        let Some(field) = &slice.field else { return quote!(runtime::Slice::forbidden(&[#(#marks),*])) };
        let number = Literal::usize_unsuffixed(number_of(&field.name));
        let is_many = matches!(field.cardinality, Cardinality::Any | Cardinality::Some);
        let times = is_many.then(|| times(slice.times)).flatten();
        quote!(runtime::Slice::new(#number, &[#(#marks),*]) #times)
    });
    let rest = of.rest.as_ref().map_or_else(
        || quote!(None),
        |rest| {
            let number = Literal::usize_unsuffixed(number_of(&rest.name));
            quote!(Some(#number))
        },
    );
    let times = times(of.times);
    let ordered = of.is_ordered.then(|| quote!(.ordered()));
    let last = of.rest_is_last.then(|| quote!(.rest_last()));
    quote!(runtime::Property::sliced(#name, &[#(#slices),*], #rest) #primitive #times #ordered #last)
}

/// How often an element occurs, where its limits go beyond being required or repeating.
fn times(times: Times) -> Option<TokenStream> {
    let min = Literal::u32_unsuffixed(times.min);
    match times.max {
        Some(max) => {
            let max = Literal::u32_unsuffixed(max);
            Some(quote!(.times(#min, #max)))
        }
        None if times.min > 0 => Some(quote!(.at_least(#min))),
        None => None,
    }
}

/// Details of a field that the shape does not hold, if there are any.
fn detail(kept: &Kept, number: usize) -> Option<TokenStream> {
    if kept.fixed.is_none() && kept.pattern.is_none() && kept.around.is_empty() {
        return None;
    }
    let number = Literal::usize_unsuffixed(number);
    let fixed = kept.fixed.as_ref().map(|json| quote!(.fixed(#json)));
    let pattern = kept.pattern.as_ref().map(|json| quote!(.pattern(#json)));
    let around = (!kept.around.is_empty()).then(|| {
        let around = kept.around.iter().map(around);
        quote!(.around(&[#(#around),*]))
    });
    let singles = &kept.singles;
    let singles = (!singles.is_empty()).then(|| quote!(.singles(&[#(#singles),*])));
    Some(quote!((#number, runtime::Detail::new() #fixed #pattern #singles #around)))
}

fn around(around: &Around) -> TokenStream {
    let Around { inner, is_many, implied, forbidden, stems } = around;
    let many = is_many.then(|| quote!(.many()));
    let implied = implied.iter().map(|(name, json)| quote!((#name, #json)));
    let implied = quote!(.implied(&[#(#implied),*]));
    let implied = (!around.implied.is_empty()).then_some(implied);
    let forbidden = (!forbidden.is_empty()).then(|| quote!(.forbidden(&[#(#forbidden),*])));
    let stems = (!stems.is_empty()).then(|| quote!(.stems(&[#(#stems),*])));
    quote!(runtime::Around::new(#inner) #many #implied #forbidden #stems)
}
