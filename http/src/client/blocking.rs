//! The client for programs without async: the same methods, but blocking.

use std::future::Future;
use std::io::Write;
use std::sync::Arc;

use tokio::runtime::Runtime;

use super::caller::Who;
use super::calling;
use super::error::Error;
use super::files::Download;
use super::reply::Reply;
use super::request::Request;

/// Waits for a future, such as a login.
///
/// # Errors
///
/// If the system has no thread or no descriptor left.
pub fn wait<T>(what: impl Future<Output = T>) -> std::io::Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(what))
}

/// Calls the service, and waits for it. It must not be used inside of async code.
///
/// ```no_run
/// use ers_fhir_http::client::{AnyUser, Client, Environment, blocking};
///
/// # fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let client = blocking::Client::new(Client::builder(Environment::sandbox()).build(AnyUser)?)?;
/// println!("{:?}", client.retrieve_business_functions()?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client<W> {
    client: calling::Client<W>,
    runtime: Arc<Runtime>,
}

impl<W> Client<W> {
    /// One that waits for another.
    ///
    /// # Errors
    ///
    /// If the system has no thread or no descriptor left.
    pub fn new(client: calling::Client<W>) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { client, runtime: Arc::new(runtime) })
    }

    /// The client that it waits for.
    pub fn client(&self) -> &calling::Client<W> {
        &self.client
    }

    /// The same, called by somebody else.
    pub fn called_by<V: Who>(&self, who: V) -> Client<V> {
        Client { client: self.client.called_by(who), runtime: self.runtime.clone() }
    }

    /// Waits for a future of the client, such as [`slots`](calling::Client::slots).
    pub fn wait<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }

    /// Writes a received file, and returns its size in bytes.
    ///
    /// # Errors
    ///
    /// If it breaks off, or cannot be written.
    pub fn write(&self, mut download: Download, writer: &mut impl Write) -> Result<u64, Error> {
        let mut written = 0;
        while let Some(piece) = self.wait(download.piece())? {
            writer.write_all(&piece)?;
            written += piece.len() as u64;
        }
        writer.flush()?;
        Ok(written)
    }
}

impl<W: Who> Client<W> {
    /// Sends a request that is made as data.
    ///
    /// # Errors
    ///
    /// If it is not sent, or does not succeed.
    pub fn send(&self, request: Request) -> Result<Reply, Error> {
        self.wait(self.client.send(request))
    }
}
