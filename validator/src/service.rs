//! What a FHIR service adds to a check.
//!
//! The validator knows FHIR, and the profiles of a service as far as a StructureDefinition can state them. A
//! service knows more about its own payloads: rules that need the call or several parts of a request, code
//! systems that it renames, and where it departs from FHIR itself. It provides this in an implementation of
//! [`Service`], which is passed in [`Options::service`](crate::Options::service).
//!
//! ```
//! use std::sync::Arc;
//!
//! use ers_fhir_profiles::{Definitions, FhirVersion};
//! use ers_fhir_validator::service::{Finding, Run, Service};
//! use ers_fhir_validator::{Message, Options, Validator, rule};
//!
//! /// A service that takes no Patient without a name.
//! #[derive(Debug)]
//! struct Registry;
//!
//! impl Service for Registry {
//!     fn owns(&self, package: &str) -> bool {
//!         package == "example.registry"
//!     }
//!
//!     fn check(&self, run: &Run<'_>) {
//!         let root = run.root();
//!         if root.resource_type() == Some("Patient") && root.child("name").is_none() {
//!             let message = Message::text("the registry files patients by name");
//!             run.report(Finding::new(&rule::cardinality::CARDINALITY_MIN, root, message).at_key(root));
//!         }
//!     }
//! }
//!
//! let validator = Validator::new(Definitions::embedded(FhirVersion::R4));
//! let options = Options { service: Some(Arc::new(Registry)), ..Options::default() };
//! let report = validator.check(br#"{"resourceType": "Patient", "active": true}"#, &options);
//! assert!(report.diagnostics.iter().any(|found| found.message.revealed().contains("by name")));
//! ```

use std::fmt;
use std::ops::Range;

use ers_fhir_profiles::terminology::Terminology;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_report::{Message, Report, Rule, Severity};
use ers_fhir_tree::{Document, Node};
use ers_fhir_values::Temporal;

use crate::check::declared::declared_profiles;
pub use crate::check::finding::Finding;
use crate::words::Words;

/// A service whose payloads are checked.
///
/// All methods except [`owns`](Self::owns) have a default that adds nothing. Some, such as
/// [`rule_of`](Self::rule_of), are called for every payload, whoever it belongs to;
/// [`ignores`](Self::ignores) and [`excuses`](Self::excuses) are only called for payloads of the service.
pub trait Service: fmt::Debug + Send + Sync {
    /// Whether a package of definitions is the service's own. A resource under a profile of such a
    /// package is a payload of the service; an extension may occur in any payload.
    fn owns(&self, package: &str) -> bool;

    /// Whether the payload belongs to the service whatever it declares, because the call is known.
    fn claims(&self) -> bool {
        false
    }

    /// Whether something in a payload that declares no profile marks it as belonging to the service: a code
    /// system, an identifier system. Only then is a profile of the service suggested as the nearest, and
    /// [`excuses`](Self::excuses) called on the findings.
    fn marks(&self, document: &Document<'_>) -> bool {
        let _ = document;
        false
    }

    /// What to request instead of a profile, for a payload with such [marks](Self::marks) that declares none.
    fn asks_for(&self) -> Option<Message> {
        None
    }

    /// Whether a payload that declares no profile of the service belongs to the service all the same, judging
    /// by everything that it declares and holds.
    fn recognizes(&self, document: &Document<'_>) -> bool {
        let _ = document;
        false
    }

    /// The whole report on a payload that the service does not expect to be FHIR, such as an uploaded file;
    /// `None` if the bytes should be checked as FHIR.
    fn check_other(&self, payload: &[u8]) -> Option<Report> {
        let _ = payload;
        None
    }

    /// Whether all definitions that the service publishes under canonicals like this one are loaded, so that
    /// a profile with such a canonical that is not loaded does not exist.
    fn lists(&self, canonical: &str) -> bool {
        let _ = canonical;
        false
    }

    /// The release of a profile that the service publishes.
    fn release_of(&self, canonical: &str) -> Option<FhirVersion> {
        let _ = canonical;
        None
    }

    /// Called before profiles are checked, to request the [profile](Run::demand) of a call.
    fn begin(&self, run: &Run<'_>) {
        let _ = run;
    }

    /// The checks of the service itself, once everything else is done.
    fn check(&self, run: &Run<'_>) {
        let _ = run;
    }

    /// Whether a rule does not apply to payloads of the service.
    fn ignores(&self, rule: &'static Rule) -> bool {
        let _ = rule;
        false
    }

    /// The rule for a known departure of the service from FHIR, if the finding is an instance of it. The
    /// finding is then reported under that rule, with its severity.
    fn excuses(&self, found: &Found<'_>) -> Option<&'static Rule> {
        let _ = found;
        None
    }

    /// Whether a finding repeats one of the service's own, and is left out.
    fn covers(&self, found: &Found<'_>) -> bool {
        let _ = found;
        false
    }

    /// Whether a finding follows from another for a reason that only the service knows; it then becomes a
    /// note of that one.
    fn follows(&self, cause: &Found<'_>, effect: &Found<'_>) -> bool {
        let _ = (cause, effect);
        false
    }

    /// The rule of the service that an invariant with that key states.
    fn rule_of(&self, key: &str) -> Option<&'static Rule> {
        let _ = key;
        None
    }

