//! Answers that nobody should send.

use ers_fhir_http::client::*;

use crate::gateway::{Gateway, Reply};
use crate::support::*;

#[tokio::test]
async fn answers_that_are_none_are_told() {
    let deep = "[".repeat(200_000);
    for (body, kind) in [
        ("<!doctype html><title>Log in</title>".to_owned(), "application/fhir+json"),
        ("{".to_owned(), "application/fhir+json"),
        (format!("{{\"resourceType\":\"ReferralRequest\",\"x\":{deep}"), "application/fhir+json"),
        ("{\"resourceType\":\"Patient\"}".to_owned(), "application/fhir+json"),
        ("null".to_owned(), "application/fhir+json"),
        (String::new(), "text/plain"),
    ] {
        let length = body.len();
        let gateway = Gateway::start(move |_| {
            Reply::Answer(
                200,
                vec![("Content-Type".into(), kind.into()), ("ETag".into(), "W/\"4\"".into())],
                body.clone().into_bytes(),
            )
        });
        let client = client(&gateway, ProviderApplication);
        let error = client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("it is none");
        assert!(matches!(error, Error::Unreadable(_)), "{length}: {error:?}");
    }
}

#[tokio::test]
async fn an_answer_without_end_ends() {
    use std::io::{Read, Write};

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // An answer that comes before the request is ignored.
            let _ = stream.read(&mut [0; 1024]);
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n\r\n{\"a\":\"");
            let piece = vec![b'x'; 1 << 16];
            while stream.write_all(&piece).is_ok() {}
        }
    });
    let environment = Environment::at(&format!("http://{address}/FHIR")).unwrap();
    let token = auth::GivenToken::new(TOKEN.into());
    let client = Client::builder(environment).tokens(token).build(ProviderApplication).unwrap();
    let error = client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("it has no end");
    assert!(matches!(error, Error::Unreadable(_)), "{error:?}");
}

#[tokio::test]
async fn a_record_without_a_version_is_told_but_one_in_its_meta_does() {
    let without_etag = |body: String| Gateway::start(move |_| Reply::json(200, body.clone()));
    let Reply::Answer(_, _, body) = referral() else { panic!() };
    let body = String::from_utf8(body).unwrap();
    let gateway = without_etag(body.clone());
    let client = client(&gateway, ProviderApplication);
    let read = client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect("meta tells");
    assert_eq!(read.version, 4.into());
    let gateway = without_etag(body.replace("\"versionId\": \"4\"", "\"versionId\": \"x\""));
    let client = crate::support::client(&gateway, ProviderApplication);
    let error = client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("nothing tells");
    assert!(error.to_string().contains("does not name its version"), "{error}");
}
