//! Elements that a specific rule reports as missing or duplicate, when the reason is already reported.

use ers_fhir_report::Rule;
use ers_fhir_tree::Node;

use super::scene::{Relation, Scene, Seen, any, is_within};
use crate::check::finding::About;
use crate::rule::bundle::{BUNDLE_FULL_URL_MISSING, BUNDLE_LINK, BUNDLE_SEARCH_ENTRY};
use crate::rule::cardinality::{CARDINALITY_MAX, CARDINALITY_MIN};
use crate::rule::coding::CODING_WITHOUT_SYSTEM;
use crate::rule::contained::{CONTAINED_WITHOUT_ID, DUPLICATE_ID};
use crate::rule::structure::{EMPTY_ELEMENT, UNKNOWN_ELEMENT};
use crate::rule::terminology::{
    CODE_SYSTEM_CONTENT, CODE_SYSTEM_DUPLICATE_PROPERTY, CODE_SYSTEM_PROPERTY_TYPE, CODE_SYSTEM_PROPERTY_URI,
    CODE_SYSTEM_UNDECLARED_PROPERTY,
};
use crate::rule::value::FIXED_VALUE;

pub(super) const RELATION: Relation = Relation { may_cause: any, may_follow, follows };

/// Rules about missing elements, and the names of those elements.
const LACKING: [(&Rule, &[&str]); 5] = [
    (&CONTAINED_WITHOUT_ID, &["id"]),
    (&BUNDLE_FULL_URL_MISSING, &["fullUrl"]),
    (&BUNDLE_SEARCH_ENTRY, &["resource", "search", "id", "mode"]),
    (&CODING_WITHOUT_SYSTEM, &["system"]),
    (&CODE_SYSTEM_CONTENT, &["concept"]),
];

/// Rules about the properties that a code system declares.
const OF_PROPERTY: [&Rule; 4] = [
    &CODE_SYSTEM_UNDECLARED_PROPERTY,
    &CODE_SYSTEM_PROPERTY_TYPE,
    &CODE_SYSTEM_PROPERTY_URI,
    &CODE_SYSTEM_DUPLICATE_PROPERTY,
];

fn may_follow(effect: Seen<'_>) -> bool {
    effect.is(&[&BUNDLE_LINK, &DUPLICATE_ID])
        || effect.is(&OF_PROPERTY)
        || LACKING.iter().any(|(rule, _)| effect.finding.rule.is(rule))
}

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let is_same = cause.node.id() == effect.node.id();
    if effect.is(&[&DUPLICATE_ID, &BUNDLE_LINK]) {
        // The allowed links depend on the type of the Bundle.
        let is_type = effect.is(&[&BUNDLE_LINK]) && cause.is(&[&FIXED_VALUE]) && cause.node.name() == "type";
        let bundle = cause.node.parent().filter(|_| is_type);
        return cause.is(&[&CARDINALITY_MAX]) && is_same
            || bundle.is_some_and(|bundle| is_within(effect.node, bundle));
    }
    if effect.is(&OF_PROPERTY) {
        return is_declaration(cause, effect);
    }
    let Some((_, names)) = LACKING.iter().find(|(rule, _)| effect.finding.rule.is(rule)) else {
        return false;
    };
    if cause.is(&[&EMPTY_ELEMENT]) {
        return is_same
            || effect.is(&[&BUNDLE_SEARCH_ENTRY])
                && cause.node.name() == "search"
                && cause.node.parent().map(Node::id) == Some(effect.node.id());
    }
    let is_meant = cause.is(&[&UNKNOWN_ELEMENT]);
    // A missing id of a contained resource has a rule of its own.
    let is_missing = cause.is(&[&CARDINALITY_MIN]) && !effect.is(&[&CONTAINED_WITHOUT_ID]);
    let (About::Child(name) | About::Within(name)) = cause.finding.about else { return false };
    if !names.contains(&name) || !is_meant && !is_missing {
        return false;
    }
    let place = if is_meant { cause.node.parent() } else { Some(cause.node) };
    let is_of = |place: Option<Node<'_>>| place.is_some_and(|place| place.id() == effect.node.id());
    // What a coding or a code system lacks is reported on an element that it has.
    let around = || effect.node.parent().map(Node::id);
    let is_beside = effect.is(&[&CODING_WITHOUT_SYSTEM, &CODE_SYSTEM_CONTENT])
        && place.is_some_and(|place| around() == Some(place.id()));
    is_of(place) || is_beside || matches!(name, "id" | "mode") && is_of(place.and_then(Node::parent))
}

/// Whether a code system declares a property wrongly, or twice.
fn is_declaration(cause: Seen<'_>, effect: Seen<'_>) -> bool {
    if cause.is(&OF_PROPERTY) {
        let is_first = effect.node.parent().map(Node::id) == Some(cause.node.id());
        return is_first && cause.finding.rule.is(effect.finding.rule);
    }
    let mut around = std::iter::successors(Some(cause.node), |node| node.parent());
    let is_of_system = |node: Node<'_>| node.resource_type() == Some("CodeSystem");
    let is_in = |node: &Node<'_>| node.name() == "property" && node.parent().is_some_and(is_of_system);
    let declaration = around.find(is_in);
    let is_missing = matches!(cause.finding.about, About::Child("property") | About::Within("property"))
        && (is_of_system(cause.node) || cause.node.parent().is_some_and(is_of_system));
    if effect.is(&[&CODE_SYSTEM_PROPERTY_URI]) {
        return cause.node.name() == "uri" && cause.node.parent().map(Node::id) == Some(effect.node.id());
    }
    let is_about = |name: &str| cause.node.name() == name || cause.finding.about == About::Child(name);
    let decides = match effect.finding.rule {
        rule if rule.is(&CODE_SYSTEM_PROPERTY_TYPE) => is_about("type"),
        rule if rule.is(&CODE_SYSTEM_UNDECLARED_PROPERTY) => is_about("code") || cause.is(&[&EMPTY_ELEMENT]),
        _ => false,
    };
    is_missing && effect.is(&[&CODE_SYSTEM_UNDECLARED_PROPERTY])
        || declaration.is_some() && decides && !is_within(effect.node, cause.node)
}
