//! What only maintainers run: `cargo xtask --help` lists it. The parts that tests check are here; the
//! commands are in the binary.

pub mod bundle;
pub mod distil;
