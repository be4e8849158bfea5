//! Registries that tests start: real sockets on this machine, and packages that are made here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ers_fhir_values::base64;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha512};
use tar::{Builder, Header};

/// What a registry answers.
#[derive(Clone)]
pub(crate) enum Answer {
    /// A status, a content type and a body.
    Body(u16, &'static str, Vec<u8>),
    /// A redirect.
    To(String),
    /// The body drips, a byte each tenth of a second.
    Drip(Vec<u8>),
    /// The body without end.
    Endless,
    /// Less than it announces.
    Short(Vec<u8>),
}

/// What a registry was asked: path, and the header `authorization`.
pub(crate) type Asked = (String, Option<String>);

/// A registry that runs until it is dropped.
pub(crate) struct Registry {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Registry {
    /// A registry that answers each path as it is told; others are not found.
    pub(crate) fn start(answer: impl Fn(&str, &str) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let ends = Arc::new(AtomicBool::new(false));
        let (log, end, own) = (Arc::clone(&asked), Arc::clone(&ends), address.clone());
        let answer = Arc::new(answer);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if end.load(Ordering::SeqCst) {
                    break;
                }
                let (log, own, answer) = (Arc::clone(&log), own.clone(), Arc::clone(&answer));
                let serve = move |stream| serve(stream, &log, |path| answer(path, &own));
                let _ = stream.map(|stream| thread::spawn(move || serve(stream)));
            }
        });
        Self { address, asked, ends, thread: Some(thread) }
    }

    /// A registry in the manner of npm: lists with tags, archives and hashes.
    pub(crate) fn npm(packages: Vec<Made>) -> Self {
        Self::start(move |path, own| npm(&packages, path, own))
    }

    /// A registry in the manner of FHIR's: lists without hashes, and archives at `/<name>/<version>`.
    pub(crate) fn fhir(packages: Vec<Made>) -> Self {
        Self::start(move |path, _| {
            if let Some(made) =
                packages.iter().find(|made| path == format!("/{}/{}", made.name, made.version))
            {
                return Some(Answer::Body(200, "application/gzip", made.archive.clone()));
            }
            let named: Vec<&Made> =
                packages.iter().filter(|made| path == format!("/{}", made.name)).collect();
            let entry = |made: &&Made| format!(r#""{}":{{"name":"{}"}}"#, made.version, made.name);
            let entries: Vec<String> = named.iter().map(entry).collect();
            let latest = named.last()?.version;
            let json =
                format!(r#"{{"versions":{{{}}},"dist-tags":{{"latest":"{latest}"}}}}"#, entries.join(","));
            Some(Answer::Body(200, "application/json", json.into()))
        })
    }

    /// What it was asked.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("nobody panicked").clone()
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// What a registry in the manner of npm answers.
pub(crate) fn npm(packages: &[Made], path: &str, own: &str) -> Option<Answer> {
    let file = |made: &Made| format!("/{}/-/{}-{}.tgz", made.name, made.name, made.version);
    if let Some(made) = packages.iter().find(|made| path == file(made)) {
        return Some(Answer::Body(200, "application/octet-stream", made.archive.clone()));
    }
    let named: Vec<&Made> = packages.iter().filter(|made| path == format!("/{}", made.name)).collect();
    let mut entries = Vec::new();
    let mut tags: BTreeMap<&str, &str> = BTreeMap::new();
    for made in &named {
        let hash = base64::encode(&Sha512::digest(&made.archive));
        entries.push(format!(
            r#""{}":{{"dist":{{"tarball":"{own}{}","integrity":"sha512-{hash}"}}}}"#,
            made.version,
            file(made)
        ));
        tags.insert(if made.version.contains('-') { "next" } else { "latest" }, made.version);
    }
    named.first()?;
    let tags: Vec<String> = tags.iter().map(|(tag, version)| format!(r#""{tag}":"{version}""#)).collect();
    let json = format!(r#"{{"versions":{{{}}},"dist-tags":{{{}}}}}"#, entries.join(","), tags.join(","));
    Some(Answer::Body(200, "application/json", json.into()))
}

fn serve(mut stream: TcpStream, log: &Mutex<Vec<Asked>>, answer: impl Fn(&str) -> Option<Answer>) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let Ok(reading) = stream.try_clone() else { return };
    let mut lines = BufReader::new(reading).lines();
    let Some(Ok(first)) = lines.next() else { return };
    let Some(path) = first.split(' ').nth(1).map(str::to_owned) else { return };
    let mut secret = None;
    for line in lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("authorization")
        {
            secret = Some(value.to_owned());
        }
    }
    log.lock().expect("nobody panicked").push((path.clone(), secret));
    let answer = answer(&path).unwrap_or(Answer::Body(404, "application/json", b"{}".to_vec()));
    let head = |status: u16, length: usize, more: &str| {
        format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n")
    };
    // Whoever asked may be gone.
    let _ = match answer {
        Answer::Body(status, kind, body) => stream
            .write_all(head(status, body.len(), &format!("content-type: {kind}\r\n")).as_bytes())
            .and_then(|()| stream.write_all(&body)),
        Answer::To(location) => {
            stream.write_all(head(302, 0, &format!("location: {location}\r\n")).as_bytes())
        }
        Answer::Drip(body) => stream.write_all(head(200, body.len(), "").as_bytes()).and_then(|()| {
            body.iter().try_for_each(|byte| {
                thread::sleep(Duration::from_millis(100));
                stream.write_all(&[*byte])
            })
        }),
        Answer::Endless => stream.write_all(b"HTTP/1.1 200 X\r\nconnection: close\r\n\r\n").and_then(|()| {
            let junk = vec![b' '; 1 << 20];
            loop {
                stream.write_all(&junk)?;
            }
        }),
        Answer::Short(body) => stream
            .write_all(head(200, body.len() + 100, "").as_bytes())
            .and_then(|()| stream.write_all(&body)),
    };
    let _ = stream.flush().and_then(|()| stream.shutdown(std::net::Shutdown::Write));
    let _ = stream.read(&mut [0; 64]);
}

/// A package that was made for a test.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) archive: Vec<u8>,
}

/// Makes a package: what it depends on, and its files.
pub(crate) fn package(
    name: &'static str,
    version: &'static str,
    needs: &[(&str, &str)],
    files: &[(&str, &str)],
) -> Made {
    let mut list = String::new();
    for (name, version) in needs {
        let _ = write!(list, r#","{name}":"{version}""#);
    }
    let manifest = format!(
        r#"{{"name":"{name}","version":"{version}","fhirVersions":["4.0.1"],"dependencies":{{"hl7.fhir.r4.core":"4.0.1"{list}}}}}"#
    );
    let system = format!(
        r#"{{"resourceType":"CodeSystem","url":"http://example.org/{name}","version":"{version}","status":"active","content":"fragment"}}"#
    );
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let own = [("package.json", manifest.as_str()), ("CodeSystem-own.json", system.as_str())];
    for (file, text) in own.iter().chain(files) {
        let mut header = Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, format!("package/{file}"), text.as_bytes()).expect("an entry");
    }
    let archive = builder.into_inner().and_then(GzEncoder::finish).expect("an archive");
    Made { name, version, archive }
}
