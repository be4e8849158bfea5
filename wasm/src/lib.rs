//! The engine of the service as a WebAssembly module: what the page would ask a service it asks this, in the browser.
//!
//! A module and whoever runs it share numbers and memory, so a request is bytes that are written into memory, and so
//! is its answer. [`room`] says where a request of some length goes, [`answer`] answers what is there and says where
//! the answer is, [`answer_length`] how long it is.
//!
//! A request is the address as the service has it, without the first stroke (`validate?format=json`), a line break, and
//! the body. An answer is the status of HTTP, a line break, and the body. A module that broke down, or was stopped,
//! is done with; another is made of the same code.
//!
//! No import is needed: no clock (the page says what time it is, as `now`), no files, no network.

mod routes;

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use ers_fhir_http::{Config, Engine, Sources};
use ers_fhir_lint::Tell;

/// What was asked, then what was answered.
static EXCHANGE: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ENGINE: OnceLock<Result<Engine, String>> = OnceLock::new();

/// What is said while definitions are loaded: nothing is named, so nothing can be wrong with it.
struct Silent;

impl Tell for Silent {
    fn complain(&self, _: &str) {}
    fn warn(&self, _: &str) {}
}

fn exchange() -> MutexGuard<'static, Vec<u8>> {
    EXCHANGE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn engine() -> Result<&'static Engine, &'static str> {
    let loaded = ENGINE.get_or_init(|| {
        let sources = Sources { config: Config::None, ..Sources::default() };
        Engine::load(&sources, &Silent).map_err(|error| error.to_string())
    });
    loaded.as_ref().map_err(String::as_str)
}

/// Makes room for a request of that length, and says where it is.
#[expect(unsafe_code, reason = "a name that a browser can call")]
#[unsafe(no_mangle)]
pub extern "C" fn room(length: usize) -> *const u8 {
    let mut exchange = exchange();
    *exchange = vec![0; length];
    exchange.as_ptr()
}

/// Answers the request that was written there, and says where the answer is.
#[expect(unsafe_code, reason = "a name that a browser can call")]
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    let request = std::mem::take(&mut *exchange());
    let answer = routes::answered(engine(), &request);
    let mut exchange = exchange();
    *exchange = answer;
    exchange.as_ptr()
}

/// How long the answer is.
#[expect(unsafe_code, reason = "a name that a browser can call")]
#[unsafe(no_mangle)]
pub extern "C" fn answer_length() -> usize {
    exchange().len()
}
