//! Referrals, and the search and the shortlist that they come from.

use serde_json::{Value, json};

use super::pen::Pen;
use super::piece::{
    NHS_NUMBER, ODS, SERVICE, coding, concept, extension, identifier, maybe, named, part, profiled, versioned,
};
use crate::state::{Referral, ReferralState};

impl Pen<'_> {
    /// A referral.
    pub(crate) fn referral(&self, referral: &Referral) -> Value {
        let appointment = referral.appointment.as_ref().and_then(|id| self.state.appointments.get(id));
        let files = self.files(&referral.documents);
        let document = |number: &str| format!("DocumentReference-{number}");
        let mut contained = vec![self.criteria(&referral.criteria), self.shortlist(&referral.shortlist)];
        contained.extend(appointment.map(|appointment| self.appointment_as(appointment, "appointment")));
        contained.extend(files.iter().map(|file| self.document(file, &document(&file.number))));
        let own = files.iter().map(|file| format!("#{}", document(&file.number)));
        let information: Vec<Value> = own
            .chain(referral.related.iter().cloned())
            .map(|reference| json!({ "reference": reference }))
            .collect();
        let mut made = json!({
            "resourceType": "ReferralRequest",
            "id": referral.ubrn,
            "meta": versioned("eRS-ReferralRequest-1", referral.version),
            "contained": contained,
            "extension": self.referral_extensions(referral),
            "identifier": [identifier("https://fhir.nhs.uk/Id/ers-request-id", &format!("r.{}", referral.uuid))],
            "status": if referral.state == ReferralState::CancelledReferral { "cancelled" } else { "active" },
            "intent": "plan",
            "subject": named(NHS_NUMBER, &referral.patient),
            "supportingInfo": information,
        });
        if let Some(specialty) = &referral.specialty {
            made["specialty"] = concept(self.reference_data("SPECIALTY", specialty, true));
        }
        made
    }

    fn referral_extensions(&self, referral: &Referral) -> Vec<Value> {
        let appointment =
            referral.appointment.as_ref().filter(|id| self.state.appointments.get(id).is_some());
        let reference = |to: String| json!({ "reference": to });
        let moment = |name: &'static str, key: &'static str| {
            move |moment: crate::moment::Moment| extension(name, key, Value::from(moment.to_string()))
        };
        let mut all: Vec<Option<Value>> = vec![
            maybe(appointment, |_| {
                extension("eRS-Appointment", "valueReference", reference("#appointment".to_owned()))
            }),
            maybe(appointment, |id| {
                extension(
                    "eRS-Appointment-Reference",
                    "valueReference",
                    reference(format!("Appointment/{id}")),
                )
            }),
            maybe(referral.first_submitted, moment("eRS-ClinicalInfoFirstSubmitted", "valueDateTime")),
            maybe(referral.last_updated, moment("eRS-ClinicalInfoLastUpdated", "valueDateTime")),
            maybe(referral.pathway_start, moment("eRS-eReferralPathwayStart", "valueInstant")),
            Some(extension(
                "eRS-ReferralPriority",
                "valueCodeableConcept",
                concept(coding("eRS-Priority-1", referral.priority.code(), referral.priority.display())),
            )),
            Some(extension("eRS-ReferralShortlist", "valueReference", reference("#shortlist".to_owned()))),
            Some(extension(
                "eRS-Commissioning-Rule-Org",
                "valueIdentifier",
                identifier(ODS, &referral.commissioning_organisation),
            )),
            Some(self.referral_state(referral)),
        ];
        for requirement in &referral.requirements {
            let mut display = requirement.to_lowercase();
            if let Some(first) = display.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            let coding = coding("eRS-AdditionalRequirementType-1", requirement, &display);
            all.push(Some(extension("eRS-PatientAdditionalRequirement", "valueCoding", coding)));
        }
        all.into_iter().flatten().collect()
    }

    fn referral_state(&self, referral: &Referral) -> Value {
        let state = referral.state;
        let mut parts =
            vec![part("state", "valueCoding", coding("eRS-ReferralState-1", state.code(), state.display()))];
        parts.extend(maybe(referral.reason.as_ref(), |reason| {
            part("reason", "valueCoding", self.reason(reason))
        }));
        parts.extend(maybe(referral.comments.as_ref(), |text| {
            part("comments", "valueString", Value::from(text.as_str()))
        }));
        extension("eRS-ReferralState", "extension", Value::from(parts))
    }

    /// The parameters of a search, as records contain them: what was only meant for the search is left out.
    pub(super) fn criteria(&self, criteria: &Value) -> Value {
        const PROVISIONING: &str = "commissioningProvisioning";
        let given = criteria.as_array().map(Vec::as_slice).unwrap_or_default();
        let is_kept = |parameter: &&Value| {
            !matches!(parameter["name"].as_str(), Some("organisation" | "place" | PROVISIONING))
        };
        let mut parameters: Vec<Value> = given.iter().filter(is_kept).cloned().collect();
        for parameter in &mut parameters {
            if parameter["name"] == "specialty"
                && let Some(code) = parameter["valueCoding"]["code"].as_str().map(str::to_owned)
            {
                parameter["valueCoding"] = self.reference_data("SPECIALTY", &code, false);
            }
        }
        parameters.push(json!({
            "name": PROVISIONING,
            "valueCoding": coding("eRS-CommissioningProvisioning-1", "ALL_AVAILABLE_FOR_BOOKING", ""),
        }));
        json!({
            "resourceType": "Parameters",
            "id": "serviceSearchCriteria",
            "meta": profiled("eRS-ServiceSearchCriteria-Parameters-1"),
            "parameter": parameters,
        })
    }

    /// The services to choose from.
    pub(super) fn shortlist(&self, services: &[String]) -> Value {
        let entries: Vec<Value> = services.iter().map(|id| json!({ "item": self.service(id) })).collect();
        debug_assert!(entries.iter().all(|entry| entry["item"]["identifier"]["system"] == SERVICE));
        json!({
            "resourceType": "List",
            "id": "shortlist",
            "meta": profiled("eRS-Shortlist-List-1"),
            "extension": [extension(
                "eRS-Shortlist-SearchCriteria",
                "valueReference",
                json!({ "reference": "#serviceSearchCriteria" }),
            )],
            "status": "current",
            "mode": "snapshot",
            "entry": entries,
        })
    }
}
