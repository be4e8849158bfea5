//! What puts an item into a slice, from what the slice says at the ends of its discriminators.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#discriminator>.

use ers_fhir_profiles::definition::{Discriminator, DiscriminatorKind, Max};
use serde_json::{Value, json};

use super::builder::Builder;
use super::keywords::{Keywords, also, any_of, keyword, with_item, with_property};
use super::literal::containing;
use super::place::Place;
use super::subject::{ABSTRACT_RESOURCES, Subject};
use super::value::type_code;
use crate::error::Error;
use crate::names;

/// Longest discriminator that is followed.
const MAX_STEPS: usize = 12;

/// One step of a discriminator's path.
enum Step {
    Child(String),
    Extension(String),
    OfType(String),
}

/// One step through JSON.
enum Hop {
    /// To a property, under one of its names; into the items of its array.
    Property { names: Vec<String>, is_list: bool },
    /// To the extensions with that URL.
    Extension(String),
}

/// Where a path has led to.
struct Reached {
    place: Place,
    hops: Vec<Hop>,
    /// Whether the last step was to a choice, whose type stands in its name.
    is_choice: bool,
}

impl Builder<'_> {
    /// What an item of a slice looks like; `None` where a schema cannot tell.
    pub(super) fn condition(&mut self, sliced: &Place, slice: &Place) -> Result<Option<Value>, Error> {
        let element = sliced.element();
        let discriminators = match &element.slicing {
            Some(slicing) if !slicing.discriminators.is_empty() => slicing.discriminators.clone(),
            // Extensions are told apart by URL even where a profile omits to say so.
            _ if matches!(element.name(), "extension" | "modifierExtension") => {
                vec![Discriminator { kind: DiscriminatorKind::Value, path: "url".to_owned() }]
            }
            _ => return Ok(None),
        };
        let mut condition = Keywords::new();
        for discriminator in &discriminators {
            let Some(test) = self.test(slice, discriminator)? else { return Ok(None) };
            also(&mut condition, test);
        }
        Ok((!condition.is_empty()).then_some(Value::Object(condition)))
    }

    fn test(&mut self, slice: &Place, discriminator: &Discriminator) -> Result<Option<Keywords>, Error> {
        let Some(steps) = steps(&discriminator.path) else { return Ok(None) };
        let Some(reached) = self.follow(slice, &steps)? else { return Ok(None) };
        let element = reached.place.element();
        let found = match discriminator.kind {
            DiscriminatorKind::Value | DiscriminatorKind::Pattern => self.expected(&reached.place, 0)?,
            DiscriminatorKind::Exists if element.max == Some(Max::Count(0)) => {
                let there = Value::Object(wrapped(&reached.hops, Keywords::new()));
                return Ok(Some(keyword("not", there)));
            }
            DiscriminatorKind::Exists => (element.min.unwrap_or(0) > 0).then(Keywords::new),
            // The slice leaves this discriminator to the others.
            DiscriminatorKind::Type if element.types.is_empty() => return Ok(Some(Keywords::new())),
            DiscriminatorKind::Type if reached.is_choice => Some(Keywords::new()),
            DiscriminatorKind::Type => self.of_types(&reached.place),
            DiscriminatorKind::Profile => self.of_profiles(&reached.place),
        };
        Ok(found.map(|found| wrapped(&reached.hops, found)))
    }

    /// Follows a path from a slice.
    fn follow(&self, slice: &Place, steps: &[Step]) -> Result<Option<Reached>, Error> {
        let mut reached = Reached { place: slice.clone(), hops: Vec::new(), is_choice: false };
        for step in steps {
            match step {
                Step::Child(name) => {
                    let Some(child) = reached.place.child(self.definitions, name)? else { return Ok(None) };
                    reached.hops.push(hop(&child));
                    reached.is_choice = child.element().is_choice();
                    reached.place = child;
                }
                Step::Extension(url) => {
                    let Some(child) = reached.place.child(self.definitions, "extension")? else {
                        return Ok(None);
                    };
                    let has_url = |slice: &Place| {
                        let types = &slice.element().types;
                        types.iter().any(|t| t.profiles.iter().any(|profile| profile == url))
                    };
                    let Some(slice) = child.slices().find(has_url) else { return Ok(None) };
                    reached = Reached { place: slice, is_choice: false, ..reached };
                    reached.hops.push(Hop::Extension(url.clone()));
                }
                Step::OfType(code) => {
                    if let Some(Hop::Property { names, .. }) = reached.hops.last_mut() {
                        let suffix = names::capitalized(code);
                        names.retain(|name| !reached.is_choice || name.ends_with(&suffix));
                    }
                    let of_type = |slice: &Place| slice.element().types.iter().any(|t| t.code == *code);
                    let narrowed = reached.place.slices().find(of_type);
                    reached.place = narrowed.unwrap_or(reached.place);
                }
            }
        }
        Ok(Some(reached))
    }

    /// Fixed value, pattern or required binding at a place, or of elements below it.
    fn expected(&mut self, place: &Place, depth: usize) -> Result<Option<Keywords>, Error> {
        let element = place.element();
        if let Some(fixed) = &element.fixed {
            return Ok(Some(keyword("const", self.literal_of(place, fixed)?)));
        }
        if let Some(pattern) = &element.pattern {
            return Ok(Some(containing(&self.literal_of(place, pattern)?)));
        }
        let is_profiled = element.types.iter().any(|t| !t.profiles.is_empty());
        let mut expected = Keywords::new();
        if depth < MAX_STEPS && (place.has_children() || is_profiled) {
            for child in place.all_children(self.definitions)? {
                let below = child.element();
                let is_sure = below.min.unwrap_or(0) > 0 || below.fixed.is_some() || below.pattern.is_some();
                if is_sure && let Some(inner) = self.expected(&child, depth + 1)? {
                    also(&mut expected, wrapped(&[hop(&child)], inner));
                }
            }
        }
        if !expected.is_empty() {
            return Ok(Some(expected));
        }
        Ok(match element.types.as_slice() {
            [only] => self.bound_codes(element, type_code(element, only)),
            _ => None,
        })
    }

    /// A resource of one of the types of an element.
    fn of_types(&self, place: &Place) -> Option<Keywords> {
        let codes: Vec<&str> = place.element().types.iter().map(|t| t.code.as_str()).collect();
        if codes.iter().any(|code| ABSTRACT_RESOURCES.contains(code)) {
            return Some(keyword("required", json!(["resourceType"])));
        }
        let is_resource = |code: &&str| {
            let definition = self.type_definition(code).ok().flatten();
            definition
                .is_some_and(|found| found.kind == ers_fhir_profiles::definition::StructureKind::Resource)
        };
        if !codes.iter().all(is_resource) {
            return None;
        }
        let name = match codes.as_slice() {
            [only] => keyword("const", *only),
            several => keyword("enum", json!(several)),
        };
        Some(with_property("resourceType", name))
    }

    fn of_profiles(&mut self, place: &Place) -> Option<Keywords> {
        let profiles: Vec<&String> = place.element().types.iter().flat_map(|t| &t.profiles).collect();
        let known = |url: &&&String| self.definitions.structure(url).is_ok_and(|found| found.is_some());
        if profiles.is_empty() || !profiles.iter().all(|url| known(&url)) {
            return None;
        }
        let options = profiles.into_iter();
        let options = options.map(|url| Value::Object(self.refer(Subject::Profile(url.clone())))).collect();
        Some(any_of(options))
    }
}

