//! What compiles, and what does not: the code that the generator's tests hold, and programs with
//! mistakes that the types find.

#[test]
fn programs_compile_or_not() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/compile/features.rs");
    cases.compile_fail("tests/compile/fail/*.rs");
}
