//! Appointments and their slots.

use ers_fhir_model::ers::stu3::{
    AppointmentSlotBundle, BookOrDeferAppointment, CancelAppointment, ErsAppointment,
};
use ers_fhir_model::ers::{
    BookOrDeferAppointments, RetrieveAppointment, RetrieveAppointmentSlots, UpdateAppointment,
};

use super::{operations, to, to_version, with};
use crate::client::queries::SlotSearch;
use crate::client::version::{Version, Versioned};

operations! {
    /// A015: one page of free slots; [`slots`](crate::client::Client::slots) goes through all.
    retrieve_appointment_slots(search: SlotSearch) RetrieveAppointmentSlots, resource => AppointmentSlotBundle,
        search.into_request(to::<RetrieveAppointmentSlots>());

    /// A016: an appointment that is booked, deferred to the provider, or sent for triage. The system of the provider may
    /// take two minutes. Where it does not answer, read the referral before anything is sent again
    /// ([`reconcile_referral`](crate::client::Client::reconcile_referral)).
    book_or_defer_appointment(request: &BookOrDeferAppointment)
        BookOrDeferAppointments, versioned => Versioned<ErsAppointment>, with::<BookOrDeferAppointments, _>(request);

    /// A034: cancels a booked appointment.
    update_appointment(id: &str, version: Version, request: &CancelAppointment)
        UpdateAppointment, versioned => Versioned<ErsAppointment>,
        with::<UpdateAppointment, _>(request).path("id", id).version(version);

    /// A038: the latest version of an appointment.
    retrieve_appointment(id: &str) RetrieveAppointment, versioned => Versioned<ErsAppointment>,
        to::<RetrieveAppointment>().path("id", id);

    /// A038: that version of an appointment, if it is the latest; else 404.
    retrieve_appointment_version(id: &str, version: Version)
        RetrieveAppointment, versioned => Versioned<ErsAppointment>,
        to_version::<RetrieveAppointment>().path("id", id).path("version", version.to_string());
}
