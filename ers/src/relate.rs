//! Findings that follow from others for reasons specific to e-RS.

use std::iter::successors;

use ers_fhir_report::{Issue, Rule, Severity};
use ers_fhir_tree::Node;
use ers_fhir_validator::rule::binding::{BINDING_EXTENSIBLE, BINDING_REQUIRED};
use ers_fhir_validator::rule::bundle::BUNDLE_SEARCH_ENTRY;
use ers_fhir_validator::rule::cardinality::CARDINALITY_MIN;
use ers_fhir_validator::rule::coding::{CODE_NOT_CHECKED, CODING_SYSTEM_IS_VALUE_SET, UNKNOWN_CODE};
use ers_fhir_validator::rule::primitive::PRIMITIVE_BLANK;
use ers_fhir_validator::rule::profile::UNKNOWN_PROFILE;
use ers_fhir_validator::rule::reference::{REFERENCE_FORMAT, UNRESOLVED_LOCAL_REFERENCE};
use ers_fhir_validator::rule::structure::{MISSING_RESOURCE_TYPE, UNKNOWN_ELEMENT, UNKNOWN_RESOURCE_TYPE};
use ers_fhir_validator::rule::value::FIXED_VALUE;
use ers_fhir_validator::service::Found;
use ers_fhir_values::suggest;

use crate::check::answers_to;
use crate::rule::advice::{RULE_122, RULE_132};
use crate::rule::answers::{BODY, CODE, PAGE, PARTS, RECORD, RELEASE, STATE, STATUS};
use crate::rule::appointments::{RULE_83, RULE_85, RULE_86, RULE_87, RULE_89};
use crate::rule::attachments::RULE_65;
use crate::rule::payload::{OTHER_OPERATION, RULE_136, RULE_140, RULE_142, RULE_143};
use crate::rule::review::{RULE_96, RULE_109};
use crate::rule::sent::{SENT_PLACEHOLDER, SENT_SYSTEM};
use crate::rule::shortlist::{RULE_32, RULE_33, RULE_40, RULE_41, RULE_42};
use crate::rule::update::VERSION;
use crate::rule::worklists::RULE_118;

/// The base URL of the definitions of FHIR itself.
const OF_FHIR: &str = "http://hl7.org/fhir/StructureDefinition/";
/// Keys of invariants that find the same mistake in a value as a rule of the service.
const FORMAT: &str = "ers-format-";

/// Rules about the body of one operation.
const BODIES: [&Rule; 2] = [&RULE_83, &RULE_87];

/// Whether the second finding follows from the first.
pub(crate) fn follows(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    is_answer(cause, effect)
        || is_of_other_body(cause, effect)
        || is_same_value(cause, effect)
        || is_of_inline_file(cause, effect)
        || is_of_other_release(cause, effect)
        || is_same_parameter(cause, effect)
        || is_of_other_list(cause, effect)
        || is_of_long_list(cause, effect)
        || is_of_criteria(cause, effect)
        || is_of_reason(cause, effect)
        || is_of_participants(cause, effect)
        || is_of_times(cause, effect)
        || is_of_booking(cause, effect)
        || is_of_start(cause, effect)
        || is_of_contained(cause, effect)
        || is_of_specialty(cause, effect)
        || is_of_sent_system(cause, effect)
        || is_of_error_code(cause, effect)
        || is_of_mode(cause, effect)
        || is_of_blank_comment(cause, effect)
        || is_of_version(cause, effect)
        || is_of_profile(cause, effect)
        || is_of_repeat(cause, effect)
        || is_of_status(cause, effect)
        || is_of_link(cause, effect)
        || is_of_name(cause, effect)
        || is_of_failure(cause, effect)
}

/// A finding that says how the service answers follows from the fault.
fn is_answer(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.severity >= Severity::Error
        && cause.span.start == effect.span.start
        && cause.node.id() == effect.node.id()
        && answers_to(effect.rule, cause.rule)
}

