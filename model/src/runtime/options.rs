//! How a reader treats what the types do not foresee.

/// What to do with what the generated types do not know.
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
    /// A single value is taken for an array of one, an empty array or `null` for nothing, as the
    /// live e-RS sends them; otherwise they are refused.
    pub forgives_arrays: bool,
    /// Values that people can make sense of are taken where they break a rule of their type: an id
    /// that is too long, a time without seconds; otherwise they are refused.
    pub forgives_values: bool,
}

impl ReadOptions {
    /// Keeps and forgives all that can be kept and forgiven.
    pub const fn lenient() -> Self {
        Self {
            keeps_unknown_fields: true,
            keeps_unknown_codes: true,
            forgives_arrays: true,
            forgives_values: true,
        }
    }

    /// Refuses whatever FHIR does not define.
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
