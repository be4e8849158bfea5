//! Starts a local e-RS with many referrals, makes calls of all kinds over loopback, and says how fast they were answered.
//!
//! ```sh
//! cargo run --release -p ers-fhir-http --features mock --example mixed -- 100000 40000 16
//! ```
//!
//! Referrals, calls, connections. Of twenty calls nine read a referral, four ask for free slots, two for a worklist of a
//! practice or a service, one for reference data, and four change something: create a referral, book it, read it, cancel it.
//! The service and its callers share the machine.

#![expect(clippy::print_stdout, reason = "it is a tool")]

mod loopback;

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fmt::Write;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use ers_fhir_http::{LocalErs, MockOptions};
use ers_fhir_local::england;
use loopback::Seen;
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// Maximum running time.
const LONGEST: Duration = Duration::from_mins(5);

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<u64> = env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    let number = |at: usize, usual: u64| args.get(at).copied().unwrap_or(usual);
    let (referrals, calls, connections) = (number(0, 100_000), number(1, 40_000), number(2, 16).max(1));
    let size = u32::try_from(referrals)?.max(5000);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let begun = Instant::now();
        let options = MockOptions { seed: england().grown(size), ..MockOptions::default() };
        let service = LocalErs::with(options).await?;
        println!("{size} referrals; it answers {:.2} s after it was started", begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        let all: Vec<_> = (0..connections)
            .map(|place| {
                let calls = calls / connections + u64::from(place < calls % connections);
                tokio::spawn(Client::new(service.address(), size, place).run(calls))
            })
            .collect();
        let mut seen = Seen::default();
        let mut kinds: BTreeMap<&str, Seen> = BTreeMap::new();
        for one in all {
            for (kind, one) in one.await? {
                kinds.entry(kind).or_default().add(Seen { micros: one.micros.clone(), ..Seen::default() });
                seen.add(one);
            }
        }
        let took = begun.elapsed();
        for (kind, mut seen) in kinds {
            seen.micros.sort_unstable();
            println!("{kind}: {} answers, ms: {}", seen.micros.len(), seen.quantiles());
        }
        seen.tell(took);
        service.stop().await;
        Ok(())
    })
}

/// A caller with one connection.
struct Client {
    address: SocketAddr,
    referrals: u32,
    dice: u64,
    /// Referrals of the practice, as references.
    own: Vec<String>,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
    seen: BTreeMap<&'static str, Seen>,
}

/// Who works for the first practice, and for the first provider.
const REFERRER: [(&str, &str); 2] =
    [("NHSD-End-User-Organisation-ODS", "ZP0001"), ("NHSD-eRS-Business-Function", "REFERRING_CLINICIAN")];
const PROVIDER: [(&str, &str); 2] = [
    ("NHSD-End-User-Organisation-ODS", "ZH0001"),
    ("NHSD-eRS-Business-Function", "SERVICE_PROVIDER_CLINICIAN"),
];

impl Client {
    fn new(address: SocketAddr, referrals: u32, place: u64) -> Self {
        let (buffer, seen) = (Vec::with_capacity(1 << 20), BTreeMap::new());
        Self { address, referrals, dice: place + 1, own: Vec::new(), stream: None, buffer, seen }
    }

    /// The next number, below that.
    fn throw(&mut self, below: u64) -> u64 {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % below.max(1)
    }

