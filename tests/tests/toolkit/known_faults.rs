//! The example instances of HL7's packages that are wrong, and why.

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

const BLANK: &str = "its narrative is white space only, which txt-2 forbids";
const PAT12: &str = "the fullUrl ends in pat12, the id is pat2, and the two may not disagree";
const NO_IMAGE: &str = "its narrative shows the image '#11', and nothing in the resource has that id";
const BARE_OID: &str =
    "the identifier's system says that its value is a URI, and the value is an OID without 'urn:oid:'";
const SUB_EXTENSION: &str = "an extension has a part 'uri', and its definition calls that part 'url'";

/// Those of `hl7.fhir.r3.examples@3.0.2`.
pub(crate) const STU3: &[Fault] = &[
    fault("ActivityDefinition-blood-tubes-supply.json", &["narrative-empty"], BLANK),
    fault("ActivityDefinition-heart-valve-replacement.json", &["narrative-empty"], BLANK),
    fault("Bundle-10bb101f-a121-4264-a920-67be9cb82c74.json", &["bundle-full-url-mismatch"], PAT12),
    fault("Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe.json", &["bundle-full-url-mismatch"], PAT12),
    fault("Bundle-hla-1.json", &["unknown-extension"], SUB_EXTENSION),
    fault(
        "Bundle-terminologies.json",
        &["bundle-full-url-mismatch"],
        "two fullUrls name a CodeSystem where the entry has a NamingSystem",
    ),
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
    fault("Media-example.json", &["narrative-link"], NO_IMAGE),
    fault("Media-sound.json", &["narrative-link"], NO_IMAGE),
    fault("Organization-2.16.840.1.113883.19.5.json", &["identifier-not-uri"], BARE_OID),
    fault(
        "Patient-null.json",
        &["identifier-not-uri", "invariant", "unknown-extension"],
        "a contained resource has a narrative (dom-1), an OID is given as a URI, and two extension URLs are misspelt",
    ),
    fault(
        "Questionnaire-qs1.json",
        &["binding-required", "cardinality-min"],
        "most of its items have no linkId, which is mandatory, and it takes 'vitalsigns' for a resource type",
    ),
    fault("Questionnaire-zika-virus-exposure-assessment.json", &["narrative-empty"], BLANK),
];

/// Those of `hl7.fhir.r4.examples@4.0.1`.
pub(crate) const R4: &[Fault] = &[
    fault("ActivityDefinition-blood-tubes-supply.json", &["narrative-empty"], BLANK),
    fault("ActivityDefinition-heart-valve-replacement.json", &["narrative-empty"], BLANK),
    fault("Bundle-10bb101f-a121-4264-a920-67be9cb82c74.json", &["bundle-full-url-mismatch"], PAT12),
    fault("Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe.json", &["bundle-full-url-mismatch"], PAT12),
    fault(
        "Bundle-dataelements.json",
        &["invariant"],
        "data elements are in it three times over under one fullUrl, which bdl-7 forbids",
    ),
    fault("Bundle-hla-1.json", &["unknown-extension"], SUB_EXTENSION),
    fault(
        "Bundle-lri-example.json",
        &["bundle-full-url-mismatch"],
        "the fullUrls end in lri-gramstain1 and the like, the ids lack 'lri-', and the two may not disagree",
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
        &["canonical-relative", "code-system-duplicate-property", "extension-context"],
        "a code system is named by '#hacked', one declares properties twice, and comments for concepts of value \
         sets stand on those of code systems",
    ),
    fault("EventDefinition-example.json", &["narrative-empty"], BLANK),
    fault(
        "Library-zika-virus-intervention-logic.json",
        &["primitive-format"],
        "the OID of a value set is the placeholder X.Y.Z, which is no OID",
    ),
    fault("Media-sound.json", &["narrative-link"], NO_IMAGE),
    fault(
        "Observation-example-genetics-brcapat.json",
        &["unknown-extension"],
        "it has US Core's extension for the ethnicity of a Patient, which is no part of R4 and not for an Observation",
    ),
    fault("Organization-2.16.840.1.113883.19.5.json", &["identifier-not-uri"], BARE_OID),
    fault(
        "Questionnaire-qs1.json",
        &["cardinality-min", "unknown-extension"],
        "most of its items have no linkId, which is mandatory, and R4 has no extension questionnaire-allowedResource",
    ),
    fault("Questionnaire-zika-virus-exposure-assessment.json", &["narrative-empty"], BLANK),
];
