//! The example instances in HL7's packages that are wrong, and why.

/// A file that the specification it illustrates does not allow.
pub(crate) struct Fault {
    /// Its name in the package.
    pub(crate) file: &'static str,
    /// The rules that find an error in it.
    pub(crate) rules: &'static [&'static str],
    /// Why the file is wrong, and not the rule.
    pub(crate) reason: &'static str,
}

const fn fault(file: &'static str, rules: &'static [&'static str], reason: &'static str) -> Fault {
    Fault { file, rules, reason }
}

const SUB_EXTENSION: &str = "an extension has a part 'uri', and its definition calls that part 'url'";

const NO_UNIT: &str = "a unit (TAB, ea, mEq, mcg, month ...) is said to be of UCUM, which has no such unit";

const NO_TEXT: &str = "its narrative is a line break or an empty div (txt-2)";

const NO_IMAGE: &str = "the image in its narrative is a contained resource that the file does not have";

const NO_URI: &str = "an identifier of the system urn:ietf:rfc:3986 is a bare OID";

const NO_SYSTEM: &str = "a binding requires a code of a system, and the coding names none";

const NO_CODE: &str = "a map leads to a code that its target does not have";

const NO_MEDIA_TYPE: &str = "the parameter of a media type has a space or a slash and no quotes (RFC 2045)";

/// Those of `hl7.fhir.r3.examples@3.0.2`.
pub(crate) const STU3: &[Fault] = &[
    fault("ActivityDefinition-blood-tubes-supply.json", &["narrative-empty"], NO_TEXT),
    fault("ActivityDefinition-heart-valve-replacement.json", &["narrative-empty"], NO_TEXT),
    fault("Bundle-father.json", &["unknown-code"], NO_UNIT),
    fault("Claim-760151.json", &["unknown-code"], NO_UNIT),
    fault("Claim-760152.json", &["unknown-code"], NO_UNIT),
    fault("DeviceRequest-example.json", &["binding-required"], NO_SYSTEM),
    fault("List-example-double-cousin-relationship.json", &["binding-required"], NO_SYSTEM),
    fault("Media-example.json", &["narrative-link"], NO_IMAGE),
    fault("Media-sound.json", &["narrative-link"], NO_IMAGE),
    fault("Medication-med0312.json", &["unknown-code"], NO_UNIT),
    fault("Medication-med0317.json", &["unknown-code"], NO_UNIT),
    fault("MedicationAdministration-medadmin0302.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0307.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0309.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0311.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0313.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0315.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0318.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0319.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0321.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0324.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0325.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0326.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0327.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0328.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0329.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0304.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0314.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0322.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0325.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0326.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0328.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0329.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0334.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0335.json", &["unknown-code"], NO_UNIT),
    fault("Organization-2.16.840.1.113883.19.5.json", &["identifier-not-uri"], NO_URI),
    fault("PlanDefinition-exclusive-breastfeeding-intervention-01.json", &["binding-required"], NO_SYSTEM),
    fault("PlanDefinition-exclusive-breastfeeding-intervention-02.json", &["binding-required"], NO_SYSTEM),
    fault("PlanDefinition-exclusive-breastfeeding-intervention-03.json", &["binding-required"], NO_SYSTEM),
    fault("PlanDefinition-exclusive-breastfeeding-intervention-04.json", &["binding-required"], NO_SYSTEM),
    fault("Questionnaire-zika-virus-exposure-assessment.json", &["narrative-empty"], NO_TEXT),
    fault("QuestionnaireResponse-ussg-fht-answers.json", &["unknown-code"], NO_UNIT),
    fault("VisionPrescription-33124.json", &["unknown-code"], NO_UNIT),
    fault("Bundle-hla-1.json", &["unknown-extension"], SUB_EXTENSION),
    fault(
        "Claim-960151.json",
        &["binding-required"],
        "the value set has SPT of v3/ActCode; the file takes it from v3/ActIncidentCode, a value set's name",
    ),
    fault(
        "DeviceRequest-insulinpump.json",
        &["binding-required"],
        "its intent is text only, and the binding requires a code",
    ),
    fault(
        "Patient-null.json",
        &["identifier-not-uri", "invariant", "unknown-extension"],
        "a contained resource has a narrative (dom-1), two extension URLs are misspelt, and a bare OID is no URI",
    ),
    fault(
        "Questionnaire-qs1.json",
        &["binding-required", "cardinality-min"],
        "most of its items have no linkId, which is mandatory, and it takes 'vitalsigns' for a resource type",
    ),
];

/// Those of `hl7.fhir.r4.examples@4.0.1`.
pub(crate) const R4: &[Fault] = &[
    fault("ActivityDefinition-blood-tubes-supply.json", &["narrative-empty"], NO_TEXT),
    fault("ActivityDefinition-heart-valve-replacement.json", &["narrative-empty"], NO_TEXT),
    fault("Bundle-b0a5e4277-83c4-4adb-87e2-e3efe3369b6f.json", &["binding-required"], NO_MEDIA_TYPE),
    fault("Bundle-conceptmaps.json", &["concept-map-unknown-code"], NO_CODE),
    fault("Bundle-father.json", &["unknown-code"], NO_UNIT),
    fault("Claim-760151.json", &["unknown-code"], NO_UNIT),
    fault("Claim-760152.json", &["unknown-code"], NO_UNIT),
    fault("EventDefinition-example.json", &["narrative-empty"], NO_TEXT),
    fault("Media-sound.json", &["narrative-link"], NO_IMAGE),
    fault("MedicationDispense-meddisp0309.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0313.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0318.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0324.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0327.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0328.json", &["unknown-code"], NO_UNIT),
    fault("MedicationDispense-meddisp0329.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0304.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0314.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0319.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0322.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0325.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0326.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0328.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0329.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0334.json", &["unknown-code"], NO_UNIT),
    fault("MedicationRequest-medrx0335.json", &["unknown-code"], NO_UNIT),
    fault("Organization-2.16.840.1.113883.19.5.json", &["identifier-not-uri"], NO_URI),
    fault("Questionnaire-zika-virus-exposure-assessment.json", &["narrative-empty"], NO_TEXT),
    fault("VisionPrescription-33124.json", &["unknown-code"], NO_UNIT),
    fault(
        "Bundle-dataelements.json",
        &["invariant"],
        "data elements are in it three times over under one fullUrl, which bdl-7 forbids",
    ),
    fault(
        "Bundle-extensions.json",
        &["constraint-expression"],
        "an invariant on an extension names substanceExposureRisk, which is no element of one",
    ),
    fault("Bundle-hla-1.json", &["unknown-extension"], SUB_EXTENSION),
    fault(
        "Bundle-resources.json",
        &["constraint-expression"],
        "an invariant of ChargeItemDefinition is about its name, and it has none",
    ),
    fault(
        "Bundle-v3-valuesets.json",
        &["narrative-link"],
        "narratives link to concepts whose rows, and with them the anchors, were left out",
    ),
    fault(
        "Bundle-valueset-expansions.json",
        &["extension-context", "unknown-extension"],
        "translations stand beside the display and not on it, and valueset-definition was never defined",
    ),
    fault(
        "Bundle-valuesets.json",
        &[
            "canonical-relative",
            "code-system-duplicate-property",
            "concept-map-unknown-code",
            "extension-context",
        ],
        "a code system is named by '#hacked', one declares properties twice, comments for concepts of value sets \
         stand on those of code systems, and a contained map leads to codes that v3-ActReason does not have",
    ),
    fault(
        "Library-zika-virus-intervention-logic.json",
        &["primitive-format"],
        "the OID of a value set is the placeholder X.Y.Z, which is no OID",
    ),
    fault(
        "Observation-example-genetics-brcapat.json",
        &["unknown-extension"],
        "it has US Core's extension for the ethnicity of a Patient, which is no part of R4 and not for an Observation",
    ),
    fault(
        "Observation-f202.json",
        &["cardinality-min"],
        "its code is that of body temperature, the profile for which demands to say when, and it does not",
    ),
    fault(
        "Questionnaire-qs1.json",
        &["cardinality-min", "unknown-extension"],
        "most of its items have no linkId, which is mandatory, and R4 has no extension questionnaire-allowedResource",
    ),
];
