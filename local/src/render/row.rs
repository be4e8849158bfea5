//! The rows of worklists.

use serde_json::{Value, json};

use super::json::text;
use super::pen::Pen;
use super::piece::{
    NHS_NUMBER, USER, coding, concept, extension, identifier, maybe, named, part, priority, profiled,
};
use crate::moment::Moment;
use crate::state::{AdviceRequest, Appointment, Referral, ReferralState, Status, Worklist};

/// A list that is being written: since there may be many rows, each is written at once.
pub(crate) struct List(Vec<u8>);

/// A list of rows; none if they exceed a size.
pub(crate) fn list(rows: impl Iterator<Item = Value>, most: usize) -> Option<List> {
    let made = json!({
        "resourceType": "List",
        "meta": profiled("eRS-FetchWorklist-List-1"),
        "status": "current",
        "mode": "snapshot",
    });
    let mut list = List(text(&made));
    // The end is written when all rows are in it.
    list.0.pop();
    list.add("entry", rows, most).then_some(list)
}

impl List {
    /// Adds values under a name, where there are any; whether it has no more bytes than that.
    fn add(&mut self, name: &str, values: impl Iterator<Item = Value>, most: usize) -> bool {
        let mut values = values.peekable();
        if values.peek().is_none() {
            return true;
        }
        self.0.extend_from_slice(format!(",\"{name}\":").as_bytes());
        let mut before = b'[';
        for value in values {
            self.0.push(before);
            self.0.extend_from_slice(&text(&value));
            if self.0.len() > most {
                return false;
            }
            before = b',';
        }
        self.0.push(b']');
        true
    }

    /// The same with what rows refer to.
    pub(crate) fn containing(mut self, contained: impl Iterator<Item = Value>) -> Self {
        self.add("contained", contained, usize::MAX);
        self
    }

    /// Its bytes.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }
}

/// A patient or a clinician whom rows refer to.
pub(crate) fn person(kind: &str, system: &str, value: &str) -> Value {
    json!({
        "resourceType": kind,
        "id": format!("{kind}-{value}"),
        "meta": profiled(&format!("eRS-{kind}-1")),
        "identifier": [identifier(system, value)],
    })
}

fn row(list: Worklist, parts: Vec<Option<Value>>, reference: &str) -> Value {
    let parts: Vec<Value> = parts.into_iter().flatten().collect();
    json!({
        "extension": [extension(&format!("eRS-{}-WorkListItem", list.display()), "extension", Value::from(parts))],
        "item": { "reference": reference },
    })
}

fn moment(url: &str, moment: Moment) -> Value {
    part(url, "valueDateTime", Value::from(moment.to_string()))
}

fn codes(url: &str, coding: Value) -> Value {
    part(url, "valueCodeableConcept", concept(coding))
}

/// The value of a parameter of the search.
pub(crate) fn criterion<'c>(criteria: &'c Value, name: &str, key: &str, field: &str) -> Option<&'c str> {
    let parameter = criteria.as_array()?.iter().find(|parameter| parameter["name"] == name)?;
    parameter[key][field].as_str()
}

/// The clinician whom the search asked for by name.
pub(crate) fn named_clinician(criteria: &Value) -> Option<&str> {
    criterion(criteria, "namedClinician", "valueIdentifier", "value")
}

