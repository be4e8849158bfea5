//! Pages of operations, and of the pathways that they are steps of.

use std::fmt::Write;

use ers_fhir_ers::example::{self, Caller, Sample};
use ers_fhir_ers::service::{self, Endpoint, Method, Need, Pathway};
use ers_fhir_ers::{Direction, Ers, rule};
use ers_fhir_profiles::package::Kind;
use ers_fhir_report::Severity;
use ers_fhir_validator::Options;
use serde_json::Value;

use super::links::Links;
use super::rule as rules;
use super::section::{OPERATIONS, PATHWAYS, page};
use super::sources::{Release, Sources, Specimens, Values, release};
use crate::anchors::file_name;
use crate::page::{
    Area, Body, Change, Content, Duty, Effect, Example, Failure, Header, Link, Listed, Operation, Page,
    Parameter, Route, Specimen, Step, Written,
};

/// The page of an operation.
pub(super) fn link(endpoint: &Endpoint) -> Link {
    Link::to(format!("{} {}", endpoint.id, endpoint.name), path(endpoint.id))
}

/// The page of the operation of an id.
fn path(id: &str) -> String {
    format!("{}/{}", OPERATIONS.0, file_name(id))
}

/// The page of a pathway.
pub(super) fn pathway_path(pathway: &Pathway) -> String {
    format!("{}/{}", PATHWAYS.0, pathway.id)
}

/// Canonicals of the profiles of a body, one of which applies.
pub(super) fn profiles(body: service::Body) -> &'static [&'static str] {
    match body {
        service::Body::Resource(profiles) => profiles,
        service::Body::None | service::Body::File(_) => &[],
    }
}

/// The page of every pathway.
pub(super) fn pathways() -> Vec<(Page, String)> {
    let made = service::pathways().iter().map(|pathway| {
        let steps = pathway.steps.iter().filter_map(|(id, says)| {
            Some(Step { operation: link(service::find(id).next()?), says: (*says).to_owned() })
        });
        let content = Content::Area(Area { steps: steps.collect() });
        (page(pathway_path(pathway), pathway.name, pathway.says, content), String::new())
    });
    made.collect()
}

/// The page of every operation.
pub(super) fn pages(sources: &Sources, links: &Links) -> Vec<(Page, String)> {
    let all = service::endpoints();
    let first = all.iter().filter(|endpoint| !endpoint.is_versioned());
    let made = first.map(|endpoint| {
        let areas: Vec<&Pathway> = areas(endpoint).collect();
        let content = Content::Operation(Box::new(content(sources, links, endpoint)));
        let title = format!("{} {}", endpoint.id, endpoint.name);
        let summary = format!("{} {}", endpoint.method, endpoint.path);
        let mut made = page(path(endpoint.id), title, summary, content);
        made.keywords.extend(endpoint.operation().map(str::to_owned));
        let group = areas.first().map_or("", |area| area.name);
        (made, group.to_owned())
    });
    made.collect()
}

/// Records which definitions the examples of operations conform to.
pub(super) fn specimens(pages: &[(Page, String)], specimens: &mut Specimens) {
    for (page, _) in pages {
        let Content::Operation(operation) = &page.content else { continue };
        for example in &operation.examples {
            let sides = [
                ("request", &operation.request, &example.request),
                ("answer", &operation.answer, &example.answer),
            ];
            for (side, body, payload) in sides {
                let Some(payload) = payload else { continue };
                let is_of = |profile: &&Link| body.profiles.len() == 1 || names(payload, profile);
                for profile in body.profiles.iter().filter(is_of) {
                    let link = Link {
                        anchor: Some("example".to_owned()),
                        ..Link::to(format!("{}: {side}", page.title), &page.path)
                    };
                    let specimen = Specimen { link, findings: example.findings.len() };
                    specimens.entry(profile.page.clone().unwrap_or_default()).or_default().push(specimen);
                }
            }
        }
    }
}

/// Records the identifiers in the examples of operations.
pub(super) fn values(pages: &[(Page, String)], values: &mut Values) {
    for (page, _) in pages {
        let Content::Operation(operation) = &page.content else { continue };
        let bodies = operation.examples.iter().flat_map(|example| [&example.request, &example.answer]);
        for body in bodies.flatten() {
            let Ok(body) = serde_json::from_str(body) else { continue };
            let link = Link { anchor: Some("example".to_owned()), ..Link::to(&page.title, &page.path) };
            let mut open: Vec<&Value> = vec![&body];
            while let Some(value) = open.pop() {
                if let (Some(system), Some(of)) = (value["system"].as_str(), value["value"].as_str()) {
                    values.entry(system.to_owned()).or_default().push((of.to_owned(), link.clone()));
                }
                match value {
                    Value::Array(all) => open.extend(all),
                    Value::Object(all) => open.extend(all.values()),
                    _ => {}
                }
            }
        }
    }
}

