//! A local service that listens.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use ers_fhir_local::elsewhere::{Step, take};
use ers_fhir_local::{Moment, State};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::error::{MockError, StepError};
use super::kept::Kept;
use super::options::MockOptions;
use super::route::router;

/// A local e-RS that listens, for tests in the same process.
///
/// ```
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// use ers_fhir_http::LocalErs;
///
/// let service = LocalErs::start().await?;
/// assert!(service.url().ends_with("/referrals/FHIR"));
/// service.stop().await;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct LocalErs {
    address: SocketAddr,
    origin: String,
    kept: Arc<Kept>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl LocalErs {
    /// Starts a service with only the small England, on a free port, in memory.
    ///
    /// # Errors
    ///
    /// If no port can be listened on.
    pub async fn start() -> Result<Self, MockError> {
        Self::with(MockOptions::default()).await
    }

    /// Starts a service with these options.
    ///
    /// # Errors
    ///
    /// If the port cannot be listened on, or the journal cannot be read.
    pub async fn with(options: MockOptions) -> Result<Self, MockError> {
        let wanted = SocketAddr::new(options.host, options.port);
        let listener = TcpListener::bind(wanted).await.map_err(|error| MockError::Listen(wanted, error))?;
        let address = listener.local_addr()?;
        let origin = options.origin.clone().unwrap_or_else(|| origin(address));
        let kept = Arc::new(Kept::new(options)?);
        let app = router(Arc::clone(&kept), origin.clone());
        let service = Arc::clone(&kept);
        let (stop, is_told) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let told = async move {
                let _ = is_told.await;
                // A listener would keep it from ending.
                service.bell.end();
            };
            // It ends when it is told to; there is nobody to report an error to.
            let _ = axum::serve(listener, app).with_graceful_shutdown(told).await;
        });
        Ok(Self { address, origin, kept, stop: Some(stop), task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address before `/STU3` and `/R4`.
    pub fn url(&self) -> String {
        format!("{}/referrals/FHIR", self.origin)
    }

    /// The state as it is now.
    pub fn state(&self) -> State {
        self.kept.look(|state, _| state.clone())
    }

    /// Takes a step that the API does not offer: a patient books, a referrer replies. Returns the new version.
    ///
    /// # Errors
    ///
    /// If the step is not possible in the state of the request; the error says why.
    pub fn take(&self, ubrn: &str, step: Step) -> Result<u64, StepError> {
        let (kept, by) = (&self.kept, step.name());
        kept.change(by, ubrn, |state, now| {
            take(&kept.local, state, ubrn, step, now).map_err(StepError::Refused)
        })
    }

    /// What its clock shows.
    pub fn clock(&self) -> Moment {
        self.kept.look(|_, now| now)
    }

    /// Sets its clock.
    ///
    /// # Errors
    ///
    /// If the journal cannot be written.
    pub fn set_clock(&self, at: Moment) -> Result<(), StepError> {
        Ok(self.kept.set_clock(at)?)
    }

    /// Stops, once all requests are answered.
    pub async fn stop(mut self) {
        self.end().await;
    }

    pub(super) async fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
            let _ = (&mut self.task).await;
        }
    }
}

/// The address as a client has it.
fn origin(address: SocketAddr) -> String {
    let port = address.port();
    match address.ip() {
        ip if ip.is_unspecified() => format!("http://localhost:{port}"),
        IpAddr::V4(ip) => format!("http://{ip}:{port}"),
        IpAddr::V6(ip) => format!("http://[{ip}]:{port}"),
    }
}

/// Serves until the process is told to end (SIGTERM, SIGINT). `started` is told where it listens.
///
/// # Errors
///
/// Where it cannot start.
pub fn mock(options: MockOptions, started: impl FnOnce(&LocalErs)) -> Result<(), MockError> {
    // Without threads, a runtime panics when it starts its own.
    std::thread::Builder::new().spawn(|| ())?;
    let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("mock").enable_all().build()?;
    runtime.block_on(async {
        let service = LocalErs::with(options).await?;
        started(&service);
        until_told().await?;
        service.stop().await;
        Ok(())
    })
}

/// Waits until the process is told to end.
#[cfg(unix)]
async fn until_told() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut term = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Waits until the process is told to end.
#[cfg(not(unix))]
async fn until_told() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
