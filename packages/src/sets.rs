//! Short names for packages, as people use them. They are only names: the packages are fetched like any
//! other.

use std::path::PathBuf;

use crate::wanted::Wanted;

/// The list, one set per line.
const LIST: &str = include_str!("sets.txt");

/// Packages under one short name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// The name, such as `uk-core`.
    pub name: &'static str,
    /// The packages.
    pub packages: Vec<Wanted>,
    /// What they are, in words.
    pub what: &'static str,
    /// Where that is written.
    pub source: &'static str,
}

/// Every short name.
pub fn sets() -> impl Iterator<Item = Set> {
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut columns = line.split('|').map(str::trim);
        let (name, packages) = (columns.next()?, columns.next()?);
        let packages = packages.split_whitespace().filter_map(|text| text.parse().ok()).collect();
        Some(Set { name, packages, what: columns.next()?, source: columns.next()? })
    })
}

/// The packages of a short name.
pub fn set(name: &str) -> Option<Set> {
    sets().find(|set| set.name == name)
}

/// The named packages, with each short name replaced by its packages.
pub fn expanded(names: &[PathBuf]) -> Vec<PathBuf> {
    let short = |name: &PathBuf| set(name.to_str().filter(|_| !name.exists())?);
    let each = |name: &PathBuf| match short(name) {
        Some(set) => set.packages.iter().map(|one| PathBuf::from(one.to_string())).collect(),
        None => vec![name.clone()],
    };
    names.iter().flat_map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::range::Range;

    #[test]
    fn every_line_names_packages_of_one_version() {
        assert_eq!(sets().count(), LIST.lines().filter(|line| !line.starts_with('#')).count());
        for set in sets() {
            assert!(!set.packages.is_empty() && set.source.starts_with("https://"), "{set:?}");
            assert!(set.packages.iter().all(|it| matches!(it.range, Range::Exact(_))), "{set:?}");
            assert!(set.name.parse::<Wanted>().is_err(), "{} could be a package", set.name);
        }
        assert_eq!(set("uk-core").unwrap().packages[0].name.as_ref(), "fhir.r4.ukcore.stu2");
    }
}
