//! Completions at a place: names of elements, codes, types, profiles, names of parameters.

use std::ops::Range;

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::definition::{Max, StructureKind};
use ers_fhir_profiles::package::Kind as Definition;
use ers_fhir_values::markup::Escaped;
use lsp_types::CompletionItemKind;

use crate::hover::narrowest;
use crate::outline::{Kind, Outline, Spot};
use crate::project::Hints;
use crate::scope::{self, Scope, View};

/// The most codes of a value set that are offered.
const MOST_CODES: usize = 500;

/// A completion.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Offer {
    /// The label.
    pub(crate) label: String,
    /// A short description.
    pub(crate) detail: String,
    /// The kind.
    pub(crate) kind: CompletionItemKind,
    /// The text to insert.
    pub(crate) text: String,
    /// The text to insert after the caret.
    pub(crate) behind: String,
}

impl Offer {
    fn string(label: impl Into<String>, detail: impl Into<String>, kind: CompletionItemKind) -> Self {
        let label = label.into();
        let text = format!("\"{label}\"");
        Self { label, detail: detail.into(), kind, text, behind: String::new() }
    }

    /// The text for the editor to insert; a snippet places the caret.
    pub(crate) fn written(&self, as_snippet: bool) -> String {
        if !as_snippet {
            return format!("{}{}", self.text, self.behind);
        }
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}");
        let caret = if self.behind.is_empty() { "" } else { "$0" };
        format!("{}{caret}{}", escaped(&self.text), escaped(&self.behind))
    }

    /// The same as the value of an attribute, inside its quotes.
    fn in_attribute(self) -> Self {
        Self { text: Escaped(&self.label).to_string(), ..self }
    }

    /// The same as the start of an element; text that is already there is not inserted again.
    fn in_tag(self, goes_on: (&str, String), is_written: bool) -> Self {
        let (start, behind) = if is_written { ("", String::new()) } else { goes_on };
        Self { text: format!("<{}{start}", self.label), behind, ..self }
    }
}

/// The completions at a place in a text, and the range of bytes that they replace.
pub(crate) fn offers(
    outline: &Outline<'_>,
    source: &str,
    hints: &Hints,
    profiles: &[String],
    offset: usize,
) -> (Vec<Offer>, Range<usize>) {
    let scope = Scope { definitions: &hints.definitions, outline, profiles };
    let behind = |token: &Range<usize>| source[token.end..].trim_start();
    match outline.spot(offset) {
        Some(Spot::Key { object, member, token }) if outline.is_xml() => {
            (elements(&scope, object, member, is_written(behind(&token))), token)
        }
        Some(Spot::Key { object, member, token }) => (keys(&scope, object, member, behind(&token)), token),
        Some(Spot::Value { part, token }) => {
            let offers = values(&scope, hints, part);
            let is_xml = outline.is_xml();
            (offers.into_iter().map(|it| if is_xml { it.in_attribute() } else { it }).collect(), token)
        }
        Some(Spot::Type { token }) => {
            let is_written = is_written(behind(&token));
            let namespace = " xmlns=\"http://hl7.org/fhir\">";
            let offers = types(scope.definitions).into_iter().map(|it| {
                let end = format!("</{}>", it.label);
                it.in_tag((namespace, end), is_written)
            });
            (offers.collect(), token)
        }
        Some(Spot::End { element, token }) => (end(outline, element).into_iter().collect(), token),
        None => (Vec::new(), offset..offset),
    }
}

/// Whether the name of an element is followed by the rest of its tag.
fn is_written(behind: &str) -> bool {
    !(behind.is_empty() || behind.starts_with('<'))
}

/// The end of an element.
fn end(outline: &Outline<'_>, element: usize) -> Option<Offer> {
    let name = outline.type_name(element).or_else(|| outline.key(element))?;
    let text = format!("</{name}>");
    let (detail, behind) = (String::new(), String::new());
    Some(Offer { label: text.clone(), detail, kind: CompletionItemKind::FIELD, text, behind })
}

