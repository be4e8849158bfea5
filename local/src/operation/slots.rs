//! A015: free slots.

use ers_fhir_ers::service::Header;
use serde_json::json;

use super::asked::{Asked, Holds};
use super::reply::Reply;
use crate::call::encoded;
use crate::refusal::{Outcome, Refusal};
use crate::render::{Bundle, Mode, SERVICE, USER, identifier};
use crate::seed::{Bookable, Kind};
use crate::state::{Priority, Slot};

const SERVICE_PARAMETER: &str = "schedule.actor:HealthcareService";
const CLINICIAN_PARAMETER: &str = "schedule.actor:Practitioner";

pub(super) fn search(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let needed = |name: &str| {
        let given = asked.call.parameter(name);
        given.ok_or_else(|| Refusal::of("MISSING_PARAMETER", format!("{name} is missing")))
    };
    let service = needed(SERVICE_PARAMETER)?;
    let (kind, status) = (needed("appointmentType")?, needed("status")?);
    let (count, page) = (needed("_count")?, needed("page")?);
    let invalid =
        |name: &str, value: &str| Refusal::of("INVALID_VALUE", format!("{name}: '{value}' is out of range"));
    let not_listed =
        |name: &str, value: &str| Refusal::of("INVALID_CODE", format!("{name}: there is no '{value}'"));
    let appointment_type = Priority::of(&kind).ok_or_else(|| not_listed("appointmentType", &kind))?;
    if status != "free" {
        return Err(not_listed("status", &status));
    }
    let in_range = |name: &str, value: &str, most: usize| {
        let number = value.parse::<usize>().ok().filter(|number| (1..=most).contains(number));
        number.ok_or_else(|| invalid(name, value))
    };
    let per_page = in_range("_count", &count, 100)?;
    let number = in_range("page", &page, 1_000_000)?;
    let header = Header::COMMISSIONING_RULE_ORGANISATION.name;
    let organisation = asked.call.value(header);
    let organisation =
        organisation.ok_or_else(|| Refusal::of("MISSING_HEADER", format!("{header} is missing")))?;
    if !asked.world.is_open(organisation, Kind::Referrer) {
        return Err(invalid(header, organisation));
    }
    let Some(known) = asked.world.service(&service) else {
        return Err(Refusal::of("REFERENCE_NOT_FOUND", format!("there is no service {service}")));
    };
    if known.bookable != Bookable::Direct {
        return Err(Refusal::of("INVALID_STATE", format!("the service {service} is not booked directly")));
    }
    if !known.published {
        return Err(Refusal::of("SERVICE_UNAVAILABLE", format!("the service {service} is not published")));
    }
    let clinician = asked.call.parameter(CLINICIAN_PARAMETER);
    if let Some(clinician) = clinician.as_ref().filter(|id| !known.clinicians.contains(id)) {
        return Err(invalid(CLINICIAN_PARAMETER, clinician));
    }
    let mut found: Vec<&Slot> = asked.state.free_slots(&service, appointment_type, asked.now).collect();
    if let Some(clinician) = &clinician {
        found.retain(|slot| slot.clinician.as_ref() == Some(clinician));
    }
    let total = found.len();
    let pages = total.div_ceil(per_page).max(1);
    if number > pages {
        return Err(invalid("page", &page));
    }
    let shown: Vec<&Slot> = found.into_iter().skip((number - 1) * per_page).take(per_page).collect();
    let address = |number: usize| {
        let mut query = vec![(SERVICE_PARAMETER, service.clone())];
        query.extend(clinician.clone().map(|clinician| (CLINICIAN_PARAMETER, clinician)));
        query.extend([
            ("appointmentType", kind.clone()),
            ("status", status.clone()),
            ("_count", count.clone()),
        ]);
        query.extend([("_include", "Slot:schedule".to_owned()), ("page", number.to_string())]);
        let pairs: Vec<String> =
            query.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        format!("{}/STU3/Slot?{}", asked.call.base, pairs.join("&"))
    };
    let mut bundle = Bundle::stu3(asked.fleeting_uuid(0), asked.now, &address(number)).total(total);
    if number > 1 {
        bundle = bundle.link("previous", &address(number - 1));
    }
    if number < pages {
        bundle = bundle.link("next", &address(number + 1));
    }
    add(&mut bundle, &asked.call.base, &shown);
    Ok(Reply::resource(bundle.finish()))
}

fn schedule_of(slot: &Slot) -> String {
    match &slot.clinician {
        Some(clinician) => format!("{}-{clinician}", slot.service),
        None => slot.service.clone(),
    }
}

/// Adds slots, and the schedules that they are of.
fn add(bundle: &mut Bundle, base: &str, slots: &[&Slot]) {
    for slot in slots {
        let written = json!({
            "resourceType": "Slot",
            "id": slot.id,
            "meta": { "profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Slot-1"] },
            "identifier": [identifier("https://fhir.nhs.uk/Id/alternative-slot", &format!("USRN-{}", slot.id))],
            "schedule": { "reference": format!("Schedule/{}", schedule_of(slot)) },
            "status": "free",
            "start": slot.start.to_string(),
            "end": slot.end.to_string(),
        });
        bundle.add(format!("{base}/STU3/Slot/{}", slot.id), written, Mode::Match);
    }
    let mut schedules: Vec<(String, &Slot)> = slots.iter().map(|slot| (schedule_of(slot), *slot)).collect();
    schedules.sort_by(|(a, _), (b, _)| a.cmp(b));
    schedules.dedup_by(|(a, _), (b, _)| a == b);
    for (id, slot) in schedules {
        let mut actors = vec![json!({ "identifier": identifier(SERVICE, &slot.service) })];
        actors.extend(
            slot.clinician.as_ref().map(|clinician| json!({ "identifier": identifier(USER, clinician) })),
        );
        let written = json!({
            "resourceType": "Schedule",
            "id": id,
            "meta": { "profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Schedule-1"] },
            "identifier": [identifier("https://fhir.nhs.uk/Id/ers-schedule", &id)],
            "actor": actors,
        });
        bundle.add(format!("{base}/STU3/Schedule/{id}"), written, Mode::Include);
    }
}
