//! Advice requests, and their messages.

use serde_json::{Map, Value, json};

use super::pen::Pen;
use super::piece::{
    NHS_NUMBER, ODS, SERVICE, USER, coding, concept, extension, identifier, named, priority, profiled,
    versioned,
};
use crate::state::{AdviceRequest, Author, Message, SentBy};

/// The id of a user's role: `555000111222.X26.REFERRING-CLINICIAN`.
pub(super) fn role_id(author: &Author) -> String {
    format!("{}.{}.{}", author.user, author.organisation, author.function.replace('_', "-"))
}

/// The same where it is contained. FHIR has no longer ids than 64 letters, and the pattern of the service can give longer ones,
/// of which the end is cut off here.
fn contained_role(author: &Author) -> String {
    let mut id = format!("PractitionerRole.{}", role_id(author));
    id.truncate(64);
    id
}

/// An extension that leads to a role.
fn by_role(name: &str, reference: String) -> Value {
    extension(
        name,
        "valueReference",
        Value::Object(Map::from_iter([("reference".to_owned(), Value::from(reference))])),
    )
}

/// The service that something goes to.
fn to_service(id: &str) -> Value {
    json!([{ "extension": [extension("HealthcareService-Reference", "valueReference", named(SERVICE, id))] }])
}

/// Where the roles and the documents of a message are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Around {
    /// In the message.
    Contained,
    /// Beside it, in a bundle.
    Beside,
}

/// A role as a resource of that id.
fn role(author: &Author, id: &str) -> Value {
    json!({
        "resourceType": "PractitionerRole",
        "id": id,
        "meta": { "profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-PractitionerRole-1"] },
        "practitioner": named(USER, &author.user),
        "organization": named(ODS, &author.organisation),
        "code": [concept(coding("eRS-BusinessFunction-1", &author.function, ""))],
    })
}

impl Pen<'_> {
    /// An advice request.
    pub(crate) fn advice(&self, advice: &AdviceRequest) -> Value {
        let mut contained =
            vec![self.criteria(&advice.criteria), self.shortlist(std::slice::from_ref(&advice.service))];
        contained.push(role(&advice.requester, &contained_role(&advice.requester)));
        if advice.sender != advice.requester {
            contained.push(role(&advice.sender, &contained_role(&advice.sender)));
        }
        let first = advice.messages.first().map(|message| message.documents.as_slice()).unwrap_or_default();
        let files = self.files(first);
        contained.extend(
            files.iter().map(|file| self.document(file, &format!("DocumentReference-{}", file.number))),
        );
        let authorisation =
            if advice.may_be_converted { "AUTHORISED_TO_CONVERT" } else { "NOT_AUTHORISED_TO_CONVERT" };
        let mut made = json!({
            "resourceType": "CommunicationRequest",
            "id": advice.ubrn,
            "meta": versioned("eRS-CommunicationRequest-1", advice.version),
            "contained": contained,
            "extension": [
                extension("eRS-ReferralShortlist", "valueReference", json!({ "reference": "#shortlist" })),
                extension("eRS-ReferralPriority", "valueCodeableConcept", priority(advice.priority)),
                extension(
                    "eRS-ProviderConversionAuthorisation",
                    "valueCoding",
                    coding("eRS-ProviderConversionAuthorisation-1", authorisation, ""),
                ),
                extension("eRS-Specialty", "valueCoding", self.reference_data("SPECIALTY", &advice.specialty, true)),
            ],
            "identifier": [identifier("https://fhir.nhs.uk/Id/ers-request-id", &format!("a.{}", advice.uuid))],
            "status": advice.category.status(),
            "category": [concept(coding("eRS-AdviceAndGuidanceStatus-1", advice.category.code(), ""))],
            "subject": named(NHS_NUMBER, &advice.patient),
            "recipient": to_service(&advice.service),
            "sender": { "extension": [by_role("PractitionerRole-Reference", format!("#{}", contained_role(&advice.sender)))] },
            "requester": { "agent": {
                "extension": [by_role("PractitionerRole-Reference", format!("#{}", contained_role(&advice.requester)))],
            } },
        });
        if !files.is_empty() {
            let payload = files.iter().map(|file| {
                json!({ "contentReference": { "reference": format!("#DocumentReference-{}", file.number) } })
            });
            made["payload"] = payload.collect();
        }
        made
    }

    /// A message of a conversation.
    pub(crate) fn message(&self, advice: &AdviceRequest, message: &Message, around: Around) -> Value {
        let is_contained = around == Around::Contained;
        let author_at = |author: &Author| {
            if is_contained {
                format!("#{}", contained_role(author))
            } else {
                format!("PractitionerRole/{}", role_id(author))
            }
        };
        let recipient = match message.sent_by {
            SentBy::Responder => json!([named(ODS, &advice.requester.organisation)]),
            SentBy::Requester | SentBy::ClinicalInformationUpdated => to_service(&advice.service),
        };
        let files = self.files(&message.documents);
        let mut made = json!({
            "resourceType": "Communication",
            "id": message.id,
            "meta": profiled("eRS-Communication-1"),
            "extension": [by_role("Communication-Requester", author_at(&message.responsible))],
            "basedOn": [{ "reference": advice.versioned() }],
            "status": "completed",
            "category": [concept(coding("eRS-CommunicationSentBy-1", message.sent_by.code(), ""))],
            "recipient": recipient,
            "sent": message.sent.to_string(),
            "sender": { "extension": [by_role("PractitionerRole-Reference", author_at(&message.sender))] },
            "note": [{ "text": message.text }],
        });
        if !files.is_empty() {
            let mark = if is_contained { "#DocumentReference-" } else { "DocumentReference/" };
            let payload = files
                .iter()
                .map(|file| json!({ "contentReference": { "reference": format!("{mark}{}", file.number) } }));
            made["payload"] = payload.collect();
        }
        if is_contained {
            let authors = authors(std::iter::once(message));
            let roles = authors.iter().map(|author| role(author, &contained_role(author)));
            let documents =
                files.iter().map(|file| self.document(file, &format!("DocumentReference-{}", file.number)));
            made["contained"] = roles.chain(documents).collect();
        }
        made
    }

    /// What stands beside the messages of a conversation in a bundle: their roles, and their documents.
    pub(crate) fn beside(&self, advice: &AdviceRequest) -> Vec<Value> {
        let authors = authors(advice.messages.iter());
        let documents = advice.documents();
        let files = self.files(&documents).into_iter().map(|file| self.document(file, &file.number));
        authors.iter().map(|author| role(author, &role_id(author))).chain(files).collect()
    }
}

/// Those who wrote messages or answer for them, each once.
fn authors<'m>(messages: impl Iterator<Item = &'m Message>) -> Vec<&'m Author> {
    let mut all: Vec<&Author> = Vec::new();
    for author in messages.flat_map(|message| [&message.responsible, &message.sender]) {
        if !all.contains(&author) {
            all.push(author);
        }
    }
    all
}
