//! Files and what they are attached to.

use ers_fhir_report::{Example, Rule, Severity};

use super::call::Call;
use super::declare::rule;
use crate::example::payloads::{ADVICE_REQUEST, LETTER};

/// The rules of this section.
pub(super) static RULES: &[&Rule] = &[
    &RULE_55, &RULE_56, &RULE_57, &RULE_58, &RULE_59, &RULE_61, &RULE_63, &RULE_64, &RULE_65, &RULE_68,
    &RULE_70, &RULE_71,
];

pub(crate) static RULE_55: Rule = rule(
    "ers-rule-55",
    Severity::Error,
    "The file is empty or too large",
    "A file has 1 to 5242880 bytes (FILE_SIZE_ERROR).",
    Example::stu3("").under(&const { Call::to("A020").complete() }),
    Example::stu3("A referral letter.").under(&const { Call::to("A020").complete() }),
);

pub(crate) static RULE_56: Rule = rule(
    "ers-rule-56",
    Severity::Error,
    "The service does not accept files of this type",
    "Content-Type names the type of the file, which must be one that the service accepts (415 or \
     INAPPROPRIATE_VALUE).",
    Example::stu3("A referral letter.").under(
        &const {
            Call::to("A020")
                .headers(&[("Content-Type", "application/zip"), ("NHSD-eRS-File-Name", "letter.zip")])
        },
    ),
    Example::stu3("A referral letter.").under(&const { Call::to("A020").complete() }),
);

pub(crate) static RULE_57: Rule = rule(
    "ers-rule-57",
    Severity::Error,
    "The name of the file does not fit its type",
    "The extension in NHSD-eRS-File-Name belongs to the Content-Type; case does not matter \
     (CONFLICTING_VALUES).",
    Example::stu3("A referral letter.")
        .under(&const { Call::to("A020").headers(&[("NHSD-eRS-File-Name", "letter.pdf")]) }),
    Example::stu3("A referral letter.").under(&const { Call::to("A020").complete() }),
);

pub(crate) static RULE_58: Rule = rule(
    "ers-rule-58",
    Severity::Error,
    "The name of the file is missing or too long",
    "NHSD-eRS-File-Name holds a name with its extension, in 255 characters at most.",
    Example::stu3("A referral letter.")
        .under(&const { Call::to("A020").headers(&[("NHSD-eRS-File-Name", "letter")]) }),
    Example::stu3("A referral letter.").under(&const { Call::to("A020").complete() }),
);

pub(crate) static RULE_59: Rule = rule(
    "ers-rule-59",
    Severity::Error,
    "The referral of the file is not a UBRN",
    "A file for an existing request is uploaded with NHSD-eRS-Referral-ID, the UBRN of that request in twelve \
     digits. A file for a new request is uploaded without, and only A044 can attach it. Files that are never \
     attached are eventually removed.",
    Example::stu3("A referral letter.")
        .under(&const { Call::to("A020").headers(&[("NHSD-eRS-Referral-ID", "0000-4991-2345")]) }),
    Example::stu3("A referral letter.").under(&const { Call::to("A020").complete() }),
);

pub(crate) static RULE_61: Rule = rule(
    "ers-rule-61",
    Severity::Error,
    "There is no letter",
    "A012 replaces the letters of the referral with those in the request, which must contain at least one. \
     Repeat each letter that is to be kept.",
    Example::stu3(
        r#"{ "resourceType": "Parameters", "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-MaintainReferralLetter-Parameters-1"] } }"#,
    ),
    Example::stu3(LETTER),
);

pub(crate) static RULE_63: Rule = rule(
    "ers-rule-63",
    Severity::Error,
    "The type of the file belongs to another operation",
    "The type of an attached document says whose it is: REFERRER with A012, PROVIDER with A022, A028 and the \
     review of A027, GUIDANCE_RESPONSE with A026 and the guidance of A027, ADVICE_REQUEST with A044.",
    Example::stu3(LETTER).edited(r#""REFERRER""#, r#""PROVIDER""#),
    Example::stu3(LETTER),
);

pub(crate) static RULE_64: Rule = rule(
    "ers-rule-64",
    Severity::Error,
    "The document cannot be attached",
    "An attached document is current, has one type and names a file.",
    Example::stu3(LETTER).edited(r#""status": "current""#, r#""status": "superseded""#),
    Example::stu3(LETTER),
);

pub(crate) static RULE_65: Rule = rule(
    "ers-rule-65",
    Severity::Error,
    "The file is not an uploaded one",
    "A document names its file as Binary/ and the id that A020 returned in Location. No file is named twice.",
    Example::stu3(LETTER)
        .edited("9ad9b9a2-5e78-454d-b065-a1c284cc4549", "c1b87f1a-7323-491b-99f9-cbef0f69a4d0"),
    Example::stu3(LETTER),
);

pub(crate) static RULE_68: Rule = rule(
    "ers-rule-68",
    Severity::Warning,
    "The description of the file is too long",
    "DocumentReference.description has 200 characters at most.",
    Example::stu3(LETTER).filled("Photograph", "x", 201),
    Example::stu3(LETTER),
);

pub(crate) static RULE_70: Rule = rule(
    "ers-rule-70",
    Severity::Information,
    "The file cannot be fetched",
    "Only AVAILABLE files can be fetched. PENDING: wait at least five minutes. THREATS_FOUND and \
     VALIDATION_FAILED: ask whoever uploaded it (AttachedBy, AttachedByOrganisation).",
    Example::stu3(ADVICE_REQUEST)
        .edited(r#""AVAILABLE""#, r#""PENDING""#)
        .under(&const { Call::answer("A024") }),
    Example::stu3(ADVICE_REQUEST).under(&const { Call::answer("A024") }),
);

pub(crate) static RULE_71: Rule = rule(
    "ers-rule-71",
    Severity::Information,
    "The file is too large for A006",
    "A006 delivers files of 5242880 bytes at most (FILE_SIZE_ERROR); A042 delivers them all.",
    Example::stu3(ADVICE_REQUEST)
        .edited(r#""size": 48213"#, r#""size": 6000000"#)
        .under(&const { Call::answer("A024") }),
    Example::stu3(ADVICE_REQUEST).under(&const { Call::answer("A024") }),
);
