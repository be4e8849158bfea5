//! `constraint`: invariants, parsed once and classified; the commonest have a native twin or a shortcut.

mod native;
mod shortcut;

use ers_fhir_fhirpath::{Decision, EvalError, Expression, Presence};
use ers_fhir_profiles::definition::{Constraint, ConstraintSeverity, ElementDefinition};
use ers_fhir_report::{Edit, Message, Severity, def, text};
use ers_fhir_tree::{Name, Node};

use super::host::Host;
use crate::check::edit;
use crate::check::finding::{About, Finding, Source};
use crate::check::no_result::no_result;
use crate::rule::invariant as rules;
use crate::schema::baseline::{Baseline, single_type};
use crate::schema::catalogue::Catalogue;
use crate::schema::label::Label;
use crate::words::{self, Words};
use native::Native;
use shortcut::Shortcut;

/// An invariant, ready to be evaluated.
#[derive(Debug)]
pub(crate) struct Invariant {
    /// Key: `pat-1`.
    key: Box<str>,
    /// Whether breaking it is an error.
    is_error: bool,
    /// Its meaning, if the definition gives one.
    human: Option<Box<str>>,
    /// The expression as written.
    expression: Box<str>,
    /// The shortcut that detects when it is met, if there is one.
    shortcut: Option<Shortcut>,
    /// How it is evaluated.
    evaluator: Evaluator,
    /// Whether it applies to a definition as a whole, not to a part.
    is_of_root: bool,
    /// How the children of an element decide it.
    presence: Presence,
    /// The names in `presence`.
    names: Box<[Label]>,
    /// The names that must all be among the children for it to be evaluated, by their place in `names`; if
    /// one is absent, it is met.
    needs: Box<[usize]>,
    /// Whether the children decide it wholly.
    is_whole: bool,
    /// For each name in `presence`, the position of the child among the children of the schema; `None` if the
    /// schema does not have a child for each name.
    places: Option<Box<[u8]>>,
}

/// Which children of its element a node has: a bit for each position; `None` if that was not recorded.
pub(crate) type Present = Option<u128>;

/// The most children of an element that [`Present`] records.
pub(crate) const MOST_NOTED: usize = 128;

/// How an invariant is evaluated.
#[derive(Debug)]
enum Evaluator {
    /// By code that gives the same result as its FHIRPath.
    Native(Native),
    /// By its FHIRPath.
    Path(Box<Expression>),
    /// Not at all: the expression cannot be parsed, for this reason.
    Unusable(Box<str>),
}

impl Invariant {
    /// Compiles the constraints of an element that its base does not already have.
    pub(super) fn compile_all(
        catalogue: &Catalogue,
        definition: &ElementDefinition,
        baseline: Option<&Baseline>,
    ) -> impl Iterator<Item = Self> {
        let covered = move |constraint: &Constraint| match baseline {
            Some(baseline) => baseline.demands(catalogue, constraint, single_type(definition)),
            None => !definition.is_root() && inherited(constraint),
        };
        let own = definition.constraints.iter().filter(move |constraint| !covered(constraint));
        own.filter_map(|constraint| Self::compile(constraint, definition.is_root()))
    }

    /// Compiles a constraint; `None` if there is nothing to evaluate.
    pub(super) fn compile(constraint: &Constraint, is_of_root: bool) -> Option<Self> {
        let expression = constraint.expression.as_deref()?;
        if constraint.is_best_practice || is_walked(&constraint.key, expression) {
            return None;
        }
        let parsed =
            Expression::numbered(expression, |name| Name::find(name).map_or(0, |name| name.number().into()));
        let is_parsed = parsed.is_ok();
        let presence = parsed.as_ref().map(Expression::presence).unwrap_or_default();
        let evaluator = match Native::of(&constraint.key, &bare(expression)) {
            Some(native) => Evaluator::Native(native),
            None => match parsed {
                Ok(parsed) => Evaluator::Path(Box::new(parsed)),
                Err(error) => Evaluator::Unusable(error.to_string().into()),
            },
        };
        let is_vacuous =
            |name: usize| is_met(presence.decide(|other| (other == name).then_some(false))) == Some(true);
        let needs = (0..presence.names().len()).filter(|name| is_vacuous(*name)).collect();
        Some(Self {
            key: constraint.key.as_str().into(),
            is_error: constraint.severity == ConstraintSeverity::Error,
            human: constraint.human.as_deref().map(Into::into),
            expression: expression.into(),
            shortcut: shortcut::of(&bare(expression)),
            evaluator,
            is_of_root,
            is_whole: presence.is_whole() && is_parsed,
            names: presence.names().iter().map(|name| Label::from(&**name)).collect(),
            presence,
            needs,
            places: None,
        })
    }