/// Whether a payload names the profile of a page.
fn names(payload: &str, profile: &Link) -> bool {
    let last = profile.page.as_deref().and_then(|page| page.rsplit('/').next());
    last.is_some_and(|last| payload.contains(&format!("/{last}\"")))
}

fn areas(endpoint: &Endpoint) -> impl Iterator<Item = &'static Pathway> {
    let id = endpoint.id;
    service::pathways().iter().filter(move |pathway| pathway.steps.iter().any(|(step, _)| *step == id))
}

fn content(sources: &Sources, links: &Links, endpoint: &'static Endpoint) -> Operation {
    let route = |of: &Endpoint| Route { method: of.method.to_string(), path: of.path.to_owned() };
    let mut callers: Vec<String> = endpoint.roles.iter().map(|role| role.code().to_owned()).collect();
    if callers.is_empty() {
        callers.push("any user".to_owned());
    }
    callers.extend(endpoint.application.map(|whose| format!("an application of a {whose}, without a user")));
    let of_path = endpoint.path_parameters().into_iter().map(|parameter| ("path", parameter));
    let versioned =
        service::find(endpoint.id).filter(|of| of.is_versioned()).flat_map(Endpoint::path_parameters);
    let more = versioned
        .filter(|of| !endpoint.path_parameters().contains(of))
        .map(|of| ("path, when a version is named", of));
    let of_query = endpoint.query.iter().map(|parameter| ("query", *parameter));
    let parameters = of_path.chain(more).chain(of_query).map(|(place, parameter)| Parameter {
        name: parameter.name.to_owned(),
        place: place.to_owned(),
        required: parameter.required,
        holds: parameter.holds.to_owned(),
    });
    let headers = endpoint.headers().into_iter().map(|header| Header {
        name: header.name.to_owned(),
        need: need(endpoint, header.need).to_owned(),
        holds: header.holds.to_owned(),
    });
    let effect = service::effect(endpoint.id).map(|effect| Effect {
        before: effect.before.to_owned(),
        after: effect.after.to_owned(),
        version: effect.version.to_owned(),
    });
    let is_about = |found: &&'static rule::Rule| rules::is_about(found, endpoint);
    let found = rule::all().filter(is_about).map(rules::listed);
    let duties = service::duties_of(endpoint.id).map(|duty| Duty {
        code: duty.code.to_owned(),
        says: duty.says.to_owned(),
        answers: duty.answers.iter().map(|answer| (*answer).to_owned()).collect(),
    });
    Operation {
        id: endpoint.id.to_owned(),
        release: release(endpoint.release).to_owned(),
        routes: service::find(endpoint.id).map(route).collect(),
        callers,
        headers: headers.collect(),
        parameters: parameters.collect(),
        request: body(sources, links, endpoint, endpoint.request),
        answer: body(sources, links, endpoint, endpoint.response),
        success: endpoint.success,
        answer_headers: endpoint.answer_headers().into_iter().map(str::to_owned).collect(),
        failures: endpoint.failures.iter().map(|(status, _)| failure(endpoint, *status)).collect(),
        effect,
        notes: endpoint.notes.iter().map(|note| (*note).to_owned()).collect(),
        replaced_by: endpoint.replaced_by.map(|other| match service::find(other).next() {
            Some(found) => link(found),
            None => Link::plain(other),
        }),
        rules: found.collect(),
        duties: duties.collect(),
        examples: example::callers(endpoint)
            .into_iter()
            .take(1)
            .map(|who| shown(sources, endpoint, who))
            .collect(),
        changes: changes(|change| change.endpoints.contains(&endpoint.id)),
        areas: areas(endpoint).map(|pathway| Link::to(pathway.name, pathway_path(pathway))).collect(),
    }
}

fn need(endpoint: &Endpoint, need: Need) -> &'static str {
    match need {
        Need::Never => "optional",
        Need::Users if endpoint.application.is_some() => "required for users, not allowed for applications",
        Need::Always | Need::Users => "required",
        Need::OnBehalf => "required for SERVICE_PROVIDER_CLINICIAN_ADMIN, not allowed for others",
    }
}