/// The elements that an object may still have or may repeat.
fn elements(scope: &Scope<'_>, object: usize, member: Option<usize>, is_written: bool) -> Vec<Offer> {
    let views = scope.views(object);
    let is_type = scope.outline.type_name(object).is_some();
    if !is_type && scope::is_resource(scope.definitions, &views) {
        let types = types(scope.definitions).into_iter();
        return types
            .map(|it| {
                let end = format!("</{}>", it.label);
                it.in_tag((">", end), is_written)
            })
            .collect();
    }
    let siblings = scope.outline.part(object).parts.iter().filter(|part| Some(**part) != member);
    let present: Vec<&str> = siblings.filter_map(|part| scope.outline.key(*part)).collect();
    let named = named(scope, &views).into_iter().filter(|(name, child)| {
        !present.contains(&name.as_str()) || child.element().max != Some(Max::Count(1))
    });
    let offers = named.filter_map(|(name, child)| {
        let attribute = child.element().representation.iter().any(|it| it == "xmlAttr");
        let offer = Offer {
            label: name,
            detail: detail(&child),
            kind: CompletionItemKind::FIELD,
            text: String::new(),
            behind: String::new(),
        };
        let goes_on = match child.type_code() {
            Some("Extension") => (" url=\"", format!("\"></{}>", offer.label)),
            _ if child.is_primitive(scope.definitions) => (" value=\"", "\"/>".to_owned()),
            _ => (">", format!("</{}>", offer.label)),
        };
        (!attribute).then(|| offer.in_tag(goes_on, is_written))
    });
    offers.collect()
}

/// The elements that an object may have, by name; a profile takes precedence over the type.
fn named(scope: &Scope<'_>, views: &[View]) -> Vec<(String, View)> {
    let mut named: Vec<(String, View)> = Vec::new();
    for (name, child) in views.iter().rev().flat_map(|view| view.children(scope.definitions)) {
        if !named.iter().any(|(known, _)| *known == name) {
            named.push((name, child));
        }
    }
    named
}

fn detail(child: &View) -> String {
    let code = child.type_code().unwrap_or_default();
    let is_needed = child.element().min.unwrap_or_default() > 0;
    if is_needed { format!("{code}, required") } else { code.to_owned() }
}

/// The elements that an object may have but lacks.
fn keys(scope: &Scope<'_>, object: usize, member: Option<usize>, behind: &str) -> Vec<Offer> {
    let own = member.and_then(|member| scope.outline.key(member));
    let present: Vec<&str> = scope.outline.keys(object).filter(|key| Some(*key) != own).collect();
    let views = scope.views(object);
    let mut offers: Vec<Offer> = Vec::new();
    let mut add = |name: String, detail: String, value: &str| {
        if present.contains(&name.as_str()) || offers.iter().any(|offer| offer.label == name) {
            return;
        }
        let (text, behind) = match behind.chars().next() {
            Some(':') => (format!("\"{name}\""), ""),
            // Another member follows.
            Some('"') => (format!("\"{name}\": {value}"), ", "),
            _ => (format!("\"{name}\": {value}"), ""),
        };
        let behind = behind.to_owned();
        offers.push(Offer { label: name, detail, kind: CompletionItemKind::FIELD, text, behind });
    };
    let is_resource =
        views.iter().any(|view| view.element().is_root() && is_resource(scope.definitions, view));
    if is_resource || views.is_empty() && scope.outline.part(object).parent.is_none() {
        add("resourceType".to_owned(), String::new(), "\"\"");
    }
    for (name, child) in named(scope, &views) {
        add(name, detail(&child), "");
    }
    offers
}

fn is_resource(definitions: &Definitions, view: &View) -> bool {
    let structure = definitions.structure(&view.canonical).ok().flatten();
    structure.is_some_and(|structure| structure.kind == StructureKind::Resource)
}

fn values(scope: &Scope<'_>, hints: &Hints, part: usize) -> Vec<Offer> {
    let outline = scope.outline;
    let Some(member) = outline.ancestors(part).find(|part| outline.key(*part).is_some()) else {
        return Vec::new();
    };
    // Only a value in the member itself or in its array is one of its values.
    if member != part && outline.part(part).parent != Some(member) {
        return Vec::new();
    }
    let key = outline.key(member).unwrap_or_default();
    let object = outline.part(member).parent;
    if key == "resourceType" {
        return types(scope.definitions);
    }
    let views = scope.views(member);
    if key == "profile" && is_called(outline, object, "meta") {
        return profiles_of(scope, object);
    }
    if key == "url"
        && (is_called(outline, object, "extension") || is_called(outline, object, "modifierExtension"))
    {
        return structures(scope.definitions, |type_name| type_name == "Extension");
    }
    if key == "name" && is_called(outline, object, "parameter") {
        return parameters(scope, object);
    }
    if views.iter().any(|view| view.type_code() == Some("boolean")) {
        return ["true", "false"].map(word).into();
    }
    let mut offers = fixed(&views);
    offers.extend(codes(scope, hints, &views, key, object));
    offers
}

fn word(text: &str) -> Offer {
    Offer {
        label: text.to_owned(),
        detail: String::new(),
        kind: CompletionItemKind::VALUE,
        text: text.to_owned(),
        behind: String::new(),
    }
}

/// Whether an object is the member with that name, or an item of it.
fn is_called(outline: &Outline<'_>, object: Option<usize>, name: &str) -> bool {
    let Some(object) = object else { return false };
    outline.ancestors(object).find_map(|part| outline.key(part)) == Some(name)
}

