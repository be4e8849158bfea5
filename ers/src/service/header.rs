//! The headers of a request, and when each is needed.

/// A header of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Its name; case does not matter.
    pub name: &'static str,
    /// What it holds.
    pub holds: &'static str,
    /// When it is needed.
    pub need: Need,
}

/// When a header is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// In every call.
    Always,
    /// It may be left out.
    Never,
    /// In calls for a user; forbidden to applications.
    Users,
    /// In calls of a `SERVICE_PROVIDER_CLINICIAN_ADMIN`; forbidden to everybody else.
    OnBehalf,
}

impl Header {
    const fn new(name: &'static str, holds: &'static str, need: Need) -> Self {
        Self { name, holds, need }
    }

    /// The token of the caller.
    pub const AUTHORIZATION: Self =
        Self::new("Authorization", "Bearer and the access token; not in the sandbox", Need::Always);
    /// The organisation that a user works for.
    pub const ORGANISATION: Self =
        Self::new("NHSD-End-User-Organisation-ODS", "ODS code of the user's organisation", Need::Users);
    /// The business function of the user.
    pub const FUNCTION: Self =
        Self::new("NHSD-eRS-Business-Function", "business function of the user", Need::Users);
    /// The clinician whom an admin acts for.
    pub const ON_BEHALF_OF: Self = Self::new(
        "NHSD-eRS-On-Behalf-Of-User-ID",
        "SDS user id, twelve digits, of the clinician whom the admin acts for (A040 lists them)",
        Need::OnBehalf,
    );
    /// The caller's own id of the call.
    pub const CORRELATION: Self =
        Self::new("X-Correlation-ID", "any value; the answer repeats it", Need::Never);
    /// The version that a change starts from.
    pub const IF_MATCH: Self =
        Self::new("If-Match", "W/\"<meta.versionId that was last read>\"", Need::Always);
    /// The media type of the body.
    pub const CONTENT_TYPE: Self = Self::new("Content-Type", "application/fhir+json", Need::Always);
    /// The media type of an uploaded file.
    pub const FILE_TYPE: Self = Self::new("Content-Type", "media type of the file", Need::Always);
    /// The organisation whose commissioning rules apply.
    pub const COMMISSIONING_RULE_ORGANISATION: Self = Self::new(
        "NHSD-eRS-Comm-Rule-Org",
        "ODS code from Extension-eRS-Commissioning-Rule-Org-1 of the referral",
        Need::Always,
    );
    /// The name of an uploaded file.
    pub const FILE_NAME: Self = Self::new(
        "NHSD-eRS-File-Name",
        "name of the file with its extension, 255 characters at most",
        Need::Always,
    );
    /// The request that an uploaded file will be attached to.
    pub const REFERRAL: Self = Self::new(
        "NHSD-eRS-Referral-ID",
        "UBRN; needed if the file will be attached to an existing request",
        Need::Never,
    );
}
