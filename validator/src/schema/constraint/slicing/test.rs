//! What puts an element into a slice. There are three answers: a reference that leads out of the document
//! decides nothing, nor does a code that cannot be looked up, nor a profile that is not loaded.

use std::ops::ControlFlow;

use ers_fhir_profiles::definition::TypedValue;
use ers_fhir_profiles::slicing::{self, Told};
use ers_fhir_profiles::terminology::Membership;
use ers_fhir_report::{def, key, text, value as value_of};
use ers_fhir_tree::Node;
use ers_fhir_values::reference::Literal;

use crate::check::finding::{About, Finding};
use crate::check::name;
use crate::rule::cardinality::CARDINALITY_MIN;
use crate::rule::profile::WRONG_TYPE;
use crate::rule::slicing as rules;
use crate::schema::catalogue::{CORE, Catalogue};
use crate::schema::constraint::host::Host;
use crate::schema::constraint::{binding, fixed, pattern};
use crate::schema::label::Label;
use crate::schema::link::ProfileLink;

/// One thing that puts an element into a slice.
#[derive(Debug)]
pub(super) struct Test {
    /// From the sliced element to what is compared.
    path: Box<[Step]>,
    /// What it must be.
    expectation: Expectation,
}

/// One step of a discriminator path.
#[derive(Debug)]
enum Step {
    /// Children of that name.
    Child(Label),
    /// Extensions with that URL.
    Extension(Box<str>),
    /// The target of a reference.
    Resolve,
    /// Only elements of that type.
    OfType(Box<str>),
}

/// What a discriminator must find.
#[derive(Debug)]
enum Expectation {
    /// Exactly this value.
    Fixed(TypedValue),
    /// A value that contains this one.
    Pattern(TypedValue),
    /// A value that passes all of these tests.
    Parts(Box<[Test]>),
    /// A value that passes one of these tests.
    Any(Box<[Test]>),
    /// A code of this value set.
    Bound(Box<str>),
    /// Something (`true`) or nothing (`false`).
    Exists(bool),
    /// One of these types.
    Types(Box<[Box<str>]>),
    /// Conformance to one of these profiles.
    Profiles(Box<[ProfileLink]>),
}

/// Whether an element belongs to a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    In,
    Out,
    /// It cannot be decided with the available data.
    Undecided,
}

impl From<bool> for Answer {
    fn from(is_in: bool) -> Self {
        if is_in { Self::In } else { Self::Out }
    }
}

impl Answer {
    /// In if all are in, out if one is out.
    pub(super) fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::In;
        for answer in answers {
            match answer {
                Self::Out => return Self::Out,
                Self::Undecided => all = Self::Undecided,
                Self::In => {}
            }
        }
        all
    }

    /// In if one is in, out if all are out.
    fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        Self::all(answers.into_iter().map(Self::not)).not()
    }

    fn not(self) -> Self {
        match self {
            Self::In => Self::Out,
            Self::Out => Self::In,
            Self::Undecided => Self::Undecided,
        }
    }
}

/// The tests for a slice, all of which must hold; `None` if the definitions do not give any. A slice that
/// leaves every discriminator open takes any element, and the default slice takes the rest, which its slicing
/// handles.
pub(super) fn compile(catalogue: &Catalogue, told: Told<'_>) -> Option<Box<[Test]>> {
    match told {
        Told::By(tests) => Some(tests.into_iter().map(|test| Test::compile(catalogue, test)).collect()),
        Told::Open | Told::Rest => Some(Box::default()),
        Told::Undecidable(_) => None,
    }
}

