//! A010: services for a patient; and whether services on a shortlist would be found.

use ers_fhir_ers::service::Role;
use serde_json::{Value, json};

use super::asked::{Asked, Holds};
use super::reply::Reply;
use crate::read::{Sent, Shortlist, missing};
use crate::refusal::{Outcome, Refusal};
use crate::seed::{Flow, Gender, Kind, Patient, Service};
use crate::state::Priority;

/// The priority of a search.
pub(super) fn priority_of(criteria: &Value) -> Outcome<Priority> {
    Sent(criteria).priority("priority")?.ok_or_else(|| missing("priority"))
}

/// The parameters of a search as a resource of which they are the parameters.
pub(super) fn as_resource(criteria: &Value) -> Value {
    json!({ "parameter": criteria })
}

pub(super) fn services(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let body = asked.body()?;
    let sent = Sent(&body);
    let flows: &[Flow] = match sent.required_code("requestType")? {
        "ADVICE_AND_GUIDANCE_REQUEST" => &[Flow::AdviceAndGuidanceRequest],
        _ => &[Flow::AppointmentRequest, Flow::TriageRequest],
    };
    let patient = asked.patient_to_refer(sent)?.clone();
    // An official request of a clinician names one, and is answered.
    if asked.caller.function == Role::ReferringClinicianAdmin {
        asked.referring_clinician(sent)?;
    }
    let organisation = match sent.identifier("commissioningRuleOrganisation") {
        Some(organisation) if asked.world.is_open(organisation, Kind::Referrer) => organisation.to_owned(),
        Some(organisation) => {
            let diagnostics = format!(
                "commissioningRuleOrganisation: '{organisation}' does not refer \
                 patients"
            );
            return Err(Refusal::of("INAPPROPRIATE_VALUE", diagnostics));
        }
        None => patient.practice.clone().unwrap_or_default(),
    };
    let criteria = &sent.find("searchCriteria").ok_or_else(|| missing("searchCriteria"))?["resource"];
    asked.check_search(criteria)?;
    let mut found: Vec<&Service> = Vec::new();
    for service in asked.world.services.values() {
        if flows.iter().any(|flow| service.takes(*flow)) && finds(criteria, service, &patient, &organisation)?
        {
            found.push(service);
        }
    }
    let by_wait = sent.code("sortBy") == Some("IWT");
    found.sort_by_key(|service| {
        (if by_wait { service.wait_days } else { service.distance }, service.id.len(), service.id.clone())
    });
    let pen = asked.pen();
    let entries: Vec<Value> = found.into_iter().map(|service| pen.found(service)).collect();
    let mut list = json!({
        "resourceType": "List",
        "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-FetchServices-List-1"] },
        "status": "current",
        "mode": "snapshot",
    });
    if entries.is_empty() {
        list["emptyReason"] = json!({ "coding": [{
            "system": "http://hl7.org/fhir/ValueSet/list-empty-reason",
            "code": "nilknown",
            "display": "Nil Known",
        }] });
    } else {
        list["entry"] = Value::from(entries);
    }
    Ok(Reply::resource(list))
}

