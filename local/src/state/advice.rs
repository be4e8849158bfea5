//! Requests for advice and guidance, and their conversations.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::code::{Priority, codes};
use crate::moment::Moment;

codes! {
    /// Where an advice request stands.
    Category {
        /// The provider is to answer.
        ProviderResponseRequired = "PROVIDER_RESPONSE_REQUIRED", "";
        /// The provider has asked something.
        ReferrerToSubmitFurtherInformation = "REFERRER_TO_SUBMIT_FURTHER_INFORMATION", "";
        /// The provider has answered.
        ReferrerToReviewResponse = "REFERRER_TO_REVIEW_RESPONSE", "";
        /// The referrer has closed it.
        Closed = "CONVERSATION_ENDED_CLOSED", "";
        /// The referrer has cancelled it.
        Cancelled = "CONVERSATION_ENDED_CANCELLED", "";
        /// It has become a referral.
        Converted = "ADVICE_CONVERTED", "";
    }
}

impl Category {
    /// The status that goes with it.
    pub const fn status(self) -> &'static str {
        match self {
            Self::ProviderResponseRequired
            | Self::ReferrerToSubmitFurtherInformation
            | Self::ReferrerToReviewResponse => "active",
            Self::Closed | Self::Converted => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the conversation goes on.
    pub fn is_active(self) -> bool {
        self.status() == "active"
    }
}

codes! {
    /// Who sent a message.
    SentBy {
        /// The referrer.
        Requester = "REQUESTER", "";
        /// The provider.
        Responder = "RESPONDER", "";
        /// The service, for a referrer who changed the clinical information.
        ClinicalInformationUpdated = "REFERRER_CLINICAL_INFORMATION_UPDATED", "";
    }
}

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Message {
    /// Its id.
    pub id: String,
    /// Who sent it.
    pub sent_by: SentBy,
    /// The user at the keyboard, what they work as, and where.
    pub sender: Author,
    /// The clinician who is responsible for it.
    pub responsible: Author,
    /// The text.
    pub text: String,
    /// When.
    pub sent: Moment,
    /// The files that came with it, by UUID.
    pub documents: Vec<String>,
}

/// A user, what they work as, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Author {
    /// SDS user id.
    pub user: String,
    /// ODS code.
    pub organisation: String,
    /// Business function.
    pub function: String,
}

/// A request for advice and guidance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AdviceRequest {
    /// Its number.
    pub ubrn: String,
    /// Its version.
    pub version: u64,
    /// The UUID by which it is known besides.
    pub uuid: String,
    /// Where it stands.
    pub category: Category,
    /// How soon.
    pub priority: Priority,
    /// The parameters of the search for services.
    pub criteria: Arc<Value>,
    /// The service that is asked.
    pub service: String,
    /// The specialty of that service.
    pub specialty: String,
    /// The patient, by NHS number.
    pub patient: String,
    /// Who asks.
    pub requester: Author,
    /// Who typed it.
    pub sender: Author,
    /// Whether the provider may make a referral of it.
    pub may_be_converted: bool,
    /// The conversation, the oldest message first.
    pub messages: Vec<Message>,
    /// When it was created.
    pub created: Moment,
    /// When it was changed last.
    pub changed: Moment,
}

impl AdviceRequest {
    /// The reference to it in its version.
    pub fn versioned(&self) -> String {
        format!("CommunicationRequest/{}/_history/{}", self.ubrn, self.version)
    }

    /// The files of the whole conversation, by UUID.
    pub fn documents(&self) -> Vec<String> {
        self.messages.iter().flat_map(|message| message.documents.iter().cloned()).collect()
    }
}
