//! The server: sockets, limits and what goes with them.

mod accept;
mod body;
mod error;
mod guard;
mod listen;
mod log;
mod metrics;
mod page;
mod rate;
mod routes;
mod sent;
mod signals;
mod state;
mod timed;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use crate::engine::{LoadError, Sources};
use crate::options::Options;
pub use error::ServeError;

use log::Log;
use state::Shared;

/// A running service, on its own threads.
///
/// ```
/// use ers_fhir_http::{Options, Running, Sources};
///
/// let service = Running::start(Sources::default(), Options { port: 0, ..Options::default() })?;
/// assert_ne!(service.address().port(), 0);
/// service.stop()?;
/// # Ok::<(), ers_fhir_http::ServeError>(())
/// ```
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    runtime: Runtime,
    listening: tokio::task::JoinHandle<bool>,
}

impl Running {
    /// Loads definitions and settings, and listens.
    ///
    /// # Errors
    ///
    /// If these cannot be used, or the address cannot be listened on.
    pub fn start(sources: Sources, options: Options) -> Result<Self, ServeError> {
        let wanted = SocketAddr::new(options.host, options.port);
        let shared = Arc::new(Shared::new(sources, options, Log::start()?)?);
        let listener = TcpListener::bind(wanted).map_err(|error| ServeError::Listen(wanted, error))?;
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let runtime =
            Builder::new_multi_thread().worker_threads(2).thread_name("serve").enable_all().build()?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (stop, is_told) = watch::channel(false);
        let listening = runtime.spawn(listen::listen(listener, Arc::clone(&shared), is_told));
        let warmed = Arc::clone(&shared);
        thread::Builder::new().name("warm-up".to_owned()).spawn(move || warmed.warm_up())?;
        shared.log.say("info", "listen", &format!("address={address}"));
        if !address.ip().is_loopback() && shared.options.tokens.is_empty() {
            shared.log.message(
                "warning",
                "listen",
                "anybody who can reach this address may use the service: no token is set",
            );
        }
        Ok(Self { address, shared, stop, runtime, listening })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether it is ready: what most requests need is compiled.
    pub fn is_ready(&self) -> bool {
        self.shared.is_ready()
    }

    /// Reloads definitions and settings, while requests go on.
    ///
    /// # Errors
    ///
    /// If these cannot be used; the old ones stay.
    pub fn reload(&self) -> Result<(), LoadError> {
        self.shared.reload()
    }

    /// Stops: what was accepted is answered first.
    ///
    /// # Errors
    ///
    /// If that takes too long.
    pub fn stop(self) -> Result<(), ServeError> {
        let _ = self.stop.send(true);
        let Self { runtime, listening, shared, .. } = self;
        let all_answered = runtime.block_on(listening).unwrap_or(false);
        runtime.shutdown_background();
        shared.log.say("info", "stopped", &format!("answered={all_answered}"));
        shared.log.flush();
        if all_answered { Ok(()) } else { Err(ServeError::Unanswered) }
    }
}

/// Serves until the process is told to end (SIGTERM, SIGINT); SIGHUP loads definitions and settings anew. `started` is
/// told where it listens.
///
/// # Errors
///
/// Where it cannot start, or requests that were accepted were not answered in time.
pub fn serve(sources: Sources, options: Options, started: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let running = Running::start(sources, options)?;
    started(running.address());
    running.runtime.block_on(signals::until_told(&running.shared))?;
    running.stop()
}
