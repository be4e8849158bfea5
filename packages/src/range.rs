//! Ranges of package versions.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use semver::Version;

/// The versions of a package that are acceptable, as dependencies of FHIR packages write them.
///
/// Source: <https://hl7.org/fhir/packages.html> and the "Dependencies" of HL7's package specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Range {
    /// This version alone; the text need not be a semantic version.
    Exact(Box<str>),
    /// The highest version that starts with this text and is not a pre-release: `1.2.` of `1.2.x`.
    Within(Box<str>),
    /// The highest version that is not a pre-release.
    Latest,
    /// The current build, of the named branch if there is one.
    Current(Option<Box<str>>),
    /// The build of this machine, or else the current build.
    Dev,
}

impl Range {
    /// Whether a version is within the range. Which one is `latest` depends on the others, so any release is
    /// accepted for it.
    pub fn admits(&self, version: &str) -> bool {
        match self {
            Self::Exact(wanted) => **wanted == *version,
            Self::Within(start) => version.starts_with(&**start) && is_release(version),
            Self::Latest => is_release(version),
            Self::Current(None) => version == "current",
            Self::Current(Some(branch)) => version.strip_prefix("current$") == Some(branch),
            Self::Dev => matches!(version, "dev" | "current"),
        }
    }

    /// The one of these versions that is meant.
    pub fn choose<'v>(&self, versions: impl IntoIterator<Item = &'v str>) -> Option<&'v str> {
        versions.into_iter().filter(|version| self.admits(version)).max_by(|a, b| preferred(a, b))
    }
}

/// Which of two versions is preferred: a build of this machine over the current build, the higher number over
/// the lower.
fn preferred(a: &str, b: &str) -> Ordering {
    (a == "dev").cmp(&(b == "dev")).then_with(|| compare(a, b))
}

/// Orders versions by semantic versioning; other texts come first.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    let read = |version: &str| Version::parse(version).ok();
    read(a).cmp(&read(b)).then_with(|| a.cmp(b))
}

/// Whether a version is a release: a semantic version without a label.
fn is_release(version: &str) -> bool {
    Version::parse(version).is_ok_and(|version| version.pre.is_empty())
}

impl FromStr for Range {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "latest" | "" => Self::Latest,
            "current" => Self::Current(None),
            "dev" => Self::Dev,
            _ => {
                if let Some(branch) = text.strip_prefix("current$") {
                    return Ok(Self::Current(Some(branch.into())));
                }
                match text.strip_suffix(['x', 'X', '*']) {
                    Some(start) if start.ends_with('.') => Self::Within(start.into()),
                    _ => Self::Exact(text.into()),
                }
            }
        })
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(version) => f.write_str(version),
            Self::Within(start) => write!(f, "{start}x"),
            Self::Latest => f.write_str("latest"),
            Self::Current(None) => f.write_str("current"),
            Self::Current(Some(branch)) => write!(f, "current${branch}"),
            Self::Dev => f.write_str("dev"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose<'v>(range: &str, versions: &[&'v str]) -> Option<&'v str> {
        let Ok(range) = range.parse::<Range>();
        range.choose(versions.iter().copied())
    }

    #[test]
    fn the_version_that_is_meant() {
        let all = [
            "1.2.0",
            "1.2.10",
            "1.2.9",
            "1.3.0-ballot",
            "0.0.9-pre-release",
            "current",
            "dev",
            "current$main",
        ];
        for (range, expected) in [
            ("1.2.0", Some("1.2.0")),
            ("0.0.9-pre-release", Some("0.0.9-pre-release")),
            ("1.2.x", Some("1.2.10")),
            ("1.3.x", None),
            ("1.x", Some("1.2.10")),
            ("latest", Some("1.2.10")),
            ("", Some("1.2.10")),
            ("current", Some("current")),
            ("current$main", Some("current$main")),
            ("current$other", None),
            ("dev", Some("dev")),
            ("9.9.9", None),
        ] {
            assert_eq!(choose(range, &all), expected, "{range}");
        }
        assert_eq!(choose("dev", &["current"]), Some("current"));
    }

    #[test]
    fn a_pre_release_comes_before_its_release() {
        assert_eq!(compare("1.0.0-ballot", "1.0.0"), Ordering::Less);
        assert_eq!(compare("not a version", "0.0.1"), Ordering::Less);
    }
}
