//! The JSON form of a generated type, as static data.

use ers_fhir_values::FhirVersion;

/// The JSON form of a type.
#[derive(Debug)]
#[non_exhaustive]
pub struct Shape {
    /// Name of the type: `Patient`, `Patient.contact`, `HumanName`.
    pub name: &'static str,
    /// The release of the type.
    pub release: FhirVersion,
    /// Whether it is a resource, with a `resourceType`.
    pub is_resource: bool,
    /// Its JSON properties, in the order of the definition; a choice has one for each type.
    pub fields: &'static [Field],
    /// The number of fields up to the last mandatory one, so that the rest need not be checked for missing values.
    pub(super) required_until: usize,
}

/// A JSON property of a type.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Field {
    /// Name in JSON: `birthDate`, `valueQuantity`.
    pub name: &'static str,
    /// Number of the Rust field.
    pub slot: u16,
    /// The number of the type in a choice; zero elsewhere.
    pub variant: u16,
    /// Whether it is an array.
    pub is_many: bool,
    /// Whether it is mandatory.
    pub is_required: bool,
    /// Whether it has a `_name` sibling.
    pub is_primitive: bool,
}

impl Field {
    /// An optional element that is not a primitive.
    pub const fn new(name: &'static str, slot: u16) -> Self {
        Self { name, slot, variant: 0, is_many: false, is_required: false, is_primitive: false }
    }

    /// For a type of a choice.
    #[must_use]
    pub const fn variant(self, variant: u16) -> Self {
        Self { variant, ..self }
    }

    /// In an array.
    #[must_use]
    pub const fn many(self) -> Self {
        Self { is_many: true, ..self }
    }

    /// Makes it mandatory.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// Of a primitive type.
    #[must_use]
    pub const fn primitive(self) -> Self {
        Self { is_primitive: true, ..self }
    }
}

impl Shape {
    /// The form of a datatype, or of a part of a resource.
    pub const fn new(name: &'static str, release: FhirVersion, fields: &'static [Field]) -> Self {
        let mut required_until = fields.len();
        while required_until > 0 && !fields[required_until - 1].is_required {
            required_until -= 1;
        }
        Self { name, release, is_resource: false, fields, required_until }
    }

    /// The form of a resource.
    pub const fn resource(name: &'static str, release: FhirVersion, fields: &'static [Field]) -> Self {
        Self { is_resource: true, ..Self::new(name, release, fields) }
    }

    /// The number of the property with this name. `likely` is tried first: payloads mostly follow
    /// the order of the definition.
    pub fn find(&self, name: &str, likely: usize) -> Option<usize> {
        let rest = self.fields.get(likely..).unwrap_or_default();
        if let Some(place) = rest.iter().position(|field| field.name == name) {
            return Some(likely + place);
        }
        self.fields.iter().take(likely).position(|field| field.name == name)
    }
}

/// The choice that a name belongs to: `value` for `valueString`, and for anything else that begins this way.
pub(super) fn choice_of<'s>(stems: &[&'s str], name: &str) -> Option<&'s str> {
    stems.iter().copied().find(|stem| {
        name.strip_prefix(stem).is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
    })
}
