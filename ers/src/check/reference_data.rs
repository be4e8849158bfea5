//! The lists of reference data: which codes they have, and what they say of them.

use std::sync::Arc;

use ers_fhir_ers::service::reference_data;
use ers_fhir_fhirpath::Temporal;
use ers_fhir_profiles::definition::{CodeSystem, CodeSystemContent, Concept};

use super::request::code;
use crate::check::{Checker, Finding};
use crate::diagnostic::{Message, Severity};
use crate::rule::ers::{payload, shortlist};
use crate::tree::Node;

const CLINIC_TYPES: &str = "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/CLINIC-TYPE";

/// A code of a list, with what the list says of it.
pub(super) struct Listed {
    list: Arc<CodeSystem>,
    place: usize,
}

impl Listed {
    /// The code of a coding in its list.
    pub(super) fn of(ctx: &Checker<'_, '_>, coding: Node<'_>) -> Option<Self> {
        let system = coding.child_value("system").and_then(reference_data)?;
        Self::find(ctx, &system, coding.child_value("code")?)
    }

    fn find(ctx: &Checker<'_, '_>, list: &str, code: &str) -> Option<Self> {
        let list = ctx.validator.definitions().code_system(list).ok().flatten()?;
        let place = list.concepts.iter().position(|concept| concept.code == code)?;
        Some(Self { list, place })
    }

    fn concept(&self) -> &Concept {
        &self.list.concepts[self.place]
    }

    /// The values of a property.
    pub(super) fn values(&self, property: &str) -> impl Iterator<Item = &str> {
        let all = self.concept().properties.iter();
        all.filter(move |(name, _)| name == property).map(|(_, value)| value.as_str())
    }

    /// Whether a property is true.
    pub(super) fn is(&self, property: &str) -> bool {
        self.values(property).any(|value| value == "true")
    }

    /// Whether the code may be used at that moment.
    pub(super) fn is_effective(&self, now: &Temporal) -> bool {
        let order = |property| {
            let moment = self.values(property).find_map(Temporal::parse_date_time);
            moment.and_then(|moment| moment.compare(now))
        };
        order("effectiveFrom") != Some(std::cmp::Ordering::Greater)
            && order("effectiveTo") != Some(std::cmp::Ordering::Less)
    }

    /// What breaking what a list says weighs: the snapshot in the packages may be old, a list that a
    /// user saved is what the service says.
    pub(super) fn severity(&self) -> Severity {
        if self.list.content == CodeSystemContent::Complete { Severity::Error } else { Severity::Warning }
    }
}

/// The clinic type is one of the specialty.
pub(super) fn check_clinic_type<'d>(ctx: &Checker<'_, 'd>, criteria: Node<'d>) {
    let (Some(specialty), Some(clinic_type)) = (code(criteria, "specialty"), code(criteria, "clinicType"))
    else {
        return;
    };
    let (Some(specialty), Some(name)) = (specialty.value(), clinic_type.value()) else { return };
    let Some(listed) = Listed::find(ctx, CLINIC_TYPES, name) else {
        note_unlisted(ctx, clinic_type, CLINIC_TYPES, name);
        return;
    };
    let is_of_specialty = listed.values("specialty").next().is_none()
        || listed.values("specialty").any(|known| known == specialty);
    let message = if !is_of_specialty {
        Message::text("").value(name).then(" is not a clinic type of ").value(specialty)
    } else if !listed.is_effective(&ctx.now()) {
        Message::text("").value(name).then(" is not in use at present")
    } else {
        return;
    };
    let mut finding = Finding::new(&shortlist::RULE_34, clinic_type, message).severity(listed.severity());
    let specialties: Vec<&str> = listed.values("specialty").collect();
    if !is_of_specialty {
        finding = finding.suggest(Message::text(format!("it belongs to {}", specialties.join(" and "))));
    }
    ctx.report(finding);
}

/// Says of a code that it is not in the snapshot of its list; `false` where its system is not
/// reference data.
pub(crate) fn note_unlisted(ctx: &Checker<'_, '_>, node: Node<'_>, system: &str, code: &str) -> bool {
    let Some(list) = reference_data(system) else { return false };
    let name = list.rsplit('/').next().unwrap_or_default();
    let message =
        Message::text("").value(code).then(format!(" is not in the snapshot of {name}, which may be old"));
    let newer = Message::text(format!("save what A004 answers for {name} and pass the file with --ig"));
    ctx.report(Finding::new(&payload::RULE_140, node, message).severity(Severity::Warning).suggest(newer));
    true
}
