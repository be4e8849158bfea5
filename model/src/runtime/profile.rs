//! Profiles: structs that are checked against a base structure, and become one again.

use std::fmt;

use super::error::ReadError;
use super::json::Json;
use super::options::ReadOptions;
use super::record::{Leaf, Record, Value};
use super::write;

/// A struct of a profile.
pub trait Profile: Sized {
    /// The structure that it constrains.
    type Base: Value;

    /// Takes the base apart, noting every violation; `None` where it cannot be had.
    fn take(base: Self::Base, check: &mut Check) -> Option<Self>;

    /// The base, with all that the profile implies.
    fn give(self) -> Self::Base;

    /// The profile struct of a base structure, or everything that keeps it from being one.
    fn from_base(name: &str, base: Self::Base) -> Result<Self, Violations> {
        let mut check = Check { path: vec![name.to_owned()], found: Vec::new() };
        match Self::take(base, &mut check) {
            Some(value) if check.found.is_empty() => Ok(value),
            _ => Err(Violations(check.found)),
        }
    }

    /// Reads JSON.
    fn from_json(bytes: impl AsRef<[u8]>) -> Result<Self, ProfileError> {
        let base = Self::Base::from_json_with(bytes, ReadOptions::lenient())?;
        Ok(Self::from_base(std::any::type_name::<Self>().rsplit("::").next().unwrap_or_default(), base)?)
    }

    /// Compact JSON.
    fn to_json(&self) -> String
    where
        Self: Clone,
    {
        write::to_string(&self.clone().give())
    }
}

/// JSON cannot be read as a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileError {
    /// It is not what the base is.
    Read(ReadError),
    /// It breaks the profile.
    Violations(Violations),
}

impl From<ReadError> for ProfileError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl From<Violations> for ProfileError {
    fn from(violations: Violations) -> Self {
        Self::Violations(violations)
    }
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Violations(violations) => violations.fmt(f),
        }
    }
}

impl std::error::Error for ProfileError {}

/// Everything that keeps a structure from following a profile, in the order of the profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

