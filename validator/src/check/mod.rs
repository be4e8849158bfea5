//! Checking a payload: one walk over the tree, one file a rule family.

mod binding;
mod bundle;
mod canonical;
mod cardinality;
mod coding;
mod contained;
mod datatypes;
mod definition;
mod extension;
mod finding;
mod invariant;
mod location;
mod measure;
mod name;
mod narrative;
mod primitive;
mod profile;
mod questionnaire;
mod reference;
mod report;
mod resolution;
pub(crate) mod resource;
mod shelf;
mod slicing;
mod structure;
mod terminology;
mod value;
mod vital_signs;
mod walk;

use std::cell::{Cell, OnceCell, RefCell};

use ers_fhir_fhirpath::Temporal;
use ers_fhir_profiles::FhirVersion;
use rustc_hash::{FxHashMap, FxHashSet};

pub use finding::Finding;
use finding::Findings;
use profile::Demand;
use resolution::Resolution;
use resource::NearestResource;

use crate::diagnostic::{Gap, Report};
use crate::instant::Instant;
use crate::rule::Rule;
use crate::schema::{Element, InvariantCheck, Origin, SchemaIndex, TypeName};
use crate::service::{Run, Service};
use crate::syntax;
use crate::tree::{Document, Node, NodeId};
use crate::validator::{Options, Validator};

/// What the walk learned about a node, for the rules that run after it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fact<'v> {
    /// The element of the base type that describes it.
    pub(crate) element: Option<&'v Element>,
    /// Its type; a resource's own type.
    pub(crate) of: Option<&'v TypeName>,
}

impl<'v> Fact<'v> {
    /// Its type name.
    pub(crate) fn type_name(self) -> Option<&'v str> {
        self.of.map(|of| &*of.code)
    }
}

/// One run over one document: what the rules read, and where they report.
pub(crate) struct Checker<'v, 'd> {
    pub(crate) validator: &'v Validator,
    pub(crate) document: &'d Document<'d>,
    pub(crate) options: &'d Options,
    facts: Vec<Cell<Fact<'v>>>,
    pub(crate) findings: RefCell<Findings<'v>>,
    /// Invariants of the base types, evaluated when the walk is over.
    deferred: RefCell<Vec<(Node<'d>, Origin<'v>, &'v InvariantCheck)>>,
    /// Profiles still to be checked.
    demands: RefCell<Vec<Demand<'v>>>,
    /// Profiles that were checked, each once at a node.
    checked: RefCell<FxHashSet<(NodeId, SchemaIndex)>>,
    /// Profiles that are being tried.
    trials: RefCell<FxHashSet<(NodeId, SchemaIndex)>>,
    /// What trials have shown for good.
    held: RefCell<FxHashMap<(NodeId, SchemaIndex), bool>>,
    /// Whether a trial rests on one that is still going on.
    assumed: Cell<bool>,
    /// Definitions of which was said that they are of another release.
    strangers: RefCell<FxHashSet<SchemaIndex>>,
    /// How deep profiles are nested in profiles.
    depth: Cell<usize>,
    /// Whether the payload is known to be one of the service's.
    is_of_service: Cell<bool>,
    now: OnceCell<Option<Temporal>>,
    nearest_resource: NearestResource,
    resolution: OnceCell<Resolution<'d>>,
    waiting_extensions: extension::Waiting<'d>,
    waiting_responses: questionnaire::Waiting<'d>,
    waiting_reports: measure::Waiting<'d>,
    anchors: narrative::Anchors,
    codes: coding::Memory<'v>,
}

impl<'v, 'd> Checker<'v, 'd> {
    pub(crate) fn new(validator: &'v Validator, document: &'d Document<'d>, options: &'d Options) -> Self {
        Self {
            validator,
            document,
            options,
            facts: vec![Cell::default(); document.len()],
            findings: RefCell::default(),
            deferred: RefCell::default(),
            demands: RefCell::default(),
            checked: RefCell::default(),
            trials: RefCell::default(),
            held: RefCell::default(),
            assumed: Cell::default(),
            strangers: RefCell::default(),
            depth: Cell::default(),
            is_of_service: Cell::default(),
            now: OnceCell::new(),
            nearest_resource: NearestResource::default(),
            resolution: OnceCell::new(),
            waiting_extensions: extension::Waiting::default(),
            waiting_responses: questionnaire::Waiting::default(),
            waiting_reports: measure::Waiting::default(),
            anchors: narrative::Anchors::default(),
            codes: coding::Memory::default(),
        }
    }

