//! What all requests share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use ers_fhir_validator::{Deadline, guarded};
use tokio::sync::{Semaphore, oneshot};

use super::body::{self, busy};
use super::error::ServeError;
use super::log::Log;
use super::metrics::Metrics;
use super::rate::Rate;
use crate::engine::{Answer, Engine, LoadError, Refusal, Sources};
use crate::gzip::{WORTH_IT, packed};
use crate::options::Options;
use crate::pool::Pool;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    engine: RwLock<Arc<Engine>>,
    sources: Sources,
    pool: Pool,
    pub(super) options: Options,
    pub(super) metrics: Metrics,
    pub(super) log: Log,
    pub(super) memory: Arc<Semaphore>,
    pub(super) rate: Option<Rate>,
    is_warm: AtomicBool,
    is_stopping: AtomicBool,
    started: Instant,
}

/// An answer that is ready to be sent.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) answer: Answer,
    pub(super) is_packed: bool,
}

impl Shared {
    pub(super) fn new(sources: Sources, options: Options, log: Log) -> Result<Self, ServeError> {
        let engine = Engine::load(&sources, &log)?;
        Ok(Self {
            engine: RwLock::new(Arc::new(engine)),
            sources,
            pool: Pool::new(options.limits.threads, options.limits.queue)?,
            memory: body::memory(&options.limits),
            rate: options.limits.rate.map(Rate::new),
            options,
            metrics: Metrics::default(),
            log,
            is_warm: AtomicBool::new(false),
            is_stopping: AtomicBool::new(false),
            started: Instant::now(),
        })
    }

    /// The engine that currently checks requests.
    pub(super) fn engine(&self) -> Arc<Engine> {
        Arc::clone(&self.engine.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reloads definitions and settings; if that fails, the old ones stay.
    pub(super) fn reload(&self) -> Result<(), LoadError> {
        let loaded = Engine::load(&self.sources, &self.log).inspect(Engine::warm_up);
        match loaded {
            Ok(engine) => {
                *self.engine.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(engine);
                self.metrics.reloads.fetch_add(1, Ordering::Relaxed);
                self.log.say("info", "reload", "");
                Ok(())
            }
            Err(error) => {
                self.metrics.failed_reloads.fetch_add(1, Ordering::Relaxed);
                self.log.message("error", "reload", &error.to_string());
                Err(error)
            }
        }
    }

    /// Compiles what most requests need.
    pub(super) fn warm_up(&self) {
        self.engine().warm_up();
        self.is_warm.store(true, Ordering::Release);
        let took = self.started.elapsed().as_millis();
        self.log.say("info", "ready", &format!("ms={took}"));
    }

    /// Whether it takes requests now.
    pub(super) fn is_ready(&self) -> bool {
        self.is_warm.load(Ordering::Acquire) && !self.is_stopping()
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Acquire)
    }

    /// Tells callers to go elsewhere from now on.
    pub(super) fn begin_stop(&self) {
        self.is_stopping.store(true, Ordering::Release);
    }

    /// Runs a job on the checking threads.
    pub(super) async fn work(
        self: &Arc<Self>,
        takes_gzip: bool,
        work: impl FnOnce(&Engine, Option<Deadline>) -> Result<Answer, Refusal> + Send + 'static,
    ) -> Result<Ready, Refusal> {
        let (send, receive) = oneshot::channel();
        let engine = self.engine();
        let limit = self.options.limits.check;
        let deadline = engine.deadline().unwrap_or_else(|| Instant::now() + limit);
        let job = move || {
            // Nobody waits any more.
            if send.is_closed() {
                return;
            }
            if Instant::now() > deadline {
                let _ = send.send(Err(busy()));
                return;
            }
            let done = guarded(|| work(&engine, Some(deadline)).map(|answer| ready(answer, takes_gzip)));
            let _ = send.send(done.unwrap_or_else(|report| Ok(ready(Engine::fault(report), false))));
        };
        self.pool.submit(Box::new(job)).map_err(|_| busy())?;
        receive.await.unwrap_or_else(|_| {
            let text = "the request could not be processed: a fault of this service".to_owned();
            Err(Refusal { status: 500, code: "exception", text })
        })
    }

    /// All metrics as text.
    pub(super) fn metrics(&self) -> String {
        let size = self.options.limits.memory as u64;
        let free = self.memory.available_permits() as u64 * (4 << 10);
        let resident = resident().unwrap_or_default();
        self.metrics.text(&[
            ("ers_fhir_queue", "Requests waiting for a thread.", self.pool.waiting() as u64),
            ("ers_fhir_busy", "Threads that are checking.", self.pool.busy() as u64),
            ("ers_fhir_ready", "Whether the service takes requests.", u64::from(self.is_ready())),
            ("ers_fhir_bodies_bytes", "Memory taken by bodies.", size.saturating_sub(free)),
            ("ers_fhir_up_seconds", "Time since the start.", self.started.elapsed().as_secs()),
            ("process_resident_memory_bytes", "Memory of the process.", resident),
        ])
    }

    /// How long callers that are on their way are still accepted once the service is told to stop.
    pub(super) fn drain(&self) -> Duration {
        self.options.limits.drain
    }
}

/// An answer, compressed where that is wanted and worth it.
pub(super) fn ready(mut answer: Answer, takes_gzip: bool) -> Ready {
    let small = (takes_gzip && answer.body.len() > WORTH_IT).then(|| packed(&answer.body)).flatten();
    let is_packed = small.is_some();
    answer.body = small.unwrap_or(answer.body);
    Ready { answer, is_packed }
}

/// The memory of this process, if the system reports it in pages of the usual size.
fn resident() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Config;

    #[test]
    fn what_breaks_down_is_a_finding() {
        let sources = Sources { config: Config::None, ..Sources::default() };
        let log = Log::start().expect("a thread starts");
        let shared = Shared::new(sources, Options::default(), log).expect("it loads");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it starts");
        let shared = Arc::new(shared);
        for _ in 0..20 {
            let done = runtime.block_on(shared.work(false, |_, _| panic!("Ann")));
            let answer = done.expect("it is answered").answer;
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            assert!(
                answer.status == 200 && text.contains("internal-fault") && !text.contains("Ann"),
                "{text}"
            );
        }
    }
}
