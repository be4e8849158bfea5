//! The service on real sockets.

#![cfg(feature = "server")]

mod about;
mod access;
mod calls;
mod limits;
mod operation;
mod payloads;
mod stop;
mod support;