impl<S: Holds> Asked<'_, S> {
    /// The patient of a request to refer: usable, and registered with a practice.
    pub(super) fn patient_to_refer(&self, sent: Sent<'_>) -> Outcome<&Patient> {
        let number = sent.identifier("patient").ok_or_else(|| missing("patient"))?;
        let patient = self.patient(number)?;
        if patient.practice.is_none() {
            return Err(Refusal::of("NO_REG_GP_PRACTICE", "the patient is not registered with a practice"));
        }
        Ok(patient)
    }

    /// The referring clinician: the one whom an admin names, or the caller.
    pub(super) fn referring_clinician(&self, sent: Sent<'_>) -> Outcome<String> {
        const NAME: &str = "referringClinician";
        let named = sent.identifier(NAME);
        if self.caller.function != Role::ReferringClinicianAdmin {
            if named.is_some() {
                let diagnostics = format!("{NAME} is for a REFERRING_CLINICIAN_ADMIN");
                return Err(Refusal::of("FIELD_NOT_PERMITTED", diagnostics));
            }
            return Ok(self.caller.id().to_owned());
        }
        let id = named.ok_or_else(|| Refusal::of("VALUE_IS_REQUIRED", format!("{NAME} is missing")))?;
        let refused = |code, what: &str| Err(Refusal::of(code, format!("{NAME}: {id} {what}")));
        let Some(user) = self.world.user(id) else { return refused("REFERENCE_NOT_FOUND", "is nobody") };
        let organisation = &self.caller.organisation;
        if !user.active {
            return refused("REFERENCED_USER_IS_NOT_ACTIVE", "is not active");
        }
        if !user.is(Role::ReferringClinician) {
            return refused("REFERENCED_USER_IS_NOT_RC", "does not refer");
        }
        if !user.roles.iter().any(|role| role.organisation == *organisation) {
            return refused("REFERENCED_USER_NOT_IN_ORG", &format!("does not belong to {organisation}"));
        }
        if !user.works_as(Role::ReferringClinician, organisation) {
            return refused(
                "REFERENCED_USER_IS_NOT_RC_AT_ORG",
                &format!("does not refer for {organisation}"),
            );
        }
        Ok(id.to_owned())
    }

    /// Everything that a search names exists.
    pub(super) fn check_search(&self, criteria: &Value) -> Outcome<()> {
        let sent = Sent(criteria);
        if let Some(id) = sent.identifier("namedClinician") {
            let refused = |code, what| Err(Refusal::of(code, format!("namedClinician: {id} {what}")));
            match self.world.user(id) {
                None => return refused("REFERENCE_NOT_FOUND", "is nobody"),
                Some(user) if !user.active => {
                    return refused("REFERENCED_USER_IS_NOT_ACTIVE", "is not active");
                }
                Some(user) if !user.is(Role::ServiceProviderClinician) => {
                    return refused("REFERENCED_USER_IS_NOT_SPC", "is not a provider's clinician");
                }
                Some(_) => {}
            }
        }
        if let Some(ods) = sent.identifier("organisation") {
            let refused = |code, what| Err(Refusal::of(code, format!("organisation: {ods} {what}")));
            match self.world.organisation(ods) {
                Some(organisation) if organisation.closed => {
                    return refused("ORGANISATION_IS_CLOSED", "is closed");
                }
                Some(organisation) if organisation.kind == Kind::Referrer => {
                    return refused("ORGANISATION_NOT_APPROPRIATE", "provides no services");
                }
                Some(_) => {}
                None if self.world.is_place(ods) => {}
                None => return refused("REFERENCE_NOT_FOUND", "is not known"),
            }
        }
        if let Some(code) = sent.code("clinicalTerm")
            && !self.world.knows_term(code)
        {
            return Err(Refusal::of("SNOMED_NOT_FOUND", format!("clinicalTerm: '{code}' is not known")));
        }
        Ok(())
    }

    /// The services on a shortlist exist, accept the request, and are found by the search.
    pub(super) fn check_shortlist(
        &self,
        list: &Shortlist,
        flows: &[Flow],
        patient: &Patient,
        organisation: &str,
    ) -> Outcome<Vec<&Service>> {
        let criteria = as_resource(&list.criteria);
        self.check_search(&criteria)?;
        let mut services = Vec::new();
        for id in &list.services {
            let Some(service) = self.world.service(id) else {
                return Err(Refusal::of("REFERENCE_NOT_FOUND", format!("there is no service {id}")));
            };
            if !flows.iter().any(|flow| service.takes(*flow)) {
                let wanted: Vec<&str> = flows.iter().map(|flow| flow.code()).collect();
                let diagnostics = format!("the service {id} does not accept {}", wanted.join(" or "));
                return Err(Refusal::of("INAPPROPRIATE_VALUE", diagnostics));
            }
            if !finds(&criteria, service, patient, organisation)? {
                let diagnostics = format!("the search does not find the service {id} for this patient");
                return Err(Refusal::of("SHORTLISTED_SERVICE_NOT_IN_RESULTS", diagnostics));
            }
            services.push(service);
        }
        Ok(services)
    }
}

/// Whether a search finds a service for a patient, under the commissioning rules of an organisation.
fn finds(criteria: &Value, service: &Service, patient: &Patient, organisation: &str) -> Outcome<bool> {
    let sent = Sent(criteria);
    let priority = priority_of(criteria)?;
    let is = |name: &str, fits: &dyn Fn(&str) -> bool| sent.code(name).is_none_or(fits);
    let named = sent.identifier("namedClinician");
    let place = sent.identifier("organisation");
    let commissioned = service.commissioned_for.is_empty()
        || service.commissioned_for.iter().any(|known| known == organisation);
    let within = |name: &str, value: u32| sent.number(name).is_none_or(|limit| u64::from(value) <= limit);
    let suits = sent.boolean("ageAndGenderAppropriate") != Some(true) || suits(service, patient);
    Ok(service.published
        && commissioned
        && service.priorities.contains(&priority)
        && is("specialty", &|code| service.specialty == code)
        && is("clinicType", &|code| service.clinic_types.iter().any(|known| known == code))
        && is("clinicalTerm", &|code| service.clinical_terms.iter().any(|known| known == code))
        && named.is_none_or(|id| service.clinicians.iter().any(|known| known == id))
        && place.is_none_or(|ods| service.provider == ods || service.site == ods)
        && within("distanceLimit", service.distance)
        && within("indicativeAppointmentWaitTimeLimit", service.wait_days)
        && suits)
}

/// Whether a service treats patients of that age and gender, as far as these are known.
fn suits(service: &Service, patient: &Patient) -> bool {
    let age = service.ages.zip(patient.age).is_none_or(|((low, high), age)| (low..=high).contains(&age));
    let gender = match (service.gender, patient.gender) {
        (Gender::MaleAndFemale, _) | (_, None | Some(Gender::MaleAndFemale)) => true,
        (wanted, Some(gender)) => wanted == gender,
    };
    age && gender
}
