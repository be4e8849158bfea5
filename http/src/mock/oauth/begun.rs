//! A login that an application began.

use crate::mock::authority::{Authority, Form};

/// Longest `state` that is returned.
const MOST_STATE: usize = 2048;

/// A login that an application began.
pub(super) struct Begun {
    pub(super) application: String,
    pub(super) callback: String,
    pub(super) state: Option<String>,
    pub(super) challenge: Option<String>,
    /// The search text for the list of users.
    pub(super) find: String,
}

/// Why nobody can log in.
pub(super) enum Wrong {
    /// There is no valid address to return to.
    Here(&'static str),
    /// The application is informed.
    Back(String),
}

impl Begun {
    pub(super) fn read(authority: &Authority, form: &Form) -> Result<Self, Wrong> {
        let application = form.get("client_id").and_then(|id| authority.applications.get(id));
        let application =
            application.ok_or(Wrong::Here("client_id is not an application of this service"))?;
        let callback = form.get("redirect_uri").filter(|address| application.has_callback(address));
        let callback =
            callback.ok_or(Wrong::Here("redirect_uri is not registered for the application"))?.to_owned();
        let state = form.get("state").map(str::to_owned);
        if state.as_ref().is_some_and(|state| state.len() > MOST_STATE) {
            return Err(Wrong::Here("state is too long"));
        }
        let challenge = form.get("code_challenge").map(str::to_owned);
        let find = form.get("find").unwrap_or_default().to_owned();
        let begun = Self { application: application.id.clone(), callback, state, challenge, find };
        if form.get("response_type") != Some("code") {
            return Err(Wrong::Back(begun.error("unsupported_response_type")));
        }
        let is_hash = |text: &String| {
            text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let is_challenge_good = match &begun.challenge {
            None => form.get("code_challenge_method").is_none(),
            Some(challenge) => form.get("code_challenge_method") == Some("S256") && is_hash(challenge),
        };
        if !is_challenge_good {
            return Err(Wrong::Back(begun.error("invalid_request")));
        }
        Ok(begun)
    }

    pub(super) fn error(&self, error: &str) -> String {
        self.back(&[("error", error)])
    }

    /// The address of the application, with the result.
    pub(super) fn back(&self, more: &[(&str, &str)]) -> String {
        let mut address = self.callback.clone();
        let state = self.state.as_deref().map(|state| ("state", state));
        for (name, value) in more.iter().copied().chain(state) {
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str(name);
            address.push('=');
            encode(value, &mut address);
        }
        address
    }
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(
                [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])),
            );
        }
    }
}
