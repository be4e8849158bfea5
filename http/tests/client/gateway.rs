//! A gateway: sockets, requests as they came, and answers as a test wants them, good or hostile.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Got {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The fields of a form.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        let decoded = |text: &str| {
            let mut out = Vec::new();
            let mut rest = text.bytes();
            while let Some(byte) = rest.next() {
                match byte {
                    b'%' => {
                        let pair = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                        let pair = std::str::from_utf8(&pair).unwrap_or("00").to_owned();
                        out.push(u8::from_str_radix(&pair, 16).unwrap_or(0));
                    }
                    b'+' => out.push(b' '),
                    byte => out.push(byte),
                }
            }
            String::from_utf8_lossy(&out).into_owned()
        };
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
    }

    pub(crate) fn field(&self, name: &str) -> Option<String> {
        self.form().into_iter().find(|(given, _)| given == name).map(|(_, value)| value)
    }
}

/// What comes back.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Status, headers, body.
    Answer(u16, Vec<(String, String)>, Vec<u8>),
    /// These bytes, and then the end of the connection.
    Raw(Vec<u8>),
    /// The end of the connection.
    Gone,
    /// Nothing, for so long.
    Silence(Duration),
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::Answer(status, Vec::new(), Vec::new())
    }

    pub(crate) fn json(status: u16, body: impl Into<String>) -> Self {
        let headers = vec![("Content-Type".to_owned(), "application/fhir+json".to_owned())];
        Self::Answer(status, headers, body.into().into_bytes())
    }

    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        match self {
            Self::Answer(status, mut headers, body) => {
                headers.push((name.to_owned(), value.to_owned()));
                Self::Answer(status, headers, body)
            }
            other => other,
        }
    }
}

type Handler = dyn Fn(&Got) -> Reply + Send + Sync;

/// A server that answers until the test ends.
#[derive(Clone)]
pub(crate) struct Gateway {
    pub(crate) address: SocketAddr,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Gateway {
    pub(crate) fn start(handler: impl Fn(&Got) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        let got = Arc::new(Mutex::new(Vec::new()));
        let (heard, handler): (_, Arc<Handler>) = (got.clone(), Arc::new(handler));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (heard, handler) = (heard.clone(), handler.clone());
                std::thread::spawn(move || serve(stream, &heard, &*handler));
            }
        });
        Self { address, got }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/referrals/FHIR", self.address)
    }

    /// All that came.
    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().expect("no thread fails").clone()
    }

    /// The received requests, except those to the token service.
    pub(crate) fn calls(&self) -> Vec<Got> {
        self.got().into_iter().filter(|got| !got.target.starts_with("/oauth2/")).collect()
    }

    /// What the token service was asked.
    pub(crate) fn logins(&self) -> Vec<Got> {
        self.got().into_iter().filter(|got| got.path() == "/oauth2/token").collect()
    }
}

fn serve(mut stream: TcpStream, heard: &Mutex<Vec<Got>>, handler: &Handler) {
    let mut rest = Vec::new();
    while let Some(got) = read(&mut stream, &mut rest) {
        heard.lock().expect("no thread fails").push(got.clone());
        match handler(&got) {
            Reply::Answer(status, headers, body) => {
                let mut text = format!("HTTP/1.1 {status} Some\r\n");
                for (name, value) in &headers {
                    text.extend([name, ": ", value, "\r\n"]);
                }
                let is_said = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length"));
                if !is_said {
                    text.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
                }
                text.push_str("\r\n");
                let body = if got.method == "HEAD" { Vec::new() } else { body };
                if stream.write_all(text.as_bytes()).and_then(|()| stream.write_all(&body)).is_err() {
                    return;
                }
            }
            Reply::Raw(bytes) => {
                let _ = stream.write_all(&bytes);
                return;
            }
            Reply::Silence(long) => {
                std::thread::sleep(long);
                return;
            }
            Reply::Gone => return,
        }
    }
}

fn read(stream: &mut TcpStream, rest: &mut Vec<u8>) -> Option<Got> {
    let mut part = vec![0; 65536];
    let end = loop {
        if let Some(end) = rest.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
        rest.extend_from_slice(&part[..read]);
    };
    let head = String::from_utf8_lossy(&rest[..end]).into_owned();
    rest.drain(..end + 4);
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let pairs = lines.filter_map(|line| line.split_once(':'));
    let headers = pairs.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    let mut got = Got { method, target, headers, body: Vec::new() };
    let length: usize = got.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while rest.len() < length {
        let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
        rest.extend_from_slice(&part[..read]);
    }
    got.body = rest.drain(..length).collect();
    Some(got)
}
