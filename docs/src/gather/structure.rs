//! Pages of profiles, extensions and types.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ers_fhir_ers::rule::WORDS;
use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::{
    Aggregation, BindingStrength, Constraint, ContextKind, Derivation, DiscriminatorKind, ElementDefinition,
    Max, Slicing, SlicingRules, StructureDefinition, TypedValue,
};
use ers_fhir_profiles::package::Kind;
use ers_fhir_validator::words::core;

use super::links::Links;
use super::section::page;
use super::sources::{Sources, Specimens, documented, release};
use super::typed;
use crate::anchors::{Names, anchor};
use crate::page::{Content, Element, File, Link, Page, Structure, Telling, Unreadable};
use crate::prose;

/// The largest number of structures that each get a JSON Schema: with more, schemas would make up most of the site.
const MOST_SCHEMAS: usize = 500;

/// The page of every structure, with the release that it is listed under.
pub(super) fn pages(
    sources: &Sources,
    links: &Links,
    specimens: &mut Specimens,
) -> (Vec<(Page, String)>, Vec<File>) {
    let mut pages = Vec::new();
    let mut files = Vec::new();
    let pool = Pool::default();
    let has_schemas = documented(sources, Kind::Structure).count() <= MOST_SCHEMAS;
    for (of, known) in documented(sources, Kind::Structure) {
        let definitions = &*of.definitions;
        let version = definitions.fhir_version();
        let Some(path) = links.page(version, Kind::Structure, known.url) else { continue };
        let name = known.name.unwrap_or(known.url);
        let made = match definitions.structure(known.url) {
            Ok(Some(structure)) => {
                let summary = structure.description.as_deref().map(prose::summary).unwrap_or_default();
                let mut content = View { definitions, links, pool: &pool }.content(&structure);
                content.examples = specimens.remove(path).unwrap_or_default();
                content.rust = typed::rust(&structure.url).map(str::to_owned);
                let schema = if has_schemas {
                    typed::schema(&of.definitions, &structure, path, sources.has_service)
                } else {
                    None
                };
                match schema {
                    Some(Ok(file)) => {
                        content.schema = Some(file.path.clone());
                        files.push(file);
                    }
                    Some(Err(reason)) => content.no_schema = Some(reason),
                    None => {}
                }
                let content = Content::Structure(Box::new(content));
                page(path, structure.title.as_deref().unwrap_or(name), summary, content)
            }
            Ok(None) => continue,
            Err(error) => unreadable(path, name, known.url, &error.to_string()),
        };
        let mut made = made;
        made.keywords.extend([name.to_owned(), known.url.to_owned()]);
        pages.push((made, release(version).to_owned()));
    }
    (pages, files)
}

/// The page of a definition that cannot be read.
pub(super) fn unreadable(path: &str, name: &str, url: &str, error: &str) -> Page {
    let content = Content::Unreadable(Unreadable { url: url.to_owned(), error: error.to_owned() });
    page(path, name, "This definition cannot be read.", content)
}

/// The context for describing elements.
struct View<'a> {
    definitions: &'a Definitions,
    links: &'a Links,
    pool: &'a Pool,
}

/// The described elements: profiles inherit most of theirs, so each is stored once.
type Pool = RefCell<HashSet<Arc<Element>>>;

