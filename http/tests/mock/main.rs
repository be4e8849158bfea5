//! A local e-RS on real sockets.

#![cfg(feature = "mock")]

mod carried;
mod kept;
mod logins;
mod signed;
mod support;
mod tokens;

use std::net::SocketAddr;

use ers_fhir_http::{LocalErs, MockOptions};

/// Runs a test against a service that is set up so.
fn against(options: MockOptions, test: impl FnOnce(SocketAddr)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("there are threads").block_on(async {
        let service = LocalErs::with(options).await.expect("it starts");
        tokio::task::block_in_place(|| test(service.address()));
        service.stop().await;
    });
}
