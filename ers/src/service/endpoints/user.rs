//! Who the user is, and whom they may act for.

use crate::service::endpoint::{Body, Endpoint, Method, Parameter};
use crate::service::role::Role;
use ers_fhir_profiles::FhirVersion;

/// The operations.
pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        id: "A030",
        name: "Retrieve user business functions",
        release: FhirVersion::R4,
        method: Method::Get,
        path: "/R4/PractitionerRole",
        roles: &[],
        application: None,
        more_headers: &[],
        query: &[],
        request: Body::None,
        success: 200,
        response: Body::Resource(&["https://ers-fhir.org/R4/StructureDefinition/PractitionerRole-Bundle"]),
        etag: false,
        failures: &[(401, &[]), (403, &[]), (406, &[]), (429, &[]), (500, &[]), (503, &[])],
        replaced_by: None,
        notes: &[
            "The first call of a session: it lists the organisations and business functions that the user may \
             name in the others.",
        ],
    },
    Endpoint {
        id: "A040",
        name: "Retrieve on-behalf-of practitioner user information",
        release: FhirVersion::R4,
        method: Method::Get,
        path: "/R4/Practitioner",
        roles: &[Role::ServiceProviderClinicianAdmin],
        application: None,
        more_headers: &[],
        query: &[Parameter { name: "_query", required: true, holds: "onBehalfOf" }],
        request: Body::None,
        success: 200,
        response: Body::Resource(&["https://ers-fhir.org/R4/StructureDefinition/Practitioner-Bundle"]),
        etag: false,
        failures: &[
            (400, &["REC_BAD_REQUEST"]),
            (401, &[]),
            (403, &[]),
            (406, &[]),
            (429, &[]),
            (500, &[]),
            (503, &[]),
        ],
        replaced_by: None,
        notes: &["NHSD-eRS-On-Behalf-Of-User-ID takes the ids that it returns."],
    },
];
