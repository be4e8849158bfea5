//! Who the patient and the clinician are.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use crate::example::payloads::{CREATE, SEARCH};
use crate::service::Role;

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[&RULE_23, &RULE_26, &RULE_27];

pub(crate) static RULE_23: Rule = rule(
    "ers-rule-23",
    Severity::Error,
    "The NHS number is not valid",
    "An NHS number has ten digits, the last of which is the check digit (modulus 11) of the others. It is \
     written without spaces, with the system http://fhir.nhs.net/Id/nhs-number.",
    Example::stu3(CREATE).edited("9994827162", "9994827163"),
    Example::stu3(CREATE),
);

pub(crate) static RULE_26: Rule = rule(
    "ers-rule-26",
    Severity::Error,
    "The clinician is named by the wrong caller",
    "A REFERRING_CLINICIAN_ADMIN must name the clinician in referringClinician (VALUE_IS_REQUIRED). A \
     REFERRING_CLINICIAN is the clinician, and must not (FIELD_NOT_PERMITTED).",
    Example::stu3(CREATE).under(&const { Call::to("A011").role(Role::ReferringClinicianAdmin) }),
    Example::stu3(CREATE).under(&const { Call::to("A011").role(Role::ReferringClinician) }),
);

pub(crate) static RULE_27: Rule = rule(
    "ers-rule-27",
    Severity::Error,
    "The SDS user id is not valid",
    "A clinician is named by an SDS user id of twelve digits. The service also requires them to be active, a \
     referring clinician, and a member of the caller's organisation.",
    Example::stu3(SEARCH)
        .edited(
            r#"      "name": "patient","#,
            r#"      "name": "referringClinician",
      "valueIdentifier": { "system": "http://fhir.nhs.net/Id/sds-user-id", "value": "55500011122" }
    },
    {
      "name": "patient","#,
        )
        .under(&const { Call::to("A010").role(Role::ReferringClinicianAdmin) }),
    Example::stu3(SEARCH)
        .edited(
            r#"      "name": "patient","#,
            r#"      "name": "referringClinician",
      "valueIdentifier": { "system": "http://fhir.nhs.net/Id/sds-user-id", "value": "555000111222" }
    },
    {
      "name": "patient","#,
        )
        .under(&const { Call::to("A010").role(Role::ReferringClinicianAdmin) }),
);
