//! The client on real sockets, against a small gateway with a token service.

#![cfg(feature = "client")]

mod gateway;
mod support;

mod faults;
mod files;
mod hostile;
mod login;
mod operations;
mod recording;
mod repeats;
mod secrets;
mod who;

#[cfg(feature = "blocking")]
mod blocking;
