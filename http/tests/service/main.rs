//! The service on real sockets.

mod about;
mod access;
mod calls;
mod limits;
mod operation;
mod payloads;
mod stop;
mod support;
