//! Profiles that a profile imposes: whatever conforms to it conforms to them as well.
//!
//! Source: <http://hl7.org/fhir/extensions/StructureDefinition-structuredefinition-imposeProfile.html>.

use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;

use super::{Checker, Finding};
use crate::rule::profile::UNKNOWN_PROFILE;
use crate::schema::Schema;

impl<'v, 'd> Checker<'v, 'd> {
    /// Checks a node against the profiles that one of its profiles imposes.
    pub(super) fn conform_to_imposed(&self, node: Node<'d>, schema: &'v Schema) {
        for canonical in &schema.imposes {
            match self.validator.schemas().find(canonical) {
                Some(index) => self.conform(node, index),
                None => self.note_unknown_imposed(node, schema, canonical),
            }
        }
    }

    #[cold]
    fn note_unknown_imposed(&self, node: Node<'d>, schema: &'v Schema, canonical: &str) {
        let absence = self.validator.schemas().absence(canonical);
        let message = text!("the profile {} imposes {}, which {}", def(&schema.url), def(canonical), absence);
        let load = Message::text("load the package that defines it with --ig");
        self.report(Finding::new(&UNKNOWN_PROFILE, node, message).suggest(load).at_key(node));
    }
}
