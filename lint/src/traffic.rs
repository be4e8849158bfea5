//! Exchanges as calls of e-RS, each with the findings from the session.

use std::collections::{BTreeMap, BTreeSet};

use ers_fhir_ers::service::{Access, Endpoint, Header, environment};
use ers_fhir_ers::{Call, Context, Direction, NoOperation};
use ers_fhir_report::{CallPart, Diagnostic, Message, Severity, def};
use ers_fhir_values::suggest;

use crate::capture::{Exchange, Unusable};
use crate::finding::about;
use crate::{rule, session};

/// The content of a capture.
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    /// Requests and answers of e-RS, in order.
    pub judged: Vec<Judged>,
    /// Calls that are similar to those of e-RS, but match no operation.
    pub strangers: Vec<Stranger>,
    /// How many calls have nothing to do with e-RS.
    pub others: usize,
}

/// A request or an answer, ready to be checked.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The number of its exchange.
    pub number: usize,
    /// When the exchange began, in milliseconds since 1970; `None` if the capture does not say.
    pub began: Option<i64>,
    /// The call.
    pub context: Context,
    /// The body that was sent or received; `None` if the capture lacks it.
    pub body: Option<Vec<u8>>,
    /// Why the body in the capture cannot be read.
    pub unusable: Option<Unusable>,
    /// The findings from comparing it with the other calls.
    pub session: Vec<Diagnostic>,
    /// Whether the service accepted the token of the call: it answered with something other than
    /// 401.
    pub is_let_in: bool,
}

/// A call that is not one of e-RS, and is wrong.
#[derive(Debug, Clone)]
pub struct Stranger {
    /// The number of its exchange.
    pub number: usize,
    /// The mistake.
    pub is: Strange,
}

/// The mistakes that a call can have that is not one of e-RS.
#[derive(Debug, Clone)]
pub enum Strange {
    /// It is almost a call of e-RS; this is the nearest operation.
    Near(NoOperation),
    /// It may be almost a call of e-RS, or one of another service whose base URL is similar.
    Likely(NoOperation),
    /// It sends the token to the file store.
    Token,
    /// It fetches a file long after A042 returned its address.
    Late,
}

impl Traffic {
    /// The same traffic, with all calls made by a user or by an application, as the person who captured
    /// it knows.
    #[must_use]
    pub fn by(mut self, access: Access) -> Self {
        self.judged.iter_mut().for_each(|judged| judged.context.access = Some(access));
        self
    }
}

impl Judged {
    /// The name of the call, which contains no text from the capture.
    pub fn label(&self) -> String {
        format!("call {}: {} of {}", self.number, self.context.direction, self.context.endpoint.id)
    }

    /// The findings from comparing it with the other calls, and about what the capture lacks.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let mut found = self.session.clone();
        if let Some(why) = &self.unusable {
            let mut finding = about(&rule::UNUSABLE, CallPart::Body, Message::text(def(why)));
            finding.suggestion = Some(Message::text(
                "export the capture with bodies as the client received them: this body is not checked",
            ));
            found.push(finding);
        } else if self.body.is_none() {
            let message = Message::text("the body is not in the capture, so it is not checked");
            found.push(about(&rule::NOT_CAPTURED, CallPart::Body, message));
        }
        if self.has_variables() {
            let message = Message::text(
                "the call has variables to which the collection gives no value, so they are not checked",
            );
            found.push(about(&rule::NOT_CAPTURED, CallPart::Path, message));
        }
        found
    }

    /// Whether a finding about the call belongs to this side: a mistake in a request is reported once.
    pub fn is_own(&self, found: &Diagnostic) -> bool {
        let of_request = |part| {
            matches!(
                part,
                CallPart::Method
                    | CallPart::Path
                    | CallPart::Query(_)
                    | CallPart::Header(_)
                    | CallPart::UnknownHeader
            )
        };
        // Tools that write captures often leave the token out.
        let is_token = found.part == Some(CallPart::Header(Header::AUTHORIZATION.name))
            && self.context.header_value(Header::AUTHORIZATION.name).is_none();
        // A mistake in the body of a request is reported for the request.
        let is_of_request_body = found.rule.code == NOT_HELD;
        if (is_token && self.is_let_in) || is_of_request_body || self.is_of_variable(found) {
            return false;
        }
        self.context.direction == Direction::Request || !found.part.is_some_and(of_request)
    }
}