impl Pen<'_> {
    /// A row about a referral; `due` is when its letter is due.
    pub(crate) fn row(&self, list: Worklist, referral: &Referral, due: String) -> Value {
        let appointment = referral.appointment.as_ref().and_then(|id| self.state.appointments.get(id));
        let parts = match list {
            Worklist::ForReview => self.for_review(referral, appointment),
            Worklist::SlotIssues => self.slot_issue(referral, appointment, &due),
            _ => self.referrers_row(list, referral, due),
        };
        row(list, parts, &format!("ReferralRequest/{}", referral.ubrn))
    }

    fn specialty(&self, referral: &Referral) -> Value {
        let specialty = referral.specialty.as_deref().unwrap_or_default();
        codes("specialty", self.reference_data("SPECIALTY", specialty, false))
    }

    fn for_review(&self, referral: &Referral, appointment: Option<&Appointment>) -> Vec<Option<Value>> {
        let person = |kind: &str, id: &str| json!({ "reference": format!("#{kind}-{id}") });
        let booked = appointment.filter(|appointment| appointment.status == Status::Booked);
        let status = match (referral.was_reviewed, referral.has_new_letter, referral.has_new_priority) {
            (true, true, true) => ("PRIORITY_AND_LETTER_CHANGED", "Priority and Letter Changed"),
            (true, true, false) => ("LETTER_CHANGED", "Letter Changed"),
            (true, false, true) => ("PRIORITY_CHANGED", "Priority Changed"),
            _ => ("NEVER_REVIEWED", "Never Reviewed"),
        };
        let kind = if booked.is_some() { "APPOINTMENT" } else { "TRIAGE_DEFERRAL" };
        vec![
            Some(part("priority", "valueCodeableConcept", priority(referral.priority))),
            Some(self.specialty(referral)),
            Some(part("patient", "valueReference", person("Patient", &referral.patient))),
            maybe(named_clinician(&referral.criteria), |id| {
                part("namedClinician", "valueReference", person("Practitioner", id))
            }),
            maybe(booked.and_then(|booked| booked.clinician.as_deref()), |id| {
                part("allocatedClinician", "valueReference", person("Practitioner", id))
            }),
            Some(moment("eReferralPathwayStart", referral.pathway_start.unwrap_or(referral.created))),
            Some(part("clinicalInfoPrinted", "valueBoolean", Value::from(referral.was_printed))),
            Some(codes("requestContextStatus", coding("eRS-RequestContextStatus-1", status.0, status.1))),
            maybe(referral.first_submitted, |first| moment("clinicalInfoFirstSubmitted", first)),
            maybe(referral.last_updated, |last| moment("clinicalInfoLastUpdated", last)),
            Some(codes("referralType", coding("eRS-ReferralType-1", kind, ""))),
            maybe(booked.and_then(|booked| booked.start), |start| moment("appointmentStart", start)),
            maybe(appointment, |appointment| {
                part("service", "valueReference", self.service(&appointment.service))
            }),
            Some(part("referralRequestVersion", "valueInteger", Value::from(referral.version))),
        ]
    }

    fn slot_issue(
        &self,
        referral: &Referral,
        appointment: Option<&Appointment>,
        due: &str,
    ) -> Vec<Option<Value>> {
        let information = match () {
            () if referral.first_submitted.is_some() => "PRESENT",
            () if !referral.intends_letter => "NOT_APPLICABLE",
            () if due < self.now.day().as_str() => "OVERDUE",
            () => "NOT_DUE",
        };
        let days = self.world.lists.find("PRIORITY", referral.priority.code());
        let days = days.and_then(|listed| listed.number("deferToProviderContactDays"));
        vec![
            Some(part("priority", "valueCodeableConcept", priority(referral.priority))),
            Some(self.specialty(referral)),
            Some(part("patient", "valueReference", named(NHS_NUMBER, &referral.patient))),
            maybe(named_clinician(&referral.criteria), |id| {
                part("namedClinician", "valueReference", named(USER, id))
            }),
            Some(moment("eReferralPathwayStart", referral.pathway_start.unwrap_or(referral.created))),
            Some(part("clinicalInfoPrinted", "valueBoolean", Value::from(referral.was_printed))),
            maybe(appointment, |appointment| moment("ubrnReceived", appointment.created)),
            maybe(appointment.zip(days), |(appointment, days)| {
                let day = appointment.created.working_days_later(days);
                part("patientContactExpected", "valueDate", Value::from(day))
            }),
            Some(codes(
                "clinicalInformationStatus",
                coding("eRS-ClinicalInformationStatus-1", information, ""),
            )),
            maybe(referral.reason.as_ref(), |reason| codes("reason", self.reason(reason))),
            maybe(appointment, |appointment| {
                part("service", "valueReference", self.service(&appointment.service))
            }),
        ]
    }

    fn referrers_row(&self, list: Worklist, referral: &Referral, due: String) -> Vec<Option<Value>> {
        let criteria = &referral.criteria;
        let specialty =
            referral.specialty.as_deref().or(criterion(criteria, "specialty", "valueCoding", "code"));
        let context = [specialty, criterion(criteria, "clinicType", "valueCoding", "code")];
        let context: Vec<&str> = context.into_iter().flatten().collect();
        let context =
            if context.is_empty() { "NAMED CLINICIAN OR TERM".to_owned() } else { context.join("/") };
        let mut parts = vec![
            Some(part("patient", "valueReference", named(NHS_NUMBER, &referral.patient))),
            Some(part("priority", "valueCodeableConcept", priority(referral.priority))),
            Some(moment("referralCreated", referral.created)),
            Some(part("clinicalContext", "valueString", Value::from(context))),
            Some(part("referrer", "valueReference", named(USER, &referral.referrer))),
        ];
        if list == Worklist::LettersOutstanding {
            parts.push(Some(part("letterDue", "valueDate", Value::from(due))));
            return parts;
        }
        let (code, display) = match referral.state {
            ReferralState::CancelledByPatient => {
                ("APP_CANCELLED_BY_PATIENT", "Appointment cancelled by patient")
            }
            ReferralState::CancelledByProvider => {
                ("APP_CANCELLED_BY_PROVIDER", "Appointment cancelled by provider")
            }
            state => (state.code(), state.display()),
        };
        // Documents and examples disagree on the first list: a reason of a rejection is what readers look for there.
        let shows_reason = match list {
            Worklist::RejectedOrReturned => referral.state == ReferralState::Rejected,
            Worklist::AssessedCancelledMissed => referral.state == ReferralState::CancelledReferral,
            _ => code.starts_with("APP_CANCELLED"),
        };
        parts.push(Some(moment("referralLastUpdated", referral.changed)));
        parts.push(Some(codes("status", coding("eRS-ReferralState-1", code, display))));
        parts.push(maybe(referral.reason.as_ref().filter(|_| shows_reason), |reason| {
            codes("reason", self.reason(reason))
        }));
        parts
    }

    /// A row about an advice request.
    pub(crate) fn advice_row(&self, advice: &AdviceRequest) -> Value {
        let list = Worklist::AdviceRequests;
        let clinic = criterion(&advice.criteria, "clinicType", "valueCoding", "code");
        let parts = vec![
            Some(part("priority", "valueCodeableConcept", priority(advice.priority))),
            Some(codes("specialty", self.reference_data("SPECIALTY", &advice.specialty, false))),
            Some(part("patient", "valueReference", named(NHS_NUMBER, &advice.patient))),
            maybe(named_clinician(&advice.criteria), |id| {
                part("namedClinician", "valueReference", named(USER, id))
            }),
            Some(codes("category", coding("eRS-AdviceAndGuidanceStatus-1", advice.category.code(), ""))),
            Some(moment("adviceFirstRequested", advice.created)),
            Some(moment("adviceLastUpdated", advice.changed)),
            Some(part("referrer", "valueReference", named(USER, &advice.requester.user))),
            Some(part("service", "valueReference", self.service(&advice.service))),
            maybe(clinic, |code| codes("clinicType", self.reference_data("CLINIC-TYPE", code, false))),
            Some(part("communicationRequestVersion", "valueInteger", Value::from(advice.version))),
        ];
        row(list, parts, &format!("CommunicationRequest/{}", advice.ubrn))
    }
}
