//! `ers-fhir serve` as a process: what it prints, and what signals do.

#![cfg(all(unix, feature = "server"))]

#[path = "support/registry.rs"]
#[expect(dead_code, reason = "it is asked for little")]
mod registry;
mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use registry::{Registry, package};
use support::{ers_fhir, ers_fhir_with, folder, write};

struct Served {
    child: Child,
    address: String,
}

fn served(folder: &Path, args: &[&str]) -> Served {
    served_with(folder, args, "http://127.0.0.1:9")
}

/// The same with a registry in the place of the public ones.
fn served_with(folder: &Path, args: &[&str], registry: &str) -> Served {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ers-fhir"))
        .args(["serve", "--port", "0"])
        .args(args)
        .current_dir(folder)
        .env("HOME", folder)
        .env_remove("ERS_FHIR_PACKAGES")
        .env_remove("ERS_FHIR_CACHE")
        .env_remove("XDG_CACHE_HOME")
        .env_remove("ERS_FHIR_TOKEN")
        .env("FPL_REGISTRY", registry)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut line = String::new();
    let out = child.stdout.take().expect("standard output is piped");
    BufReader::new(out).read_line(&mut line).expect("it prints where it listens");
    let address = line.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix('/'));
    let address = address.unwrap_or_else(|| panic!("{line}")).to_owned();
    Served { child, address }
}

impl Served {
    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }

    fn end(mut self) -> (ExitStatus, String) {
        let mut log = String::new();
        self.child.stderr.take().expect("it is piped").read_to_string(&mut log).expect("the log is text");
        (self.child.wait().expect("it ends"), log)
    }
}

/// A request on a connection of its own; `None` where there is no answer.
fn post(address: &str, path: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    send(&mut stream, path, body, "close").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.ends_with('\n').then_some(answer)
}

/// Reads one answer of a connection; its head.
fn answer(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()?;
    stream.read_exact(&mut vec![0; length]).ok()?;
    Some(head)
}

fn send(stream: &mut TcpStream, path: &str, body: &str, connection: &str) -> std::io::Result<()> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes())
}

const WRONG: &str = r#"{ "resourceType": "Patient", "birthdate": "1999-12-31", "gender": "secret" }"#;

#[test]
fn settings_are_read_anew_and_payloads_are_not_in_the_log() {
    let folder = folder("serve-reload");
    let served = served(&folder, &[]);
    let verdict = |word: &str| {
        let begun = Instant::now();
        loop {
            let answer = post(&served.address, "/validate?name=secret.json", WRONG).expect("it is answered");
            if answer.contains(&format!("ers-fhir-result: {word}")) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{answer}");
        }
    };
    verdict("fail");
    write(&folder, "ers-fhir.toml", "[rules]\nunknown-element = \"off\"\nbinding-required = \"off\"\n");
    served.signal("HUP");
    verdict("pass");
    served.signal("INT");
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(0), "{log}");
    for event in [
        "event=listen",
        "event=ready",
        "route=\"/validate\" status=200",
        "event=reload",
        "event=stopped answered=true",
    ] {
        assert!(log.contains(event), "{event} is not in {log}");
    }
    assert!(!log.contains("secret") && !log.contains("1999"), "{log}");
}

#[test]
fn told_to_end_under_load_it_loses_nothing() {
    let folder = folder("serve-load");
    let request = ers_fhir(&folder, &["example", "A011"]).out;
    let served = served(&folder, &["--isolated", "--quiet"]);
    let (answered, lost) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let stream = TcpStream::connect(&served.address).expect("it listens");
                let mut stream = BufReader::new(stream);
                loop {
                    let is_sent = send(stream.get_mut(), "/stu3/$validate", &request, "keep-alive").is_ok();
                    let Some(head) = answer(&mut stream).filter(|_| is_sent) else {
                        lost.fetch_add(1, Ordering::Relaxed);
                        return;
                    };
                    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
                    answered.fetch_add(1, Ordering::Relaxed);
                    // Whoever is told to go elsewhere goes.
                    if head.contains("connection: close") {
                        return;
                    }
                }
            });
        }
        thread::sleep(Duration::from_millis(700));
        served.signal("TERM");
    });
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(0), "{log}");
    let (answered, lost) = (answered.into_inner(), lost.into_inner());
    assert!(answered > 50, "{answered}");
    assert_eq!(lost, 0, "of {answered}: {log}");
}

#[test]
fn what_cannot_be_used_keeps_it_from_starting() {
    let folder = folder("serve-wrong");
    write(&folder, "empty", "\n");
    for (args, said) in [
        (&["--ig", "none.tgz"][..], "none.tgz"),
        (&["--config", "none.toml"], "none.toml"),
        (&["--profile", "no-such-profile"], "no-such-profile"),
        (&["--token-file", "empty"], "--token-file"),
        (&["--max-memory", "1"], "--max-memory"),
        (&["--host", "192.0.2.1"], "cannot listen"),
    ] {
        let run = ers_fhir(&folder, &[&["serve", "--port", "0"][..], args].concat());
        assert_eq!(run.status, 2, "{args:?}: {}", run.err);
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
    }
}

#[test]
fn online_it_gets_its_packages_before_it_listens_and_again_when_it_is_told_to_load() {
    let folder = folder("serve-online");
    let profile = r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/p", "name": "P", "status": "active",
        "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint", "fhirVersion": "4.0.1",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "differential": { "element": [{ "id": "Patient.name", "path": "Patient.name", "min": 1 }] } }"#;
    let needed = package("test.needed", "1.0.0", &[], &[]);
    let own =
        package("test.own", "1.0.0", &[("test.needed", "1.0.0")], &[("StructureDefinition-p.json", profile)]);
    let registry = Registry::npm(vec![own, needed]);
    let args = ["--ig", "test.own#1.0.0", "--profile", "http://example.org/p"];
    let refused = ers_fhir(&folder, &[&["serve", "--port", "0"][..], &args].concat());
    assert_eq!(refused.status, 2);
    assert!(refused.err.contains("ers-fhir package add test.own#1.0.0"), "{}", refused.err);
    let online = [&args[..], &["--online"]].concat();
    let served = served_with(&folder, &online, &registry.address);
    let asked = registry.asked().len();
    assert!(asked >= 4, "what it needs is fetched too: {:?}", registry.asked());
    drop(registry);
    let check = || post(&served.address, "/validate?fhir-version=4.0", r#"{ "resourceType": "Patient" }"#);
    let nameless = |answer: Option<String>| answer.is_some_and(|answer| answer.contains("Patient.name"));
    assert!(nameless(check()), "{:?}", check());
    // What is in the cache needs nobody any more.
    served.signal("HUP");
    thread::sleep(Duration::from_millis(300));
    assert!(nameless(check()), "{:?}", check());
    served.signal("TERM");
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("event=reload"), "{log}");
    let args = ["serve", "--port", "0", "--online", "--ig", "test.other#1.0.0"];
    let gone = ers_fhir_with(&folder, &args, b"", &[("FPL_REGISTRY", "http://127.0.0.1:9")]);
    assert!(gone.status == 2 && gone.err.contains("test.other"), "{}", gone.err);
}
