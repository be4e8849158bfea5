//! Receiving bodies, with limits on size, memory and time.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::engine::Refusal;
use crate::gzip::{Unpackable, unpacked};
use crate::options::Limits;

/// The unit in which memory is counted.
const PIECE: usize = 4 << 10;
/// How much more of an oversized body is read, so that its sender receives the answer.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(500);

/// A body that has arrived, and its share of the memory.
#[derive(Debug)]
pub(super) struct Received {
    bytes: Vec<u8>,
    is_packed: bool,
    most: usize,
    memory: Arc<Semaphore>,
    share: Option<OwnedSemaphorePermit>,
}

/// The memory that all bodies share, in pieces.
pub(super) fn memory(limits: &Limits) -> Arc<Semaphore> {
    Arc::new(Semaphore::new((limits.memory / PIECE).clamp(1, Semaphore::MAX_PERMITS)))
}

/// Receives a body.
pub(super) async fn receive(
    headers: &HeaderMap,
    mut body: Body,
    limits: &Limits,
    memory: &Arc<Semaphore>,
) -> Result<Received, Refusal> {
    let is_packed = is_packed(headers)?;
    let told = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let told: Option<usize> = told;
    if told.is_some_and(|told| told > limits.body) {
        if !headers.contains_key(header::EXPECT) {
            pass_by(&mut body, limits.body).await;
        }
        return Err(too_large(limits.body));
    }
    let mut received =
        Received { bytes: Vec::new(), is_packed, most: limits.body, memory: Arc::clone(memory), share: None };
    received.reserve(told.unwrap_or(PIECE))?;
    received.bytes.reserve_exact(told.unwrap_or(0));
    let end = Instant::now() + limits.receive;
    loop {
        let frame = match timeout_at(end, body.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(None) => return Ok(received),
            Ok(Some(Err(_))) => return Err(Refusal::of_request("the body ends before it is complete")),
            Err(_) => {
                let text = format!("the body did not arrive within {} seconds", limits.receive.as_secs());
                return Err(Refusal { status: 408, code: "timeout", text });
            }
        };
        let Ok(data) = frame.into_data() else { continue };
        let length = received.bytes.len() + data.len();
        if length > limits.body {
            pass_by(&mut body, limits.body).await;
            return Err(too_large(limits.body));
        }
        received.reserve(length)?;
        received.bytes.extend_from_slice(&data);
    }
}

impl Received {
    /// How long it is, as it arrived.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The body, unpacked, and its share of the memory, to be held as long as the body.
    pub(super) fn unpacked(mut self) -> Result<(Vec<u8>, Option<OwnedSemaphorePermit>), Refusal> {
        if !self.is_packed {
            return Ok((self.bytes, self.share));
        }
        let bytes = unpacked(&self.bytes, self.most).map_err(|why| match why {
            Unpackable::TooLarge => too_large(self.most),
            Unpackable::Broken => Refusal::of_request("the body is not compressed as its headers say"),
        })?;
        let packed = std::mem::take(&mut self.bytes).len();
        self.reserve(bytes.len().max(packed))?;
        Ok((bytes, self.share))
    }

    /// Acquires a large enough share of the memory.
    fn reserve(&mut self, length: usize) -> Result<(), Refusal> {
        let pieces = length.div_ceil(PIECE).max(1);
        let held = self.share.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        if held >= pieces {
            return Ok(());
        }
        let more = u32::try_from(pieces - held).unwrap_or(u32::MAX);
        let more = Arc::clone(&self.memory).try_acquire_many_owned(more).map_err(|_| busy())?;
        match &mut self.share {
            Some(share) => share.merge(more),
            None => self.share = Some(more),
        }
        Ok(())
    }
}

/// The refusal of an overloaded service.
pub(super) fn busy() -> Refusal {
    Refusal { status: 503, code: "throttled", text: "the service is overloaded: try again later".to_owned() }
}

fn too_large(most: usize) -> Refusal {
    Refusal { status: 413, code: "too-long", text: format!("a body may have at most {most} bytes") }
}

/// Reads what is still coming, within bounds.
async fn pass_by(body: &mut Body, most: usize) {
    let end = Instant::now() + PATIENCE;
    let mut passed = 0;
    while passed <= most
        && let Ok(Some(Ok(frame))) = timeout_at(end, body.frame()).await
    {
        passed += frame.data_ref().map_or(0, Bytes::len);
    }
}

/// Whether a body is compressed.
fn is_packed(headers: &HeaderMap) -> Result<bool, Refusal> {
    let refused = |text: &str| Refusal { status: 415, code: "not-supported", text: text.to_owned() };
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if kind.to_ascii_lowercase().starts_with(b"multipart/") {
        return Err(refused("send the payload as the whole body, not as part of a form"));
    }
    match headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None => Ok(false),
        Some(coding) if coding.eq_ignore_ascii_case(b"identity") => Ok(false),
        Some(coding) if coding.eq_ignore_ascii_case(b"gzip") || coding.eq_ignore_ascii_case(b"x-gzip") => {
            Ok(true)
        }
        Some(_) => Err(refused("a body may be compressed with gzip only")),
    }
}
