//! The tests that tell slices apart, as tables.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::tokens::ident;
use crate::ir::profile::{Expected, SliceStep, SliceTest};

pub(super) fn mark(test: &SliceTest) -> TokenStream {
    let path = test.path.iter().map(|step| match step {
        SliceStep::Child(name) => quote!(runtime::Step::Child(#name)),
        SliceStep::Choice(stem) => quote!(runtime::Step::Choice(#stem)),
        SliceStep::Extension(url) => quote!(runtime::Step::Extension(#url)),
    });
    let expected = expected(&test.expected);
    quote!(runtime::Mark::new(&[#(#path),*], #expected))
}

fn expected(expected: &Expected) -> TokenStream {
    match expected {
        Expected::Is(json) => quote!(runtime::Expected::Is(#json)),
        Expected::Contains(json) => quote!(runtime::Expected::Contains(#json)),
        Expected::All(tests) => {
            let marks = tests.iter().map(mark);
            quote!(runtime::Expected::All(&[#(#marks),*]))
        }
        Expected::Any(tests) => {
            let marks = tests.iter().map(mark);
            quote!(runtime::Expected::Any(&[#(#marks),*]))
        }
        Expected::Code(codes) => {
            let codes = codes.iter().map(|(system, code)| quote!((#system, #code)));
            quote!(runtime::Expected::Code(&[#(#codes),*]))
        }
        Expected::Exists(is_there) => quote!(runtime::Expected::Exists(#is_there)),
        Expected::Resource(types) => quote!(runtime::Expected::Resource(&[#(#types),*])),
        Expected::Profile(candidates) => {
            let candidates = candidates.iter().map(|(url, name)| {
                let name = ident(name);
                quote!((#url, runtime::follows::<#name>))
            });
            quote!(runtime::Expected::Profile(&[#(#candidates),*]))
        }
    }
}
