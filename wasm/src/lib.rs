//! The engine of the service as a WebAssembly module, so that the page can use it in the browser instead of a
//! service.
//!
//! A module and its host share only numbers and memory, so a request is written into memory as bytes, and so is its
//! answer. [`room`] returns the address for a request of some length, [`answer`] answers the request there and
//! returns the address of the answer, and [`answer_length`] returns its length.
//!
//! A request is the address at the service without the leading slash (`validate?format=json`), a line break, and the
//! body. An answer is the HTTP status, a line break, and the body. A module that panicked or was stopped cannot be
//! used again; a new instance must be made of the same code.
//!
//! Nothing is needed from the browser: no clock (the page passes the time as `now`), no files, no network. Functions
//! that dependencies import, such as the random numbers for encrypting a ZIP archive, are never called.

mod routes;

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use ers_fhir_http::{Config, Engine, Sources};
use ers_fhir_lint::Tell;

/// The request, and then the answer.
static EXCHANGE: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ENGINE: OnceLock<Result<Engine, String>> = OnceLock::new();

/// Messages while definitions are loaded: nothing is named, so there are none.
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

/// Allocates memory for a request of that length, and returns its address.
#[expect(unsafe_code, reason = "a name that a browser can call")]
#[unsafe(no_mangle)]
pub extern "C" fn room(length: usize) -> *const u8 {
    let mut exchange = exchange();
    *exchange = vec![0; length];
    exchange.as_ptr()
}

/// Answers the request that was written there, and returns the address of the answer.
#[expect(unsafe_code, reason = "a name that a browser can call")]
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    let request = std::mem::take(&mut *exchange());
    let answer = routes::answered(engine(), &request);
    let mut exchange = exchange();
    *exchange = answer;
    exchange.as_ptr()
}

/// The length of the answer.
#[expect(unsafe_code, reason = "a name that a browser can call")]
#[unsafe(no_mangle)]
pub extern "C" fn answer_length() -> usize {
    exchange().len()
}
