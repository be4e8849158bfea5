//! A server such as the sandbox of the service: it asks for no token, stands at another path, answers exact copies of examples
//! alone, and is not as exact itself.

use ers_fhir_ers::example::{Caller as Example, callers, good};
use ers_fhir_ers::service::{Body, Method, Role, endpoints};
use ers_fhir_http::client::*;

use crate::gateway::{Gateway, Got, Reply};
use crate::support::*;

/// The server. A request that is not a copy of an example is answered with 422, and with the difference.
fn sandbox() -> Gateway {
    Gateway::start(|got| {
        let Some(rest) = got.target.strip_prefix("/FHIR") else { return Reply::status(404) };
        let all = endpoints().into_iter().filter(|endpoint| endpoint.method.to_string() == got.method);
        for endpoint in all {
            for who in callers(endpoint) {
                let wanted = good(endpoint, who, 0).call;
                let (_, target) = wanted.url.split_once("/FHIR").expect("it is an address");
                if rest.replace("%3A", ":") == target && role(got) == role_of(who) {
                    return answer(got, &wanted, endpoint.request);
                }
            }
        }
        Reply::json(404, "{}")
    })
}

fn role(got: &Got) -> Option<String> {
    got.header("NHSD-eRS-Business-Function").map(str::to_owned)
}

fn role_of(who: Example) -> Option<String> {
    who.role().map(|role| role.code().to_owned())
}

fn answer(got: &Got, wanted: &ers_fhir_ers::Call, request: Body) -> Reply {
    let differs = |what: &str| Reply::json(422, format!("\"{what}\""));
    if got.header("authorization").is_some() {
        return differs("it asks for no token");
    }
    for (name, value) in
        wanted.headers.iter().filter(|(name, _)| name != "Authorization" && name != "X-Correlation-ID")
    {
        if got.header(name) != Some(value) {
            return differs(name);
        }
    }
    let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).ok();
    let is_same = match request {
        Body::Resource(_) => json(&got.body).is_some() && json(&got.body) == json(&wanted.body),
        Body::File(_) => got.body == wanted.body,
        // Without a length or a type, a server waits for a body, or guesses.
        Body::None => got.body.is_empty() && got.header("content-type").is_none(),
    };
    if !is_same {
        return differs("the body");
    }
    let is_post = got.method == "POST";
    if is_post && got.header("content-length").is_none() && got.header("transfer-encoding").is_none() {
        return differs("nothing says how long it is");
    }
    let answer = wanted.answer.clone().expect("it has an answer");
    // Its versions are those of other examples.
    let headers = answer.headers.into_iter().map(|(name, value)| match name.as_str() {
        "ETag" => (name, "W/\"1\"".to_owned()),
        _ => (name, value),
    });
    Reply::Answer(answer.status, headers.collect(), answer.body)
}

#[tokio::test]
async fn every_operation_is_called_without_a_token_to_the_letter() {
    let gateway = sandbox();
    let address = format!("http://{}/FHIR", gateway.address);
    let place = Environment::at(&address).expect("it is an address").without_tokens();
    let mut count = 0;
    for endpoint in endpoints() {
        // The link that A042 leads to is elsewhere.
        for who in callers(endpoint).into_iter().filter(|who| endpoint.success != 307 && who.role().is_some())
        {
            let wanted = good(endpoint, who, 0).call;
            let caller = Caller::User {
                role: who.role().expect("it has one"),
                organisation: header(&wanted, "NHSD-End-User-Organisation-ODS")
                    .unwrap_or("X26")
                    .parse()
                    .expect("it is a code"),
                on_behalf_of: header(&wanted, "NHSD-eRS-On-Behalf-Of-User-ID")
                    .map(|id| id.parse().expect("it is an id")),
            };
            let client =
                Client::builder(place.clone()).rate(Rate::unbounded()).build(caller).expect("it is set up");
            let (_, query) = wanted.url.split_once('?').unwrap_or((&wanted.url, ""));
            let mut request = Request::to(endpoint);
            for (name, value) in path_of(endpoint.path, &wanted.url) {
                request = request.path(name, value);
            }
            for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
                request = request.query(name, value);
            }
            for name in ["If-Match", "NHSD-eRS-Comm-Rule-Org", "NHSD-eRS-File-Name", "NHSD-eRS-Referral-ID"] {
                if let Some(value) = header(&wanted, name) {
                    request = request.header(name, value);
                }
            }
            request = match endpoint.request {
                Body::None => request,
                Body::Resource(_) => request.json(wanted.body.clone()),
                Body::File(_) => request.file(
                    header(&wanted, "Content-Type").expect("it has one"),
                    Payload::Bytes(wanted.body.clone().into()),
                ),
            };
            let reply = client.send(request).await.unwrap_or_else(|error| panic!("{endpoint:?}: {error}"));
            assert_eq!(reply.status, endpoint.success, "{endpoint:?}");
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
    let head = gateway.got().into_iter().find(|got| got.method == Method::Head.to_string());
    assert!(head.is_some_and(|head| head.body.is_empty()));
}

fn header<'c>(call: &'c ers_fhir_ers::Call, name: &str) -> Option<&'c str> {
    call.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// The values for the parameters of a path.
fn path_of(path: &'static str, url: &str) -> Vec<(&'static str, String)> {
    let (_, target) = url.split_once("/FHIR").expect("it is an address");
    let target = target.split('?').next().unwrap_or_default();
    let pairs = path.split('/').zip(target.split('/'));
    let parameters = pairs
        .filter_map(|(step, value)| Some((step.strip_prefix('{')?.strip_suffix('}')?, value.to_owned())));
    parameters.collect()
}

#[tokio::test]
async fn what_breaks_rules_is_sent_where_that_is_wanted() {
    let gateway = Gateway::start(|_| {
        Reply::json(
            403,
            r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden","details":{"coding":[{"code":"FORBIDDEN"}]}}]}"#,
        )
    });
    let place = environment(&gateway).without_tokens();
    let caller = Caller::User {
        role: Role::ReferringClinician,
        organisation: "X26".parse().unwrap(),
        on_behalf_of: None,
    };
    let client = Client::builder(place).build(caller).unwrap();
    let accept = || Request::of("A013", false).unwrap().path("ubrn", UBRN).version(4.into());
    assert!(matches!(client.send(accept()).await, Err(Error::Refused(_))), "no referrer accepts");
    assert!(gateway.calls().is_empty());
    let error = client.send(accept().anyway()).await.expect_err("the service refuses");
    let failure = error.failure().expect("it is answered");
    assert_eq!((failure.status, failure.code.as_deref()), (403, Some("FORBIDDEN")));
    assert_eq!(gateway.calls()[0].header("authorization"), None);
}
