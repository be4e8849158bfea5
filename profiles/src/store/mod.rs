//! The store of definitions: layers of packages, resolved by canonical URL.

mod cache;
mod correction;
mod implicit;
mod layer;
mod names;
mod parts;
mod scope;

use std::collections::BTreeMap;
use std::sync::Arc;

use cache::Cache;
use layer::{Fit, Layer};
pub use names::CodeSystemNames;
pub use parts::CodeSystemParts;

use ers_fhir_values::{FhirVersion, canonical};

use crate::datum::Datum;
use crate::definition::{CodeSystem, NamingSystem, OperationDefinition, StructureDefinition, ValueSet};
use crate::embedded::Embedded;
use crate::error::{Error, ReadError};
use crate::package::{Kind, Known, Package};
use crate::read;
use crate::snapshot::{Snapshot, SnapshotCache, SnapshotError, Trace};
use crate::terminology::compact::CompactFile;
use crate::write;

/// Canonical URLs of the types of FHIR start with this.
const TYPE_BASE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Canonical URLs of FHIR itself start with this.
const FHIR: &str = "http://hl7.org/fhir/";

/// Every definition of one FHIR release that a run may need.
///
/// Packages are layers: of two definitions with the same canonical URL, the one in the package added later is
/// found. Lookups take `&self`, decode each definition once, and may run on several threads.
///
/// ```
/// use ers_fhir_profiles::{Definitions, FhirVersion};
///
/// let definitions = Definitions::embedded(FhirVersion::R4);
/// let patient = definitions.type_definition("Patient")?.expect("R4 has patients");
/// assert_eq!(patient.url, "http://hl7.org/fhir/StructureDefinition/Patient");
/// assert!(definitions.structure("http://example.org/no-such-profile")?.is_none());
/// # Ok::<(), ers_fhir_profiles::Error>(())
/// ```
#[derive(Debug)]
pub struct Definitions {
    version: FhirVersion,
    /// Lowest first.
    layers: Vec<Layer>,
    names: Option<CodeSystemNames>,
    /// The package that answers a canonical defined by several.
    answers: BTreeMap<String, String>,
    /// Large code systems.
    compact: Vec<Arc<CompactFile>>,
    structures: Cache<Place, StructureDefinition>,
    value_sets: Cache<Place, ValueSet>,
    code_systems: Cache<Place, CodeSystem>,
    naming_systems: Cache<Place, NamingSystem>,
    operations: Cache<Place, OperationDefinition>,
    snapshots: SnapshotCache,
}

/// Layer, and place in the layer.
type Place = (usize, usize);

impl Definitions {
    /// A store with no definitions.
    pub fn empty(version: FhirVersion) -> Self {
        Self {
            version,
            layers: Vec::new(),
            names: None,
            answers: BTreeMap::new(),
            compact: Vec::new(),
            structures: Cache::default(),
            value_sets: Cache::default(),
            code_systems: Cache::default(),
            naming_systems: Cache::default(),
            operations: Cache::default(),
            snapshots: SnapshotCache::default(),
        }
    }

    /// A store with the definitions of the release itself, which are in this crate.
    pub fn embedded(version: FhirVersion) -> Self {
        let mut definitions = Self::empty(version);
        definitions.layers.extend(Embedded::core(version).map(Layer::Embedded));
        definitions
    }

    /// Adds a package that is in this crate above the existing ones; `false` if this crate has none with that
    /// name for the release.
    pub fn add_embedded(&mut self, name: &str) -> bool {
        let found = Embedded::package(name, self.version);
        self.layers.extend(found.map(Layer::Embedded));
        self.snapshots = SnapshotCache::default();
        found.is_some()
    }

    /// Adds a package above the existing ones. Definitions that are declared for the other release, by
    /// themselves or by the package, [are not found](Self::hidden).
    ///
    /// If several versions of a package are added, a reference without a version means the definition in the
    /// version that the manifest of the referring package names.
    pub fn add(&mut self, package: impl Into<Arc<Package>>) {
        self.layers.push(Layer::of_package(package.into(), self.version));
        // A new layer may shadow definitions that snapshots were made from.
        self.snapshots = SnapshotCache::default();
    }

    /// Adds a large code system, which takes precedence over any in packages.
    pub fn add_compact(&mut self, file: Arc<CompactFile>) {
        self.compact.push(file);
    }

    /// The large code system with that URL, the one added last.
    pub fn compact(&self, url: &str) -> Option<Arc<CompactFile>> {
        self.compact.iter().rev().find(|file| file.head().url == url).cloned()
    }

    /// Sets which package, by name, answers each canonical that several packages define; otherwise the
    /// uppermost does.
    pub fn prefer(&mut self, answers: BTreeMap<String, String>) {
        self.answers = answers;
        self.snapshots = SnapshotCache::default();
    }

