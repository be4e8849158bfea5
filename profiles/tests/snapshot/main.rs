//! Snapshots: one feature at a time, and against those that HL7 publishes.

mod facts;
mod published;
mod suite;
