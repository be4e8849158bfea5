//! The client on real sockets, against a small gateway with a token service.

#![cfg(feature = "client")]

mod gateway;
mod support;

mod faults;
mod files;
#[cfg(feature = "mock")]
mod granted;
mod hostile;
#[cfg(feature = "mock")]
mod local;
mod login;
mod operations;
#[cfg(feature = "mock")]
mod pathways;
mod recording;
mod repeats;
mod sandbox;
mod secrets;
mod who;

#[cfg(feature = "blocking")]
mod blocking;
