//! How a profile lays a struct over JSON, as static data.

use crate::runtime::record::Record;

/// A generated struct of a profile, as the engine sees it.
pub trait Constrained: Record {
    /// How it lies over JSON.
    fn layout(&self) -> &'static Layout;
}

/// What becomes of each JSON property of the base under a profile.
#[derive(Debug)]
pub struct Layout {
    /// The properties, in the order of the definition.
    pub properties: &'static [Property],
    /// What properties of a choice start with, where the profile leaves one type or none.
    pub stems: &'static [&'static str],
    /// What the shape does not say of a field, by the field's number.
    pub details: &'static [(u16, Detail)],
}

/// A JSON property under a profile.
#[derive(Debug)]
pub struct Property {
    /// Name in JSON.
    pub name: &'static str,
    /// Whether it is an array.
    pub is_many: bool,
    /// Whether its only value is written without an array.
    pub is_single: bool,
    /// Whether it has a `_name` sibling.
    pub is_primitive: bool,
    /// What becomes of it.
    pub role: Role,
}

/// What becomes of a property.
#[derive(Debug)]
pub enum Role {
    /// It is the field with this number.
    Field(u16),
    /// The profile forbids it.
    Forbidden,
    /// It always has this value, given as JSON.
    Implied(&'static str),
    /// Its repeats are told apart; what belongs to no slice goes to the field with this number.
    Sliced(&'static [Slice], Option<u16>),
}

/// A slice.
#[derive(Debug)]
pub struct Slice {
    /// Number of its field.
    pub field: u16,
    /// What tells it apart; all must hold.
    pub marks: &'static [Mark],
}

/// What tells a slice apart: JSON names from the sliced element to a value, and that value as JSON;
/// `None` where it is enough that there is one.
#[derive(Debug)]
pub struct Mark(pub &'static [&'static str], pub Option<&'static str>);

/// What a profile says of the values of a field.
#[derive(Debug)]
pub struct Detail {
    /// The value, given as JSON.
    pub fixed: Option<&'static str>,
    /// What the value contains, given as JSON.
    pub pattern: Option<&'static str>,
    /// Elements around the value that hold nothing else, from the outside in.
    pub around: &'static [Around],
}

/// An element of which a profile leaves one value: the field holds that value.
#[derive(Debug)]
pub struct Around {
    /// Name of the value in JSON.
    pub inner: &'static str,
    /// Whether the value is an array, of which the profile leaves one.
    pub is_many: bool,
    /// What else is always there: names and values, given as JSON.
    pub implied: &'static [(&'static str, &'static str)],
    /// Names that the profile forbids.
    pub forbidden: &'static [&'static str],
    /// What names of a choice start with that the profile forbids, but for `inner`.
    pub stems: &'static [&'static str],
}

impl Property {
    /// A property that is a field.
    pub const fn field(name: &'static str, number: u16) -> Self {
        Self::new(name, Role::Field(number))
    }

    /// A property that the profile forbids.
    pub const fn forbidden(name: &'static str) -> Self {
        Self::new(name, Role::Forbidden)
    }

    /// A property that always has one value.
    pub const fn implied(name: &'static str, json: &'static str) -> Self {
        Self::new(name, Role::Implied(json))
    }

    /// A property whose repeats are told apart.
    pub const fn sliced(name: &'static str, slices: &'static [Slice], rest: Option<u16>) -> Self {
        Self { is_many: true, ..Self::new(name, Role::Sliced(slices, rest)) }
    }

    const fn new(name: &'static str, role: Role) -> Self {
        Self { name, is_many: false, is_single: false, is_primitive: false, role }
    }

    /// In an array.
    #[must_use]
    pub const fn many(mut self) -> Self {
        self.is_many = true;
        self
    }

    /// In an array, but for an only value.
    #[must_use]
    pub const fn single(mut self) -> Self {
        self.is_single = true;
        self
    }

    /// Of a primitive type.
    #[must_use]
    pub const fn primitive(mut self) -> Self {
        self.is_primitive = true;
        self
    }
}

impl Layout {
    /// The number of the property of that name. `likely` is looked at first: payloads mostly keep to
    /// the order of the definition.
    pub fn find(&self, name: &str, likely: usize) -> Option<usize> {
        let (before, rest) = self.properties.split_at_checked(likely)?;
        let found = rest.iter().position(|property| property.name == name).map(|place| likely + place);
        found.or_else(|| before.iter().position(|property| property.name == name))
    }

    /// What the shape does not say of a field.
    pub fn detail(&self, field: u16) -> Option<&'static Detail> {
        self.details.iter().find(|(number, _)| *number == field).map(|(_, detail)| detail)
    }
}

/// The choice that a name is a type of: `value` of `valueString`, and of whatever else begins so.
pub(in crate::runtime) fn choice_of<'s>(stems: &[&'s str], name: &str) -> Option<&'s str> {
    stems.iter().copied().find(|stem| {
        name.strip_prefix(stem).is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
    })
}
