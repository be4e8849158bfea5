//! The state of a run over one document: what the rule families read, and where they report.
//!
//! It knows no family. What runs when is in [`phases`](super::phases).

use std::cell::{Cell, OnceCell, RefCell};

use ers_fhir_fhirpath::Temporal;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{Gap, Rule};
use ers_fhir_tree::{Document, Node, NodeId};
use rustc_hash::FxHashSet;

use super::budget::Budget;
use super::finding::{Finding, Findings};
use super::memory::{Anchors, Codes, NearestResource, Waiting};
use super::name;
use super::resolution::Resolution;
use super::trial::Trials;
use crate::instant::Instant;
use crate::schema::{Element, Invariant, Label, Origin, ProfileLink, SchemaIndex, TypeName};
use crate::service::Service;
use crate::validator::{Options, Validator};

/// What the walk learned about a node, for rules that run after it.
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

/// A node that must conform to any one of some profiles.
#[derive(Debug, Clone, Copy)]
pub(super) struct Demand<'v> {
    pub(super) node: NodeId,
    pub(super) any_of: AnyOf<'v>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum AnyOf<'v> {
    One(SchemaIndex),
    Links(&'v [ProfileLink]),
}

/// One run over one document.
pub(crate) struct Checker<'v, 'd> {
    pub(crate) validator: &'v Validator,
    pub(crate) document: &'d Document<'d>,
    pub(crate) options: &'d Options,
    facts: Vec<Cell<Fact<'v>>>,
    pub(super) findings: RefCell<Findings<'v>>,
    /// Invariants of the base types, evaluated when the walk is over.
    pub(super) deferred: RefCell<Vec<(Node<'d>, Origin<'v>, &'v Invariant)>>,
    /// Profiles still to be checked.
    pub(super) demands: RefCell<Vec<Demand<'v>>>,
    /// Profiles that were checked, each once at a node.
    pub(super) checked: RefCell<FxHashSet<(NodeId, SchemaIndex)>>,
    /// Those that were checked in the trials in progress, in order.
    pub(super) checked_on_trial: RefCell<Vec<(NodeId, SchemaIndex)>>,
    /// Trials of profiles in progress, and their results.
    pub(super) trials: RefCell<Trials>,
    /// Definitions that were reported as being for another release.
    pub(super) strangers: RefCell<FxHashSet<SchemaIndex>>,
    /// The remaining work that the payload may cause.
    pub(crate) budget: Budget,
    /// Parts of definitions that were reported as not checked, by their addresses.
    pub(super) said: RefCell<FxHashSet<usize>>,
    /// How deeply profiles are nested in profiles.
    pub(super) depth: Cell<usize>,
    /// Whether the payload is known to belong to the service.
    pub(super) is_of_service: Cell<bool>,
    now: OnceCell<Option<Temporal>>,
    nearest_resource: NearestResource,
    resolution: OnceCell<Resolution<'d>>,
    pub(super) waiting: Waiting<'d>,
    pub(super) anchors: Anchors,
    pub(super) codes: Codes<'v>,
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
            checked_on_trial: RefCell::default(),
            trials: RefCell::default(),
            strangers: RefCell::default(),
            budget: Budget::of(document.len(), options.deadline),
            said: RefCell::default(),
            depth: Cell::default(),
            is_of_service: Cell::default(),
            now: OnceCell::new(),
            nearest_resource: NearestResource::default(),
            resolution: OnceCell::new(),
            waiting: Waiting::default(),
            anchors: Anchors::default(),
            codes: Codes::default(),
        }
    }

    /// The service whose payloads are checked.
    pub(crate) fn service(&self) -> Option<&'d dyn Service> {
        self.options.service.as_deref().map(|service| service as &dyn Service)
    }

    /// The service, if the payload belongs to it.
    pub(crate) fn own_service(&self) -> Option<&'d dyn Service> {
        self.service().filter(|_| self.is_of_service.get())
    }

    /// Whether a rule does not apply to this payload.
    pub(crate) fn ignores(&self, rule: &'static Rule) -> bool {
        self.own_service().is_some_and(|service| service.ignores(rule))
    }

    /// The current time, the same throughout a run; `None` if there is no clock.
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

    /// Whether a node has that name; a choice is named by its stem.
    pub(crate) fn is_named(&self, node: Node<'_>, name: &Label) -> bool {
        node.is_called(name) || name.is_stem() && self.is_choice(node, name)
    }

    /// Whether a node is a choice with that name.
    pub(crate) fn is_choice(&self, node: Node<'_>, stem: &str) -> bool {
        self.fact(node).element.is_some_and(|element| element.is_choice && *element.name == *stem)
    }

    /// The resources of the document by the names that references use.
    pub(crate) fn resolution(&self) -> &Resolution<'d> {
        self.resolution.get_or_init(|| Resolution::new(self.document))
    }

    /// The resource that a reference found at a node leads to, inside the document.
    pub(crate) fn resolve(&self, reference: &str, from: Node<'d>) -> Option<Node<'d>> {
        self.resolution().resolve(reference, from)
    }

    /// The resource that a node is or belongs to, and the outermost resource around that one, which is not
    /// contained.
    pub(super) fn resources_of(&self, node: Node<'d>) -> (Node<'d>, Node<'d>) {
        let key = node.id();
        if let Some((cached, resource, root)) = self.nearest_resource.get()
            && cached == key
        {
            return (self.document.node(resource), self.document.node(root));
        }
        let mut resource = node;
        while resource.resource_type().is_none() {
            let Some(parent) = resource.parent() else { break };
            resource = parent;
        }
        let mut root = resource;
        while root.is_called(name::CONTAINED) {
            let Some(parent) = root.parent() else { break };
            root = parent;
        }
        self.nearest_resource.set(Some((key, resource.id(), root.id())));
        (resource, root)
    }

    /// Defers a profile until the walk is over.
    pub(crate) fn demand_index(&self, node: Node<'_>, schema: SchemaIndex) {
        self.demands.borrow_mut().push(Demand { node: node.id(), any_of: AnyOf::One(schema) });
    }

    /// Defers a choice of profiles until the walk is over.
    pub(crate) fn demand(&self, node: Node<'_>, links: &'v [ProfileLink]) {
        if !links.is_empty() {
            self.demands.borrow_mut().push(Demand { node: node.id(), any_of: AnyOf::Links(links) });
        }
    }

    /// Records that something at a node could not be checked, if no finding says so.
    pub(crate) fn pass(&self, gap: Gap, node: Node<'_>) {
        self.findings.borrow_mut().pass(gap, node.id());
    }

    /// Records a finding.
    pub(crate) fn report(&self, finding: Finding<'v>) {
        self.findings.borrow_mut().push(finding);
    }
}
