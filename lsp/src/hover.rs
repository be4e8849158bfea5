//! The hover text at a place: the element, its binding, and the findings there.

use std::fmt::Write;

use ers_fhir_ers::rule::WORDS;
use ers_fhir_profiles::definition::{Binding, BindingStrength, Constraint, Max};
use ers_fhir_report::Diagnostic;
use ers_fhir_validator::words::core;

use crate::outline::{Outline, Spot};
use crate::project::Hints;
use crate::scope::{Scope, View};

/// The most codes of a value set that are listed.
const MOST_CODES: usize = 12;

/// The hover text of a place, as Markdown, and the range of bytes that it is about.
pub(crate) fn hover(
    outline: &Outline<'_>,
    hints: &Hints,
    profiles: &[String],
    offset: usize,
) -> Option<(String, std::ops::Range<usize>)> {
    let scope = Scope { definitions: &hints.definitions, outline, profiles };
    match outline.spot(offset)? {
        Spot::Key { member: Some(member), token, .. } => {
            let views = scope.views(member);
            Some((element(&views, hints)?, token))
        }
        Spot::Value { part, token } if !token.is_empty() => {
            let views = scope.views(part);
            let mut text = coded(&views, outline, part, hints).unwrap_or_default();
            text.push_str(&element(&views, hints)?);
            Some((text, token))
        }
        _ => None,
    }
}

/// The findings at a place, with their rules.
pub(crate) fn explained(finding: &Diagnostic) -> String {
    let rule = finding.rule;
    let mut text = format!("**{}** ({})", rule.code, finding.severity);
    if let Some(key) = &finding.key {
        let _ = write!(text, ", invariant `{key}`");
    }
    let _ = write!(text, "\n\n{}\n\n{}\n", rule.summary, rule.explanation);
    if let Some(profile) = &finding.profile {
        let _ = write!(text, "\nRequired by {profile}\n");
    }
    let _ = write!(text, "\nSource: {}\n", rule.source);
    text
}

/// The descriptions of an element in definitions, the narrowest first.
fn element(views: &[View], hints: &Hints) -> Option<String> {
    let view = views.last()?;
    let element = view.element();
    let mut text = format!("**{}**", element.id);
    let max = match element.max {
        Some(Max::Count(count)) => count.to_string(),
        _ => "*".to_owned(),
    };
    let _ = write!(text, " `{}..{max}`", element.min.unwrap_or_default());
    let types: Vec<String> = match view.type_code() {
        Some(code) => vec![code.to_owned()],
        None => element.types.iter().map(|of| of.code.clone()).collect(),
    };
    if !types.is_empty() {
        let _ = write!(text, " {}", types.join(" | "));
    }
    let targets: Vec<&str> = element
        .types
        .iter()
        .flat_map(|of| &of.target_profiles)
        .filter_map(|target| target.rsplit('/').next())
        .collect();
    if !targets.is_empty() {
        let _ = write!(text, " to {}", targets.join(" | "));
    }
    text.push('\n');
    let described = views.iter().rev().map(View::element);
    let mut described =
        described.filter_map(|element| element.definition.as_ref().or(element.short.as_ref()));
    if let Some(words) = described.next() {
        let _ = write!(text, "\n{words}\n");
    }
    for (label, value) in [("Always", &element.fixed), ("Pattern", &element.pattern)] {
        if let Some(value) = value.as_ref().and_then(|value| value.value.text.as_deref()) {
            let _ = write!(text, "\n{label} `{value}`\n");
        }
    }
    if let Some(length) = element.max_length {
        let _ = write!(text, "\nAt most {length} characters\n");
    }
    if let Some(binding) = narrowest(views) {
        bound(&mut text, binding, hints);
    }
    invariants(&mut text, &element.constraints);
    let _ = write!(text, "\n{}\n", view.canonical);
    Some(text)
}

/// The binding that the narrowest definition has.
pub(crate) fn narrowest(views: &[View]) -> Option<&Binding> {
    views.iter().rev().find_map(|view| view.element().binding.as_ref())
}

fn bound(text: &mut String, binding: &Binding, hints: &Hints) {
    let strength = match binding.strength {
        BindingStrength::Required => "a code of",
        BindingStrength::Extensible => "a code of, if one fits,",
        BindingStrength::Preferred => "preferably a code of",
        BindingStrength::Example => "for example a code of",
    };
    let Some(canonical) = &binding.value_set else { return };
    let set = hints.value_set(canonical);
    let name = set.as_ref().and_then(|set| set.title.as_deref().or(set.name.as_deref())).unwrap_or("");
    let _ = write!(text, "\nBinding: {strength} {name} <{canonical}>\n");
    let Ok(expansion) = hints.terminology.expansion(canonical) else { return };
    let listed = expansion.enumerate(&hints.terminology, MOST_CODES);
    for coding in &listed.codes {
        let _ = match &coding.display {
            Some(display) => write!(text, "\n- `{}` {display}", coding.code),
            None => write!(text, "\n- `{}`", coding.code),
        };
    }
    if !listed.codes.is_empty() {
        text.push_str(if listed.gap.is_some() { "\n- …\n" } else { "\n" });
    }
}

/// The meaning of the code at the place.
fn coded(views: &[View], outline: &Outline<'_>, part: usize, hints: &Hints) -> Option<String> {
    let code = outline.text(part)?;
    let object = outline.part(part).parent?;
    let lookup = |system: &str| match hints.terminology.lookup(system, code) {
        ers_fhir_profiles::terminology::CodeLookup::Found(found) => found.display().map(str::to_owned),
        _ => None,
    };
    let is_code = outline.key(part) == Some("code");
    let system = outline.member_text(object, "system").filter(|_| is_code);
    let display = system.and_then(lookup).or_else(|| {
        let expansion = hints.terminology.expansion(narrowest(views)?.value_set.as_ref()?).ok()?;
        let codes = expansion.enumerate(&hints.terminology, 1000).codes;
        codes.into_iter().find(|coding| coding.code == code)?.display
    })?;
    Some(format!("`{code}`: {display}\n\n"))
}

fn invariants(text: &mut String, constraints: &[Constraint]) {
    for constraint in constraints {
        let Some(expression) = &constraint.expression else { continue };
        let Constraint { key, .. } = constraint;
        // Invariants of every element are not worth showing.
        if key.starts_with("ele-") || key.starts_with("ext-") {
            continue;
        }
        match WORDS.find(key, expression).or_else(|| core().find(key, expression)) {
            Some(words) => {
                let _ = write!(text, "\n`{key}` is broken if {}\n", words.wrong);
            }
            None => {
                let _ = write!(text, "\n`{key}`: `{expression}`\n");
            }
        }
    }
}
