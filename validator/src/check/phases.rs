//! What runs when.

use ers_fhir_report::Report;
use ers_fhir_tree::{Document, Node};

use super::declared::declared_profiles;
use super::{Checker, Finding, coding, extension, measure, questionnaire, resource};
use crate::service::{Run, Service};
use crate::syntax;
use crate::validator::{Options, Validator};

impl Validator {
    /// Reads and checks a payload, JSON or XML.
    ///
    /// Whatever is wrong, unreadable payloads included, is in the report; this never fails.
    pub fn check(&self, payload: &[u8], options: &Options) -> Report {
        if let Some(report) = options.service.as_ref().and_then(|service| service.check_other(payload)) {
            return report;
        }
        match Document::parse(payload) {
            Ok(document) => self.check_document(&document, options),
            Err(unreadable) => syntax::unreadable(payload, &unreadable),
        }
    }

    /// Checks a payload that was read before.
    pub fn check_document(&self, document: &Document<'_>, options: &Options) -> Report {
        Checker::new(self, document, options).run()
    }
}

impl<'d> Checker<'_, 'd> {
    /// Checks the whole document.
    fn run(self) -> Report {
        let root = self.document.root();
        self.report_faults();
        self.note_service(root);
        self.walk_resource(root, None);
        extension::settle(&self);
        questionnaire::settle(&self);
        measure::settle(&self);
        let has_profile = !self.options.profiles.is_empty() || declared_profiles(root).next().is_some();
        for canonical in &self.options.profiles {
            resource::demand_declared(&self, root, root, canonical);
        }
        if let Some(service) = self.service() {
            service.begin(&Run::new(&self));
        }
        for (node, origin, invariant) in self.deferred.take() {
            invariant.check(&self, node, origin.source());
        }
        self.settle_demands();
        coding::settle(&self);
        if let Some(service) = self.service() {
            service.check(&Run::new(&self));
        }
        if !has_profile && !self.service().is_some_and(Service::claims) {
            self.note_missing_profile(root);
        }
        self.into_report()
    }

    /// Walks the document only, so that the element and type of each node are known.
    pub(crate) fn walked(self) -> Self {
        self.walk_resource(self.document.root(), None);
        self
    }

    /// Reports what the reader found wrong with the syntax.
    fn report_faults(&self) {
        for fault in self.document.faults() {
            let (rule, message) = (syntax::rule(&fault.kind), syntax::message(&fault.kind));
            let finding = Finding::new(rule, self.document.node(fault.node), message);
            self.report(finding.span(fault.span.clone()));
        }
    }

    /// Notes that a payload is one of the service's, where that is known before it is walked.
    fn note_service(&self, root: Node<'d>) {
        let Some(service) = self.service() else { return };
        let schemas = self.validator.schemas();
        let declared = declared_profiles(root).filter_map(Node::value);
        let mut found = declared.filter_map(|canonical| schemas.find(canonical));
        self.is_of_service.set(service.claims() || found.any(|index| service.owns(schemas.package(index))));
    }
}