    /// Lets code systems be found by other names in addition to the URLs of their definitions.
    pub fn name_code_systems(&mut self, names: CodeSystemNames) {
        self.names = Some(names);
    }

    /// The names that code systems have in addition to the URLs of their definitions.
    pub fn code_system_names(&self) -> Option<CodeSystemNames> {
        self.names
    }

    /// The URL of the definition that one of the [names](Self::name_code_systems) of a code system leads to;
    /// `None` if it is not such a name, as for the URLs of most code systems.
    pub fn named_code_system(&self, name: &str) -> Option<String> {
        self.names.and_then(|names| (names.canonical)(name))
    }

    /// The FHIR release whose definitions these are.
    pub fn fhir_version(&self) -> FhirVersion {
        self.version
    }

    /// The structure with that canonical URL, which may carry a `|version`.
    pub fn structure(&self, canonical: &str) -> Result<Option<Arc<StructureDefinition>>, Error> {
        self.look_up(Kind::Structure, canonical, &self.structures, |resource, version| {
            let mut structure = read::structure::read(resource, version)?;
            self.correct(canonical, &mut structure);
            Ok(structure)
        })
    }

    /// The base definition of a type: `Patient`, `HumanName`, `string`.
    pub fn type_definition(&self, type_code: &str) -> Result<Option<Arc<StructureDefinition>>, Error> {
        self.structure(&format!("{TYPE_BASE}{type_code}"))
    }

    /// The complete elements of the structure with that canonical URL, which may carry a `|version`.
    ///
    /// They are generated from its differential and its bases, even if its package has a snapshot. Elements
    /// that have no place are [left out](Snapshot::faults).
    pub fn snapshot(&self, canonical: &str) -> Result<Option<Arc<Snapshot>>, Error> {
        Ok(self.snapshots.get(canonical, &|canonical| self.structure(canonical))?)
    }

    /// Like [`snapshot`](Self::snapshot), but an element that has no place, or cannot be read, is an error.
    pub fn sound_snapshot(&self, canonical: &str) -> Result<Option<Arc<Snapshot>>, Error> {
        let snapshot = self.snapshot(canonical)?;
        match snapshot.as_ref().and_then(|snapshot| snapshot.faults().first()) {
            Some(fault) => Err(fault.clone().into()),
            None => Ok(snapshot),
        }
    }

    /// The StructureDefinition with that canonical URL, with its snapshot generated from its differential and
    /// its bases, as the JSON of the release; `None` if no package has it.
    pub fn snapshot_json(&self, canonical: &str) -> Result<Option<String>, Error> {
        let Some(structure) = self.structure(canonical)? else { return Ok(None) };
        let Some(resource) = self.resource(Kind::Structure, canonical)? else { return Ok(None) };
        let snapshot = self.snapshots.generate(&structure, &|canonical| self.structure(canonical))?;
        Ok(Some(write::with_snapshot(self, &resource, &structure, &snapshot)))
    }

    /// The snapshot of a definition that need not be in a package, with what each element of its differential
    /// constrains.
    ///
    /// # Errors
    ///
    /// If there is no base to apply the differential to.
    pub fn trace(&self, definition: &StructureDefinition) -> Result<Trace, SnapshotError> {
        self.snapshots.trace(definition, &|canonical| self.structure(canonical))
    }

    /// The value set with that canonical URL, which may carry a `|version`; with a `#fragment`, the set with
    /// that id that the structure with that URL contains. Some sets are implied by a code system or a document.
    pub fn value_set(&self, canonical: &str) -> Result<Option<Arc<ValueSet>>, Error> {
        let found = self.defined_value_set(canonical)?;
        Ok(found.or_else(|| self.implicit_value_set(canonical).map(Arc::new)))
    }

    pub(crate) fn defined_value_set(&self, canonical: &str) -> Result<Option<Arc<ValueSet>>, Error> {
        if let Some((structure, id)) = canonical.split_once('#') {
            return self.contained_value_set(structure, id);
        }
        self.look_up(Kind::ValueSet, canonical, &self.value_sets, read::terminology::value_set)
    }

    fn contained_value_set(&self, structure: &str, id: &str) -> Result<Option<Arc<ValueSet>>, Error> {
        let Some(holder) = self.resource(Kind::Structure, structure)? else { return Ok(None) };
        let is_meant = |contained: &&Datum| {
            contained.str("resourceType") == Some(Kind::ValueSet.resource_type())
                && contained.str("id") == Some(id)
        };
        let Some(contained) = holder.all("contained").find(is_meant) else { return Ok(None) };
        let canonical = format!("{structure}#{id}");
        let mut contained = contained.clone();
        contained.fields.push(("url".into(), Datum::primitive(canonical.as_str())));
        let read = read::terminology::value_set(&contained, self.version);
        read.map(|set| Some(Arc::new(set))).map_err(|source| Error::Definition {
            package: self.package_of(Kind::Structure, structure).unwrap_or_default().to_owned(),
            canonical,
            source,
        })
    }

