//! `ers-fhir example`: a payload or a call of e-RS, valid or with one mistake.

use std::fmt::Write;
use std::io;

use clap::{Args, ValueEnum};
use ers_fhir_ers::example::{Caller, Sample, broken, callers, good, homes, is_alone, record};
use ers_fhir_ers::rule::{self, Rule};
use ers_fhir_ers::service::{Access, Endpoint, Role, endpoints};
use ers_fhir_ers::{Direction, Ers, definitions};
use ers_fhir_lint::capture::ACCESS;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::{Options, Validator};
use serde_json::{Value, json};

use crate::ending::Ending;
use crate::output::Output;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Examples {
    /// Operation of e-RS, such as A011.
    #[arg(value_name = "ID", value_parser = ers_fhir_ers::service::named)]
    endpoint: &'static Endpoint,

    /// Business function of the user who calls, such as `REFERRING_CLINICIAN_ADMIN`; by default, the first
    /// that may.
    #[arg(long, value_name = "ROLE")]
    role: Option<Role>,

    /// Who calls: user or application.
    #[arg(long, value_name = "WHO", conflicts_with = "role")]
    access: Option<Access>,

    /// Make the answer of the operation, not the request.
    #[arg(long)]
    response: bool,

    /// Make the record that the operation changes, as last read, for `validate --against`.
    #[arg(long, conflicts_with_all = ["response", "broken", "call"])]
    record: bool,

    /// The only rule of e-RS that the example breaks, such as `ers-rule-42`.
    #[arg(long = "break", value_name = "RULE")]
    broken: Option<String>,

    /// Number that determines patient, referral, clinicians and services. The same number gives the same
    /// example, and the examples of all operations fit together.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,

    /// Make the whole call: method, URL, headers and body, or a HAR file that includes the answer. Needed
    /// for rules that are not about the body.
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    call: Option<Form>,
}

/// The format of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// As an HTTP message.
    Text,
    /// As a HAR file, which `validate` reads.
    Har,
}

const EXAMPLES: &str = "\
Examples:
  ers-fhir example A011 --role REFERRING_CLINICIAN_ADMIN
      what an admin sends to create a referral
  ers-fhir example A005 --response --seed 7
      a referral of the patient that seed 7 gives
  ers-fhir example A011 --break ers-rule-42 --call
      a call whose only mistake is a service that is on the shortlist twice
  ers-fhir example A016 --call=har | ers-fhir validate -
      a call and its answer, for a client or a validator to try

People, referrals and services are invented; NHS numbers are from the test range (999).

Exit status: 0 success, 2 wrong usage, or the operation cannot break that rule.";

pub(crate) fn run(args: &Examples, output: &mut Output) -> io::Result<Ending> {
    let made = made(args, output);
    output.answer(made)
}

/// The requested example, or why there is none.
fn made(args: &Examples, output: &Output) -> Result<String, String> {
    if args.record {
        let none = || format!("{} changes no record", args.endpoint.id);
        return record(args.endpoint, args.seed).ok_or_else(none);
    }
    let caller = caller(args)?;
    let Some(code) = &args.broken else {
        let direction = if args.response { Direction::Response } else { Direction::Request };
        let caller = caller.or(callers(args.endpoint).first().copied()).unwrap_or(Caller::AnyUser);
        let sample = good(args.endpoint, caller, args.seed).towards(direction);
        if sample.payload().is_empty() && args.call.is_none() {
            let message =
                format!("the {direction} of {} has no body: make the call with --call", args.endpoint.id);
            output.note("note", &message);
        }
        return Ok(written(&sample, args.call, true));
    };
    let rule = of_ers(code)?;
    let (_, direction) = homes(rule).ok_or_else(|| format!("no call of e-RS breaks {code}"))?;
    if args.response && direction == Direction::Request {
        return Err(format!("{code} is about requests, not about answers"));
    }
    let validator = Validator::new(definitions(args.endpoint.release));
    let found = broken(rule, args.endpoint, caller, args.seed)
        .into_iter()
        .find(|sample| breaks(&validator, sample, rule));
    let sample = found.ok_or_else(|| elsewhere(args, rule, caller))?;
    if sample.current.is_some() {
        output.note(
            "note",
            "it breaks the rule together with the record that `--record` makes, given as --against",
        );
    }
    let right = good(args.endpoint, sample.caller, args.seed).towards(sample.direction);
    Ok(written(&sample, args.call, sample.payload() != right.payload()))
}

/// Who calls, if given.
fn caller(args: &Examples) -> Result<Option<Caller>, String> {
    let Endpoint { id, .. } = args.endpoint;
    let wanted = match (args.role, args.access) {
        (_, Some(Access::Application)) => Caller::Application,
        (Some(role), _) if args.endpoint.names_user() => Caller::User(role),
        _ => return Ok(None),
    };
    // A caller who may not call is an example of that rule.
    if args.broken.is_none() && !callers(args.endpoint).contains(&wanted) {
        let who = args.role.map_or("application", Role::code);
        return Err(format!("{id} is not open to {who}; `ers-fhir endpoints {id}` shows who may call it"));
    }
    Ok(Some(wanted))
}

