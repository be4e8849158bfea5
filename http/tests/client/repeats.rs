//! What is retried, and what is not.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ers_fhir_ers::service::Repeat;
use ers_fhir_http::client::*;

use crate::gateway::{Gateway, Reply};
use crate::support::*;

/// A gateway that answers so for the first few times, and then well.
fn first(times: usize, reply: Reply, then: Reply) -> Gateway {
    let count = AtomicUsize::new(0);
    Gateway::start(
        move |_| {
            if count.fetch_add(1, Ordering::SeqCst) < times { reply.clone() } else { then.clone() }
        },
    )
}

#[tokio::test]
async fn reads_are_repeated() {
    for reply in [
        Reply::status(429),
        Reply::status(503),
        Reply::status(500),
        Reply::Gone,
        Reply::Raw(b"HTTP/1.1 200 OK\r\n".to_vec()),
    ] {
        let gateway = first(2, reply.clone(), referral());
        let client = client(&gateway, ProviderApplication);
        let read = client.retrieve_referral_request(UBRN.parse().unwrap()).await;
        read.unwrap_or_else(|error| panic!("{reply:?}: {error}"));
        assert_eq!(gateway.calls().len(), 3, "{reply:?}");
        let ids: Vec<_> =
            gateway.calls().iter().map(|got| got.header("X-Correlation-ID").unwrap().to_owned()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "they are one call: {ids:?}");
    }
    for status in [400, 403, 404, 406, 422] {
        let gateway = first(2, Reply::status(status), referral());
        let client = client(&gateway, ProviderApplication);
        client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("it is no use");
        assert_eq!(gateway.calls().len(), 1, "{status}");
    }
    let gateway = first(9, Reply::status(503), referral());
    let client = client(&gateway, ProviderApplication);
    client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("there is an end");
    assert_eq!(gateway.calls().len(), 4);
}

#[tokio::test]
async fn changes_are_not_repeated_blindly() {
    for reply in [
        Reply::status(500),
        Reply::status(502),
        Reply::status(504),
        Reply::status(423),
        Reply::status(409),
        Reply::Gone,
    ] {
        let gateway = first(1, reply.clone(), sample("A013"));
        let client = client(&gateway, ProviderApplication);
        let error =
            client.accept_referral(UBRN.parse().unwrap(), 4.into()).await.expect_err("it may have happened");
        let expected = if matches!(error, Error::Stale(_)) { Repeat::Corrected } else { Repeat::ReadFirst };
        assert_eq!(error.repeat(), expected, "{error}");
        assert_eq!(gateway.calls().len(), 1, "{reply:?}");
    }
    // A call that the service has not processed may be sent again.
    for status in [429, 503] {
        let gateway = first(2, Reply::status(status), sample("A013"));
        let client = client(&gateway, ProviderApplication);
        client.accept_referral(UBRN.parse().unwrap(), 4.into()).await.expect("it is accepted");
        assert_eq!(gateway.calls().len(), 3);
    }
    let gateway = Gateway::start(|_| referral());
    let client = client(&gateway, ProviderApplication);
    let since = client.reconcile_referral(UBRN.parse().unwrap(), 4.into()).await.expect("it is read");
    assert!(since.may_be_repeated());
    let since = client.reconcile_referral(UBRN.parse().unwrap(), 3.into()).await.expect("it is read");
    assert!(!since.may_be_repeated());
    assert_eq!(since.record().version, 4.into());
}

#[tokio::test]
async fn the_service_says_how_long_to_wait() {
    let gateway = first(1, Reply::status(503).with("Retry-After", "1"), referral());
    let client = client(&gateway, ProviderApplication);
    let began = Instant::now();
    client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect("it is answered");
    assert!(began.elapsed() >= Duration::from_secs(1));
    let gateway = first(1, Reply::status(503).with("Retry-After", "3600"), referral());
    let client = crate::support::client(&gateway, ProviderApplication);
    let error =
        client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("nobody waits so long");
    assert_eq!(error.failure().and_then(|failure| failure.retry_after), Some(Duration::from_hours(1)));
    assert_eq!(gateway.calls().len(), 1);
}

#[tokio::test]
async fn waiting_ends() {
    let short = |first_byte, whole| Timeouts {
        first_byte: Duration::from_millis(first_byte),
        whole: Duration::from_millis(whole),
        ..Timeouts::default()
    };
    let phase = |error: Error| match error {
        Error::Unreachable(unreachable) => unreachable.phase,
        other => panic!("{other:?}"),
    };
    let gateway = Gateway::start(|_| Reply::Silence(Duration::from_secs(5)));
    let client = builder(&gateway).timeouts(short(100, 5000)).build(ProviderApplication).unwrap();
    let error = client.accept_referral(UBRN.parse().unwrap(), 4.into()).await.expect_err("nothing comes");
    assert_eq!(phase(error), Phase::Waiting);
    let client = builder(&gateway).timeouts(short(5000, 150)).build(ProviderApplication).unwrap();
    let error = client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("nothing comes");
    assert_eq!(phase(error), Phase::Whole);

    // An answer of which the rest does not come.
    let gateway = Gateway::start(|_| {
        Reply::Raw(
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Type: application/fhir+json\r\n\r\n{"
                .to_vec(),
        )
    });
    let client = crate::support::client(&gateway, ProviderApplication);
    let error = client.accept_referral(UBRN.parse().unwrap(), 4.into()).await.expect_err("it breaks off");
    assert_eq!(error.repeat(), Repeat::ReadFirst);
    assert_eq!(phase(error), Phase::Reading);

    // Nobody listens: nothing has happened.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let environment = Environment::at(&format!("http://{closed}/FHIR")).unwrap();
    let token = auth::GivenToken::new("t".into());
    let client = Client::builder(environment)
        .tokens(token)
        .retries(Retries::none())
        .build(ProviderApplication)
        .unwrap();
    let error = client.accept_referral(UBRN.parse().unwrap(), 4.into()).await.expect_err("nobody listens");
    assert_eq!(error.repeat(), Repeat::Later);
    assert_eq!(phase(error), Phase::Connecting);
}

#[tokio::test]
async fn clones_share_a_rate() {
    let gateway = Gateway::start(|_| referral());
    let client = builder(&gateway).rate(Rate::per_second(5)).build(ProviderApplication).unwrap();
    let began = Instant::now();
    let calls: Vec<_> = (0..11)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.retrieve_referral_request(UBRN.parse().unwrap()).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().expect("it is answered");
    }
    assert!(began.elapsed() >= Duration::from_secs(2), "{:?}", began.elapsed());
}
