//! A profile struct that is asked for a forbidden part.

mod profile {
    include!("../../../../codegen/tests/features/profile/forbidden.snap.rs");
}

fn main() {
    let _ = profile::PlainName::default().with_family("Ashdown").suffix;
}
