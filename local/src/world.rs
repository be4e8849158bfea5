//! Data that calls do not change: the directory, and reference data.

use std::collections::BTreeMap;
use std::sync::Arc;

use ers_fhir_ers::service::Role;
use ers_fhir_profiles::definition::{CodeSystem, Concept};
use ers_fhir_profiles::{Definitions, FhirVersion};

use crate::moment::Moment;
use crate::seed::{Application, Kind, Organisation, Patient, Seed, Service, Session, User};
use crate::state::{ReasonList, Slot};

/// The directory of a seed, by key, and the lists of reference data.
#[derive(Debug)]
pub(crate) struct World {
    organisations: BTreeMap<String, Organisation>,
    users: BTreeMap<String, User>,
    applications: BTreeMap<String, Application>,
    patients: BTreeMap<String, Patient>,
    pub(crate) services: BTreeMap<String, Service>,
    clinical_terms: Vec<String>,
    pub(crate) lists: Lists,
}

impl World {
    pub(crate) fn of(seed: &Seed) -> Self {
        fn by<T: Clone>(all: &[T], key: impl Fn(&T) -> &String) -> BTreeMap<String, T> {
            all.iter().map(|it| (key(it).clone(), it.clone())).collect()
        }
        Self {
            organisations: by(&seed.organisations, |it| &it.ods),
            users: by(&seed.users, |it| &it.id),
            applications: by(&seed.applications, |it| &it.id),
            patients: by(&seed.patients, |it| &it.nhs_number),
            services: by(&seed.services, |it| &it.id),
            clinical_terms: seed.clinical_terms.iter().map(|term| term.code.clone()).collect(),
            lists: Lists::new(),
        }
    }

    pub(crate) fn organisation(&self, ods: &str) -> Option<&Organisation> {
        self.organisations.get(ods)
    }

    /// Whether an organisation has this role, and is open.
    pub(crate) fn is_open(&self, ods: &str, kind: Kind) -> bool {
        self.organisation(ods).is_some_and(|found| found.kind == kind && !found.closed)
    }

    /// Whether the code is that of an organisation or of the site of a service.
    pub(crate) fn is_place(&self, ods: &str) -> bool {
        self.services.values().any(|service| service.site == ods || service.provider == ods)
    }

    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users.get(id)
    }

    pub(crate) fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// A user with a business function at an organisation.
    pub(crate) fn somebody(&self, function: Role, organisation: &str) -> Option<&User> {
        self.users.values().find(|user| user.active && user.works_as(function, organisation))
    }

    pub(crate) fn application(&self, id: &str) -> Option<&Application> {
        self.applications.get(id)
    }

    pub(crate) fn patient(&self, nhs_number: &str) -> Option<&Patient> {
        self.patients.get(nhs_number)
    }

    pub(crate) fn service(&self, id: &str) -> Option<&Service> {
        self.services.get(id)
    }

    pub(crate) fn knows_term(&self, code: &str) -> bool {
        self.clinical_terms.iter().any(|known| known == code)
    }
}

/// The slots that sessions generate, counted from a day; the ids in a session are consecutive.
pub(crate) fn slots(sessions: &[Session], now: Moment) -> Vec<Slot> {
    const DAY: i64 = 86_400;
    let midnight = Moment::of_millis(now.millis() - now.millis().rem_euclid(DAY * 1000));
    let mut made = Vec::new();
    let mut number = 4_410_000_u64;
    for session in sessions {
        for day in 0..session.days {
            for place in 0..session.slots {
                let days = i64::from(session.after_days) + i64::from(day);
                let minute = i64::from(session.from_minute) + i64::from(place) * i64::from(session.minutes);
                let start = midnight.plus_seconds(days * DAY + minute * 60);
                number += 1;
                made.push(Slot {
                    id: number.to_string(),
                    service: session.service.clone(),
                    clinician: session.clinician.clone(),
                    appointment_type: session.appointment_type,
                    start,
                    end: start.plus_seconds(i64::from(session.minutes) * 60),
                    taken_by: None,
                });
            }
        }
    }
    made
}

/// The base of the URLs of reference data in the packages.
const REFERENCE_DATA: &str = "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/";

/// The lists of reference data, by the last part of their URLs.
#[derive(Debug)]
pub(crate) struct Lists(BTreeMap<&'static str, Arc<CodeSystem>>);

impl Lists {
    /// Their names.
    pub(crate) const NAMES: [&'static str; 6] = [
        "SPECIALTY",
        "CLINIC-TYPE",
        "APPOINTMENT-CANCELLATION-REASON",
        "REFERRAL-CANCELLATION-REASON",
        "APPOINTMENT-NON-ATTENDANCE-REASON",
        "PRIORITY",
    ];

    fn new() -> Self {
        let definitions: Definitions = ers_fhir_ers::definitions(FhirVersion::Stu3);
        let list = |name| definitions.code_system(&format!("{REFERENCE_DATA}{name}")).ok().flatten();
        Self(Self::NAMES.into_iter().filter_map(|name| Some((name, list(name)?))).collect())
    }

    pub(crate) fn list(&self, name: &str) -> Option<&CodeSystem> {
        self.0.get(name).map(Arc::as_ref)
    }

    pub(crate) fn find(&self, list: &str, code: &str) -> Option<Listed<'_>> {
        self.list(list)?.concepts.iter().find(|concept| concept.code == code).map(Listed)
    }

    pub(crate) fn reason(&self, list: ReasonList, code: &str) -> Option<Listed<'_>> {
        self.find(list.code(), code)
    }

    /// The display text of a code of a list.
    pub(crate) fn display(&self, list: &str, code: &str) -> Option<&str> {
        self.find(list, code)?.0.display.as_deref()
    }
}

/// A code of a list, with its properties.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listed<'l>(pub(crate) &'l Concept);

impl<'l> Listed<'l> {
    /// The values of a property.
    pub(crate) fn values(self, property: &'l str) -> impl Iterator<Item = &'l str> {
        let all = self.0.properties.iter();
        all.filter(move |(name, _)| name == property).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(self, property: &'l str, value: &str) -> bool {
        self.values(property).any(|known| known == value)
    }

    /// Whether a property is true.
    pub(crate) fn is(self, property: &'l str) -> bool {
        self.has(property, "true")
    }

    /// The value of a numeric property.
    pub(crate) fn number(self, property: &'l str) -> Option<u32> {
        self.values(property).next()?.parse().ok()
    }

    /// Whether it may be used on that day.
    pub(crate) fn is_effective(self, now: Moment) -> bool {
        let today = now.day();
        let day = |property| self.values(property).next().and_then(|text| text.get(..10)).map(str::to_owned);
        day("effectiveFrom").is_none_or(|from| from <= today)
            && day("effectiveTo").is_none_or(|to| to >= today)
    }

    /// Whether a user with that function may give it; anybody may if none is listed.
    pub(crate) fn is_for(self, function: Role) -> bool {
        self.values("businessFunction").next().is_none() || self.has("businessFunction", function.code())
    }
}
