//! Files: uploading and retrieving them.

use super::common::CLINICAL;
use crate::service::endpoint::{Body, Endpoint, Method, Organisation};
use crate::service::header::Header;
use ers_fhir_profiles::FhirVersion;

/// The operations.
pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        id: "A006",
        name: "Retrieve attachment",
        release: FhirVersion::Stu3,
        method: Method::Get,
        path: "/STU3/Binary/{attachmentLogicalID}",
        roles: CLINICAL,
        application: Some(Organisation::Any),
        more_headers: &[],
        query: &[],
        request: Body::None,
        success: 200,
        response: Body::File("the bytes of the file"),
        etag: false,
        failures: &[
            (401, &[]),
            (403, &[]),
            (404, &[]),
            (406, &[]),
            (422, &["FILE_SIZE_ERROR", "PENDING", "THREATS_FOUND", "VALIDATION_FAILED"]),
            (429, &[]),
            (500, &[]),
            (503, &[]),
        ],
        replaced_by: Some("A042"),
        notes: &[
            "Files over 5242880 bytes give FILE_SIZE_ERROR; files that are not AVAILABLE give PENDING, THREATS_FOUND or VALIDATION_FAILED.",
        ],
    },
    Endpoint {
        id: "A020",
        name: "Upload file to document store",
        release: FhirVersion::Stu3,
        method: Method::Post,
        path: "/STU3/Binary",
        roles: CLINICAL,
        application: None,
        more_headers: &[Header::FILE_NAME, Header::REFERRAL],
        query: &[],
        request: Body::File("the bytes of the file"),
        success: 201,
        response: Body::None,
        etag: false,
        failures: &[
            (401, &[]),
            (403, &[]),
            (406, &[]),
            (415, &[]),
            (
                422,
                &[
                    "CONFLICTING_VALUES",
                    "FILE_SIZE_ERROR",
                    "INAPPROPRIATE_VALUE",
                    "INVALID_VALUE",
                    "MISSING_VALUE",
                ],
            ),
            (429, &[]),
            (500, &[]),
            (503, &[]),
        ],
        replaced_by: None,
        notes: &[
            "5242880 bytes at most.",
            "The answer has no body; Location holds Binary/<id>, which is the URL to attach.",
        ],
    },
    Endpoint {
        id: "A042",
        name: "Retrieve attachment",
        release: FhirVersion::R4,
        method: Method::Get,
        path: "/R4/Binary/{id}",
        roles: CLINICAL,
        application: Some(Organisation::Provider),
        more_headers: &[],
        query: &[],
        request: Body::None,
        success: 307,
        response: Body::None,
        etag: false,
        failures: &[
            (400, &["REC_BAD_REQUEST"]),
            (401, &[]),
            (403, &["REC_FORBIDDEN", "NO_RELATIONSHIP", "ACCESS_DENIED"]),
            (404, &[]),
            (422, &["PENDING", "THREATS_FOUND", "VALIDATION_FAILED"]),
            (429, &[]),
            (500, &[]),
            (503, &[]),
        ],
        replaced_by: None,
        notes: &[
            "The answer is a 307: follow Location at once, without the bearer token, and do not keep it.",
        ],
    },
];