/// A place where a structure does not follow a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The element: `CreateReferralParameters.parameter:patient.value`.
    pub path: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Violations {
    /// The violations.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, violation) in self.0.iter().enumerate() {
            let separator = if number == 0 { "" } else { "; " };
            write!(f, "{separator}{}: {}", violation.path, violation.reason)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// A base structure while it is taken apart.
#[derive(Debug)]
pub struct Check {
    path: Vec<String>,
    found: Vec<Violation>,
}

impl Check {
    /// Notes a violation at an element.
    pub fn note(&mut self, element: &str, reason: impl Into<String>) {
        let mut path = self.path.join(".");
        if !element.is_empty() {
            path.push('.');
            path.push_str(element);
        }
        self.found.push(Violation { path, reason: reason.into() });
    }

    /// Misses nothing, but refuses every value.
    pub fn forbid<T>(&mut self, element: &str, values: impl IntoIterator<Item = T>) {
        if values.into_iter().next().is_some() {
            self.note(element, "the profile forbids it: remove it");
        }
    }

    /// Exactly one value, of this JSON.
    pub fn implied<T: Leaf>(&mut self, element: &str, values: impl IntoIterator<Item = T>, json: &str) {
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (Some(value), None) => self.fixed(element, &value, json),
            (Some(_), Some(_)) => self.note(element, "is there more than once: keep one"),
            (None, _) => self.note(element, format!("is missing: it must be {json}")),
        }
    }

    /// A value of this JSON.
    pub fn fixed(&mut self, element: &str, value: &dyn Leaf, json: &str) {
        let found = write::to_string(value);
        if !same_json(&found, json) {
            self.note(element, format!("is {found}: it must be {json}"));
        }
    }

    /// A value that contains this JSON.
    pub fn pattern(&mut self, element: &str, value: &dyn Leaf, json: &str) {
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap_or_default();
        let found = write::to_string(value);
        if !contains(&parse(&found), &parse(json)) {
            self.note(element, format!("is {found}: it must contain {json}"));
        }
    }

    /// Every value, each converted with its place in the path.
    pub fn any<T, P>(
        &mut self,
        element: &str,
        values: impl IntoIterator<Item = T>,
        mut convert: impl FnMut(T, &mut Self) -> Option<P>,
    ) -> Vec<P> {
        let mut converted = Vec::new();
        for value in values {
            self.path.push(element.to_owned());
            converted.extend(convert(value, self));
            self.path.pop();
        }
        converted
    }

    /// One value or more.
    pub fn some<T, P>(
        &mut self,
        element: &str,
        values: impl IntoIterator<Item = T>,
        convert: impl FnMut(T, &mut Self) -> Option<P>,
    ) -> Vec<P> {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            self.note(element, "is missing and required");
        }
        self.any(element, values, convert)
    }

    /// One value or none.
    pub fn optional<T, P>(
        &mut self,
        element: &str,
        values: impl IntoIterator<Item = T>,
        mut convert: impl FnMut(T, &mut Self) -> Option<P>,
    ) -> Option<P> {
        let mut values = values.into_iter();
        let first = values.next()?;
        if values.next().is_some() {
            self.note(element, "is there more than once: keep one");
        }
        self.path.push(element.to_owned());
        let converted = convert(first, self);
        self.path.pop();
        converted
    }

    /// Exactly one value.
    pub fn one<T, P>(
        &mut self,
        element: &str,
        values: impl IntoIterator<Item = T>,
        convert: impl FnMut(T, &mut Self) -> Option<P>,
    ) -> Option<P> {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            self.note(element, "is missing and required");
        }
        self.optional(element, values, convert)
    }

    /// Every value, as it is.
    pub fn plain_any<T>(&mut self, _: &str, values: Vec<T>) -> Vec<T> {
        values
    }

    /// One value or more, as they are.
    pub fn plain_some<T>(&mut self, element: &str, values: Vec<T>) -> Vec<T> {
        if values.is_empty() {
            self.note(element, "is missing and required");
        }
        values
    }

    /// One value or none, as it is.
    pub fn plain_optional<T>(&mut self, element: &str, values: impl IntoIterator<Item = T>) -> Option<T> {
        let mut values = values.into_iter();
        let first = values.next();
        if values.next().is_some() {
            self.note(element, "is there more than once: keep one");
        }
        first
    }

    /// Exactly one value, as it is.
    pub fn plain_one<T>(&mut self, element: &str, values: impl IntoIterator<Item = T>) -> Option<T> {
        let value = self.plain_optional(element, values);
        if value.is_none() {
            self.note(element, "is missing and required");
        }
        value
    }

    /// A value as one of a narrower type, by way of its JSON.
    pub fn narrow<P: Value>(&mut self, value: &dyn Leaf) -> Option<P> {
        match P::from_json_text(&write::to_string(value), ReadOptions::strict()) {
            Ok(narrowed) => Some(narrowed),
            Err(error) => {
                self.note("", error.fault().to_string());
                None
            }
        }
    }

    /// A value of a type that the profile does not allow.
    pub fn wrong_type<P>(&mut self, expected: &str) -> Option<P> {
        self.note("", format!("has another type: the profile allows {expected}"));
        None
    }
}

/// A value given as JSON. The generator wrote it, for a type that can read it.
pub fn literal<T: Value>(json: &str) -> T {
    T::from_json_text(json, ReadOptions::lenient()).unwrap_or_else(|_| T::blank())
}

/// A value of a wider type, by way of its JSON.
pub fn widen<T: Value>(value: &dyn Leaf) -> T {
    literal(&write::to_string(value))
}

fn same_json(a: &str, b: &str) -> bool {
    let parse = |text| serde_json::from_str::<serde_json::Value>(text).ok();
    a == b || parse(a) == parse(b)
}

fn contains(value: &serde_json::Value, pattern: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (value, pattern) {
        (Value::Object(value), Value::Object(pattern)) => {
            pattern.iter().all(|(name, part)| value.get(name).is_some_and(|found| contains(found, part)))
        }
        (Value::Array(values), Value::Array(patterns)) => {
            patterns.iter().all(|part| values.iter().any(|found| contains(found, part)))
        }
        _ => value == pattern,
    }
}