/// The rule of e-RS that has a code.
fn of_ers(code: &str) -> Result<&'static Rule, String> {
    let found = rule::find(code).filter(|rule| rule.code.starts_with("ers-"));
    found.ok_or_else(|| match rule::nearest(code) {
        Some(near) if near.code == code => {
            format!("{code} is a rule of FHIR, not of e-RS: `ers-fhir explain {code}` has an example")
        }
        Some(near) if near.code.starts_with("ers-") => {
            format!("no rule has the code '{code}'. Did you mean {}?", near.code)
        }
        _ => format!("no rule of e-RS has the code '{code}'; `ers-fhir explain` lists all rules"),
    })
}

fn breaks(validator: &Validator, sample: &Sample, rule: &'static Rule) -> bool {
    let now = sample.now.and_then(|now| now.parse().ok());
    let options = Options { now, ..Ers::called(sample.context()).into() };
    is_alone(&validator.check(sample.payload(), &options), rule)
}

/// Reports which operations can break a rule.
fn elsewhere(args: &Examples, rule: &'static Rule, caller: Option<Caller>) -> String {
    let validators = [FhirVersion::Stu3, FhirVersion::R4].map(|version| Validator::new(definitions(version)));
    let can = |endpoint: &&&'static Endpoint, caller: Option<Caller>| {
        let mut validators = validators.iter();
        let validator = validators.find(|validator| validator.version() == endpoint.release);
        let samples = broken(rule, endpoint, caller, args.seed);
        validator.is_some_and(|validator| samples.iter().any(|sample| breaks(validator, sample, rule)))
    };
    if caller.is_some() && can(&&args.endpoint, None) {
        return format!("{} cannot be broken on its own by this caller of {}", rule.code, args.endpoint.id);
    }
    let all = endpoints();
    let mut ids: Vec<&str> =
        all.iter().filter(|endpoint| can(endpoint, None)).map(|found| found.id).collect();
    ids.dedup();
    if ids.is_empty() {
        return format!(
            "{} cannot be broken on its own: `ers-fhir explain {}` has an example",
            rule.code, rule.code
        );
    }
    format!("{} cannot be broken on its own by {}, but by {}", rule.code, args.endpoint.id, ids.join(", "))
}

/// The body, or the whole call.
fn written(sample: &Sample, form: Option<Form>, is_in_body: bool) -> String {
    match form {
        None if is_in_body => String::from_utf8_lossy(sample.payload()).into_owned(),
        None | Some(Form::Text) => wire(sample),
        Some(Form::Har) => format!("{:#}\n", har(sample)),
    }
}

/// The call or its answer, as an HTTP message.
fn wire(sample: &Sample) -> String {
    let call = &sample.call;
    let (first, headers) = match (sample.direction, &call.answer) {
        (Direction::Response, Some(answer)) => (format!("HTTP/1.1 {}", answer.status), &answer.headers),
        _ => (format!("{} {}", call.method, call.url), &call.headers),
    };
    let mut text = first;
    text.push('\n');
    for (name, value) in headers {
        let _ = writeln!(text, "{name}: {value}");
    }
    if !sample.payload().is_empty() {
        let _ = write!(text, "\n{}", String::from_utf8_lossy(sample.payload()));
    }
    text
}

fn har(sample: &Sample) -> Value {
    let call = &sample.call;
    let pairs = |headers: &[(String, String)]| {
        let all = headers.iter().map(|(name, value)| json!({ "name": name, "value": value }));
        Value::Array(all.collect())
    };
    let text = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
    let kind = |headers: &[(String, String)]| {
        headers
            .iter()
            .find(|(name, _)| name == "Content-Type")
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let mut request = json!({
        "method": call.method, "url": call.url, "httpVersion": "HTTP/1.1", "headers": pairs(&call.headers),
        "queryString": [], "cookies": [], "headersSize": -1, "bodySize": call.body.len(),
    });
    if !call.body.is_empty() {
        request["postData"] = json!({ "mimeType": kind(&call.headers), "text": text(&call.body) });
    }
    let response = call.answer.as_ref().map(|answer| {
        json!({
            "status": answer.status, "statusText": "", "httpVersion": "HTTP/1.1",
            "headers": pairs(&answer.headers), "cookies": [], "redirectURL": "", "headersSize": -1,
            "bodySize": answer.body.len(),
            "content": { "size": answer.body.len(), "mimeType": kind(&answer.headers), "text": text(&answer.body) },
        })
    });
    json!({ "log": {
        "version": "1.2",
        "creator": { "name": "ers-fhir", "version": env!("CARGO_PKG_VERSION") },
        "entries": [{
            "startedDateTime": "2026-03-06T12:00:00.000Z", "time": 0, "cache": {},
            "timings": { "send": 0, "wait": 0, "receive": 0 }, "request": request, "response": response,
            ACCESS: sample.caller.access().to_string(),
        }],
    } })
}
