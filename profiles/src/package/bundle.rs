//! Single files: one resource, or a Bundle of them.

use super::{Package, head};
use crate::datum::Datum;
use crate::error::{Error, ReadError};

impl Package {
    /// Reads one resource, or each resource of a Bundle, from JSON or XML; `name` is its file name.
    pub fn from_resource(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let fault = |source| Error::Resource { file: name.to_owned(), source };
        let mut package = Self::default();
        name.clone_into(&mut package.manifest.name);
        let datum = package.datum_of(name, bytes).map_err(fault)?;
        if datum.str("resourceType").is_none() {
            return Err(fault(ReadError::missing("resourceType")));
        }
        package.add_resource_or_bundle(name, datum);
        Ok(package.index())
    }

    /// Adds a resource or Bundle of a plain folder; a fault is recorded as a problem.
    pub(super) fn add_loose(&mut self, name: &str, bytes: &[u8]) {
        if !is_xml(name) && !head::may_be_bundle(bytes) {
            return self.add_json(name, bytes);
        }
        match self.datum_of(name, bytes) {
            Ok(datum) => self.add_resource_or_bundle(name, datum),
            Err(e) => self.problem(name, &e),
        }
    }

    fn datum_of(&mut self, name: &str, bytes: &[u8]) -> Result<Datum, ReadError> {
        if is_xml(name) {
            return Datum::from_xml(bytes);
        }
        Datum::from_json(bytes).or_else(|fault| match self.repaired(name, bytes) {
            Some(repaired) => Datum::from_json(&repaired),
            None => Err(fault),
        })
    }

    fn add_resource_or_bundle(&mut self, name: &str, datum: Datum) {
        if datum.str("resourceType") != Some("Bundle") {
            return self.add_datum(name, datum);
        }
        for (_, entry) in datum.fields.into_iter().filter(|(name, _)| &**name == "entry") {
            for (_, resource) in entry.fields.into_iter().filter(|(name, _)| &**name == "resource") {
                self.add_datum(name, resource);
            }
        }
    }
}

fn is_xml(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".xml")
}
