//! Terminology: readers, each operator on small fixtures, and whole releases against published
//! expansions.

mod expansions;
mod fixtures;
mod lookup;
mod operators;
mod readers;
