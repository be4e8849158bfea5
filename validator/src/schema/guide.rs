//! Profiles that implementation guides require for every resource of a type: `ImplementationGuide.global`.

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::package::Kind;

use super::type_name::SchemaIndex;

/// A profile that a guide requires for every resource of a type.
#[derive(Debug, Clone)]
pub(crate) struct Global {
    /// The type, as the guide names it.
    pub(crate) type_name: Box<str>,
    /// The profile, as the guide names it.
    pub(crate) canonical: Box<str>,
    /// The profile, if it is loaded.
    pub(crate) profile: Option<SchemaIndex>,
    /// Canonical URL of the guide.
    pub(crate) guide: Box<str>,
}

/// Reads the requirements of the guides in the loaded packages; of several versions of a guide, the one that
/// its URL means. `find` looks up a profile by its canonical, or by the relative reference of STU3 and the
/// package of the guide.
pub(super) fn read(
    definitions: &Definitions,
    find: impl Fn(&str, &str) -> Option<SchemaIndex>,
) -> Vec<Global> {
    let mut globals: Vec<Global> = Vec::new();
    for known in definitions.known(Kind::Guide) {
        let is_meant =
            definitions.find(Kind::Guide, known.url).is_some_and(|meant| meant.version == known.version);
        for (type_name, canonical) in known.globals.iter().filter(|_| is_meant) {
            let profile = find(canonical, known.package);
            let is_same = |other: &Global| {
                other.type_name == *type_name && other.canonical == *canonical && other.profile == profile
            };
            if !globals.iter().any(is_same) {
                globals.push(Global {
                    type_name: type_name.clone(),
                    canonical: canonical.clone(),
                    profile,
                    guide: known.url.into(),
                });
            }
        }
    }
    globals
}
