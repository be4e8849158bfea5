//! Profile structs, and the way from and to the base.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{docs, ident, type_tokens};
use crate::ir::profile::{Cardinality, Expected, Form, Handling, Kept, ProfileField, ProfileStruct, Slice};
use crate::ir::{Choice, Field, Model, Type};

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
    let members = members(lowered);
    let fields = members.iter().map(|kept| {
        let (doc, name, ty) = (field_doc(kept), ident(&kept.name), held(kept, lowered));
        quote!(#doc pub #name: #ty,)
    });
    let rests = rests(lowered);
    let rest_fields = rests.iter().map(|(name, field)| {
        let doc = docs::doc(&format!("Repeats of `{}` that the profile does not name.", field.path));
        let (name, ty) = (ident(name), type_tokens(&field.ty));
        quote!(#doc pub #name: Vec<#ty>,)
    });
    let orders: Vec<_> = orders(lowered).collect();
    let take = take(lowered, context);
    let give = give(lowered, context);
    let construct = construct(lowered, context);
    quote! {
        #doc
        #[derive(Clone)]
        pub struct #name {
            #(#fields)*
            #(#rest_fields)*
            #(
                #[doc(hidden)]
                pub #orders: runtime::Order,
            )*
            /// Ids and extensions of primitives, and fields that the type does not have.
            pub extras: runtime::Extras<Element>,
        }

        #construct

        impl runtime::Profile for #name {
            type Base = #base;

            fn take(base: #base, check: &mut runtime::Check) -> Option<Self> {
                #take
            }

            fn give(self) -> #base {
                #give
            }
        }

        runtime::profile!(#name, #base);
    }
}

/// Every field of the struct, slices among them.
fn members(lowered: &ProfileStruct) -> Vec<&Kept> {
    lowered
        .fields
        .iter()
        .flat_map(|field| match &field.handling {
            Handling::Forbidden | Handling::Fixed(_) => Vec::new(),
            Handling::Kept(kept) => vec![&**kept],
            Handling::Sliced { slices, .. } => slices.iter().map(|slice| &slice.field).collect(),
        })
        .collect()
}

/// Fields for what belongs to no slice, each with the field of the base.
fn rests(lowered: &ProfileStruct) -> Vec<(&str, &Field)> {
    let mut rests = Vec::new();
    for field in &lowered.fields {
        if let Handling::Sliced { rest: Some(name), .. } = &field.handling {
            rests.push((name.as_str(), &field.base));
        }
    }
    rests
}

fn orders(lowered: &ProfileStruct) -> impl Iterator<Item = proc_macro2::Ident> + '_ {
    let sliced = lowered.fields.iter().filter(|field| matches!(field.handling, Handling::Sliced { .. }));
    sliced.map(|field| format_ident!("order_of_{}", field.base.name))
}

fn field_doc(kept: &Kept) -> TokenStream {
    let mut field = Field {
        name: kept.name.clone(),
        json: String::new(),
        path: kept.path.clone(),
        is_required: false,
        is_many: false,
        ty: Type::Resource,
        facts: kept.facts.clone(),
        attributes: Vec::new(),
    };
    if let Some(fixed) = &kept.fixed {
        field.facts.types.push(format!("always `{fixed}`"));
    }
    docs::field(&field)
}

/// The field of the base that a field of the struct comes from.
fn base_of<'a>(kept: &Kept, lowered: &'a ProfileStruct) -> Option<&'a Field> {
    let found = lowered.fields.iter().find(|field| match &field.handling {
        Handling::Kept(own) => own.name == kept.name,
        Handling::Sliced { slices, .. } => slices.iter().any(|slice| slice.field.name == kept.name),
        _ => false,
    });
    found.map(|field| &field.base)
}

