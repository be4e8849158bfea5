//! What compiles, and what does not: the code that the generator's tests hold, code that an earlier release made,
//! and programs with mistakes that the types find.

use std::path::Path;

#[test]
fn programs_compile_or_not() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/compile/features.rs");
    cases.pass("tests/compile/contract.rs");
    cases.compile_fail("tests/compile/fail/*.rs");
}

#[test]
fn the_code_of_this_release_is_kept() {
    let release = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract").join(release);
    assert!(folder.is_dir(), "keep code of the generator's tests in {}", folder.display());
    let listed = include_str!("compile/contract.rs");
    assert!(listed.contains(&format!("\"{release}\":")), "list it in tests/compile/contract.rs");
}