/// The rule that an answer could not be compared with its request.
const NOT_HELD: &str = "ers-answer-not-checked";

/// The prefix of variables to which a collection gives no value.
const VARIABLE: &str = "{{";

impl Judged {
    /// Whether a finding is about a variable without a value, which may stand for anything.
    fn is_of_variable(&self, found: &Diagnostic) -> bool {
        let is_variable = |text: &str| text.contains(VARIABLE);
        let (path, query) = self.asked();
        match found.part {
            Some(CallPart::Path) => is_variable(path),
            Some(CallPart::Query(name)) => {
                query.split('&').any(|pair| pair.starts_with(name) && is_variable(pair))
            }
            Some(CallPart::Header(name)) => self.context.header_value(name).is_some_and(is_variable),
            Some(_) => false,
            None => {
                let body = self.body.as_deref().unwrap_or_default();
                let text = body.get(found.span.clone()).and_then(|text| std::str::from_utf8(text).ok());
                text.is_some_and(is_variable)
            }
        }
    }

    /// Path and query of the call, from the release on.
    fn asked(&self) -> (&str, &str) {
        let url = self.context.url.as_deref().unwrap_or_default();
        let start = url.find("/STU3/").or_else(|| url.find("/R4/")).unwrap_or_default();
        url[start..].split_once('?').unwrap_or((&url[start..], ""))
    }

    /// Whether the request has variables without a value, other than its token.
    fn has_variables(&self) -> bool {
        let (path, query) = self.asked();
        let is_token = |name: &str| name.eq_ignore_ascii_case(Header::AUTHORIZATION.name);
        let headers = self.context.headers.iter().filter(|(name, _)| !is_token(name));
        let headers = headers.map(|(_, value)| value.as_bytes());
        let texts =
            [path.as_bytes(), query.as_bytes()].into_iter().chain(headers).chain(self.body.as_deref());
        self.context.direction == Direction::Request
            && texts.into_iter().any(|text| text.windows(2).any(|pair| pair == VARIABLE.as_bytes()))
    }
}

/// The calls of a capture.
pub fn traffic(exchanges: Vec<Exchange>) -> Traffic {
    let mut traffic = Traffic::default();
    let mut session = session::Session::default();
    let mut stores = Stores::default();
    for exchange in exchanges {
        let call = &exchange.call;
        if stores.is_one(&call.url) {
            match stores.fault(&exchange) {
                Some(is) => traffic.strangers.push(Stranger { number: exchange.number, is }),
                None => traffic.others += 1,
            }
            stores.fetched(&exchange);
            continue;
        }
        if !is_for_ers(call) || is_preflight(call) {
            traffic.others += 1;
            continue;
        }
        let endpoint = match call.operation() {
            Ok(endpoint) => endpoint,
            Err(nearest) if is_near(&call.url) => {
                let is = if is_certain(call) { Strange::Near(nearest) } else { Strange::Likely(nearest) };
                traffic.strangers.push(Stranger { number: exchange.number, is });
                continue;
            }
            Err(_) => {
                traffic.others += 1;
                continue;
            }
        };
        stores.learn(&exchange, endpoint);
        let inferred = access(&call.headers, endpoint.application.is_some());
        let access = exchange.access.or(inferred);
        let session::Said { found, current } = session.follow(&exchange, endpoint, access);
        let number = exchange.number;
        let is_let_in = call.answer.as_ref().is_some_and(|answer| answer.status != 401);
        if let Ok(request) = call.request() {
            traffic.judged.push(Judged {
                number,
                began: exchange.began,
                context: Context { access, current, ..request },
                body: exchange.has_request.then(|| call.body.clone()),
                unusable: exchange.unusable_request,
                session: found,
                is_let_in,
            });
        }
        if let (Ok(Some(response)), Some(answer)) = (call.response(), &call.answer) {
            traffic.judged.push(Judged {
                number,
                began: exchange.began,
                context: Context { access, ..response },
                body: exchange.has_answer.then(|| answer.body.clone()),
                unusable: exchange.unusable_answer,
                session: Vec::new(),
                is_let_in,
            });
        }
    }
    // If one call succeeded without its token, the token was removed from the capture.
    let has_none = |judged: &Judged| judged.context.header_value(Header::AUTHORIZATION.name).is_none();
    if traffic.judged.iter().any(|judged| judged.is_let_in && has_none(judged)) {
        traffic.judged.iter_mut().for_each(|judged| judged.is_let_in = true);
    }
    traffic
}

