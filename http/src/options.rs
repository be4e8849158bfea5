//! The options of a service.

use std::net::IpAddr;
use std::time::Duration;

use constant_time_eq::constant_time_eq_32;
use sha2::{Digest, Sha256};

/// How a service listens, whom it lets in, and its limits.
#[derive(Debug, Clone)]
pub struct Options {
    /// Address to listen on.
    pub host: IpAddr,
    /// Port to listen on; 0 chooses a free one.
    pub port: u16,
    /// Tokens, one of which a caller has to present; without any, everybody is let in.
    pub tokens: Tokens,
    /// Origins whose pages may call the service; `*` allows any.
    pub origins: Vec<String>,
    /// Whether the client is the one that a proxy in front names in `X-Forwarded-For`, not the one that connects.
    pub is_behind_proxy: bool,
    /// Its limits.
    pub limits: Limits,
    /// Whether every request is logged, not only the unusual ones.
    pub logs_requests: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            host: IpAddr::from([127, 0, 0, 1]),
            port: 8080,
            tokens: Tokens::default(),
            origins: Vec::new(),
            is_behind_proxy: false,
            limits: Limits::default(),
            logs_requests: true,
        }
    }
}

/// The limits of a service; beyond them it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body, packed and unpacked.
    pub body: usize,
    /// Bytes of all bodies in memory at the same time.
    pub memory: usize,
    /// Connections that are open at the same time.
    pub connections: usize,
    /// Requests per second that one client may make; `None` is unlimited.
    pub rate: Option<u32>,
    /// Number of threads that check.
    pub threads: usize,
    /// Requests that may wait for a thread.
    pub queue: usize,
    /// Time for a check, unless settings or the command line set another; after it only quick checks are done.
    pub check: Duration,
    /// Time for the head of a request to arrive, also after the previous answer.
    pub head: Duration,
    /// Time for a body to arrive.
    pub receive: Duration,
    /// Time within which a client has to read some of an answer.
    pub send: Duration,
    /// Time for which, once the service is told to stop, callers are told to go elsewhere.
    pub drain: Duration,
    /// Time after that to answer what was accepted.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 16 << 20,
            memory: 256 << 20,
            connections: 800,
            rate: None,
            threads: std::thread::available_parallelism().map_or(2, Into::into),
            queue: 256,
            check: Duration::from_secs(10),
            head: Duration::from_secs(10),
            receive: Duration::from_secs(20),
            send: Duration::from_secs(20),
            drain: Duration::from_millis(500),
            grace: Duration::from_secs(30),
        }
    }
}

/// Tokens that callers present; only what is needed to recognise them is kept.
#[derive(Clone, Default)]
pub struct Tokens(Vec<[u8; 32]>);

impl Tokens {
    /// The tokens in a text, one per line.
    pub fn of(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Self(lines.map(digest).collect())
    }

    /// Whether there are no tokens, so that everybody is let in.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a text is one of them. The time that this takes does not depend on the tokens.
    pub fn hold(&self, token: &str) -> bool {
        let given = digest(token);
        self.0.iter().fold(false, |found, known| found | constant_time_eq_32(known, &given))
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} tokens", self.0.len())
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::Tokens;

    #[test]
    fn tokens_are_told_and_not_shown() {
        let tokens = Tokens::of("first\n\n second \n");
        assert!(tokens.hold("first") && tokens.hold("second"));
        assert!(!tokens.hold("") && !tokens.hold("firs") && !tokens.hold("first\n"));
        assert_eq!(format!("{tokens:?}"), "2 tokens");
        assert!(Tokens::of(" \n").is_empty() && !Tokens::default().hold(""));
    }
}
