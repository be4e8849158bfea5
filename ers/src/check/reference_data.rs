//! The lists of reference data: their codes, and the properties of these.

use ers_fhir_profiles::terminology::{CodeLookup, FoundCode};
use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::{Finding, Run, Unlisted};
use ers_fhir_values::Temporal;

use super::request::code;
use crate::rule::{payload, shortlist};
use crate::service::reference_data;

const SPECIALTIES: &str = "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/SPECIALTY";
const CLINIC_TYPES: &str = "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/CLINIC-TYPE";

/// A code of a list, with its properties.
pub(super) struct Listed<'d>(FoundCode<'d>);

impl<'d> Listed<'d> {
    /// The entry of a coding in its list.
    pub(super) fn of(run: &Run<'d>, coding: Node<'_>) -> Option<Self> {
        let system = coding.child_value("system").and_then(reference_data)?;
        Self::find(run, &system, coding.child_value("code")?)
    }

    fn find(run: &Run<'d>, list: &str, code: &str) -> Option<Self> {
        match run.terminology().lookup(list, code) {
            CodeLookup::Found(found) if found.code() == code => Some(Self(found)),
            _ => None,
        }
    }

    /// The values of a property.
    pub(super) fn values(&self, property: &str) -> impl Iterator<Item = &str> {
        self.0.properties(property)
    }

    /// Whether a property is true.
    pub(super) fn is(&self, property: &str) -> bool {
        self.values(property).any(|value| value == "true")
    }

    /// Whether the code is in use at that moment.
    pub(super) fn is_effective(&self, now: &Temporal) -> bool {
        let order = |property| {
            let moment = self.values(property).find_map(Temporal::parse_date_time);
            moment.and_then(|moment| moment.compare(now))
        };
        order("effectiveFrom") != Some(std::cmp::Ordering::Greater)
            && order("effectiveTo") != Some(std::cmp::Ordering::Less)
    }

    /// The severity of breaking a rule of a list: the snapshot in the packages may be old, whereas a
    /// list that a user saved is that of the service.
    pub(super) fn severity(&self) -> Severity {
        if self.0.is_of_whole() { Severity::Error } else { Severity::Warning }
    }
}

/// The clinic type belongs to the specialty.
pub(super) fn check_clinic_type<'d>(run: &Run<'d>, criteria: Node<'d>) {
    let (Some(specialty), Some(clinic_type)) = (code(criteria, "specialty"), code(criteria, "clinicType"))
    else {
        return;
    };
    let (Some(specialty), Some(name)) = (specialty.value(), clinic_type.value()) else { return };
    // A specialty that does not exist has no clinic types; the specialty itself gets the finding.
    if Listed::find(run, SPECIALTIES, specialty).is_none() {
        return;
    }
    let Some(listed) = Listed::find(run, CLINIC_TYPES, name) else {
        if let Some(unlisted) = unlisted(CLINIC_TYPES) {
            run.report(unlisted.at(clinic_type, name));
        }
        return;
    };
    let is_of_specialty = listed.values("specialty").next().is_none()
        || listed.values("specialty").any(|known| known == specialty);
    let message = if !is_of_specialty {
        Message::text("").value(name).then(" is not a clinic type of ").value(specialty)
    } else if run.now().is_some_and(|now| !listed.is_effective(&now)) {
        Message::text("").value(name).then(" is not currently in use")
    } else {
        return;
    };
    let mut finding = Finding::new(&shortlist::RULE_34, clinic_type, message).severity(listed.severity());
    let specialties: Vec<&str> = listed.values("specialty").collect();
    if !is_of_specialty {
        finding = finding.suggest(text!("it belongs to {}", def(specialties.join(" and "))));
    }
    run.report(finding);
}

/// The message and the suggestion for a code that is not in the snapshot of its list; `None` if its
/// system is not reference data.
pub(crate) fn unlisted(system: &str) -> Option<Unlisted> {
    let list = reference_data(system)?;
    let name = list.rsplit('/').next().unwrap_or_default();
    Some(Unlisted {
        rule: &payload::RULE_140,
        severity: Severity::Warning,
        says: text!(" is not in the snapshot of {}, which may be old", def(name)),
        suggestion: text!("save the answer of A004 for {} and pass the file with --ig", def(name)),
    })
}