fn body(sources: &Sources, links: &Links, endpoint: &Endpoint, body: service::Body) -> Body {
    let says = match body {
        service::Body::None => Some("No body.".to_owned()),
        service::Body::File(what) => Some(format!("A file: {what}.")),
        service::Body::Resource(_) => None,
    };
    let release = of_release(sources, endpoint);
    let page_of = |canonical: &&str| match release {
        Some(of) => links.definition(&of.definitions, Kind::Structure, canonical),
        None => Link::plain(*canonical),
    };
    Body { says, profiles: profiles(body).iter().map(page_of).collect() }
}

/// The definitions of the release of an operation.
fn of_release<'a>(sources: &'a Sources, endpoint: &Endpoint) -> Option<&'a Release> {
    sources.releases.iter().find(|of| of.definitions.fhir_version() == endpoint.release)
}

fn failure(endpoint: &Endpoint, status: u16) -> Failure {
    let general = service::status(status);
    let listed = |code: &str| Listed {
        link: rules::error_link(code),
        summary: service::error(code).map_or("", |error| error.cause).to_owned(),
        group: String::new(),
    };
    Failure {
        status,
        cause: general.map_or("", |general| general.cause).to_owned(),
        next: general.map_or("", |general| general.next).to_owned(),
        codes: service::codes(endpoint, Some(status)).into_iter().map(listed).collect(),
    }
}

/// The changes that a filter selects, the newest first.
pub(super) fn changes(is_wanted: impl Fn(&service::Change) -> bool) -> Vec<Change> {
    let wanted = service::changes().iter().rev().filter(|change| is_wanted(change));
    let made = wanted.map(|change| Change {
        date: change.date.to_owned(),
        what: change.kind.word().to_owned(),
        operations: change.endpoints.iter().map(|id| Link::to(*id, path(id))).collect(),
        says: change.says.to_owned(),
    });
    made.collect()
}

/// A valid call; request and answer are checked as the page is made.
fn shown(sources: &Sources, endpoint: &'static Endpoint, who: Caller) -> Example {
    let sample = example::good(endpoint, who, 0);
    let text = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && !text.starts_with("%PDF") => Some(text.to_owned()),
        _ => None,
    };
    let answer = sample.call.answer.as_ref();
    let head = answer.map_or_else(String::new, |answer| {
        let lines = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
        format!("HTTP {}\n{}", answer.status, lines.collect::<String>())
    });
    let mut findings = checked(sources, &sample);
    findings.extend(checked(sources, &sample.clone().towards(Direction::Response)));
    Example {
        caller: match who {
            Caller::User(role) => role.code().to_owned(),
            Caller::AnyUser => "any user".to_owned(),
            Caller::Application => "an application".to_owned(),
        },
        calls: vec![Written { tool: "curl".to_owned(), language: "sh".to_owned(), text: curl(&sample) }],
        request: text(&sample.call.body),
        answer_head: head,
        answer: answer.and_then(|answer| text(&answer.body)),
        findings,
    }
}

/// What is wrong with one side of a call.
fn checked(sources: &Sources, sample: &Sample) -> Vec<String> {
    let Some(of) = of_release(sources, sample.endpoint) else {
        return vec!["not checked: the definitions of its release are not loaded".to_owned()];
    };
    let options = Options::from(Ers::called(sample.context()));
    let report = of.validator.check(sample.payload(), &options);
    let found = report.diagnostics.iter().filter(|found| found.severity != Severity::Information);
    found.map(|found| format!("{}: {}", found.rule.code, found.message.revealed())).collect()
}

/// The request as a shell command.
fn curl(sample: &Sample) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let mut line = "curl".to_owned();
    match sample.endpoint.method {
        Method::Get => {}
        Method::Head => line.push_str(" --head"),
        method => line = format!("{line} --request {method}"),
    }
    let _ = write!(line, " {}", quoted(&sample.call.url));
    for (name, value) in &sample.call.headers {
        let _ = write!(line, " \\\n  --header {}", quoted(&format!("{name}: {value}")));
    }
    match sample.endpoint.request {
        service::Body::None => {}
        service::Body::Resource(_) => line.push_str(" \\\n  --data-binary @request.json"),
        service::Body::File(_) => line.push_str(" \\\n  --data-binary @letter.txt"),
    }
    line
}