/// The findings of an operation's profile follow from the body belonging to another operation.
fn is_of_other_body(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_of_profile = effect.definition.is_some_and(|definition| !definition.starts_with(OF_FHIR));
    let is_of_body = BODIES.iter().any(|rule| effect.rule.is(rule)) || answers_to(effect.rule, effect.rule);
    cause.rule.is(&OTHER_OPERATION) && (is_of_profile || is_of_body)
}

/// A general finding of an invariant follows from a more specific one about the value.
fn is_same_value(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_general = |found: &Found<'_>| found.key.is_some_and(|key| key.starts_with(FORMAT));
    is_general(effect)
        && !is_general(cause)
        && (cause.severity > Severity::Warning || cause.rule.issue == Issue::BusinessRule)
        && (same(cause.node, effect.node)
            || effect.node.parent().is_some_and(|parent| same(cause.node, parent)))
}

/// The missing elements of an attachment follow from the file being embedded in it.
fn is_of_inline_file(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.rule.is(&RULE_65)
        && cause.node.name() == "data"
        && cause.node.parent().is_some_and(|attachment| same(attachment, effect.node))
}

/// The findings of FHIR in an OperationOutcome follow from it belonging to the other release.
fn is_of_other_release(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.rule.is(&RELEASE) && effect.rule.issue != Issue::BusinessRule
}

/// An element that a profile misses follows from a rule of the service that says the same about the
/// parameter.
fn is_same_parameter(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let missing = |name: &str| {
        effect.element.and_then(|element| element.rsplit_once(':')).is_some_and(|(_, slice)| slice == name)
    };
    effect.rule.is(&CARDINALITY_MIN)
        && same(cause.node, effect.node)
        && (cause.rule.is(&RULE_122) && missing("updatedPriority")
            || cause.rule.is(&RULE_132) && missing("providerConversionAuthorisation"))
}

/// A code that is in no list of that name follows from the name being wrong.
fn is_of_other_list(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let of_coding = |found: &Found<'_>| found.node.parent().map(Node::id);
    let is_code = cause.rule.is(&RULE_143) && effect.rule.is(&RULE_140)
        || cause.rule.is(&RULE_118) && (effect.rule.is(&UNKNOWN_CODE) || effect.rule.is(&RULE_140));
    is_code && of_coding(cause) == of_coding(effect)
}

/// Content that the service does not send follows from a client sending more than it may.
fn is_of_long_list(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_too_many = cause.rule.is(&RULE_40) || cause.rule.is(&RULE_41);
    is_too_many && effect.rule.is(&RULE_136)
}

/// Search criteria without a reference follow from a rule of the service that says the same; missing ones follow from
/// the reference to them.
fn is_of_criteria(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_unreferred = || cause.rule.is(&RULE_142) && effect.key == Some("dom-3");
    let is_not_there = || cause.rule.is(&UNRESOLVED_LOCAL_REFERENCE) && effect.rule.is(&RULE_142);
    is_unreferred() && is_within(effect.node, cause.node)
        || is_not_there() && is_within(cause.node, effect.node)
}

/// The wrong list of a reason follows from the reason not belonging there, or not belonging to the list of the
/// request.
fn is_of_reason(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let rank = |found: &Found<'_>| {
        let keys = ["ers-rule-79-reason", "ers-rule-83-reason", "ers-rule-87", "ers-appointment-reason"];
        keys.iter().position(|key| found.key == Some(*key))
    };
    let ranks = rank(cause).zip(rank(effect));
    ranks.is_some_and(|(cause, effect)| cause < effect) && is_within(effect.node, cause.node)
        || rank(cause).is_some() && effect.rule.is(&CODE_NOT_CHECKED) && is_within(effect.node, cause.node)
}

/// Participants that do not fit an appointment follow from a finding that says which one is
/// missing.
fn is_of_participants(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_participant =
        |element: &str| element.rsplit_once(':').is_some_and(|(path, _)| path == "Appointment.participant");
    cause.rule.is(&CARDINALITY_MIN)
        && cause.element.is_some_and(is_participant)
        && effect.rule.is(&RULE_86)
        && same(cause.node, effect.node)
}

