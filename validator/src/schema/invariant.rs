//! Invariants, parsed once and classified: the commonest have a native twin.

use ers_fhir_fhirpath::{Decision, Expression, Presence};
use ers_fhir_profiles::definition::{Constraint, ConstraintSeverity};
use ers_fhir_tree::Name;

use super::Label;

/// An invariant, ready to be evaluated.
#[derive(Debug)]
pub(crate) struct InvariantCheck {
    /// Key: `pat-1`.
    pub(crate) key: Box<str>,
    /// Whether breaking it is an error.
    pub(crate) is_error: bool,
    /// What it means, where the definition says.
    pub(crate) human: Option<Box<str>>,
    /// The expression as written.
    pub(crate) expression: Box<str>,
    /// How it is evaluated.
    pub(crate) evaluator: Evaluator,
    /// What the children of an element decide of it.
    presence: Presence,
    /// The names in `presence`.
    names: Box<[Label]>,
    /// The names that must all be among the children for it to be evaluated, by their place in `names`;
    /// where one is absent, it is met.
    needs: Box<[usize]>,
    /// Whether the children decide it wholly.
    is_whole: bool,
    /// For each name in `presence`, where the child is among the children of the schema; `None` where
    /// the schema has not a child of each name.
    places: Option<Box<[u8]>>,
}

/// Which children of its element a node has: a bit for each position; `None` where that was not noted.
pub(crate) type Present = Option<u128>;

/// Most children of an element that [`Present`] notes.
pub(crate) const MOST_NOTED: usize = 128;

/// How an invariant is evaluated.
#[derive(Debug)]
pub(crate) enum Evaluator {
    /// By code that gives the same answer as its FHIRPath.
    Native(Native),
    /// By its FHIRPath.
    Path(Box<Expression>),
    /// Not at all: the expression cannot be parsed, for this reason.
    Unusable(Box<str>),
}

/// Invariants with a native twin, by what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Native {
    /// `dom-2`: no resource contained in a contained resource.
    NoNestedContained,
    /// `dom-3`: contained resources are referred to.
    ContainedReferenced,
    /// `dom-4`: no version of a contained resource.
    ContainedUnversioned,
    /// `dom-5`: no security label on a contained resource.
    ContainedUnlabelled,
}

impl InvariantCheck {
    /// Compiles a constraint; `None` where there is nothing to evaluate.
    pub(super) fn compile(constraint: &Constraint) -> Option<Self> {
        let expression = constraint.expression.as_deref()?;
        if constraint.is_best_practice || is_walked(&constraint.key, expression) {
            return None;
        }
        let parsed =
            Expression::numbered(expression, |name| Name::find(name).map_or(0, |name| name.number().into()));
        let is_parsed = parsed.is_ok();
        let presence = parsed.as_ref().map(Expression::presence).unwrap_or_default();
        let evaluator = match native(&constraint.key, expression) {
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
            evaluator,
            is_whole: presence.is_whole() && is_parsed,
            names: presence.names().iter().map(|name| Label::from(&**name)).collect(),
            presence,
            needs,
            places: None,
        })
    }

    /// Lets it know where the children that it speaks of are among those of its schema.
    ///
    /// Where one of the names is not that of a child, such as `valueQuantity` for a choice, children are
    /// not asked and the expression is evaluated: what is not noted must not count as absent.
    pub(super) fn place(&mut self, position: impl Fn(&str) -> Option<usize>) {
        let place = |name: &str| position(name).and_then(|at| u8::try_from(at).ok());
        self.places = self.presence.names().iter().map(|name| place(name)).collect();
    }

    /// Whether it is met, as far as the children that a node has decide it; `None` where it must be
    /// evaluated.
    pub(crate) fn is_met_by(&self, present: u128) -> Option<bool> {
        let places = self.places.as_deref()?;
        let has = |name: usize| present >> places[name] & 1 == 1;
        if !self.needs.iter().all(|name| has(*name)) {
            return Some(true);
        }
        if self.is_whole { is_met(self.presence.decide(|name| Some(has(name)))) } else { None }
    }

    /// Whether a node lacks a child without which there is nothing to evaluate.
    pub(crate) fn is_idle(&self, has: impl Fn(&Label) -> bool) -> bool {
        self.needs.iter().any(|name| !has(&self.names[*name]))
    }
}

/// Whether an invariant is met whose expression comes to that: nothing to decide is nothing wrong.
pub(crate) fn is_met(answer: Decision) -> Option<bool> {
    match answer {
        Decision::True | Decision::Empty => Some(true),
        Decision::False => Some(false),
        Decision::Open => None,
    }
}

/// The native twin of an expression, recognised by its text.
fn native(key: &str, expression: &str) -> Option<Native> {
    let bare = bare(expression);
    Some(match (key, bare.as_str()) {
        (_, "contained.contained.empty()") => Native::NoNestedContained,
        (_, "contained.meta.versionId.empty()andcontained.meta.lastUpdated.empty()") => {
            Native::ContainedUnversioned
        }
        (_, "contained.meta.security.empty()") => Native::ContainedUnlabelled,
        ("dom-3", text) if text.starts_with("contained.where(") => Native::ContainedReferenced,
        _ => return None,
    })
}

/// Whether an invariant is one that the walk itself checks and reports under a code of its own: an
/// element that holds nothing, a local reference without a target, the markup of a narrative.
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

    use super::InvariantCheck;

    fn compiled(expression: &str) -> InvariantCheck {
        let constraint = Constraint {
            key: "test-1".to_owned(),
            severity: ConstraintSeverity::Error,
            human: None,
            expression: Some(expression.to_owned()),
            source: None,
            is_best_practice: false,
        };
        let mut check = InvariantCheck::compile(&constraint).expect("there is an expression");
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
