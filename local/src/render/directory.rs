//! Services, users and requests, as A010 and the operations of R4 write them.

use serde_json::{Value, json};

use super::pen::Pen;
use super::piece::{SERVICE, coding, concept, extension, identifier, maybe, part, site};
use crate::moment::Moment;
use crate::seed::{Bookable, Flow, Service};
use crate::state::{AdviceRequest, Referral, ReferralState};

const R4: &str = "https://fhir.nhs.uk/";

/// A code of R4 with what it means.
fn r4_coding(system: &str, code: &str, display: &str) -> Value {
    concept(json!({ "system": format!("{R4}CodeSystem/{system}"), "code": code, "display": display }))
}

impl Pen<'_> {
    /// A service as a search finds it.
    pub(crate) fn found(&self, service: &Service) -> Value {
        let list = |url: &str, name: &str, code: &str| {
            part(url, "valueCodeableConcept", concept(coding(name, code, "")))
        };
        let mut view = Vec::new();
        view.extend(maybe(service.appointment_type.as_deref(), |code| {
            list("supportedAppointmentType", "eRS-AppointmentType-1", code)
        }));
        view.push(part("serviceName", "valueString", Value::from(service.name.as_str())));
        view.extend(
            service
                .flows
                .iter()
                .map(|flow| list("supportedRequestFlowType", "eRS-RequestFlowType-1", flow.code())),
        );
        let bookable = match service.bookable {
            Bookable::Direct => "DIRECTLY_BOOKABLE",
            Bookable::Indirect => "INDIRECTLY_BOOKABLE",
            Bookable::None => "UNSPECIFIED",
        };
        view.push(list("bookableType", "eRS-BookableType-1", bookable));
        view.push(part("location", "valueReference", site(&service.site, &service.location)));
        view.extend(maybe(service.ages, |(low, high)| {
            let age = |value: u32| json!({ "value": value, "unit": "YEARS" });
            part("ageTreated", "valueRange", json!({ "low": age(low), "high": age(high) }))
        }));
        view.push(list("genderTreated", "eRS-GenderTreated-1", service.gender.code()));
        view.extend(
            service
                .requirements
                .iter()
                .map(|code| list("additionalRequirementSupported", "eRS-AdditionalRequirementType-1", code)),
        );
        view.push(part("referralLetterRequired", "valueBoolean", Value::from(service.letter_required)));
        let specialty = concept(self.reference_data("SPECIALTY", &service.specialty, false));
        view.push(part("specialty", "valueCodeableConcept", specialty));
        let item = [
            part("displayProminently", "valueBoolean", Value::from(false)),
            part("distance", "valueUnsignedInt", Value::from(service.distance)),
            part("indicativeAppointmentWaitTime", "valueUnsignedInt", Value::from(service.wait_days)),
        ];
        json!({
            "extension": [extension("eRS-ServiceSearch-ListItem", "extension", Value::from(item.to_vec()))],
            "item": {
                "extension": [extension("eRS-ServiceSummaryView", "extension", Value::from(view))],
                "identifier": identifier(SERVICE, &service.id),
            },
        })
    }
}