/// A missing half of a period follows from there being a period at all.
fn is_of_times(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.key.is_some_and(|key| key.starts_with("ers-rule-83-times"))
        && effect.key == Some("app-2")
        && cause.node.parent().is_some_and(|appointment| same(appointment, effect.node))
}

/// An appointment that ends before it starts follows from an impossible start.
fn is_of_start(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let appointment = |found: &Found<'_>| found.node.parent().map(Node::id);
    effect.key == Some("ers-appointment-period")
        && cause.severity >= Severity::Error
        && cause.node.name() == "start"
        && appointment(cause) == appointment(effect)
}

/// Missing or extra elements of a booking follow from its lacking times: it is not a booking, or its
/// status is wrong.
fn is_of_booking(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_about_times = |found: &Found<'_>| matches!(found.key, Some("app-2" | "app-3"));
    let is_of_form = effect.key == Some("ers-rule-79-reason") && is_within(effect.node, cause.node);
    // A booking is not a request for triage, whatever its reason.
    let is_triage = cause.key == Some("ers-rule-79-reason") && effect.rule.is(&RULE_85);
    is_triage
        || cause.key.is_some_and(|key| key.starts_with("ers-rule-79-times"))
            && (is_of_form || is_about_times(effect) && same(cause.node, effect.node))
        || is_about_times(cause)
            && effect.rule.is(&STATE)
            && effect.node.parent().is_some_and(|appointment| same(appointment, cause.node))
}

/// A rule of the service about contained resources follows from FHIR's finding that nothing refers to one; that
/// finding follows from the element that should refer to it being missing.
fn is_of_contained(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_unreferred = |found: &Found<'_>| found.key == Some("dom-3");
    let of_service = [
        "ers-rule-120",
        "ers-referral-appointment",
        "ers-referral-documents",
        "ers-referral-contained",
        "ers-request-contained",
    ];
    let is_shortlist = |element: &str| element.ends_with(".extension:shortlist");
    let is_named = |found: &Found<'_>| found.key.is_some_and(|key| of_service.contains(&key));
    let is_list = |element: &str| element.ends_with(".contained:shortlist");
    let lacks_list = cause.rule.is(&CARDINALITY_MIN) && cause.element.is_some_and(is_list);
    let follows = is_unreferred(cause) && is_named(effect)
        || lacks_list && (is_unreferred(effect) || is_named(effect))
        || is_unreferred(effect)
            && cause.rule.is(&CARDINALITY_MIN)
            && cause.element.is_some_and(is_shortlist);
    follows && same(cause.node, effect.node)
}

/// Missing search criteria follow from one half of them being missing.
fn is_of_specialty(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.rule.is(&RULE_32) && effect.rule.is(&RULE_33) && same(cause.node, effect.node)
}

/// The system that FHIR expects follows from the service having another.
fn is_of_sent_system(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    if cause.rule.is(&FIXED_VALUE) && effect.rule.is(&SENT_PLACEHOLDER) && same(cause.node, effect.node) {
        return true;
    }
    let is_system = cause.rule.is(&SENT_SYSTEM) || cause.key == Some("ers-participant-type");
    is_system
        && (effect.rule.is(&BINDING_EXTENSIBLE) || effect.rule.is(&CODING_SYSTEM_IS_VALUE_SET))
        && is_within(cause.node, effect.node)
}

/// An undocumented error code follows from the code not existing.
fn is_of_error_code(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.rule.is(&UNKNOWN_CODE) && effect.rule.is(&CODE) && same(cause.node, effect.node)
}

/// A result that does not match the search follows from a wrong search mode.
fn is_of_mode(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.rule.is(&FIXED_VALUE)
        && cause.node.name() == "mode"
        && effect.rule.is(&BUNDLE_SEARCH_ENTRY)
        && is_within(cause.node, effect.node)
}

