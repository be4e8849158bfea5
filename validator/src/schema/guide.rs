//! What implementation guides demand of every resource of a type: `ImplementationGuide.global`.

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::package::Kind;

use super::type_name::SchemaIndex;

/// A profile that a guide holds every resource of a type to.
#[derive(Debug, Clone)]
pub(crate) struct Global {
    /// The type, as the guide names it.
    pub(crate) type_name: Box<str>,
    /// The profile, as the guide names it.
    pub(crate) canonical: Box<str>,
    /// The profile, where it is loaded.
    pub(crate) profile: Option<SchemaIndex>,
    /// Canonical URL of the guide.
    pub(crate) guide: Box<str>,
}

/// Reads what the guides of the loaded packages demand; of several versions of a guide, the one that its URL means.
/// `find` looks for a profile by its canonical, or by the relative reference of STU3 and the package of the guide.
pub(super) fn read(
    definitions: &Definitions,
    find: impl Fn(&str, &str) -> Option<SchemaIndex>,
) -> Vec<Global> {
    let mut globals: Vec<Global> = Vec::new();
    for known in definitions.known(Kind::Guide).into_iter().filter(|known| known.has_globals) {
        let is_meant =
            definitions.find(Kind::Guide, known.url).is_some_and(|meant| meant.version == known.version);
        let Some(guide) = definitions.resource(Kind::Guide, known.url).ok().flatten().filter(|_| is_meant)
        else {
            continue;
        };
        for global in guide.all("global") {
            // STU3 refers to the profile, R4 names its canonical.
            let canonical = global
                .str("profile")
                .or_else(|| global.all("profile").find_map(|profile| profile.str("reference")));
            let (Some(type_name), Some(canonical)) = (global.str("type"), canonical) else { continue };
            let profile = find(canonical, known.package);
            let is_same = |other: &Global| {
                *other.type_name == *type_name && *other.canonical == *canonical && other.profile == profile
            };
            if !globals.iter().any(is_same) {
                globals.push(Global {
                    type_name: type_name.into(),
                    canonical: canonical.into(),
                    profile,
                    guide: known.url.into(),
                });
            }
        }
    }
    globals
}
