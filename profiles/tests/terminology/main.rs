//! Terminology: readers, and each operator on small fixtures.

mod fixtures;
mod lookup;
mod meanings;
mod operators;
mod readers;
