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

const NOT_UCUM: &str = "it gives UCUM as the system of a unit that is none of UCUM's";
const NO_SYSTEM: &str = "a code that must come from a value set has no system";
const NO_FORM: &str = "a form of a drug is spelt otherwise than in its code system, or is not in it";
const NO_MEDIA_TYPE: &str = "a content type is 'PDF', which is no media type";
const SHOWS_NOTHING: &str = "its narrative has neither text nor an image";
const NO_ANCHOR: &str = "a link in its narrative leads to an id that is not there";
const BARE_OID: &str = "an identifier is an OID without urn:oid:, where its system demands a URI";
const OTHER_ADDRESS: &str = "the fullUrl of an entry ends with another id or type than the resource has";
const SUB_EXTENSION: &str = "an extension has a part 'uri', and its definition calls that part 'url'";

/// Those of `hl7.fhir.r3.examples@3.0.2`.
pub(crate) const STU3: &[Fault] = &[
    fault("Bundle-10bb101f-a121-4264-a920-67be9cb82c74.json", &["bundle-full-url-mismatch"], OTHER_ADDRESS),
    fault("Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe.json", &["bundle-full-url-mismatch"], OTHER_ADDRESS),
    fault(
        "Bundle-bundle-request-medsallergies.json",
        &["bundle-request-url"],
        "a request is for AllergyIntolernce, which is misspelt",
    ),
    fault("Bundle-terminologies.json", &["bundle-full-url-mismatch"], OTHER_ADDRESS),
    fault("Bundle-hla-1.json", &["unknown-extension"], SUB_EXTENSION),
    fault(
        "Claim-960151.json",
        &["binding-required"],
        "the value set has SPT of v3/ActCode; the file takes it from v3/ActIncidentCode, a value set's name",
    ),
    fault(
        "Condition-f204.json",
        &["invariant"],
        "it is active although it has abated (con-4): only one that is inactive, resolved or in remission has",
    ),
    fault(
        "DeviceRequest-insulinpump.json",
        &["binding-required"],
        "its intent is text only, and the binding requires a code",
    ),
    fault(
        "Patient-null.json",
        &["identifier-not-uri", "invariant", "unknown-extension"],
        "a contained resource has a narrative (dom-1), an OID has no urn:oid:, and two extension URLs are misspelt",
    ),
    fault(
        "Questionnaire-qs1.json",
        &["binding-required", "cardinality-min"],
        "most of its items have no linkId, which is mandatory, and it takes 'vitalsigns' for a resource type",
    ),
    fault("ActivityDefinition-blood-tubes-supply.json", &["narrative-empty"], SHOWS_NOTHING),
    fault("ActivityDefinition-heart-valve-replacement.json", &["narrative-empty"], SHOWS_NOTHING),
    fault("Bundle-father.json", &["unknown-code"], NOT_UCUM),
    fault("Claim-760151.json", &["unknown-code"], NOT_UCUM),
    fault("Claim-760152.json", &["unknown-code"], NOT_UCUM),
    fault("DeviceRequest-example.json", &["binding-required"], NO_SYSTEM),
    fault("List-example-double-cousin-relationship.json", &["binding-required"], NO_SYSTEM),
    fault("Media-example.json", &["narrative-link"], NO_ANCHOR),
    fault("Media-sound.json", &["narrative-link"], NO_ANCHOR),
    fault("Medication-med0312.json", &["unknown-code"], NOT_UCUM),
    fault("Medication-med0317.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationAdministration-medadmin0302.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0307.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0309.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0311.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0313.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0315.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0318.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0319.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0321.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0324.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0325.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0326.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0327.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0328.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0329.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0304.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0314.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0322.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0325.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0326.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0328.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0329.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0334.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0335.json", &["unknown-code"], NOT_UCUM),
    fault("Organization-2.16.840.1.113883.19.5.json", &["identifier-not-uri"], BARE_OID),
    fault("PlanDefinition-exclusive-breastfeeding-intervention-01.json", &["binding-required"], NO_SYSTEM),
    fault("PlanDefinition-exclusive-breastfeeding-intervention-02.json", &["binding-required"], NO_SYSTEM),
    fault("PlanDefinition-exclusive-breastfeeding-intervention-03.json", &["binding-required"], NO_SYSTEM),
    fault("PlanDefinition-exclusive-breastfeeding-intervention-04.json", &["binding-required"], NO_SYSTEM),
    fault("Questionnaire-zika-virus-exposure-assessment.json", &["narrative-empty"], SHOWS_NOTHING),
    fault("QuestionnaireResponse-ussg-fht-answers.json", &["unknown-code"], NOT_UCUM),
    fault("VisionPrescription-33124.json", &["unknown-code"], NOT_UCUM),
    fault("Bundle-b0a5e4277-83c4-4adb-87e2-e3efe3369b6f.json", &["binding-required"], NO_MEDIA_TYPE),
    fault(
        "DiagnosticReport-example-pgx.json",
        &["attachment-hash", "binding-required"],
        "a hash is of other data than it stands beside, and a content type is 'PDF', which is no media type",
    ),
    fault("Medication-med0304.json", &["unknown-code"], NO_FORM),
    fault("Medication-med0309.json", &["unknown-code"], NO_FORM),
    fault("MedicationAdministration-medadmin0312.json", &["unknown-code"], NO_FORM),
    fault("MedicationDispense-meddisp0301.json", &["unknown-code"], NO_FORM),
    fault("MedicationRequest-medrx0313.json", &["unknown-code"], NO_FORM),
    fault("MedicationRequest-medrx0327.json", &["unknown-code"], NO_FORM),
    fault("MedicationStatement-example001.json", &["unknown-code"], NO_FORM),
    fault("MedicationStatement-example002.json", &["unknown-code"], NO_FORM),
    fault("MedicationStatement-example003.json", &["unknown-code"], NO_FORM),
];

