//! Common checks of operations: that a record exists, that the caller is related to it, that it may be changed.

use ers_fhir_ers::service::Header;

use super::asked::{Asked, Holds};
use super::reply::Reply;
use crate::gate::version_of;
use crate::refusal::{Outcome, Refusal};
use crate::seed::{Patient, ProviderSystem, Service};
use crate::state::{AdviceRequest, Appointment, Referral, Status};

/// Steps of a change that the provider's system takes part in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Booking,
    Cancellation,
}

impl<S: Holds> Asked<'_, S> {
    /// The referral of the path.
    pub(super) fn referral(&self) -> Outcome<Referral> {
        self.referral_of(self.in_path("ubrn")).map_err(Refusal::about_path)
    }

    /// The referral with that number.
    pub(super) fn referral_of(&self, ubrn: &str) -> Outcome<Referral> {
        if let Some(referral) = self.state.referrals.get(ubrn) {
            return Ok(referral.clone());
        }
        if self.state.advice.get(ubrn).is_some() {
            return Err(Refusal::of(
                "INVALID_REQUEST_TYPE",
                format!("{ubrn} is an advice request, not a referral"),
            ));
        }
        Err(Refusal::of("REFERENCE_NOT_FOUND", format!("there is no referral {ubrn}")))
    }

    /// The advice request of the path.
    pub(super) fn advice(&self) -> Outcome<AdviceRequest> {
        self.advice_of(self.in_path("ubrn")).map_err(Refusal::about_path)
    }

    /// The advice request with that number.
    pub(super) fn advice_of(&self, ubrn: &str) -> Outcome<AdviceRequest> {
        if let Some(advice) = self.state.advice.get(ubrn) {
            return Ok(advice.clone());
        }
        if self.state.referrals.get(ubrn).is_some() {
            return Err(Refusal::of(
                "INVALID_REQUEST_TYPE",
                format!("{ubrn} is a referral, not an advice request"),
            ));
        }
        Err(Refusal::of("REFERENCE_NOT_FOUND", format!("there is no advice request {ubrn}")))
    }

    /// The appointment of a referral.
    pub(super) fn appointment_of(&self, referral: &Referral) -> Option<Appointment> {
        referral.appointment.as_ref().and_then(|id| self.state.appointments.get(id)).cloned()
    }

    /// The caller is related to the referral: it belongs to their organisation, or the appointment is at one of their
    /// services.
    pub(super) fn has_to_do_with(&self, referral: &Referral) -> Outcome<()> {
        let service = self.appointment_of(referral).map(|appointment| appointment.service);
        let is_theirs = if self.caller.is_referrer() {
            referral.referring_organisation == self.caller.organisation
        } else {
            service.is_some_and(|service| self.works_for(&service))
        };
        self.relationship(is_theirs, &referral.ubrn)
    }

    /// The caller is related to the advice request.
    pub(super) fn has_to_do_with_advice(&self, advice: &AdviceRequest) -> Outcome<()> {
        let is_theirs = if self.caller.is_referrer() {
            advice.requester.organisation == self.caller.organisation
        } else {
            self.works_for(&advice.service)
        };
        self.relationship(is_theirs, &advice.ubrn)
    }

    fn relationship(&self, is_theirs: bool, ubrn: &str) -> Outcome<()> {
        if is_theirs {
            return Ok(());
        }
        let (who, function) = (self.caller.id(), self.caller.function);
        Err(Refusal::of("NO_RELATIONSHIP", format!("{who}, as {function}, has no relationship to {ubrn}")))
    }

    /// Whether the caller, or the clinician whom they act for, is in the workgroup of a service.
    pub(super) fn works_for(&self, service: &str) -> bool {
        if self.caller.is_application() {
            let service = self.world.service(service);
            return service.is_some_and(|service| service.provider == self.caller.organisation);
        }
        self.workgroups().iter().any(|known| known == service)
    }

    /// The services in whose workgroups the caller is, or the clinician whom they act for.
    pub(super) fn workgroups(&self) -> &[String] {
        self.world.user(self.caller.clinician()).map_or(&[], |user| &user.services)
    }

    /// The patient, if the record can be used.
    pub(super) fn patient(&self, nhs_number: &str) -> Outcome<&Patient> {
        let patient = self.world.patient(nhs_number).filter(|patient| patient.usable);
        patient.ok_or_else(|| Refusal::of("PATIENT_ERROR", "the patient's record cannot be used"))
    }

    /// Nobody else is changing the record.
    pub(super) fn is_free(&self) -> Outcome<()> {
        if self.call.is_locked {
            return Err(Refusal::plain(423, "somebody else is changing the record"));
        }
        Ok(())
    }

    /// The version that was sent is the latest.
    pub(super) fn is_latest(&self, sent: Option<u64>, version: u64) -> Outcome<()> {
        if sent == Some(version) && !self.call.is_raced {
            return Ok(());
        }
        Err(Refusal::plain(409, format!("the current version of the record is {version}")))
    }

    /// The version that `If-Match` holds.
    pub(super) fn if_match(&self) -> Option<u64> {
        self.call.value(Header::IF_MATCH.name).and_then(version_of)
    }

    /// The referral in the path, which the caller may change as last read.
    pub(super) fn referral_to_change(&self) -> Outcome<Referral> {
        let referral = self.referral()?;
        self.may_change(&referral, self.if_match())?;
        Ok(referral)
    }

    /// The caller may change the referral as it was read in that version.
    pub(super) fn may_change(&self, referral: &Referral, version: Option<u64>) -> Outcome<()> {
        self.has_to_do_with(referral)?;
        self.patient(&referral.patient)?;
        self.is_free()?;
        self.is_latest(version, referral.version)
    }

    /// The reaction of the provider's system to a booking or a cancellation at a service.
    pub(super) fn tell_provider(&self, service: &Service, told: Told) -> Outcome<()> {
        let system = self.call.provider_system.unwrap_or(service.provider_system);
        let name = &service.name;
        match (system, told) {
            (ProviderSystem::Ok, _)
            | (ProviderSystem::RefusesCancel, Told::Booking)
            | (ProviderSystem::SlotTaken, Told::Cancellation) => Ok(()),
            (ProviderSystem::SlotTaken, Told::Booking) => {
                Err(Refusal::of("SLOT_NOT_AVAILABLE", format!("{name} says that somebody else has the slot")))
            }
            (ProviderSystem::RefusesCancel, Told::Cancellation) => Err(Refusal::of(
                "UNABLE_TO_CANCEL_APPOINTMENT",
                format!("the system of {name} does not cancel the appointment"),
            )),
            (ProviderSystem::Error, _) => {
                let describes = self.endpoint.failures.iter().any(|(status, _)| *status == 502);
                Err(if describes {
                    Refusal::new(
                        502,
                        "PAS_RESPONDED_WITH_ERROR",
                        format!("the system of {name} answers with an error"),
                    )
                } else {
                    Refusal::of(
                        "UNABLE_TO_CANCEL_APPOINTMENT",
                        format!("the system of {name} answers with an error"),
                    )
                })
            }
            (ProviderSystem::Timeout, _) => {
                Err(Refusal::new(504, "PAS_NOT_RESPONDING", format!("the system of {name} does not answer")))
            }
        }
    }
}

