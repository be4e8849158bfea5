//! Checking a payload: one walk over the tree, one file a rule family.

mod binding;
mod bundle;
mod canonical;
mod cardinality;
mod coding;
mod contained;
mod datatypes;
mod deviation;
mod extension;
mod finding;
mod invariant;
mod location;
mod narrative;
mod primitive;
mod profile;
mod reference;
mod resolution;
mod resource;
mod slicing;
mod structure;
mod value;
mod walk;

use std::cell::{Cell, OnceCell, RefCell};

use ers_fhir_profiles::FhirVersion;
use rustc_hash::FxHashSet;

pub(crate) use finding::Finding;
use profile::Demand;
use resolution::Resolution;
use resource::NearestResource;

use crate::diagnostic::{Diagnostic, Report};
use crate::schema::{Element, Schema, SchemaIndex};
use crate::tree::{Document, LineIndex, Node, NodeId};
use crate::validator::{Options, Validator};

/// What the walk learned about a node, for the rules that run after it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fact<'v> {
    /// The element of the base type that describes it.
    pub(crate) element: Option<&'v Element>,
    /// Its type name; a resource's own type.
    pub(crate) type_name: Option<&'v str>,
}

/// One run over one document: what the rules read, and where they report.
pub(crate) struct Checker<'v, 'd> {
    pub(crate) validator: &'v Validator,
    pub(crate) document: &'d Document<'d>,
    facts: Vec<Cell<Fact<'v>>>,
    findings: RefCell<Vec<Finding<'v>>>,
    /// Invariants of the base types, evaluated when the walk is over.
    deferred: RefCell<Vec<(Node<'d>, &'v Schema, &'v Element)>>,
    /// Profiles still to be checked.
    demands: RefCell<Vec<Demand<'v>>>,
    /// Profiles that were checked, each once at a node.
    checked: RefCell<FxHashSet<(NodeId, SchemaIndex)>>,
    /// Profiles that are being tried.
    trials: RefCell<FxHashSet<(NodeId, SchemaIndex)>>,
    /// How deep profiles are nested in profiles.
    depth: Cell<usize>,
    /// Whether a profile of e-RS was declared or asked for.
    under_ers: Cell<bool>,
    nearest_resource: NearestResource,
    resolution: OnceCell<Resolution<'d>>,
    waiting_extensions: extension::Waiting<'d>,
    anchors: narrative::Anchors,
    codes: coding::Memory,
}

impl<'v, 'd> Checker<'v, 'd> {
    pub(crate) fn new(validator: &'v Validator, document: &'d Document<'d>) -> Self {
        Self {
            validator,
            document,
            facts: vec![Cell::default(); document.len()],
            findings: RefCell::default(),
            deferred: RefCell::default(),
            demands: RefCell::default(),
            checked: RefCell::default(),
            trials: RefCell::default(),
            depth: Cell::default(),
            under_ers: Cell::default(),
            nearest_resource: NearestResource::default(),
            resolution: OnceCell::new(),
            waiting_extensions: extension::Waiting::default(),
            anchors: narrative::Anchors::default(),
            codes: coding::Memory::default(),
        }
    }

    /// Checks the whole document.
    pub(crate) fn run(self, options: &Options) -> Report {
        let root = self.document.root();
        for fault in self.document.faults() {
            let mut finding = Finding::new(fault.rule, self.document.node(fault.node), fault.message.clone());
            finding.span = fault.span.clone();
            self.report(finding);
        }
        self.walk_resource(root, None);
        extension::settle(&self);
        for canonical in &options.profiles {
            resource::demand_declared(&self, root, root, canonical);
        }
        for (node, schema, element) in self.deferred.take() {
            for check in &element.invariants {
                invariant::check(&self, node, check, schema, element);
            }
        }
        self.settle_demands();
        if options.profiles.is_empty() && resource::declared_profiles(root).next().is_none() {
            self.note_missing_profile(root);
        }
        self.into_report(options)
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

    /// Notes a finding.
    pub(crate) fn report(&self, finding: Finding<'v>) {
        self.findings.borrow_mut().push(finding);
    }

    /// Writes the findings out, in document order, each once.
    fn into_report(self, options: &Options) -> Report {
        let mut findings = self.findings.take();
        if self.under_ers.get() && !options.strict {
            let source = self.document.source();
            findings =
                findings.into_iter().filter_map(|finding| deviation::under_ers(finding, source)).collect();
        }
        if findings.is_empty() {
            return Report::default();
        }
        findings.sort_by_key(|finding| (finding.span.start, finding.node));
        let lines = LineIndex::new(self.document.source());
        let mut diagnostics: Vec<Diagnostic> = Vec::with_capacity(findings.len());
        for finding in findings {
            let node = self.document.node(finding.node);
            let diagnostic = Diagnostic {
                rule: finding.rule,
                severity: finding.severity,
                message: finding.message,
                location: self.location(node),
                position: lines.position(finding.span.start),
                span: finding.span,
                profile: finding.demanded_by.map(|(schema, _)| schema.url.to_string()),
                element: finding.demanded_by.map(|(_, element)| element.id.to_string()),
                key: finding.key.map(str::to_owned),
                suggestion: finding.suggestion,
            };
            let same = |other: &Diagnostic| {
                other.rule == diagnostic.rule
                    && other.location == diagnostic.location
                    && other.message == diagnostic.message
            };
            if !diagnostics
                .iter()
                .rev()
                .take_while(|other| other.span.start == diagnostic.span.start)
                .any(same)
            {
                diagnostics.push(diagnostic);
            }
        }
        Report { diagnostics }
    }
}
