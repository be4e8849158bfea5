//! A local e-RS on real sockets.

#![cfg(feature = "mock")]

mod carried;
mod kept;
mod support;
