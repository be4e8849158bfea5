//! The place where a scenario is run: a local e-RS of its own, or an existing one.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use ers_fhir_http::BlockingLocalErs;
use ers_fhir_http::client::auth::GivenToken;
use ers_fhir_http::client::secrecy::SecretString;
use ers_fhir_http::client::{
    Caller, Checking, Checks, Client, Environment, HarRecorder, Record, Recorded, Retries, blocking,
};
use ers_fhir_local::elsewhere::Step as Elsewhere;
use ers_fhir_report::Severity;

use super::file::Who;
use crate::auth::{Profile, Said, Whose};
use crate::output::Output;

/// The answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// The record of the last call.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) answer: Option<Answered>,
    /// The findings in the answer.
    pub(super) found: Vec<String>,
}

/// Records calls, for a HAR file and for the expectations.
#[derive(Debug)]
struct Ear {
    har: Arc<HarRecorder>,
    heard: Arc<Mutex<Heard>>,
}

impl Record for Ear {
    fn record(&self, recorded: &Recorded<'_>) {
        self.har.record(recorded);
        let answer = recorded.call.answer.as_ref().map(|answer| Answered {
            status: answer.status,
            headers: answer.headers.clone(),
            body: answer.body.clone(),
        });
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).answer = answer;
    }
}

/// The place where a scenario is run.
pub(super) struct Place<'p> {
    environment: Option<&'p str>,
    profiles: &'p BTreeMap<String, String>,
    har: Arc<HarRecorder>,
    heard: Arc<Mutex<Heard>>,
    clients: BTreeMap<String, blocking::Client<Caller>>,
    /// The local e-RS that was started for it.
    own: Option<&'p BlockingLocalErs>,
}

impl<'p> Place<'p> {
    /// The local e-RS that was started for it, or the environment that is named.
    pub(super) fn new(
        own: Option<&'p BlockingLocalErs>,
        environment: Option<&'p str>,
        profiles: &'p BTreeMap<String, String>,
        har: &Arc<HarRecorder>,
    ) -> Self {
        let (har, heard, clients) = (Arc::clone(har), Arc::default(), BTreeMap::new());
        Self { environment, profiles, har, heard, clients, own }
    }

    /// The caller with that name.
    pub(super) fn client(
        &mut self,
        name: &str,
        who: &Who,
        output: &Output,
    ) -> Result<&blocking::Client<Caller>, String> {
        if !self.clients.contains_key(name) {
            let client = self.made(name, who, output).map_err(|error| format!("[who.{name}]: {error}"))?;
            self.clients.insert(name.to_owned(), client);
        }
        self.clients.get(name).ok_or_else(|| format!("there is no [who.{name}]"))
    }

    fn made(&self, name: &str, who: &Who, output: &Output) -> Result<blocking::Client<Caller>, String> {
        let environment = match self.own {
            Some(service) => Some(service.url()),
            None => self.environment.map(str::to_owned),
        };
        let said = Said {
            environment,
            access: Some(who.access()),
            role: who
                .role
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(|error| format!("role: {error}"))?,
            organisation: who.organisation.clone(),
            on_behalf_of: who.on_behalf_of.clone(),
        };
        let profile = self.profiles.get(name).map(String::as_str);
        let known = Profile::named(profile)?.sided(who.side.as_deref());
        let environment = known.environment(&said)?;
        let caller = known.caller(&said)?;
        let token = self.token(profile, said, who, output)?;
        let environment = if token.is_none() { environment.without_tokens() } else { environment };
        let mut builder = self.builder(&environment);
        if let Some(token) = token {
            builder = builder.tokens(GivenToken::new(token));
        }
        let client = builder.build(caller).map_err(|error| error.to_string())?;
        blocking::Client::new(client).map_err(|error| error.to_string())
    }

    fn builder(&self, environment: &Environment) -> ers_fhir_http::client::Builder {
        let heard = Arc::clone(&self.heard);
        let checks = Checks::off().received(Checking::Warn).telling(move |_, report| {
            let wrong = report.diagnostics.iter().filter(|found| found.severity > Severity::Information);
            let wrong = wrong.map(|found| format!("{}: {}", found.rule.code, found.message.masked()));
            heard.lock().unwrap_or_else(PoisonError::into_inner).found.extend(wrong);
        });
        let ear = Ear { har: Arc::clone(&self.har), heard: Arc::clone(&self.heard) };
        Client::builder(environment.clone()).retries(Retries::none()).checks(checks).recorder(Arc::new(ear))
    }

    /// The token of a caller; none if the service needs none.
    fn token(
        &self,
        profile: Option<&str>,
        said: Said,
        who: &Who,
        output: &Output,
    ) -> Result<Option<SecretString>, String> {
        if self.own.is_some() {
            // A local e-RS accepts the id of an application as its token.
            return Ok(who.application.clone().map(SecretString::from));
        }
        let whose = Whose::of(profile, said);
        if whose.is_open()? { Ok(None) } else { whose.token(output) }
    }

    /// Takes the record of calls since the last time.
    pub(super) fn heard(&self) -> Heard {
        std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes a step that the interface lacks: in the local e-RS, or by asking somebody to do it in e-RS.
    pub(super) fn take(
        &self,
        ubrn: &str,
        name: &str,
        with: &toml::Table,
        output: &Output,
    ) -> Result<(), String> {
        let Some(service) = self.own else {
            output
                .note("elsewhere", &format!("take the step '{name}' with {ubrn} in e-RS, then press Enter"));
            let mut line = String::new();
            return match io::stdin().read_line(&mut line) {
                Ok(0) => Err(format!(
                    "the step '{name}' must be taken by hand, but there is no terminal to ask \
                     on"
                )),
                Ok(_) => Ok(()),
                Err(error) => Err(error.to_string()),
            };
        };
        let mut step = serde_json::to_value(with).map_err(|error| error.to_string())?;
        step["step"] = name.into();
        let step: Elsewhere = serde_json::from_value(step).map_err(|error| error.to_string())?;
        service.take(ubrn, step).map(drop).map_err(|error| error.to_string())
    }

    /// Lets time pass: on the clock of the local e-RS, or in reality.
    pub(super) fn wait(&self, seconds: u32) -> Result<(), String> {
        if let Some(service) = self.own {
            let later = service.clock().plus_seconds(i64::from(seconds));
            return service.set_clock(later).map_err(|error| error.to_string());
        }
        let _ = io::stderr().flush();
        thread::sleep(Duration::from_secs(u64::from(seconds)));
        Ok(())
    }
}
