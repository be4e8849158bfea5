//! The generator on small definitions made for it: features, settings, faults.

mod base;
mod faults;
mod profile;
mod settings;
mod support;