    /// What is wrong when an invariant of the service with that key and expression is broken, and what to do.
    fn words(&self, key: &str, expression: &str) -> Option<Words> {
        let _ = (key, expression);
        None
    }

    /// The value that was certainly meant by one that breaks the invariant of the service with that key.
    fn meant(&self, key: &str, value: &str) -> Option<String> {
        let _ = (key, value);
        None
    }

    /// A description of the values of an identifier system, if the text is certainly not one of them: "an
    /// order number: eight digits". Called for payloads of others; what the service itself accepts is up to
    /// its profiles.
    fn expected_of_identifier(&self, system: &str, value: &str) -> Option<&'static str> {
        let _ = (system, value);
        None
    }

    /// What to report about a code that is not in the loaded part of its code system; `None` if it is enough
    /// to report that codes of this system cannot be checked.
    fn unlisted(&self, system: &str) -> Option<Unlisted> {
        let _ = system;
        None
    }
}

/// What to report about a code that is not in the loaded part of its code system.
#[derive(Debug)]
pub struct Unlisted {
    /// The rule to report.
    pub rule: &'static Rule,
    /// Its severity.
    pub severity: Severity,
    /// The message after the code: " is not in …".
    pub says: Message,
    /// What to do about it.
    pub suggestion: Message,
}

impl Unlisted {
    /// The finding about a code at a node.
    pub fn at(self, node: Node<'_>, code: &str) -> Finding<'static> {
        let message = Message::text("").value(code).then(self.says);
        Finding::new(self.rule, node, message).severity(self.severity).suggest(self.suggestion)
    }
}

/// A read-only view of a finding.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Found<'r> {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// Its severity.
    pub severity: Severity,
    /// Where.
    pub node: Node<'r>,
    /// The bytes of the source that it is about.
    pub span: Range<usize>,
    /// The value there, the same from JSON and XML; the bytes themselves if there is none.
    pub text: &'r str,
    /// Canonical of the definition that demands it.
    pub definition: Option<&'r str>,
    /// Id of the element of a definition that demands it: `Patient.name`.
    pub element: Option<&'r str>,
    /// Key of the invariant that is broken.
    pub key: Option<&'r str>,
}

impl<'r> Found<'r> {
    pub(crate) fn new(finding: &Finding<'r>, document: &'r Document<'_>) -> Self {
        let node = document.node(finding.node);
        let is_there = |node: &Node<'r>| node.span() == finding.span;
        let underlined = Some(node).filter(is_there).or_else(|| node.children().find(is_there));
        Self {
            rule: finding.rule,
            severity: finding.severity,
            node,
            span: finding.span.clone(),
            text: underlined
                .and_then(Node::value)
                .or_else(|| document.source().get(finding.span.clone()))
                .unwrap_or_default(),
            definition: finding.demanded_by.map(|source| source.definition),
            element: finding.demanded_by.map(|source| source.element),
            key: finding.key,
        }
    }
}

/// A check in progress, as a service sees it.
#[derive(Clone, Copy)]
pub struct Run<'r>(&'r dyn Ground);

impl<'r> Run<'r> {
    pub(crate) fn new(ground: &'r dyn Ground) -> Self {
        Self(ground)
    }

    /// The payload.
    pub fn document(&self) -> &'r Document<'r> {
        self.0.document()
    }

    /// The resource that the payload is.
    pub fn root(&self) -> Node<'r> {
        self.document().root()
    }

    /// The definitions that it is checked against.
    pub fn definitions(&self) -> &'r Definitions {
        self.0.definitions()
    }

    /// The codes in the code systems and value sets of those definitions.
    pub fn terminology(&self) -> &'r Terminology {
        self.0.terminology()
    }

    /// The current time; `None` if there is no clock.
    pub fn now(&self) -> Option<Temporal> {
        self.0.now()
    }

    /// Canonicals of the profiles that a resource declares.
    pub fn declared_profiles(&self, resource: Node<'r>) -> impl Iterator<Item = &'r str> + use<'r> {
        declared_profiles(resource).filter_map(Node::value)
    }

    /// Requires the payload to conform to the profile with that canonical, in addition to those it declares.
    pub fn demand(&self, canonical: &str) {
        self.0.demand(canonical);
    }

    /// The findings so far, in the order in which they were made.
    pub fn findings(&self) -> Vec<Found<'r>> {
        self.0.findings()
    }

    /// Records a finding.
    pub fn report(&self, finding: Finding<'static>) {
        self.0.report(finding);
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").finish_non_exhaustive()
    }
}

/// What a run provides to a service.
pub(crate) trait Ground {
    fn document(&self) -> &Document<'_>;
    fn definitions(&self) -> &Definitions;
    fn terminology(&self) -> &Terminology;
    fn now(&self) -> Option<Temporal>;
    fn demand(&self, canonical: &str);
    fn findings(&self) -> Vec<Found<'_>>;
    fn report(&self, finding: Finding<'static>);
}
