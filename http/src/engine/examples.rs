//! Examples of e-RS calls, for trying the service.

use ers_fhir_ers::example::{Caller, Sample, broken, callers, good, homes, is_alone};
use ers_fhir_ers::rule::{self, Rule};
use ers_fhir_ers::service::{Access, Endpoint, Role, endpoints, find};
use ers_fhir_ers::{Direction, Ers};
use ers_fhir_validator::{Options, guarded};
use serde_json::{Value, json};

use super::answer::{Answer, JSON, Refusal};
use super::plan::Engine;
use super::query::pairs;

/// The query for an example.
#[derive(Default)]
struct Wanted {
    role: Option<Role>,
    is_application: bool,
    is_response: bool,
    rule: Option<&'static Rule>,
    seed: u64,
}

impl Engine {
    /// The operations of e-RS, who may call them, and the rules that an example can break.
    pub fn examples() -> Answer {
        let operations: Vec<Value> = endpoints().into_iter().map(operation).collect();
        let breakable = rule::all().filter_map(|rule| {
            let (endpoint, direction) = homes(rule).filter(|_| rule.code.starts_with("ers-"))?;
            let is_response = direction == Direction::Response;
            Some(json!({
                "code": rule.code, "summary": rule.summary, "operation": endpoint.id, "response": is_response,
            }))
        });
        let roles = Role::ALL.map(Role::code);
        let breakable: Vec<Value> = breakable.collect();
        let all = json!({ "operations": operations, "roles": roles, "rules": breakable });
        Answer::ok(JSON, format!("{all}\n"))
    }

    /// An example of an operation: its body, and everything known about the call.
    ///
    /// # Errors
    ///
    /// If there is no such operation or example.
    pub fn example(&self, id: &str, query: &str) -> Result<Answer, Refusal> {
        let none = || Refusal::unknown("e-RS has no such operation; /examples lists all operations");
        let endpoint = find(id).next().ok_or_else(none)?;
        let wanted = Wanted::read(query)?;
        let caller = match wanted.role {
            _ if wanted.is_application => Some(Caller::Application),
            Some(role) if endpoint.names_user() => Some(Caller::User(role)),
            _ => None,
        };
        let sample = match wanted.rule {
            None => {
                let direction = if wanted.is_response { Direction::Response } else { Direction::Request };
                let caller = caller.or(callers(endpoint).first().copied()).unwrap_or(Caller::AnyUser);
                good(endpoint, caller, wanted.seed).towards(direction)
            }
            Some(rule) => {
                let mut all = broken(rule, endpoint, caller, wanted.seed).into_iter();
                let found = all.find(|sample| self.breaks(sample, rule));
                found.ok_or_else(|| Refusal::unknown("no example of that operation breaks only this rule"))?
            }
        };
        Ok(Answer::ok(JSON, format!("{}\n", shown(&sample))))
    }

    fn breaks(&self, sample: &Sample, rule: &'static Rule) -> bool {
        let now = sample.now.and_then(|now| now.parse().ok());
        let options = Options { now, ..Ers::called(sample.context()).into() };
        let validator = self.validators.of(sample.endpoint.release);
        guarded(|| validator.check(sample.payload(), &options)).is_ok_and(|report| is_alone(&report, rule))
    }
}

impl Wanted {
    fn read(query: &str) -> Result<Self, Refusal> {
        let mut wanted = Self::default();
        for (name, value) in pairs(query) {
            let is_yes = matches!(&*value, "" | "true");
            match &*name {
                "role" if value.is_empty() => {}
                "role" => wanted.role = Some(value.parse().map_err(|error| refused(&error))?),
                "access" => {
                    let access: Access = value.parse().map_err(|error| refused(&error))?;
                    wanted.is_application = access == Access::Application;
                }
                "response" => wanted.is_response = is_yes,
                "seed" => wanted.seed = value.parse().map_err(|error| refused(&error))?,
                "break" => {
                    let found = rule::find(&value).filter(|rule| rule.code.starts_with("ers-"));
                    wanted.rule =
                        Some(found.ok_or_else(|| Refusal::unknown("there is no e-RS rule with this code"))?);
                }
                _ => {
                    let text = "an example takes role, access, response, seed and break";
                    return Err(Refusal::of_request(text));
                }
            }
        }
        Ok(wanted)
    }
}

fn refused(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::of_request(error.to_string())
}

fn operation(endpoint: &'static Endpoint) -> Value {
    let who = callers(endpoint);
    let roles: Vec<&str> = who.iter().filter_map(|caller| caller.role()).map(Role::code).collect();
    json!({
        "id": endpoint.id,
        "name": endpoint.name,
        "release": endpoint.release.to_string(),
        "method": endpoint.method.to_string(),
        "path": endpoint.path,
        "roles": roles,
        "application": who.contains(&Caller::Application),
    })
}

fn shown(sample: &Sample) -> Value {
    let is_response = sample.direction == Direction::Response;
    let pairs = |headers: &[(String, String)]| -> Vec<Value> {
        headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
    };
    let answer = sample.call.answer.as_ref().filter(|_| is_response);
    json!({
        "operation": sample.endpoint.id,
        "release": sample.endpoint.release.to_string(),
        "role": sample.caller.role().map(Role::code),
        "access": sample.caller.access().to_string(),
        "response": is_response,
        "method": sample.call.method,
        "url": sample.call.url,
        "headers": pairs(&sample.call.headers),
        "status": answer.map(|answer| answer.status),
        "answerHeaders": answer.map(|answer| pairs(&answer.headers)),
        "now": sample.now,
        "current": sample.current,
        "body": String::from_utf8_lossy(sample.payload()),
    })
}