/// Those of `hl7.fhir.r4.examples@4.0.1`.
pub(crate) const R4: &[Fault] = &[
    fault(
        "Bundle-profiles-others.json",
        &["element-extension-context"],
        "two profiles have extensions that are defined for DiagnosticReport and PlanDefinition only",
    ),
    fault(
        "PlanDefinition-example-cardiology-os.json",
        &["canonical-relative"],
        "a value set and a prescription that canonicals name by #id are not contained",
    ),
    fault("Bundle-10bb101f-a121-4264-a920-67be9cb82c74.json", &["bundle-full-url-mismatch"], OTHER_ADDRESS),
    fault("Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe.json", &["bundle-full-url-mismatch"], OTHER_ADDRESS),
    fault("Bundle-lri-example.json", &["bundle-full-url-mismatch"], OTHER_ADDRESS),
    fault(
        "Bundle-dataelements.json",
        &["canonical-type", "definition-type", "invariant"],
        "data elements are in it three times over under one fullUrl, which bdl-7 forbids, they have types such as \
         date.id, and one binds to a code system",
    ),
    fault(
        "Bundle-extensions.json",
        &["constraint-expression", "profile-loosens-base"],
        "an invariant on an extension names substanceExposureRisk, which is no element of one, and codesystem-history \
         slices what it forbids",
    ),
    fault("Bundle-hla-1.json", &["unknown-extension"], SUB_EXTENSION),
    fault(
        "Bundle-resources.json",
        &["canonical-type", "constraint-expression", "element-not-of-type"],
        "an invariant of ChargeItemDefinition is about its name, and it has none; ExplanationOfBenefit binds to a code \
         system",
    ),
    fault(
        "Bundle-v2-valuesets.json",
        &["value-set-system-version"],
        "systems of includes have a version behind a bar, which is part of no system",
    ),
    fault(
        "Bundle-v3-valuesets.json",
        &["narrative-link"],
        "narratives link to concepts whose rows, and with them the anchors, were left out",
    ),
    fault(
        "Bundle-valueset-expansions.json",
        &["extension-context", "unknown-extension", "value-set-system-version"],
        "translations stand beside the display and not on it, valueset-definition was never defined, and a system has a \
         version behind a bar",
    ),
    fault(
        "Bundle-valuesets.json",
        &[
            "canonical-relative",
            "code-system-duplicate-property",
            "concept-map-unknown-code",
            "extension-context",
        ],
        "a code system is named by '#hacked', one declares properties twice, and comments for concepts of value \
         sets stand on those of code systems",
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
    fault("ActivityDefinition-blood-tubes-supply.json", &["narrative-empty"], SHOWS_NOTHING),
    fault("ActivityDefinition-heart-valve-replacement.json", &["narrative-empty"], SHOWS_NOTHING),
    fault(
        "Bundle-b0a5e4277-83c4-4adb-87e2-e3efe3369b6f.json",
        &["binding-required"],
        "its media types have a space in the value of a parameter",
    ),
    fault(
        "Bundle-conceptmaps.json",
        &["concept-map-unknown-code"],
        "a map leads to a code that its target system has not",
    ),
    fault("Bundle-father.json", &["unknown-code"], NOT_UCUM),
    fault("Claim-760151.json", &["unknown-code"], NOT_UCUM),
    fault("Claim-760152.json", &["unknown-code"], NOT_UCUM),
    fault(
        "EventDefinition-example.json",
        &["expression-syntax", "narrative-empty"],
        "an expression has a list in braces, which FHIRPath does not have; its narrative has no text",
    ),
    fault("Media-sound.json", &["narrative-link"], NO_ANCHOR),
    fault("MedicationDispense-meddisp0309.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0313.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0318.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0324.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0327.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0328.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationDispense-meddisp0329.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0304.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0314.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0319.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0322.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0325.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0326.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0328.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0329.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0334.json", &["unknown-code"], NOT_UCUM),
    fault("MedicationRequest-medrx0335.json", &["unknown-code"], NOT_UCUM),
    fault("Organization-2.16.840.1.113883.19.5.json", &["identifier-not-uri"], BARE_OID),
    fault("Questionnaire-zika-virus-exposure-assessment.json", &["narrative-empty"], SHOWS_NOTHING),
    fault("VisionPrescription-33124.json", &["unknown-code"], NOT_UCUM),
    fault(
        "DiagnosticReport-example-pgx.json",
        &["attachment-hash"],
        "a hash is of other data than it stands beside",
    ),
    fault("Medication-med0304.json", &["unknown-code"], NO_FORM),
    fault("Medication-med0309.json", &["unknown-code"], NO_FORM),
    fault("MedicationAdministration-medadmin0312.json", &["unknown-code"], NO_FORM),
    fault("MedicationDispense-meddisp0301.json", &["unknown-code"], NO_FORM),
    fault("MedicationRequest-medrx0313.json", &["unknown-code"], NO_FORM),
    fault("MedicationRequest-medrx0327.json", &["unknown-code"], NO_FORM),
    fault("MedicationStatement-example001.json", &["unknown-code"], NO_FORM),
    fault("MedicationStatement-example002.json", &["unknown-code"], NO_FORM),
    fault("MedicationStatement-example003.json", &["unknown-code"], NO_FORM),
    fault("MedicationDispense-meddisp0325.json", &["unknown-code"], NO_FORM),
];