    /// The code system with that canonical URL, which may carry a `|version`.
    pub fn code_system(&self, canonical: &str) -> Result<Option<Arc<CodeSystem>>, Error> {
        self.look_up(Kind::CodeSystem, canonical, &self.code_systems, read::terminology::code_system)
    }

    /// The parts of the code system with that canonical URL, which may carry a `|version`; `None` if it is
    /// not in the binary, or small.
    pub(crate) fn code_system_parts(&self, canonical: &str) -> Option<CodeSystemParts> {
        let (layer, place) = self.resolve(Kind::CodeSystem, canonical)?;
        match self.layers.get(layer)? {
            Layer::Embedded(embedded) => CodeSystemParts::of_place(embedded, place, self.version),
            Layer::Package(..) => None,
        }
    }

    /// The code systems that supplement the one with that URL, in order of their URLs.
    pub fn supplements_of(&self, url: &str) -> Result<Vec<Arc<CodeSystem>>, Error> {
        let mut urls: Vec<&str> = self.layers.iter().flat_map(|layer| layer.supplements_of(url)).collect();
        urls.sort_unstable();
        urls.dedup();
        urls.into_iter().filter_map(|url| self.code_system(url).transpose()).collect()
    }

    /// The naming system that lists that identifier among its own.
    pub fn naming_system(&self, unique_id: &str) -> Result<Option<Arc<NamingSystem>>, Error> {
        self.look_up(Kind::NamingSystem, unique_id, &self.naming_systems, read::terminology::naming_system)
    }

    /// The operation with that canonical URL, which may carry a `|version`.
    pub fn operation(&self, canonical: &str) -> Result<Option<Arc<OperationDefinition>>, Error> {
        self.look_up(Kind::Operation, canonical, &self.operations, read::operation::read)
    }

    /// The definition with that canonical URL as plain data, with everything that its package has.
    pub fn resource(&self, kind: Kind, canonical: &str) -> Result<Option<Arc<Datum>>, Error> {
        match self.resolve(kind, canonical) {
            Some((layer, place)) => self.layers[layer].datum(place),
            None => Ok(None),
        }
    }

    /// Whether there is a definition of that kind with that canonical URL, without decoding it.
    pub fn contains(&self, kind: Kind, canonical: &str) -> bool {
        self.resolve(kind, canonical).is_some()
    }

