//! Versions of one package side by side: each package sees the versions that it depends on.

use std::sync::Arc;

use super::{Definitions, Place};
use crate::datum::Datum;
use crate::package::{Kind, Package};

/// Elements that refer to definitions by canonical, and the kind of those definitions.
const REFERENCES: [(&str, Kind); 5] = [
    ("baseDefinition", Kind::Structure),
    ("profile", Kind::Structure),
    ("targetProfile", Kind::Structure),
    ("valueSet", Kind::ValueSet),
    ("valueSetUri", Kind::ValueSet),
];

impl Definitions {
    /// A definition of a layer. References without a version get the version that its package depends on, if
    /// another would be found.
    pub(super) fn scoped(&self, layer: usize, datum: Arc<Datum>) -> Arc<Datum> {
        let Some(own) = self.layers.get(layer).and_then(|layer| layer.opened()) else { return datum };
        if !self.has_versions() {
            return datum;
        }
        let mut pinned = (*datum).clone();
        if self.pin(own, &mut pinned) { Arc::new(pinned) } else { datum }
    }

    /// Whether there are several versions of a package.
    fn has_versions(&self) -> bool {
        let names = || self.layers.iter().filter_map(|layer| layer.opened()).map(Package::name);
        names().enumerate().any(|(at, name)| names().take(at).any(|before| before == name))
    }

    fn pin(&self, own: &Package, datum: &mut Datum) -> bool {
        let mut is_changed = false;
        for (name, child) in &mut datum.fields {
            if let Some((_, kind)) = REFERENCES.iter().find(|(reference, _)| *reference == &**name)
                && let Some(canonical) = &child.text
                && let Some(version) = self.version_for(own, *kind, canonical)
            {
                child.text = Some(format!("{canonical}|{version}").into());
                is_changed = true;
            }
            is_changed |= self.pin(own, child);
        }
        is_changed
    }

    /// The version of a definition that a package means, if it does not give one and another would be found.
    fn version_for(&self, own: &Package, kind: Kind, canonical: &str) -> Option<String> {
        if canonical.contains('|') {
            return None;
        }
        let found = self.resolve(kind, canonical)?;
        let answer = self.layers.get(found.0)?.opened()?;
        let version = |package: &Package| package.manifest().version.clone().unwrap_or_default();
        let range = if answer.name() == own.name() {
            version(own)
        } else {
            own.manifest().dependencies.get(answer.name())?.clone()
        };
        if admits(&range, &version(answer)) {
            return None;
        }
        let meant = self.layers.iter().enumerate().find_map(|(number, layer)| {
            let package = layer.opened()?;
            let is_meant = package.name() == answer.name() && admits(&range, &version(package));
            let place: Place = (number, is_meant.then(|| package.find(kind, canonical).last())??);
            self.layers.get(place.0)?.known_at(place.1)?.version.map(str::to_owned)
        })?;
        let other = self.layers.get(found.0)?.known_at(found.1)?.version;
        (other != Some(meant.as_str())).then_some(meant)
    }
}

/// Whether a version is the named one, or matches a pattern such as `1.2.x`.
fn admits(range: &str, version: &str) -> bool {
    range == version
        || range
            .strip_suffix(['x', 'X', '*'])
            .is_some_and(|start| start.ends_with('.') && version.starts_with(start))
}
