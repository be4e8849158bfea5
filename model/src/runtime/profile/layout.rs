//! How a profile struct maps to JSON, as static data.

use super::mark::Mark;
use crate::runtime::record::Record;

/// A generated struct of a profile, as the engine sees it.
pub trait Constrained: Record {
    /// How it maps to JSON.
    fn layout(&self) -> &'static Layout;
}

/// How a profile handles each JSON property of the base.
#[derive(Debug)]
#[non_exhaustive]
pub struct Layout {
    /// The properties, in the order of the definition.
    pub properties: &'static [Property],
    /// The stems of choices of which the profile allows one type or none.
    pub stems: &'static [&'static str],
    /// Details that the shape does not hold, by the number of the field.
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
    /// Whether a single value of it is written without an array.
    pub is_single: bool,
    /// Whether it has a `_name` sibling.
    pub is_primitive: bool,
    /// How often it occurs, over all slices.
    pub times: Times,
    /// Whether its slices must come in their order.
    pub is_ordered: bool,
    /// Whether repeats outside all slices must come last.
    pub rest_is_last: bool,
    /// How the profile handles it.
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

/// How a profile handles a property.
#[derive(Debug)]
pub enum Role {
    /// It is the field with this number.
    Field(u16),
    /// The profile forbids it.
    Forbidden,
    /// It always has this value, given as JSON.
    Implied(&'static str),
    /// It is sliced; repeats outside all slices go to the field with this number.
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
    /// The marks that tell it apart; all must hold.
    pub marks: &'static [Mark],
}

impl Slice {
    /// A slice that goes to the field with this number.
    pub const fn new(field: u16, marks: &'static [Mark]) -> Self {
        Self { field: Some(field), times: Times::ANY, marks }
    }

    /// A slice that the profile forbids.
    pub const fn forbidden(marks: &'static [Mark]) -> Self {
        Self { field: None, times: Times::ANY, marks }
    }

    /// Sets how many there must be, and how many there may be.
    #[must_use]
    pub const fn times(mut self, min: u32, max: u32) -> Self {
        self.times = Times { min, max };
        self
    }

    /// Sets how many there must be.
    #[must_use]
    pub const fn at_least(self, min: u32) -> Self {
        self.times(min, u32::MAX)
    }
}

/// What a profile says about the values of a field.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Detail {
    /// The value, given as JSON.
    pub fixed: Option<&'static str>,
    /// The content that the value must contain, given as JSON.
    pub pattern: Option<&'static str>,
    /// Names of parts that may occur only once.
    pub singles: &'static [&'static str],
    /// Elements around the value that hold nothing else, outermost first.
    pub around: &'static [Around],
}

impl Detail {
    /// No details yet.
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

    /// Parts with these names may occur only once.
    #[must_use]
    pub const fn singles(mut self, names: &'static [&'static str]) -> Self {
        self.singles = names;
        self
    }

    /// Sets the elements around the value.
    #[must_use]
    pub const fn around(mut self, around: &'static [Around]) -> Self {
        self.around = around;
        self
    }
}

/// An element with only one variable value in a profile: the field holds that value.
#[derive(Debug)]
#[non_exhaustive]
pub struct Around {
    /// Name of the value in JSON.
    pub inner: &'static str,
    /// Whether the value is an array, of which the profile allows one item.
    pub is_many: bool,
    /// Other properties, which are always the same: names and values, given as JSON.
    pub implied: &'static [(&'static str, &'static str)],
    /// Names that the profile forbids.
    pub forbidden: &'static [&'static str],
    /// The stems of choices that the profile forbids, except for `inner`.
    pub stems: &'static [&'static str],
}

impl Around {
    /// An element around a value of this name.
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

    /// Choices of which it forbids every type, except for the value.
    #[must_use]
    pub const fn stems(mut self, stems: &'static [&'static str]) -> Self {
        self.stems = stems;
        self
    }

    /// Whether it is an extension, which has a value or extensions.
    pub(super) fn is_extension(&self) -> bool {
        self.implied.iter().any(|(name, _)| *name == "url") && self.stems.contains(&"value")
    }

    /// Whether a property that the profile does not name may be beside the value: what every element may have, and
    /// the id and extensions of a primitive.
    pub(super) fn has_beside(&self, key: &str) -> bool {
        match key.strip_prefix('_') {
            // The URL of an extension is an attribute in XML.
            Some("url") if self.is_extension() => false,
            Some(name) => name == self.inner || self.implied.iter().any(|(known, _)| *known == name),
            None if key == "modifierExtension" => !self.is_extension(),
            None => matches!(key, "id" | "extension"),
        }
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

    /// A sliced property.
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

    /// In an array, except for a single value.
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

    /// Sets how often it must and may occur.
    #[must_use]
    pub const fn times(mut self, min: u32, max: u32) -> Self {
        self.times = Times { min, max };
        self
    }

    /// Sets how often it must occur.
    #[must_use]
    pub const fn at_least(self, min: u32) -> Self {
        self.times(min, u32::MAX)
    }

    /// Its slices must come in their order.
    #[must_use]
    pub const fn ordered(mut self) -> Self {
        self.is_ordered = true;
        self
    }

    /// Repeats outside all slices must come last.
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

    /// Choices of which the profile allows one type or none.
    #[must_use]
    pub const fn stems(mut self, stems: &'static [&'static str]) -> Self {
        self.stems = stems;
        self
    }

    /// Details that the shape does not hold.
    #[must_use]
    pub const fn details(mut self, details: &'static [(u16, Detail)]) -> Self {
        self.details = details;
        self
    }

    /// The number of the property with this name. `likely` is tried first: payloads mostly follow
    /// the order of the definition.
    pub fn find(&self, name: &str, likely: usize) -> Option<usize> {
        let (before, rest) = self.properties.split_at_checked(likely)?;
        let found = rest.iter().position(|property| property.name == name).map(|place| likely + place);
        found.or_else(|| before.iter().position(|property| property.name == name))
    }

    /// Details of a field that the shape does not hold.
    pub fn detail(&self, field: u16) -> Option<&'static Detail> {
        self.details.iter().find(|(number, _)| *number == field).map(|(_, detail)| detail)
    }
}
