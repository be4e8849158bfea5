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

/// Bundles of definitions and nothing else: they are checked like the rest, but not counted in the share of
/// examples with an error, which is about instances.
pub(crate) const OF_DEFINITIONS: &[&str] = &[
    "Bundle-dataelements.json",
    "Bundle-extensions.json",
    "Bundle-resources.json",
    "Bundle-v3-valuesets.json",
    "Bundle-valueset-expansions.json",
    "Bundle-valuesets.json",
];

const fn fault(file: &'static str, rules: &'static [&'static str], reason: &'static str) -> Fault {
    Fault { file, rules, reason }
}

const SUB_EXTENSION: &str = "an extension has a part 'uri', and its definition calls that part 'url'";

/// Those of `hl7.fhir.r3.examples@3.0.2`.
pub(crate) const STU3: &[Fault] = &[
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
        &["invariant", "unknown-extension"],
        "a contained resource has a narrative (dom-1), and two extension URLs are misspelt",
    ),
    fault(
        "Questionnaire-qs1.json",
        &["binding-required", "cardinality-min"],
        "most of its items have no linkId, which is mandatory, and it takes 'vitalsigns' for a resource type",
    ),
];

/// Those of `hl7.fhir.r4.examples@4.0.1`.
pub(crate) const R4: &[Fault] = &[
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
        &["canonical-relative", "code-system-duplicate-property", "extension-context"],
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
];
