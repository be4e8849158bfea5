//! The rows of who may call, and how.

use ers_fhir_local::{Call, Token};

use super::Row;
use super::appointments::slots_of;
use crate::support::*;

/// The rows.
pub(super) const ACCESS: &[Row] = &[
    ("the token is no good", 401, "NO_ACCESS", |_| Call {
        caller: Token::Invalid("it has expired"),
        ..get(REFERRER, "/STU3/ReferralRequest/000049900001")
    }),
    ("the token is no good for R4", 401, "ACCESS_DENIED", |_| Call {
        caller: Token::User("555000888999".to_owned()),
        ..get(REFERRER, "/R4/PractitionerRole")
    }),
    ("the organisation is not named", 400, "MISSING_HEADER", |_| {
        Call::new("GET", "/STU3/ReferralRequest/000049900001")
            .header("NHSD-eRS-Business-Function", "REFERRING_CLINICIAN")
    }),
    ("the function is not named", 403, "FORBIDDEN", |_| {
        Call::new("GET", "/STU3/CodeSystem/PRIORITY").header("NHSD-End-User-Organisation-ODS", "X26")
    }),
    ("the function is none", 403, "FORBIDDEN", |_| get(Who("X26", "WIZARD"), "/STU3/CodeSystem/PRIORITY")),
    ("the function is one of an application", 403, "NO_ACCESS", |_| {
        get(Who("R9K", "PROVIDER_AUTHORISED_APPLICATION"), "/STU3/CodeSystem/PRIORITY")
    }),
    ("the function may not", 403, "REC_FORBIDDEN", |_| get(PROVIDER, "/R4/HealthcareService/20417")),
    ("the function may not in STU3", 403, "FORBIDDEN", |_| slots_of(PROVIDER)),
    ("nobody works so there", 403, "NO_ACCESS", |_| {
        get(Who("R9M", "REFERRING_CLINICIAN"), "/STU3/CodeSystem/PRIORITY")
    }),
    ("an admin of a provider acts for nobody", 403, "FORBIDDEN", |_| {
        let mut call = get(PROVIDERS_ADMIN, "/STU3/CodeSystem/PRIORITY");
        call.headers.retain(|(name, _)| name != "NHSD-eRS-On-Behalf-Of-User-ID");
        call
    }),
    ("an admin acts for one whom they may not act for", 403, "FORBIDDEN", |_| {
        let mut call = get(PROVIDERS_ADMIN, "/STU3/CodeSystem/PRIORITY");
        call.headers.retain(|(name, _)| name != "NHSD-eRS-On-Behalf-Of-User-ID");
        call.header("NHSD-eRS-On-Behalf-Of-User-ID", "555000666777")
    }),
    ("a clinician acts for another", 403, "FORBIDDEN", |_| {
        get(PROVIDER, "/STU3/CodeSystem/PRIORITY").header("NHSD-eRS-On-Behalf-Of-User-ID", CLINICIAN)
    }),
    ("an application sends the headers of a user", 403, "FORBIDDEN", |_| {
        by_application("GET", "/STU3/CodeSystem/PRIORITY").header("NHSD-End-User-Organisation-ODS", "R9K")
    }),
    ("an application sends the headers of the gateway", 403, "FORBIDDEN", |_| {
        by_application("GET", "/STU3/CodeSystem/PRIORITY").header("x-ers-ods-code", "R9K")
    }),
    ("an application may not", 403, "FORBIDDEN", |_| by_application("POST", "/STU3/Appointment")),
    ("an application is one of a provider", 403, "REC_FORBIDDEN", |_| {
        by_application("GET", "/R4/HealthcareService/20417")
    }),
    ("there is no such path", 404, "", |_| get(REFERRER, "/STU3/Nothing")),
    ("there is no such path in R4", 404, "REC_NOT_FOUND", |_| get(REFERRER, "/R4/Nothing")),
    ("XML is wanted", 406, "", |_| {
        get(REFERRER, "/STU3/CodeSystem/PRIORITY").header("Accept", "application/fhir+xml")
    }),
    ("XML is wanted of R4", 406, "REC_NOT_ACCEPTABLE", |_| {
        get(REFERRER, "/R4/PractitionerRole").header("Accept", "text/xml")
    }),
    ("a text is sent", 415, "", |_| {
        let target = "/STU3/ReferralRequest/$ers.createReferral";
        call(REFERRER, "POST", target)
            .header("Content-Type", "text/plain")
            .body(creation(skin(), &["20417"]).to_string())
    }),
    ("there is no such list", 404, "", |_| get(REFERRER, "/STU3/CodeSystem/COLOUR")),
    ("there is no such service", 404, "REC_NOT_FOUND", |_| get(REFERRER, "/R4/HealthcareService/1")),
    ("ids of services are none", 400, "REC_BAD_REQUEST", |_| get(REFERRER, "/R4/HealthcareService?_id=a,b")),
    ("the query has no name", 400, "REC_BAD_REQUEST", |_| {
        let mut call = get(PROVIDERS_ADMIN, "/R4/Practitioner");
        call.headers.retain(|(name, _)| name != "NHSD-eRS-On-Behalf-Of-User-ID");
        call
    }),
    ("a UBRN is none", 400, "REC_BAD_REQUEST", |_| get(REFERRER, "/R4/ServiceRequest?identifier=12")),
];
