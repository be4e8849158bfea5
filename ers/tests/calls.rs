//! For each operation and each part of a call: what is right passes, and what is wrong is found.

use std::sync::LazyLock;

use ers_fhir_ers::service::{self, Access, Body, Endpoint, Need, Role, endpoints};
use ers_fhir_ers::{Context, Ers, operation_of};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{CallPart, Diagnostic, Severity};
use ers_fhir_validator::{Options, Validator};

static STU3: LazyLock<Validator> =
    LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::R4)));

/// The address of production.
const BASE: &str = "https://api.service.nhs.uk/referrals/FHIR";

const UUID: &str = "9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11";

/// All that is found.
fn all(context: &Context, payload: &[u8]) -> Vec<Diagnostic> {
    let validator: &Validator = match context.endpoint.release {
        FhirVersion::Stu3 => &STU3,
        FhirVersion::R4 => &R4,
    };
    let mut report = validator.check(payload, &Options::from(Ers::called(context.clone())));
    // That an operation is an old one is said of each call of it.
    report.diagnostics.retain(|found| found.rule.code != "ers-call-deprecated");
    report.diagnostics
}

/// What is found about the call, rather than its payload.
fn about_call(context: &Context, payload: &[u8]) -> Vec<Diagnostic> {
    all(context, payload).into_iter().filter(|found| found.part.is_some()).collect()
}

fn found(context: &Context, payload: &[u8], least: Severity) -> Vec<String> {
    let found = about_call(context, payload).into_iter().filter(|found| found.severity >= least);
    found.map(|found| format!("{} {}", found.rule.code, found.message.revealed())).collect()
}

/// What each parameter of a path holds, and something wrong.
fn parameter(endpoint: &Endpoint, name: &str) -> (&'static str, &'static str) {
    match (name, endpoint.resource_type()) {
        ("ubrn", _) => ("000049912345", "00004991234"),
        ("version", _) => ("4", "four"),
        ("codeSystemType", _) => ("PRIORITY", "priority"),
        ("attachmentLogicalID", _) | ("id", "Binary") => (UUID, "77"),
        ("id", _) => ("70000", "abc"),
        other => panic!("{}: {other:?}", endpoint.id),
    }
}

/// What each query parameter holds, and something wrong; `None` where anything wrong is information only.
fn query(endpoint: &Endpoint, name: &str) -> (&'static str, &'static str) {
    match (endpoint.id, name) {
        ("A015", "schedule.actor:HealthcareService") => ("11000", "eleven"),
        ("A015", "appointmentType") => ("ROUTINE", "Routine"),
        ("A015", "status") => ("free", "busy"),
        ("A015", "_count") => ("100", "101"),
        ("A015", "page") => ("1", "0"),
        ("A015", "schedule.actor:Practitioner") => ("555000111222", "5550001112"),
        ("A015", "_include") => ("Slot:schedule", "Slot:Schedule"),
        ("A025", "based-on") => {
            ("CommunicationRequest/000049912345/_history/2", "CommunicationRequest/000049912345")
        }
        ("A025", "_include") => {
            ("Communication:content-reference:DocumentReference", "Communication:content-reference")
        }
        ("A029", "focus") => ("ReferralRequest/000049912345/_history/2", "ReferralRequest/1/_history/2"),
        ("A029", "intent") => ("proposal", "order"),
        ("A029", "status") => ("ready", "draft"),
        ("A035", "_id") => ("1,2", "1;2"),
        ("A040", "_query") => ("onBehalfOf", "onbehalfof"),
        ("A041", "identifier") => ("https://fhir.nhs.uk/Id/UBRN%7C000049912345", "49912345"),
        other => panic!("{other:?}"),
    }
}

fn path(endpoint: &Endpoint, wrong: Option<&str>) -> String {
    let steps = endpoint.path.split('/').map(|step| {
        if !step.starts_with('{') {
            return step;
        }
        let (right, bad) = parameter(endpoint, step.trim_matches(['{', '}']));
        if wrong == Some(step) { bad } else { right }
    });
    steps.collect::<Vec<_>>().join("/")
}

