//! `ers-fhir call` and `ers-fhir auth` through `ers-fhir mock`, as processes: whole pathways, with logins that are verified.

#![cfg(all(unix, feature = "client", feature = "mock"))]

#[path = "support/mock.rs"]
mod mock;
mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use mock::Mock;
use serde_json::{Value, json};
use support::{Run, ers_fhir, ers_fhir_with, folder, write};

/// A local e-RS, and a home with profiles of who calls it.
struct Town {
    folder: PathBuf,
    /// Host and port.
    host: String,
    service: Mock,
}

impl Town {
    fn new(name: &str) -> Self {
        let folder = folder(name);
        let key = ers_fhir(&folder, &["auth", "key", "key-1", "-o", "key.pem"]);
        assert_eq!(key.status, 0, "{}", key.err);
        write(&folder, "jwks.json", &key.out);
        let callback =
            TcpListener::bind("127.0.0.1:0").expect("a port is free").local_addr().expect("it has one");
        let callback = format!("http://{callback}/callback");
        let mut seed: Value =
            serde_json::from_str(&ers_fhir(&folder, &["mock", "--print-seed"]).out).expect("it is JSON");
        seed["applications"][0]["callbacks"] = json!([callback]);
        write(&folder, "seed.json", seed.to_string());
        let key = format!("aire-and-wharfe-imaging={}", folder.join("jwks.json").display());
        let seed = folder.join("seed.json").display().to_string();
        let args = ["--strict-auth", "--seed", &seed, "--key", &key];
        let service = Mock::start(&folder, &args);
        let url = &service.url;
        let application = "api-key = \"aire-and-wharfe-imaging\"\nkey-id = \"key-1\"\nkey-file = \"../../key.pem\"\n\
            client-secret = \"not-a-secret\"\n";
        let profiles = format!(
            "[practice]\nenvironment = \"{url}\"\nrole = \"REFERRING_CLINICIAN\"\norganisation = \"X26\"\n{application}callback = \"{callback}\"\n\
             [clinic]\nenvironment = \"{url}\"\nrole = \"SERVICE_PROVIDER_CLINICIAN\"\norganisation = \"R9K\"\n{application}\
             [imaging]\nenvironment = \"{url}\"\naccess = \"application\"\nside = \"provider\"\n{application}"
        );
        write(&folder, ".config/ers-fhir/profiles.toml", profiles);
        let path = folder.join(".config/ers-fhir/profiles.toml");
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("it is ours");
        let host = url.trim_start_matches("http://").split('/').next().unwrap_or_default().to_owned();
        Self { folder, host, service }
    }

    fn run(&self, args: &[&str], input: &[u8], variables: &[(&str, &str)]) -> Run {
        ers_fhir_with(&self.folder, args, input, variables)
    }

    /// A call that has to succeed, without a finding above information; what it was answered with.
    fn call(&self, who: &str, args: &[&str], body: Option<&Value>) -> Value {
        let mut all = vec!["call", args[0]];
        if body.is_some() {
            all.push("-");
        }
        all.extend(&args[1..]);
        all.extend(["--as", who]);
        let input = body.map(Value::to_string).unwrap_or_default();
        let done = self.run(&all, input.as_bytes(), &[]);
        assert_eq!(done.status, 0, "{all:?}: {}{}", done.err, done.out);
        let is_told = |line: &str| line.contains(" breaks ") && !line.starts_with("information");
        assert!(!done.err.lines().any(is_told), "{all:?}: {}", done.err);
        serde_json::from_str(&done.out).unwrap_or_default()
    }

    /// Uploads a file; where it is.
    fn upload(&self, who: &str, name: &str, ubrn: Option<&str>) -> String {
        write(&self.folder, name, "The rash has not settled.");
        let mut args = vec!["call", "A020", name, "--as", who];
        args.extend(ubrn.iter().flat_map(|ubrn| ["--ubrn", ubrn]));
        let done = self.run(&args, b"", &[]);
        assert_eq!(done.status, 0, "{}", done.err);
        let (_, rest) = done.err.split_once("Binary/").unwrap_or_else(|| panic!("{}", done.err));
        format!("Binary/{}", rest.split([',', '\n']).next().unwrap_or_default())
    }