/// A blank comment follows from the comment being required.
fn is_of_blank_comment(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let demands = [&RULE_89, &RULE_96, &RULE_109];
    let of_parameter = || effect.node.parent().and_then(|parameter| parameter.child_value("name"));
    demands.into_iter().any(|rule| cause.rule.is(rule))
        && effect.rule.is(&PRIMITIVE_BLANK)
        && (effect.node.name() == "comment"
            || of_parameter().is_some_and(|name| name.to_ascii_lowercase().ends_with("comments")))
}

/// An undeclared profile of the service follows from an unknown one being declared.
fn is_of_profile(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    // The name of a profile of the service under another base URL, or in another case.
    let is_meant = || {
        let name = cause.text.trim().rsplit('/').next().unwrap_or_default();
        ["eRS-", "CareConnect-"]
            .iter()
            .any(|start| name.get(..start.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(start)))
    };
    cause.rule.is(&UNKNOWN_PROFILE)
        && effect.key == Some("ers-profile")
        && is_within(cause.node, effect.node)
        && (cause.severity >= Severity::Error || is_meant())
}

/// More than one service follows from the same service occurring twice.
fn is_of_repeat(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let entries = || cause.node.parent().map_or(0, |list| list.named("entry").count());
    cause.rule.is(&RULE_42)
        && effect.rule.is(&RULE_41)
        && is_within(cause.node, effect.node)
        && entries() == 2
}

/// A wrong state of an answer follows from a status or resources that it cannot have.
fn is_of_status(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_contained = || {
        cause.rule.is(&UNKNOWN_RESOURCE_TYPE)
            || cause.rule.is(&MISSING_RESOURCE_TYPE)
            || cause.key == Some("ers-referral-documents")
            || cause.rule.is(&UNKNOWN_ELEMENT) && suggest::nearest(cause.node.name(), ["contained"]).is_some()
            || cause.rule.is(&CARDINALITY_MIN)
                && cause.element.is_some_and(|element| element.ends_with(".contained"))
    };
    let is_status = cause.rule.is(&BINDING_REQUIRED) && same(cause.node, effect.node);
    effect.rule.is(&STATE) && (is_status || is_within(cause.node, effect.node) && is_contained())
        || effect.rule.is(&PARTS) && is_status
}

/// A missing self link follows from a fault in the links.
fn is_of_link(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let mut around = successors(Some(cause.node), |node| node.parent());
    let is_link =
        |node: Node<'_>| node.name() == "link" && node.parent().is_some_and(|it| same(it, effect.node));
    effect.rule.is(&PAGE)
        && cause.severity >= Severity::Error
        && (around.any(is_link) || cause.element == Some("Bundle.link"))
}

/// An undocumented status follows from a body that is not a failure.
fn is_of_failure(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.rule.is(&BODY)
        && effect.rule.is(&STATUS)
        && cause.severity > effect.severity
        && same(cause.node, effect.node)
}

/// A different record or id follows from a malformed reference to it.
fn is_of_name(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_format = cause.rule.is(&REFERENCE_FORMAT);
    let holder = effect.node.parent();
    let mut around = successors(Some(cause.node), |node| node.parent());
    let mut is_of_role = || around.any(|node| matches!(node.name(), "practitioner" | "organization"));
    effect.rule.is(&RECORD) && is_format && holder.is_some_and(|holder| same(holder, cause.node))
        || effect.key == Some("ers-role-id")
            && holder.is_some_and(|role| is_within(cause.node, role))
            && is_of_role()
}

/// A difference between If-Match and the version of the appointment that is sent follows from If-Match being
/// known to be wrong.
fn is_of_version(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.rule.is(&VERSION)
        && effect.rule.is(&VERSION)
        && cause.severity > effect.severity
        && effect.node.name() == "versionId"
}

fn is_within(node: Node<'_>, outer: Node<'_>) -> bool {
    successors(Some(node), |node| node.parent()).any(|node| same(node, outer))
}

fn same(one: Node<'_>, other: Node<'_>) -> bool {
    one.id() == other.id()
}
