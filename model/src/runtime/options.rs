//! How a reader treats content that the types do not foresee.

/// What to do with content that the generated types do not know.
///
/// ```
/// use ers_fhir_model::runtime::ReadOptions;
///
/// let options = ReadOptions::strict();
/// assert!(!options.keeps_unknown_fields && !options.keeps_unknown_codes);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOptions {
    /// Fields that a type does not have are kept and written again; otherwise they are refused.
    pub keeps_unknown_fields: bool,
    /// Codes outside a required value set are kept as `Unlisted`; otherwise they are refused.
    pub keeps_unknown_codes: bool,
    /// A single value is accepted as an array of one, and an empty array or `null` as nothing, as the
    /// live e-RS sends them; otherwise they are refused.
    pub forgives_arrays: bool,
    /// Values that break a rule of their type but still make sense are accepted: an id
    /// that is too long, a time without seconds; otherwise they are refused.
    pub forgives_values: bool,
}

impl ReadOptions {
    /// Keeps and forgives everything that can be kept and forgiven.
    pub const fn lenient() -> Self {
        Self {
            keeps_unknown_fields: true,
            keeps_unknown_codes: true,
            forgives_arrays: true,
            forgives_values: true,
        }
    }

    /// Refuses anything that FHIR does not define.
    pub const fn strict() -> Self {
        Self {
            keeps_unknown_fields: false,
            keeps_unknown_codes: false,
            forgives_arrays: false,
            forgives_values: false,
        }
    }
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self::lenient()
    }
}