    /// What no operation does.
    fn post(&self, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        let answer = self.plain("POST", path, "application/json", &body);
        serde_json::from_str(answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)).unwrap_or_default()
    }

    fn plain(&self, method: &str, path: &str, content_type: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).expect("it listens");
        let text = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        stream.write_all(text.as_bytes()).expect("it is written");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it is text");
        answer
    }

    /// The referrer logs in on the page.
    fn practice_logs_in(&self) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ers-fhir"))
            .args(["auth", "login", "--as", "practice"])
            .env("HOME", &self.folder)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_STATE_HOME")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut line = String::new();
        lines.read_line(&mut line).expect("it says where to log in");
        let (_, query) = line.trim().split_once('?').unwrap_or_else(|| panic!("{line}"));
        let page = self.plain("GET", &format!("/oauth2/authorize?{query}"), "text/plain", "");
        assert!(page.contains("Dr Ada Holroyd"), "{page}");
        let chosen = format!("{query}&as=555000111222+REFERRING_CLINICIAN+X26");
        let kind = "application/x-www-form-urlencoded";
        let back = self.plain("POST", "/oauth2/authorize", kind, &chosen);
        let back =
            back.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_else(|| panic!("{back}"));
        let (host, path) = back.trim_start_matches("http://").split_once('/').expect("it has a path");
        let mut stream = TcpStream::connect(host).expect("it listens");
        let text = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
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

    /// All who call log in: on the page, with an id token, and with a key.
    fn log_in(&self) {
        let practice = self.practice_logs_in();
        assert_eq!(practice.status, 0, "{}", practice.err);
        let wanted = json!({ "user": "555000333444", "application": "aire-and-wharfe-imaging" });
        let given = self.post("/_local/id-tokens", &wanted);
        let id_token = given["id_token"].as_str().expect("it is given");
        let clinic = self.run(&["auth", "login", "--as", "clinic"], b"", &[("ERS_FHIR_ID_TOKEN", id_token)]);
        assert!(clinic.status == 0 && clinic.out.contains("is refreshed"), "{}{}", clinic.out, clinic.err);
        let imaging = self.run(&["auth", "login", "--as", "imaging"], b"", &[]);
        assert!(
            imaging.status == 0 && !imaging.out.contains("is refreshed"),
            "{}{}",
            imaging.out,
            imaging.err
        );
    }

    /// The body of an example.
    fn example(&self, args: &[&str]) -> Value {
        let made = ers_fhir(&self.folder, &[&["example"], args].concat());
        serde_json::from_str(&made.out).unwrap_or_else(|error| panic!("{args:?}: {error}: {}", made.err))
    }

    /// A referral of an example with a letter; its UBRN, and what it is now.
    fn refer(&self, service: &str, list: Option<&str>) -> (String, Value) {
        let mut body = self.example(&["A011"]);
        for_service(&mut body["parameter"][1]["resource"], service, list);
        let created = self.call("practice", &["A011"], Some(&body));
        let ubrn = text(&created["id"]);
        let file = self.upload("practice", "letter.txt", Some(&ubrn));
        let mut letter = self.example(&["A012"]);
        attach(&mut letter, &file);
        let args = ["A012", "--ubrn", &ubrn, "--at", &version(&created)];
        let referral = self.call("practice", &args, Some(&letter));
        (ubrn, referral)
    }

    fn read(&self, who: &str, ubrn: &str) -> Value {
        self.call(who, &["A005", "--ubrn", ubrn], None)
    }

    /// The UBRNs on a worklist.
    fn listed(&self, who: &str, id: &str, list: &str) -> Vec<String> {
        let selector = if id == "A023" { "Communication" } else { "Referral" };
        let system = format!("https://fhir.nhs.uk/STU3/CodeSystem/eRS-{selector}ListSelector-1");
        let wanted = json!({
            "resourceType": "Parameters",
            "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-FetchWorklist-Parameters-1"] },
            "parameter": [{ "name": "listType", "valueCodeableConcept": { "coding": [{ "system": system, "code": list }] } }],
        });
        let found = self.call(who, &[id], Some(&wanted));
        let rows = found["entry"].as_array().into_iter().flatten();
        rows.filter_map(|row| row["item"]["reference"].as_str()?.split('/').nth(1).map(str::to_owned))
            .collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn version(record: &Value) -> String {
    text(&record["meta"]["versionId"])
}