impl Asked<'_> {
    /// Makes the slot of an appointment free again.
    pub(super) fn free_slot(&mut self, appointment: &Appointment) {
        let Some(slot) = &appointment.slot else { return };
        let id = &appointment.id;
        self.state.slots.change(slot, |slot| {
            if slot.taken_by.as_ref() == Some(id) {
                slot.taken_by = None;
            }
        });
    }

    /// Cancels an appointment, and stores it.
    pub(super) fn cancel_appointment(
        &mut self,
        mut appointment: Appointment,
        reason: crate::state::Reason,
        comment: Option<String>,
        referral_version: u64,
    ) -> Appointment {
        self.free_slot(&appointment);
        appointment.version += 1;
        appointment.status = Status::Cancelled;
        (appointment.start, appointment.end, appointment.slot) = (None, None, None);
        appointment.reason = Some(reason);
        appointment.comment = comment;
        appointment.referral_version = referral_version;
        self.state.appointments.set(&appointment.id.clone(), appointment.clone());
        appointment
    }

    /// Stores a referral, and answers with it.
    pub(super) fn keep(&mut self, referral: Referral) -> Reply {
        let (ubrn, version) = (referral.ubrn.clone(), referral.version);
        self.state.referrals.set(&ubrn, referral);
        let pen = self.pen();
        let written = self.state.referrals.get(&ubrn).map(|referral| pen.referral(referral));
        Reply::versioned(version, written.unwrap_or_default())
    }
}
