//! Compares what a profile says about an element with the constraints of its base.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#limitations>.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::{
    BindingStrength, ElementDefinition, Max, SlicingRules, TypeRef, TypedValue,
};
use ers_fhir_profiles::terminology::Membership;
use ers_fhir_report::{Message, def, key, text};
use ers_fhir_tree::Node;
use ers_fhir_values::{Temporal, canonical};

use super::stated::Stated;
use crate::check::{Checker, Finding, said};
use crate::rule::definition as rules;
use crate::schema::{contains, fixed};

/// The longest chain of bases that is followed.
const MAX_CHAIN: usize = 32;

/// The most codes of a value set that are looked up in the value set of the base.
const MAX_CODES: usize = 200;

pub(super) fn check<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>) {
    check_cardinality(ctx, stated);
    check_values(ctx, stated);
    check_bound_value(ctx, stated);
    check_binding(ctx, stated);
    check_types(ctx, stated);
    check_slicing(ctx, stated);
    check_flags(ctx, stated);
}

fn report(ctx: &Checker<'_, '_>, node: Node<'_>, message: Message) {
    ctx.report(Finding::new(&rules::PROFILE_LOOSENS, node, message));
}

fn check_cardinality<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>) {
    let was = &stated.met.was;
    if let (Some(own), Some(least)) = (stated.own.min, was.min)
        && own < least
        && let Some(node) = stated.node.child("min")
    {
        report(ctx, node, text!("the base demands at least {} of {}", least, said::path(&was.path)));
    }
    if let (Some(own), Some(Max::Count(most))) = (stated.own.max, was.max)
        && own > Max::Count(most)
        && let Some(node) = stated.node.child("max")
    {
        report(ctx, node, text!("the base allows at most {} of {}", most, said::path(&was.path)));
    }
    if let (Some(least), Some(Max::Count(most))) = (stated.now.min, stated.now.max)
        && most < least
        && let Some(node) = stated.node.child("max").or_else(|| stated.node.child("min"))
    {
        let message =
            text!("at least {} of {} and at most {} is impossible", least, said::path(&was.path), most);
        report(ctx, node, message);
    }
}

/// The value of a choice such as `fixed[x]`.
fn choice<'d>(node: Node<'d>, stem: &str) -> Option<Node<'d>> {
    let is_typed = |rest: &str| rest.starts_with(|c: char| c.is_ascii_uppercase());
    node.children().find(|child| child.name().strip_prefix(stem).is_some_and(is_typed))
}

fn check_values<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>) {
    let was = &stated.met.was;
    if let Some(own) = choice(stated.node, "fixed") {
        if was.fixed.as_ref().is_some_and(|fixed| !fixed::equals(own, &fixed.value)) {
            report(ctx, own, text!("the base fixes a different value of {}", said::path(&was.path)));
        } else if was.pattern.as_ref().is_some_and(|pattern| !contains(own, &pattern.value)) {
            report(ctx, own, text!("the base demands a different value of {}", said::path(&was.path)));
        }
    }
    // A pattern of several parts replaces that of the base. It should contain the base's pattern, and may
    // leave parts of it out, but must not contradict any part.
    if let Some(own) = choice(stated.node, "pattern") {
        let is_at_odds = match (&was.pattern, &was.fixed) {
            (Some(pattern), _) => contradicts(own, &pattern.value, Lists::MayGrow),
            (None, Some(fixed)) => contradicts(own, &fixed.value, Lists::AreWhole),
            (None, None) => false,
        };
        if is_at_odds {
            report(ctx, own, text!("the base demands a different value of {}", said::path(&was.path)));
        }
    }
    if let (Some(own), Some(most)) = (stated.own.max_length, was.max_length)
        && own > most
        && let Some(node) = stated.node.child("maxLength")
    {
        report(ctx, node, text!("the base allows at most {} characters", most));
    }
    for (stem, own, limit, is_least) in [
        ("minValue", &stated.own.min_value, &was.min_value, true),
        ("maxValue", &stated.own.max_value, &was.max_value, false),
    ] {
        let (Some(own), Some(limit)) = (own, limit) else { continue };
        if let (Some(below), Some(node)) = (is_below(own, limit), choice(stated.node, stem))
            && below == is_least
        {
            let side = if is_least { "smaller than" } else { "greater than" };
            let limit = limit.value.text.as_deref().unwrap_or_default();
            report(ctx, node, text!("the base allows nothing {} {}", def(side), def(limit)));
        }
    }
}