/// The type of one value of a field.
fn value_type(form: &Form, base: &Type) -> TokenStream {
    match form {
        Form::Base => type_tokens(base),
        Form::Struct(name) | Form::Code(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Form::Variant { ty, form, .. } => value_type(form, ty),
    }
}

fn held(kept: &Kept, lowered: &ProfileStruct) -> TokenStream {
    let base = base_of(kept, lowered).map_or(&Type::Resource, |field| &field.ty);
    let ty = value_type(&kept.form, base);
    match kept.cardinality {
        Cardinality::One => ty,
        Cardinality::Optional => quote!(Option<#ty>),
        Cardinality::Any | Cardinality::Some => quote!(Vec<#ty>),
    }
}

/// From a value of the base to one of the profile: an expression of `Option`.
fn narrow(form: &Form, ty: &Type, context: &Context<'_>) -> TokenStream {
    match form {
        Form::Base => quote!(Some(value)),
        Form::Struct(name) => {
            let name = ident(name);
            let value = if is_boxed(ty) { quote!(*value) } else { quote!(value) };
            quote!(<#name as runtime::Profile>::take(#value, check))
        }
        Form::Code(_) => quote!(check.narrow(&value)),
        Form::Variant { variant, ty: inner, form } => {
            let owner = variant_owner(ty);
            let name = ident(variant);
            let unboxed = is_boxed_in(ty, variant, context).then(|| quote!(let value = *value;));
            let narrowed = narrow(form, inner, context);
            quote! {
                match value {
                    #owner::#name(value) => { #unboxed #narrowed }
                    _ => check.wrong_type(#variant),
                }
            }
        }
    }
}

/// From a value of the profile to one of the base.
fn widen(form: &Form, ty: &Type, context: &Context<'_>) -> TokenStream {
    match form {
        Form::Base => quote!(value),
        Form::Struct(_) if is_boxed(ty) => quote!(Box::new(runtime::Profile::give(value))),
        Form::Struct(_) => quote!(runtime::Profile::give(value)),
        Form::Code(_) => quote!(runtime::widen(&value)),
        Form::Variant { variant, ty: inner, form } => {
            let owner = variant_owner(ty);
            let name = ident(variant);
            let widened = widen(form, inner, context);
            if is_boxed_in(ty, variant, context) {
                quote!(#owner::#name(Box::new(#widened)))
            } else {
                quote!(#owner::#name(#widened))
            }
        }
    }
}

fn variant_owner(ty: &Type) -> TokenStream {
    if let Type::Choice(name) = ty {
        let name = ident(name);
        quote!(#name)
    } else {
        quote!(Resource)
    }
}

fn is_boxed(ty: &Type) -> bool {
    matches!(ty, Type::Structure { is_boxed: true, .. })
}

/// Whether a variant holds its value in a box.
fn is_boxed_in(ty: &Type, variant: &str, context: &Context<'_>) -> bool {
    let Type::Choice(name) = ty else { return true };
    let choice: Option<&Choice> = context.model.choices.iter().find(|choice| choice.name == *name);
    let variant = choice.and_then(|choice| choice.variants.iter().find(|known| known.name == variant));
    variant.is_none_or(|variant| !matches!(variant.ty, Type::Primitive(_)))
}

fn method(cardinality: Cardinality) -> TokenStream {
    match cardinality {
        Cardinality::One => quote!(one),
        Cardinality::Optional => quote!(optional),
        Cardinality::Any => quote!(any),
        Cardinality::Some => quote!(some),
    }
}

/// The values of a field of the base, as something to iterate over.
fn values(field: &Field) -> TokenStream {
    let name = ident(&field.name);
    if field.is_required { quote!([base.#name]) } else { quote!(base.#name) }
}

fn take(lowered: &ProfileStruct, context: &Context<'_>) -> TokenStream {
    let statements = lowered.fields.iter().map(|field| {
        let json = &field.base.json;
        let values = values(&field.base);
        match &field.handling {
            Handling::Forbidden => quote!(check.forbid(#json, #values);),
            Handling::Fixed(fixed) => quote!(check.implied(#json, #values, #fixed);),
            Handling::Kept(kept) if is_untouched(kept, &field.base) => {
                let (name, base) = (ident(&kept.name), ident(&field.base.name));
                quote!(let #name = base.#base;)
            }
            Handling::Kept(kept) => take_kept(kept, json, &values, &field.base.ty, context),
            Handling::Sliced { slices, rest } => take_sliced(slices, rest.as_deref(), field, context),
        }
    });
    let members = members(lowered);
    let untouched: Vec<&String> = lowered
        .fields
        .iter()
        .filter_map(|field| match &field.handling {
            Handling::Kept(kept) if is_untouched(kept, &field.base) => Some(&kept.name),
            _ => None,
        })
        .collect();
    let results = members.iter().map(|kept| {
        let name = ident(&kept.name);
        match kept.cardinality {
            Cardinality::One if !untouched.contains(&&kept.name) => quote!(#name: #name?),
            _ => quote!(#name),
        }
    });
    let rests = rests(lowered).into_iter().map(|(name, _)| ident(name)).collect::<Vec<_>>();
    let orders = orders(lowered);
    quote! {
        #(#statements)*
        Some(Self { #(#results,)* #(#rests,)* #(#orders,)* extras: base.extras })
    }
}

fn take_kept(
    kept: &Kept,
    element: &str,
    values: &TokenStream,
    ty: &Type,
    context: &Context<'_>,
) -> TokenStream {
    let (name, method) = (ident(&kept.name), method(kept.cardinality));
    if !needs_check(kept) {
        // Without a closure, so that all fields of a type share one instance.
        let method = format_ident!("plain_{}", method.to_string());
        return quote!(let #name = check.#method(#element, #values););
    }
    if let (Form::Struct(inner), None, None, false) = (&kept.form, &kept.fixed, &kept.pattern, is_boxed(ty)) {
        let inner = ident(inner);
        return quote!(let #name = check.#method(#element, #values, <#inner as runtime::Profile>::take););
    }
    let narrowed = narrow(&kept.form, ty, context);
    let fixed = kept.fixed.as_ref().map(|json| quote!(check.fixed("", &value, #json);));
    let pattern = kept.pattern.as_ref().map(|json| quote!(check.pattern("", &value, #json);));
    quote! {
        let #name = check.#method(#element, #values, |value, check| { #fixed #pattern #narrowed });
    }
}

/// Whether a field is just as in the base.
fn is_untouched(kept: &Kept, base: &Field) -> bool {
    let same = match kept.cardinality {
        Cardinality::One => base.is_required,
        Cardinality::Optional => !base.is_many && !base.is_required,
        Cardinality::Any => base.is_many,
        Cardinality::Some => false,
    };
    same && !needs_check(kept)
}

fn needs_check(kept: &Kept) -> bool {
    kept.form != Form::Base || kept.fixed.is_some() || kept.pattern.is_some()
}

fn take_sliced(
    slices: &[Slice],
    rest: Option<&str>,
    field: &ProfileField,
    context: &Context<'_>,
) -> TokenStream {
    let name = ident(&field.base.name);
    let sorted = format_ident!("sorted_{}", field.base.name);
    let order = format_ident!("order_of_{}", field.base.name);
    let json = &field.base.json;
    let marks = slices.iter().map(|slice| {
        let tests = slice.tests.iter().map(|test| {
            let path = &test.path;
            let expected = match &test.expected {
                Expected::Value(json) => quote!(runtime::Mark::Value(#json)),
                Expected::Type(name) => quote!(runtime::Mark::Type(#name)),
            };
            quote!((&[#(#path),*], #expected))
        });
        quote!(&[#(#tests),*])
    });
    let takes = slices.iter().enumerate().map(|(number, slice)| {
        let given = slice.field.path.rsplit(':').next().unwrap_or(&slice.field.name);
        let element = format!("{json}:{given}");
        let number = Literal::usize_unsuffixed(number);
        take_kept(&slice.field, &element, &quote!(#sorted.slice(#number)), &field.base.ty, context)
    });
    let last = Literal::usize_unsuffixed(slices.len());
    let rest = if let Some(rest) = rest {
        let rest = ident(rest);
        quote!(let #rest = #sorted.slice(#last);)
    } else {
        quote!(check.forbid(#json, #sorted.slice(#last));)
    };
    quote! {
        let mut #sorted = runtime::Sorted::new(base.#name, &[#(#marks),*]);
        #(#takes)*
        #rest
        let #order = #sorted.order;
    }
}

fn give(lowered: &ProfileStruct, context: &Context<'_>) -> TokenStream {
    let fields = lowered.fields.iter().map(|field| {
        let name = ident(&field.base.name);
        let value = match &field.handling {
            Handling::Forbidden if field.base.is_many => quote!(Vec::new()),
            Handling::Forbidden => quote!(None),
            Handling::Fixed(json) if field.base.is_many => quote!(vec![runtime::literal(#json)]),
            Handling::Fixed(json) if field.base.is_required => quote!(runtime::literal(#json)),
            Handling::Fixed(json) => quote!(Some(runtime::literal(#json))),
            Handling::Kept(kept) => give_kept(kept, &field.base, context),
            Handling::Sliced { slices, rest } => {
                let groups = slices.iter().map(|slice| give_many(&slice.field, &field.base, context));
                let rest = rest.as_deref().map_or_else(
                    || quote!(Vec::new()),
                    |rest| {
                        let rest = ident(rest);
                        quote!(self.#rest)
                    },
                );
                let order = format_ident!("order_of_{}", field.base.name);
                quote!(self.#order.merge(vec![#(#groups,)* #rest]))
            }
        };
        quote!(#name: #value)
    });
    let base = ident(&lowered.base);
    quote!(#base { #(#fields,)* extras: self.extras })
}

fn give_kept(kept: &Kept, base: &Field, context: &Context<'_>) -> TokenStream {
    if base.is_many {
        return give_many(kept, base, context);
    }
    let name = ident(&kept.name);
    let widened = widen(&kept.form, &base.ty, context);
    let is_plain = kept.form == Form::Base;
    match (kept.cardinality, base.is_required) {
        (Cardinality::One, true) if is_plain => quote!(self.#name),
        (Cardinality::One, true) => quote!({ let value = self.#name; #widened }),
        (Cardinality::One, false) if is_plain => quote!(Some(self.#name)),
        (Cardinality::One, false) => quote!(Some({ let value = self.#name; #widened })),
        _ if is_plain => quote!(self.#name),
        _ if is_direct(&kept.form, &base.ty) => quote!(self.#name.map(runtime::Profile::give)),
        _ => quote!(self.#name.map(|value| #widened)),
    }
}

/// The values of a field, as a vector of the base's.
fn give_many(kept: &Kept, base: &Field, context: &Context<'_>) -> TokenStream {
    let name = ident(&kept.name);
    let widened = widen(&kept.form, &base.ty, context);
    let is_plain = kept.form == Form::Base;
    match kept.cardinality {
        Cardinality::One if is_plain => quote!(vec![self.#name]),
        Cardinality::One => quote!(vec![{ let value = self.#name; #widened }]),
        Cardinality::Optional if is_plain => quote!(self.#name.into_iter().collect()),
        _ if is_plain => quote!(self.#name),
        _ if is_direct(&kept.form, &base.ty) => {
            quote!(self.#name.into_iter().map(runtime::Profile::give).collect())
        }
        _ => quote!(self.#name.into_iter().map(|value| #widened).collect()),
    }
}

/// Whether the value only has to become its base.
fn is_direct(form: &Form, ty: &Type) -> bool {
    matches!(form, Form::Struct(_)) && !is_boxed(ty)
}

/// Whether a struct can be made of nothing.
fn is_default(name: &str, context: &Context<'_>, depth: usize) -> bool {
    let Some(lowered) = context.structs.iter().find(|lowered| lowered.name == name) else { return false };
    depth < 16 && members(lowered).iter().all(|kept| !is_mandatory(kept, context, depth + 1))
}

fn is_mandatory(kept: &Kept, context: &Context<'_>, depth: usize) -> bool {
    match (kept.cardinality, &kept.form) {
        (Cardinality::Optional | Cardinality::Any, _) => false,
        (Cardinality::One, Form::Struct(name)) => !is_default(name, context, depth),
        _ => true,
    }
}

/// `new` with what is mandatory, or `Default`; setters for the rest.
fn construct(lowered: &ProfileStruct, context: &Context<'_>) -> TokenStream {
    let name = ident(&lowered.name);
    let members = members(lowered);
    let (mandatory, rest): (Vec<&Kept>, Vec<&Kept>) =
        members.iter().copied().partition(|kept| is_mandatory(kept, context, 0));
    let parameters: Vec<_> = mandatory
        .iter()
        .map(|kept| {
            let (name, ty) = (ident(&kept.name), held(kept, lowered));
            if kept.cardinality == Cardinality::One {
                quote!(#name: impl Into<#ty>)
            } else {
                quote!(#name: #ty)
            }
        })
        .collect();
    let given = mandatory.iter().map(|kept| {
        let name = ident(&kept.name);
        if kept.cardinality == Cardinality::One { quote!(#name: #name.into()) } else { quote!(#name) }
    });
    let conversions = conversions(lowered, context);
    let empty = rest.iter().map(|kept| {
        let name = ident(&kept.name);
        match kept.cardinality {
            Cardinality::One => {
                let ty = held(kept, lowered);
                quote!(#name: #ty::default())
            }
            Cardinality::Optional => quote!(#name: None),
            _ => quote!(#name: Vec::new()),
        }
    });
    let rests = rests(lowered).into_iter().map(|(name, _)| ident(name)).collect::<Vec<_>>();
    let orders: Vec<_> = orders(lowered).collect();
    let body = quote! {
        Self {
            #(#given,)*
            #(#empty,)*
            #(#rests: Vec::new(),)*
            #(#orders: runtime::Order::default(),)*
            extras: runtime::Extras::none(),
        }
    };
    let setters = rest.iter().map(|kept| setter(kept, lowered));
    let new = (!parameters.is_empty()).then(|| {
        let doc = docs::doc(&format!("A `{}` with what is mandatory.", lowered.path));
        let many = (parameters.len() > 7).then(
            || quote!(#[expect(clippy::too_many_arguments, reason = "the profile asks for so many parts")]),
        );
        quote!(#doc #many pub fn new(#(#parameters),*) -> Self { #body })
    });
    let default =
        parameters.is_empty().then(|| quote!(impl Default for #name { fn default() -> Self { #body } }));
    quote! {
        impl #name {
            #new
            #(#setters)*
        }

        #default
        #conversions
    }
}

/// `From` for a struct with one mandatory part: of that part, and of what that can be made from.
fn conversions(lowered: &ProfileStruct, context: &Context<'_>) -> TokenStream {
    let to = ident(&lowered.name);
    let mut tokens = TokenStream::new();
    let mut inner = lowered;
    // Each turn goes one struct inwards; nesting is that of the snapshot, and shallow.
    for depth in 0..8 {
        let members = members(inner);
        let mut mandatory = members.iter().filter(|kept| is_mandatory(kept, context, 0));
        let (Some(only), None) = (mandatory.next(), mandatory.next()) else { break };
        if only.cardinality != Cardinality::One {
            break;
        }
        let ty = value_type(&only.form, base_of(only, inner).map_or(&Type::Resource, |field| &field.ty));
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
        let next = match innermost(&only.form) {
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

fn innermost(form: &Form) -> &Form {
    match form {
        Form::Variant { form, .. } => innermost(form),
        form => form,
    }
}

fn setter(kept: &Kept, lowered: &ProfileStruct) -> TokenStream {
    let name = ident(&kept.name);
    let setter = format_ident!("with_{}", kept.name);
    let base = base_of(kept, lowered).map_or(&Type::Resource, |field| &field.ty);
    let ty = value_type(&kept.form, base);
    let (doc, set) = match kept.cardinality {
        Cardinality::One => (format!("Sets `{}`.", kept.path), quote!(self.#name = value.into())),
        Cardinality::Optional => (format!("Sets `{}`.", kept.path), quote!(self.#name = Some(value.into()))),
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