    /// Checks the whole document.
    pub(crate) fn run(self) -> Report {
        let root = self.document.root();
        for fault in self.document.faults() {
            let (rule, message) = (syntax::rule(&fault.kind), syntax::message(&fault.kind));
            let mut finding = Finding::new(rule, self.document.node(fault.node), message);
            finding.span = fault.span.clone();
            self.report(finding);
        }
        self.note_service(root);
        self.walk_resource(root, None);
        extension::settle(&self);
        questionnaire::settle(&self);
        measure::settle(&self);
        let has_profile =
            !self.options.profiles.is_empty() || resource::declared_profiles(root).next().is_some();
        for canonical in &self.options.profiles {
            resource::demand_declared(&self, root, root, canonical);
        }
        if let Some(service) = self.service() {
            service.begin(&Run::new(&self));
        }
        for (node, origin, check) in self.deferred.take() {
            invariant::check(&self, node, check, origin);
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

    /// The service whose payloads are checked.
    pub(crate) fn service(&self) -> Option<&'d dyn Service> {
        self.options.service.as_deref().map(|service| service as &dyn Service)
    }

    /// The service, where the payload is one of its own.
    pub(crate) fn own_service(&self) -> Option<&'d dyn Service> {
        self.service().filter(|_| self.is_of_service.get())
    }

    /// Notes that a payload is one of the service's, where that is known before it is walked.
    fn note_service(&self, root: Node<'d>) {
        let Some(service) = self.service() else { return };
        let schemas = self.validator.schemas();
        let declared = resource::declared_profiles(root).filter_map(Node::value);
        let mut found = declared.filter_map(|canonical| schemas.find(canonical));
        self.is_of_service.set(service.claims() || found.any(|index| service.owns(schemas.package(index))));
    }

    /// Whether findings under a rule say nothing about this payload.
    pub(crate) fn ignores(&self, rule: &'static Rule) -> bool {
        self.own_service().is_some_and(|service| service.ignores(rule))
    }

    /// What the clock shows, the same throughout a run; `None` where there is no clock.
    pub(crate) fn now(&self) -> Option<Temporal> {
        *self.now.get_or_init(|| self.options.now.as_ref().map(Instant::temporal).or_else(Temporal::now_utc))
    }

    /// The release that the payload is checked as.
    pub(crate) fn version(&self) -> FhirVersion {
        self.validator.version()
    }

    /// What the walk learned about a node so far.
    pub(crate) fn fact(&self, node: Node<'_>) -> Fact<'v> {
        self.facts[node.id().index()].get()
    }

    pub(crate) fn learn(&self, node: Node<'_>, fact: Fact<'v>) {
        self.facts[node.id().index()].set(fact);
    }

    /// The resources of the document by the names that references use.
    pub(crate) fn resolution(&self) -> &Resolution<'d> {
        self.resolution.get_or_init(|| Resolution::new(self.document))
    }

    /// The resource that a reference found at a node leads to, inside the document.
    pub(crate) fn resolve(&self, reference: &str, from: Node<'d>) -> Option<Node<'d>> {
        self.resolution().resolve(reference, from)
    }

    /// Notes that something at a node could not be checked, of which no finding tells.
    pub(crate) fn pass(&self, gap: Gap, node: Node<'_>) {
        self.findings.borrow_mut().pass(gap, node.id());
    }

    /// Notes a finding.
    pub(crate) fn report(&self, finding: Finding<'v>) {
        self.findings.borrow_mut().push(finding);
    }
}
