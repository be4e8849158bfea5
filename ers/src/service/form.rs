//! The forms of identifiers in calls: of referrals, versions, records and files.

use ers_fhir_profiles::FhirVersion;

use super::system::LISTS;

/// Whether the text is a UBRN: twelve digits.
pub(crate) fn is_ubrn(text: &str) -> bool {
    text.len() == 12 && is_number(text)
}

/// Whether the text is an SDS user id: twelve digits.
pub(crate) fn is_user_id(text: &str) -> bool {
    is_ubrn(text)
}

/// Whether the text consists of digits only.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The form of an ODS code.
pub(crate) const ODS_CODE: &str = "an ODS code: three to ten letters and digits";

/// Whether the text may be an ODS code, in capitals or not.
pub(crate) fn is_ods_code(text: &str) -> bool {
    (3..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether the text is a version as the service writes it: `W/"5"`.
pub(crate) fn is_etag(text: &str) -> bool {
    version_of(text).is_some()
}

/// The version in `W/"5"`.
pub(crate) fn version_of(etag: &str) -> Option<&str> {
    etag.strip_prefix("W/\"")?.strip_suffix('"').filter(|digits| is_number(digits))
}

/// Whether the text is `<type>/<UBRN>/_history/<version>`.
pub(crate) fn is_versioned(text: &str, resource_type: &str) -> bool {
    versioned(text).is_some_and(|(kind, ubrn, _)| kind == resource_type && is_ubrn(ubrn))
}

/// Type, id and version of `<type>/<id>/_history/<version>`.
pub(crate) fn versioned(text: &str) -> Option<(&str, &str, &str)> {
    let steps: Vec<&str> = text.split('/').collect();
    match steps.as_slice() {
        [kind, id, "_history", version] if is_number(version) => Some((*kind, *id, *version)),
        _ => None,
    }
}

/// Whether the text is a version 4 UUID.
pub(crate) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
        && groups[2].starts_with('4')
}

/// The form of a path parameter, and a test for it.
pub(crate) struct PathParameter {
    pub(crate) name: &'static str,
    pub(crate) holds: &'static str,
    pub(crate) is: fn(&str) -> bool,
}

/// By the type in the path, where the name of the parameter alone is not enough; for the paths of
/// one release.
static PARAMETERS: &[(FhirVersion, &str, PathParameter)] = &[
    parameter(FhirVersion::Stu3, "", "ubrn", "a UBRN: twelve digits, without hyphens or spaces", is_ubrn),
    parameter(FhirVersion::Stu3, "", "version", "the number of a version", is_number),
    parameter(FhirVersion::Stu3, "", "codeSystemType", "the name of a list, such as SPECIALTY", |text| {
        LISTS.contains(&text)
    }),
    parameter(
        FhirVersion::Stu3,
        "",
        "attachmentLogicalID",
        "the id of a file: a UUID, or an older id that begins with att-",
        |text| is_uuid(text) || text.strip_prefix("att-").is_some_and(|rest| !rest.is_empty()),
    ),
    parameter(FhirVersion::Stu3, "Appointment", "id", "the id of an appointment: digits", is_number),
    parameter(FhirVersion::R4, "HealthcareService", "id", "the id of a service: digits", is_number),
    parameter(FhirVersion::R4, "Binary", "id", "the id of a file: a UUID", is_uuid),
];

const fn parameter(
    release: FhirVersion,
    of: &'static str,
    name: &'static str,
    holds: &'static str,
    is: fn(&str) -> bool,
) -> (FhirVersion, &'static str, PathParameter) {
    (release, of, PathParameter { name, holds, is })
}

/// The form of a path parameter.
pub(crate) fn path_parameter(
    release: FhirVersion,
    resource_type: &str,
    name: &str,
) -> Option<&'static PathParameter> {
    let fits = |of: &str, parameter: &PathParameter| {
        (of.is_empty() || of == resource_type) && parameter.name == name
    };
    PARAMETERS
        .iter()
        .find(|(version, of, parameter)| *version == release && fits(of, parameter))
        .map(|(_, _, parameter)| parameter)
}

#[cfg(test)]
mod tests {
    use super::{is_etag, is_uuid, path_parameter, versioned};
    use crate::service::endpoints;

    #[test]
    fn every_parameter_of_a_path_has_a_form() {
        for endpoint in endpoints() {
            for step in endpoint.path.split('/').filter(|step| step.starts_with('{')) {
                let name = step.trim_matches(['{', '}']);
                let parameter = path_parameter(endpoint.release, endpoint.resource_type(), name);
                let parameter = parameter.unwrap_or_else(|| panic!("{} {step}", endpoint.id));
                assert!(!(parameter.is)("") && !(parameter.is)("no such thing"), "{} {step}", endpoint.id);
            }
        }
    }

    #[test]
    fn forms_are_told() {
        assert!(is_etag("W/\"0\"") && !is_etag("\"5\"") && !is_etag("W/\"\"") && !is_etag("*"));
        assert!(is_uuid("9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11"));
        assert!(!is_uuid("9f3c1b5-6b1e-4f0e-8a52-0a7f5c7a1d11"));
        assert_eq!(versioned("ReferralRequest/1/_history/2"), Some(("ReferralRequest", "1", "2")));
        assert_eq!(versioned("ReferralRequest/1/_history/x"), None);
    }
}