/// A service of R4.
pub(crate) fn healthcare_service(service: &Service) -> Value {
    let mut extensions = Vec::new();
    let text = |name: &str, text: &str| json!({ "url": format!("{R4}StructureDefinition/Extension-eRS-{name}"), "valueString": text });
    extensions.extend(service.hours.as_deref().map(|hours| text("HoursOfOperation", hours)));
    extensions.extend(service.telephone.as_deref().map(|telephone| {
        json!({
            "url": format!("{R4}StructureDefinition/Extension-eRS-HealthcareService-Contact"),
            "extension": [
                {
                    "url": "purpose",
                    "valueCodeableConcept":
                        r4_coding("eRS-Purpose", "HEALTHCARE_PROFESSIONALS", "Healthcare Professionals"),
                },
                { "url": "telecom", "valueContactPoint": { "system": "phone", "value": telephone } },
            ],
        })
    }));
    extensions.extend(service.instructions.as_deref().map(|said| text("ServiceInstructions", said)));
    let mut characteristics: Vec<Value> = service
        .flows
        .iter()
        .map(|flow: &Flow| {
            let (code, display) = flow.r4();
            r4_coding("eRS-RequestFlowType", code, display)
        })
        .collect();
    characteristics.extend(match service.bookable {
        Bookable::Direct => Some(r4_coding("eRS-BookableType", "DIRECTLY_BOOKABLE", "Directly Bookable")),
        Bookable::Indirect => {
            Some(r4_coding("eRS-BookableType", "INDIRECTLY_BOOKABLE", "Indirectly Bookable"))
        }
        Bookable::None => None,
    });
    let mut made = json!({
        "resourceType": "HealthcareService",
        "id": service.id,
        "meta": { "versionId": service.version.to_string() },
        "language": "en",
        "active": service.published,
        "location": [{ "identifier": identifier("https://fhir.nhs.uk/Id/ods-site-code", &service.site) }],
        "name": service.name,
        "characteristic": characteristics,
    });
    if !extensions.is_empty() {
        made["extension"] = Value::from(extensions);
    }
    if let Some(code) = &service.appointment_type {
        let display: Vec<String> = code
            .split('_')
            .map(|word| {
                let mut word =
                    if matches!(word, "AHP" | "GPSI") { word.to_owned() } else { word.to_lowercase() };
                if let Some(first) = word.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                word
            })
            .collect();
        made["type"] = json!([r4_coding("eRS-AppointmentType", code, &display.join(" "))]);
    }
    made
}

/// A referral as A041 finds it.
pub(crate) fn referral_request(referral: &Referral) -> (String, Value) {
    let status = if referral.state == ReferralState::CancelledReferral { "revoked" } else { "active" };
    let id = format!("r.{}", referral.uuid);
    let made = service_request(&id, referral.version, &referral.ubrn, status, &referral.patient, "referral");
    (id, made)
}

/// An advice request as A041 finds it.
pub(crate) fn advice_request(advice: &AdviceRequest) -> (String, Value) {
    let status = match advice.category.status() {
        "cancelled" => "revoked",
        status => status,
    };
    let id = format!("a.{}", advice.uuid);
    let mut made = service_request(&id, advice.version, &advice.ubrn, status, &advice.patient, "request");
    made["code"] = concept(
        json!({ "system": format!("{R4}CodeSystem/servicerequest-code"), "code": "advice-and-guidance" }),
    );
    (id, made)
}

fn service_request(id: &str, version: u64, ubrn: &str, status: &str, patient: &str, category: &str) -> Value {
    json!({
        "resourceType": "ServiceRequest",
        "id": id,
        "meta": { "versionId": version.to_string() },
        "identifier": [identifier("https://fhir.nhs.uk/Id/UBRN", ubrn)],
        "status": status,
        "intent": "order",
        "category": [concept(json!({
            "system": format!("{R4}CodeSystem/message-category-servicerequest"),
            "code": category,
        }))],
        "subject": { "identifier": identifier("https://fhir.nhs.uk/Id/nhs-number", patient) },
    })
}

/// What a user works as in one organisation.
pub(crate) fn practitioner_role(
    user: &str,
    organisation: &str,
    functions: &[String],
    now: Moment,
) -> (String, Value) {
    let id = format!("PractitionerRole-{organisation}-{user}");
    let codes: Vec<Value> = functions
        .iter()
        .map(|code| {
            concept(json!({ "system": format!("{R4}CodeSystem/eRS-BusinessFunction-1"), "code": code }))
        })
        .collect();
    let made = json!({
        "resourceType": "PractitionerRole",
        "id": id,
        "meta": { "lastUpdated": now.to_string() },
        "practitioner": { "identifier": identifier("https://fhir.nhs.uk/Id/sds-user-id", user) },
        "organization": { "identifier": identifier("https://fhir.nhs.uk/Id/ods-organization-code", organisation) },
        "code": codes,
    });
    (id, made)
}

/// A clinician whom an admin may act for.
pub(crate) fn practitioner(user: &str, now: Moment) -> Value {
    json!({
        "resourceType": "Practitioner",
        "id": user,
        "meta": { "lastUpdated": now.to_string() },
        // One object, and not an array: so the service writes it.
        "identifier": identifier("https://fhir.nhs.uk/Id/sds-user-id", user),
    })
}