impl Test {
    fn compile(catalogue: &Catalogue, test: slicing::Test<'_>) -> Self {
        let step = |hop: slicing::Hop<'_>| match hop.step {
            slicing::Step::Child(name) => Step::Child(Label::from(&*name)),
            slicing::Step::Extension(url) => Step::Extension(url),
            slicing::Step::Resolve => Step::Resolve,
            slicing::Step::OfType(code) => Step::OfType(code),
        };
        Self {
            path: test.hops.into_iter().map(step).collect(),
            expectation: Expectation::compile(catalogue, test.expectation),
        }
    }

    /// Whether a repeat of the sliced element passes.
    pub(super) fn passes<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>) -> Answer {
        let answer = self.any_from(host, node, &self.path);
        if matches!(self.expectation, Expectation::Exists(false)) { answer.not() } else { answer }
    }

    /// Whether any node that the rest of the path leads to is as expected.
    fn any_from<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, path: &'v [Step]) -> Answer {
        let Some(at) = path.iter().position(|step| matches!(step, Step::Resolve)) else {
            return any(host, node, path, |found| self.expectation.meets(host, found));
        };
        let after = &path[at + 1..];
        any(host, node, &path[..at], |reference| match target(host, reference) {
            Target::Here(target) => self.any_from(host, target, after),
            Target::Elsewhere(named) if after.is_empty() => self.expectation.is_met_by_type(host, named),
            Target::Elsewhere(_) => Answer::Undecided,
            Target::None => Answer::Out,
        })
    }

    /// Adds the reason if an element does not pass.
    #[cold]
    pub(super) fn explain<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        node: Node<'d>,
        reasons: &mut Vec<Finding<'v>>,
    ) {
        if self.passes(host, node) != Answer::Out {
            return;
        }
        let rule = &rules::SLICE_UNMATCHED;
        let mut reached = None;
        let _ = reach(host, node, &self.path, &mut |found| {
            reached = Some(found);
            ControlFlow::Break(())
        });
        let Some(found) = reached else {
            if let Some(reason) = self.elsewhere(host, node) {
                reasons.push(reason);
                return;
            }
            let message = text!("it has no {}, which distinguishes the slices", def(self.path_in_words()));
            let about = self.first_child().map_or(About::Nothing, About::Child);
            reasons.push(Finding::new(&CARDINALITY_MIN, node, message).at_key(node).about(about));
            return;
        };
        let message = match &self.expectation {
            Expectation::Parts(parts) => {
                parts.iter().for_each(|part| part.explain(host, found, reasons));
                return;
            }
            Expectation::Any(tests) => {
                let tried = tests.iter().map(|test| {
                    let mut reasons = Vec::new();
                    test.explain(host, found, &mut reasons);
                    reasons
                });
                reasons.extend(fewest(tried));
                return;
            }
            Expectation::Profiles(links) => {
                let profiles = links.iter().filter_map(|link| link.schema);
                let tried = profiles.map(|profile| host.obstacles(found, profile));
                reasons.extend(fewest(tried));
                return;
            }
            Expectation::Fixed(value) | Expectation::Pattern(value) => {
                if let (Some(text), Some(expected)) = (found.value(), value.value.text.as_deref()) {
                    text!("'{}' is {}, not '{}'", key(found.name()), value_of(text), def(expected))
                } else {
                    text!("'{}' is not the value that the slice requires", key(found.name()))
                }
            }
            Expectation::Bound(value_set) => {
                text!("'{}' has no code of the value set {}", key(found.name()), def(value_set))
            }
            Expectation::Types(types) => {
                let Some(actual) = host.type_of(found) else { return };
                let types: Vec<&str> = types.iter().map(|of| &**of).collect();
                let message = text!("it is a {}, not a {}", def(&actual.code), def(types.join(" or ")));
                reasons.push(Finding::new(&WRONG_TYPE, found, message));
                return;
            }
            Expectation::Exists(_) => {
                text!("it has {}, but the slice is for those without", def(self.path_in_words()))
            }
        };
        reasons.push(Finding::new(rule, found, message));
    }

    /// Why a reference that leads out of the payload leads to something of another type.
    #[cold]
    fn elsewhere<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>) -> Option<Finding<'v>> {
        let Expectation::Types(types) = &self.expectation else { return None };
        let at = self.path.iter().position(|step| matches!(step, Step::Resolve))?;
        let mut reference = None;
        let _ = reach(host, node, &self.path[..at], &mut |found| {
            reference = Some(found);
            ControlFlow::Break(())
        });
        let reference = reference?;
        let Target::Elsewhere(Some(named)) = target(host, reference) else { return None };
        let types: Vec<&str> = types.iter().map(|of| &**of).collect();
        let message = text!("it refers to a {}, not to a {}", key(named), def(types.join(" or ")));
        Some(Finding::new(&WRONG_TYPE, reference, message))
    }

    /// The name of the first child on the path.
    fn first_child(&self) -> Option<&str> {
        match (self.path.first(), &self.expectation) {
            (Some(Step::Child(name)), _) => Some(name),
            (None, Expectation::Parts(tests) | Expectation::Any(tests)) => {
                tests.first().and_then(Self::first_child)
            }
            _ => None,
        }
    }

    /// The path to what is compared, and to its only part.
    pub(super) fn path_in_words(&self) -> String {
        let step = |step: &Step| match step {
            Step::Child(name) => (**name).to_owned(),
            Step::Extension(url) => format!("extension('{url}')"),
            Step::Resolve => "resolve()".to_owned(),
            Step::OfType(code) => format!("ofType({code})"),
        };
        let mut steps: Vec<String> = self.path.iter().map(step).collect();
        if let Expectation::Parts(parts) = &self.expectation
            && let [only] = &**parts
        {
            steps.push(only.path_in_words());
        }
        steps.retain(|step| !step.is_empty());
        steps.join(".")
    }

    /// The names of the children that lead to the required text, and that text; `None` if anything else is
    /// required.
    pub(super) fn text_of_child(&self) -> Option<(Vec<&Label>, &str)> {
        let mut path = Vec::new();
        for step in &self.path {
            let Step::Child(name) = step else { return None };
            path.push(name);
        }
        match &self.expectation {
            Expectation::Fixed(value) | Expectation::Pattern(value) if value.value.fields.is_empty() => {
                Some((path, value.value.text.as_deref()?))
            }
            Expectation::Parts(parts) => {
                let [only] = &**parts else { return None };
                let (rest, text) = only.text_of_child()?;
                path.extend(rest);
                Some((path, text))
            }
            _ => None,
        }
    }

    /// The first value of an element at the end of the path.
    pub(super) fn found<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>) -> Option<Node<'d>> {
        let mut first = None;
        let _ = reach(host, node, &self.path, &mut |found| {
            first = Some(found);
            ControlFlow::Break(())
        });
        match &self.expectation {
            Expectation::Parts(parts) => match &**parts {
                [only] => only.found(host, first?),
                _ => first,
            },
            _ => first,
        }
    }

    /// The text that it expects, if it is one text.
    pub(super) fn expected_text(&self) -> Option<&str> {
        match &self.expectation {
            Expectation::Fixed(value) | Expectation::Pattern(value) => value.value.text.as_deref(),
            Expectation::Parts(parts) => match &**parts {
                [only] => only.expected_text(),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Expectation {
    fn compile(catalogue: &Catalogue, expectation: slicing::Expectation<'_>) -> Self {
        match expectation {
            slicing::Expectation::Fixed(value) => Self::Fixed(value),
            slicing::Expectation::Pattern(value) => Self::Pattern(value),
            slicing::Expectation::Parts(parts) => {
                Self::Parts(parts.into_iter().map(|part| Test::compile(catalogue, part)).collect())
            }
            slicing::Expectation::Any(tests) => {
                Self::Any(tests.into_iter().map(|test| Test::compile(catalogue, test)).collect())
            }
            slicing::Expectation::Bound(binding) => Self::Bound(binding.value_set.unwrap_or_default().into()),
            slicing::Expectation::Exists(expected) => Self::Exists(expected),
            slicing::Expectation::Types(types) => Self::Types(types.into()),
            slicing::Expectation::Profiles(profiles) => {
                Self::Profiles(profiles.iter().map(|profile| catalogue.link(profile)).collect())
            }
        }
    }

    /// Whether a node at the end of a path is as expected.
    fn meets<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, found: Node<'d>) -> Answer {
        match self {
            Self::Fixed(fixed) => fixed::equals(found, &fixed.value).into(),
            Self::Pattern(pattern) => pattern::contains(found, &pattern.value).into(),
            Self::Parts(parts) => Answer::all(parts.iter().map(|part| part.passes(host, found))),
            Self::Any(tests) => Answer::any(tests.iter().map(|test| test.passes(host, found))),
            Self::Bound(value_set) => match binding::membership(host, found, value_set) {
                Membership::In => Answer::In,
                Membership::Out => Answer::Out,
                Membership::Undecided(_) => Answer::Undecided,
            },
            Self::Types(types) => {
                let Some(actual) = host.type_of(found) else { return Answer::Out };
                types.iter().any(|expected| host.is_kind_of(actual, expected)).into()
            }
            Self::Profiles(links) => Answer::any(links.iter().map(|link| match link.schema {
                _ if declares(found, &link.canonical) => Answer::In,
                Some(profile) => host.holds(found, profile).into(),
                None => Answer::Undecided,
            })),
            Self::Exists(_) => Answer::In,
        }
    }

    /// Whether a resource outside the document, of which a reference only gives the type, is as expected.
    fn is_met_by_type<'v, 'd>(&self, host: &impl Host<'v, 'd>, named: Option<&str>) -> Answer {
        match (self, named) {
            (Self::Types(types), Some(named)) => {
                types.iter().any(|expected| host.is_subtype(named, expected)).into()
            }
            _ => Answer::Undecided,
        }
    }
}

/// The reasons of the alternative that comes nearest.
fn fewest<'v>(tried: impl Iterator<Item = Vec<Finding<'v>>>) -> Vec<Finding<'v>> {
    tried.filter(|reasons| !reasons.is_empty()).min_by_key(Vec::len).unwrap_or_default()
}