/// Path and query, with one parameter wrong, missing, or twice.
fn url(endpoint: &Endpoint, wrong: Option<&str>, missing: Option<&str>) -> String {
    let pairs = endpoint.query.iter().filter(|parameter| missing != Some(parameter.name)).map(|parameter| {
        let (right, bad) = query(endpoint, parameter.name);
        format!("{}={}", parameter.name, if wrong == Some(parameter.name) { bad } else { right })
    });
    let query: Vec<String> = pairs.collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{mark}{}", path(endpoint, None), query.join("&"))
}

/// The headers of a call by a role: names, what they hold, and something wrong.
fn headers(endpoint: &Endpoint, role: Option<Role>) -> Vec<(&'static str, String, String)> {
    let all = endpoint.headers().into_iter();
    let sent = all.filter(|header| match header.need {
        Need::OnBehalf => role == Some(Role::ServiceProviderClinicianAdmin),
        Need::Users => role.is_some(),
        Need::Always | Need::Never => true,
    });
    let valued = sent.map(|header| {
        let (right, wrong) = match header.name {
            "Authorization" => ("Bearer token", "Basic token"),
            "NHSD-End-User-Organisation-ODS" | "NHSD-eRS-Comm-Rule-Org" => ("X26", "X-26"),
            "NHSD-eRS-Business-Function" => (role.map_or("", Role::code), "CLINICIAN"),
            "NHSD-eRS-On-Behalf-Of-User-ID" => ("555000111222", "555"),
            "If-Match" => ("W/\"4\"", "4"),
            "X-Correlation-ID" => ("7f2c", ""),
            "NHSD-eRS-File-Name" => ("letter.pdf", "letter"),
            "NHSD-eRS-Referral-ID" => ("000049912345", "49912345"),
            "Content-Type" if endpoint.id == "A020" => ("application/pdf", "application/zip"),
            "Content-Type" => ("application/fhir+json", "application/json"),
            other => panic!("{other}"),
        };
        (header.name, right.to_owned(), wrong.to_owned())
    });
    valued.collect()
}

fn context(endpoint: &'static Endpoint, role: Option<Role>) -> Context {
    let mut context = Context::request(endpoint).url(url(endpoint, None, None));
    context.method = Some(endpoint.method.to_string());
    for (name, right, _) in headers(endpoint, role) {
        context = context.header(name, right);
    }
    if role.is_none() && endpoint.application.is_some() {
        context = context.access(Access::Application);
    }
    context
}

/// Something to send, which need not be right.
fn payload(endpoint: &Endpoint) -> &'static [u8] {
    match endpoint.request {
        Body::None => b"",
        Body::File(_) => b"%PDF",
        Body::Resource(_) => br#"{ "resourceType": "Parameters" }"#,
    }
}

/// Whoever may call an operation: users by role, applications.
fn callers(endpoint: &Endpoint) -> Vec<Option<Role>> {
    let roles = endpoint.roles.iter().copied().map(Some);
    let other = (endpoint.roles.is_empty() || endpoint.application.is_some()).then_some(None);
    roles.chain(other).collect()
}

#[test]
fn a_call_as_it_should_be_passes_and_is_recognised() {
    for endpoint in endpoints() {
        for role in callers(endpoint) {
            let context = context(endpoint, role);
            let found = found(&context, payload(endpoint), Severity::Information);
            assert_eq!(found, Vec::<String>::new(), "{} {role:?}", endpoint.id);
        }
        let method = endpoint.method.to_string();
        let told = operation_of(Some(&method), &url(endpoint, None, None)).expect("it is one of e-RS");
        assert_eq!((told.id, told.path), (endpoint.id, endpoint.path));
    }
}