/// The types of resources.
fn types(definitions: &Definitions) -> Vec<Offer> {
    let known = definitions.known(Definition::Structure);
    let plain = known.iter().filter(|known| !known.is_constraint);
    let names = plain.filter_map(|known| {
        let structure = definitions.structure(known.url).ok().flatten()?;
        let is_type = structure.kind == StructureKind::Resource && !structure.is_abstract;
        is_type.then(|| Offer::string(structure.type_name.clone(), "", CompletionItemKind::CLASS))
    });
    names.collect()
}

/// The profiles of the type of the resource whose `meta` an object is.
fn profiles_of(scope: &Scope<'_>, meta: Option<usize>) -> Vec<Offer> {
    let outline = scope.outline;
    let resource = meta.and_then(|meta| outline.part(meta).parent);
    let wanted = resource.and_then(|resource| outline.type_name(resource));
    structures(scope.definitions, |type_name| {
        wanted.map_or(type_name != "Extension", |wanted| wanted == type_name)
    })
}

/// The profiles of types.
fn structures(definitions: &Definitions, is_wanted: impl Fn(&str) -> bool) -> Vec<Offer> {
    let known = definitions.known(Definition::Structure);
    let wanted = known.iter().filter(|known| known.is_constraint && known.type_name.is_some_and(&is_wanted));
    wanted
        .map(|known| Offer::string(known.url, known.name.unwrap_or_default(), CompletionItemKind::REFERENCE))
        .collect()
}

/// The names of parameters that a profile defines.
fn parameters(scope: &Scope<'_>, object: Option<usize>) -> Vec<Offer> {
    let Some(object) = object else { return Vec::new() };
    let mut offers: Vec<Offer> = Vec::new();
    for (name, slice) in scope.views(object).iter().flat_map(|view| view.slices_by("name")) {
        let detail = slice.element().short.clone().unwrap_or_default();
        if !offers.iter().any(|offer| offer.label == name) {
            offers.push(Offer::string(name, detail, CompletionItemKind::PROPERTY));
        }
    }
    offers
}

/// The one value that definitions allow.
fn fixed(views: &[View]) -> Vec<Offer> {
    let values = views.iter().rev().filter_map(|view| {
        let element = view.element();
        element.fixed.as_ref().or(element.pattern.as_ref())?.value.text.as_deref()
    });
    values.take(1).map(|value| Offer::string(value, "the only value", CompletionItemKind::CONSTANT)).collect()
}

/// The codes of the binding that applies to a member: its own, or that of the Coding or CodeableConcept around
/// it.
fn codes(scope: &Scope<'_>, hints: &Hints, views: &[View], key: &str, object: Option<usize>) -> Vec<Offer> {
    let outline = scope.outline;
    let own = narrowest(views).cloned();
    let around = || {
        let around = outline.ancestors(object?).take(6);
        around.filter(|part| outline.part(*part).kind == Kind::Object).find_map(|part| {
            let views = scope.views(part);
            let is_coded = views
                .iter()
                .filter_map(View::type_code)
                .any(|code| matches!(code, "Coding" | "CodeableConcept" | "Quantity"));
            narrowest(&views).filter(|_| is_coded).cloned()
        })
    };
    let is_of_coding = matches!(key, "code" | "system" | "display");
    let binding = if is_of_coding { own.or_else(around) } else { own };
    let Some(canonical) = binding.and_then(|binding| binding.value_set) else { return Vec::new() };
    let Ok(expansion) = hints.terminology.expansion(&canonical) else { return Vec::new() };
    let all = expansion.enumerate(&hints.terminology, MOST_CODES).codes;
    let system = object.and_then(|object| outline.member_text(object, "system"));
    let code = object.and_then(|object| outline.member_text(object, "code"));
    let mut offers: Vec<Offer> = Vec::new();
    for coding in all {
        let of_system = coding.system.as_deref() == system || system.is_none_or(str::is_empty);
        let of_code = code.is_none_or(|code| code == coding.code);
        let offer = match key {
            "system" => Offer::string(coding.system.unwrap_or_default(), "", CompletionItemKind::MODULE),
            "display" if of_system && of_code => {
                Offer::string(coding.display.unwrap_or_default(), coding.code, CompletionItemKind::TEXT)
            }
            "display" => continue,
            "code" if !of_system => continue,
            _ => {
                let detail = coding.display.unwrap_or_default();
                Offer::string(coding.code, detail, CompletionItemKind::ENUM_MEMBER)
            }
        };
        if !offer.label.is_empty() && !offers.iter().any(|known| known.label == offer.label) {
            offers.push(offer);
        }
    }
    offers
}