/// Tests every node that a path leads to, until one is in.
fn any<'v, 'd>(
    host: &impl Host<'v, 'd>,
    node: Node<'d>,
    path: &[Step],
    ask: impl Fn(Node<'d>) -> Answer,
) -> Answer {
    let mut answers = Answer::Out;
    let _ = reach(host, node, path, &mut |found| {
        answers = Answer::any([answers, ask(found)]);
        if answers == Answer::In { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    answers
}

/// Where a reference leads.
enum Target<'d> {
    /// To a resource of the document.
    Here(Node<'d>),
    /// Out of the document, with the type that the reference names.
    Elsewhere(Option<&'d str>),
    /// Nowhere.
    None,
}

fn target<'v, 'd>(host: &impl Host<'v, 'd>, reference: Node<'d>) -> Target<'d> {
    let stated = || {
        let stated = reference.child_value(name::TYPE)?;
        Some(stated.strip_prefix(CORE).unwrap_or(stated))
    };
    match reference.child_value(name::REFERENCE).or(reference.value()) {
        Some(text) => match (host.resolve(text, reference), Literal::of(text)) {
            (Some(target), _) => Target::Here(target),
            (None, Literal::Fragment) => Target::None,
            (None, literal) => Target::Elsewhere(stated().or(literal.type_name())),
        },
        None if reference.child("identifier").is_some() => Target::Elsewhere(stated()),
        None => Target::None,
    }
}

fn declares(resource: Node<'_>, canonical: &str) -> bool {
    resource
        .child(name::META)
        .is_some_and(|meta| meta.named(name::PROFILE).any(|p| p.value() == Some(canonical)))
}

/// Visits every node that a path leads to, until told to stop.
fn reach<'v, 'd>(
    host: &impl Host<'v, 'd>,
    node: Node<'d>,
    path: &[Step],
    visit: &mut dyn FnMut(Node<'d>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let Some((step, rest)) = path.split_first() else { return visit(node) };
    match step {
        Step::Child(name) => node
            .selected(|child| host.is_named(child, name))
            .try_for_each(|child| reach(host, child, rest, visit)),
        Step::Extension(url) => node
            .named(name::EXTENSION)
            .filter(|extension| extension.child_value(name::URL) == Some(url))
            .try_for_each(|extension| reach(host, extension, rest, visit)),
        Step::Resolve => match target(host, node) {
            Target::Here(target) => reach(host, target, rest, visit),
            Target::Elsewhere(_) | Target::None => ControlFlow::Continue(()),
        },
        Step::OfType(code) if host.type_of(node).is_some_and(|of| of.code == *code) => {
            reach(host, node, rest, visit)
        }
        Step::OfType(_) => ControlFlow::Continue(()),
    }
}