/// The file stores that A042 leads to.
#[derive(Default)]
struct Stores {
    /// Each host, with the start time of the last call that led there.
    addresses: BTreeMap<String, Option<i64>>,
    /// The full addresses, with their queries.
    links: BTreeSet<String>,
    tokens: BTreeSet<String>,
    /// The start time of the last call to each.
    fetched: BTreeMap<String, i64>,
}

impl Stores {
    /// Records what an answer of A042 shows.
    fn learn(&mut self, exchange: &Exchange, endpoint: &Endpoint) {
        let call = &exchange.call;
        let Some(answer) =
            call.answer.as_ref().filter(|answer| endpoint.id == "A042" && answer.status == 307)
        else {
            return;
        };
        let location = value(&answer.headers, "Location").map(place);
        // If it leads to the same host, the token does not go to anyone new.
        if let Some(location) = location.filter(|location| authority(location) != authority(&call.url)) {
            self.addresses.insert(location.to_owned(), exchange.began);
            let link = value(&answer.headers, "Location").unwrap_or_default().to_owned();
            self.fetched.remove(&link);
            self.links.insert(link);
            self.tokens.extend(value(&call.headers, Header::AUTHORIZATION.name).map(str::to_owned));
        }
    }

    /// If a file is fetched in parts, each continues from the one before.
    fn fetched(&mut self, exchange: &Exchange) {
        let is_given = self.links.contains(&exchange.call.url) && !is_preflight(&exchange.call);
        if let Some(began) = exchange.began.filter(|_| is_given) {
            self.fetched.insert(exchange.call.url.clone(), began);
        }
    }

    fn is_one(&self, url: &str) -> bool {
        self.addresses.contains_key(place(url))
    }

    /// The mistake in a call to the file store.
    fn fault(&self, exchange: &Exchange) -> Option<Strange> {
        // How long after a redirect it may be followed, in milliseconds: five minutes, as the rule says.
        const AT_ONCE: i64 = 5 * 60_000;
        let call = &exchange.call;
        if self.is_given_token(call) {
            return Some(Strange::Token);
        }
        let led = self.addresses.get(place(&call.url)).copied().flatten();
        // An address without its query may be that of many files.
        let led = led.filter(|_| self.links.contains(&call.url));
        let before = self.fetched.get(&call.url).copied().filter(|_| is_continued(call));
        let led = before.or(led);
        let waited = exchange.began.zip(led).map(|(now, led)| now - led);
        (waited? > AT_ONCE && !is_preflight(call)).then_some(Strange::Late)
    }

    /// Whether a call has the token of a call of e-RS, or one that looks similar.
    fn is_given_token(&self, call: &Call) -> bool {
        const BEARER: &str = "Bearer ";
        let given = value(&call.headers, Header::AUTHORIZATION.name);
        given.is_some_and(|given| {
            let is_bearer = given.get(..BEARER.len()).is_some_and(|start| start.eq_ignore_ascii_case(BEARER));
            is_bearer || self.tokens.contains(given)
        })
    }
}

fn value<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let found = headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// Whether a call asks for a part of a file that is not its beginning.
fn is_continued(call: &Call) -> bool {
    let range = value(&call.headers, "Range").and_then(|range| range.split_once('='));
    let start = range.and_then(|(_, parts)| parts.split('-').next()).unwrap_or_default();
    start.trim().parse::<u64>().is_ok_and(|start| start > 0)
}

