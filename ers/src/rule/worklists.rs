//! Worklists.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use crate::example::payloads::{REFERRER_LIST, REJECTED, WORKLIST};
use crate::service::{Access, Role};

/// What is answered with the list of rejected referrals.
const ASK_REJECTED: &str = r#"{
  "resourceType": "Parameters",
  "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-FetchWorklist-Parameters-1"] },
  "parameter": [
    {
      "name": "listType",
      "valueCodeableConcept": {
        "coding": [
          {
            "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReferralListSelector-1",
            "code": "REJECTED_TRIAGE_RESPONSE"
          }
        ]
      }
    }
  ]
}"#;
const REJECTED_LIST: Call = Call::answer("A008").role(Role::ReferringClinician).asked(ASK_REJECTED);

/// The rules of this section.
pub(super) static RULES: &[&Rule] =
    &[&RULE_114, &RULE_115, &RULE_116, &RULE_117, &RULE_118, &RULE_119, &RULE_120];

pub(crate) static RULE_114: Rule = rule(
    "ers-rule-114",
    Severity::Error,
    "Specialty and its indicator disagree",
    "A specialty is given if, and only if, specialtyAssignedIndicator is ASSIGNED. NOT_ASSIGNED is \
     refused for specialties.",
    Example::stu3(WORKLIST)
        .edited(
            r#"    {
      "name": "specialtyAssignedIndicator",
      "valueCodeableConcept": {
        "coding": [{ "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-AssignedIndicator-1", "code": "ASSIGNED" }]
      }
    },
"#,
            "",
        )
        .under(&const { Call::to("A008").role(Role::ServiceProviderClinician) }),
    Example::stu3(WORKLIST).under(&const { Call::to("A008").role(Role::ServiceProviderClinician) }),
);

pub(crate) static RULE_115: Rule = rule(
    "ers-rule-115",
    Severity::Error,
    "Clinician and its indicator disagree",
    "A clinician is given if, and only if, clinicianAssignedIndicator is ASSIGNED.",
    Example::stu3(WORKLIST)
        .edited(r#""NOT_ASSIGNED""#, r#""ASSIGNED""#)
        .under(&const { Call::to("A008").role(Role::ServiceProviderClinician) }),
    Example::stu3(WORKLIST).under(&const { Call::to("A008").role(Role::ServiceProviderClinician) }),
);

pub(crate) static RULE_116: Rule = rule(
    "ers-rule-116",
    Severity::Error,
    "A referrer's list is filtered",
    "The lists of referrers take no filter: send listType alone.",
    Example::stu3(WORKLIST)
        .edited("REFERRALS_FOR_REVIEW", "LETTERS_OUTSTANDING")
        .under(&const { Call::to("A008").role(Role::ReferringClinician) }),
    Example::stu3(REFERRER_LIST).under(&const { Call::to("A008").role(Role::ReferringClinician) }),
);

pub(crate) static RULE_117: Rule = rule(
    "ers-rule-117",
    Severity::Error,
    "An application asks for a list without naming the service",
    "An application must name the service whose list it wants (MISSING_VALUE).",
    Example::stu3(WORKLIST)
        .edited(
            r#"    {
      "name": "service",
      "valueIdentifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20417" }
    },
"#,
            "",
        )
        .under(&const { Call::to("A008").access(Access::Application) }),
    Example::stu3(WORKLIST).under(&const { Call::to("A008").access(Access::Application) }),
);

pub(crate) static RULE_118: Rule = rule(
    "ers-rule-118",
    Severity::Error,
    "The list belongs to another operation",
    "A008 takes the lists of eRS-ReferralListSelector-1, A023 those of eRS-CommunicationListSelector-1.",
    Example::stu3(WORKLIST).under(&const { Call::to("A023") }),
    Example::stu3(WORKLIST).under(&const { Call::to("A008") }),
);

pub(crate) static RULE_119: Rule = rule(
    "ers-rule-119",
    Severity::Warning,
    "A reason is given with the wrong status",
    "A worklist entry gives a reason only with certain statuses: TRIAGE_RESPONSE for rejected referrals (the \
     published example has REJECTED instead, and both pass), CANCELLED_REFERRAL for returned ones, and \
     APP_CANCELLED_BY_PROVIDER or APP_CANCELLED_BY_PATIENT for those to be booked.",
    Example::stu3(REJECTED).edited(r#""code": "TRIAGE_RESPONSE",
                    "display": "Triage Response"
                  }
                ]
              }
            }"#, r#""code": "AWAITING_TRIAGE",
                    "display": "Awaiting Triage"
                  }
                ]
              }
            },
            {
              "url": "reason",
              "valueCodeableConcept": { "coding": [{ "system": "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/APPOINTMENT-CANCELLATION-REASON", "code": "OTHER" }] }
            }"#).under(&const { REJECTED_LIST }),
    Example::stu3(REJECTED).under(&const { REJECTED_LIST }),
);

pub(crate) static RULE_120: Rule = rule(
    "ers-rule-120",
    Severity::Warning,
    "A worklist contains patients or clinicians",
    "Only the list REFERRALS_FOR_REVIEW contains Patient and Practitioner resources; the others refer to them \
     by identifier.",
    Example::stu3(REJECTED)
        .edited(
            r#"  "status": "current",
  "mode": "snapshot",
  "entry": [
    {
      "extension": [
        {
          "url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-RejectedTriageResponse-WorkListItem-1",
          "extension": [
            {
              "url": "patient",
              "valueReference": { "identifier": { "system": "http://fhir.nhs.net/Id/nhs-number", "value": "9994827162" } }"#,
            r##"  "contained": [
    {
      "resourceType": "Patient",
      "id": "patient",
      "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Patient-1"] },
      "identifier": [{ "system": "http://fhir.nhs.net/Id/nhs-number", "value": "9994827162" }]
    }
  ],
  "status": "current",
  "mode": "snapshot",
  "entry": [
    {
      "extension": [
        {
          "url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-RejectedTriageResponse-WorkListItem-1",
          "extension": [
            {
              "url": "patient",
              "valueReference": { "reference": "#patient", "identifier": { "system": "http://fhir.nhs.net/Id/nhs-number", "value": "9994827162" } }"##,
        )
        .under(&const { REJECTED_LIST }),
    Example::stu3(REJECTED).under(&const { REJECTED_LIST }),
);