/// A fixed value is one that a required binding allows.
fn check_bound_value<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>) {
    let Some(node) = choice(stated.node, "fixed").or_else(|| choice(stated.node, "pattern")) else { return };
    let bound = [&stated.now.binding, &stated.met.was.binding].into_iter().flatten();
    let mut required = bound.filter(|binding| binding.strength == BindingStrength::Required);
    let Some(set) = required.next().and_then(|binding| binding.value_set.as_deref()) else { return };
    let (system, code) = match node.value() {
        // A code has the system that the set gives it.
        Some(code) if node.name().ends_with("Code") => (None, Some(code)),
        None if node.name().ends_with("Coding") => (node.child_value("system"), node.child_value("code")),
        _ => return,
    };
    let Some(code) = code.filter(|_| node.value().is_some() || system.is_some()) else { return };
    let terminology = ctx.validator.terminology();
    let Ok(expansion) = terminology.expansion(set) else { return };
    if matches!(expansion.contains(terminology, system, code), Membership::Out) {
        let message = Message::text("").value(code).then(" is not in the value set ").value(set).then(text!(
            ", to which {} is bound, so no value can satisfy both",
            said::path(&stated.now.path)
        ));
        report(ctx, node, message);
    }
}

/// What a list of a value says of the list of a payload.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lists {
    /// It is all of it.
    AreWhole,
    /// There may be other items: one for each of two patterns.
    MayGrow,
}

/// Whether a value and the one that the base demands have different texts in the same place; lists are only
/// compared if they have one item.
fn contradicts(own: Node<'_>, base: &Datum, lists: Lists) -> bool {
    if let (Some(own), Some(base)) = (own.value(), base.text.as_deref()) {
        return own != base;
    }
    own.children().filter(|child| lists == Lists::AreWhole || !child.in_array()).any(|child| {
        let mut others = base.all(child.name());
        match (others.next(), others.next()) {
            (Some(other), None) => own.named(child.name()).count() == 1 && contradicts(child, other, lists),
            _ => false,
        }
    })
}

/// Whether a number or a date is less than another; `None` if they are equal or cannot be ordered.
fn is_below(own: &TypedValue, limit: &TypedValue) -> Option<bool> {
    let (own, limit) = (own.value.text.as_deref()?, limit.value.text.as_deref()?);
    let number = |text: &str| text.parse::<f64>().ok();
    let time = |text: &str| Temporal::parse_date_time(text).or_else(|| Temporal::parse_time(text));
    let order = match (number(own), number(limit)) {
        (Some(own), Some(limit)) => own.partial_cmp(&limit),
        _ => time(own)?.compare(&time(limit)?),
    };
    order.filter(|order| order.is_ne()).map(std::cmp::Ordering::is_lt)
}

const fn word(strength: BindingStrength) -> &'static str {
    match strength {
        BindingStrength::Example => "example",
        BindingStrength::Preferred => "preferred",
        BindingStrength::Extensible => "extensible",
        BindingStrength::Required => "required",
    }
}

fn check_binding<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>) {
    let was = &stated.met.was;
    let (Some(own), Some(base)) = (&stated.own.binding, &was.binding) else { return };
    let Some(node) = stated.node.child("binding") else { return };
    if own.strength < base.strength {
        let message = text!("the base binds {} as '{}'", said::path(&was.path), def(word(base.strength)));
        report(ctx, node.child("strength").unwrap_or(node), message);
    }
    let (Some(set), Some(wider)) = (&own.value_set, &base.value_set) else { return };
    if base.strength != BindingStrength::Required || canonical::url(set) == canonical::url(wider) {
        return;
    }
    let terminology = ctx.validator.terminology();
    let (Ok(own), Ok(base)) = (terminology.expansion(set), terminology.expansion(wider)) else { return };
    let is_outside = |code: &&ers_fhir_profiles::definition::Coding| {
        matches!(base.contains(terminology, code.system.as_deref(), &code.code), Membership::Out)
    };
    let codes = own.enumerate(terminology, MAX_CODES).codes;
    if let Some(code) = codes.iter().find(is_outside) {
        let message = Message::text("the value set has the code ")
            .value(&code.code)
            .then(text!(", which is not in the value set of the base, {}", def(wider)));
        report(ctx, node.child("valueSet").unwrap_or(node), message);
    }
}

fn check_types<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>) {
    let was = &stated.met.was;
    let is_open = |of: &TypeRef| of.code.starts_with("System.") || of.code.contains('/') || of.code == "*";
    if was.types.is_empty() || was.types.iter().any(is_open) {
        return;
    }
    // A repeat of STU3 has one profile or target, so one node is not one type.
    for own in &stated.own.types {
        let Some(node) = stated.node.named("type").find(|node| node.child_value("code") == Some(&own.code))
        else {
            continue;
        };
        let schemas = ctx.validator.schemas();
        // A type that constrains another may be written as the other type, with itself as the profile.
        let is_named =
            |of: &TypeRef| own.profiles.iter().any(|profile| profile.rsplit('/').next() == Some(&*of.code));
        let fits = |of: &&TypeRef| schemas.is_subtype(&own.code, &of.code) || is_named(of);
        // A type that no package has is not one of the FHIR types that the base allows.
        let is_known = schemas.of_type(&own.code).is_some()
            || was.types.iter().all(|of| schemas.of_type(&of.code).is_some());
        if is_known && !was.types.iter().any(|of| fits(&of)) {
            let mut codes: Vec<&str> = was.types.iter().map(|of| &*of.code).collect();
            codes.dedup();
            let message =
                text!("the base allows {} to be {}, not ", said::path(&was.path), def(codes.join(" or ")));
            report(ctx, node.child("code").unwrap_or(node), message.value(&own.code));
            continue;
        }
        check_profiles(ctx, node, own);
        let targets = was.types.iter().filter(fits).collect::<Vec<_>>();
        check_targets(ctx, stated, own, &targets);
    }
}

