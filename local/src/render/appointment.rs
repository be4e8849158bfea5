//! Appointments.

use serde_json::{Value, json};

use super::pen::Pen;
use super::piece::{NHS_NUMBER, USER, concept, named};
use crate::state::Appointment;

impl Pen<'_> {
    /// An appointment by itself.
    pub(crate) fn appointment(&self, appointment: &Appointment) -> Value {
        self.appointment_as(appointment, &appointment.id)
    }

    /// An appointment, under that id.
    pub(super) fn appointment_as(&self, appointment: &Appointment, id: &str) -> Value {
        let patient = self.state.referrals.get(&appointment.ubrn).map(|referral| referral.patient.as_str());
        let mut participants =
            vec![json!({ "actor": self.service(&appointment.service), "status": "accepted" })];
        if let Some(clinician) = &appointment.clinician {
            participants.push(json!({
                // One object, and not an array: so the service writes and reads it.
                "type": concept(json!({ "system": "http://hl7.org/fhir/ValueSet/encounter-participant-type", "code": "CON" })),
                "actor": named(USER, clinician),
                "status": "accepted",
            }));
        }
        participants
            .push(json!({ "actor": named(NHS_NUMBER, patient.unwrap_or_default()), "status": "accepted" }));
        let mut made = json!({
            "resourceType": "Appointment",
            "id": id,
            "meta": {
                "versionId": appointment.version.to_string(),
                "profile": [
                    "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Appointment-1",
                    "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Appointment-1",
                ],
            },
            "language": "en",
            "status": appointment.status.code(),
            "description": "e-Referral Appointment",
            "created": appointment.created.to_string(),
            "incomingReferral": [{
                "reference": format!("ReferralRequest/{}/_history/{}", appointment.ubrn, appointment.referral_version),
            }],
            "participant": participants,
        });
        if let Some(reason) = &appointment.reason {
            made["reason"] = json!([concept(self.reason(reason))]);
        }
        if let (Some(start), Some(end)) = (appointment.start, appointment.end) {
            made["start"] = Value::from(start.to_string());
            made["end"] = Value::from(end.to_string());
        }
        if let Some(slot) = &appointment.slot {
            made["slot"] = json!([{ "reference": format!("Slot/{slot}") }]);
        }
        if let Some(comment) = &appointment.comment {
            made["comment"] = Value::from(comment.as_str());
        }
        made
    }
}
