//! The target `read` of `cargo fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ers_fhir_fuzz::read(data));