/// What must be at the end of a path in a slice.
#[derive(Debug, Clone, Copy)]
pub enum Mark {
    /// This JSON.
    Value(&'static str),
    /// A resource of this type.
    Type(&'static str),
}

/// What tells a slice apart: paths, and what must be at their ends.
pub type Marks = &'static [(&'static [&'static str], Mark)];

/// Repeats of an element, by slice.
#[derive(Debug)]
pub struct Sorted<T> {
    groups: Vec<Vec<T>>,
    /// The order in which slices were met.
    pub order: Order,
}

impl<T: Leaf> Sorted<T> {
    /// Sorts repeats into slices; what belongs to none comes last.
    pub fn new(values: Vec<T>, slices: &[Marks]) -> Self {
        let mut groups: Vec<Vec<T>> = std::iter::repeat_with(Vec::new).take(slices.len() + 1).collect();
        let mut order = Vec::with_capacity(values.len());
        for value in values {
            let holds = |(path, mark): &(&[&str], Mark)| {
                let mut found = false;
                visit(&value, path, &mut |leaf| found |= matches(leaf, *mark));
                found
            };
            let place = slices.iter().position(|marks| marks.iter().all(holds)).unwrap_or(slices.len());
            groups[place].push(value);
            order.push(place as u16);
        }
        Self { groups, order: Order(order) }
    }

    /// Takes the values of a slice.
    pub fn slice(&mut self, number: usize) -> Vec<T> {
        self.groups.get_mut(number).map(std::mem::take).unwrap_or_default()
    }
}

/// Calls back for each value at a path.
fn visit(leaf: &dyn Leaf, path: &[&str], found: &mut dyn FnMut(&dyn Leaf)) {
    let Some((name, rest)) = path.split_first() else { return found(leaf) };
    let Some(record) = leaf.as_record() else { return };
    let shape = record.shape();
    for field in shape.fields.iter().filter(|field| field.name == *name) {
        let slot = record.slot(field.slot);
        if slot.count() > 0 && slot.variant() == field.variant {
            (0..slot.count())
                .filter_map(|position| slot.get(position))
                .for_each(|leaf| visit(leaf, rest, found));
        }
    }
}

fn matches(leaf: &dyn Leaf, mark: Mark) -> bool {
    match mark {
        Mark::Value(json) => write::to_string(leaf) == json,
        Mark::Type(name) => leaf.as_record().map(Record::shape).is_some_and(|shape| shape.name == name),
    }
}

/// The order in which slices stood, so that they are written as they were read.
#[derive(Debug, Clone, Default)]
pub struct Order(Vec<u16>);

impl Order {
    /// Slices as one list: in the order they were read, as far as they are still there, then the rest.
    pub fn merge<T>(&self, groups: Vec<Vec<T>>) -> Vec<T> {
        let mut groups: Vec<_> = groups.into_iter().map(Vec::into_iter).collect();
        let mut merged = Vec::new();
        for number in &self.0 {
            merged.extend(groups.get_mut(usize::from(*number)).and_then(Iterator::next));
        }
        merged.extend(groups.into_iter().flatten());
        merged
    }
}

/// What every profile struct has in common.
#[doc(hidden)]
#[macro_export]
macro_rules! profile {
    ($name:ident, $base:ty) => {
        impl ::core::convert::TryFrom<$base> for $name {
            type Error = $crate::runtime::Violations;

            fn try_from(base: $base) -> ::core::result::Result<Self, Self::Error> {
                $crate::runtime::Profile::from_base(::core::stringify!($name), base)
            }
        }

        impl ::core::convert::From<$name> for $base {
            fn from(value: $name) -> Self {
                $crate::runtime::Profile::give(value)
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let base: $base = $crate::runtime::Profile::give(::core::clone::Clone::clone(self));
                $crate::runtime::show(::core::stringify!($name), &base, f)
            }
        }

        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                let base = |value: &Self| -> $base { $crate::runtime::Profile::give(value.clone()) };
                base(self) == base(other)
            }
        }

        impl $crate::runtime::serde::Serialize for $name {
            fn serialize<S: $crate::runtime::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let base: $base = $crate::runtime::Profile::give(::core::clone::Clone::clone(self));
                $crate::runtime::serde::Serialize::serialize(&base, serializer)
            }
        }

        impl<'de> $crate::runtime::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let base = <$base as $crate::runtime::serde::Deserialize>::deserialize(deserializer)?;
                $crate::runtime::Profile::from_base(::core::stringify!($name), base)
                    .map_err($crate::runtime::serde::de::Error::custom)
            }
        }
    };
}
