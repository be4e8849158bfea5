//! Invariants, parsed once and classified: the commonest have a native twin.

use ers_fhir_fhirpath::Expression;
use ers_fhir_profiles::definition::{Constraint, ConstraintSeverity};

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
}

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
    /// `ele-1`: a value or children.
    NotEmpty,
    /// `ext-1`: extensions or a value, not both.
    ValueOrExtensions,
    /// `dom-2`: no resource contained in a contained resource.
    NoNestedContained,
    /// `dom-3`: contained resources are referred to.
    ContainedReferenced,
    /// `dom-4`: no version of a contained resource.
    ContainedUnversioned,
    /// `dom-5`: no security label on a contained resource.
    ContainedUnlabelled,
    /// `ref-1`: a local reference has a target.
    LocalReferenceResolves,
    /// `txt-1`, `txt-2`: checked with the narrative itself.
    Narrative,
}

impl InvariantCheck {
    /// Compiles a constraint; `None` where there is nothing to evaluate.
    pub(super) fn compile(constraint: &Constraint) -> Option<Self> {
        let expression = constraint.expression.as_deref()?;
        if constraint.is_best_practice {
            return None;
        }
        let evaluator = match native(&constraint.key, expression) {
            Some(native) => Evaluator::Native(native),
            None => match Expression::parse(expression) {
                Ok(parsed) => Evaluator::Path(Box::new(parsed)),
                Err(error) => Evaluator::Unusable(error.to_string().into()),
            },
        };
        Some(Self {
            key: constraint.key.as_str().into(),
            is_error: constraint.severity == ConstraintSeverity::Error,
            human: constraint.human.as_deref().map(Into::into),
            expression: expression.into(),
            evaluator,
        })
    }
}

/// The native twin of an expression, recognised by its text.
fn native(key: &str, expression: &str) -> Option<Native> {
    let bare: String = expression.chars().filter(|c| !c.is_whitespace()).collect();
    Some(match (key, bare.as_str()) {
        (
            _,
            "hasValue()or(children().count()>id.count())"
            | "hasValue()|(children().count()>id.count())"
            | "children().count()>id.count()"
            | "hasValue()or(children().count()>id.count())or$thisisParameters",
        ) => Native::NotEmpty,
        (_, "extension.exists()!=value.exists()") => Native::ValueOrExtensions,
        (_, "contained.contained.empty()") => Native::NoNestedContained,
        (_, "contained.meta.versionId.empty()andcontained.meta.lastUpdated.empty()") => {
            Native::ContainedUnversioned
        }
        (_, "contained.meta.security.empty()") => Native::ContainedUnlabelled,
        ("dom-3", text) if text.starts_with("contained.where(") => Native::ContainedReferenced,
        ("ref-1", text) if text.starts_with("reference.startsWith('#').not()") => {
            Native::LocalReferenceResolves
        }
        (_, "htmlChecks()" | "htmlchecks()") => Native::Narrative,
        _ => return None,
    })
}
