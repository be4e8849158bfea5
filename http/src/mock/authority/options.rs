//! How logins go.

use std::time::Duration;

use super::keys::ApplicationKey;

/// How logins go.
#[derive(Debug, Clone)]
pub struct LoginOptions {
    /// Keys of applications, in addition to those of the seed.
    pub keys: Vec<ApplicationKey>,
    /// How long an access token is valid.
    pub token: Duration,
    /// How long a login can be refreshed.
    pub login: Duration,
    /// How many seconds the clock of the token service is ahead of that of the machine.
    pub ahead: i64,
}

impl Default for LoginOptions {
    fn default() -> Self {
        Self { keys: Vec::new(), token: Duration::from_secs(599), login: Duration::from_hours(12), ahead: 0 }
    }
}
