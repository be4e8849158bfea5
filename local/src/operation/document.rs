//! A007, A019, A043: documents to print.

use super::asked::{Asked, Holds};
use super::reply::Reply;
use super::shortlist::in_state;
use crate::refusal::{Outcome, Refusal};
use crate::render::{Pdf, criterion};
use crate::state::{AdviceRequest, Referral, ReferralState, SentBy, Status};

const PDF: &str = "application/pdf";

/// What a document is called.
fn name(asked: &Asked<'_, impl Holds>, ubrn: &str, what: &str) -> String {
    format!("{ubrn}_{what}_{}.pdf", asked.now.digits())
}

/// Adds who the patient is, and what it is about.
fn about(asked: &Asked<'_, impl Holds>, pdf: &mut Pdf, ubrn: &str, patient: &str, priority: &str) {
    let known = asked.world.patient(patient);
    pdf.fact("UBRN", Some(ubrn));
    pdf.fact("Patient", known.map(|patient| patient.name.as_str()));
    pdf.fact("NHS number", Some(patient));
    pdf.fact("Priority", Some(priority));
    pdf.fact("Written", Some(&asked.now.to_string()));
    pdf.say("This is a document of a local service for tests. The patient is invented.");
}

fn user(asked: &Asked<'_, impl Holds>, id: &str) -> String {
    asked.world.user(id).map_or_else(|| id.to_owned(), |user| format!("{} ({id})", user.name))
}

fn service(asked: &Asked<'_, impl Holds>, id: &str) -> String {
    let service = asked.world.service(id);
    service.map_or_else(|| id.to_owned(), |service| format!("{}, {}", service.name, service.location))
}

/// Adds the appointment, where there is one.
fn appointment(asked: &Asked<'_, impl Holds>, pdf: &mut Pdf, referral: &Referral) {
    let Some(appointment) = asked.appointment_of(referral) else { return };
    pdf.head("Appointment");
    pdf.fact("Service", Some(&service(asked, &appointment.service)));
    let telephone =
        asked.world.service(&appointment.service).and_then(|service| service.telephone.as_deref());
    pdf.fact("Telephone", telephone);
    pdf.fact("Status", Some(appointment.status.code()));
    pdf.fact("When", appointment.start.map(|start| start.to_string()).as_deref());
    pdf.fact("Clinician", appointment.clinician.as_deref().map(|id| user(asked, id)).as_deref());
    pdf.fact("Reason", appointment.reason.as_ref().map(|reason| reason.code.as_str()));
    pdf.fact("Comment", appointment.comment.as_deref());
    let said = asked.world.service(&appointment.service).and_then(|service| service.instructions.as_deref());
    pdf.fact("Instructions", said);
}

pub(super) fn clinical_information(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let referral = asked.referral()?;
    asked.has_to_do_with(&referral)?;
    asked.patient(&referral.patient)?;
    let mut pdf = Pdf::new("Clinical information summary");
    about(asked, &mut pdf, &referral.ubrn, &referral.patient, referral.priority.code());
    pdf.head("Referral");
    pdf.fact("State", Some(referral.state.display()));
    pdf.fact("Comments", referral.comments.as_deref());
    pdf.fact("Referred by", Some(&user(asked, &referral.referrer)));
    pdf.fact("Organisation", Some(&referral.referring_organisation));
    pdf.fact(
        "Specialty",
        referral.specialty.as_deref().or(criterion(&referral.criteria, "specialty", "valueCoding", "code")),
    );
    pdf.fact("Clinic type", criterion(&referral.criteria, "clinicType", "valueCoding", "code"));
    for requirement in &referral.requirements {
        pdf.fact("The patient needs", Some(requirement));
    }
    appointment(asked, &mut pdf, &referral);
    pdf.head("Attached files");
    for file in referral.documents.iter().filter_map(|id| asked.state.files.get(id)) {
        let kind = file.link.as_ref().map(|link| link.kind.display()).unwrap_or_default();
        let said =
            file.link.as_ref().and_then(|link| link.description.as_deref()).unwrap_or("no description");
        pdf.say(&format!("{} ({kind}, {} bytes): {said}", file.name, file.size));
    }
    // Who prints it at the provider has it marked so on their list.
    if !asked.caller.is_referrer() && !referral.was_printed {
        asked.state.referrals.change(&referral.ubrn, |referral| referral.was_printed = true);
    }
    Ok(Reply::file(PDF, name(asked, &referral.ubrn, "Clinical_Information_Summary"), pdf.finish()))
}

pub(super) fn patient_letter(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let referral = asked.referral()?;
    asked.has_to_do_with(&referral)?;
    if referral.state == ReferralState::CancelledReferral {
        return Err(in_state(&referral, "there is no letter about it"));
    }
    let patient = asked.world.patient(&referral.patient);
    if !patient.is_some_and(|patient| patient.access_code) {
        return Err(Refusal::of("NO_ACCESS_CODE", "the patient has no code to book with"));
    }
    let booked = asked.appointment_of(&referral).filter(|it| it.status == Status::Booked);
    let (title, what) = match (booked.is_some(), referral.state) {
        (true, _) => ("Appointment confirmation", "Appointment_Confirmation_Summary"),
        (_, ReferralState::AwaitingTriage) => ("Your referral is being looked at", "Triage_Summary"),
        _ => ("Your referral", "Appointment_Request_Summary"),
    };
    let mut pdf = Pdf::new(title);
    about(asked, &mut pdf, &referral.ubrn, &referral.patient, referral.priority.code());
    if booked.is_some() || referral.appointment.is_some() {
        appointment(asked, &mut pdf, &referral);
    } else {
        pdf.head("Services to choose from");
        for id in &referral.shortlist {
            pdf.say(&service(asked, id));
        }
        pdf.say("Book with the number above and your access code.");
    }
    Ok(Reply::file(PDF, name(asked, &referral.ubrn, what), pdf.finish()))
}

pub(super) fn advice_overview(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let advice = asked.advice()?;
    asked.has_to_do_with_advice(&advice)?;
    asked.patient(&advice.patient)?;
    let pdf = conversation(asked, &advice, Pdf::new("Advice and guidance overview"));
    Ok(Reply::file(PDF, name(asked, &advice.ubrn, "Advice_And_Guidance"), pdf.finish()))
}

/// Adds a conversation.
pub(super) fn conversation(asked: &Asked<'_, impl Holds>, advice: &AdviceRequest, mut pdf: Pdf) -> Pdf {
    about(asked, &mut pdf, &advice.ubrn, &advice.patient, advice.priority.code());
    pdf.fact("Service", Some(&service(asked, &advice.service)));
    pdf.fact("Status", Some(advice.category.code()));
    for message in &advice.messages {
        let from = match message.sent_by {
            SentBy::Requester => "Question",
            SentBy::Responder => "Answer",
            SentBy::ClinicalInformationUpdated => "Clinical information updated",
        };
        pdf.head(&format!("{from}, {}", message.sent));
        pdf.fact("From", Some(&user(asked, &message.responsible.user)));
        pdf.say(&message.text);
        for file in message.documents.iter().filter_map(|id| asked.state.files.get(id)) {
            pdf.say(&format!("Attached: {}", file.name));
        }
    }
    pdf
}
