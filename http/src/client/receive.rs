//! Answers, read into their types.

use std::future::{Ready, ready};

use ers_fhir_model::runtime::{Json, ReadError, Value};
use serde::Deserialize;

use super::error::Error;
use super::files::{Download, Uploaded, download, uploaded};
use super::reply::{MOST_BYTES, Reply};
use super::version::{Version, Versioned};

/// A resource.
pub(super) async fn resource<T: Value>(mut reply: Reply) -> Result<T, Error> {
    let body = reply.bytes(MOST_BYTES).await?;
    read(&reply, &body)
}

/// A record and its version.
pub(super) async fn versioned<T: Value>(mut reply: Reply) -> Result<Versioned<T>, Error> {
    let body = reply.bytes(MOST_BYTES).await?;
    let record = read(&reply, &body)?;
    let version = reply.etag().or_else(|| version_in(&body));
    let version = version.ok_or_else(|| reply.unreadable("does not name its version", None))?;
    Ok(Versioned { record, version })
}

/// A version alone.
#[expect(clippy::needless_pass_by_value, reason = "what reads answers is called alike")]
pub(super) fn version(reply: Reply) -> Ready<Result<Version, Error>> {
    ready(reply.etag().ok_or_else(|| reply.unreadable("does not name its version", None)))
}

/// A file.
pub(super) fn file(reply: Reply) -> Ready<Result<Download, Error>> {
    ready(Ok(download(reply)))
}

/// Where an uploaded file is.
#[expect(clippy::needless_pass_by_value, reason = "what reads answers is called alike")]
pub(super) fn location(reply: Reply) -> Ready<Result<Uploaded, Error>> {
    ready(uploaded(&reply))
}

fn read<T: Value>(reply: &Reply, body: &[u8]) -> Result<T, Error> {
    T::from_json(body).map_err(|error: ReadError| reply.unreadable("cannot be read", Some(Box::new(error))))
}

/// `meta.versionId` of a resource.
fn version_in(body: &[u8]) -> Option<Version> {
    #[derive(Deserialize)]
    struct Head {
        meta: Meta,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Meta {
        version_id: String,
    }
    serde_json::from_slice::<Head>(body).ok()?.meta.version_id.parse().ok()
}
