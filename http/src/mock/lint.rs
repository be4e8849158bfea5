//! Findings about a call and its answer: those of `ers-fhir validate`.

use std::sync::OnceLock;

use ers_fhir_ers::service::Access;
use ers_fhir_ers::{Context, Ers, definitions};
use ers_fhir_local::Token;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{CallPart, Severity};
use ers_fhir_validator::{Options, Validator};
use serde::Serialize;

use super::log::Exchange;

/// A finding.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Found {
    /// `request` or `answer`.
    side: &'static str,
    severity: String,
    /// The rule.
    rule: &'static str,
    location: String,
    /// What is wrong, with values masked.
    message: String,
}

/// Checks calls; the validators are made when the first call is looked at.
#[derive(Debug, Default)]
pub(super) struct Lint {
    stu3: OnceLock<Validator>,
    r4: OnceLock<Validator>,
}

impl Lint {
    /// The findings about a call; they are computed once.
    pub(super) fn found<'e>(&self, exchange: &'e Exchange) -> &'e [Found] {
        exchange.found.get_or_init(|| self.find(exchange))
    }

    fn find(&self, exchange: &Exchange) -> Vec<Found> {
        let (call, answer) = (&exchange.call, &exchange.answer);
        let headers = answer.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let mut answer_headers: Vec<(String, String)> = headers.collect();
        answer_headers.push(("Content-Length".to_owned(), answer.body.len().to_string()));
        let wire = ers_fhir_ers::Call {
            method: call.method.clone(),
            url: format!("{}{}", call.base, call.target),
            headers: call.headers.clone(),
            body: call.body.clone(),
            answer: Some(ers_fhir_ers::Answer {
                status: answer.status,
                headers: answer_headers,
                body: answer.body.clone(),
            }),
        };
        let is_application = matches!(call.caller, Token::Application(_));
        let access = if is_application { Access::Application } else { Access::User };
        let request = wire.request().ok().map(|context| (context, &call.body, "request"));
        let response = wire.response().ok().flatten().map(|context| (context, &answer.body, "answer"));
        let sides = [request, response].into_iter().flatten();
        sides
            .flat_map(|(context, body, side)| self.check(context.access(access), body, exchange, side))
            .collect()
    }

    fn check(&self, context: Context, body: &[u8], exchange: &Exchange, side: &'static str) -> Vec<Found> {
        let release = context.endpoint.release;
        let place = if release == FhirVersion::R4 { &self.r4 } else { &self.stu3 };
        let validator = place.get_or_init(|| Validator::new(definitions(release)));
        let is_answer = side == "answer";
        let options =
            Options { now: exchange.at.to_string().parse().ok(), ..Options::from(Ers::called(context)) };
        let report = validator.check(body, &options);
        let told = report.diagnostics.iter().filter(|found| found.severity > Severity::Information);
        // Findings about the request were already reported with the request.
        let told = told.filter(|found| !(is_answer && found.part.is_some_and(is_of_request)));
        told.map(|found| Found {
            side,
            severity: found.severity.to_string(),
            rule: found.rule.code,
            location: found.part.map_or_else(|| found.location.clone(), |part| part.to_string()),
            message: found.message.masked(),
        })
        .collect()
    }
}

const fn is_of_request(part: CallPart) -> bool {
    matches!(
        part,
        CallPart::Method
            | CallPart::Path
            | CallPart::Query(_)
            | CallPart::Header(_)
            | CallPart::UnknownHeader
    )
}