impl View<'_> {
    fn content(&self, structure: &StructureDefinition) -> Structure {
        let Self { definitions, links, .. } = *self;
        let version = definitions.fhir_version();
        let mut faults = structure.faults.clone();
        let (differential, snapshot) = match definitions.snapshot(&structure.url) {
            Ok(Some(snapshot)) => {
                faults.extend(snapshot.faults().iter().map(ToString::to_string));
                (
                    self.differential(structure),
                    self.elements(snapshot.elements().iter().map(AsRef::as_ref), ""),
                )
            }
            Ok(None) => (self.differential(structure), Vec::new()),
            Err(error) => {
                faults.push(error.to_string());
                (self.differential(structure), Vec::new())
            }
        };
        let context = structure.context.iter().map(|context| match context.kind {
            ContextKind::Element => context.expression.clone(),
            ContextKind::Extension => format!("extension {}", context.expression),
            ContextKind::FhirPath => format!("wherever {} selects", context.expression),
        });
        let base = structure.base_definition.as_deref();
        Structure {
            url: structure.url.clone(),
            version: structure.version.clone(),
            status: structure.status.clone(),
            release: release(version).to_owned(),
            type_name: links.type_name(definitions, &structure.type_name),
            is_profile: structure.derivation == Derivation::Constraint,
            base: base.map(|base| links.definition(definitions, Kind::Structure, base)),
            context: context.collect(),
            description: structure.description.clone(),
            differential,
            snapshot,
            faults,
            used_by: links.users(version, &structure.url),
            schema: None,
            no_schema: None,
            rust: None,
            examples: Vec::new(),
        }
    }

    /// The elements of the differential, compared with the base.
    fn differential(&self, structure: &StructureDefinition) -> Vec<Arc<Element>> {
        let base = structure.base_definition.as_deref();
        let base = base.and_then(|base| self.definitions.snapshot(base).ok().flatten());
        let mut elements = self.elements(structure.differential.iter(), "own.");
        let Some(base) = base else { return elements };
        let before: HashMap<&str, &ElementDefinition> =
            base.elements().iter().map(|element| (element.path.as_str(), element.as_ref())).collect();
        for (made, own) in elements.iter_mut().zip(&structure.differential) {
            let Some(before) = before.get(own.path.as_str()) else { continue };
            let is_other = own.min.is_some_and(|min| Some(min) != before.min)
                || own.max.is_some_and(|max| Some(max) != before.max);
            if is_other && own.slice_name.is_none() {
                Arc::make_mut(made).was = cardinality(before);
            }
        }
        elements
    }

    fn elements<'e>(
        &self,
        elements: impl Iterator<Item = &'e ElementDefinition>,
        prefix: &str,
    ) -> Vec<Arc<Element>> {
        let mut names = Names::default();
        let described = elements.map(|element| {
            let made = self.element(element, names.give(prefix, &anchor(&element.id)));
            let mut pool = self.pool.borrow_mut();
            if let Some(known) = pool.get(&made) {
                return Arc::clone(known);
            }
            let made = Arc::new(made);
            pool.insert(Arc::clone(&made));
            made
        });
        described.collect()
    }

    fn element(&self, element: &ElementDefinition, anchor: String) -> Element {
        let slice = element
            .slice_name
            .as_deref()
            .filter(|_| element.id.rsplit('.').next().is_some_and(|step| step.contains(':')));
        let name = element.name();
        Element {
            anchor,
            id: element.id.clone(),
            name: slice.map_or_else(|| name.to_owned(), |slice| format!("{name}:{slice}")),
            depth: element.path.matches('.').count().min(8),
            cardinality: cardinality(element),
            was: String::new(),
            must_support: element.must_support == Some(true),
            is_modifier: element.is_modifier == Some(true),
            is_forbidden: element.max == Some(Max::Count(0)),
            types: element.types.iter().map(|of| self.links.type_name(self.definitions, &of.code)).collect(),
            says: self.says(element),
        }
    }

    fn says(&self, element: &ElementDefinition) -> Vec<Telling> {
        let mut says = Vec::new();
        says.extend(element.short.iter().map(|short| words("", short)));
        let definition = element.definition.iter().filter(|text| Some(*text) != element.short.as_ref());
        says.extend(definition.map(|text| words("", text)));
        says.extend(element.slicing.iter().map(|slicing| words("sliced", &sliced(slicing))));
        says.extend(element.content_reference.iter().map(|target| words("same content as", target)));
        for of in &element.types {
            for profile in &of.profiles {
                says.push(self.told("profile", Kind::Structure, profile));
            }
            for target in &of.target_profiles {
                says.push(self.told("refers to", Kind::Structure, target));
            }
            says.extend(of.aggregation.iter().map(|how| words("the target is", aggregated(*how))));
        }
        says.extend(element.fixed.iter().map(|value| code("exactly", value)));
        says.extend(element.pattern.iter().map(|value| code("must match", value)));
        says.extend(element.min_value.iter().map(|value| code("at least", value)));
        says.extend(element.max_value.iter().map(|value| code("at most", value)));
        says.extend(
            element.min_length.iter().map(|length| words("characters, at least", &length.to_string())),
        );
        says.extend(
            element.max_length.iter().map(|length| words("characters, at most", &length.to_string())),
        );
        says.extend(element.regex.iter().map(|regex| words("must match", regex)));
        if let Some(binding) = &element.binding {
            let label = match binding.strength {
                BindingStrength::Required => "a code from",
                BindingStrength::Extensible => "a code, unless none fits, from",
                BindingStrength::Preferred => "preferably a code from",
                BindingStrength::Example => "for example a code from",
            };
            says.extend(binding.value_set.iter().map(|set| self.told(label, Kind::ValueSet, set)));
        }
        says.extend(element.constraints.iter().filter(|constraint| !is_universal(constraint)).map(invariant));
        says
    }

    fn told(&self, label: &str, kind: Kind, canonical: &str) -> Telling {
        let text = self.links.definition(self.definitions, kind, canonical);
        Telling { label: label.to_owned(), text, is_code: false }
    }
}

