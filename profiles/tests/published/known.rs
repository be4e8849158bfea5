//! Facts on which we differ from published snapshots, each with the reason.

use ers_fhir_profiles::FhirVersion::{self, R4, Stu3};

use crate::facts::Difference;

/// A difference that is intended.
pub(crate) struct Known {
    pub(crate) version: FhirVersion,
    /// Last segment of the definition's URL; `*` for any.
    pub(crate) definition: &'static str,
    /// Id of the element; `*` at the start or end stands for anything.
    pub(crate) element: &'static str,
    pub(crate) fact: &'static str,
    #[expect(dead_code, reason = "read by people")]
    pub(crate) reason: &'static str,
}

impl Known {
    /// Whether this is the difference.
    pub(crate) fn covers(&self, version: FhirVersion, definition: &str, difference: &Difference) -> bool {
        let matches = |pattern: &str, text: &str| match (pattern.strip_prefix('*'), pattern.strip_suffix('*'))
        {
            (Some(end), _) => text.ends_with(end),
            (None, Some(start)) => text.starts_with(start),
            (None, None) => text == pattern,
        };
        self.version == version
            && self.fact == difference.fact
            && matches(self.definition, definition)
            && matches(self.element, &difference.element)
    }
}

const fn known(
    version: FhirVersion,
    definition: &'static str,
    element: &'static str,
    fact: &'static str,
    reason: &'static str,
) -> Known {
    Known { version, definition, element, fact, reason }
}

const ROOT: &str = "the invariant of every element is left out at the root of this type only";
const UNFOLDED: &str = "extensions of a datatype profile are unfolded, though nothing walks into them";
const RENAMED: &str = "slices of a choice take its place, so that the other types seem forbidden";

/// Every difference from the packages of HL7.
pub(crate) const PUBLISHED: &[Known] = &[
    known(
        Stu3,
        "*",
        "*.extension",
        "max",
        "`max` 0 in the differential of an extension is left out of its snapshot",
    ),
    known(Stu3, "Age", "Age", "constraints", ROOT),
    known(Stu3, "Count", "Count", "constraints", ROOT),
    known(Stu3, "Distance", "Distance", "constraints", ROOT),
    known(Stu3, "Duration", "Duration", "constraints", ROOT),
    known(Stu3, "Money", "Money", "constraints", ROOT),
    known(Stu3, "xhtml", "xhtml", "constraints", ROOT),
    known(Stu3, "elementdefinition-de", "ElementDefinition.extension:*", "missing element", UNFOLDED),
    known(Stu3, "elementdefinition-de", "ElementDefinition.extension:*", "constraints", UNFOLDED),
    known(
        Stu3,
        "bp",
        "Observation.component.*",
        "extra element",
        "what is below a sliced element is left out",
    ),
    known(Stu3, "familymemberhistory-genetic", "*[x]", "extra element", RENAMED),
    known(
        R4,
        "MetadataResource",
        "MetadataResource",
        "base",
        "a root that may stand once, against the differential",
    ),
    known(
        R4,
        "MetadataResource",
        "MetadataResource",
        "constraints",
        "the invariant of elements on a resource",
    ),
    known(R4, "elementdefinition-de", "ElementDefinition.extension:*", "missing element", UNFOLDED),
    known(R4, "familymemberhistory-genetic", "*[x]", "extra element", RENAMED),
    known(
        R4,
        "clinicaldocument",
        "Composition.extension:versionNumber",
        "max",
        "the extension's own cardinality, 0..1, is left out",
    ),
    known(
        R4,
        "provenance-relevant-history",
        "Provenance.agent:Author.type",
        "binding",
        "the binding of the sliced element, which holds for its slices, is left out",
    ),
    known(
        R4,
        "provenance-relevant-history",
        "Provenance.entity.agent",
        "content reference",
        "the reference is turned to a slice that the differential does not mention there",
    ),
];

const CLOSED: &str = "slicing of a choice is closed, whatever the differential says";
const ADOPTED: &str = "invariants of a type's profile are left to the profile";
const SUPPORT: &str = "a slice of a choice does not inherit that it must be supported";
const LOST: &str = "value sets that STU3 names in a reference are lost";
const PERIOD: &str = "a slice for one type is read as forbidding the slice for the other";

/// Every difference from the cases of the suite, by the name of the case.
pub(crate) const SUITE: &[Known] = &[
    known(R4, "obs-perf", "*[x]", "slicing", CLOSED),
    known(R4, "obs-perf", "Observation.effective[x]:*", "must support", SUPPORT),
    known(R4, "obs-perf", "Observation.value[x]:*", "must support", SUPPORT),
    known(R4, "obs-perf", "Observation.value[x]:valueQuantity", "constraints", ADOPTED),
    known(R4, "simple-quantity-2", "MedicationDispense.quantity", "constraints", ADOPTED),
    known(
        R4,
        "slice-cardinality-derived",
        "Observation.effective[x]:effectiveDateTime",
        "min",
        "the slice is required because the choice is, though another type may be sent",
    ),
    known(Stu3, "bc-UterusActivity", "*[x]", "slicing", CLOSED),
    known(Stu3, "bc-UterusActivity", "*", "binding", LOST),
    known(Stu3, "bc-UterusActivity", "Observation.effective[x]", "types", PERIOD),
    known(Stu3, "bc-UterusActivity", "Observation.effective[x]:effectiveDateTime", "order", PERIOD),
];

/// Definitions without a possible snapshot: release, last segment of the URL, and the reason.
pub(crate) const BROKEN: &[(FhirVersion, &str, &str)] =
    &[(Stu3, "consentdirective", "its differential names elements that Contract has lost since")];
