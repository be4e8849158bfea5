//! A044 and A026: a question, and what is answered.

use super::asked::Asked;
use super::reply::Reply;
use super::search::{as_resource, priority_of};
use crate::read::{Sent, Shortlist, to_attach};
use crate::refusal::{Outcome, Refusal};
use crate::render::{Around, parameters};
use crate::seed::{Flow, Service};
use crate::state::{AdviceRequest, Author, Category, DocumentKind, Message, Priority, SentBy};

/// Longest message, in characters.
const LONGEST: usize = 8000;

pub(super) fn create(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let body = asked.body()?;
    let sent = Sent(&body);
    let text = sent.required_text("request", LONGEST)?.to_owned();
    let may_be_converted = sent.required_code("providerConversionAuthorisation")? == "AUTHORISED_TO_CONVERT";
    let list = Shortlist::of(sent)?;
    let files = to_attach(sent, "requestAttachmentFile", DocumentKind::AdviceRequest)?;
    let patient = asked.patient_to_refer(sent)?.clone();
    let clinician = asked.referring_clinician(sent)?;
    list.check(1)?;
    let organisation = patient.practice.clone().unwrap_or_default();
    let services =
        asked.check_shortlist(&list, &[Flow::AdviceAndGuidanceRequest], &patient, &organisation)?;
    let (service, specialty) =
        services.first().map(|it| (it.id.clone(), it.specialty.clone())).unwrap_or_default();
    let priority = priority_of(&as_resource(&list.criteria))?;
    asked.may_attach(None, None, &files, &[])?;
    let ubrn = asked.state.new_ubrn();
    let sender = asked.caller.author();
    let requester = Author {
        user: clinician,
        organisation: sender.organisation.clone(),
        function: "REFERRING_CLINICIAN".to_owned(),
    };
    let documents = asked.attach(&ubrn, files);
    let message = Message {
        id: asked.state.new_number(),
        sent_by: SentBy::Requester,
        sender: sender.clone(),
        responsible: requester.clone(),
        text,
        sent: asked.now,
        documents,
    };
    let advice = AdviceRequest {
        uuid: asked.state.new_uuid(),
        version: 1,
        category: Category::ProviderResponseRequired,
        priority,
        criteria: list.criteria,
        service,
        specialty,
        patient: patient.nhs_number,
        requester,
        sender,
        may_be_converted,
        messages: vec![message],
        created: asked.now,
        changed: asked.now,
        ubrn,
    };
    Ok(kept(asked, &advice, "CreateAdviceAndGuidance", "created"))
}

/// Keeps an advice request, and answers with it and its last message.
fn kept(asked: &mut Asked<'_>, advice: &AdviceRequest, operation: &str, what: &str) -> Reply {
    asked.state.advice.set(&advice.ubrn.clone(), advice.clone());
    let pen = asked.pen();
    let name = format!("{what}CommunicationRequest");
    let mut parts = vec![(name.as_str(), pen.advice(advice))];
    if let Some(message) = advice.messages.last() {
        parts.push(("createdCommunication", pen.message(advice, message, Around::Contained)));
    }
    Reply::resource(parameters(&format!("eRS-{operation}-Response-Parameters-1"), parts))
}

/// The service takes requests of that priority.
pub(super) fn supports(service: Option<&Service>, priority: Priority) -> Outcome<()> {
    if service.is_some_and(|service| service.priorities.contains(&priority)) {
        return Ok(());
    }
    let code = priority.code();
    Err(Refusal::of("UNSUPPORTED_PRIORITY", format!("the service does not accept the priority {code}")))
}

/// The message of a provider.
pub(super) fn answer(asked: &mut Asked<'_>, text: String, documents: Vec<String>) -> Message {
    let sender = asked.caller.author();
    let responsible = match asked.caller.on_behalf_of() {
        Some(clinician) => Author {
            user: clinician.to_owned(),
            organisation: sender.organisation.clone(),
            function: "SERVICE_PROVIDER_CLINICIAN".to_owned(),
        },
        None => sender.clone(),
    };
    Message {
        id: asked.state.new_number(),
        sent_by: SentBy::Responder,
        sender,
        responsible,
        text,
        sent: asked.now,
        documents,
    }
}

pub(super) fn respond(asked: &mut Asked<'_>) -> Outcome<Reply> {
    const RECOMMENDATION: &str = "guidanceIntendedRecommendation";
    let body = asked.body()?;
    let sent = Sent(&body);
    let outcome = sent.required_code("guidanceOutcome")?;
    let text = sent.required_text("guidance", LONGEST)?.to_owned();
    let priority =
        sent.priority("updatedPriority")?.ok_or_else(|| crate::read::missing("updatedPriority"))?;
    let category = match (outcome, sent.code(RECOMMENDATION)) {
        ("RETURN_TO_REFERRER_WITH_ADVICE", Some(_)) => Category::ReferrerToReviewResponse,
        ("RETURN_TO_REFERRER_WITH_ADVICE", None) => {
            return Err(Refusal::of("VALUE_IS_REQUIRED", format!("{RECOMMENDATION}: advice needs one")));
        }
        ("REQUIRE_FURTHER_INFORMATION", None) => Category::ReferrerToSubmitFurtherInformation,
        ("REQUIRE_FURTHER_INFORMATION", Some(_)) => {
            return Err(Refusal::of(
                "INAPPROPRIATE_VALUE",
                format!(
                    "{RECOMMENDATION}: a question may not have \
                 one"
                ),
            ));
        }
        (other, _) => {
            return Err(Refusal::of(
                "INAPPROPRIATE_VALUE",
                format!("guidanceOutcome: '{other}' cannot be sent"),
            ));
        }
    };
    let files = to_attach(sent, "guidanceAttachmentFile", DocumentKind::GuidanceResponse)?;
    let mut advice = asked.advice()?;
    asked.has_to_do_with_advice(&advice)?;
    asked.patient(&advice.patient)?;
    asked.is_free()?;
    asked.is_latest(asked.if_match(), advice.version)?;
    if advice.category != Category::ProviderResponseRequired {
        let (ubrn, code) = (&advice.ubrn, advice.category.code());
        return Err(Refusal::of("INVALID_REQUEST_STATE", format!("{ubrn} is {code}: no answer is expected")));
    }
    supports(asked.world.service(&advice.service), priority)?;
    asked.may_attach(Some(&advice.ubrn), Some(&advice.ubrn), &files, &advice.documents())?;
    let documents = asked.attach(&advice.ubrn, files);
    let message = answer(asked, text, documents);
    advice.messages.push(message);
    advice.category = category;
    advice.priority = priority;
    advice.version += asked.settings.version_step;
    advice.changed = asked.now;
    Ok(kept(asked, &advice, "SendCommunicationToRequester", "updated"))
}