fn words(label: &str, text: &str) -> Telling {
    Telling { label: label.to_owned(), text: Link::plain(text), is_code: false }
}

fn code(label: &str, value: &TypedValue) -> Telling {
    Telling { label: label.to_owned(), text: Link::plain(written(&value.value)), is_code: true }
}

/// Whether every element has that invariant.
fn is_universal(constraint: &Constraint) -> bool {
    matches!(constraint.key.as_str(), "ele-1" | "ext-1")
}

/// An invariant in words if there are any, otherwise as written.
fn invariant(constraint: &Constraint) -> Telling {
    let Constraint { key, human, expression, .. } = constraint;
    let found =
        expression.as_deref().and_then(|text| WORDS.find(key, text).or_else(|| core().find(key, text)));
    let (text, is_code) = match (found, human, expression) {
        (Some(found), ..) => (format!("wrong if {}: {}", found.wrong, found.fix), false),
        (None, Some(human), _) => (human.clone(), false),
        (None, None, Some(expression)) => (expression.clone(), true),
        (None, None, None) => ("in a language other than FHIRPath".to_owned(), false),
    };
    Telling { label: key.clone(), text: Link::plain(text), is_code }
}

fn cardinality(element: &ElementDefinition) -> String {
    match (element.min, element.max) {
        (None, None) => String::new(),
        (min, max) => {
            let min = min.map_or_else(String::new, |min| min.to_string());
            format!("{min}..{}", max.map_or_else(String::new, bound))
        }
    }
}

fn bound(max: Max) -> String {
    match max {
        Max::Count(count) => count.to_string(),
        Max::Unbounded => "*".to_owned(),
    }
}

fn sliced(slicing: &Slicing) -> String {
    let told = slicing.discriminators.iter().map(|discriminator| {
        let what = match discriminator.kind {
            DiscriminatorKind::Value | DiscriminatorKind::Pattern => "the value of",
            DiscriminatorKind::Exists => "the presence of",
            DiscriminatorKind::Type => "the type of",
            DiscriminatorKind::Profile => "the profile of",
        };
        let path = if discriminator.path == "$this" { "the element itself" } else { &discriminator.path };
        format!("{what} {path}")
    });
    let by = told.collect::<Vec<_>>().join(" and ");
    let by = if by.is_empty() { "no stated discriminator".to_owned() } else { by };
    let others = match slicing.rules {
        SlicingRules::Closed => "; no others",
        SlicingRules::Open => "",
        SlicingRules::OpenAtEnd => "; others at the end",
    };
    let order = if slicing.ordered { "; in this order" } else { "" };
    format!("by {by}{others}{order}")
}

fn aggregated(how: Aggregation) -> &'static str {
    match how {
        Aggregation::Contained => "contained",
        Aggregation::Referenced => "anywhere else",
        Aggregation::Bundled => "in the same Bundle",
    }
}

/// A value in a line.
pub(crate) fn written(value: &Datum) -> String {
    if value.fields.is_empty() {
        return value.text.as_deref().unwrap_or_default().to_owned();
    }
    let fields = value.fields.iter().map(|(name, field)| format!("{name}: {}", written(field)));
    let fields = fields.collect::<Vec<_>>().join(", ");
    match &value.text {
        Some(text) => format!("{text} {{ {fields} }}"),
        None => format!("{{ {fields} }}"),
    }
}