#[test]
fn each_wrong_part_of_a_path_is_found() {
    for endpoint in endpoints() {
        let role = callers(endpoint)[0];
        for step in endpoint.path.split('/').filter(|step| step.starts_with('{')) {
            let mut context = context(endpoint, role);
            context.url = Some(path(endpoint, Some(step)));
            let found = found(&context, payload(endpoint), Severity::Error);
            assert!(
                found.iter().any(|found| found.starts_with("ers-call-path-parameter")),
                "{} {step}",
                endpoint.id
            );
        }
        let right = path(endpoint, None);
        let wrong = [
            right.replace("/STU3/", "/STU4/").replace("/R4/", "/R5/"),
            right.replacen(endpoint.resource_type(), "Thing", 1),
            right.replacen(endpoint.resource_type(), &endpoint.resource_type().to_lowercase(), 1),
            format!("{right}/more"),
        ];
        for wrong in wrong {
            let mut context = context(endpoint, role);
            context.url = Some(wrong.clone());
            let found = found(&context, payload(endpoint), Severity::Error);
            assert!(found.iter().any(|found| found.starts_with("ers-call-path")), "{} {wrong}", endpoint.id);
        }
        for (wrong, least) in [
            (format!("{}{right}", BASE.replace("https", "http")), Severity::Error),
            (format!("{}{right}", BASE.replace("/FHIR", "/fhir")), Severity::Error),
            (format!("{}{right}", BASE.replace("api.", "apl.")), Severity::Warning),
            (format!("{}{right}", BASE.replace("api.", "sandbx.api.")), Severity::Warning),
            (format!("{}{right}", BASE.replace("api.service", "www")), Severity::Warning),
            (format!("https://ers.example.org{right}"), Severity::Information),
        ] {
            let mut context = context(endpoint, role);
            context.url = Some(wrong.clone());
            assert_ne!(found(&context, payload(endpoint), least), Vec::<String>::new(), "{wrong}");
        }
        let mut context = context(endpoint, role);
        context.method = Some("DELETE".to_owned());
        assert_ne!(found(&context, payload(endpoint), Severity::Error), Vec::<String>::new());
    }
}

#[test]
fn each_wrong_part_of_a_query_is_found() {
    for endpoint in endpoints() {
        let role = callers(endpoint)[0];
        let check = |url: String, least: Severity| {
            let mut context = context(endpoint, role);
            context.url = Some(url.clone());
            let found = found(&context, payload(endpoint), least);
            assert_eq!(found.len(), 1, "{url}: {found:?}");
        };
        for parameter in endpoint.query {
            let name = parameter.name;
            check(url(endpoint, Some(name), None), Severity::Warning);
            if parameter.required {
                check(url(endpoint, None, Some(name)), Severity::Error);
            }
            if !name.starts_with('_') || name == "_count" {
                let (right, _) = query(endpoint, name);
                check(format!("{}&{name}={right}", url(endpoint, None, None)), Severity::Warning);
            }
        }
        // The service passes over what it does not know.
        let mark = if endpoint.query.is_empty() { '?' } else { '&' };
        check(format!("{}{mark}colour=blue", url(endpoint, None, None)), Severity::Information);
    }
}

/// Headers of which a wrong value is information only.
const INFORMATION: &[(&str, &str)] =
    &[("X-Correlation-ID", "it is optional, and the service takes any text")];

