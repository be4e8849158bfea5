//! A027: an advice request becomes a referral of the same number.

use super::advice::{answer, supports};
use super::asked::Asked;
use super::create::propose;
use super::reply::Reply;
use crate::read::{Sent, missing, to_attach, versioned};
use crate::refusal::{Outcome, Refusal};
use crate::render::Pdf;
use crate::state::{
    AdviceRequest, Availability, Category, Content, DocumentKind, File, Link, Reason, ReasonList, Referral,
    ReferralState, Scan,
};

pub(super) fn convert(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let body = asked.body()?;
    let sent = Sent(&body);
    let from = sent.find("createFrom").and_then(|part| part["valueReference"]["reference"].as_str());
    let from = from.ok_or_else(|| missing("createFrom"))?;
    let (ubrn, version) = versioned(from, "CommunicationRequest").ok_or_else(|| {
        Refusal::of("INVALID_VALUE", "createFrom is not CommunicationRequest/<UBRN>/_history/<version>")
    })?;
    let guidance = sent.required_text("guidance", 8000)?.to_owned();
    let comments = sent.required_text("reviewComments", 2000)?.to_owned();
    let priority = sent.priority("newReferralPriority")?.ok_or_else(|| missing("newReferralPriority"))?;
    let answers = to_attach(sent, "guidanceAttachmentFile", DocumentKind::GuidanceResponse)?;
    let notes = to_attach(sent, "reviewAttachmentFile", DocumentKind::Provider)?;
    if let Some(twice) = notes.iter().find(|note| answers.iter().any(|answer| answer.file == note.file)) {
        return Err(Refusal::of("DUPLICATE_FILENAME", format!("Binary/{} is named twice", twice.file)));
    }
    let advice = asked.state.advice.get(ubrn).cloned();
    let mut advice = advice
        .ok_or_else(|| Refusal::of("REFERENCE_NOT_FOUND", format!("there is no advice request {ubrn}")))?;
    asked.has_to_do_with_advice(&advice)?;
    asked.patient(&advice.patient)?;
    asked.is_free()?;
    asked.is_latest(Some(version), advice.version)?;
    if !advice.category.is_active() {
        let code = advice.category.code();
        return Err(Refusal::of(
            "INVALID_REQUEST_STATE",
            format!("{ubrn} is {code}: it cannot be converted"),
        ));
    }
    if !advice.may_be_converted {
        return Err(Refusal::of(
            "INVALID_REQUEST_STATE",
            format!("{ubrn}: the referrer has not authorised it"),
        ));
    }
    let service = asked.world.service(&advice.service);
    supports(service, priority)?;
    let known = advice.documents();
    let all: Vec<_> = answers.iter().chain(&notes).cloned().collect();
    asked.may_attach(Some(ubrn), Some(ubrn), &all, &known)?;
    let with_answer = asked.attach(ubrn, answers);
    let with_review = asked.attach(ubrn, notes);
    let message = answer(asked, guidance, with_answer);
    advice.messages.push(message);
    advice.category = Category::Converted;
    advice.version += asked.settings.version_step;
    advice.changed = asked.now;
    asked.state.advice.set(ubrn, advice.clone());
    let summary = summary(asked, &advice);
    let mut referral = referral_of(asked, &advice, priority);
    referral.documents.push(summary);
    referral.documents.extend(with_review);
    let reason =
        Reason::new(ReasonList::ReviewOutcome, "PROVIDER_CONVERTED_ADVICE_AND_GUIDANCE_ADMIN_TO_REFER");
    if let Some(service) = service {
        let state = ReferralState::TriagedProviderToAction;
        propose(asked, &mut referral, service, state, reason, Some(comments.clone()));
    }
    referral.comments = Some(comments);
    referral.is_pending_review = false;
    referral.was_reviewed = true;
    Ok(asked.keep(referral))
}

fn referral_of(asked: &mut Asked<'_>, advice: &AdviceRequest, priority: crate::state::Priority) -> Referral {
    let practice = asked.world.patient(&advice.patient).and_then(|patient| patient.practice.clone());
    let (ubrn, uuid) = (advice.ubrn.clone(), asked.state.new_uuid());
    Referral {
        criteria: advice.criteria.clone(),
        shortlist: vec![advice.service.clone()],
        commissioning_organisation: practice.unwrap_or_else(|| advice.requester.organisation.clone()),
        specialty: Some(advice.specialty.clone()),
        patient: advice.patient.clone(),
        referrer: advice.requester.user.clone(),
        referring_organisation: advice.requester.organisation.clone(),
        documents: advice.documents(),
        related: vec![format!("CommunicationRequest/{}", advice.ubrn)],
        first_submitted: Some(asked.now),
        ..Referral::begun(ubrn, uuid, asked.settings.first_version, priority, asked.now)
    }
}

/// A document of the conversation, which stands for the letter of the referrer.
fn summary(asked: &mut Asked<'_>, advice: &AdviceRequest) -> String {
    let bytes =
        super::document::conversation(asked, advice, Pdf::new("Advice and guidance conversation")).finish();
    let id = asked.state.new_uuid();
    let file = File {
        id: id.clone(),
        number: asked.state.new_number(),
        name: format!("{}_Advice_And_Guidance.pdf", advice.ubrn),
        media_type: "application/pdf".to_owned(),
        size: bytes.len() as u64,
        uploader: advice.requester.user.clone(),
        on_behalf_of: None,
        organisation: advice.requester.organisation.clone(),
        referral: Some(advice.ubrn.clone()),
        uploaded: asked.now,
        scan: Scan { done: asked.now, outcome: Availability::Available },
        link: Some(Link {
            ubrn: advice.ubrn.clone(),
            kind: DocumentKind::Referrer,
            description: Some("Advice and guidance conversation".to_owned()),
            indexed: asked.now,
        }),
    };
    asked.state.files.set(&id, file);
    asked.state.contents.set(&id, Content(bytes));
    id
}
