//! What the service bears, and what it says beyond that.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::{ask, connect, get, post, read, request, with};

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("it is packed");
    encoder.finish().expect("it is packed")
}

const PATIENT: &[u8] = br#"{ "resourceType": "Patient" }"#;

#[test]
fn a_body_that_is_too_large_is_refused() {
    let service = with(|options| options.limits.body = 10_000);
    let reply = ask(&service, "POST", "/r4/$validate", &[], &vec![b' '; 10_001]);
    assert_eq!((reply.status, reply.json()["issue"][0]["code"].as_str()), (413, Some("too-long")));
    // Nothing is sent where the head is enough to refuse it.
    let mut stream = connect(service.address());
    stream
        .write_all(
            b"POST /validate HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n",
        )
        .expect("it is sent");
    assert_eq!(read(&mut stream).map(|reply| reply.status), Some(413));
    // Without a length, as it comes.
    let mut stream = connect(service.address());
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(4096)).repeat(4) + "0\r\n\r\n";
    let head = "POST /validate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(format!("{head}{chunk}").as_bytes()).expect("it is sent");
    assert_eq!(read(&mut stream).map(|reply| reply.status), Some(413));
    let most = [PATIENT, &vec![b' '; 10_000 - PATIENT.len()]].concat();
    assert_eq!(ask(&service, "POST", "/r4/$validate", &[], &most).status, 200);
}

#[test]
fn bodies_are_unpacked_within_bounds_and_answers_are_packed() {
    let service = with(|options| options.limits.body = 1 << 20);
    let gzip = [("Content-Encoding", "gzip")];
    let reply = ask(&service, "POST", "/r4/$validate", &gzip, &packed(PATIENT));
    assert_eq!(reply.header("ers-fhir-result"), "pass");
    let bomb = packed(&vec![b' '; 200 << 20]);
    assert!(bomb.len() < 1 << 20);
    let begun = Instant::now();
    let reply = ask(&service, "POST", "/r4/$validate", &gzip, &bomb);
    assert_eq!(reply.status, 413, "{}", reply.text());
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(ask(&service, "POST", "/r4/$validate", &gzip, PATIENT).status, 400);
    assert_eq!(ask(&service, "POST", "/r4/$validate", &[("Content-Encoding", "br")], PATIENT).status, 415);
    assert_eq!(
        ask(&service, "POST", "/validate", &[("Content-Type", "multipart/form-data; boundary=x")], b"--x")
            .status,
        415
    );

    let many = format!(
        "{{ \"resourceType\": \"Patient\", {} }}",
        (0..50).map(|at| format!("\"x{at}\": 1")).collect::<Vec<_>>().join(", ")
    );
    let plain = post(&service, "/r4/$validate", &many);
    let reply = ask(&service, "POST", "/r4/$validate", &[("Accept-Encoding", "gzip")], many.as_bytes());
    assert_eq!(reply.header("content-encoding"), "gzip");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*reply.body), &mut text)
        .expect("it is packed");
    assert_eq!(text, plain.text());
}

