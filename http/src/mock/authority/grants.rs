//! The grants for which tokens are issued (RFC 6749; RFC 7636, PKCE; RFC 8693, token exchange).

use std::sync::atomic::Ordering;

use aws_lc_rs::digest::{SHA256, digest};
use ers_fhir_local::{Seed, Token};
use ers_fhir_values::base64::encode_for_addresses;
use serde_json::{Value, json};

use super::form::Form;
use super::known::{Authority, Registered};
use super::ledger::{Code, Refresh, random};
use super::refused::Refused;

/// How long a code is valid, in milliseconds.
const CODE_LASTS: i64 = 60_000;

/// What is given.
pub(in crate::mock) struct Granted {
    token: String,
    seconds: u64,
    is_exchanged: bool,
    /// The refresh token, how long it is valid, and how often the login was refreshed.
    refresh: Option<(String, u64, u64)>,
}

impl Granted {
    /// As the platform writes it: numbers are texts.
    pub(in crate::mock) fn into_json(self) -> Value {
        let mut body = json!({
            "access_token": self.token,
            "expires_in": self.seconds.to_string(),
            "token_type": "Bearer",
        });
        if self.is_exchanged {
            body["issued_token_type"] = json!("urn:ietf:params:oauth:token-type:access_token");
        }
        if let Some((refresh, seconds, count)) = self.refresh {
            body["refresh_token"] = json!(refresh);
            body["refresh_token_expires_in"] = json!(seconds.to_string());
            body["refresh_count"] = json!(count.to_string());
        }
        body
    }
}

impl Authority {
    /// Issues what a form asks for.
    pub(in crate::mock) fn grant(
        &self,
        form: &Form,
        audiences: &[String],
        origin: &str,
        seed: &Seed,
    ) -> Result<Granted, Refused> {
        match form.wanted("grant_type")? {
            "client_credentials" => {
                let application = self.asserted(form, audiences)?;
                let (token, seconds) =
                    self.give_token(self.number(), Token::Application(application.id.clone()))?;
                Ok(Granted { token, seconds, is_exchanged: false, refresh: None })
            }
            "urn:ietf:params:oauth:grant-type:token-exchange" => {
                if form.wanted("subject_token_type")? != "urn:ietf:params:oauth:token-type:id_token" {
                    return Err(Refused::request(
                        "subject_token_type is not urn:ietf:params:oauth:token-type:id_token",
                    ));
                }
                let subject = form.wanted("subject_token")?;
                let application = self.asserted(form, audiences)?;
                let who = self.identified(subject, &application.id, origin, seed)?;
                let granted = self.give_user(self.login(application, who))?;
                Ok(Granted { is_exchanged: true, ..granted })
            }
            "authorization_code" => self.give_user(self.code(form)?),
            "refresh_token" => self.give_user(self.refresh(form)?),
            _ => Err(Refused::grant_type()),
        }
    }

    /// The application that authenticates by its secret.
    fn proven(&self, form: &Form) -> Result<&Registered, Refused> {
        let (id, secret) = (form.wanted("client_id")?, form.wanted("client_secret")?);
        let application = self.applications.get(id).filter(|application| application.has_secret(secret));
        application.ok_or_else(|| Refused::client("client_id or client_secret is wrong"))
    }

    /// The login that a code belongs to, which begins now.
    fn code(&self, form: &Form) -> Result<Refresh, Refused> {
        let application = self.proven(form)?;
        let (text, callback) = (form.wanted("code")?, form.wanted("redirect_uri")?);
        let now = self.now();
        let mut ledger = self.ledger();
        let ledger = &mut *ledger;
        let code = ledger.codes.good(text, now).filter(|code| code.application == application.id);
        let code = code.ok_or_else(|| Refused::grant("the code is unknown, or its minute is over"))?;
        if code.is_used {
            // The code has leaked: the tokens issued for it are revoked as well.
            let login = code.login;
            ledger.end(login, now)?;
            return Err(Refused::grant("the code was used before: the tokens issued for it are revoked"));
        }
        if code.callback != callback {
            return Err(Refused::grant("redirect_uri differs from the one that the login began with"));
        }
        match (&code.challenge, form.get("code_verifier")) {
            (None, None) => {}
            (None, Some(_)) => {
                return Err(Refused::grant(
                    "there is a code_verifier, but the login began without a challenge",
                ));
            }
            (Some(challenge), verifier) => {
                let verifier = verifier.ok_or_else(|| Refused::grant("code_verifier is missing"))?;
                let hash = digest(&SHA256, verifier.as_bytes());
                if encode_for_addresses(hash.as_ref()) != *challenge {
                    return Err(Refused::grant("code_verifier does not match the challenge"));
                }
            }
        }
        code.is_used = true;
        Ok(Refresh {
            application: application.id.clone(),
            who: code.who.clone(),
            login: code.login,
            until: self.login_ends(now),
            count: 0,
        })
    }

    /// The login that a refresh token continues. Each refresh token is valid once.
    fn refresh(&self, form: &Form) -> Result<Refresh, Refused> {
        let application = self.proven(form)?;
        let text = form.wanted("refresh_token")?;
        let now = self.now();
        let mut ledger = self.ledger();
        let found = ledger.refreshes.good(text, now);
        let found = found.filter(|refresh| refresh.application == application.id).cloned();
        let found = found
            .ok_or_else(|| Refused::grant("the refresh token is unknown, was used before, or has expired"))?;
        ledger.use_up(text, now)?;
        Ok(Refresh { count: found.count + 1, ..found })
    }

    fn login(&self, application: &Registered, who: Token) -> Refresh {
        Refresh {
            application: application.id.clone(),
            who,
            login: self.number(),
            until: self.login_ends(self.now()),
            count: 0,
        }
    }

    fn login_ends(&self, now: i64) -> i64 {
        now.saturating_add(i64::try_from(self.options.login.as_millis()).unwrap_or(i64::MAX))
    }

    /// Issues a token, and returns for how many seconds it is valid.
    fn give_token(&self, login: u64, who: Token) -> Result<(String, u64), Refused> {
        let token = random()?;
        let now = self.now();
        let lasts = i64::try_from(self.options.token.as_millis()).unwrap_or(i64::MAX);
        self.ledger().give(&token, (login, who), now.saturating_add(lasts), now)?;
        self.given.fetch_add(1, Ordering::Relaxed);
        Ok((token, self.options.token.as_secs()))
    }

    /// Issues a token for a login, and a refresh token.
    fn give_user(&self, login: Refresh) -> Result<Granted, Refused> {
        let (token, seconds) = self.give_token(login.login, login.who.clone())?;
        let next = random()?;
        let now = self.now();
        let (until, count) = (login.until, login.count);
        self.ledger().give_refresh(&next, login, now)?;
        Ok(Granted {
            token,
            seconds,
            is_exchanged: false,
            refresh: Some((next, (until - now).max(0).unsigned_abs().div_ceil(1000), count)),
        })
    }

    /// A code for a user who has logged in.
    pub(in crate::mock) fn give_code(&self, code: Code) -> Result<String, Refused> {
        let text = random()?;
        let now = self.now();
        self.ledger().codes.add(&text, code, now + CODE_LASTS, now)?;
        Ok(text)
    }
}