#[test]
fn each_wrong_header_is_found() {
    for endpoint in endpoints() {
        for role in callers(endpoint) {
            let right = headers(endpoint, role);
            for (place, (name, _, wrong)) in right.iter().enumerate() {
                let mut changed = context(endpoint, role);
                changed.headers[place].1.clone_from(wrong);
                let weak = |label: &str| INFORMATION.iter().any(|(listed, _)| *listed == label);
                let least = if weak(name) { Severity::Information } else { Severity::Error };
                let found_wrong = found(&changed, payload(endpoint), least);
                assert_ne!(found_wrong, Vec::<String>::new(), "{} {role:?} {name}: {wrong}", endpoint.id);

                changed.headers.remove(place);
                changed.url = Some(format!("{BASE}{}", url(endpoint, None, None)));
                let optional = ["X-Correlation-ID", "NHSD-eRS-Referral-ID"];
                let found_missing = found(&changed, payload(endpoint), Severity::Error);
                assert_eq!(
                    found_missing.is_empty(),
                    optional.contains(name),
                    "{} {role:?} {name}",
                    endpoint.id
                );
                let is_said = |found: &String| found.contains(&format!("{name} is missing"));
                assert!(
                    optional.contains(name) || found_missing.iter().any(is_said),
                    "{} {role:?} {name}: {found_missing:?}",
                    endpoint.id
                );

                if name.starts_with("NHSD-") {
                    changed.headers.push((name.replace("NHSD-", "NHSD_"), wrong.clone()));
                    let found = found(&changed, payload(endpoint), Severity::Warning);
                    // What must be there is missing, and the help names what was sent instead.
                    let is_found = |found: &String| found.contains("unknown-header") || is_said(found);
                    assert!(found.iter().any(is_found), "{name}: {found:?}");
                    // The name of a file is asked for with the file, which is looked at later.
                    let most = found_missing.len().max(1) + usize::from(*name == "NHSD-eRS-File-Name");
                    assert!(found.len() <= most, "{name}: {found:?}");
                }
            }
        }
        for role in Role::ALL.into_iter().filter(|role| endpoint.names_user() && !endpoint.allows(*role)) {
            let found = found(&context(endpoint, Some(role)), payload(endpoint), Severity::Error);
            assert_ne!(found, Vec::<String>::new(), "{} {role}", endpoint.id);
        }
        if endpoint.application.is_some() {
            for name in ["x-ers-ods-code", "NHSD-End-User-Organisation-ODS", "NHSD-eRS-Business-Function"] {
                let context = context(endpoint, None).header(name, "X26");
                assert_ne!(found(&context, payload(endpoint), Severity::Error), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn a_token_is_needed_everywhere_but_in_the_sandbox() {
    for endpoint in endpoints() {
        let role = callers(endpoint)[0];
        for (base, least) in [
            (BASE.to_owned(), Some(Severity::Error)),
            (BASE.replace("api.", "int.api."), Some(Severity::Error)),
            (BASE.replace("api.", "sandbox.api."), None),
            ("http://localhost:9000".to_owned(), Some(Severity::Information)),
            (String::new(), Some(Severity::Information)),
        ] {
            let mut context = context(endpoint, role);
            context.url = Some(format!("{base}{}", url(endpoint, None, None)));
            context.headers.retain(|(name, _)| name != "Authorization");
            let said = about_call(&context, payload(endpoint));
            let heaviest = said.iter().map(|found| found.severity).max();
            assert_eq!(heaviest, least, "{} {base}: {said:?}", endpoint.id);
        }
    }
}

const OUTCOME: &str = r#"{ "resourceType": "OperationOutcome",
    "issue": [{ "severity": "error", "code": "invalid", "details": { "coding": [{ "code": "CODE" }] } }] }"#;

#[test]
fn each_status_and_error_code_is_held_against_the_operation() {
    for endpoint in endpoints() {
        let release: &Validator = if endpoint.release == FhirVersion::R4 { &R4 } else { &STU3 };
        for status in [
            200, 201, 202, 204, 307, 400, 401, 403, 404, 405, 406, 409, 412, 415, 422, 423, 429, 500, 502,
            503, 504,
        ] {
            let is_known =
                status == endpoint.success || endpoint.failures.iter().any(|(failure, _)| *failure == status);
            let context = Context::response(endpoint).status(status);
            let found = about_call(&context, b"");
            let is_found = found.iter().any(|found| found.part == Some(CallPart::Status));
            assert_eq!(is_found, !is_known, "{} {status}", endpoint.id);
            if !is_known || status == endpoint.success {
                continue;
            }
            // R4 says why, whatever fails; STU3 only what the caller can put right.
            let says_why = endpoint.method != service::Method::Head
                && (endpoint.release == FhirVersion::R4 || [401, 403, 422, 502, 503, 504].contains(&status));
            let is_search = ["A015", "A025", "A029"].contains(&endpoint.id) && status == 400;
            let is_missed = found.iter().any(|found| found.part == Some(CallPart::Body));
            assert_eq!(is_missed, says_why || is_search, "{} {status} without a body", endpoint.id);
            let allowed = service::codes(endpoint, Some(status));
            for code in service::errors().iter().map(|error| error.code) {
                let payload = OUTCOME.replace("CODE", code);
                let report = release.check(payload.as_bytes(), &Options::from(Ers::called(context.clone())));
                let is_found = report.diagnostics.iter().any(|found| found.rule.code == "ers-answer-code");
                assert_eq!(is_found, !allowed.contains(&code), "{} {status} {code}", endpoint.id);
            }
        }
    }
}

/// Headers of answers of which any value passes, and those that may be missing.
const ANY_VALUE: &[(&str, &str)] = &[
    ("X-Request-ID", "it is a number of the service's own"),
    ("Cache-Control", "it is for caches, and no use of the service depends on it"),
];
const MAY_BE_MISSING: &[(&str, &str)] = &[
    ("X-Correlation-ID", "it comes back only where it was sent"),
    ("Content-Length", "transports that cut a body in pieces leave it out"),
    ("Cache-Control", "captures leave it out"),
];

#[test]
fn each_header_of_an_answer_is_looked_for() {
    for endpoint in endpoints() {
        let payload: &[u8] = match endpoint.response {
            Body::None => b"",
            Body::File(_) => b"%PDF",
            Body::Resource(_) => br#"{ "resourceType": "Parameters" }"#,
        };
        let right = |name: &str| match (name, endpoint.id) {
            ("ETag", _) => "W/\"4\"",
            ("Location", "A020") => "Binary/9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11",
            ("Location", _) => "https://files.example.org/1",
            ("Content-Type", _) if matches!(endpoint.response, Body::Resource(_)) => "application/fhir+json",
            ("Content-Type", _) => "application/pdf",
            ("Content-Length", _) => "4",
            ("Content-Disposition", "A043") => "filename=000049912345_Advice_And_Guidance_1.pdf",
            ("Content-Disposition", _) => "filename=000049912345_Clinical_Information_Summary_1.pdf",
            _ => "a-1",
        };
        let mut context = Context::response(endpoint).status(endpoint.success);
        let names = endpoint.answer_headers();
        context.answer_headers =
            names.iter().map(|name| ((*name).to_owned(), right(name).to_owned())).collect();
        let all = found(&context, payload, Severity::Information);
        assert_eq!(all, Vec::<String>::new(), "{}", endpoint.id);
        for (place, name) in names.iter().enumerate() {
            let is_listed = |list: &[(&str, &str)]| list.iter().any(|(listed, _)| listed == name);
            let mut wrong = context.clone().header("X-Correlation-ID", "a-1");
            wrong.answer_headers[place].1 = match *name {
                "ETag" => "4",
                "Location" | "Content-Disposition" => "nowhere",
                "Content-Type" => "text/html",
                "Content-Length" => "17",
                _ => "other",
            }
            .to_owned();
            // Any type may be that of an uploaded file.
            let is_of_file = *name == "Content-Type" && endpoint.id == "A006";
            let said = found(&wrong, payload, Severity::Warning);
            let is_answer = said.iter().any(|found| found.starts_with("ers-answer-header"));
            assert_eq!(is_answer, !is_listed(ANY_VALUE) && !is_of_file, "{} {name}: {said:?}", endpoint.id);
            if is_listed(MAY_BE_MISSING) {
                continue;
            }
            let mut without = context.clone();
            without.answer_headers.remove(place);
            assert!(!found(&without, payload, Severity::Warning).is_empty(), "{} {name}", endpoint.id);
        }
    }
}

const PAGE: &str =
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>";

#[test]
fn an_answer_that_is_not_from_the_service_is_one_finding() {
    let others = [
        PAGE,
        "upstream request timeout",
        r#"{ "fault": { "faultstring": "unavailable" } }"#,
        "<Error><Code>1</Code></Error>",
    ];
    let headers = [("Content-Type", "text/html"), ("Server", "proxy")];
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for endpoint in endpoints() {
        for (status, body) in [400, 403, 404, 500, 502, 503, 504, 599]
            .into_iter()
            .flat_map(|status| others.map(|body| (status, body)))
        {
            let context =
                Context { answer_headers: headers.clone(), ..Context::response(endpoint).status(status) };
            let found: Vec<_> = all(&context, body.as_bytes());
            assert_eq!(found.len(), 1, "{} {status} {body}", endpoint.id);
            assert_eq!(found[0].rule.code, "ers-answer-gateway");
            assert_eq!(found[0].severity, Severity::Information);
        }
    }
}

#[test]
fn a_page_in_the_place_of_a_resource_is_said_to_be_one() {
    for endpoint in endpoints().iter().filter(|endpoint| matches!(endpoint.response, Body::Resource(_))) {
        for status in [Some(endpoint.success), None] {
            let context = Context { status, ..Context::response(endpoint) };
            let found = all(&context, PAGE.as_bytes());
            assert_eq!(found.len(), 1, "{} {status:?}", endpoint.id);
            assert_eq!((found[0].rule.code, found[0].severity), ("ers-answer-body", Severity::Error));
            assert!(found[0].message.revealed().to_string().contains("login page"), "{}", endpoint.id);
        }
    }
    let file = service::find("A042").next().expect("it is an operation");
    assert!(
        all(&Context::response(file).status(307), PAGE.as_bytes()).is_empty(),
        "it is for whoever does not follow"
    );
    let create = service::find("A011").next().expect("it is an operation");
    let refused = all(&Context::response(create).status(422), PAGE.as_bytes());
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].severity, Severity::Error, "only the service itself answers 422");
}

#[test]
fn what_is_called_a_pdf_begins_as_one() {
    let pdf = b"%PDF-1.7\n1 0 obj".as_slice();
    let refused = br#"{ "resourceType": "OperationOutcome" }"#.as_slice();
    for id in ["A006", "A007", "A019", "A043"] {
        let endpoint = service::find(id).next().expect("it is an operation");
        let answered = |media_type: &str, body: &[u8]| {
            let answer_headers = vec![("Content-Type".to_owned(), media_type.to_owned())];
            let context = Context { answer_headers, ..Context::response(endpoint).status(200) };
            let all = all(&context, body).into_iter();
            all.filter(|found| found.rule.code == "ers-answer-body").count()
        };
        assert_eq!(answered("application/pdf", pdf), 0, "{id}");
        assert_eq!(answered("application/pdf", &[b"\n", pdf].concat()), 0, "{id}");
        assert_eq!(answered("application/pdf", b""), 1, "{id} has no body");
        for wrong in [b"\x1f\x8b\x08".as_slice(), b"PK\x03\x04", refused, b"letter", PAGE.as_bytes()] {
            assert_eq!(answered("application/pdf", wrong), 1, "{id} {}", wrong.escape_ascii());
        }
        assert_eq!(answered("text/html", PAGE.as_bytes()), 1, "{id}");
    }
    let file = service::find("A006").next().expect("it is an operation");
    let text = Context {
        answer_headers: vec![("Content-Type".to_owned(), "text/plain".to_owned())],
        ..Context::response(file).status(200)
    };
    assert!(all(&text, b"letter").iter().all(|found| found.rule.code != "ers-answer-body"));
}