/// An address without its query.
fn place(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// The host of an address, with its port.
fn authority(url: &str) -> Option<&str> {
    url.split_once("://").and_then(|(_, rest)| rest.split('/').next())
}

/// Whether a call may be meant for e-RS: other services have FHIR paths too, on the host of the NHS gateway and
/// elsewhere.
fn is_for_ers(call: &Call) -> bool {
    let address = call.url.split('?').next().unwrap_or_default();
    let (host, path) = match address.split_once("://") {
        Some((_, rest)) => rest.split_once('/').unwrap_or((rest, "")),
        // A collection may leave the host to a variable.
        None => return true,
    };
    if address.contains("/referrals/FHIR") {
        return true;
    }
    let name = environment::host(address).unwrap_or_default();
    if environment::is_gateway(&name) {
        // A path below the base of another service belongs to that service.
        return is_base(path.split('/').next().unwrap_or_default()) || has(call, "NHSD-eRS-");
    }
    let is_near_by = !name.contains('.') || name.starts_with("127.") || host.contains("{{");
    is_near_by || has(call, "NHSD-")
}

/// Whether a call has a header whose name begins with this.
fn has(call: &Call, mark: &str) -> bool {
    let begins = |name: &str| name.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    call.headers.iter().any(|(name, _)| begins(name))
}

/// Whether a call that is similar to those of e-RS is certainly meant for it: by its base, or by a header that no
/// other service has.
fn is_certain(call: &Call) -> bool {
    let path = call.url.split('?').next().unwrap_or_default();
    let name = environment::host(path).unwrap_or_default();
    !environment::is_gateway(&name)
        || path.split('/').any(|step| step.eq_ignore_ascii_case("referrals"))
        || has(call, "NHSD-eRS-")
}

/// Whether a path with this beginning at the gateway is meant for e-RS: with its base, correct or misspelt, or
/// without any.
fn is_base(step: &str) -> bool {
    let is_none = ["FHIR", "STU3", "R4"].iter().any(|known| known.eq_ignore_ascii_case(step));
    is_none || suggest::nearest(step, ["referrals"]).is_some()
}

/// Whether the call is a CORS preflight request of a browser.
fn is_preflight(call: &Call) -> bool {
    let asks = |(name, _): &(String, String)| name.eq_ignore_ascii_case("Access-Control-Request-Method");
    call.method.eq_ignore_ascii_case("OPTIONS") && call.headers.iter().any(asks)
}

/// Whether an application calls on its own: the call could name a user, but does not.
fn access(headers: &[(String, String)], is_open: bool) -> Option<Access> {
    let names = |header: &Header| headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(header.name));
    let is_user = names(&Header::ORGANISATION) || names(&Header::FUNCTION);
    (is_open && !is_user).then_some(Access::Application)
}

/// Whether an address is meant for e-RS.
fn is_near(url: &str) -> bool {
    let path = url.split('?').next().unwrap_or_default();
    // Few other services have STU3 in their paths like this; many have R4.
    path.contains("/referrals/FHIR") || path.contains("/STU3/") || path.contains("/FHIR/R4/")
}

impl Stranger {
    /// The finding about it.
    pub fn finding(&self) -> Diagnostic {
        match &self.is {
            Strange::Near(nearest) | Strange::Likely(nearest) => {
                let part = if nearest.is_method { CallPart::Method } else { CallPart::Path };
                let mut finding = about(&rule::NO_OPERATION, part, Message::text(def(nearest)));
                if matches!(self.is, Strange::Likely(_)) {
                    finding.severity = Severity::Warning;
                    finding.suggestion =
                        Some(Message::text("if e-RS is meant, begin the path with /referrals/FHIR/"));
                }
                finding
            }
            Strange::Token => {
                let part = CallPart::Header(Header::AUTHORIZATION.name);
                let message = "the file is fetched from the address that A042 returned, but the access token is sent \
                     there too";
                let mut finding = about(&rule::TOKEN, part, Message::text(message));
                finding.suggestion = Some(Message::text(
                    "follow Location without Authorization: it leads outside the service",
                ));
                finding
            }
            Strange::Late => {
                let message = "the address that A042 returned is used more than five minutes later";
                let mut finding = about(&rule::OLD_LINK, CallPart::Path, Message::text(message));
                finding.suggestion =
                    Some(Message::text("call A042 for each download, and follow it at once"));
                finding
            }
        }
    }

    /// The name of the call.
    pub fn label(&self) -> String {
        format!("call {}", self.number)
    }
}