    /// Tells it the positions of the children that it refers to among those of its schema.
    ///
    /// If one of the names is not that of a child, such as `valueQuantity` for a choice, the children are not
    /// used and the expression is evaluated: a child that was not recorded must not count as absent.
    pub(crate) fn place(&mut self, position: impl Fn(&str) -> Option<usize>) {
        let place = |name: &str| position(name).and_then(|at| u8::try_from(at).ok());
        self.places = self.presence.names().iter().map(|name| place(name)).collect();
    }

    /// Whether it is met, if the children of a node decide that; `None` if it must be evaluated.
    pub(crate) fn is_met_by(&self, present: u128) -> Option<bool> {
        let places = self.places.as_deref()?;
        let has = |name: usize| present >> places[name] & 1 == 1;
        if !self.needs.iter().all(|name| has(*name)) {
            return Some(true);
        }
        if self.is_whole { is_met(self.presence.decide(|name| Some(has(name)))) } else { None }
    }

    /// Checks it at a node, unless a child is missing that is needed for anything to evaluate.
    pub(super) fn check_unless_idle<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        node: Node<'d>,
        source: Source<'v>,
    ) {
        if !self.is_idle(|name| node.selected(|child| host.is_named(child, name)).next().is_some()) {
            self.check(host, node, source);
        }
    }

    /// Evaluates it at a node and reports if it does not hold.
    pub(crate) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        if self.shortcut.is_some_and(|is_met| is_met(node)) {
            debug_assert!(self.is_true(host, node), "the shortcut of {} and its FHIRPath differ", self.key);
            return;
        }
        let holds = match &self.evaluator {
            Evaluator::Native(native) => native.holds(host, node),
            Evaluator::Path(expression) => {
                // %resource is the resource that holds the element: for the root of a resource, the resource
                // itself.
                let holder = if self.is_of_root { node } else { node.parent().unwrap_or(node) };
                let Some(result) = host.evaluate(expression, node, holder) else { return };
                match result {
                    // An invariant is met only if it is true: an empty result is not.
                    Ok(answer) => answer == Some(true),
                    Err(reason) => {
                        let severity = match reason {
                            EvalError::Undecided(_) => Severity::Information,
                            _ => Severity::Warning,
                        };
                        return self.not_evaluated(host, node, (&no_result(&reason), severity), source);
                    }
                }
            }
            Evaluator::Unusable(reason) => {
                return self.not_evaluated(host, node, (reason, Severity::Warning), source);
            }
        };
        if !holds {
            self.broken(host, node, source);
        }
    }

    /// Whether it is met according to its FHIRPath; for debug builds, which compare shortcuts with it.
    fn is_true<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>) -> bool {
        let Evaluator::Path(expression) = &self.evaluator else { return true };
        let holder = if self.is_of_root { node } else { node.parent().unwrap_or(node) };
        !matches!(host.evaluate(expression, node, holder), Some(Ok(None | Some(false))))
    }

    #[cold]
    fn broken<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        let rule = host.rule_of(&self.key).unwrap_or(&rules::INVARIANT);
        let (wrong, fix) = self.said(host);
        let severity = if self.is_error { Severity::Error } else { Severity::Warning };
        let finding = Finding::new(rule, node, wrong)
            .severity(severity)
            .key(&self.key)
            .suggest(fix)
            .about(About::Expression(&self.expression))
            .fix(self.meant(host, node))
            .demanded_by(source);
        host.report(if node.value().is_some() { finding } else { finding.at_key(node) });
    }

    /// The value that was meant, if that is certain.
    fn meant<'v, 'd>(&self, host: &impl Host<'v, 'd>, node: Node<'d>) -> Option<Edit> {
        edit::value(node, &host.meant(&self.key, node.value()?)?)
    }

    /// What is wrong and what to do: in our own words if there are any, or else in those of the definition.
    fn said<'v, 'd>(&'v self, host: &impl Host<'v, 'd>) -> (Message, Message) {
        let ours = || words::core().find(&self.key, &self.expression).filter(|_| self.human.is_none());
        if let Some(Words { wrong, fix }) = host.words(&self.key, &self.expression).or_else(ours) {
            return (Message::text(wrong), Message::text(fix));
        }
        let wrong = if let Some(human) = &self.human {
            text!("the rule {} is not met: {}", def(&self.key), def(human))
        } else {
            text!("the rule {} is not met", def(&self.key))
        };
        (wrong, text!("the definition asks for {}", def(&self.expression)))
    }

    #[cold]
    fn not_evaluated<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        node: Node<'d>,
        (reason, severity): (&str, Severity),
        source: Source<'v>,
    ) {
        let message = text!("{} could not be evaluated: {}", def(&self.key), def(reason));
        host.report(
            Finding::new(&rules::INVARIANT_NOT_EVALUATED, node, message)
                .severity(severity)
                .about(About::Expression(&self.expression))
                .key(&self.key)
                .demanded_by(source)
                .at_key(node),
        );
    }

    /// Whether a node lacks a child that is needed for anything to evaluate.
    fn is_idle(&self, has: impl Fn(&Label) -> bool) -> bool {
        self.needs.iter().any(|name| !has(&self.names[*name]))
    }
}

