//! `ers-fhir mock`: a local e-RS that keeps state.

use std::fmt::Display;
use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use ers_fhir_http::{Access, ApplicationKey, LoginOptions, MockOptions, mock};
use ers_fhir_local::{Moment, Seed, Settings, england};

use crate::ending::Ending;
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Mock {
    /// Address to listen on; by default, only this machine can connect.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,

    /// Port to listen on; 0 picks a free one, which is printed.
    #[arg(long, value_name = "PORT", default_value_t = 8290)]
    port: u16,

    /// Seed file with organisations, users, patients, services and slots; by default, a small England.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,

    /// Number of referrals to invent in addition, in all states, with their practices, providers, services and
    /// patients; always the same ones.
    #[arg(long, value_name = "REFERRALS", value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    seed_size: Option<u32>,

    /// File to keep the state in, with the logins next to it (FILE.logins); without it, both are lost when the
    /// process ends.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Settings file for behaviour of the service that is not public.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// Time that the clock shows at the start, such as 2026-03-02T09:00:00Z.
    #[arg(long, value_name = "INSTANT")]
    clock: Option<Moment>,

    /// Speed of the clock, as a multiple of real time.
    #[arg(long, value_name = "NUMBER", default_value_t = 1.0, value_parser = scale)]
    time_scale: f64,

    /// Accept all callers, which is the default: the caller is identified by headers, or by a bearer token, which may
    /// simply be the id of a user or an application in the seed.
    #[arg(long, conflicts_with = "strict_auth")]
    open: bool,

    /// Accept only calls with a token that was issued at /oauth2/token.
    #[arg(long)]
    strict_auth: bool,

    /// Public keys of an application in the seed (repeatable): a JWKS, or, given with the key id
    /// (APPLICATION/KID=FILE), a public key in PEM.
    #[arg(long = "key", value_name = "APPLICATION=FILE")]
    keys: Vec<String>,

    /// Seconds that an access token is valid.
    #[arg(long, value_name = "SECONDS", default_value_t = 599, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    token_seconds: u64,

    /// Seconds by which the clock of the token service is ahead of that of this machine.
    #[arg(long, value_name = "SECONDS", default_value_t = 0, allow_negative_numbers = true,
        value_parser = clap::value_parser!(i64).range(-864_000..=864_000))]
    token_skew: i64,

    /// Base of the links in answers, before /referrals/FHIR; by default, the address that it
    /// listens on.
    #[arg(long, value_name = "URL")]
    origin: Option<String>,

    /// Calls a minute after which the answer is 429.
    #[arg(long, value_name = "NUMBER")]
    rate: Option<u32>,

    /// Calls in a thousand that fail with 503.
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1000))]
    failing: u32,

    /// Print the seed, as a starting point for your own, and exit.
    #[arg(long)]
    print_seed: bool,

    /// Print the JSON Schema of seed files, for editors, and exit.
    #[arg(long, conflicts_with = "print_seed")]
    seed_schema: bool,

    /// Print the JSON Schema of the settings file, and exit.
    #[arg(long, conflicts_with_all = ["print_seed", "seed_schema"])]
    settings_schema: bool,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir mock
      a small England at http://127.0.0.1:8290/referrals/FHIR, in memory
  ers-fhir mock --strict-auth --key aire-and-wharfe-imaging=jwks.json
      calls need a token: of an application for a JWT that it signed (its API key is its id in the seed), or of a user who
      logs in at /oauth2/authorize
  ers-fhir mock --state ers.journal --clock 2026-03-02T09:00:00Z
      the same, but it continues where it was when it is restarted
  ers-fhir example A011 | curl --data @- -H 'Content-Type: application/fhir+json' \\
      -H 'NHSD-End-User-Organisation-ODS: X26' -H 'NHSD-eRS-Business-Function: REFERRING_CLINICIAN' \\
      'http://127.0.0.1:8290/referrals/FHIR/STU3/ReferralRequest/$ers.createReferral'
      create a referral
  curl -H 'X-Local-Fault: pas-timeout' ...
      simulate that the provider's booking system does not answer: 504