#[test]
fn who_is_slow_is_cut_off_and_holds_up_nobody() {
    let service = with(|options| {
        options.limits.receive = Duration::from_millis(400);
        options.limits.head = Duration::from_millis(400);
    });
    let mut slow: Vec<_> = (0..100).map(|_| connect(service.address())).collect();
    for (at, stream) in slow.iter_mut().enumerate() {
        let start: &[u8] = match at % 3 {
            0 => b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
            1 => b"POST /validate HTTP/1.1\r\nHost: ",
            _ => b"",
        };
        stream.write_all(start).expect("it is sent");
    }
    let begun = Instant::now();
    assert_eq!(post(&service, "/r4/$validate", "{}").status, 200);
    assert!(begun.elapsed() < Duration::from_millis(300), "{:?}", begun.elapsed());
    for (at, mut stream) in slow.into_iter().enumerate() {
        let reply = read(&mut stream);
        match at % 3 {
            0 => assert_eq!(reply.map(|reply| reply.status), Some(408)),
            // A head that does not come is answered by the end of the connection, or by saying so.
            _ => assert!(reply.is_none_or(|reply| reply.status == 408), "{at}"),
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn a_body_that_breaks_off_is_nobodys_fault() {
    let service = with(|_| ());
    for _ in 0..20 {
        let mut stream = connect(service.address());
        stream
            .write_all(b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            .expect("it is sent");
        drop(stream);
    }
    assert_eq!(post(&service, "/r4/$validate", "{}").status, 200);
    // No share of the memory is kept.
    let begun = Instant::now();
    while !get(&service, "/metrics").text().contains("\ners_fhir_bodies_bytes 0\n") {
        assert!(begun.elapsed() < Duration::from_secs(5), "{}", get(&service, "/metrics").text());
    }
}

/// A payload that takes some time to check.
fn heavy() -> Vec<u8> {
    let names = (0..20_000).map(|_| r#"{ "family": "x", "given": ["y"] }"#).collect::<Vec<_>>().join(",");
    format!("{{ \"resourceType\": \"Patient\", \"name\": [{names}] }}").into_bytes()
}

#[test]
fn what_is_too_much_is_refused_at_once() {
    let service = with(|options| {
        options.limits.threads = 1;
        options.limits.queue = 1;
    });
    let heavy = request("POST", "/r4/$validate", &[], &heavy());
    let busy = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..4 {
                    let mut stream = connect(service.address());
                    stream.write_all(&heavy).expect("it is sent");
                    let reply = read(&mut stream).expect("it is answered");
                    assert!(matches!(reply.status, 200 | 503), "{}", reply.text());
                    if reply.status == 503 {
                        assert_eq!(
                            (reply.header("retry-after"), reply.json()["issue"][0]["code"].as_str()),
                            ("1", Some("throttled"))
                        );
                        busy.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert!(busy.load(Ordering::Relaxed));
    assert_eq!(post(&service, "/r4/$validate", "{}").status, 200);
}

#[test]
fn memory_and_connections_are_bounded() {
    let service = with(|options| {
        options.limits.memory = 1 << 20;
        options.limits.connections = 4;
    });
    let large = request("POST", "/validate", &[], &vec![b' '; 2 << 20]);
    // It is refused before all of it is sent, so that the connection may break under the answer.
    let refused = (0..100).find_map(|_| {
        let mut stream = connect(service.address());
        let _ = stream.write_all(&large);
        read(&mut stream)
    });
    assert_eq!(refused.map(|reply| reply.status), Some(503));
    let held: Vec<_> = (0..4).map(|_| connect(service.address())).collect();
    let begun = Instant::now();
    let one_more = loop {
        let mut stream = connect(service.address());
        let reply = read(&mut stream);
        if reply.is_some() || begun.elapsed() > Duration::from_secs(5) {
            break reply;
        }
    };
    assert_eq!(
        one_more.map(|reply| (reply.status, reply.header("retry-after").to_owned())),
        Some((503, "1".to_owned()))
    );
    drop(held);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        let mut stream = connect(service.address());
        let _ = stream.write_all(&request("GET", "/health", &[], b""));
        if read(&mut stream).is_some_and(|reply| reply.status == 200) {
            return;
        }
    }
    panic!("there is place again");
}

#[test]
fn hostile_payloads_are_findings() {
    let service = with(|options| options.limits.check = Duration::from_secs(2));
    let deep = "[".repeat(100_000);
    let nested = format!(
        "{}{}",
        r#"{"resourceType":"Patient","contained":[{"x":"#.to_owned(),
        r#"{"x":"#.repeat(5000)
    );
    let names = format!("{{\"resourceType\":\"Patient\"{}}}", ",\"x\":1".repeat(5_000));
    for body in [
        deep.as_bytes(),
        nested.as_bytes(),
        names.as_bytes(),
        b"\xff\xfe\x00",
        b"<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>",
    ] {
        let begun = Instant::now();
        let reply = ask(&service, "POST", "/r4/$validate", &[], body);
        assert_eq!((reply.status, reply.header("ers-fhir-result")), (200, "fail"));
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
}

#[test]
fn a_client_that_asks_too_fast_is_told_to_wait() {
    let service = with(|options| options.limits.rate = Some(5));
    let mut stream = connect(service.address());
    let request = request("POST", "/r4/$validate", &[], PATIENT);
    let replies: Vec<_> = (0..12)
        .map(|_| {
            stream.write_all(&request).expect("it is sent");
            read(&mut stream).expect("it is answered")
        })
        .collect();
    let taken = replies.iter().filter(|reply| reply.status == 200).count();
    assert!((5..9).contains(&taken), "{taken}");
    let refused = replies.iter().find(|reply| reply.status != 200).expect("not all are taken");
    assert_eq!((refused.status, refused.header("retry-after")), (429, "1"));
    assert_eq!(refused.json()["issue"][0]["code"], "throttled");
    // Another connection is the same client; probes and the page are for everybody.
    assert_eq!(post(&service, "/validate", "{}").status, 429);
    for path in ["/health", "/ready", "/", "/main.js", "/metadata"] {
        assert_eq!(get(&service, path).status, 200, "{path}");
    }
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(post(&service, "/r4/$validate", "{}").status, 200);
    let metrics = get(&service, "/metrics").text();
    assert!(metrics.contains("ers_fhir_requests_total{route=\"$validate\",status=\"429\"}"), "{metrics}");
}

#[test]
fn tokens_are_guessed_no_faster() {
    let service = with(|options| {
        options.limits.rate = Some(2);
        options.tokens = ers_fhir_http::Tokens::of("right");
    });
    let guess = |token: &str| {
        ask(&service, "POST", "/validate", &[("Authorization", &format!("Bearer {token}"))], b"{}").status
    };
    assert_eq!((guess("a"), guess("b"), guess("right")), (401, 401, 429));
}

#[test]
fn behind_a_proxy_the_client_is_whom_it_names() {
    let service = with(|options| {
        options.limits.rate = Some(1);
        options.is_behind_proxy = true;
    });
    let from =
        |client: &str| ask(&service, "POST", "/r4/$validate", &[("X-Forwarded-For", client)], PATIENT).status;
    assert_eq!((from("192.0.2.1"), from("192.0.2.2"), from("9.9.9.9, 192.0.2.1")), (200, 200, 429));
    // Without a proxy that says so, anybody could be anybody.
    let service = with(|options| options.limits.rate = Some(1));
    let from =
        |client: &str| ask(&service, "POST", "/r4/$validate", &[("X-Forwarded-For", client)], PATIENT).status;
    assert_eq!((from("192.0.2.1"), from("192.0.2.2")), (200, 429));
}
