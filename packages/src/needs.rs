//! The dependencies of packages on each other.

use std::cmp::Ordering;

use ers_fhir_profiles::Error;
use ers_fhir_profiles::package::Package;

use crate::open::open;
use crate::range::compare;
use crate::restore::WITHOUT;
use crate::shelves::Shelves;
use crate::wanted::Wanted;

/// Packages and their dependencies.
#[derive(Debug, Default)]
pub struct Needs {
    /// The direct and indirect dependencies of the given packages: each comes after those that it depends on.
    pub packages: Vec<Package>,
    /// Dependencies that are not available, or cannot be used.
    pub unmet: Vec<Unmet>,
}

/// A dependency that is not met.
#[derive(Debug)]
pub struct Unmet {
    /// The package that is needed.
    pub name: String,
    /// The version or range of it.
    pub version: String,
    /// The package that needs it, with its version; the first, where there are several.
    pub needed_by: String,
    /// Versions that are available but not the one that is needed; the lowest first.
    pub others: Vec<String>,
    /// Why the available one cannot be used.
    pub error: Option<Error>,
}

/// The most packages that are gathered.
const MAX_PACKAGES: usize = 1000;

/// Gathers the dependencies of packages from the shelves.
///
/// A given package is used for every dependency on its name, whatever version is needed. Otherwise several
/// versions of a dependency may be used side by side; if the needed one is not available, one that was
/// already gathered is used. FHIR itself is in this toolkit and is not looked for, nor are packages that the
/// lock file of the shelves leaves out.
pub fn needs(given: &[Package], shelves: &Shelves) -> Needs {
    let mut search = Search {
        shelves,
        given: given.iter().map(|package| package.name().to_ascii_lowercase()).collect(),
        met: Vec::new(),
        needs: Needs::default(),
    };
    for package in given {
        search.visit(package);
    }
    let mut needs = search.needs;
    lowest_first(&mut needs.packages);
    needs
}

/// Sorts the versions of each package among the places that they have: the highest is above the others.
fn lowest_first(packages: &mut [Package]) {
    for at in 0..packages.len() {
        for later in at + 1..packages.len() {
            let version = |at: usize| packages[at].manifest().version.as_deref().unwrap_or_default();
            let is_above = packages[at].name().eq_ignore_ascii_case(packages[later].name())
                && compare(version(at), version(later)) == Ordering::Greater;
            if is_above {
                packages.swap(at, later);
            }
        }
    }
}

struct Search<'s> {
    shelves: &'s Shelves,
    /// Names that need not be looked for.
    given: Vec<String>,
    /// Names, the versions that are asked for, and the versions that were found.
    met: Vec<(String, String, Option<Box<str>>)>,
    needs: Needs,
}

impl Search<'_> {
    /// Adds the dependencies of a package. A cycle ends at a package that was already added.
    fn visit(&mut self, package: &Package) {
        for (name, version) in &package.manifest().dependencies {
            let lower = name.to_ascii_lowercase();
            // A project with parts in JavaScript also depends on packages that are not FHIR packages.
            let Ok(wanted) = Wanted::new(name, version) else { continue };
            let wanted = self.shelves.lock().overridden(wanted);
            let asked = wanted.range.to_string();
            let is_met = self.met.iter().any(|(name, before, _)| *name == lower && *before == asked);
            if is_fhir(&lower) || self.given.contains(&lower) || asked == WITHOUT || is_met {
                continue;
            }
            let found = self.shelves.find(&wanted);
            let of_name =
                || self.met.iter().filter(|(name, ..)| *name == lower).filter_map(|it| it.2.as_deref());
            let serves = match &found {
                Some(found) => of_name().any(|version| *version == *found.version),
                None => of_name().next().is_some(),
            };
            self.met.push((lower, asked, found.as_ref().map(|found| found.version.clone())));
            if serves || self.met.len() > MAX_PACKAGES {
                continue;
            }
            match found.ok_or(None).and_then(|found| open(&found.path).map_err(Some)) {
                Ok(found) => {
                    self.visit(&found);
                    self.needs.packages.push(found);
                }
                Err(error) => self.needs.unmet.push(Unmet {
                    name: name.clone(),
                    version: wanted.range.to_string(),
                    needed_by: titled(package),
                    others: self
                        .shelves
                        .versions(name)
                        .into_iter()
                        .map(|found| found.version.into_string())
                        .collect(),
                    error,
                }),
            }
        }
    }
}

/// Name and version of a package.
fn titled(package: &Package) -> String {
    match &package.manifest().version {
        Some(version) => format!("{}#{version}", package.name()),
        None => package.name().to_owned(),
    }
}

