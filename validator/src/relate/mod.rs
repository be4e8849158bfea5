//! Which findings follow from others: one mistake is one finding, and the findings that follow from it are
//! its notes.
//!
//! This runs when a check is over, and only if there are several findings. Each relation has its own file: it
//! decides for two findings whether the second follows from the first, by their rules, their places and what
//! they are [about](crate::check::finding::About), and which findings can take part at all; never by their
//! texts. A finding follows from at most one other, which is at least as severe.

mod candidate;
mod code;
mod declared;
mod entry;
mod instead;
mod invariant;
mod kind;
mod lack;
mod missing;
mod nameless;
mod reference;
mod release;
mod scene;
mod twice;
mod value;

use ers_fhir_report::Rule;
use ers_fhir_tree::Document;

use entry::Entries;
use scene::{Relation, Scene, Seen};

use crate::check::finding::{About, Finding};
use crate::rule;
use crate::rule::coding::CODE_NOT_CHECKED;
use crate::rule::definition::PROFILE_NOT_CHECKED;
use crate::rule::extension::UNKNOWN_EXTENSION;
use crate::rule::invariant::INVARIANT_NOT_EVALUATED;
use crate::rule::profile::UNKNOWN_PROFILE;
use crate::rule::reference::REFERENCE_NOT_IN_BUNDLE;
use crate::rule::syntax;
use crate::service::{Found, Service};

/// How many findings before and after one may be its cause, in document order.
const NEAR: usize = 100;
/// The first findings may be causes of all others, as they are about the payload as a whole.
const FIRST: usize = 4;

/// Rules about missing checks, which may be missing because of a mistake.
const LEFT_OUT: [&Rule; 5] = [
    &CODE_NOT_CHECKED,
    &INVARIANT_NOT_EVALUATED,
    &UNKNOWN_PROFILE,
    &PROFILE_NOT_CHECKED,
    &REFERENCE_NOT_IN_BUNDLE,
];

/// The relations, the most telling ones first.
const RELATIONS: [&Relation; 13] = [
    &release::RELATION,
    &twice::RELATION,
    &declared::RELATION,
    &kind::RELATION,
    &value::RELATION,
    &nameless::RELATION,
    &missing::RELATION,
    &lack::RELATION,
    &code::RELATION,
    &reference::RELATION,
    &candidate::RELATION,
    &invariant::RELATION,
    &instead::RELATION,
];

/// The roles that a finding may have in the relations, a bit for each relation. Hardly any two findings are
/// related, and this can be decided for each alone.
#[derive(Clone, Copy)]
struct Parts {
    cause: u16,
    effect: u16,
}

impl Parts {
    fn of(seen: Seen<'_>) -> Self {
        let bits = |is_part: fn(&Relation, Seen<'_>) -> bool| {
            let ordered = RELATIONS.iter().rev();
            ordered.fold(0, |bits, relation| bits << 1 | u16::from(is_part(relation, seen)))
        };
        Self {
            cause: bits(|relation, seen| (relation.may_cause)(seen)),
            effect: bits(|relation, seen| (relation.may_follow)(seen)),
        }
    }
}

/// For each finding, in document order, the one that it follows from; never one that the service excuses, as
/// there is nothing to fix.
#[cold]
pub(crate) fn causes(
    findings: &[Finding<'_>],
    excuses: &[Option<&Rule>],
    document: &Document<'_>,
    service: Option<&dyn Service>,
) -> Vec<Option<usize>> {
    let all = findings.iter().enumerate().map(|(at, finding)| Seen::new(at, finding, document)).collect();
    let scene = Scene { all };
    let found: Vec<Found<'_>> = match service {
        Some(_) => findings.iter().map(|finding| Found::new(finding, document)).collect(),
        None => Vec::new(),
    };
    let entries = Entries::of(findings, document);
    let parts: Vec<Parts> = scene.all.iter().map(|seen| Parts::of(*seen)).collect();
    let is_of_release = |finding: &Finding<'_>| finding.about == About::Release;
    let has_release = findings.iter().any(is_of_release);
    let is_gap: Vec<bool> =
        findings.iter().map(|finding| rule::gap(finding.rule).is_some() && !is_of_release(finding)).collect();
    let mut causes: Vec<Option<usize>> = vec![None; findings.len()];
    for (at, effect) in scene.all.iter().enumerate() {
        // Syntax faults follow from nothing, except text in an unknown element.
        if effect.is(syntax::RULES) && !effect.is(&[&syntax::TEXT_IN_XML]) {
            continue;
        }
        // A missing check is reported on its own, unless a mistake prevented it.
        let may_follow = effect.is(&LEFT_OUT) || has_release && effect.is(&[&UNKNOWN_EXTENSION]);
        if is_gap[at] && !may_follow {
            continue;
        }
        let mut near = at.saturating_sub(NEAR)..(at + NEAR).min(findings.len());
        // A candidate that was looked for may be in another entry.
        if effect.finding.reasons.is_empty() {
            near = entries.around(at, near);
        }
        let first = 0..near.start.min(FIRST);
        let is_excused = |other: usize| excuses.get(other).is_some_and(Option::is_some);
        let is_candidate = |other: &usize| *other != at && !is_gap[*other] && !is_excused(*other);
        let candidates = || first.clone().chain(near.clone()).filter(is_candidate);
        // A finding keeps its own severity, so nothing graver follows from it.
        let may_lead = |other: &usize| {
            findings[*other].severity >= effect.finding.severity && !leads_to(&causes, *other, at)
        };
        let of_service = service.and_then(|service| {
            // Only the service may know which profile was meant.
            let is_profile = |other: &usize| findings[*other].rule.is(&UNKNOWN_PROFILE);
            let near = first.clone().chain(near.clone());
            let mut near = near.filter(|other| {
                *other != at && !is_excused(*other) && (!is_gap[*other] || is_profile(other))
            });
            near.find(|other| service.follows(&found[*other], &found[at]) && may_lead(other))
        });
        let mut of_effect = RELATIONS.iter().enumerate().filter(|(bit, _)| parts[at].effect >> bit & 1 == 1);
        let of_relations = || {
            of_effect.find_map(|(bit, relation)| {
                let mut likely = candidates().filter(|other| parts[*other].cause >> bit & 1 == 1);
                let follows = |other: &usize| (relation.follows)(&scene, scene.all[*other], *effect);
                likely.find(|other| follows(other) && may_lead(other))
            })
        };
        causes[at] = of_service.or_else(of_relations);
    }
    let heads = (0..causes.len()).map(|at| causes[at].map(|cause| head(&causes, cause)));
    heads.collect()
}

/// Adds to a cause what only its effects show.
#[cold]
pub(crate) fn advise(findings: &mut [Finding<'_>], causes: &[Option<usize>]) {
    for (at, cause) in causes.iter().enumerate() {
        let Some(cause) = *cause else { continue };
        if let Ok([cause, effect]) = findings.get_disjoint_mut([cause, at]) {
            instead::advise(cause, effect);
            missing::advise(cause, effect);
            value::advise(cause, effect);
        }
    }
}

/// The root cause of a finding.
fn head(causes: &[Option<usize>], mut at: usize) -> usize {
    while let Some(cause) = causes[at] {
        at = cause;
    }
    at
}

/// Whether a finding follows from another, possibly through others.
fn leads_to(causes: &[Option<usize>], mut at: usize, cause: usize) -> bool {
    loop {
        if at == cause {
            return true;
        }
        match causes[at] {
            Some(next) => at = next,
            None => return false,
        }
    }
}
