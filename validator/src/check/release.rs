//! Elements and types that only the other release of FHIR has.

use std::sync::LazyLock;

use ers_fhir_profiles::definition::{ElementDefinition, StructureKind};
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_report::text;

use super::{Checker, Finding};
use crate::schema::Origin;

static STU3: LazyLock<Definitions> = LazyLock::new(|| Definitions::embedded(FhirVersion::Stu3));
static R4: LazyLock<Definitions> = LazyLock::new(|| Definitions::embedded(FhirVersion::R4));

/// The other release, and FHIR's own definitions there.
fn other(ctx: &Checker<'_, '_>) -> (FhirVersion, &'static Definitions) {
    match ctx.version() {
        FhirVersion::Stu3 => (FhirVersion::R4, &R4),
        FhirVersion::R4 => (FhirVersion::Stu3, &STU3),
    }
}

/// The other release, if it has a resource of this type.
#[cold]
pub(super) fn of_type(ctx: &Checker<'_, '_>, type_name: &str) -> Option<FhirVersion> {
    let (release, definitions) = other(ctx);
    let found = definitions.type_definition(type_name).ok().flatten()?;
    (found.kind == StructureKind::Resource).then_some(release)
}

/// Points out that an unknown element exists in the other release.
#[cold]
pub(super) fn noted<'v>(
    ctx: &Checker<'v, '_>,
    mut finding: Finding<'v>,
    name: &str,
    owner: Origin<'_>,
) -> Finding<'v> {
    let Some(release) = of_element(ctx, name, owner) else { return finding };
    let help = finding.suggestion.take().map(|help| text!("; {}", help));
    finding.suggest(text!(
        "it is an element of {}, and this is checked as {}{}",
        release,
        ctx.version(),
        help
    ))
}

fn of_element(ctx: &Checker<'_, '_>, name: &str, owner: Origin<'_>) -> Option<FhirVersion> {
    if owner.schema.is_profile() || owner.schema.kind == StructureKind::Logical {
        return None;
    }
    let (release, definitions) = other(ctx);
    let definition = definitions.type_definition(&owner.schema.of.code).ok().flatten()?;
    let child = |element: &ElementDefinition| {
        element.path.strip_prefix(&*owner.element.id)?.strip_prefix('.').map(str::to_owned)
    };
    let has = |element: &ElementDefinition| {
        child(element).is_some_and(|child| match child.strip_suffix("[x]") {
            Some(stem) => name.strip_prefix(stem).is_some_and(|rest| is_of_choice(element, rest)),
            None => child == name,
        })
    };
    definition.differential.iter().any(has).then_some(release)
}

/// Whether a choice may have the type at the end of a name: `DateTime`, of `deceasedDateTime`.
fn is_of_choice(choice: &ElementDefinition, rest: &str) -> bool {
    let is_capital = rest.starts_with(|first: char| first.is_ascii_uppercase());
    is_capital && choice.types.iter().any(|of| of.code.eq_ignore_ascii_case(rest))
}