/// The profiles of the types of an element are for those types.
pub(super) fn check_type_profiles<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>) {
    for own in &stated.own.types {
        let mut nodes = stated.node.named("type");
        if let Some(node) = nodes.find(|node| node.child_value("code") == Some(&own.code)) {
            check_profiles(ctx, node, own);
        }
    }
}

/// A profile of a type is for that type.
fn check_profiles(ctx: &Checker<'_, '_>, node: Node<'_>, own: &TypeRef) {
    for profile in &own.profiles {
        let (url, element) = profile.split_once('#').map_or((&**profile, None), |(url, id)| (url, Some(id)));
        let Ok(Some(known)) = ctx.validator.definitions().structure(url) else { continue };
        let schemas = ctx.validator.schemas();
        let fits = schemas.is_subtype(&known.type_name, &own.code)
            || schemas.is_subtype(&own.code, &known.type_name);
        // In STU3 the profile of a reference may be that of its target.
        let is_link = matches!(&*own.code, "Reference" | "canonical");
        if element.is_none() && !fits && !is_link {
            let at = node.child("profile").unwrap_or(node);
            let message = Message::text("the profile ").value(profile).then(text!(
                " is for {}, not for {}",
                def(&known.type_name),
                key(&own.code)
            ));
            report(ctx, at, message);
        }
    }
}

fn check_targets<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>, own: &TypeRef, was: &[&TypeRef]) {
    // A base without targets allows any.
    if own.target_profiles.is_empty() || was.iter().any(|of| of.target_profiles.is_empty()) {
        return;
    }
    for target in &own.target_profiles {
        let answers =
            was.iter().flat_map(|of| &of.target_profiles).map(|wanted| is_kind(ctx, target, wanted));
        if answers.fold(Some(false), or) != Some(false) {
            continue;
        }
        let named = |node: &Node<'d>| node.value() == Some(target);
        let at = stated.node.named("type").find_map(|of| of.named("targetProfile").find(named));
        let message = text!("the base does not allow {} to refer to ", said::path(&stated.met.was.path));
        report(ctx, at.unwrap_or(stated.node), message.value(target));
    }
}

fn or(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// Whether a definition is another or is derived from it; `None` if one on the way is not loaded.
fn is_kind(ctx: &Checker<'_, '_>, url: &str, wanted: &str) -> Option<bool> {
    let mut url = url.to_owned();
    for _ in 0..MAX_CHAIN {
        if canonical::url(&url) == canonical::url(wanted) {
            return Some(true);
        }
        let known = ctx.validator.definitions().structure(&url).ok()??;
        // A type may be named by its canonical with or without the FHIR version.
        if known.url == canonical::url(wanted) {
            return Some(true);
        }
        match &known.base_definition {
            Some(base) => url.clone_from(base),
            None => return Some(false),
        }
    }
    None
}

const fn rules_word(rules: SlicingRules) -> &'static str {
    match rules {
        SlicingRules::Closed => "closed",
        SlicingRules::Open => "open",
        SlicingRules::OpenAtEnd => "openAtEnd",
    }
}

/// How much slicing rules forbid.
const fn strictness(rules: SlicingRules) -> u8 {
    match rules {
        SlicingRules::Open => 0,
        SlicingRules::OpenAtEnd => 1,
        SlicingRules::Closed => 2,
    }
}

fn check_slicing<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>) {
    let was: &ElementDefinition = &stated.met.was;
    let (Some(own), Some(base)) = (&stated.own.slicing, &was.slicing) else { return };
    let Some(node) = stated.node.child("slicing") else { return };
    if strictness(own.rules) < strictness(base.rules) {
        let message = text!("the base slices {} as '{}'", said::path(&was.path), def(rules_word(base.rules)));
        report(ctx, node.child("rules").unwrap_or(node), message);
    }
    if base.ordered && !own.ordered {
        let message = text!("the base requires the slices of {} to be in order", said::path(&was.path));
        report(ctx, node.child("ordered").unwrap_or(node), message);
    }
    let lost = base.discriminators.iter().find(|base| !own.discriminators.contains(base));
    if let Some(lost) = lost.filter(|_| !own.discriminators.is_empty()) {
        let message =
            text!("the base tells the slices of {} apart by '{}'", said::path(&was.path), def(&lost.path));
        report(ctx, node, message);
    }
}

fn check_flags<'d>(ctx: &Checker<'_, 'd>, stated: &Stated<'_, 'd>) {
    let was = &stated.met.was;
    if was.must_support == Some(true)
        && stated.own.must_support == Some(false)
        && let Some(node) = stated.node.child("mustSupport")
    {
        report(ctx, node, text!("the base requires support for {}", said::path(&was.path)));
    }
}
