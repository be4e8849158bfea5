//! The answers to valid calls.

use std::fmt::Write;

use super::caller::Caller;
use super::fill::fill;
use super::{payloads, sent};
use crate::service::{Body, Endpoint, Role};

/// Versions of the referral as last read, and after a change; likewise of the advice request and
/// the appointment.
const REFERRAL: &str = "000049912345";
const ADVICE: &str = "000049954321";

const REASON: &str = "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/";
const OUTCOME: &str = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReviewOutcome-1";
const REVIEW: &str = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReviewReason-1";

/// The body of a valid answer; empty if the operation has none.
pub(super) fn body(endpoint: &Endpoint, caller: Caller) -> String {
    let is_referrer = caller.role().is_some_and(Role::is_referrer);
    match endpoint.id {
        "A004" => payloads::PRIORITIES.to_owned(),
        "A005" => referral(REFERRAL, "4", &BOOKED),
        "A006" => sent::FILE.to_owned(),
        "A008" if is_referrer => payloads::LETTERS_OUTSTANDING.to_owned(),
        "A008" => payloads::REFERRALS_FOR_REVIEW.to_owned(),
        "A010" => payloads::SERVICES.to_owned(),
        "A011" => referral(REFERRAL, "4", &NOT_BOOKED),
        "A012" | "A031" => referral(REFERRAL, "5", &NOT_BOOKED),
        "A013" => referral(REFERRAL, "5", &BOOKED),
        "A014" => referral(REFERRAL, "5", &REJECTED),
        "A015" => payloads::SLOTS.to_owned(),
        "A021" => referral(REFERRAL, "4", &AWAITING_TRIAGE),
        "A022" => referral(REFERRAL, "5", &CANCELLED_LATER),
        "A023" => payloads::ADVICE_REQUESTS.to_owned(),
        "A024" => payloads::ADVICE_REQUEST.to_owned(),
        "A025" => payloads::CONVERSATION.to_owned(),
        "A026" => parameters(
            "SendCommunicationToRequester",
            &[
                ("updatedCommunicationRequest", &advice("3", "REFERRER_TO_REVIEW_RESPONSE")),
                ("createdCommunication", payloads::ANSWER),
            ],
        ),
        "A027" => referral(ADVICE, "1", &CONVERTED),
        "A028" => referral(REFERRAL, "5", &TRIAGED),
        "A029" if is_referrer => payloads::TASKS.to_owned(),
        "A029" => payloads::TASKS
            .replace("CHANGE_SHORTLIST", "RECORD_REVIEW_OUTCOME")
            .replace("Change Shortlist", "Record Review Outcome"),
        "A030" => payloads::ROLES.to_owned(),
        "A032" => parameters(
            "ChangeShortlistAndSendForTriage",
            &[
                ("updatedReferralRequest", &referral(REFERRAL, "5", &AWAITING_TRIAGE)),
                ("createdAppointment", &appointment("81220", Some("1"), &AWAITING_TRIAGE, REFERRAL)),
            ],
        ),
        "A033" => payloads::SERVICE.to_owned(),
        "A034" => appointment("81220", Some("3"), &CANCELLED_APPOINTMENT, REFERRAL),
        "A035" => payloads::FOUND_SERVICES.to_owned(),
        "A036" => parameters(
            "CancelReferral",
            &[
                ("updatedReferralRequest", &referral(REFERRAL, "5", &CANCELLED)),
                ("updatedAppointment", &appointment("81220", Some("3"), &CANCELLED_APPOINTMENT, REFERRAL)),
            ],
        ),
        "A016" | "A038" => appointment("81220", Some("2"), &BOOKED, REFERRAL),
        "A040" => payloads::PRACTITIONERS.to_owned(),
        "A041" => payloads::SERVICE_REQUESTS.to_owned(),
        "A044" => parameters(
            "CreateAdviceAndGuidance",
            &[
                ("createdCommunicationRequest", payloads::ADVICE_REQUEST),
                ("createdCommunication", payloads::QUESTION),
            ],
        ),
        _ if matches!(endpoint.response, Body::File(_)) => PDF.to_owned(),
        _ => String::new(),
    }
}

