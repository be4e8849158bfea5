//! Snapshots, one feature at a time, and of everything that is embedded.

mod embedded;
mod features;
mod world;
