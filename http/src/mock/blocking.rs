//! A local e-RS for programs without async.

use std::ops::Deref;

use tokio::runtime::{Builder, Runtime};

use super::error::MockError;
use super::options::MockOptions;
use super::running::LocalErs;

/// A local e-RS that listens on its own thread until it is dropped.
///
/// ```
/// use ers_fhir_http::{BlockingLocalErs, MockOptions};
///
/// let service = BlockingLocalErs::with(MockOptions::default())?;
/// assert!(service.url().starts_with("http://127.0.0.1:"));
/// # Ok::<(), ers_fhir_http::MockError>(())
/// ```
#[derive(Debug)]
pub struct BlockingLocalErs {
    service: LocalErs,
    runtime: Runtime,
}

impl BlockingLocalErs {
    /// Starts one with these options. Do not call this from async code.
    ///
    /// # Errors
    ///
    /// If the port cannot be listened on, or the journal cannot be read.
    pub fn with(options: MockOptions) -> Result<Self, MockError> {
        let runtime =
            Builder::new_multi_thread().worker_threads(1).thread_name("mock").enable_all().build()?;
        let service = runtime.block_on(LocalErs::with(options))?;
        Ok(Self { service, runtime })
    }
}

impl Deref for BlockingLocalErs {
    type Target = LocalErs;

    fn deref(&self) -> &LocalErs {
        &self.service
    }
}

impl Drop for BlockingLocalErs {
    fn drop(&mut self) {
        self.runtime.block_on(self.service.end());
    }
}
