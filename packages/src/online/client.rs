//! One request to a registry: bounded in time, size and redirects, and careful about who receives secrets.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rustls::crypto::CryptoProvider;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

use super::address::Address;
use super::registries::Registry;
use crate::fault::Fault;

/// The most redirects in a row that are followed.
const MAX_REDIRECTS: usize = 5;
/// How often a busy registry is asked again.
const MAX_RETRIES: usize = 2;
/// The longest wait before a busy registry is asked again.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// Sends requests.
#[derive(Debug)]
pub(super) struct Client {
    /// Through the proxy that the environment names.
    outside: Agent,
    /// Without a proxy, for addresses on this machine.
    here: Agent,
    timeout: Duration,
}

impl Client {
    /// A client whose requests take no longer than this, redirects and repeats included.
    pub(super) fn new(timeout: Duration) -> Self {
        let outside = config().build().new_agent();
        let here = config().proxy(None).build().new_agent();
        Self { outside, here, timeout }
    }

    /// Writes the response of a registry at an address to a writer.
    pub(super) fn get(
        &self,
        registry: &Registry,
        address: &Address,
        accept: &str,
        max_bytes: u64,
        into: &mut dyn Write,
    ) -> Result<(), Fault> {
        let deadline = Instant::now() + self.timeout;
        let mut address = address.clone();
        let mut retries = 0;
        let mut redirects = 0;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Fault::Slow(self.timeout));
            }
            let response = self.send(registry, &address, accept, left)?;
            let status = response.status().as_u16();
            let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
            match status {
                200 => {
                    if header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                        return Err(Fault::Page);
                    }
                    return self.receive(response, max_bytes, into);
                }
                301 | 302 | 303 | 307 | 308 => {
                    redirects += 1;
                    if redirects > MAX_REDIRECTS {
                        return Err(Fault::Loop(MAX_REDIRECTS));
                    }
                    let location = header("location").unwrap_or_default();
                    address = followed(&address, location)?;
                }
                401 | 403 => return Err(Fault::Denied { status, has_secret: registry.has_secret() }),
                404 | 410 => return Err(Fault::NotFound),
                429 | 502..=504 if retries < MAX_RETRIES => {
                    retries += 1;
                    let said = header("retry-after").and_then(|text| text.trim().parse().ok());
                    let wait = said.map_or(Duration::from_millis(500), Duration::from_secs);
                    if wait > MAX_WAIT || wait >= left {
                        return Err(Fault::Status(status));
                    }
                    thread::sleep(wait);
                }
                _ => return Err(Fault::Status(status)),
            }
        }
    }

    fn send(
        &self,
        registry: &Registry,
        address: &Address,
        accept: &str,
        left: Duration,
    ) -> Result<ureq::http::Response<ureq::Body>, Fault> {
        let agent = if address.is_this_machine() { &self.here } else { &self.outside };
        let mut request = agent.get(address.to_string()).header("accept", accept);
        if let Some((name, value)) = registry.secret_for(address) {
            request = request.header(name, value);
        }
        let request = request.config().timeout_global(Some(left)).build();
        request.call().map_err(|error| self.fault(&error))
    }

    fn receive(
        &self,
        mut response: ureq::http::Response<ureq::Body>,
        max_bytes: u64,
        into: &mut dyn Write,
    ) -> Result<(), Fault> {
        if response.body().content_length().is_some_and(|length| length > max_bytes) {
            return Err(Fault::TooLarge(max_bytes));
        }
        let mut body = response.body_mut().with_config().limit(u64::MAX).reader();
        let mut buffer = vec![0; 64 << 10];
        let mut total = 0;
        loop {
            let read = match body.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.broken(&error)),
            };
            total += read as u64;
            if total > max_bytes {
                return Err(Fault::TooLarge(max_bytes));
            }
            into.write_all(&buffer[..read]).map_err(|error| Fault::Write(Arc::new(error)))?;
        }
    }

    fn broken(&self, error: &io::Error) -> Fault {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
            Some(inner) => self.fault(inner),
            None if error.kind() == io::ErrorKind::TimedOut => Fault::Slow(self.timeout),
            None => Fault::Unreachable(format!("the connection broke ({error})")),
        }
    }

    fn fault(&self, error: &ureq::Error) -> Fault {
        match error {
            ureq::Error::Timeout(_) => Fault::Slow(self.timeout),
            ureq::Error::HostNotFound => Fault::Unreachable("there is no such host".to_owned()),
            ureq::Error::Rustls(error) => Fault::Untrusted(error.to_string()),
            ureq::Error::Tls(why) => Fault::Untrusted((*why).to_owned()),
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => Fault::Slow(self.timeout),
            ureq::Error::Io(error) => match error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>()) {
                Some(error) => Fault::Untrusted(error.to_string()),
                None => Fault::Unreachable(error.to_string()),
            },
            error => Fault::Unreachable(error.to_string()),
        }
    }
}

fn config() -> ureq::config::ConfigBuilder<ureq::typestate::AgentScope> {
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(cryptography()))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(Duration::from_secs(10)))
        .max_response_header_size(64 << 10)
        .user_agent(concat!("ers-fhir/", env!("CARGO_PKG_VERSION")))
}

/// The cryptography that TLS uses.
fn cryptography() -> CryptoProvider {
    #[cfg(feature = "online-aws-lc")]
    return rustls::crypto::aws_lc_rs::default_provider();
    #[cfg(not(feature = "online-aws-lc"))]
    rustls::crypto::ring::default_provider()
}

/// Where a redirect leads, if it may.
fn followed(from: &Address, location: &str) -> Result<Address, Fault> {
    let to = from.joined(location).map_err(|why| Fault::Redirect(why.to_string()))?;
    if from.is_secure() && !to.is_secure() {
        return Err(Fault::Redirect(format!("to {}, which is not encrypted", to.shown())));
    }
    if to.is_this_machine() && !from.is_this_machine() {
        return Err(Fault::Redirect(format!("to {}, which is this machine", to.shown())));
    }
    Ok(to)
}
