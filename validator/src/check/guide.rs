//! Profiles that a loaded guide requires every resource of a type to conform to.
//!
//! Source: <http://hl7.org/fhir/R4/implementationguide-definitions.html#ImplementationGuide.global>.

use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;

use super::declared::declared_profiles;
use super::{Checker, Finding};
use crate::rule::profile as rules;
use crate::schema::{Global, Host, Schema};

/// Requests the profiles that guides require for a resource of that type.
pub(super) fn check<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, schema: &'v Schema) {
    for global in &schema.globals {
        match global.profile {
            Some(profile) if ctx.validator.schemas().is_about(profile, schema) => {
                ctx.demand_index(node, profile);
            }
            _ => note_unusable(ctx, node, global),
        }
    }
}

/// Reports once which part of a guide cannot be used.
#[cold]
fn note_unusable(ctx: &Checker<'_, '_>, node: Node<'_>, global: &Global) {
    if !ctx.is_first(std::ptr::from_ref(global).addr()) {
        return;
    }
    let schemas = ctx.validator.schemas();
    let asked = text!(
        "the guide {} requires every {} to conform to {}",
        def(&global.guide),
        def(&global.type_name),
        def(&global.canonical)
    );
    let finding = if let Some(profile) = global.profile {
        let message = text!("{}, which is for {}", asked, def(schemas.type_name(profile)));
        Finding::new(&rules::UNUSABLE_DEFINITION, node, message)
    } else {
        let message = text!("{}, which {}", asked, schemas.absence(&global.canonical));
        let load = Message::text("load the package that defines it with --ig");
        Finding::new(&rules::UNKNOWN_PROFILE, node, message).suggest(load)
    };
    ctx.report(finding.at_key(node));
}

impl Checker<'_, '_> {
    /// Whether a guide requires a profile for a resource.
    pub(super) fn has_global(&self, resource: Node<'_>) -> bool {
        let index = self.fact(resource).of.and_then(|of| of.schema);
        index.is_some_and(|index| self.validator.schemas().get(index).is_ok_and(|s| !s.globals.is_empty()))
    }

    /// Names the guide in findings under a profile that a resource does not declare itself.
    pub(super) fn name_guide(&self, finding: &mut Finding<'_>) {
        let (Some(source), (resource, _)) =
            (finding.demanded_by, self.resources_of(self.document.node(finding.node)))
        else {
            return;
        };
        let Some(of) = self.fact(resource).of else { return };
        let schemas = self.validator.schemas();
        let Some(Ok(schema)) = of.schema.map(|index| schemas.get(index)) else { return };
        let is_source = |global: &&Global| {
            global.profile.is_some_and(|profile| schemas.url(profile) == source.definition)
        };
        let Some(global) = schema.globals.iter().find(is_source) else { return };
        let names = |canonical: &str| schemas.find(canonical) == global.profile;
        let is_declared = declared_profiles(resource).filter_map(Node::value).any(names)
            || self.options.profiles.iter().any(|asked| names(asked));
        if !is_declared {
            let guide = text!(
                " (the guide {} requires every {} to conform to this profile)",
                def(&global.guide),
                def(&global.type_name)
            );
            finding.message = std::mem::take(&mut finding.message).then(guide);
        }
    }
}