fn hop(child: &Place) -> Hop {
    let element = child.element();
    let names = match element.name().strip_suffix("[x]") {
        Some(stem) => {
            element.types.iter().map(|t| format!("{stem}{}", names::capitalized(&t.code))).collect()
        }
        None => vec![element.name().to_owned()],
    };
    Hop::Property { names, is_list: child.is_list() }
}

/// A schema at the end of a path.
fn wrapped(hops: &[Hop], end: Keywords) -> Keywords {
    hops.iter().rev().fold(end, |inner, hop| match hop {
        Hop::Property { names, is_list } => {
            let inner = if *is_list { with_item(inner) } else { inner };
            any_of(names.iter().map(|name| Value::Object(with_property(name, inner.clone()))).collect())
        }
        Hop::Extension(url) => {
            let mut extension = with_property("url", keyword("const", url.as_str()));
            also(&mut extension, inner);
            with_property("extension", with_item(extension))
        }
    })
}

/// The steps of a path; `None` where it leaves the resource, or uses more than the specification
/// allows.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for part in split(path) {
        steps.push(match part.split_once('(') {
            None if part == "$this" => continue,
            None => Step::Child(part.trim_end_matches("[x]").to_owned()),
            Some(("extension", argument)) => Step::Extension(quoted(argument)?),
            Some(("ofType" | "as", argument)) => {
                Step::OfType(argument.strip_suffix(')')?.trim().trim_start_matches("FHIR.").to_owned())
            }
            Some(_) => return None,
        });
    }
    (steps.len() <= MAX_STEPS).then_some(steps)
}

fn quoted(argument: &str) -> Option<String> {
    Some(argument.strip_suffix(')')?.trim().trim_matches(['\'', '"']).to_owned())
}

/// Splits a path at the dots outside parentheses.
fn split(path: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    path.split(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == '.' && depth == 0
    })
    .collect()
}
