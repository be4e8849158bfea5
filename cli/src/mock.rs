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
    /// Address to listen on; others than this machine reach it only where it is another.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,

    /// Port to listen on; 0 is any that is free, and is printed.
    #[arg(long, value_name = "PORT", default_value_t = 8290)]
    port: u16,

    /// File of who and what there is: organisations, users, patients, services, slots; else a small England.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,

    /// Make so many referrals up besides, in all states, with practices, providers, services and patients for them: the same
    /// each time.
    #[arg(long, value_name = "REFERRALS", value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    seed_size: Option<u32>,

    /// File to keep the state in, and beside it (FILE.logins) who is logged in; without it, both end with the process.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// File of settings: what is not public of the service, and how it is taken here.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// What the clock shows at the start, such as 2026-03-02T09:00:00Z.
    #[arg(long, value_name = "INSTANT")]
    clock: Option<Moment>,

    /// How much faster than the clock of the machine it runs.
    #[arg(long, value_name = "NUMBER", default_value_t = 1.0, value_parser = scale)]
    time_scale: f64,

    /// Let everybody in, which is what it does anyway: the headers say who calls, or a bearer token, which may be the id of
    /// a user or an application of the seed.
    #[arg(long, conflicts_with = "strict_auth")]
    open: bool,

    /// Let only those in who bring a token that was given at /oauth2/token.
    #[arg(long)]
    strict_auth: bool,

    /// Public keys of an application of the seed (repeatable): its JWKS, or with the id of the key a public key in PEM
    /// (APPLICATION/KID=FILE).
    #[arg(long = "key", value_name = "APPLICATION=FILE")]
    keys: Vec<String>,

    /// Seconds that an access token is good.
    #[arg(long, value_name = "SECONDS", default_value_t = 599, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    token_seconds: u64,

    /// Seconds by which the clock of the token service is ahead of that of this machine.
    #[arg(long, value_name = "SECONDS", default_value_t = 0, allow_negative_numbers = true,
        value_parser = clap::value_parser!(i64).range(-864_000..=864_000))]
    token_skew: i64,

    /// What links in answers begin with, before /referrals/FHIR; else where it listens.
    #[arg(long, value_name = "URL")]
    origin: Option<String>,

    /// Calls a minute, beyond which the answer is 429.
    #[arg(long, value_name = "NUMBER")]
    rate: Option<u32>,

    /// Calls of a thousand that fail with 503.
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1000))]
    failing: u32,

    /// Write the seed to standard output, and end: a start for one of your own.
    #[arg(long)]
    print_seed: bool,

    /// Write the JSON Schema of seeds to standard output, for editors, and end.
    #[arg(long, conflicts_with = "print_seed")]
    seed_schema: bool,

    /// Write the JSON Schema of the file of settings to standard output, and end.
    #[arg(long, conflicts_with_all = ["print_seed", "seed_schema"])]
    settings_schema: bool,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir mock
      a small England on http://127.0.0.1:8290/referrals/FHIR, in memory
  ers-fhir mock --strict-auth --key aire-and-wharfe-imaging=jwks.json
      calls need a token: of an application for a JWT that it signed (its API key is its id in the seed), or of a user who
      logs in at /oauth2/authorize
  ers-fhir mock --state ers.journal --clock 2026-03-02T09:00:00Z
      the same, which goes on where it was when it is started again
  ers-fhir example A011 | curl --data @- -H 'Content-Type: application/fhir+json' \\
      -H 'NHSD-End-User-Organisation-ODS: X26' -H 'NHSD-eRS-Business-Function: REFERRING_CLINICIAN' \\
      'http://127.0.0.1:8290/referrals/FHIR/STU3/ReferralRequest/$ers.createReferral'
      a referral is created
  curl -H 'X-Local-Fault: pas-timeout' ...
      the booking system of the provider says nothing this time: 504

/_local says where things stand; /_local/calls what was called; POST /_local/requests/{ubrn}/steps takes the steps that the
interface of e-RS lacks, such as { \"step\": \"reply\", \"text\": \"...\" } of a referrer who is asked something.

All people in it are invented. It is no e-RS: where nobody outside knows what the real one does, it does what documents and
examples make likely, and GET /_local/settings lists these choices.

Exit status: 0 it was told to end, 2 it could not start.";

fn scale(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && (0.0..=1e6).contains(number));
    number.ok_or_else(|| "say a number from 0 to 1000000".to_owned())
}

/// The seed of a file; a small England without one.
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
    /// The keys of applications that are named.
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
