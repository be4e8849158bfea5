//! Who may call the service, and from which pages.

use ers_fhir_http::Tokens;

use crate::support::{ask, get, with};

#[test]
fn a_token_is_needed_where_there_is_one() {
    let service = with(|options| options.tokens = Tokens::of("secret\nother"));
    let asked = |headers: &[(&str, &str)]| ask(&service, "POST", "/r4/$validate", headers, b"{}");
    let refused = asked(&[]);
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, "Bearer"));
    assert_eq!(refused.json()["issue"][0]["code"], "login");
    for (value, status) in [
        ("Bearer secret", 200),
        ("bearer other", 200),
        ("Bearer secre", 401),
        ("Basic secret", 401),
        ("secret", 401),
    ] {
        assert_eq!(asked(&[("Authorization", value)]).status, status, "{value}");
    }
    for (path, status) in [
        ("/metrics", 401),
        ("/examples", 401),
        ("/health", 200),
        ("/ready", 200),
        ("/metadata", 200),
        ("/", 200),
        ("/none", 404),
    ] {
        assert_eq!(get(&service, path).status, status, "{path}");
    }
}

#[test]
fn other_pages_may_ask_where_they_are_named() {
    let preflight = [("Origin", "https://example.org"), ("Access-Control-Request-Method", "POST")];
    let closed = with(|_| ());
    let reply = ask(&closed, "OPTIONS", "/validate", &preflight, b"");
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (405, ""));

    let service = with(|options| {
        options.origins = vec!["https://example.org".to_owned()];
        options.tokens = Tokens::of("secret");
    });
    let reply = ask(&service, "OPTIONS", "/validate", &preflight, b"");
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (204, "https://example.org"));
    assert!(reply.header("access-control-allow-headers").contains("Authorization"));
    let headers = [("Origin", "https://example.org"), ("Authorization", "Bearer secret")];
    let reply = ask(&service, "POST", "/validate", &headers, b"{}");
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, "https://example.org"));
    assert!(reply.header("vary").contains("Origin"));
    let other = ask(&service, "POST", "/validate", &[("Origin", "https://example.com")], b"{}");
    assert_eq!(other.header("access-control-allow-origin"), "");
}
