//! What a run provides to a service.

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::terminology::Terminology;
use ers_fhir_tree::Document;
use ers_fhir_values::Temporal;

use super::{Checker, Finding, resource};
use crate::service::{Found, Ground};

impl Ground for Checker<'_, '_> {
    fn document(&self) -> &Document<'_> {
        self.document
    }

    fn definitions(&self) -> &Definitions {
        self.validator.definitions()
    }

    fn terminology(&self) -> &Terminology {
        self.validator.terminology()
    }

    fn now(&self) -> Option<Temporal> {
        self.now()
    }

    fn demand(&self, canonical: &str) {
        let root = self.document.root();
        resource::demand_declared(self, root, root, canonical);
    }

    fn findings(&self) -> Vec<Found<'_>> {
        self.findings.borrow().iter().map(|finding| Found::new(finding, self.document)).collect()
    }

    fn report(&self, finding: Finding<'static>) {
        self.report(finding);
    }
}
