//! The versions of a package, as npm-style registries list them.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::range::{Range, compare};

/// The listing of a package in a registry. Other members are not kept.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Listing {
    #[serde(rename = "dist-tags", default)]
    tags: BTreeMap<String, String>,
    versions: BTreeMap<String, Entry>,
}

/// The listing of a version.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entry {
    pub(super) dist: Option<Dist>,
    pub(super) url: Option<String>,
}

/// Where the archive of a version is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Dist {
    pub(super) tarball: Option<String>,
    pub(super) integrity: Option<String>,
}

impl Listing {
    pub(super) fn read(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }

    /// The version that is meant: by a tag such as `latest`, or else by the range.
    pub(super) fn choose(&self, range: &Range) -> Option<(&str, &Entry)> {
        let tag = match range {
            Range::Latest => Some("latest"),
            Range::Exact(text) if !self.versions.contains_key(&**text) => Some(&**text),
            _ => None,
        };
        let tagged = tag.and_then(|tag| self.versions.get_key_value(self.tags.get(tag)?));
        let chosen = || {
            let version = range.choose(self.versions.keys().map(String::as_str))?;
            self.versions.get_key_value(version)
        };
        tagged.or_else(chosen).map(|(version, entry)| (version.as_str(), entry))
    }

    /// Every version, the lowest first.
    pub(super) fn versions(&self) -> Vec<String> {
        let mut all: Vec<String> = self.versions.keys().cloned().collect();
        all.sort_by(|a, b| compare(a, b));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_is_meant() {
        let listing = Listing::read(
            br#"{"name":"a.b","dist-tags":{"latest":"1.1.0","next":"2.0.0-ballot"},
                "versions":{"1.0.0":{},"1.0.1":{"url":"x","fhirVersion":"R4"},"1.1.0":{"dist":{}},"2.0.0-ballot":{}}}"#,
        )
        .unwrap();
        let choose = |range: &str| {
            let Ok(range) = range.parse();
            listing.choose(&range).map(|(version, _)| version)
        };
        assert_eq!(choose("latest"), Some("1.1.0"));
        assert_eq!(choose("1.0.x"), Some("1.0.1"));
        assert_eq!(choose("next"), Some("2.0.0-ballot"));
        assert_eq!(choose("2.0.0-ballot"), Some("2.0.0-ballot"));
        assert_eq!(choose("3.0.0"), None);
        let untagged = Listing::read(br#"{"versions":{"1.0.0":{},"2.0.0-x":{}}}"#).unwrap();
        assert_eq!(untagged.choose(&Range::Latest).map(|it| it.0), Some("1.0.0"));
        assert!(Listing::read(b"[]").is_err() && Listing::read(b"{}").is_err());
    }
}
