//! Terminology: readers, and each operator on small fixtures.

mod fixtures;
mod lookup;
mod operators;
mod readers;
