//! Where the service is known to differ from base FHIR.

/// Elements that the service writes as one object although base FHIR makes them an array.
pub const SINGLE_OBJECTS: &[&str] =
    &["Appointment.participant.type", "HealthcareService.type", "Practitioner.identifier"];
