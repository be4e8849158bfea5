//! A larger England: more practices, providers, services and patients, all of them invented and always the same.

use std::collections::BTreeSet;

use ers_fhir_values::form::has_modulus_11_digit;

use super::{
    Bookable, Flow, Gender, Kind, Organisation, Patient, ProviderSystem, RoleAt, Seed, Service, Session, User,
};
use crate::state::Priority;

/// Referrals of a practice, of a provider, and of a patient.
const OF_PRACTICE: u32 = 500;
const OF_PROVIDER: u32 = 5000;
const OF_PATIENT: u32 = 2;
/// Services of a provider.
const SERVICES: u32 = 10;

/// Specialties and clinic types of services, from the reference data.
const CLINICS: [(&str, &str, &str); 2] =
    [("Skin", "DERMATOLOGY", "ECZEMA_AND_DERMATITIS"), ("Heart", "CARDIOLOGY", "HEART_FAILURE")];

impl Seed {
    /// The same seed with that many additional referrals, and practices, providers, services and patients for
    /// them.
    #[must_use]
    pub fn grown(mut self, referrals: u32) -> Self {
        let practices = referrals.div_ceil(OF_PRACTICE);
        for number in 1..=practices {
            self.add_practice(number);
        }
        let known: BTreeSet<String> =
            self.patients.iter().map(|patient| patient.nhs_number.clone()).collect();
        let numbers = (100_000..1_000_000).filter_map(nhs_number).filter(|number| !known.contains(number));
        let patients = numbers.take(referrals.div_ceil(OF_PATIENT) as usize);
        for (number, nhs_number) in (0..).zip(patients) {
            self.patients.push(patient(number, nhs_number, &practice(number % practices + 1)));
        }
        for number in 1..=referrals.div_ceil(OF_PROVIDER) {
            self.add_provider(number);
        }
        self.referrals = self.referrals.saturating_add(referrals);
        self
    }

    fn add_practice(&mut self, number: u32) {
        let ods = practice(number);
        let name = format!("Surgery {number}");
        self.organisations.push(Organisation { ods: ods.clone(), name, kind: Kind::Referrer, closed: false });
        for (place, function) in ["REFERRING_CLINICIAN", "REFERRING_ADMIN"].into_iter().enumerate() {
            let id = format!("5561{number:07}{place}");
            self.users.push(user(id, &format!("Referrer {number}"), &ods, function));
        }
    }

    fn add_provider(&mut self, number: u32) {
        let ods = format!("ZH{number:04}");
        let name = format!("Hospital {number}");
        let site = format!("{ods}01");
        let services: Vec<Service> = (0..SERVICES).map(|place| service(number, place, &ods, &site)).collect();
        let ids: Vec<String> = services.iter().map(|service| service.id.clone()).collect();
        self.organisations.push(Organisation { ods: ods.clone(), name, kind: Kind::Provider, closed: false });
        let functions =
            ["SERVICE_PROVIDER_CLINICIAN", "SERVICE_PROVIDER_CLINICIAN_ADMIN", "SERVICE_PROVIDER_ADMIN"];
        for (place, function) in functions.into_iter().enumerate() {
            let id = format!("5562{number:07}{place}");
            let made = user(id, &format!("Provider {number}"), &ods, function);
            let acts_for = if place == 1 { vec![format!("5562{number:07}0")] } else { Vec::new() };
            self.users.push(User { services: ids.clone(), acts_for, ..made });
        }
        let direct = services.iter().filter(|service| service.bookable == Bookable::Direct);
        self.sessions.extend(direct.flat_map(|service| {
            [(Priority::Routine, 540), (Priority::Urgent, 720)].map(|(appointment_type, from_minute)| {
                Session {
                    service: service.id.clone(),
                    clinician: None,
                    appointment_type,
                    after_days: 7,
                    days: 14,
                    from_minute,
                    minutes: 20,
                    slots: 4,
                }
            })
        }));
        self.services.extend(services);
    }
}

fn practice(number: u32) -> String {
    format!("ZP{number:04}")
}

/// A number from the test range (999) that contains the given digits; none if there is no valid check digit.
fn nhs_number(middle: u32) -> Option<String> {
    let all = (0..10).map(|digit| format!("999{middle:06}{digit}"));
    all.into_iter().find(|number| has_modulus_11_digit(number))
}

fn user(id: String, name: &str, organisation: &str, function: &str) -> User {
    User {
        id,
        name: name.to_owned(),
        active: true,
        roles: vec![RoleAt { organisation: organisation.to_owned(), functions: vec![function.to_owned()] }],
        services: Vec::new(),
        acts_for: Vec::new(),
    }
}

fn patient(number: u32, nhs_number: String, practice: &str) -> Patient {
    Patient {
        nhs_number,
        name: format!("Patient {}", number + 1),
        practice: Some(practice.to_owned()),
        usable: true,
        access_code: true,
        age: Some(18 + number % 70),
        gender: Some(if number.is_multiple_of(2) { Gender::Female } else { Gender::Male }),
        requirements: Vec::new(),
    }
}

/// A service of a provider: six are booked directly, one on the telephone, two do triage, one gives advice.
fn service(provider: u32, place: u32, ods: &str, site: &str) -> Service {
    let (name, specialty, clinic_type) = CLINICS[place as usize % CLINICS.len()];
    let (flow, bookable) = match place {
        0..6 => (Flow::AppointmentRequest, Bookable::Direct),
        6 => (Flow::AppointmentRequest, Bookable::Indirect),
        7 | 8 => (Flow::TriageRequest, Bookable::None),
        _ => (Flow::AdviceAndGuidanceRequest, Bookable::None),
    };
    Service {
        id: format!("{}", 1_000_000 + provider * SERVICES + place),
        name: format!("{name} clinic {} of hospital {provider}", place + 1),
        provider: ods.to_owned(),
        site: site.to_owned(),
        location: format!("Hospital {provider}"),
        flows: vec![flow],
        bookable,
        priorities: vec![Priority::Routine, Priority::Urgent],
        specialty: specialty.to_owned(),
        clinic_types: vec![clinic_type.to_owned()],
        clinical_terms: Vec::new(),
        letter_required: false,
        clinicians: Vec::new(),
        ages: None,
        gender: Gender::MaleAndFemale,
        appointment_type: (flow == Flow::AppointmentRequest).then(|| "FIRST_OUTPATIENT".to_owned()),
        distance: provider % 60,
        wait_days: 20 + place,
        requirements: Vec::new(),
        commissioned_for: Vec::new(),
        published: true,
        version: 1,
        hours: None,
        telephone: None,
        instructions: None,
        provider_system: ProviderSystem::Ok,
    }
}

#[cfg(test)]
mod tests {
    use crate::seed::check::check;
    use crate::seed::england;

    #[test]
    fn what_is_grown_makes_sense_and_is_the_same_each_time() {
        let grown = england().grown(12_000);
        check(&grown).expect("it makes sense");
        assert_eq!(grown, england().grown(12_000));
        assert_eq!(grown.patients.len() - england().patients.len(), 6000);
    }
}
