//! `type`: the allowed types of a value. The walk needs the types of a type's own elements to know what to do
//! with a value; the check is for profiles, which narrow them.

use ers_fhir_profiles::definition::{ElementDefinition, TypeRef};
use ers_fhir_report::{def, text};
use ers_fhir_tree::Node;

use super::cardinality::Wanted;
use super::host::Host;
use crate::check::edit;
use crate::check::finding::{Finding, Source};
use crate::rule::profile::WRONG_TYPE;
use crate::schema::catalogue::Catalogue;
use crate::schema::link::TypeCheck;
use crate::schema::type_name::Family;

/// The types to which a profile narrows an element.
#[derive(Debug)]
pub(crate) struct Types {
    allowed: Box<[TypeCheck]>,
    /// Whether exactly these types are allowed, because the name of a choice says which type it is: a code,
    /// which specializes string, is not a string there.
    is_exact: bool,
}

impl Types {
    /// Types of a profile; those of a type itself are [`read`] for the walk.
    pub(super) fn compile(
        catalogue: &Catalogue,
        definition: &ElementDefinition,
        base: Option<&ElementDefinition>,
    ) -> Option<Self> {
        let is_narrowed =
            !definition.types.is_empty() && base.is_none_or(|base| base.types != definition.types);
        is_narrowed.then(|| Self { allowed: read(catalogue, definition), is_exact: definition.is_choice() })
    }

    /// The remaining types.
    pub(crate) fn allowed(&self) -> &[TypeCheck] {
        &self.allowed
    }

    pub(super) fn check<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
        let Some(actual) = host.type_of(node) else { return };
        let is_allowed = |allowed: &&TypeCheck| {
            if self.is_exact {
                actual.code == allowed.of.code
            } else {
                host.is_kind_of(actual, &allowed.of.code)
            }
        };
        let allowed = self.allowed.iter().find(is_allowed);
        let Some(allowed) = allowed else {
            let names: Vec<&str> = self.allowed.iter().map(|allowed| &*allowed.of.code).collect();
            let message = text!(
                "'{}' must be {}, not {}",
                def(source.element),
                def(names.join(" or ")),
                def(&actual.code)
            );
            let other_name = match &*self.allowed {
                [only] => edit::retyped(node, &actual.code, &only.of.code),
                _ => Vec::new(),
            };
            let finding =
                Finding::new(&WRONG_TYPE, node, message).demanded_by(source).fix(other_name).at_key(node);
            host.report(match self.name_for(node, &actual.code) {
                Some(name) => finding.suggest(text!("write {}", def(name))),
                None => finding,
            });
            return;
        };
        if !allowed.profiles.is_empty() {
            host.conform_to_any(node, &allowed.profiles);
        }
        if allowed.of.family == Family::Reference && !allowed.targets.is_empty() {
            host.check_targets(node, allowed, source);
        }
    }
}

impl Types {
    /// The names of a choice with an allowed type: `valueUnsignedInt` for `valueInteger`.
    #[cold]
    fn name_for(&self, node: Node<'_>, actual: &str) -> Option<String> {
        let name = node.name();
        let stem = name.get(..name.len().checked_sub(actual.len())?)?;
        let is_choice = !stem.is_empty() && name[stem.len()..].eq_ignore_ascii_case(actual);
        let wanted = Wanted { name: stem, types: Some(&self.allowed) };
        // The text is the name of a FHIR element, with its type.
        (self.is_exact && is_choice).then(|| wanted.names())
    }
}

/// The types that a definition allows.
pub(crate) fn read(catalogue: &Catalogue, definition: &ElementDefinition) -> Box<[TypeCheck]> {
    definition.types.iter().map(|reference| type_check(catalogue, reference)).collect()
}

fn type_check(catalogue: &Catalogue, reference: &TypeRef) -> TypeCheck {
    let links = |canonicals: &[String]| canonicals.iter().map(|c| catalogue.link(c)).collect();
    let code = reference.fhir_type.as_deref().unwrap_or(&reference.code);
    TypeCheck {
        of: catalogue.type_of(code),
        profiles: links(&reference.profiles),
        targets: links(&reference.target_profiles),
        aggregation: reference.aggregation.clone().into(),
    }
}
