//! What only maintainers run: `cargo xtask --help` lists it. The parts that tests hold to account are
//! here; the commands are in the binary.

pub mod distil;
