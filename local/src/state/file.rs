//! Files that were uploaded, and what they are attached to.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::code::codes;
use crate::moment::Moment;

codes! {
    /// Whether a file can be fetched.
    Availability {
        /// It can.
        Available = "AVAILABLE", "";
        /// It is being looked at.
        Pending = "PENDING", "";
        /// It is not what it was said to be.
        ValidationFailed = "VALIDATION_FAILED", "";
        /// There is something dangerous in it.
        ThreatsFound = "THREATS_FOUND", "";
    }
}

codes! {
    /// What a file is to the request that it is attached to.
    DocumentKind {
        /// Of the referrer.
        Referrer = "REFERRER", "Referrer";
        /// Of the provider.
        Provider = "PROVIDER", "Provider";
        /// Of a question.
        AdviceRequest = "ADVICE_REQUEST", "Advice Request";
        /// Of an answer.
        GuidanceResponse = "GUIDANCE_RESPONSE", "Guidance Response";
    }
}

/// What comes of the look at a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Scan {
    /// When that is known.
    pub done: Moment,
    /// What it will be.
    pub outcome: Availability,
}

/// What a file is attached to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Link {
    /// The request.
    pub ubrn: String,
    /// What it is to it.
    pub kind: DocumentKind,
    /// What the uploader says of it.
    pub description: Option<String>,
    /// When it was attached.
    pub indexed: Moment,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct File {
    /// Its UUID.
    pub id: String,
    /// The number of its `DocumentReference`.
    pub number: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// How many bytes.
    pub size: u64,
    /// Who uploaded it, by SDS user id.
    pub uploader: String,
    /// For whom, where that is another.
    pub on_behalf_of: Option<String>,
    /// Their organisation.
    pub organisation: String,
    /// The request that it was uploaded for.
    pub referral: Option<String>,
    /// When.
    pub uploaded: Moment,
    /// What the look at it brings.
    pub scan: Scan,
    /// What it is attached to.
    pub link: Option<Link>,
}

impl File {
    /// Whether it can be fetched at that moment.
    pub fn availability(&self, now: Moment) -> Availability {
        if now < self.scan.done { Availability::Pending } else { self.scan.outcome }
    }
}

/// The bytes of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct Content(pub Vec<u8>);

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Content({} bytes)", self.0.len())
    }
}

impl JsonSchema for Content {
    fn schema_name() -> Cow<'static, str> {
        "Content".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "contentEncoding": "base64" })
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&ers_fhir_values::base64::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = ers_fhir_values::base64::decode(&text);
        bytes.map(Self).map_err(|_| serde::de::Error::custom("the content of a file is not base64"))
    }
}