/// The state of a referral.
fn state(referral: &Value) -> String {
    let all = referral["extension"].as_array().into_iter().flatten();
    let parts = all.filter_map(|it| it["extension"].as_array()).flatten();
    let state = parts.into_iter().find(|part| part["url"] == "state").expect("it has a state");
    text(&state["valueCoding"]["code"])
}

/// Another service on a shortlist, found by other criteria.
fn for_service(shortlist: &mut Value, service: &str, specialty: Option<&str>) {
    shortlist["entry"] = json!([{ "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": service } } }]);
    if let Some((specialty, clinic_type)) = specialty.and_then(|pair| pair.split_once('/')) {
        let criteria = &mut shortlist["contained"][0]["parameter"];
        criteria[1]["valueCoding"]["code"] = json!(specialty);
        criteria[2]["valueCoding"]["code"] = json!(clinic_type);
    }
}

/// Leaves one attachment, of that file.
fn attach(body: &mut Value, file: &str) {
    let mut is_first = true;
    let parts = body["parameter"].as_array_mut().expect("there are some");
    parts.retain(|part| {
        part.get("resource").is_none_or(|it| it["resourceType"] != "DocumentReference")
            || std::mem::take(&mut is_first)
    });
    for part in parts.iter_mut().filter(|part| part["resource"]["resourceType"] == "DocumentReference") {
        part["resource"]["content"][0]["attachment"]["url"] = json!(file);
    }
}

#[test]
fn a_referral_is_booked_accepted_cancelled_and_sent_for_triage() {
    let town = Town::new("local-booked");
    let early = town.run(&["call", "A004", "--list", "PRIORITY", "--as", "practice"], b"", &[]);
    assert!(early.status == 2 && early.err.contains("ers-fhir auth login"), "{}", early.err);
    town.log_in();
    town.call("practice", &["A030"], None);
    town.call("practice", &["A004", "--list", "PRIORITY"], None);
    let found = town.call("practice", &["A010"], Some(&town.example(&["A010"])));
    assert!(found["entry"].as_array().is_some_and(|found| found.len() > 1));
    let (ubrn, referral) = town.refer("20417", None);

    let urgency = ["--param", "appointmentType=ROUTINE", "--header", "NHSD-eRS-Comm-Rule-Org:X26"];
    let slots = town.call("practice", &[&["A015", "--id", "20417"], &urgency[..]].concat(), None);
    let slot = &slots["entry"][0]["resource"];
    let mut booking = town.example(&["A016"]);
    let incoming = |referral: &Value| json!([{ "reference": format!("ReferralRequest/{ubrn}/_history/{}", version(referral)) }]);
    booking["incomingReferral"] = incoming(&referral);
    booking["slot"] = json!([{ "reference": format!("Slot/{}", text(&slot["id"])) }]);
    (booking["start"], booking["end"]) = (slot["start"].clone(), slot["end"].clone());
    booking["participant"].as_array_mut().expect("there are some").truncate(2);
    let appointment = town.call("practice", &["A016"], Some(&booking));
    assert_eq!(appointment["status"], "booked");

    let referral = town.read("clinic", &ubrn);
    assert_eq!(state(&referral), "BOOKED");
    assert_eq!(town.listed("clinic", "A008", "REFERRALS_FOR_REVIEW"), [ubrn.as_str()]);
    let accepted = town.call("clinic", &["A013", "--ubrn", &ubrn, "--at", &version(&referral)], None);
    let tasks = town.call("practice", &["A029", "--ubrn", &ubrn, "--at", &version(&accepted)], None);
    assert_eq!(tasks["entry"].as_array().map(Vec::len), Some(2));

    let id = text(&appointment["id"]);
    let mut read = town.call("practice", &["A038", "--id", &id], None);
    read["status"] = json!("cancelled");
    read["reason"] = town.example(&["A034"])["reason"].clone();
    for gone in ["slot", "start", "end"] {
        read.as_object_mut().expect("it is an object").remove(gone);
    }
    let cancelled = town.call("practice", &["A034", "--id", &id, "--at", &version(&read)], Some(&read));
    assert_eq!(cancelled["status"], "cancelled");
    let referral = town.read("practice", &ubrn);
    assert_eq!(state(&referral), "APPT_CANCELLED_BY_PATIENT");

    let mut change = town.example(&["A031"]);
    for_service(&mut change["parameter"][0]["resource"], "31006", None);
    let referral =
        town.call("practice", &["A031", "--ubrn", &ubrn, "--at", &version(&referral)], Some(&change));
    let mut sent = booking.clone();
    for gone in ["slot", "start", "end"] {
        sent.as_object_mut().expect("it is an object").remove(gone);
    }
    sent["status"] = json!("proposed");
    sent["reason"] = json!([{ "coding": [{ "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReviewReason-1", "code": "TRIAGE" }] }]);
    sent["incomingReferral"] = incoming(&referral);
    sent["participant"][0]["actor"]["identifier"]["value"] = json!("31006");
    town.call("practice", &["A016"], Some(&sent));
    let referral = town.read("clinic", &ubrn);
    assert_eq!(state(&referral), "AWAITING_TRIAGE");

    let mut outcome = town.example(&["A028"]);
    attach(&mut outcome, &town.upload("clinic", "note.txt", Some(&ubrn)));
    let triaged =
        town.call("clinic", &["A028", "--ubrn", &ubrn, "--at", &version(&referral)], Some(&outcome));
    assert_eq!(state(&triaged), "TRIAGED_PROVIDER_TO_ACTION");
    let mut why = town.example(&["A036"]);
    why["parameter"][0]["valueCoding"]["code"] = json!("BOOKED_CLINICAL_NEED");
    let cancel = ["A036", "--ubrn", &ubrn, "--at", &version(&triaged)];
    let ended = town.call("clinic", &cancel, Some(&why));
    assert_eq!(state(&ended["parameter"][0]["resource"]), "CANCELLED_REFERRAL");
    let stale = [&["call", "A036", "-"], &cancel[1..], &["--as", "clinic"]].concat();
    let stale = town.run(&stale, why.to_string().as_bytes(), &[]);
    assert!(stale.status == 1 && stale.err.contains("409"), "{}", stale.err);
}