/// Whether a package is FHIR itself or a part of it: definitions that this toolkit has, or that add nothing
/// to them.
pub(crate) fn is_fhir(name: &str) -> bool {
    const PARTS: [&str; 7] = ["core", "corexml", "expansions", "elements", "search", "examples", "id"];
    let Some(rest) = name.strip_prefix("hl7.fhir.") else { return false };
    match rest.split_once('.') {
        None => rest == "core",
        Some((release, part)) => {
            let is_release =
                release.strip_prefix('r').is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()));
            is_release && PARTS.contains(&part)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::lock::Lock;
    use crate::tree::{Place, manifest, tree};

    fn put(shelf: &Path, name: &str, version: &str, dependencies: &str) {
        let folder = shelf.join(format!("{name}#{version}")).join("package");
        fs::create_dir_all(&folder).unwrap();
        let manifest =
            format!(r#"{{"name":"{name}","version":"{version}","dependencies":{{{dependencies}}}}}"#);
        fs::write(folder.join("package.json"), manifest).unwrap();
        let system = format!(
            r#"{{"resourceType":"CodeSystem","url":"http://example.org/{name}","status":"active","content":"fragment"}}"#
        );
        fs::write(folder.join("system.json"), system).unwrap();
    }

    fn gathered(shelf: &Path, given: &[&str]) -> (Vec<String>, Vec<String>) {
        let given: Vec<Package> =
            given.iter().map(|name| Package::open(&shelf.join(name)).unwrap()).collect();
        let Needs { packages, unmet } = needs(&given, &Shelves::new([shelf]));
        let unmet = unmet.iter().map(|it| format!("{} for {} not {:?}", it.name, it.needed_by, it.others));
        (packages.iter().map(titled).collect(), unmet.collect())
    }

    #[test]
    fn what_is_needed_comes_before_what_needs_it() {
        let temp = tempfile::tempdir().unwrap();
        let shelf = temp.path();
        put(shelf, "a.top", "1.0.0", r#""hl7.fhir.r4.core":"4.0.1","a.middle":"1.0.x","a.base":"1.0.0""#);
        put(shelf, "a.middle", "1.0.3", r#""a.base":"1.0.0","a.gone":"2.0.0""#);
        put(shelf, "a.base", "1.0.0", r#""a.top":"1.0.0""#);
        put(shelf, "a.gone", "1.9.0", "");
        let (packages, unmet) = gathered(shelf, &["a.top#1.0.0"]);
        assert_eq!(packages, ["a.base#1.0.0", "a.middle#1.0.3"]);
        assert_eq!(unmet, [r#"a.gone for a.middle#1.0.3 not ["1.9.0"]"#]);
    }

    #[test]
    fn a_circle_of_packages_is_a_tree_that_ends() {
        let temp = tempfile::tempdir().unwrap();
        let shelf = temp.path();
        put(shelf, "a.top", "1.0.0", r#""hl7.fhir.r4.core":"4.0.1","a.low":"1.0.x","a.gone":"1.0.0""#);
        put(shelf, "a.low", "1.0.3", r#""a.top":"1.0.0""#);
        let folder = shelf.join("a.top#1.0.0");
        let top = tree(&manifest(&folder).unwrap(), &folder, &Shelves::new([shelf]));
        let [gone, low, core] = top.dependencies.as_slice() else { panic!("{top:?}") };
        assert_eq!(gone.place, Place::Absent { others: Vec::new() });
        assert_eq!(core.place, Place::Embedded);
        assert!(matches!(&low.place, Place::Folder { version, .. } if version == "1.0.3"), "{low:?}");
        assert_eq!(low.dependencies[0].place, Place::Before { version: "1.0.0".to_owned() });
    }

    #[test]
    fn versions_side_by_side_and_what_the_lock_file_says() {
        let temp = tempfile::tempdir().unwrap();
        let shelf = temp.path();
        put(shelf, "a.top", "1.0.0", r#""a.base":"2.0.0","a.middle":"1.0.0","a.gone":"1.0.0""#);
        put(shelf, "a.middle", "1.0.0", r#""a.base":"1.0.0","a.old":"3.0.0""#);
        put(shelf, "a.base", "1.0.0", "");
        put(shelf, "a.base", "2.0.0", r#""a.old":"1.0.0""#);
        put(shelf, "a.old", "1.0.0", "");
        let given = [Package::open(&shelf.join("a.top#1.0.0")).unwrap()];
        let gathered = |shelves: &Shelves| {
            let Needs { packages, unmet } = needs(&given, shelves);
            (
                packages.iter().map(titled).collect::<Vec<_>>(),
                unmet.iter().map(|it| it.name.clone()).collect::<Vec<_>>(),
            )
        };
        let (packages, unmet) = gathered(&Shelves::new([shelf]));
        assert_eq!(packages, ["a.old#1.0.0", "a.base#1.0.0", "a.base#2.0.0", "a.middle#1.0.0"]);
        assert_eq!(unmet, ["a.gone"], "a.old#3.0.0 is served by the one that is there");
        let mut lock = Lock::default();
        lock.overrides.insert("a.gone".to_owned(), WITHOUT.to_owned());
        lock.overrides.insert("a.base".to_owned(), "1.0.0".to_owned());
        let (packages, unmet) = gathered(&Shelves::new([shelf]).locked(lock));
        assert_eq!((packages.len(), unmet.as_slice()), (2, &["a.old".to_owned()][..]), "{packages:?}");
    }

    #[test]
    fn what_was_given_serves() {
        let temp = tempfile::tempdir().unwrap();
        put(temp.path(), "a.top", "1.0.0", r#""a.base":"1.0.0""#);
        put(temp.path(), "a.base", "2.0.0", "");
        assert_eq!(gathered(temp.path(), &["a.base#2.0.0", "a.top#1.0.0"]), (Vec::new(), Vec::new()));
    }

    #[test]
    fn fhir_itself_is_not_looked_for() {
        for name in ["hl7.fhir.core", "hl7.fhir.r3.core", "hl7.fhir.r4.expansions", "hl7.fhir.r4b.core"] {
            assert!(is_fhir(name), "{name}");
        }
        for name in ["hl7.fhir.uv.ips", "hl7.fhir.us.core", "hl7.terminology.r4", "hl7.fhir.r4.core.x"] {
            assert!(!is_fhir(name), "{name}");
        }
    }
}
