//! Reading and changing the packages in `ers-fhir.toml`, while leaving everything else in it
//! unchanged.

use std::fs;
use std::path::{Path, PathBuf};

use ers_fhir_lint::settings::InForce;
use ers_fhir_packages::Wanted;
use toml_edit::{Array, DocumentMut, Item, Value};

/// The name of the file.
const FILE: &str = "ers-fhir.toml";
/// Its key for packages.
const KEY: &str = "packages";

/// The settings of a project.
pub(super) struct Project {
    /// The folder of the settings; the current one if there are none yet.
    pub(super) folder: PathBuf,
    /// The named packages.
    pub(super) packages: Vec<String>,
    document: DocumentMut,
}

impl Project {
    /// The project of the current folder.
    pub(super) fn find() -> Result<Self, String> {
        let found = InForce::find(Path::new(".")).map_err(|error| error.to_string())?;
        let (text, folder) = match found {
            Some(found) => (found.text, found.path.parent().unwrap_or(Path::new(".")).to_owned()),
            None => (String::new(), PathBuf::from(".")),
        };
        let document: DocumentMut = text.parse().map_err(|error| format!("{FILE}: {error}"))?;
        let listed = document.get(KEY).and_then(Item::as_array).into_iter().flatten();
        let packages = listed.filter_map(Value::as_str).map(str::to_owned).collect();
        Ok(Self { folder, packages, document })
    }

    /// Adds a package, in place of another version.
    pub(super) fn add(&mut self, said: &str, wanted: &[Wanted]) {
        for one in wanted {
            self.take_out(|name| *name == one.name);
        }
        self.take_out_text(said);
        let item = self.document.entry(KEY).or_insert_with(|| Item::Value(Array::new().into()));
        if let Some(array) = item.as_array_mut() {
            array.push(said);
        }
        self.packages.push(said.to_owned());
    }

    /// Removes the package with a name or text, and returns whether it was there.
    pub(super) fn remove(&mut self, said: &str) -> bool {
        let wanted = said.parse::<Wanted>().ok();
        let by_name = wanted.is_some_and(|wanted| self.take_out(|name| *name == wanted.name));
        self.take_out_text(said) || by_name
    }

    fn take_out(&mut self, is_meant: impl Fn(&Box<str>) -> bool) -> bool {
        self.retain(|text| !text.parse::<Wanted>().is_ok_and(|wanted| is_meant(&wanted.name)))
    }

    fn take_out_text(&mut self, said: &str) -> bool {
        self.retain(|text| text != said)
    }

    fn retain(&mut self, stays: impl Fn(&str) -> bool) -> bool {
        let before = self.packages.len();
        self.packages.retain(|text| stays(text));
        if let Some(array) = self.document.get_mut(KEY).and_then(Item::as_array_mut) {
            array.retain(|value| value.as_str().is_none_or(&stays));
        }
        self.packages.len() < before
    }

    /// Writes the file.
    pub(super) fn write(&self) -> Result<(), String> {
        let path = self.folder.join(FILE);
        fs::write(&path, self.document.to_string())
            .map_err(|error| format!("cannot write {}: {error}", path.display()))
    }
}
