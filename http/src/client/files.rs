//! Streamed uploads and downloads.

use std::fmt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use ers_fhir_ers::service::Header;
use ers_fhir_model::identifiers::Ubrn;
use reqwest::Url;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};

use super::environment::is_private;
use super::error::{Error, Phase, Unreachable};
use super::failure::Failure;
use super::network::words;
use super::reply::{Incoming, Reply, texts};
use super::request::{Payload, Request};

/// How often a download may be redirected.
const MOST_REDIRECTS: usize = 3;

/// The longest name that a file is given.
const LONGEST_NAME: usize = 120;

/// A file to be uploaded (A020). Its name, type and size are checked against the rules before anything is sent.
#[derive(Debug, Clone)]
pub struct Upload {
    name: String,
    media_type: String,
    payload: Payload,
    referral: Option<Ubrn>,
}

impl Upload {
    /// A file in memory.
    pub fn new(name: impl Into<String>, media_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let payload = Payload::Bytes(bytes.into());
        Self { name: name.into(), media_type: media_type.into(), payload, referral: None }
    }

    /// A file on disk, which is read while it is sent; its type follows from the extension of its name.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub async fn from_file(path: impl Into<PathBuf>) -> std::io::Result<Self> {
        let path = path.into();
        let length = tokio::fs::metadata(&path).await?.len();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let media_type = media_type_of(&name).unwrap_or("application/octet-stream").to_owned();
        Ok(Self { name, media_type, payload: Payload::File(path, length), referral: None })
    }

    /// Sets the name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the media type.
    #[must_use]
    pub fn of_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = media_type.into();
        self
    }

    /// For attachment to an existing referral or advice request.
    #[must_use]
    pub fn to(mut self, referral: Ubrn) -> Self {
        self.referral = Some(referral);
        self
    }

    pub(super) fn into_request(self, request: Request) -> Request {
        let request = request.header(Header::FILE_NAME.name, self.name);
        let request = match self.referral {
            Some(referral) => request.header(Header::REFERRAL.name, referral.to_string()),
            None => request,
        };
        request.file(&self.media_type, self.payload)
    }
}

/// The media type that the service has for the extension of a name.
pub fn media_type_of(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    ers_fhir_ers::service::media_type_of(extension)
}

/// The address of an uploaded file (A020), with which to attach it: `Binary/<id>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// `Binary/<id>`.
    pub reference: String,
}

pub(super) fn uploaded(reply: &Reply) -> Result<Uploaded, Error> {
    let none = || reply.unreadable("does not say where the file is", None);
    let location = reply.header("Location").ok_or_else(none)?;
    let at = location.rfind("Binary/").ok_or_else(none)?;
    Ok(Uploaded { reference: location[at..].to_owned() })
}

/// A file that is being received.
pub struct Download {
    /// The name that the service gives it, made safe: no folders, no hidden file, nothing that a system rejects.
    pub name: Option<String>,
    /// Its media type.
    pub media_type: Option<String>,
    /// Its size in bytes, if declared.
    pub length: Option<u64>,
    reply: Reply,
    received: u64,
}

impl Download {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// If it breaks off, or ends before the announced number of bytes.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        let piece = self.reply.piece().await?;
        match &piece {
            Some(piece) => self.received += piece.len() as u64,
            None if self.length.is_some_and(|length| length != self.received) => {
                return Err(self.reply.unreadable("does not have as many bytes as it declares", None));
            }
            None => {}
        }
        Ok(piece)
    }

    /// Writes it, and returns its size in bytes.
    ///
    /// # Errors
    ///
    /// If it breaks off, or cannot be written.
    pub async fn write_to(mut self, writer: &mut (impl AsyncWrite + Unpin)) -> Result<u64, Error> {
        while let Some(piece) = self.piece().await? {
            writer.write_all(&piece).await?;
        }
        writer.flush().await?;
        Ok(self.received)
    }

    /// The whole file, up to a maximum size.
    ///
    /// # Errors
    ///
    /// If it is longer, or breaks off.
    pub async fn bytes(mut self, most: usize) -> Result<Bytes, Error> {
        self.reply.bytes(most).await
    }

    /// Writes it into a folder, under its name or that of `otherwise`; a file that is there already is not touched, and
    /// one that breaks off is removed.
    ///
    /// # Errors
    ///
    /// If it breaks off, or cannot be written.
    pub async fn write_into(self, folder: &Path, otherwise: &str) -> Result<PathBuf, Error> {
        let path = folder.join(self.name.as_deref().unwrap_or(otherwise));
        let mut file = tokio::fs::File::create_new(&path).await?;
        match self.write_to(&mut file).await {
            Ok(_) => Ok(path),
            Err(error) => {
                drop(file);
                // It is of no use; what matters is why it is missing.
                let _ = tokio::fs::remove_file(&path).await;
                Err(error)
            }
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { media_type, length, .. } = self;
        f.debug_struct("Download")
            .field("media_type", media_type)
            .field("length", length)
            .finish_non_exhaustive()
    }
}

pub(super) fn download(reply: Reply) -> Download {
    let name = reply.header("Content-Disposition").and_then(file_name);
    let media_type = reply.header("Content-Type").map(str::to_owned);
    let length = reply.header("Content-Length").and_then(|length| length.trim().parse().ok());
    Download { name, media_type, length, reply, received: 0 }
}

