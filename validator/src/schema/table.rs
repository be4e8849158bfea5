//! The table of all schemas, compiled when first needed and kept.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use ers_fhir_profiles::Definitions;

use super::catalogue::Catalogue;
use super::compile;
use super::element::Schema;
use super::type_name::{SchemaIndex, TypeName};

/// The FHIR profile that the profiles of the individual vital signs are derived from.
const VITAL_SIGNS: &str = "http://hl7.org/fhir/StructureDefinition/vitalsigns";

/// Every definition that a run may need, with its schema once that was needed. What is known about one before
/// it is compiled is in the [`Catalogue`].
///
/// Slots never move, so compiled schemas can be borrowed for as long as the table lives.
#[derive(Debug)]
pub(crate) struct Schemas {
    catalogue: Catalogue,
    slots: Box<[Slot]>,
    vital_signs: OnceLock<Vec<VitalSign>>,
}

/// A vital sign of FHIR itself.
#[derive(Debug)]
struct VitalSign {
    system: Box<str>,
    code: Box<str>,
    profile: SchemaIndex,
}

#[derive(Debug, Default)]
struct Slot {
    compiled: OnceLock<Result<Schema, String>>,
    /// The index of the type that this one specializes.
    parent: OnceLock<Option<SchemaIndex>>,
}

impl Deref for Schemas {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        &self.catalogue
    }
}

impl Schemas {
    pub(crate) fn new(definitions: Arc<Definitions>) -> Self {
        let catalogue = Catalogue::new(definitions);
        let slots = (0..catalogue.len()).map(|_| Slot::default()).collect();
        Self { catalogue, slots, vital_signs: OnceLock::new() }
    }

    /// The schema, compiled now if it has not been before.
    ///
    /// # Errors
    ///
    /// The reason why the definition cannot be used; callers report it once.
    pub(crate) fn get(&self, index: SchemaIndex) -> Result<&Schema, &str> {
        let slot = &self.slots[index as usize];
        slot.compiled.get_or_init(|| compile::compile(self, self.url(index))).as_ref().map_err(String::as_str)
    }

    /// The schema of that type.
    pub(crate) fn of_type(&self, code: &str) -> Option<&Schema> {
        self.get(self.find_type(code)?).ok()
    }

    /// The FHIR profile for the vital sign with that code.
    pub(crate) fn vital_sign(&self, system: &str, code: &str) -> Option<SchemaIndex> {
        let signs = self.vital_signs.get_or_init(|| self.read_vital_signs());
        signs.iter().find(|sign| &*sign.code == code && &*sign.system == system).map(|sign| sign.profile)
    }

    /// The codes that the profiles of individual vital signs fix.
    fn read_vital_signs(&self) -> Vec<VitalSign> {
        let sign = |(profile, url): (SchemaIndex, &str)| {
            let structure = self.definitions().structure(url).ok()??;
            if structure.base_definition.as_deref() != Some(VITAL_SIGNS) {
                return None;
            }
            let fixed = |path| {
                let element = structure.differential.iter().find(|element| element.path == path)?;
                element.fixed.as_ref()?.value.text.clone()
            };
            let system = fixed("Observation.code.coding.system")?;
            Some(VitalSign { system, code: fixed("Observation.code.coding.code")?, profile })
        };
        self.core_profiles("Observation").filter_map(sign).collect()
    }

    /// Whether a type is another or specializes it.
    pub(crate) fn is_subtype(&self, type_name: &str, of: &str) -> bool {
        type_name == of || self.find_type(type_name).is_some_and(|index| self.specializes(index, of))
    }

    /// Whether a type, known or not, is another or specializes it.
    pub(crate) fn is_kind_of(&self, actual: &TypeName, of: &str) -> bool {
        *actual.code == *of || actual.schema.is_some_and(|index| self.specializes(index, of))
    }

    /// Whether a definition is for a type, or one that it specializes.
    pub(crate) fn is_about(&self, index: SchemaIndex, schema: &Schema) -> bool {
        self.is_kind_of(&schema.of, self.type_name(index))
    }

    fn specializes(&self, index: SchemaIndex, of: &str) -> bool {
        let mut current = index;
        // A chain longer than this can only be a cycle of broken definitions.
        for _ in 0..16 {
            let Some(parent) = self.parent(current) else { return false };
            if self.type_name(parent) == of {
                return true;
            }
            current = parent;
        }
        false
    }

    fn parent(&self, index: SchemaIndex) -> Option<SchemaIndex> {
        let find = || self.find_type(self.get(index).ok()?.parent_type.as_deref()?);
        *self.slots[index as usize].parent.get_or_init(find)
    }
}
