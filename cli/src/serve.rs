//! `ers-fhir serve`: validation as a service, with a web page.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use ers_fhir_http::{Config, Limits, Options, Sources, Tokens, serve};
use ers_fhir_profiles::FhirVersion;

use crate::args::FailOn;
use crate::definitions::PackageArgs;
use crate::ending::Ending;
use crate::output::Output;

/// Variable that may hold the token.
const TOKEN: &str = "ERS_FHIR_TOKEN";
const MIB: usize = 1 << 20;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Serve {
    /// Address to listen on; by default, only this machine can connect.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,

    /// Port to listen on; 0 picks a free one, which is printed.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,

    /// File of tokens, one per line, one of which callers must present; alternatively, a token in the variable
    /// `ERS_FHIR_TOKEN`.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,

    /// Origin whose pages may make requests, such as <https://example.org>, or * for any
    /// (repeatable).
    #[arg(long = "cors-origin", value_name = "ORIGIN")]
    origins: Vec<String>,

    #[command(flatten)]
    packages: PackageArgs,

    /// FHIR release of the payloads, 3.0 or 4.0, if a request does not give it; by default, detected for
    /// each.
    #[arg(long, value_name = "VERSION")]
    fhir_version: Option<FhirVersion>,

    /// Profile that each payload must conform to (repeatable).
    #[arg(long = "profile", value_name = "URL|NAME")]
    profiles: Vec<String>,

    /// Domain from which unknown extensions are allowed (repeatable).
    #[arg(long = "allow-extensions", value_name = "HOST")]
    allowed_extensions: Vec<String>,

    /// Report the known deviations of the live service as errors.
    #[arg(long)]
    strict: bool,

    /// Show values of payloads in answers, unless a request says otherwise.
    #[arg(long)]
    show_values: bool,

    /// Lowest severity of a finding that fails a payload (default: error).
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,

    /// Settings file, instead of the ers-fhir.toml in this folder or the nearest one above.
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,

    /// Ignore settings and fhir.lock.
    #[arg(long)]
    isolated: bool,

    /// Number of threads, at most 256; by default, one for each processor.
    #[arg(long, value_name = "NUMBER", help_heading = "Limits", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,

    /// Requests that may wait for a thread; beyond that the answer is 503.
    #[arg(long, value_name = "NUMBER", help_heading = "Limits")]
    queue: Option<usize>,

    /// Connections that may be open at once.
    #[arg(long, value_name = "NUMBER", help_heading = "Limits")]
    connections: Option<usize>,

    /// Requests a second that one client (an address, or an IPv6 network) may make, and the size of a burst; beyond
    /// that the answer is 429. By default, there is no limit.
    #[arg(long, value_name = "NUMBER", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rate: Option<u32>,

    /// Identify the client by the last entry of X-Forwarded-For, from a proxy in front, instead of by
    /// the connection.
    #[arg(long, help_heading = "Limits", requires = "rate")]
    behind_proxy: bool,

    /// Megabytes of one body, decompressed; beyond that the answer is 413.
    #[arg(long, value_name = "MIB", help_heading = "Limits")]
    max_body: Option<usize>,

    /// Megabytes of all bodies at once; beyond that the answer is 503.
    #[arg(long, value_name = "MIB", help_heading = "Limits")]
    max_memory: Option<usize>,

    /// Seconds after which only quick checks are done; the output says what was left out.
    #[arg(long, value_name = "SECONDS", help_heading = "Limits")]
    timeout: Option<u64>,

    /// Seconds within which a body must arrive; otherwise the answer is 408.
    #[arg(long, value_name = "SECONDS", help_heading = "Limits")]
    body_timeout: Option<u64>,

    /// Seconds for answering accepted requests after the signal to stop.
    #[arg(long, value_name = "SECONDS", help_heading = "Limits")]
    grace: Option<u64>,

    /// Log only unusual events, not every request.
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir serve
      open http://127.0.0.1:8080/ and paste a payload
  curl --json @request.json 'localhost:8080/stu3/$validate'
      FHIR's operation: the answer is an OperationOutcome
  curl --json @request.json 'localhost:8080/validate?format=sarif&endpoint=A011&role=REFERRING_CLINICIAN'
      a payload as part of a call, and its findings in any format of `validate`
  curl --json @capture.har 'localhost:8080/calls?format=markdown'
      captured calls, each in its context

/openapi.json describes the interface, /metrics is for Prometheus, /health and /ready are for probes.
SIGHUP reloads packages and settings; SIGTERM stops it once all accepted requests are answered.

Exit status: 0 it was stopped, 2 it could not start, or requests were not answered in time.";

impl Serve {
    /// The service, with these packages.
    fn sources(&self, packages: Vec<PathBuf>) -> Sources {
        let config = match &self.config {
            _ if self.isolated => Config::None,
            Some(path) => Config::File(path.clone()),
            None => Config::Nearest,
        };
        Sources {
            packages,
            folders: self.packages.folders.clone(),
            config,
            fhir_version: self.fhir_version,
            profiles: self.profiles.clone(),
            allowed_extensions: self.allowed_extensions.clone(),
            strict: self.strict,
            show_values: self.show_values,
            fail_on: self.fail_on.map(FailOn::severity),
            timeout: self.timeout.map(Duration::from_secs),
            ..Sources::default()
        }
    }

    fn options(&self) -> Result<Options, String> {
        let tokens = match &self.token_file {
            Some(path) => {
                let text = fs::read_to_string(path);
                let text = text.map_err(|error| format!("--token-file: {}: {error}", path.display()))?;
                let tokens = Tokens::of(&text);
                if tokens.is_empty() {
                    return Err(format!("--token-file: {}: it contains no token", path.display()));
                }
                tokens
            }
            None => Tokens::of(&std::env::var(TOKEN).unwrap_or_default()),
        };
        let usual = Limits::default();
        let seconds = |said: Option<u64>, usual| said.map_or(usual, Duration::from_secs);
        let limits = Limits {
            body: self.max_body.map_or(usual.body, |mib| mib.saturating_mul(MIB)),
            memory: self.max_memory.map_or(usual.memory, |mib| mib.saturating_mul(MIB)),
            connections: self.connections.unwrap_or(usual.connections),
            rate: self.rate,
            threads: self.jobs.map_or(usual.threads, usize::from),
            queue: self.queue.unwrap_or(usual.queue),
            receive: seconds(self.body_timeout, usual.receive),
            grace: seconds(self.grace, usual.grace),
            ..usual
        };
        if limits.memory < limits.body {
            return Err("--max-memory is less than --max-body, so a body of that size would never be \
                 accepted"
                .to_owned());
        }
        Ok(Options {
            host: self.host,
            port: self.port,
            tokens,
            origins: self.origins.clone(),
            is_behind_proxy: self.behind_proxy,
            limits,
            logs_requests: !self.quiet,
        })
    }
}

pub(crate) fn run(args: &Serve, output: &mut Output) -> io::Result<Ending> {
    let options = match args.options() {
        Ok(options) => options,
        Err(message) => {
            output.complain(&message);
            return Ok(Ending::Trouble);
        }
    };
    let of_run = PackageArgs { is_isolated: args.isolated, ..args.packages.clone() };
    let Some(packages) = of_run.fetched(output) else { return Ok(Ending::Trouble) };
    let mut written = Ok(());
    let served = serve(args.sources(packages), options, |address| {
        written = output.write(&format!("http://{address}/\n")).and_then(|()| output.flush());
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