    async fn run(mut self, calls: u64) -> BTreeMap<&'static str, Seen> {
        let end = Instant::now() + LONGEST;
        let mut made = 0;
        while made < calls && Instant::now() < end {
            made += match self.throw(17) {
                0..9 => self.read().await,
                9..13 => self.slots().await,
                13 => self.practice_list().await,
                14 => self.service_list().await,
                15 => self.reference_data().await,
                _ => self.pathway().await,
            };
        }
        self.seen
    }

    /// Makes a call; what came back.
    async fn call(
        &mut self,
        kind: &'static str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Value {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let address = self.address;
        let mut request = format!("{method} /referrals/FHIR{path} HTTP/1.1\r\nHost: {address}\r\n");
        for (name, value) in headers {
            let _infallible = write!(request, "{name}: {value}\r\n");
        }
        if !body.is_empty() {
            request.push_str("Content-Type: application/fhir+json\r\n");
        }
        let _infallible = write!(request, "Content-Length: {}\r\n\r\n{body}", body.len());
        let seen = self.seen.entry(kind).or_default();
        if self.stream.is_none() {
            let Ok(stream) = TcpStream::connect(address).await else {
                seen.refused += 1;
                return Value::Null;
            };
            let _ = stream.set_nodelay(true);
            self.stream = Some(stream);
        }
        let Some(stream) = &mut self.stream else { return Value::Null };
        let begun = Instant::now();
        let Ok(Some(answer)) = loopback::ask(stream, request.as_bytes(), &mut self.buffer).await else {
            seen.lost += 1;
            self.stream = None;
            return Value::Null;
        };
        seen.micros.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        *seen.statuses.entry(answer.status).or_default() += 1;
        if answer.closes {
            self.stream = None;
        }
        // Only a small part of it is needed.
        if matches!(kind, "create" | "slots" | "book" | "own referrals") {
            let head = self.buffer.windows(4).position(|window| window == b"\r\n\r\n");
            let body = self.buffer.get(head.map_or(0, |head| head + 4)..).unwrap_or_default();
            return serde_json::from_slice(body).unwrap_or_default();
        }
        Value::Null
    }

    async fn read(&mut self) -> u64 {
        if self.own.is_empty() {
            self.learn().await;
        }
        let at = self.throw(self.own.len() as u64) as usize;
        let Some(path) = self.own.get(at).map(|own| format!("/STU3/{own}")) else { return 1 };
        self.call("read", "GET", &path, &REFERRER, None).await;
        1
    }

    /// Finds the referrals of the practice, the only ones that it may read.
    async fn learn(&mut self) {
        let body = parameters("eRS-FetchWorklist-Parameters-1", &[selector("AWAITING_BOOKING")]);
        let list = self.call("own referrals", "POST", LISTS, &REFERRER, Some(body)).await;
        let entries = list["entry"].as_array().into_iter().flatten();
        let referrals = entries.filter_map(|entry| entry["item"]["reference"].as_str());
        self.own = referrals
            .map(|reference| reference.split("/_history").next().unwrap_or(reference).to_owned())
            .collect();
    }

    /// Free slots of one of the services that are booked directly.
    async fn slots_of(&mut self, service: u64) -> Value {
        let path = format!(
            "/STU3/Slot?schedule.actor:HealthcareService={service}&appointmentType=ROUTINE&status=free&_count=10&page=1"
        );
        let [organisation, function] = REFERRER;
        let headers = [organisation, function, ("NHSD-eRS-Comm-Rule-Org", "ZP0001")];
        self.call("slots", "GET", &path, &headers, None).await
    }

    async fn slots(&mut self) -> u64 {
        let service = self.direct_service();
        self.slots_of(service).await;
        1
    }

    fn direct_service(&mut self) -> u64 {
        let providers = u64::from(self.referrals.div_ceil(5000));
        1_000_010 + self.throw(providers) * 10 + self.throw(3) * 2
    }

    async fn practice_list(&mut self) -> u64 {
        let body = parameters("eRS-FetchWorklist-Parameters-1", &[selector("AWAITING_BOOKING")]);
        self.call("list of a practice", "POST", LISTS, &REFERRER, Some(body)).await;
        1
    }

    async fn service_list(&mut self) -> u64 {
        let service = json!({ "name": "service", "valueIdentifier": {
            "system": "http://fhir.nhs.net/Id/ers-service", "value": (1_000_010 + self.throw(9)).to_string(),
        } });
        let body = parameters("eRS-FetchWorklist-Parameters-1", &[selector("REFERRALS_FOR_REVIEW"), service]);
        self.call("list of a service", "POST", LISTS, &PROVIDER, Some(body)).await;
        1
    }

    async fn reference_data(&mut self) -> u64 {
        self.call("reference data", "GET", "/STU3/CodeSystem/PRIORITY", &REFERRER, None).await;
        1
    }

    /// A referral is created, booked, read and cancelled.
    async fn pathway(&mut self) -> u64 {
        let service = self.direct_service();
        let free = self.slots_of(service).await;
        let place = usize::try_from(self.throw(10)).unwrap_or_default();
        let slot = free["entry"][place]["resource"].clone();
        let body = creation(&service.to_string());
        let path = "/STU3/ReferralRequest/$ers.createReferral";
        let referral = self.call("create", "POST", path, &REFERRER, Some(body)).await;
        let ubrn = referral["id"].as_str().unwrap_or_default().to_owned();
        let booking = booking(&referral, &service.to_string(), &slot);
        // Somebody else may have taken the slot.
        self.call("book", "POST", "/STU3/Appointment", &REFERRER, Some(booking)).await;
        let path = format!("/STU3/ReferralRequest/{ubrn}");
        self.call("read", "GET", &path, &REFERRER, None).await;
        let version = if slot.is_null() { 3 } else { 5 };
        let version = format!("W/\"{version}\"");
        let [organisation, function] = REFERRER;
        let headers = [organisation, function, ("If-Match", version.as_str())];
        let path = format!("{path}/$ers.cancelReferral");
        self.call("cancel", "POST", &path, &headers, Some(cancellation())).await;
        5
    }
}

