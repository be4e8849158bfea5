//! `ers-fhir call`: calls an operation of e-RS.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use ers_fhir_ers::service::{Body, Endpoint, Header, MOST_FILE_BYTES, find};
use ers_fhir_http::client::auth::GivenToken;
use ers_fhir_http::client::{
    Caller, Checking, Checks, Client, Environment, Error, HarRecorder, Payload, Rate, Reply, Request,
    Retries, Timeouts, blocking, media_type_of,
};
use ers_fhir_report::Severity;
use ers_fhir_report::render::printable;

use crate::auth::{Profile, Whose};
use crate::ending::Ending;
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Calling {
    /// Operation of e-RS, such as A005; `ers-fhir endpoints` lists them.
    #[arg(value_name = "ID", value_parser = ers_fhir_ers::service::named)]
    endpoint: &'static Endpoint,

    /// Body of the request: a file, or - for standard input.
    #[arg(value_name = "FILE")]
    body: Option<PathBuf>,

    /// UBRN of the referral or advice request, in the path or wherever the operation names it.
    #[arg(long, value_name = "UBRN", help_heading = "Request")]
    ubrn: Option<String>,

    /// Id of the appointment, service or file.
    #[arg(long, value_name = "ID", help_heading = "Request")]
    id: Option<String>,

    /// List of reference data (A004), such as SPECIALTY.
    #[arg(long, value_name = "NAME", help_heading = "Request")]
    list: Option<String>,

    /// Version of the record to change (If-Match) or to read.
    #[arg(long, value_name = "NUMBER", help_heading = "Request")]
    at: Option<u64>,

    /// Query parameter (repeatable), such as page=2.
    #[arg(long = "param", value_name = "NAME=VALUE", help_heading = "Request")]
    parameters: Vec<String>,

    /// Header in addition to those that identify the caller (repeatable).
    #[arg(long = "header", value_name = "NAME:VALUE", help_heading = "Request")]
    headers: Vec<String>,

    #[command(flatten)]
    whose: Whose,

    /// File for the answer; by default, standard output, or for a fetched file, its own name in this folder.
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Write the call with its answer to a HAR file for `validate`. Tokens are masked, payloads are not.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    har: Option<PathBuf>,

    /// Print the request with the token masked, and send nothing.
    #[arg(long, help_heading = "Output")]
    dry_run: bool,

    /// What to do about payloads that break rules: off, warn or refuse.
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    check: Check,

    /// Seconds that the whole call may take.
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,

    /// Send the call even if it breaks rules, to see how the service answers.
    #[arg(long)]
    anyway: bool,

    /// Also report information about payloads, such as where the service departs from FHIR.
    #[arg(long, short, help_heading = "Output")]
    verbose: bool,

    /// Print the address that A042 returns, instead of fetching the file.
    #[arg(long, help_heading = "Output")]
    no_follow: bool,

    /// Do not retry.
    #[arg(long)]
    no_retry: bool,

    /// Certificate in PEM to trust in addition to those of the system.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Check {
    /// Payloads are not checked.
    Off,
    /// Findings are reported, but the call goes on.
    #[default]
    Warn,
    /// A faulty request is not sent, and a faulty answer is an error.
    Refuse,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir call A005 --ubrn 000000070000 --env sandbox --role REFERRING_CLINICIAN --organisation R69
      read a referral
  ers-fhir call A013 --ubrn 000000070000 --at 5 --as clinic
      accept it, starting from version 5, with the credentials of a profile (`ers-fhir auth --help`)
  ers-fhir example A011 | ers-fhir call A011 - --env local --role REFERRING_CLINICIAN --organisation R69 --dry-run
      show what would be sent
  ers-fhir call A020 letter.pdf --ubrn 000000070000 --as practice
      upload a file with its type and name
  ers-fhir call A042 --id 9ad9b9a2-5e78-454d-b065-a1c284cc4549 --as clinic --har call.har
      fetch an attachment into this folder, and record the call

Exit status: 0 success, 1 any other answer, 2 wrong usage, not sent, or not answered.";

pub(crate) fn run(args: &Calling, output: &mut Output) -> io::Result<Ending> {
    let ending = args.call(output).unwrap_or_else(|message| {
        output.complain(&message);
        Ending::Trouble
    });
    output.flush()?;
    Ok(ending)
}

impl Calling {
    fn call(&self, output: &mut Output) -> Result<Ending, String> {
        let profile = Profile::named(self.whose.profile.as_deref())?;
        let environment = profile.environment(&self.whose.said())?;
        let caller = profile.caller(&self.whose.said())?;
        let is_open = self.whose.is_open()?;
        let environment = if is_open { environment.without_tokens() } else { environment };
        let mut request = self.request()?;
        if self.anyway {
            request = request.anyway();
        }
        let recorder = Arc::new(HarRecorder::new());
        let client = self.client(&environment, caller, &recorder, output)?;
        if self.dry_run {
            let prepared =
                client.wait(client.client().prepare(request)).map_err(|error| error.to_string())?;
            let body = match prepared.payload() {
                Payload::Bytes(bytes) if matches!(prepared.endpoint().request, Body::Resource(_)) => {
                    bytes.to_vec()
                }
                payload if payload.is_empty() => Vec::new(),
                payload => format!("({} bytes)\n", payload.len()).into_bytes(),
            };
            output.write(&prepared.show(&body)).and_then(|()| output.flush()).map_err(unwritten)?;
            return Ok(Ending::Clean);
        }
        let answered = self.answer(&client, request, output);
        if let Some(path) = &self.har {
            write_private(path, recorder.to_json().as_bytes())?;
        }
        match answered {
            Ok(()) => Ok(Ending::Clean),
            Err(error) => {
                Self::explain(&error, output);
                Ok(if error.failure().is_some() { Ending::Findings } else { Ending::Trouble })
            }
        }
    }

    fn client(
        &self,
        environment: &Environment,
        caller: Caller,
        recorder: &Arc<HarRecorder>,
        output: &Output,
    ) -> Result<blocking::Client<Caller>, String> {
        let mut timeouts = Timeouts::default();
        if let Some(seconds) = self.timeout {
            timeouts.whole = Duration::from_secs(seconds);
        }
        let checking = match self.check {
            Check::Off => Checking::Off,
            Check::Warn => Checking::Warn,
            Check::Refuse => Checking::Refuse,
        };
        let least = if self.verbose { Severity::Information } else { Severity::Warning };
        let checks = Checks::all(checking).telling(move |context, report| {
            for found in report.diagnostics.iter().filter(|found| found.severity >= least) {
                let masked = found.message.masked();
                let what = printable(&masked);
                // If standard error is gone, the error cannot be reported.
                let _ = writeln!(
                    io::stderr(),
                    "{}: the {} breaks {}: {what}",
                    found.severity,
                    context.direction,
                    found.rule.code
                );
            }
        });
        let mut builder = Client::builder(environment.clone())
            .timeouts(timeouts)
            .rate(Rate::default())
            .retries(if self.no_retry { Retries::none() } else { Retries::default() })
            .checks(checks);
        if self.har.is_some() {
            builder = builder.recorder(recorder.clone());
        }
        if let Some(path) = &self.trust {
            let pem = fs::read(path).map_err(|error| format!("--trust: {}: {error}", path.display()))?;
            builder = builder.trust(&pem).map_err(|error| format!("--trust: {error}"))?;
        }
        if !self.dry_run
            && environment.token().is_some()
            && let Some(token) = self.whose.token(output)?
        {
            builder = builder.tokens(GivenToken::new(token));
        }
        let client = builder.build(caller).map_err(|error| error.to_string())?;
        blocking::Client::new(client).map_err(|error| error.to_string())
    }

    /// The request that the options make.
    fn request(&self) -> Result<Request, String> {
        let id = self.endpoint.id;
        let changes = self.endpoint.more_headers.contains(&Header::IF_MATCH);
        let reads_version = self.at.is_some() && !changes;
        let endpoint =
            find(id).find(|endpoint| endpoint.is_versioned() == reads_version).unwrap_or(self.endpoint);
        let mut request = Request::to(endpoint);
        for parameter in endpoint.path_parameters() {
            let (option, value) = match parameter.name {
                "ubrn" => ("--ubrn", self.ubrn.clone()),
                "version" => ("--at", self.at.map(|version| version.to_string())),
                "codeSystemType" => ("--list", self.list.clone()),
                _ => ("--id", self.id.clone()),
            };
            let value = value.ok_or_else(|| format!("{id} needs {option}: {}", parameter.holds))?;
            request = request.path(parameter.name, value);
        }
        if changes {
            let version =
                self.at.ok_or_else(|| format!("{id} needs --at: the version that was last read"))?;
            request = request.version(version.into());
        }
        let given = self.parameters()?;
        for (name, value) in self.usual(endpoint) {
            if !given.iter().any(|(known, _)| known == name) {
                request = request.query(name, value);
            }
        }
        for (name, value) in given {
            request = request.query(name, value);
        }
        for header in &self.headers {
            let (name, value) = header
                .split_once(':')
                .filter(|(name, _)| !name.trim().is_empty())
                .ok_or_else(|| "--header: write a header as NAME:VALUE".to_owned())?;
            if name.trim().eq_ignore_ascii_case(Header::AUTHORIZATION.name) {
                return Err(
                    "--header: give the token in a profile or in ERS_FHIR_ACCESS_TOKEN, never on the \
                     command line"
                        .to_owned(),
                );
            }
            request = request.header(name.trim(), value.trim());
        }
        self.with_body(endpoint, request)
    }

    fn parameters(&self) -> Result<Vec<(String, String)>, String> {
        let pairs = self.parameters.iter().map(|pair| {
            let pair =
                pair.split_once('=').ok_or_else(|| format!("--param: write NAME=VALUE, not '{pair}'"))?;
            Ok((pair.0.to_owned(), pair.1.to_owned()))
        });
        pairs.collect()
    }

    /// Query parameters that need not be given: those with a single possible value, and the record by its UBRN or
    /// id.
    fn usual(&self, endpoint: &Endpoint) -> Vec<(&'static str, String)> {
        let record = |kind: &str| {
            let (ubrn, version) = (self.ubrn.as_ref()?, self.at?);
            Some(format!("{kind}/{ubrn}/_history/{version}"))
        };
        let fixed = |name: &str| match (endpoint.id, name) {
            ("A015", "status") => Some("free".to_owned()),
            ("A015", "page") => Some("1".to_owned()),
            ("A015", "_count") => Some("100".to_owned()),
            ("A015", "schedule.actor:HealthcareService") | ("A035", "_id") => self.id.clone(),
            ("A025", "based-on") => record("CommunicationRequest"),
            ("A029", "focus") => record("ReferralRequest"),
            ("A029", "intent") => Some("proposal".to_owned()),
            ("A029", "status") => Some("ready".to_owned()),
            ("A040", "_query") => Some("onBehalfOf".to_owned()),
            ("A041", "identifier") => self.ubrn.clone(),
            _ => None,
        };
        let known =
            endpoint.query.iter().filter_map(|parameter| Some((parameter.name, fixed(parameter.name)?)));
        known.collect()
    }

    fn with_body(&self, endpoint: &Endpoint, request: Request) -> Result<Request, String> {
        let id = endpoint.id;
        match (endpoint.request, &self.body) {
            (Body::None, None) => Ok(request),
            (Body::None, Some(_)) => Err(format!("{id} takes no body")),
            (Body::Resource(_) | Body::File(_), None) => {
                Err(format!("{id} needs a body: a file, or - for standard input"))
            }
            (Body::Resource(_), Some(path)) => Ok(request.json(read(path)?)),
            (Body::File(_), Some(path)) => {
                let has = |wanted: &str| {
                    self.headers
                        .iter()
                        .filter_map(|header| header.split_once(':'))
                        .any(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))
                };
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let mut request = request;
                if !has(Header::FILE_NAME.name) && path != Path::new("-") {
                    request = request.header(Header::FILE_NAME.name, name.clone());
                }
                if let Some(ubrn) = &self.ubrn {
                    request = request.header(Header::REFERRAL.name, ubrn.clone());
                }
                let payload = if path == Path::new("-") {
                    Payload::Bytes(read(path)?.into())
                } else {
                    let length = fs::metadata(path).map_err(|error| unread(path, &error))?.len();
                    Payload::File(path.clone(), length)
                };
                if has(Header::FILE_TYPE.name) {
                    return Ok(request.payload_as_is(payload));
                }
                Ok(request.file(media_type_of(&name).unwrap_or("application/octet-stream"), payload))
            }
        }
    }

    /// Sends the request, and writes the answer.
    fn answer(
        &self,
        client: &blocking::Client<Caller>,
        request: Request,
        output: &mut Output,
    ) -> Result<(), Error> {
        let endpoint = request.endpoint();
        let mut reply = client.send(request)?;
        let mut said = vec![reply.status.to_string()];
        said.extend(reply.etag().map(|version| format!("version {version}")));
        said.extend(reply.header("Location").filter(|_| reply.status == 201).map(str::to_owned));
        said.push(format!("correlation id {}", reply.correlation_id));
        said.extend(reply.request_id().map(|id| format!("request id {id}")));
        output.note(endpoint.id, &said.join(", "));
        let is_file = matches!(endpoint.response, Body::File(_)) || endpoint.success == 307;
        if self.no_follow && reply.status == 307 {
            let address = reply.header("Location").unwrap_or_default();
            output.write(&format!("{}\n", printable(address))).and_then(|()| output.flush())?;
            return Ok(());
        }
        if is_file {
            return self.fetch(client, reply, output);
        }
        let body = client.wait(reply.bytes(usize::MAX))?;
        match &self.output {
            Some(path) if path != Path::new("-") => {
                write_private(path, &body).map_err(|error| Error::Io(io::Error::other(error)))?;
            }
            _ => {
                // The answer is for programs; a terminal must not interpret it.
                let text = String::from_utf8_lossy(&body);
                let text = if Output::is_terminal() {
                    text.lines().map(printable).collect::<Vec<_>>().join("\n")
                } else {
                    text.into_owned()
                };
                output.write(&text)?;
                if !text.is_empty() && !text.ends_with('\n') {
                    output.write("\n")?;
                }
                output.flush()?;
            }
        }
        Ok(())
    }

    /// Writes a received file.
    fn fetch(&self, client: &blocking::Client<Caller>, reply: Reply, output: &Output) -> Result<(), Error> {
        let download = client.wait(client.client().file_of(reply))?;
        let written = match &self.output {
            Some(path) if path == Path::new("-") => {
                client.write(download, &mut io::stdout())?;
                return Ok(());
            }
            Some(path) => {
                let mut file = fs::File::create(path)?;
                client.write(download, &mut file)?;
                path.clone()
            }
            None => client.wait(download.write_into(Path::new("."), &format!("{}.bin", self.endpoint.id)))?,
        };
        output.note("wrote", &written.display().to_string());
        Ok(())
    }

    /// Reports what went wrong, and on a terminal also what the answer says about it.
    fn explain(error: &Error, output: &Output) {
        output.complain(&error.to_string());
        let Some(failure) = error.failure() else { return };
        if let Some(code) = &failure.code {
            output.note("more", &format!("ers-fhir explain {} {code}", failure.status));
        }
        for words in failure.outcome.iter().flat_map(|outcome| outcome.diagnostics()) {
            // It may name a patient, and is only shown on a terminal.
            if Output::is_terminal() {
                output.note("said", words);
            }
        }
    }
}

/// The body of the request.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let most = u64::try_from(MOST_FILE_BYTES).unwrap_or(u64::MAX).saturating_mul(4);
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| unread(path, &error))?;
    Ok(bytes)
}

/// Writes a file that only its owner may read, since it may contain patient data.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn unread(path: &Path, error: &io::Error) -> String {
    format!("cannot read {}: {error}", path.display())
}

#[expect(clippy::needless_pass_by_value, reason = "it is what errors are mapped with")]
fn unwritten(error: io::Error) -> String {
    format!("cannot write the output: {error}")
}
