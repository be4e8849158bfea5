//! A service on a free port, and a client that does exactly what a test wants of it.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use ers_fhir_http::{Config, Limits, Options, Running, Sources};
use serde_json::Value;

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The codes of the rules in an OperationOutcome.
    pub(crate) fn rules(&self) -> Vec<String> {
        let json = self.json();
        let issues = json["issue"].as_array().cloned().unwrap_or_default();
        let code = |issue: &Value| issue["details"]["coding"][0]["code"].as_str().map(str::to_owned);
        issues.iter().filter_map(code).collect()
    }
}

/// A service without settings.
pub(crate) fn service() -> Running {
    with(|_| ())
}

/// A service with other options.
pub(crate) fn with(change: impl FnOnce(&mut Options)) -> Running {
    let limits = Limits { drain: Duration::from_millis(100), ..Limits::default() };
    let mut options = Options { port: 0, logs_requests: false, limits, ..Options::default() };
    change(&mut options);
    start(Sources { config: Config::None, ..Sources::default() }, options)
}

pub(crate) fn start(sources: Sources, options: Options) -> Running {
    let running = Running::start(sources, options).expect("it starts");
    while !running.is_ready() {
        std::thread::sleep(Duration::from_millis(10));
    }
    running
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("it can be set");
    stream
}

/// The bytes of a request.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n").into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    if !body.is_empty() {
        bytes.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// Reads one answer; `None` where the connection ends before it is complete.
pub(crate) fn read(stream: &mut TcpStream) -> Option<Reply> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 << 10];
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        match stream.read(&mut buffer).ok()? {
            0 => return None,
            length => bytes.extend_from_slice(&buffer[..length]),
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let mut lines = text.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let pair = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    let headers: BTreeMap<String, String> = lines.filter_map(pair).collect();
    let length: usize = headers.get("content-length").map_or(0, |length| length.parse().unwrap_or(0));
    while bytes.len() < head + length {
        match stream.read(&mut buffer).ok()? {
            0 => return None,
            length => bytes.extend_from_slice(&buffer[..length]),
        }
    }
    Some(Reply { status, headers, body: bytes[head..].to_vec() })
}

pub(crate) fn ask(
    service: &Running,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    let mut stream = connect(service.address());
    stream.write_all(&request(method, path, headers, body)).expect("it is sent");
    read(&mut stream).unwrap_or_else(|| panic!("{method} {path} is answered"))
}

pub(crate) fn post(service: &Running, path: &str, body: &str) -> Reply {
    ask(service, "POST", path, &[("Content-Type", "application/fhir+json")], body.as_bytes())
}

pub(crate) fn get(service: &Running, path: &str) -> Reply {
    ask(service, "GET", path, &[], b"")
}

/// A good request of A011, by a referring clinician.
pub(crate) fn request_of_a011() -> String {
    use ers_fhir_ers::example::{callers, good};
    let create = ers_fhir_ers::service::find("A011").next().expect("it is there");
    String::from_utf8(good(create, callers(create)[0], 0).call.body).expect("it is text")
}
