//! The condition that puts an item into a slice, as a schema.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#discriminator>.

use ers_fhir_profiles::definition::{ElementDefinition, StructureKind};
use ers_fhir_profiles::slicing::{Expectation, Hop as Step, Step as Kind, Test, Told};
use serde_json::{Value, json};

use super::builder::Builder;
use super::keywords::{Keywords, also, any_of, keyword, with_item, with_property};
use super::literal::containing;
use super::place::Place;
use super::subject::{ABSTRACT_RESOURCES, Subject};
use super::value::type_code;
use crate::error::Error;
use crate::names;

/// One step through JSON.
enum Hop {
    /// To a property, under one of its names; into the items of its array.
    Property { names: Vec<String>, is_list: bool },
    /// To the extensions with this URL.
    Extension(String),
}

impl Builder<'_> {
    /// The condition for items of a slice; `None` where a schema cannot express it.
    pub(super) fn condition(&mut self, sliced: &Place, slice: &Place) -> Result<Option<Value>, Error> {
        let Told::By(tests) = slice.told(self.definitions, sliced) else { return Ok(None) };
        let condition = self.all_of(slice, &tests)?;
        Ok(condition.filter(|condition| !condition.is_empty()).map(Value::Object))
    }

    /// The conjunction of tests; `None` where a schema cannot express one of them.
    fn all_of(&mut self, slice: &Place, tests: &[Test<'_>]) -> Result<Option<Keywords>, Error> {
        let mut condition = Keywords::new();
        for test in tests {
            let Some(found) = self.test(slice, test)? else { return Ok(None) };
            also(&mut condition, found);
        }
        Ok(Some(condition))
    }

    /// The disjunction of tests; `None` where a schema cannot express one of them.
    fn one_of(&mut self, slice: &Place, tests: &[Test<'_>]) -> Result<Option<Keywords>, Error> {
        let mut options = Vec::with_capacity(tests.len());
        for test in tests {
            let Some(found) = self.test(slice, test)? else { return Ok(None) };
            options.push(Value::Object(found));
        }
        Ok(Some(any_of(options)))
    }

    fn test(&mut self, slice: &Place, test: &Test<'_>) -> Result<Option<Keywords>, Error> {
        let Some(hops) = hops(&test.hops) else { return Ok(None) };
        let element = test.place.element();
        let found = match &test.expectation {
            Expectation::Fixed(fixed) => Some(keyword("const", self.literal_of(slice, fixed)?)),
            Expectation::Pattern(pattern) => Some(containing(&self.literal_of(slice, pattern)?)),
            Expectation::Parts(parts) => self.all_of(slice, parts)?,
            Expectation::Any(tests) => self.one_of(slice, tests)?,
            Expectation::Bound(binding) => match element.types.as_slice() {
                [only] => self.recognised_codes(binding, type_code(element, only)),
                _ => None,
            },
            Expectation::Exists(true) => Some(Keywords::new()),
            Expectation::Exists(false) => {
                let there = Value::Object(wrapped(&hops, Keywords::new()));
                return Ok(Some(keyword("not", there)));
            }
            // The name of the property tells the type.
            Expectation::Types(_) if test.ends_in_choice() => Some(Keywords::new()),
            Expectation::Types(codes) => self.of_types(codes),
            Expectation::Profiles(profiles) => self.of_profiles(profiles),
        };
        Ok(found.map(|found| wrapped(&hops, found)))
    }

    /// A resource of one of some types.
    fn of_types(&self, codes: &[Box<str>]) -> Option<Keywords> {
        if codes.iter().any(|code| ABSTRACT_RESOURCES.contains(&&**code)) {
            return Some(keyword("required", json!(["resourceType"])));
        }
        let is_resource = |code: &str| {
            let definition = self.type_definition(code).ok().flatten();
            definition.is_some_and(|found| found.kind == StructureKind::Resource)
        };
        if !codes.iter().all(|code| is_resource(code)) {
            return None;
        }
        let name = match codes {
            [only] => keyword("const", &**only),
            several => keyword("enum", json!(several)),
        };
        Some(with_property("resourceType", name))
    }

    fn of_profiles(&mut self, profiles: &[Box<str>]) -> Option<Keywords> {
        let is_known = |url: &str| self.definitions.structure(url).is_ok_and(|found| found.is_some());
        if !profiles.iter().all(|url| is_known(url)) {
            return None;
        }
        let profiles = profiles.iter();
        let options = profiles.map(|url| Value::Object(self.refer(Subject::Profile(url.to_string()))));
        Some(any_of(options.collect()))
    }
}

/// The path of a test through JSON; `None` where it leaves the resource.
fn hops(steps: &[Step<'_>]) -> Option<Vec<Hop>> {
    let mut hops = Vec::with_capacity(steps.len());
    for Step { step, place } in steps {
        match step {
            Kind::Child(_) => hops.push(property(place.element())),
            Kind::Extension(url) => hops.push(Hop::Extension(url.to_string())),
            Kind::OfType(code) => {
                // For a choice, use the name that ends in the type.
                if let Some(Hop::Property { names, .. }) = hops.last_mut()
                    && names.len() > 1
                {
                    let suffix = names::capitalized(code);
                    names.retain(|name| name.ends_with(&suffix));
                }
            }
            Kind::Resolve => return None,
        }
    }
    Some(hops)
}

fn property(element: &ElementDefinition) -> Hop {
    let names = match element.name().strip_suffix("[x]") {
        Some(stem) => {
            element.types.iter().map(|of| format!("{stem}{}", names::capitalized(&of.code))).collect()
        }
        None => vec![element.name().to_owned()],
    };
    Hop::Property { names, is_list: element.is_list() }
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