/// The record that an operation changes, as read before; `None` if it changes none.
pub(crate) fn record(endpoint: &Endpoint) -> Option<String> {
    Some(match endpoint.id {
        "A012" | "A016" | "A031" | "A032" => referral(REFERRAL, "4", &NOT_BOOKED),
        "A013" | "A014" | "A022" | "A036" => referral(REFERRAL, "4", &BOOKED),
        "A026" | "A027" => payloads::ADVICE_REQUEST.to_owned(),
        "A028" => referral(REFERRAL, "4", &AWAITING_TRIAGE),
        "A034" => appointment("81220", Some("2"), &BOOKED, REFERRAL),
        _ => return None,
    })
}

/// A document of one empty page.
const PDF: &str = "%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >> endobj
trailer << /Root 1 0 R >>
%%EOF
";

/// A state of a referral, and its appointment in that state.
struct State {
    code: &'static str,
    display: &'static str,
    /// System and code of the reason, and the comment given with it.
    reason: Option<(Reason, &'static str, Option<&'static str>)>,
    is_cancelled: bool,
    /// Status of the appointment.
    appointment: Option<&'static str>,
}

/// The list that a reason belongs to.
#[derive(Clone, Copy)]
enum Reason {
    Review,
    Outcome,
    Appointment,
    Referral,
}

impl Reason {
    fn system(self) -> String {
        match self {
            Self::Review => REVIEW.to_owned(),
            Self::Outcome => OUTCOME.to_owned(),
            Self::Appointment => format!("{REASON}APPOINTMENT-CANCELLATION-REASON"),
            Self::Referral => format!("{REASON}REFERRAL-CANCELLATION-REASON"),
        }
    }
}

const NOT_BOOKED: State =
    State { code: "NOT_BOOKED", display: "Not Booked", reason: None, is_cancelled: false, appointment: None };
const BOOKED: State = State { code: "BOOKED", display: "Booked", appointment: Some("booked"), ..NOT_BOOKED };
const AWAITING_TRIAGE: State = State {
    code: "AWAITING_TRIAGE",
    display: "Awaiting Triage",
    reason: Some((Reason::Review, "TRIAGE", None)),
    appointment: Some("proposed"),
    ..NOT_BOOKED
};
const TRIAGED: State = State {
    code: "TRIAGED_PROVIDER_TO_ACTION",
    display: "Triaged - Provider To Action",
    reason: Some((Reason::Outcome, "ACCEPT_REFER_BOOK_LATER", Some("Accepted for the rapid access clinic."))),
    appointment: Some("proposed"),
    ..NOT_BOOKED
};
const CANCELLED_LATER: State = State {
    reason: Some((
        Reason::Outcome,
        "CANCEL_APPOINTMENT_ACTION_LATER",
        Some("The clinic needs a longer appointment; we will contact the patient."),
    )),
    ..TRIAGED
};
const CONVERTED: State = State {
    reason: Some((
        Reason::Outcome,
        "PROVIDER_CONVERTED_ADVICE_AND_GUIDANCE_ADMIN_TO_REFER",
        Some("Converted: lesion needs dermoscopy."),
    )),
    ..TRIAGED
};
const REJECTED: State = State {
    code: "REJECTED",
    display: "Rejected",
    reason: Some((
        Reason::Appointment,
        "FURTHER_INFORMATION_REQUIRED",
        Some("Please add the result of the last biopsy."),
    )),
    appointment: Some("cancelled"),
    ..NOT_BOOKED
};
const CANCELLED: State = State {
    code: "CANCELLED_REFERRAL",
    display: "Cancelled Referral",
    reason: Some((
        Reason::Referral,
        "PATIENT_REQUEST_CANCELLATION_OTHER",
        Some("The patient has moved abroad."),
    )),
    is_cancelled: true,
    appointment: None,
};
const CANCELLED_APPOINTMENT: State = State {
    code: "APPT_CANCELLED_BY_PATIENT",
    display: "Appointment Cancelled By Patient",
    reason: Some((Reason::Appointment, "PATIENT_HOLIDAY", None)),
    appointment: Some("cancelled"),
    ..NOT_BOOKED
};

