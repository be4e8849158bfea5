//! Tasks for maintainers: `cargo xtask --help` lists them. The parts that tests check are here; the
//! commands are in the binary.

pub mod bundle;
pub mod distil;
