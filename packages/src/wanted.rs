//! A package by its name and acceptable versions.

use std::fmt;
use std::str::FromStr;

use crate::range::Range;

/// A package that is asked for: `hl7.fhir.uv.ips#2.0.0`, `hl7.fhir.uv.ips@2.0.x`, or a name alone for the latest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Name of the package.
    pub name: Box<str>,
    /// Acceptable versions.
    pub range: Range,
}

/// The text that is not the name of a package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is not the name of a FHIR package: it has letters, digits and hyphens in parts separated by dots, and # \
     with a version after them, as in hl7.fhir.uv.ips#2.0.0"
)]
pub struct NoName(Box<str>);

impl Wanted {
    /// A package by its name and the text of a version or range.
    pub fn new(name: &str, version: &str) -> Result<Self, NoName> {
        let Ok(range) = version.parse();
        let is_version = version.chars().all(|c| c.is_ascii_alphanumeric() || ".-_+$*".contains(c));
        let is_part = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        };
        let is_name = name.contains('.') && name.split('.').all(is_part);
        if is_name && is_version && !version.starts_with('.') {
            Ok(Self { name: name.into(), range })
        } else {
            Err(NoName(if version.is_empty() { name.into() } else { format!("{name}#{version}").into() }))
        }
    }
}

impl FromStr for Wanted {
    type Err = NoName;

    fn from_str(text: &str) -> Result<Self, NoName> {
        match text.split_once(['#', '@']) {
            Some((_, "")) => Err(NoName(text.into())),
            Some((name, version)) => Self::new(name, version),
            None => Self::new(text, ""),
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.name, self.range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_and_without_a_version() {
        for (text, shown) in [
            ("hl7.fhir.uv.ips#2.0.0", "hl7.fhir.uv.ips#2.0.0"),
            ("hl7.fhir.uv.ips@2.0.x", "hl7.fhir.uv.ips#2.0.x"),
            ("fhir.r4.ukcore.stu2", "fhir.r4.ukcore.stu2#latest"),
            ("uk.nhsdigital.r4#2.8.21-prerelease", "uk.nhsdigital.r4#2.8.21-prerelease"),
            ("de.basis#current$main", "de.basis#current$main"),
        ] {
            assert_eq!(text.parse::<Wanted>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_leads_elsewhere_is_no_name() {
        for text in [
            "",
            "ips",
            "..",
            "a..b",
            "../x.y",
            "a.b#",
            "a.b#../c",
            "a.b/c",
            "a.b#1/2",
            "C:\\x.y",
            ".hidden.x",
        ] {
            assert!(text.parse::<Wanted>().is_err(), "{text}");
        }
    }
}
