//! Snapshots: one feature at a time, and against those that others publish.

mod embedded;
mod facts;
mod features;
mod known;
mod packages;
mod published;
mod suite;
mod world;
