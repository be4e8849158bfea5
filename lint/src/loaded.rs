//! Descriptions of what was loaded.

use ers_fhir_profiles::package::{Kind, Package};
use ers_fhir_profiles::terminology::compact::CompactFile;

/// The number of definitions of each kind in a package, what was skipped, and where it is.
pub(crate) fn package(package: &Package) -> String {
    let count = |kind: Kind| package.heads().filter(|head| head.kind == kind).count();
    let counts = Kind::ALL.into_iter().map(|kind| (count(kind), kind)).filter(|(count, _)| *count > 0);
    let mut parts: Vec<String> =
        counts.map(|(count, kind)| format!("{count} {}", kind.resource_type())).collect();
    if parts.is_empty() {
        parts.push("no definition".to_owned());
    }
    for (count, what) in
        [(package.others(), "of kinds that checks do not use"), (package.problems().len(), "faulty")]
    {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    let title = match &package.manifest().version {
        Some(version) => format!("{}#{version}", package.name()),
        None => package.name().to_owned(),
    };
    let from = package.origin().map(|path| format!(", from {}", path.display())).unwrap_or_default();
    format!("{title}: {}{from}", parts.join(", "))
}

/// The code system and the edition of an index of codes, and where it is.
pub(crate) fn codes(file: &CompactFile) -> String {
    let head = file.head();
    let edition = if head.edition.is_empty() { "an unknown edition" } else { &head.edition };
    format!("{}: codes of {edition}, from {}", head.url, file.path().display())
}
