//! How a profile lays a struct over JSON, as static data.

use super::mark::Mark;
use crate::runtime::record::Record;

/// A generated struct of a profile, as the engine sees it.
pub trait Constrained: Record {
    /// How it lies over JSON.
    fn layout(&self) -> &'static Layout;
}

/// What becomes of each JSON property of the base under a profile.
#[derive(Debug)]
#[non_exhaustive]
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
#[non_exhaustive]
pub struct Property {
    /// Name in JSON.
    pub name: &'static str,
    /// Whether it is an array.
    pub is_many: bool,
    /// Whether its only value is written without an array.
    pub is_single: bool,
    /// Whether it has a `_name` sibling.
    pub is_primitive: bool,
    /// How often it occurs, all slices together.
    pub times: Times,
    /// Whether its slices come in their order.
    pub is_ordered: bool,
    /// Whether what belongs to no slice comes last.
    pub rest_is_last: bool,
    /// What becomes of it.
    pub role: Role,
}

/// How often an element must and may occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    pub(super) min: u32,
    pub(super) max: u32,
}

impl Times {
    /// Any number of times.
    pub(super) const ANY: Self = Self { min: 0, max: u32::MAX };

    /// What is wrong with a number of occurrences.
    pub(super) fn fault(self, found: usize) -> Option<String> {
        let found = u32::try_from(found).unwrap_or(u32::MAX);
        if found < self.min {
            Some(format!("occurs {found} times, but must occur at least {}", self.min))
        } else if found > self.max {
            Some(format!("occurs {found} times, but may occur at most {}", self.max))
        } else {
            None
        }
    }
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
#[non_exhaustive]
pub struct Slice {
    /// Number of its field; `None` where the profile forbids it.
    pub field: Option<u16>,
    /// How often it occurs.
    pub times: Times,
    /// What tells it apart; all must hold.
    pub marks: &'static [Mark],
}

impl Slice {
    /// A slice that is the field with this number.
    pub const fn new(field: u16, marks: &'static [Mark]) -> Self {
        Self { field: Some(field), times: Times::ANY, marks }
    }

    /// A slice that the profile forbids.
    pub const fn forbidden(marks: &'static [Mark]) -> Self {
        Self { field: None, times: Times::ANY, marks }
    }

    /// Of which there must be so many, and may be so many.
    #[must_use]
    pub const fn times(mut self, min: u32, max: u32) -> Self {
        self.times = Times { min, max };
        self
    }

    /// Of which there must be so many.
    #[must_use]
    pub const fn at_least(self, min: u32) -> Self {
        self.times(min, u32::MAX)
    }
}

/// What a profile says of the values of a field.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Detail {
    /// The value, given as JSON.
    pub fixed: Option<&'static str>,
    /// What the value contains, given as JSON.
    pub pattern: Option<&'static str>,
    /// Names of parts of which there is one at most.
    pub singles: &'static [&'static str],
    /// Elements around the value that hold nothing else, from the outside in.
    pub around: &'static [Around],
}

impl Detail {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { fixed: None, pattern: None, singles: &[], around: &[] }
    }

    /// The value is always this JSON.
    #[must_use]
    pub const fn fixed(mut self, json: &'static str) -> Self {
        self.fixed = Some(json);
        self
    }

    /// The value contains this JSON.
    #[must_use]
    pub const fn pattern(mut self, json: &'static str) -> Self {
        self.pattern = Some(json);
        self
    }

    /// Of parts with these names there is one at most.
    #[must_use]
    pub const fn singles(mut self, names: &'static [&'static str]) -> Self {
        self.singles = names;
        self
    }

    /// Elements are around the value.
    #[must_use]
    pub const fn around(mut self, around: &'static [Around]) -> Self {
        self.around = around;
        self
    }
}

/// An element of which a profile leaves one value: the field holds that value.
#[derive(Debug)]
#[non_exhaustive]
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

impl Around {
    /// An element around a value of that name.
    pub const fn new(inner: &'static str) -> Self {
        Self { inner, is_many: false, implied: &[], forbidden: &[], stems: &[] }
    }

    /// The value is in an array.
    #[must_use]
    pub const fn many(mut self) -> Self {
        self.is_many = true;
        self
    }

    /// What else is always there: names and values, given as JSON.
    #[must_use]
    pub const fn implied(mut self, implied: &'static [(&'static str, &'static str)]) -> Self {
        self.implied = implied;
        self
    }

    /// Names that the profile forbids.
    #[must_use]
    pub const fn forbidden(mut self, names: &'static [&'static str]) -> Self {
        self.forbidden = names;
        self
    }

    /// Choices of which it forbids every type, but for the value.
    #[must_use]
    pub const fn stems(mut self, stems: &'static [&'static str]) -> Self {
        self.stems = stems;
        self
    }
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
        let times = Times::ANY;
        let (is_ordered, rest_is_last) = (false, false);
        Self {
            name,
            is_many: false,
            is_single: false,
            is_primitive: false,
            times,
            is_ordered,
            rest_is_last,
            role,
        }
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

    /// That must be there so often, and may.
    #[must_use]
    pub const fn times(mut self, min: u32, max: u32) -> Self {
        self.times = Times { min, max };
        self
    }

    /// That must be there so often.
    #[must_use]
    pub const fn at_least(self, min: u32) -> Self {
        self.times(min, u32::MAX)
    }

    /// Whose slices come in their order.
    #[must_use]
    pub const fn ordered(mut self) -> Self {
        self.is_ordered = true;
        self
    }

    /// Of which what belongs to no slice comes last.
    #[must_use]
    pub const fn rest_last(mut self) -> Self {
        self.rest_is_last = true;
        self
    }
}

impl Layout {
    /// The properties, in the order of the definition.
    pub const fn new(properties: &'static [Property]) -> Self {
        Self { properties, stems: &[], details: &[] }
    }

    /// Choices of which the profile leaves one type or none.
    #[must_use]
    pub const fn stems(mut self, stems: &'static [&'static str]) -> Self {
        self.stems = stems;
        self
    }

    /// What the shape does not say of fields.
    #[must_use]
    pub const fn details(mut self, details: &'static [(u16, Detail)]) -> Self {
        self.details = details;
        self
    }

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
