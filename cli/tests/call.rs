//! `ers-fhir call` and `ers-fhir auth` as processes, against a gateway on a socket.

#![cfg(all(unix, feature = "client"))]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use ers_fhir_ers::Call;
use ers_fhir_ers::example::{callers, good};
use support::{Run, ers_fhir, folder, write};

const TOKEN: &str = "t0ken-of-the-test-a1b2c3d4";
const UBRN: &str = "000049912345";

/// A gateway that answers with the examples of operations, or with that status; what it was sent.
fn gateway(status: Option<u16>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it listens");
    let heard = Arc::new(Mutex::new(Vec::new()));
    let got = heard.clone();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut text = String::new();
            let mut part = vec![0; 65536];
            while !is_whole(&text) {
                match stream.read(&mut part) {
                    Ok(read) if read > 0 => text.push_str(&String::from_utf8_lossy(&part[..read])),
                    _ => break,
                }
            }
            got.lock().expect("no thread fails").push(text.clone());
            let answer = answer(&text, status, &format!("http://{address}"));
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (format!("http://{address}/referrals/FHIR"), heard)
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let head = head.to_ascii_lowercase();
    let length =
        head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn answer(request: &str, status: Option<u16>, host: &str) -> String {
    let mut first = request.split(' ');
    let (method, target) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let (status, headers, body) = if target == "/oauth2/token" {
        let body = format!(
            r#"{{"access_token":"{TOKEN}","expires_in":"599","token_type":"Bearer","refresh_token":"r3fresh-t0ken-9988"}}"#
        );
        (200, Vec::new(), body)
    } else if target.starts_with("/file") {
        (
            200,
            vec![("Content-Disposition".into(), "attachment; filename=\"../scan.txt\"".into())],
            "a file".into(),
        )
    } else if let Some(status) = status {
        let code = r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden","details":{"coding":[{"code":"NO_RELATIONSHIP"}]},"diagnostics":"about Jane Doe"}]}"#;
        (status, Vec::new(), code.to_owned())
    } else {
        let endpoint = Call::new(method, target).operation().expect("it is an operation");
        let answer = good(endpoint, callers(endpoint)[0], 0).call.answer.expect("it has an answer");
        let headers =
            answer.headers.into_iter().filter(|(name, _)| name != "Content-Length").map(|(name, value)| {
                let is_elsewhere = name == "Location" && endpoint.id == "A042";
                (name, if is_elsewhere { format!("{host}/file?signature=s1gnature") } else { value })
            });
        (answer.status, headers.collect::<Vec<_>>(), String::from_utf8_lossy(&answer.body).into_owned())
    };
    let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let headers = headers.concat();
    format!(
        "HTTP/1.1 {status} Some\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Runs a command with a token in the environment.
fn with_token(folder: &Path, args: &[&str]) -> Run {
    run(folder, args, &[("ERS_FHIR_ACCESS_TOKEN", TOKEN)], b"")
}

fn run(folder: &Path, args: &[&str], variables: &[(&str, &str)], input: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ers-fhir"))
        .args(args)
        .current_dir(folder)
        .env("HOME", folder)
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_STATE_HOME")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let _ = child.stdin.take().expect("it is piped").write_all(input);
    let output = child.wait_with_output().expect("the binary ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
    Run {
        status: output.status.code().expect("it exits"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// Who calls, as options.
const REFERRER: [&str; 4] = ["--role", "REFERRING_CLINICIAN", "--organisation", "X26"];

#[test]
fn a_referral_is_read_and_the_call_recorded() {
    let folder = folder("call-read");
    let (place, heard) = gateway(None);
    let args = ["call", "A005", "--ubrn", UBRN, "--env", &place, "-o", "referral.json", "--har", "call.har"];
    let read = with_token(&folder, &[&args[..], &REFERRER].concat());
    assert_eq!((read.status, &*read.out), (0, ""), "{}", read.err);
    assert!(read.err.contains("A005: 200, version 4, correlation id "), "{}", read.err);
    let sent = heard.lock().unwrap().join("\n");
    assert!(sent.starts_with(&format!("GET /referrals/FHIR/STU3/ReferralRequest/{UBRN} HTTP/1.1")), "{sent}");
    assert!(sent.contains(&format!("authorization: Bearer {TOKEN}")), "{sent}");
    let referral = fs::read_to_string(folder.join("referral.json")).expect("it is written");
    assert!(referral.contains("\"ReferralRequest\""));
    let har = fs::read_to_string(folder.join("call.har")).expect("it is written");
    assert!(!har.contains(TOKEN) && har.contains("Bearer ********"));
    for name in ["referral.json", "call.har"] {
        let mode = fs::metadata(folder.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} is for its owner");
    }
    let checked = ers_fhir(&folder, &["validate", "call.har"]);
    assert_eq!(checked.status, 0, "{}{}", checked.out, checked.err);
}

#[test]
fn what_would_be_sent_is_shown_and_nothing_is_sent() {
    let folder = folder("call-dry");
    let (place, heard) = gateway(None);
    let example = ers_fhir(&folder, &["example", "A011"]).out;
    let args = ["call", "A011", "-", "--env", &place, "--dry-run"];
    let shown = run(
        &folder,
        &[&args[..], &REFERRER].concat(),
        &[("ERS_FHIR_ACCESS_TOKEN", TOKEN)],
        example.as_bytes(),
    );
    assert_eq!(shown.status, 0, "{}", shown.err);
    assert!(shown.out.starts_with("POST http://127.0.0.1:"), "{}", shown.out);
    assert!(shown.out.contains("Authorization: Bearer ********\n") && shown.out.contains("\"Parameters\""));
    assert!(!shown.out.contains(TOKEN));
    assert!(heard.lock().unwrap().is_empty());
}

#[test]
fn what_is_not_allowed_or_answered_otherwise_is_told_by_the_exit_status() {
    let folder = folder("call-status");
    let (place, heard) = gateway(Some(422));
    let accept = ["call", "A013", "--ubrn", UBRN, "--at", "4", "--env", &place];
    let refused = with_token(&folder, &[&accept[..], &REFERRER].concat());
    assert_eq!(refused.status, 2);
    assert!(refused.err.contains("ers-rule-06"), "{}", refused.err);
    assert!(heard.lock().unwrap().is_empty());
    let failed = with_token(&folder, &[&accept[..], &["--access", "application"]].concat());
    assert_eq!(failed.status, 1, "{}", failed.err);
    assert!(failed.err.contains("422 NO_RELATIONSHIP") && !failed.err.contains("Jane"), "{}", failed.err);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = format!("http://{closed}/FHIR");
    let args = [
        "call",
        "A013",
        "--ubrn",
        UBRN,
        "--at",
        "4",
        "--env",
        &nowhere,
        "--access",
        "application",
        "--no-retry",
    ];
    let unreachable = with_token(&folder, &args);
    assert_eq!(unreachable.status, 2, "{}", unreachable.err);
    assert!(unreachable.err.contains("no connection could be made"), "{}", unreachable.err);
    for (args, said) in [
        (vec!["call", "A005", "--env", &place], "A005 needs --ubrn"),
        (vec!["call", "A013", "--ubrn", UBRN, "--env", &place], "A013 needs --at"),
        (vec!["call", "A011", "--env", &place], "A011 needs a body"),
        (vec!["call", "A005", "body.json", "--ubrn", UBRN, "--env", &place], "A005 takes no body"),
        (vec!["call", "A005", "--ubrn", UBRN], "name the environment"),
        (vec!["call", "A005", "--ubrn", UBRN, "--env", "http://example.org/FHIR"], "unencrypted"),
        (
            vec!["call", "A005", "--ubrn", UBRN, "--env", &place, "--header", "Authorization: Bearer x"],
            "never on the command line",
        ),
    ] {
        let run = with_token(&folder, &args);
        assert_eq!(run.status, 2, "{args:?}");
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
    }
}

#[test]
fn files_come_under_a_safe_name_and_go_with_their_type() {
    let folder = folder("call-files");
    let (place, heard) = gateway(None);
    let id = "9ad9b9a2-5e78-454d-b065-a1c284cc4549";
    let args = ["call", "A042", "--id", id, "--env", &place, "--har", "call.har"];
    let fetched = with_token(&folder, &[&args[..], &REFERRER].concat());
    assert_eq!(fetched.status, 0, "{}", fetched.err);
    assert_eq!(fs::read_to_string(folder.join("scan.txt")).expect("it is here"), "a file");
    let sent = heard.lock().unwrap().clone();
    assert!(sent[1].starts_with("GET /file?signature=") && !sent[1].contains("uthorization"), "{}", sent[1]);
    assert!(!fs::read_to_string(folder.join("call.har")).unwrap().contains("s1gnature"));
    write(&folder, "letter.pdf", "%PDF-1.4");
    let args = ["call", "A020", "letter.pdf", "--ubrn", UBRN, "--env", &place];
    let uploaded = with_token(&folder, &[&args[..], &REFERRER].concat());
    assert_eq!(uploaded.status, 0, "{}", uploaded.err);
    assert!(uploaded.err.contains("Binary/"), "{}", uploaded.err);
    let sent = heard.lock().unwrap().last().unwrap().to_ascii_lowercase();
    for header in [
        "content-type: application/pdf",
        "nhsd-ers-file-name: letter.pdf",
        "nhsd-ers-referral-id: 000049912345",
    ] {
        assert!(sent.contains(header), "{sent}");
    }
}

#[test]
fn a_user_logs_in_with_the_browser_and_the_login_is_kept_for_its_owner() {
    let folder = folder("call-login");
    let (place, heard) = gateway(None);
    let free =
        TcpListener::bind("127.0.0.1:0").expect("a port is free").local_addr().expect("it has one").port();
    let profile = format!(
        "[clinic]\nenvironment = \"{place}\"\nrole = \"SERVICE_PROVIDER_CLINICIAN\"\norganisation = \"R9K\"\n\
         api-key = \"my-api-key\"\nclient-secret = \"cl1ent-secret\"\ncallback = \"http://127.0.0.1:{free}/callback\"\n"
    );
    write(&folder, ".config/ers-fhir/profiles.toml", profile);
    private(&folder, "profiles.toml", 0o644);
    let command = |args: &[&str]| run(&folder, args, &[], b"");
    let open = command(&["auth", "status", "--as", "clinic"]);
    assert_eq!(open.status, 2);
    assert!(open.err.contains("chmod 600"), "{}", open.err);
    private(&folder, "profiles.toml", 0o600);
    let nobody = command(&["auth", "status", "--as", "clinic"]);
    assert_eq!(nobody.status, 1);
    assert!(nobody.out.contains("nobody is logged in"), "{}", nobody.out);
    let early = command(&["call", "A013", "--ubrn", UBRN, "--at", "4", "--as", "clinic"]);
    assert!(early.status == 2 && early.err.contains("ers-fhir auth login"), "{}", early.err);

    let login = log_in(&folder);
    assert_eq!(login.status, 0, "{}", login.err);
    assert!(login.out.contains("599 s, and is refreshed"), "{}", login.out);
    let form = heard.lock().unwrap().last().unwrap().clone();
    assert!(form.contains("grant_type=authorization_code&code=c0de-1"), "{form}");
    assert!(form.contains("client_secret=cl1ent-secret&code_verifier="), "{form}");
    let accepted =
        command(&["call", "A013", "--ubrn", UBRN, "--at", "4", "--as", "clinic", "-o", "out.json"]);
    assert_eq!(accepted.status, 0, "{}", accepted.err);
    assert_eq!(heard.lock().unwrap().len(), 2, "the login is kept");
    let token = command(&["auth", "token", "--as", "clinic"]);
    assert_eq!((token.status, token.out.trim()), (0, TOKEN));
    let status = command(&["auth", "status", "--as", "clinic"]);
    assert!(status.status == 0 && status.out.contains("SERVICE_PROVIDER_CLINICIAN of R9K"), "{}", status.out);
    for shown in [&login, &accepted, &status] {
        for secret in [TOKEN, "r3fresh", "cl1ent", "c0de-1"] {
            assert!(!shown.out.contains(secret) && !shown.err.contains(secret), "{}{}", shown.out, shown.err);
        }
    }
    let kept = || fs::read_dir(folder.join(".local/state/ers-fhir")).unwrap().flatten().collect::<Vec<_>>();
    assert_eq!(kept().len(), 1);
    assert_eq!(kept()[0].metadata().unwrap().permissions().mode() & 0o077, 0);

    // A token that is over is refreshed, with what the login gave.
    let text = fs::read_to_string(kept()[0].path()).unwrap();
    let mut stored: serde_json::Value = serde_json::from_str(&text).unwrap();
    stored["expires"] = 1.into();
    fs::write(kept()[0].path(), stored.to_string()).unwrap();
    assert_eq!(command(&["auth", "token", "--as", "clinic"]).out.trim(), TOKEN);
    let form = heard.lock().unwrap().last().unwrap().clone();
    assert!(form.contains("grant_type=refresh_token&refresh_token=r3fresh-t0ken-9988"), "{form}");

    assert_eq!(command(&["auth", "logout", "--as", "clinic"]).status, 0);
    assert!(kept().is_empty());
}

/// Logs in as a browser does: it goes where it is sent, and comes back with a code.
fn log_in(folder: &Path) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ers-fhir"))
        .args(["auth", "login", "--as", "clinic"])
        .env("HOME", folder)
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_STATE_HOME")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut line = String::new();
    lines.read_line(&mut line).expect("it says where to log in");
    let value = |name: &str| {
        let (_, rest) = line.split_once(&format!("{name}=")).unwrap_or_else(|| panic!("{line}"));
        rest.split(['&', '\n']).next().unwrap_or_default().replace("%3A", ":").replace("%2F", "/")
    };
    let callback = value("redirect_uri");
    let (host, path) = callback.trim_start_matches("http://").split_once('/').expect("it has a path");
    let mut stream = TcpStream::connect(host).expect("it listens");
    let text = format!("GET /{path}?code=c0de-1&state={} HTTP/1.1\r\nHost: {host}\r\n\r\n", value("state"));
    stream.write_all(text.as_bytes()).expect("it is written");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("it is answered");
    assert!(page.contains("You are logged in"), "{page}");
    let mut err = String::new();
    lines.read_to_string(&mut err).expect("it is text");
    let output = child.wait_with_output().expect("it ends");
    let out = String::from_utf8(output.stdout).expect("it is text");
    Run { status: output.status.code().expect("it exits"), out, err }
}

#[test]
fn files_that_others_may_read_and_what_is_no_key_are_refused() {
    let folder = folder("call-keys");
    let (place, heard) = gateway(None);
    let profile = format!(
        "[clinic]\nenvironment = \"{place}\"\naccess = \"application\"\nside = \"provider\"\napi-key = \"my-api-key\"\n\
         key-id = \"key-1\"\nkey-file = \"key.pem\"\n"
    );
    write(&folder, ".config/ers-fhir/profiles.toml", profile);
    write(&folder, ".config/ers-fhir/key.pem", "no s3cret key");
    private(&folder, "profiles.toml", 0o600);
    private(&folder, "key.pem", 0o640);
    let login = || run(&folder, &["auth", "login", "--as", "clinic"], &[], b"");
    let open = login();
    assert!(open.status == 2 && open.err.contains("other users may read the key file"), "{}", open.err);
    private(&folder, "key.pem", 0o600);
    let none = login();
    assert!(none.status == 2 && none.err.contains("not an RSA private key"), "{}", none.err);
    assert!(!none.err.contains("s3cret"), "{}", none.err);
    write(&folder, ".config/ers-fhir/profiles.toml", "[clinic]\nclient-secret = s3cret-without-quotes\n");
    private(&folder, "profiles.toml", 0o600);
    let wrong = login();
    assert!(wrong.status == 2 && !wrong.err.contains("s3cret"), "{}", wrong.err);
    assert!(heard.lock().unwrap().is_empty());
}

fn private(folder: &Path, name: &str, mode: u32) {
    let path = folder.join(".config/ers-fhir").join(name);
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}
