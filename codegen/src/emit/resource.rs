//! The enum of all resources.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::ident;
use crate::ir::{Model, StructureKind};

pub(super) fn resource(model: &Model) -> (&'static str, TokenStream) {
    let resources = model.structures.iter().filter(|structure| structure.kind == StructureKind::Resource);
    let mut found: Vec<(&str, &str)> =
        resources.map(|structure| (structure.name.as_str(), structure.path.as_str())).collect();
    found.sort_unstable();
    let names: Vec<_> = found.iter().map(|(name, _)| ident(name)).collect();
    let types: Vec<_> = found.iter().map(|(_, path)| *path).collect();
    let docs = types.iter().map(|path| super::docs::doc(&format!("`{path}`.")));
    let tokens = quote! {
        /// Any resource.
        #[allow(dead_code)]
        #[derive(Debug)]
        pub enum Resource {
            #(#docs #names(Box<#names>),)*
            /// A resource of another type, kept as read.
            Other(Box<runtime::OtherResource>),
        }

        #[allow(dead_code)]
        impl Resource {
            /// The `resourceType`.
            pub fn type_name(&self) -> &str {
                match self {
                    #(Self::#names(_) => #types,)*
                    Self::Other(other) => other.type_name(),
                }
            }
        }

        impl runtime::AnyResource for Resource {
            const TYPES: &'static [&'static str] = &[#(#types),*];

            fn start(type_name: &str) -> Self {
                match type_name {
                    #(#types => Self::#names(runtime::Value::blank()),)*
                    _ => Self::Other(Box::default()),
                }
            }

            fn leaf(&self) -> &dyn runtime::Leaf {
                match self {
                    #(Self::#names(resource) => &**resource,)*
                    Self::Other(other) => &**other,
                }
            }

            fn leaf_mut(&mut self) -> &mut dyn runtime::Leaf {
                match self {
                    #(Self::#names(resource) => &mut **resource,)*
                    Self::Other(other) => &mut **other,
                }
            }
        }

        runtime::resource!(Resource);

        #(
            impl From<#names> for Resource {
                #[inline]
                fn from(resource: #names) -> Self {
                    Self::#names(Box::new(resource))
                }
            }

            impl TryFrom<Resource> for #names {
                type Error = Resource;

                /// The resource if it is of this type, or the value unchanged.
                #[inline]
                fn try_from(resource: Resource) -> Result<Self, Resource> {
                    match resource {
                        Resource::#names(resource) => Ok(*resource),
                        other => Err(other),
                    }
                }
            }
        )*
    };
    ("Resource", tokens)
}