    /// What is known about the definition that a canonical URL means, without decoding it.
    pub fn find(&self, kind: Kind, canonical: &str) -> Option<Known<'_>> {
        let (layer, place) = self.resolve(kind, canonical)?;
        self.layers[layer].known_at(place)
    }

    /// The release that a definition names, if that is not the one of this store: it is read as if it were,
    /// which may go wrong.
    pub fn other_release(&self, kind: Kind, canonical: &str) -> Option<&str> {
        let (layer, place) = self.resolve(kind, canonical)?;
        let (fit, release) = self.layers[layer].release(place);
        release.filter(|_| fit == Fit::Unknown)
    }

    /// The release of a loaded definition with that canonical URL that is not found because it is for the
    /// other release.
    pub fn hidden(&self, kind: Kind, canonical: &str) -> Option<&str> {
        let (url, wanted) = canonical::split(canonical);
        self.layers.iter().rev().find_map(|layer| {
            let is_meant = |place: &usize| {
                let version = layer.known_at(*place).and_then(|known| known.version);
                wanted.is_none_or(|wanted| {
                    version.is_some_and(|v| v == wanted || canonical::is_partial(wanted, v))
                })
            };
            let place = layer.hidden(kind, url).find(is_meant)?;
            layer.release(place).1
        })
    }

    /// The versions of the definitions with that canonical URL, in order.
    pub fn versions(&self, kind: Kind, url: &str) -> Vec<String> {
        let found = self.layers.iter().flat_map(|layer| layer.find(kind, url));
        let mut versions: Vec<String> = found.filter_map(|(_, version)| version.map(str::to_owned)).collect();
        versions.sort_by(|a, b| canonical::compare(Some(a), Some(b)));
        versions.dedup();
        versions
    }

    fn package_of(&self, kind: Kind, canonical: &str) -> Option<&str> {
        let (layer, place) = self.resolve(kind, canonical)?;
        Some(self.layers[layer].package(place))
    }

    /// Every definition of a kind, in order of URL and version, without decoding any.
    pub fn known(&self, kind: Kind) -> Vec<Known<'_>> {
        let mut known: Vec<_> = self.layers.iter().rev().flat_map(|layer| layer.known(kind)).collect();
        // A stable sort, so that of equal ones the upper layer's is kept.
        known.sort_by(|a, b| (a.url, a.version).cmp(&(b.url, b.version)));
        known.dedup_by(|a, b| (a.url, a.version) == (b.url, b.version));
        known
    }

    /// The definition that a canonical URL means, and after it the others of that URL, the uppermost layer's first,
    /// without decoding any.
    pub fn answering(&self, kind: Kind, canonical: &str) -> Vec<Known<'_>> {
        let Some(meant) = self.resolve(kind, canonical) else { return Vec::new() };
        let known = |(layer, place): Place| self.layers.get(layer)?.known_at(place);
        let Some(first) = known(meant) else { return Vec::new() };
        let layers = self.layers.iter().enumerate().rev();
        let others = layers.flat_map(|(number, layer)| {
            layer.find(kind, first.url).into_iter().map(move |(place, _)| (number, place))
        });
        std::iter::once(first).chain(others.filter(|place| *place != meant).filter_map(known)).collect()
    }

    /// The place of the definition that a canonical URL means.
    ///
    /// With a version, one of exactly that version; else one whose version extends it (`1.2.3` for `1.2`);
    /// else, for definitions of FHIR itself, one of the same release. Without a version, the one in the
    /// uppermost layer, and there the highest version. A code system is found by any of its names.
    fn resolve(&self, kind: Kind, canonical: &str) -> Option<Place> {
        self.resolve_as_written(kind, canonical)
            .or_else(|| self.resolve_as_written(kind, &self.without_release(canonical)?))
    }

    /// The canonical without its release, if that is the one of this store:
    /// `http://hl7.org/fhir/3.0/StructureDefinition/Patient` is the Patient of STU3.
    ///
    /// Source: <http://hl7.org/fhir/R4/versions.html#extensions>.
    fn without_release(&self, canonical: &str) -> Option<String> {
        let (release, rest) = canonical.strip_prefix(FHIR)?.split_once('/')?;
        // `http://hl7.org/fhir/STU3/…` is the address of the pages of a release.
        let names_release =
            matches!(release, "STU3" | "R4") || release.starts_with(|c: char| c.is_ascii_digit());
        let is_own = names_release && release.parse() == Ok(self.version);
        is_own.then(|| format!("{FHIR}{rest}"))
    }

    fn resolve_as_written(&self, kind: Kind, canonical: &str) -> Option<Place> {
        let (url, wanted) = canonical::split(canonical);
        let names = self.names.filter(|_| kind == Kind::CodeSystem);
        let system = names.and_then(|names| Some((names, (names.canonical)(url)?)));
        let answers = self.answers.get(url).map(String::as_str);
        let is_preferred =
            |layer: &Layer| answers.is_some_and(|name| layer.opened().is_some_and(|it| it.name() == name));
        let found = |accept: &dyn Fn(Option<&str>) -> bool| {
            let layers = || self.layers.iter().enumerate().rev();
            let preferred = layers().filter(|(_, layer)| is_preferred(layer));
            let others = layers().filter(|(_, layer)| !is_preferred(layer));
            preferred.chain(others).find_map(|(number, layer)| {
                let hits = match &system {
                    Some((names, canonical)) => layer.find_named(*names, canonical),
                    None => layer.find(kind, url),
                };
                let hits = hits.into_iter().filter(|(_, version)| accept(*version));
                let best = hits.max_by(|a, b| canonical::compare(a.1, b.1))?;
                Some((number, best.0))
            })
        };
        let Some(wanted) = wanted else { return found(&|_| true) };
        let of_fhir = url.starts_with(FHIR) && { canonical::same_release(wanted, self.version.number()) };
        found(&|version| version == Some(wanted))
            .or_else(|| found(&|version| version.is_some_and(|v| canonical::is_partial(wanted, v))))
            .or_else(|| {
                let release = self.version.number();
                found(&|version| of_fhir && version.is_none_or(|v| canonical::same_release(v, release)))
            })
    }

    fn look_up<T>(
        &self,
        kind: Kind,
        canonical: &str,
        cache: &Cache<Place, T>,
        read: impl FnOnce(&Datum, FhirVersion) -> Result<T, ReadError>,
    ) -> Result<Option<Arc<T>>, Error> {
        let Some(place) = self.resolve(kind, canonical) else { return Ok(None) };
        let layer = &self.layers[place.0];
        let decode = || {
            let datum = self.scoped(place.0, layer.datum(place.1)?.unwrap_or_default());
            read(&datum, self.version).map_err(|source| Error::Definition {
                package: layer.package(place.1).to_owned(),
                canonical: canonical.to_owned(),
                source,
            })
        };
        cache.get_or_make(place, decode).map(Some)
    }
}
