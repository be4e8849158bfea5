//! The target `validate` of `cargo fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ers_fhir_fuzz::validate(data));