/_local shows the current state, and /_local/calls the calls; POST /_local/requests/{ubrn}/steps takes steps that the
interface of e-RS lacks, such as { \"step\": \"reply\", \"text\": \"...\" }, the reply of a referrer to a question.

All people in it are invented. It is not the real e-RS: where the behaviour of that is not public, it does what
documents and examples suggest, and GET /_local/settings lists these choices.

Exit status: 0 it was stopped, 2 it could not start.";

fn scale(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && (0.0..=1e6).contains(number));
    number.ok_or_else(|| "give a number from 0 to 1000000".to_owned())
}

/// The seed in a file; a small England without one.
pub(crate) fn seed_of(path: Option<&Path>) -> Result<Seed, String> {
    let Some(path) = path else { return Ok(england()) };
    let wrong = |error: &dyn Display| format!("--seed: {}: {error}", path.display());
    let bytes = fs::read(path).map_err(|error| wrong(&error))?;
    Seed::read(&bytes).map_err(|error| wrong(&error))
}

impl Mock {
    fn options(&self) -> Result<MockOptions, String> {
        let seed = seed_of(self.seed.as_deref())?;
        let seed = self.seed_size.into_iter().fold(seed, Seed::grown);
        let settings = match &self.settings {
            None => Settings::default(),
            Some(path) => {
                let bytes =
                    fs::read(path).map_err(|error| format!("--settings: {}: {error}", path.display()))?;
                let read = serde_json::from_slice(&bytes);
                read.map_err(|error| format!("--settings: {}: {error}", path.display()))?
            }
        };
        Ok(MockOptions {
            host: self.host,
            port: self.port,
            seed,
            settings,
            journal: self.state.clone(),
            clock: self.clock,
            time_scale: self.time_scale,
            access: if self.strict_auth { Access::Token } else { Access::Open },
            login: LoginOptions {
                keys: self.keys()?,
                token: Duration::from_secs(self.token_seconds),
                ahead: self.token_skew,
                ..LoginOptions::default()
            },
            origin: self.origin.clone(),
            calls_per_minute: self.rate,
            failing_per_thousand: self.failing,
            ..MockOptions::default()
        })
    }
}

impl Mock {
    /// The named keys of applications.
    fn keys(&self) -> Result<Vec<ApplicationKey>, String> {
        let mut keys = Vec::new();
        for named in &self.keys {
            let (whose, path) = named.split_once('=').ok_or_else(|| {
                format!("--key: write APPLICATION=FILE or APPLICATION/KID=FILE, not '{named}'")
            })?;
            let bytes = fs::read(path).map_err(|error| format!("--key: {path}: {error}"))?;
            let read = match whose.split_once('/') {
                None => ApplicationKey::jwks(whose, &bytes),
                Some((application, id)) => {
                    let pem = String::from_utf8_lossy(&bytes);
                    ApplicationKey::pem(application, id, &pem).map(|key| vec![key])
                }
            };
            keys.extend(read.map_err(|error| format!("--key: {path}: {error}"))?);
        }
        Ok(keys)
    }
}

pub(crate) fn run(args: &Mock, output: &mut Output) -> io::Result<Ending> {
    let options = match args.options() {
        Ok(options) => options,
        Err(message) => {
            output.complain(&message);
            return Ok(Ending::Trouble);
        }
    };
    let printed = match (args.print_seed, args.seed_schema, args.settings_schema) {
        // In the order in which a person would write it.
        (true, ..) => Some(serde_json::to_string_pretty(&options.seed)?),
        (_, true, _) => Some(format!("{:#}", Seed::schema())),
        (.., true) => Some(format!("{:#}", Settings::schema())),
        _ => None,
    };
    if let Some(printed) = printed {
        output.write(&format!("{printed}\n"))?;
        return Ok(Ending::Clean);
    }
    let mut written = Ok(());
    let served = mock(options, |service| {
        written = output.write(&format!("{}\n", service.url())).and_then(|()| output.flush());
    });
    written?;
    match served {
        Ok(()) => Ok(Ending::Clean),
        Err(error) => {
            output.complain(&error.to_string());
            Ok(Ending::Trouble)
        }
    }
}
