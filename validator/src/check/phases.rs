//! What runs when.

use ers_fhir_report::{Edit, Report};
use ers_fhir_tree::{Document, FaultKind, Node};

use super::declared::declared_profiles;
use super::{Checker, Finding, coding, extension, measure, questionnaire, resource};
use crate::service::{Run, Service};
use crate::syntax;
use crate::validator::{Options, Validator};

/// The most entries of a Bundle that are searched for a profile of the service: more would only give the same
/// answer.
const MOST_ENTRIES: usize = 50;

impl Validator {
    /// Reads and checks a payload, JSON or XML.
    ///
    /// All faults, including unreadable payloads, are in the report; this never fails.
    pub fn check(&self, payload: &[u8], options: &Options) -> Report {
        if let Some(report) = options.service.as_ref().and_then(|service| service.check_other(payload)) {
            return report;
        }
        match Document::parse(payload) {
            Ok(document) => self.check_document(&document, options),
            Err(unreadable) => {
                let text = unreadable.repaired(payload);
                match text.as_deref().map(|text| Document::parse(text.as_bytes())) {
                    Some(Ok(mut document)) => {
                        document.note(unreadable);
                        self.check_document(&document, options)
                    }
                    _ => syntax::unreadable(payload, &unreadable),
                }
            }
        }
    }

    /// Checks a payload that has already been read.
    pub fn check_document(&self, document: &Document<'_>, options: &Options) -> Report {
        Checker::new(self, document, options).run(|_| {})
    }

    /// Checks a payload that has already been read, and signals the end of each phase, for benchmarks.
    pub fn check_by_phases(
        &self,
        document: &Document<'_>,
        options: &Options,
        is_over: impl FnMut(Phase),
    ) -> Report {
        Checker::new(self, document, options).run(is_over)
    }
}

/// A phase of a check, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Every node was matched with the element of its base type.
    Walk,
    /// The invariants of the base types that the walk left open were evaluated.
    Invariants,
    /// Profiles, codes and the rules of a service were checked.
    Profiles,
    /// Findings were related to each other and written out.
    Report,
}

impl<'d> Checker<'_, 'd> {
    /// Checks the whole document.
    fn run(self, mut is_over: impl FnMut(Phase)) -> Report {
        let root = self.document.root();
        self.report_faults();
        self.note_service(root);
        self.walk_resource(root, None);
        extension::settle(&self);
        questionnaire::settle(&self);
        measure::settle(&self);
        let has_profile = !self.options.profiles.is_empty()
            || declared_profiles(root).next().is_some()
            || self.has_global(root);
        for canonical in &self.options.profiles {
            resource::demand_declared(&self, root, root, canonical);
        }
        if let Some(service) = self.service() {
            service.begin(&Run::new(&self));
        }
        is_over(Phase::Walk);
        for (node, origin, invariant) in self.deferred.take() {
            invariant.check(&self, node, origin.source());
        }
        is_over(Phase::Invariants);
        self.settle_demands();
        coding::settle(&self);
        if let Some(service) = self.service() {
            service.check(&Run::new(&self));
        }
        if !has_profile && !self.service().is_some_and(Service::claims) {
            self.note_missing_profile(root);
        }
        is_over(Phase::Profiles);
        let report = self.into_report();
        is_over(Phase::Report);
        report
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
            let is_mark = matches!(fault.kind, FaultKind::ByteOrderMark);
            let edit = is_mark.then(|| Edit::removal(fault.span.clone()));
            self.report(finding.span(fault.span.clone()).fix(edit));
        }
    }

    /// Records that a payload belongs to the service, if that is known before the walk: from a profile that
    /// the payload or one of its entries declares.
    fn note_service(&self, root: Node<'d>) {
        let Some(service) = self.service() else { return };
        let schemas = self.validator.schemas();
        let entries = root.named("entry").take(MOST_ENTRIES).filter_map(|entry| entry.child("resource"));
        let is_owned = |canonical: &str| {
            schemas.find(canonical).is_some_and(|index| service.owns(schemas.package(index)))
        };
        let is_of_service = service.claims()
            || std::iter::once(root)
                .chain(entries)
                .flat_map(declared_profiles)
                .filter_map(Node::value)
                .any(is_owned)
            || service.recognizes(self.document);
        self.is_of_service.set(is_of_service);
    }
}
