//! How a local service is set up.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use ers_fhir_local::{Moment, Seed, Settings, england};

use super::authority::LoginOptions;

/// Whom a local service lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// Everybody: the headers say who calls, or a bearer token, which may be the id of a user or an application of the seed.
    #[default]
    Open,
    /// Only callers with a token issued by `/oauth2/token`.
    Token,
}

/// How a local service is set up.
#[derive(Debug, Clone)]
pub struct MockOptions {
    /// Address to listen on.
    pub host: IpAddr,
    /// Port to listen on; 0 chooses a free one.
    pub port: u16,
    /// The initial people and things.
    pub seed: Seed,
    /// What is assumed where the behaviour of the service is not public.
    pub settings: Settings,
    /// File in which the state is kept.
    pub journal: Option<PathBuf>,
    /// What the clock shows at the start.
    pub clock: Option<Moment>,
    /// By which factor it runs faster than the clock of the machine.
    pub time_scale: f64,
    /// Whom it lets in.
    pub access: Access,
    /// How tokens are issued.
    pub login: LoginOptions,
    /// Address that links in answers begin with, before `/referrals/FHIR`; by default the address where it listens.
    pub origin: Option<String>,
    /// Calls per minute, beyond which the answer is 429.
    pub calls_per_minute: Option<u32>,
    /// Number of calls in a thousand that fail with 503; the number of a call decides whether it does.
    pub failing_per_thousand: u32,
    /// Whether each call is logged.
    pub logs_calls: bool,
}

impl Default for MockOptions {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            seed: england(),
            settings: Settings::default(),
            journal: None,
            clock: None,
            time_scale: 1.0,
            access: Access::default(),
            login: LoginOptions::default(),
            origin: None,
            calls_per_minute: None,
            failing_per_thousand: 0,
            logs_calls: false,
        }
    }
}