fn referral(ubrn: &str, version: &str, state: &State) -> String {
    let reason = state.reason.map(|(reason, code, comments)| {
        let coding = format!(
            "{{\n  \"url\": \"reason\",\n  \"valueCoding\": {{ \"system\": \"{}\", \"code\": \"{code}\" }}\n}},",
            reason.system()
        );
        let comments = comments
            .map(|text| format!("\n{{ \"url\": \"comments\", \"valueString\": \"{text}\" }},"))
            .unwrap_or_default();
        coding + &comments
    });
    let contained = state.appointment.map(|_| {
        let text = appointment("appointment", None, state, ubrn);
        format!("{},", text.trim_end())
    });
    let appointment = state.appointment.map(|_| APPOINTMENT_REFERENCES);
    fill(
        payloads::REFERRAL,
        &[
            ("ubrn", ubrn),
            ("version", version),
            ("state", state.code),
            ("display", state.display),
            ("reason", &reason.unwrap_or_default()),
            ("status", if state.is_cancelled { "cancelled" } else { "active" }),
            ("contained", &contained.unwrap_or_default()),
            ("appointment", appointment.unwrap_or_default()),
            ("specialty", if state.code == NOT_BOOKED.code { "" } else { SPECIALTY }),
        ],
    )
}

const APPOINTMENT_REFERENCES: &str = r##"{
  "url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-Appointment-1",
  "valueReference": { "reference": "#appointment" }
},
{
  "url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-Appointment-Reference-1",
  "valueReference": { "reference": "Appointment/81220" }
},"##;

const SPECIALTY: &str = r#""specialty": {
  "coding": [
    {
      "system": "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/SPECIALTY",
      "code": "DERMATOLOGY",
      "display": "Dermatology"
    }
  ]
},"#;

/// An appointment of a referral in that state.
fn appointment(id: &str, version: Option<&str>, state: &State, ubrn: &str) -> String {
    let status = state.appointment.unwrap_or_default();
    let reason = state.reason.map(|(reason, code, _)| {
        format!(
            "\"reason\": [\n  {{ \"coding\": [{{ \"system\": \"{}\", \"code\": \"{code}\" }}] }}\n],",
            reason.system()
        )
    });
    let comment = state.reason.and_then(|(_, _, comments)| comments);
    fill(
        payloads::APPOINTMENT,
        &[
            ("id", id),
            (
                "versioned",
                &version.map(|version| format!("\"versionId\": \"{version}\",")).unwrap_or_default(),
            ),
            ("status", status),
            ("reason", &reason.unwrap_or_default()),
            ("comment", &comment.map(|text| format!("\"comment\": \"{text}\",")).unwrap_or_default()),
            ("when", if status == "booked" { WHEN } else { "" }),
            ("ubrn", ubrn),
            ("referral", if ubrn == REFERRAL { "4" } else { "1" }),
            ("clinician", if status == "proposed" { "" } else { CLINICIAN }),
        ],
    )
}

const WHEN: &str = r#""start": "2026-04-14T09:30:00Z",
"end": "2026-04-14T09:50:00Z",
"slot": [{ "reference": "Slot/4410027" }],"#;

/// Puts it in the form that the service sends and accepts.
const CLINICIAN: &str = r#"{
  "type": { "coding": [{ "system": "http://hl7.org/fhir/ValueSet/encounter-participant-type", "code": "CON" }] },
  "actor": { "identifier": { "system": "http://fhir.nhs.net/Id/sds-user-id", "value": "555000333444" } },
  "status": "accepted"
},"#;

/// The advice request in another version and state.
fn advice(version: &str, state: &str) -> String {
    payloads::ADVICE_REQUEST
        .replace(r#""versionId": "2""#, &format!("\"versionId\": \"{version}\""))
        .replace("PROVIDER_RESPONSE_REQUIRED", state)
}

/// Several records as parts of one answer.
fn parameters(operation: &str, parts: &[(&str, &str)]) -> String {
    let mut text = format!(
        "{{
  \"resourceType\": \"Parameters\",
  \"meta\": {{
    \"profile\": [\"https://fhir.nhs.uk/STU3/StructureDefinition/eRS-{operation}-Response-Parameters-1\"]
  }},
  \"parameter\": [\n"
    );
    for (place, (name, resource)) in parts.iter().enumerate() {
        let end = if place + 1 == parts.len() { "" } else { "," };
        let mut lines = resource.trim_end().lines();
        let first = lines.next().unwrap_or_default();
        let _ = writeln!(text, "    {{\n      \"name\": \"{name}\",\n      \"resource\": {first}");
        for line in lines {
            text.extend(["      ", line, "\n"]);
        }
        let _ = writeln!(text, "    }}{end}");
    }
    text.push_str("  ]\n}\n");
    text
}
