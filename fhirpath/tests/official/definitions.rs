//! What the tests need to know of FHIR: types of elements, their hierarchy, invariants.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;

/// Archives of the core packages.
pub(crate) const STU3: &str = "hl7.fhir.r3.examples-3.0.2.tgz";
pub(crate) const R4: &str = "hl7.fhir.r4.examples-4.0.1.tgz";

/// The definitions of one core package.
#[derive(Default)]
pub(crate) struct Definitions {
    /// Element path (`Observation.value[x]`) to its types, or to the path whose content it repeats.
    elements: BTreeMap<String, Vec<String>>,
    /// Type to the type it specializes.
    bases: BTreeMap<String, String>,
    /// Key and expression of every invariant.
    pub(crate) invariants: BTreeSet<(String, String)>,
}

impl Definitions {
    /// Reads a package archive.
    pub(crate) fn of_package(archive: &str) -> Self {
        let file = File::open(ers_fhir_corpora::package(archive)).expect("the package is there");
        let mut definitions = Self::default();
        let mut archive = tar::Archive::new(GzDecoder::new(file));
        for entry in archive.entries().expect("a tar archive") {
            let mut entry = entry.expect("an archive entry");
            let path = entry.path().expect("a path").to_string_lossy().into_owned();
            if !path.starts_with("package/StructureDefinition-") {
                continue;
            }
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("UTF-8");
            let json: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("JSON");
            definitions.add(&json);
        }
        definitions
    }

    fn add(&mut self, json: &Value) {
        let list = |view: &str| json[view]["element"].as_array().cloned().unwrap_or_default();
        for element in list("differential").iter().chain(&list("snapshot")) {
            for constraint in element["constraint"].as_array().into_iter().flatten() {
                if let (Some(key), Some(expression)) =
                    (constraint["key"].as_str(), constraint["expression"].as_str())
                {
                    self.invariants.insert((key.to_owned(), expression.to_owned()));
                }
            }
        }
        if json["derivation"] == "constraint" {
            return;
        }
        let name = json["type"].as_str().unwrap_or_default().to_owned();
        if let Some(base) = json["baseDefinition"].as_str() {
            let base = base.rsplit('/').next().unwrap_or_default();
            self.bases.insert(name.clone(), base.to_owned());
        }
        for element in list("snapshot") {
            let path = element["path"].as_str().unwrap_or_default().to_owned();
            let types = match element["contentReference"].as_str() {
                Some(reference) => vec![reference.to_owned()],
                None => element["type"].as_array().into_iter().flatten().map(code_of).collect(),
            };
            self.elements.insert(path, types);
        }
    }

    /// Whether `name` is a type.
    pub(crate) fn is_type(&self, name: &str) -> bool {
        self.elements.contains_key(name)
    }

    /// Whether one type specializes another.
    pub(crate) fn is_subtype(&self, name: &str, of: &str) -> bool {
        let mut name = name;
        while let Some(base) = self.bases.get(name) {
            if base == of {
                return true;
            }
            name = base;
        }
        false
    }

    /// The child of an element by its name in JSON: name without suffix, type, and the path under
    /// which its own children are defined.
    pub(crate) fn child(&self, parent: &str, name: &str) -> Option<Child> {
        if let Some(types) = self.elements.get(&format!("{parent}.{name}")) {
            return Some(self.described(name, types.first()?, format!("{parent}.{name}")));
        }
        (1..name.len()).filter(|at| name.is_char_boundary(*at)).find_map(|at| {
            let (base, suffix) = name.split_at(at);
            let types = self.elements.get(&format!("{parent}.{base}[x]"))?;
            let matches = |code: &&String| code.eq_ignore_ascii_case(suffix);
            let code = types.iter().find(matches)?;
            Some(self.described(base, code, String::new()))
        })
    }

    /// Whether an element of this path may have a child of this name, written without suffix.
    pub(crate) fn allows(&self, parent: &str, name: &str) -> bool {
        self.elements.contains_key(&format!("{parent}.{name}"))
            || self.elements.contains_key(&format!("{parent}.{name}[x]"))
    }

    fn described(&self, name: &str, code: &str, path: String) -> Child {
        let (type_name, path) = match code.strip_prefix('#') {
            Some(reference) => (self.elements[reference][0].clone(), reference.to_owned()),
            None if code == "BackboneElement" || code == "Element" => (code.to_owned(), path),
            None => (code.to_owned(), code.to_owned()),
        };
        Child { name: name.to_owned(), type_name, path }
    }
}

/// STU3 names the type of an `id` only in an extension.
fn code_of(entry: &Value) -> String {
    entry["code"].as_str().unwrap_or("http://hl7.org/fhirpath/System.String").to_owned()
}

/// An element as its definition describes it.
pub(crate) struct Child {
    pub(crate) name: String,
    pub(crate) type_name: String,
    pub(crate) path: String,
}