const LISTS: &str = "/STU3/ReferralRequest/$ers.fetchworklist";

fn profiled(name: &str) -> Value {
    json!({ "profile": [format!("https://fhir.nhs.uk/STU3/StructureDefinition/{name}")] })
}

fn parameters(profile: &str, parts: &[Value]) -> Value {
    json!({ "resourceType": "Parameters", "meta": profiled(profile), "parameter": parts })
}

fn coded(name: &str, list: &str, code: &str) -> Value {
    json!({ "name": name, "valueCoding": { "system": format!("https://fhir.nhs.uk/STU3/CodeSystem/{list}"), "code": code } })
}

fn listed(name: &str, list: &str, code: &str) -> Value {
    let system = format!("https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/{list}");
    json!({ "name": name, "valueCoding": { "system": system, "code": code } })
}

fn selector(list: &str) -> Value {
    json!({ "name": "listType", "valueCodeableConcept": { "coding": [{
        "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReferralListSelector-1", "code": list,
    }] } })
}

/// Services with even numbers are for the skin.
fn creation(service: &str) -> Value {
    let criteria = [
        coded("priority", "eRS-Priority-1", "ROUTINE"),
        listed("specialty", "SPECIALTY", "DERMATOLOGY"),
        coded("clinicType", "eRS-ClinicType-1", "ECZEMA_AND_DERMATITIS"),
        json!({ "name": "ageAndGenderAppropriate", "valueBoolean": true }),
    ];
    let mut search = parameters("eRS-ServiceSearchCriteria-Parameters-1", &criteria);
    search["id"] = json!("criteria");
    let list = json!({
        "resourceType": "List",
        "meta": profiled("eRS-Shortlist-List-1"),
        "contained": [search],
        "extension": [{
            "url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-Shortlist-SearchCriteria-1",
            "valueReference": { "reference": "#criteria" },
        }],
        "status": "current",
        "mode": "snapshot",
        "entry": [{ "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": service } } }],
    });
    parameters(
        "eRS-CreateReferral-Parameters-1",
        &[
            json!({ "name": "patient", "valueIdentifier": { "system": "http://fhir.nhs.net/Id/nhs-number", "value": "9994827162" } }),
            json!({ "name": "shortlist", "resource": list }),
            coded("intentionToAddReferralLetter", "eRS-ReferralLetterIntention-1", "NOT_INTENDING_TO_ADD"),
            json!({ "name": "firstReminderLetterFollowUpDays", "valueUnsignedInt": 7 }),
        ],
    )
}

fn booking(referral: &Value, service: &str, slot: &Value) -> Value {
    let (ubrn, version) = (referral["id"].as_str(), referral["meta"]["versionId"].as_str());
    let (ubrn, version) = (ubrn.unwrap_or_default(), version.unwrap_or_default());
    let participant = |system: &str, value: &str| json!({ "actor": { "identifier": { "system": system, "value": value } }, "status": "accepted" });
    json!({
        "resourceType": "Appointment",
        "id": "appointment",
        "meta": { "profile": [
            "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Appointment-1",
            "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Appointment-1",
        ] },
        "language": "en",
        "description": "e-Referral Appointment",
        "status": "booked",
        "start": slot["start"],
        "end": slot["end"],
        "slot": [{ "reference": format!("Slot/{}", slot["id"].as_str().unwrap_or_default()) }],
        "incomingReferral": [{ "reference": format!("ReferralRequest/{ubrn}/_history/{version}") }],
        "participant": [
            participant("http://fhir.nhs.net/Id/ers-service", service),
            participant("http://fhir.nhs.net/Id/nhs-number", "9994827162"),
        ],
    })
}

fn cancellation() -> Value {
    parameters(
        "eRS-CancelReferral-Request-Parameters-1",
        &[
            listed(
                "cancellationReason",
                "REFERRAL-CANCELLATION-REASON",
                "PATIENT_REQUEST_CANCELLATION_OTHER",
            ),
            json!({ "name": "cancellationComments", "valueString": "Moved." }),
        ],
    )
}
