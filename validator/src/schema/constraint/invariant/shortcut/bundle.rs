//! Bundle: requests, responses and full URLs of its entries.

use std::borrow::Cow;

use ers_fhir_tree::{Name, Node};
use rustc_hash::FxHashSet;

use super::look::{Table, has, text};
use crate::check::name;

const ENTRY: Name = Name::known("entry");
const FULL_URL: Name = Name::known("fullUrl");
const REQUEST: Name = Name::known("request");
const RESOURCE: Name = Name::known("resource");
const RESPONSE: Name = Name::known("response");
const VERSION_ID: Name = Name::known("versionId");

pub(super) const TABLE: Table = &[
    // STU3
    ("entry.request.empty()ortype='batch'ortype='transaction'ortype='history'", bdl_3_stu3),
    ("entry.response.empty()ortype='batch-response'ortype='transaction-response'", bdl_4_stu3),
    ("entry.where(fullUrl).select(fullUrl&resource.meta.versionId).isDistinct()", bdl_7),
    // R4
    (
        "entry.all(request.exists()=(%resource.type='batch'or%resource.type='transaction'or%resource.type='history'))",
        bdl_3,
    ),
    (
        "entry.all(response.exists()=(%resource.type='batch-response'or%resource.type='transaction-response'or%resource.type='history'))",
        bdl_4,
    ),
    (
        "(type='history')orentry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()",
        bdl_7,
    ),
];

/// Entries have requests in exactly those types of Bundle that request something.
fn bdl_3(bundle: Node<'_>) -> bool {
    all_or_none(bundle, REQUEST, |kind| matches!(kind, "batch" | "transaction" | "history"))
}

/// Entries have responses in exactly those types of Bundle that respond to something.
fn bdl_4(bundle: Node<'_>) -> bool {
    all_or_none(bundle, RESPONSE, |kind| {
        matches!(kind, "batch-response" | "transaction-response" | "history")
    })
}

fn all_or_none(bundle: Node<'_>, part: Name, is_wanted: impl Fn(&str) -> bool) -> bool {
    let Some(is_wanted) = text(bundle, name::TYPE).map(is_wanted) else { return false };
    bundle.named(ENTRY).all(|entry| has(entry, part) == is_wanted)
}

fn bdl_3_stu3(bundle: Node<'_>) -> bool {
    matches!(text(bundle, name::TYPE), Some("batch" | "transaction" | "history")) || none_has(bundle, REQUEST)
}

fn bdl_4_stu3(bundle: Node<'_>) -> bool {
    matches!(text(bundle, name::TYPE), Some("batch-response" | "transaction-response"))
        || none_has(bundle, RESPONSE)
}

fn none_has(bundle: Node<'_>, part: Name) -> bool {
    !bundle.named(ENTRY).any(|entry| has(entry, part))
}

/// No fullUrl occurs twice with the same version.
fn bdl_7(bundle: Node<'_>) -> bool {
    let mut seen = FxHashSet::default();
    bundle.named(ENTRY).filter(|entry| has(*entry, FULL_URL)).all(|entry| {
        let meta = entry.child(RESOURCE).and_then(|resource| resource.child(name::META));
        let version = meta.filter(|meta| has(*meta, VERSION_ID)).map(|meta| text(meta, VERSION_ID));
        match (text(entry, FULL_URL), version) {
            (Some(url), None) => seen.insert(Cow::Borrowed(url)),
            (Some(url), Some(Some(version))) => seen.insert(Cow::Owned(format!("{url}{version}"))),
            _ => false,
        }
    })
}
