//! Shortcuts: code that quickly detects that one of the commonest invariants is met. If it does not, the
//! FHIRPath decides, so a shortcut is never the cause of a finding.
//!
//! In debug builds each "yes" is compared with the result of the FHIRPath.

mod bundle;
mod code_system;
mod element_definition;
mod look;
mod structure_definition;

pub(super) use look::Shortcut;
use look::Table;

/// The shortcut of an expression, recognised by its text without white space.
pub(super) fn of(bare: &str) -> Option<Shortcut> {
    let tables: [Table; 4] =
        [bundle::TABLE, code_system::TABLE, element_definition::TABLE, structure_definition::TABLE];
    tables.into_iter().flatten().find(|(expression, _)| *expression == bare).map(|(_, shortcut)| *shortcut)
}

#[cfg(test)]
mod tests {
    use ers_fhir_profiles::{Definitions, FhirVersion};

    use super::super::bare;
    use super::{bundle, code_system, element_definition, structure_definition};

    #[test]
    fn each_shortcut_is_of_an_invariant_of_fhir() {
        let mut known = Vec::new();
        for version in [FhirVersion::Stu3, FhirVersion::R4] {
            let definitions = Definitions::embedded(version);
            for name in ["Bundle", "CodeSystem", "ElementDefinition", "StructureDefinition"] {
                let url = format!("http://hl7.org/fhir/StructureDefinition/{name}");
                let definition = definitions.structure(&url).expect("it can be read").expect("it is there");
                let constraints = definition.differential.iter().flat_map(|element| &element.constraints);
                known.extend(constraints.filter_map(|constraint| constraint.expression.as_deref()).map(bare));
            }
        }
        for (expression, _) in
            [bundle::TABLE, code_system::TABLE, element_definition::TABLE, structure_definition::TABLE]
                .concat()
        {
            assert!(known.iter().any(|known| known == expression), "{expression}");
        }
    }
}
