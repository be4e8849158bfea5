//! Checking a payload: one walk over the tree, one file a rule family.

mod finding;

use std::cell::{Cell, RefCell};

use ers_fhir_profiles::FhirVersion;

pub(crate) use finding::Finding;

use crate::schema::Element;
use crate::tree::{Document, Node};
use crate::validator::Validator;

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
}

impl<'v, 'd> Checker<'v, 'd> {
    pub(crate) fn new(validator: &'v Validator, document: &'d Document<'d>) -> Self {
        Self {
            validator,
            document,
            facts: vec![Cell::default(); document.len()],
            findings: RefCell::default(),
        }
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

    /// Notes a finding.
    pub(crate) fn report(&self, finding: Finding<'v>) {
        self.findings.borrow_mut().push(finding);
    }
}