/// Fetches a file from the address that the service gives (A042). No token or header of the call is sent there.
pub(super) async fn elsewhere(reply: Reply, http: &reqwest::Client, base: &Url) -> Result<Download, Error> {
    let (endpoint, deadline, correlation_id) = (reply.endpoint, reply.deadline, reply.correlation_id.clone());
    let mut location = reply.header("Location").map(str::to_owned);
    let mut from = base.clone();
    for _ in 0..MOST_REDIRECTS {
        let none = || reply.unreadable("does not say where the file is", None);
        let url = location.as_deref().and_then(|location| from.join(location).ok()).ok_or_else(none)?;
        // A remote address has no say about this machine.
        if !is_private(&url) || (base.scheme() == "https" && url.scheme() != "https") {
            return Err(reply.unreadable("leads where anybody could read the file", None));
        }
        let response = fetch(&reply, http, &url, deadline).await?;
        let status = response.status().as_u16();
        let headers = texts(response.headers());
        if matches!(status, 301 | 302 | 303 | 307 | 308) {
            location = headers.into_iter().find(|(name, _)| name == "location").map(|(_, value)| value);
            from = url;
            continue;
        }
        if !response.status().is_success() {
            let (outcome, code, request_id, retry_after) = (None, None, None, None);
            let failure =
                Failure { endpoint, status, outcome, code, correlation_id, request_id, retry_after };
            return Err(Error::Failed(Box::new(failure)));
        }
        let body = Incoming::Stream(response);
        return Ok(download(Reply { endpoint, status, headers, correlation_id, body, deadline }));
    }
    Err(reply.unreadable("redirects too often", None))
}

async fn fetch(
    reply: &Reply,
    http: &reqwest::Client,
    url: &Url,
    deadline: Instant,
) -> Result<reqwest::Response, Error> {
    let unreachable = |phase, source| {
        let (endpoint, correlation_id) = (reply.endpoint, reply.correlation_id.clone());
        Error::Unreachable(Unreachable { endpoint, phase, correlation_id, source })
    };
    match timeout_at(deadline, http.get(url.clone()).send()).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => {
            let phase = if error.is_connect() { Phase::Connecting } else { Phase::Waiting };
            Err(unreachable(phase, Some(words(&error.without_url()).into())))
        }
        Err(_) => Err(unreachable(Phase::Whole, None)),
    }
}

/// The file name in a Content-Disposition, made safe.
fn file_name(disposition: &str) -> Option<String> {
    let parameters = disposition.split_once(';')?.1;
    let at = parameters.to_ascii_lowercase().find("filename=")?;
    let rest = parameters[at + "filename=".len()..].trim_start();
    let name = match rest.strip_prefix('"') {
        Some(quoted) => {
            let mut name = String::new();
            let mut letters = quoted.chars();
            while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
                name.push(if letter == '\\' { letters.next()? } else { letter });
            }
            name
        }
        None => rest.split(';').next().unwrap_or_default().trim().to_owned(),
    };
    safe(&name)
}

/// A safe file name: on every system, it names a file in the folder where it is written.
fn safe(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_odd = |letter: char| {
        letter.is_control() || "<>:\"|?*".contains(letter)
            // Marks that change the direction of writing, and so hide the extension of a name.
            || matches!(letter, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let plain: String = last.chars().map(|letter| if is_odd(letter) { '_' } else { letter }).collect();
    let plain = plain.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    let (stem, extension) = plain.rsplit_once('.').map_or((plain, ""), |(stem, extension)| (stem, extension));
    let is_device = {
        let device = plain.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
        let numbered = |name: &str| device.strip_prefix(name).is_some_and(|rest| rest.len() == 1);
        matches!(device.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
    };
    if plain.is_empty() {
        return None;
    }
    let stem: String = stem.chars().take(LONGEST_NAME).collect();
    let extension: String = extension.chars().take(10).collect();
    let prefix = if is_device { "_" } else { "" };
    Some(if extension.is_empty() { format!("{prefix}{stem}") } else { format!("{prefix}{stem}.{extension}") })
}

#[cfg(test)]
mod tests {
    use super::{file_name, media_type_of};

    #[test]
    fn names_are_one_file_in_the_folder() {
        for (disposition, name) in [
            ("attachment; filename=\"summary.pdf\"", Some("summary.pdf")),
            ("attachment; FileName=letter.txt; size=3", Some("letter.txt")),
            ("attachment; filename=\"../../etc/passwd\"", Some("passwd")),
            ("attachment; filename=\"C:\\\\Users\\\\x.doc\"", Some("x.doc")),
            ("attachment; filename=\"/absolute.pdf\"", Some("absolute.pdf")),
            ("attachment; filename=\".bashrc\"", Some("bashrc")),
            ("attachment; filename=\"a\\\"b.pdf\"", Some("a_b.pdf")),
            ("attachment; filename=\"con.txt\"", Some("_con.txt")),
            ("attachment; filename=\"fdp.\u{202e}exe.pdf\"", Some("fdp._exe.pdf")),
            ("attachment; filename=\"a, b.docx\"", Some("a, b.docx")),
            ("attachment; filename=\"..\"", None),
            ("attachment; filename=\"\"", None),
            ("attachment; filename=\"a/\"", None),
            ("attachment", None),
        ] {
            assert_eq!(file_name(disposition).as_deref(), name, "{disposition}");
        }
        let long = format!("attachment; filename=\"{}.pdf\"", "x".repeat(999));
        assert_eq!(file_name(&long).map(|name| name.len()), Some(124));
    }

    #[test]
    fn the_service_knows_types_by_what_names_end_in() {
        assert_eq!(media_type_of("letter.PDF"), Some("application/pdf"));
        assert_eq!(media_type_of("tune.wav"), None);
    }
}