/// Whether an invariant with that result is met: only if it is true.
fn is_met(answer: Decision) -> Option<bool> {
    match answer {
        Decision::True => Some(true),
        Decision::False | Decision::Empty => Some(false),
        Decision::Open => None,
    }
}

/// Whether the constraint is one that every element or extension inherits from its own type.
fn inherited(constraint: &Constraint) -> bool {
    matches!(constraint.key.as_str(), "ele-1" | "ext-1")
}

/// Whether an invariant is one that the walk itself checks and reports under a code of its own: an empty
/// element, a local reference without a target, the markup of a narrative.
fn is_walked(key: &str, expression: &str) -> bool {
    match bare(expression).as_str() {
        "hasValue()or(children().count()>id.count())"
        | "hasValue()|(children().count()>id.count())"
        | "children().count()>id.count()"
        | "hasValue()or(children().count()>id.count())or$thisisParameters"
        | "htmlChecks()"
        | "htmlchecks()" => true,
        text => key == "ref-1" && text.starts_with("reference.startsWith('#').not()"),
    }
}

fn bare(expression: &str) -> String {
    expression.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use ers_fhir_profiles::definition::{Constraint, ConstraintSeverity};

    use super::Invariant;

    fn compiled(expression: &str) -> Invariant {
        let constraint = Constraint {
            key: "test-1".to_owned(),
            severity: ConstraintSeverity::Error,
            human: None,
            expression: Some(expression.to_owned()),
            source: None,
            is_best_practice: false,
        };
        let mut check = Invariant::compile(&constraint, false).expect("there is an expression");
        check.place(|name| ["code", "system", "value"].iter().position(|child| *child == name));
        check
    }

    #[test]
    fn children_decide_where_all_names_are_theirs() {
        let check = compiled("code.empty() or system.exists()");
        assert_eq!(
            [0b000, 0b001, 0b011].map(|present| check.is_met_by(present)),
            [Some(true), Some(false), Some(true)]
        );
    }

    #[test]
    fn a_name_that_is_no_child_leaves_it_to_the_evaluation() {
        for expression in ["valueQuantity.exists() implies code.exists()", "valueQuantity.unit = 'kg'"] {
            let check = compiled(expression);
            assert_eq!([0b000, 0b111].map(|present| check.is_met_by(present)), [None, None], "{expression}");
        }
    }
}
