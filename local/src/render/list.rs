//! Lists of reference data.

use ers_fhir_profiles::definition::{CodeSystem, Concept};
use serde_json::{Value, json};

use crate::moment::Moment;

const PROPERTIES: &str = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Concept-Properties-1";
const CODES: &str = "https://fhir.nhs.uk/STU3/CodeSystem/";

/// What a property holds.
enum Holds {
    Moment,
    Boolean,
    Number,
    /// A code of that list; of reference data where it begins with a slash.
    Code(&'static str),
}

/// What the properties of reference data hold, in the order in which they are declared.
const KNOWN: &[(&str, Holds)] = &[
    ("effectiveFrom", Holds::Moment),
    ("effectiveTo", Holds::Moment),
    ("specialty", Holds::Code("/SPECIALTY")),
    (
        "appointmentBookingCancellationReasonType",
        Holds::Code("eRS-AppointmentBookingCancellationReasonType-1"),
    ),
    ("willCancelWholeRequest", Holds::Boolean),
    ("usage", Holds::Code("eRS-AppointmentCancellationReasonUsage-1")),
    ("commentIsMandatory", Holds::Boolean),
    ("businessFunction", Holds::Code("eRS-BusinessFunction-1")),
    (
        "appointmentRequestCancellationReasonType",
        Holds::Code("eRS-AppointmentRequestCancellationReasonType-1"),
    ),
    ("canCancelAppointment", Holds::Boolean),
    ("referrerUsage", Holds::Code("eRS-ReferralRequestCancellationReasonUsage-1")),
    ("deferToProviderContactDays", Holds::Number),
    ("triageContactDays", Holds::Number),
];

/// The day from which the service has its codes, where the snapshot does not say.
const ALWAYS: &str = "2004-06-01";

/// A list of reference data as A004 answers it.
pub(crate) fn reference_list(list: &CodeSystem, name: &str, base: &str, now: Moment) -> Value {
    let is_used = |property: &str| {
        property == "effectiveFrom"
            || list
                .concepts
                .iter()
                .any(|concept| concept.properties.iter().any(|(known, _)| known == property))
    };
    let declared: Vec<Value> = KNOWN
        .iter()
        .filter(|(property, _)| is_used(property))
        .map(|(property, holds)| {
            let kind = match holds {
                Holds::Moment => "dateTime",
                Holds::Boolean => "boolean",
                Holds::Number => "integer",
                Holds::Code(_) => "Coding",
            };
            json!({ "code": property, "uri": format!("{PROPERTIES}#{property}"), "type": kind })
        })
        .collect();
    let concepts: Vec<Value> = list.concepts.iter().map(|concept| written(concept, name, base)).collect();
    let profile = if name == "SPECIALTY" {
        "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Specialty-CodeSystem-1"
    } else {
        "http://hl7.org/fhir/StructureDefinition/shareablecodesystem"
    };
    json!({
        "resourceType": "CodeSystem",
        "id": name,
        "meta": { "profile": [profile] },
        "url": format!("{base}/STU3/CodeSystem/{name}"),
        "version": "1",
        "name": title(name),
        "status": "active",
        "experimental": false,
        "date": now.day(),
        "publisher": "e-Referral Service",
        "description": format!("{} as the snapshot of a local service has it", title(name)),
        "caseSensitive": true,
        "content": "complete",
        "property": declared,
        "concept": concepts,
    })
}

const fn title(name: &str) -> &'static str {
    match name.as_bytes() {
        b"SPECIALTY" => "e-RS Specialty",
        b"CLINIC-TYPE" => "e-RS Clinic Type",
        b"APPOINTMENT-CANCELLATION-REASON" => "e-RS Appointment Cancellation Reason",
        b"REFERRAL-CANCELLATION-REASON" => "e-RS ReferralRequest Cancellation Reason",
        b"APPOINTMENT-NON-ATTENDANCE-REASON" => "e-RS Appointment Non-attendance Reason",
        _ => "e-RS Priority",
    }
}

fn written(concept: &Concept, list: &str, base: &str) -> Value {
    let mut properties = Vec::new();
    let mut add = |property: &str, value: &str| {
        let Some((_, holds)) = KNOWN.iter().find(|(known, _)| *known == property) else { return };
        let (key, value) = match holds {
            Holds::Moment => ("valueDateTime", Value::from(value)),
            Holds::Boolean => ("valueBoolean", Value::from(value == "true")),
            Holds::Number => ("valueInteger", Value::from(value.parse::<u32>().unwrap_or_default())),
            Holds::Code(system) => {
                let system = match system.strip_prefix('/') {
                    Some(list) => format!("{base}/STU3/CodeSystem/{list}"),
                    None => format!("{CODES}{system}"),
                };
                ("valueCoding", json!({ "system": system, "code": value }))
            }
        };
        let mut made = json!({ "code": property });
        made[key] = value;
        properties.push(made);
    };
    if !concept.properties.iter().any(|(property, _)| property == "effectiveFrom") {
        add("effectiveFrom", ALWAYS);
    }
    concept.properties.iter().for_each(|(property, value)| add(property, value));
    let display = concept.display.as_deref().unwrap_or(&concept.code);
    let mut made = json!({ "code": concept.code, "display": display, "property": properties });
    if list == "SPECIALTY" {
        made["extension"] = json!([{
            "url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-EffectivefromDate-1",
            "valueDate": ALWAYS,
        }]);
    }
    made
}