#[test]
fn a_question_is_answered_and_becomes_a_referral() {
    let town = Town::new("local-asked");
    town.log_in();
    let mut question = town.example(&["A044"]);
    for_service(&mut question["parameter"][2]["resource"], "20700", None);
    attach(&mut question, &town.upload("practice", "photo.txt", None));
    let asked = town.call("practice", &["A044"], Some(&question));
    let ubrn = text(&asked["parameter"][0]["resource"]["id"]);
    assert_eq!(town.listed("clinic", "A023", "ADVICE_AND_GUIDANCE_REQUESTS"), [ubrn.as_str()]);
    let advice = town.call("clinic", &["A024", "--ubrn", &ubrn], None);
    town.call("clinic", &["A025", "--ubrn", &ubrn, "--at", &version(&advice)], None);
    let mut answer = town.example(&["A026"]);
    let parts = answer["parameter"].as_array_mut().expect("there are some");
    parts.retain(|part| part["name"] != "guidanceIntendedRecommendation");
    parts[0]["valueCoding"]["code"] = json!("REQUIRE_FURTHER_INFORMATION");
    attach(&mut answer, &town.upload("clinic", "leaflet.txt", Some(&ubrn)));
    town.call("clinic", &["A026", "--ubrn", &ubrn, "--at", &version(&advice)], Some(&answer));
    let reply = json!({ "step": "reply", "text": "Hydrocortisone, for two weeks." });
    town.post(&format!("/_local/requests/{ubrn}/steps"), &reply);
    let advice = town.call("clinic", &["A024", "--ubrn", &ubrn], None);
    let mut conversion = town.example(&["A027"]);
    let from = format!("CommunicationRequest/{ubrn}/_history/{}", version(&advice));
    conversion["parameter"][0]["valueReference"]["reference"] = json!(from);
    let parts = conversion["parameter"].as_array_mut().expect("there are some");
    parts.retain(|part| part.get("resource").is_none());
    let referral = town.call("clinic", &["A027"], Some(&conversion));
    assert_eq!(text(&referral["id"]), ubrn);
    assert_eq!(state(&town.read("practice", &ubrn)), "TRIAGED_PROVIDER_TO_ACTION");
}

