//! Versions of records, and records with their version.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

/// The version of a record: the number in `meta.versionId`, which `ETag` and If-Match write as `W/"5"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u64);

impl Version {
    /// That number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// As `ETag` and If-Match write it.
    pub fn etag(self) -> String {
        format!("W/\"{}\"", self.0)
    }

    /// The version in an `ETag`, strong or weak.
    pub(crate) fn of_etag(text: &str) -> Option<Self> {
        let text = text.trim();
        text.strip_prefix("W/").unwrap_or(text).strip_prefix('"')?.strip_suffix('"')?.parse().ok()
    }
}

impl From<u64> for Version {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl FromStr for Version {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A record with its version.
///
/// It can be used like the record; methods that change the record take the version.
#[derive(Debug, Clone, PartialEq)]
pub struct Versioned<T> {
    /// The record.
    pub record: T,
    /// Its version, from `ETag` or, without one, from `meta.versionId`.
    pub version: Version,
}

impl<T> Deref for Versioned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.record
    }
}
