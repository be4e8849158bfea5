//! A profile struct that misses a mandatory part.

mod profile {
    include!("../../../../codegen/tests/features/profile/cardinality.snap.rs");
}

fn main() {
    let profile::CardName { id, extension, r#use, text, given, prefix, suffix, period, extras, .. } = card_name();
    // Without the family name, which the profile demands.
    let _ = profile::CardName { id, extension, r#use, text, given, prefix, suffix, period, extras };
}

fn card_name() -> profile::CardName {
    profile::CardName::new("Ashdown", vec!["Ivy".to_owned()])
}