#[test]
fn without_slots_a_referral_is_deferred_and_returned_by_an_application() {
    let town = Town::new("local-deferred");
    town.log_in();
    let (ubrn, referral) = town.refer("20602", Some("CARDIOLOGY/HEART_FAILURE"));
    let urgency = ["--param", "appointmentType=ROUTINE", "--header", "NHSD-eRS-Comm-Rule-Org:X26"];
    let slots = town.call("practice", &[&["A015", "--id", "20602"], &urgency[..]].concat(), None);
    assert_eq!(slots["total"], 0);
    let mut deferral = town.example(&["A016"]);
    for gone in ["slot", "start", "end"] {
        deferral.as_object_mut().expect("it is an object").remove(gone);
    }
    deferral["status"] = json!("proposed");
    deferral["reason"] = json!([{ "coding": [{ "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReviewReason-1", "code": "NO_SLOTS_AT_SERVICE" }] }]);
    deferral["incomingReferral"] =
        json!([{ "reference": format!("ReferralRequest/{ubrn}/_history/{}", version(&referral)) }]);
    deferral["participant"].as_array_mut().expect("there are some").truncate(2);
    deferral["participant"][0]["actor"]["identifier"]["value"] = json!("20602");
    town.call("practice", &["A016"], Some(&deferral));
    assert_eq!(town.listed("clinic", "A008", "APPOINTMENT_SLOT_ISSUES"), [ubrn.as_str()]);
    let referral = town.read("imaging", &ubrn);
    assert_eq!(state(&referral), "DEFERRED_TO_PROVIDER");
    let mut outcome = town.example(&["A028"]);
    let parts = outcome["parameter"].as_array_mut().expect("there are some");
    parts.truncate(2);
    parts[0]["valueCoding"]["code"] = json!("RETURN_TO_REFERRER_WITH_ADVICE");
    let returned =
        town.call("imaging", &["A028", "--ubrn", &ubrn, "--at", &version(&referral)], Some(&outcome));
    assert_eq!(state(&returned), "TRIAGE_RESPONSE");
}

#[test]
fn a_login_is_printed_told_and_forgotten() {
    let town = Town::new("local-login");
    town.log_in();
    for who in ["practice", "clinic", "imaging"] {
        let status = town.run(&["auth", "status", "--as", who], b"", &[]);
        assert!(
            status.status == 0 && status.out.contains("the token is valid for "),
            "{}{}",
            status.out,
            status.err
        );
        let token = town.run(&["auth", "token", "--as", who], b"", &[]);
        assert_eq!((token.status, token.out.trim().len()), (0, 43), "{}", token.err);
        let logout = town.run(&["auth", "logout", "--as", who], b"", &[]);
        assert_eq!((logout.status, logout.out.as_str()), (0, "logged out\n"));
        assert_eq!(town.run(&["auth", "status", "--as", who], b"", &[]).status, 1);
    }
    let token = town.run(&["auth", "token", "--as", "practice"], b"", &[]);
    assert!(token.status == 2 && token.err.contains("ers-fhir auth login"), "{}", token.err);
    let wrong = town.run(&["auth", "login", "--as", "imaging"], b"", &[("ERS_FHIR_API_KEY", "somebody")]);
    assert!(wrong.status == 2 && wrong.err.contains("401"), "{}", wrong.err);
    let again = town.run(&["auth", "key", "key-2", "-o", "key.pem"], b"", &[]);
    assert!(again.status == 2 && again.out.is_empty(), "a key is not written over: {}", again.err);
    let open = [
        "call",
        "A004",
        "--list",
        "PRIORITY",
        "--env",
        &town.service.url,
        "--role",
        "REFERRING_CLINICIAN",
        "--organisation",
        "X26",
    ];
    let refused = town.run(&open, b"", &[]);
    assert!(refused.status == 1 && refused.err.contains("401"), "{}", refused.err);
}

#[test]
fn who_lets_everybody_in_is_called_without_a_login() {
    let folder = folder("local-open");
    let service = Mock::start(&folder, &[]);
    let url = &service.url;
    // As live, and as the sandbox has it.
    for place in [url.clone(), url.replace("/referrals/FHIR", "/FHIR")] {
        let args = [
            "call",
            "A004",
            "--list",
            "PRIORITY",
            "--env",
            &place,
            "--role",
            "REFERRING_CLINICIAN",
            "--organisation",
            "X26",
        ];
        let done = ers_fhir(&folder, &args);
        assert!(done.status == 0 && done.out.contains("CodeSystem"), "{}", done.err);
    }
    let _ = fs::remove_dir_all(folder);
}
