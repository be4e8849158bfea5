//! Filters of an include: conditions on a concept of a code system.
//!
//! Source: <http://hl7.org/fhir/R4/valueset-filter-operator.html>; `child-of` and
//! `descendent-leaf` come from later releases. `canonical` of UCUM: <http://hl7.org/fhir/R4/ucum.html>.

use std::sync::Arc;

use ers_fhir_values::form::SNOMED_CT;
use ers_fhir_values::ucum;

use crate::Form;
use crate::definition::{Concept, ConceptFilter};
use crate::terminology::code_system::hierarchy::is_foreign;
use crate::terminology::code_system::known::{Known, SystemIndex};
use crate::terminology::compact::Compact;
use crate::terminology::membership::{Membership, Reason};

/// One filter, ready to be asked.
#[derive(Debug)]
pub(crate) struct Filter {
    property: Box<str>,
    test: Test,
    is_of_snomed: bool,
    unknown: Reason,
}

/// The condition of a filter.
#[derive(Debug)]
enum Test {
    /// The value is one of these.
    OneOf(Vec<Box<str>>),
    /// No value is one of these.
    NoneOf(Vec<Box<str>>),
    /// The value matches that form.
    Matches(Form),
    /// There is a value, or there is none.
    Exists(bool),
    /// The unit measures the same as that one.
    MeasuresLike(Box<str>),
    /// The concept stands in that relation to another.
    Related(Relation, Box<str>),
    /// An operator or value that is not understood.
    NotUnderstood,
}

/// The relation of a concept to the one that a filter names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    SelfOrBelow,
    Below,
    NeitherSelfNorBelow,
    DirectlyBelow,
    LeafBelow,
    SelfOrAbove,
}

impl Filter {
    pub(crate) fn new(system: &str, filter: &ConceptFilter) -> Self {
        let value = filter.value.as_str();
        let related = |relation| Test::Related(relation, value.trim().into());
        let test = match filter.op.as_str() {
            "=" if system == ucum::SYSTEM && filter.property == "canonical" => {
                Test::MeasuresLike(value.into())
            }
            "=" => Test::OneOf(vec![value.into()]),
            "in" => Test::OneOf(comma_separated(value)),
            "not-in" => Test::NoneOf(comma_separated(value)),
            "regex" => Form::read(value).map_or(Test::NotUnderstood, Test::Matches),
            "exists" => value.trim().parse().map_or(Test::NotUnderstood, Test::Exists),
            "is-a" => related(Relation::SelfOrBelow),
            "descendent-of" => related(Relation::Below),
            "is-not-a" => related(Relation::NeitherSelfNorBelow),
            "child-of" => related(Relation::DirectlyBelow),
            "descendent-leaf" => related(Relation::LeafBelow),
            "generalizes" => related(Relation::SelfOrAbove),
            _ => Test::NotUnderstood,
        };
        let unknown = Reason::Filter {
            system: system.into(),
            filter: Arc::from(format!("{} {} {value}", filter.property, filter.op)),
        };
        Self { property: filter.property.as_str().into(), test, is_of_snomed: system == SNOMED_CT, unknown }
    }

    /// Whether the code of that system passes.
    pub(crate) fn picks(&self, known: &Known, code: &str) -> Membership {
        if let Test::MeasuresLike(unit) = &self.test {
            let unknown = || Membership::Undecided(self.unknown.clone());
            return ucum::are_of_one_kind(code, unit).map_or_else(unknown, Membership::from);
        }
        let is_of_code = match &*self.property {
            "code" => true,
            // Its meaning depends on the system: for SNOMED CT, `in` asks for a reference set
            // (<http://hl7.org/fhir/R4/snomedct.html>, section on filters).
            "concept" => !self.is_of_snomed && !matches!(known, Known::Nothing(_)),
            _ => false,
        };
        if is_of_code {
            // This needs only the code, so it is decided even for a system that is not here.
            let code = known.concept(code).map_or(code, |c| c.code.as_str());
            match &self.test {
                Test::OneOf(values) => return values.iter().any(|v| **v == *code).into(),
                Test::NoneOf(values) => return (!values.iter().any(|v| **v == *code)).into(),
                Test::Matches(form) => return form.is_of(code).into(),
                Test::Exists(wanted) => return (*wanted).into(),
                Test::MeasuresLike(_) | Test::Related(..) | Test::NotUnderstood => {}
            }
        }
        if let Known::Compact(compact, _) = known {
            return self.picks_compact(compact, code);
        }
        let Known::Concepts { index, is_whole } = known.whole() else {
            return Membership::Undecided(self.unknown.clone());
        };
        match index.find(code) {
            Some(concept) => self.picks_concept(index, *is_whole, concept),
            // Whether such a code exists is left to the system itself.
            None if *is_whole => Membership::Out,
            None => Membership::Undecided(self.unknown.clone()),
        }
    }

    /// Whether a code of a large system passes. A concept in it has all its ancestors there; nothing is known
    /// about other codes.
    fn picks_compact(&self, compact: &Compact, code: &str) -> Membership {
        let unknown = || Membership::Undecided(self.unknown.clone());
        let Some(concept) = compact.find(code) else {
            let is_none = compact.head().is_whole && Known::is_code(code);
            return if is_none { Membership::Out } else { unknown() };
        };
        if !matches!(&*self.property, "concept" | "code") {
            return match (&*self.property, &self.test) {
                ("inactive", Test::OneOf(values)) => {
                    let value = if compact.is_active(concept) { "false" } else { "true" };
                    values.iter().any(|wanted| **wanted == *value).into()
                }
                _ => unknown(),
            };
        }
        match &self.test {
            // For SNOMED CT, `in` asks for a reference set.
            Test::OneOf(values) => {
                let in_one = |value: &str| match (&*self.property, compact.is_member(concept, value)) {
                    ("concept", Some(is_member)) => is_member.into(),
                    _ => unknown(),
                };
                values.iter().map(|value| in_one(value)).fold(Membership::Out, Membership::or)
            }
            Test::Related(relation, other) => {
                let Some(other) = compact.find(other) else { return unknown() };
                match relation {
                    Relation::SelfOrBelow => (concept == other || compact.is_below(concept, other)).into(),
                    Relation::Below => compact.is_below(concept, other).into(),
                    Relation::NeitherSelfNorBelow => {
                        (concept != other && !compact.is_below(concept, other)).into()
                    }
                    Relation::DirectlyBelow => compact.parents(concept).contains(&other).into(),
                    Relation::SelfOrAbove => (concept == other || compact.is_below(other, concept)).into(),
                    // Whether a concept has descendants is not stored.
                    Relation::LeafBelow => unknown(),
                }
            }
            _ => unknown(),
        }
    }

    fn picks_concept(&self, index: &SystemIndex, is_whole: bool, concept: u32) -> Membership {
        if let Test::Related(relation, other) = &self.test {
            return self.relates(index, is_whole, *relation, concept, other);
        }
        if self.is_of_snomed && &*self.property == "concept" {
            return Membership::Undecided(self.unknown.clone());
        }
        let Some(values) = self.values(index, concept) else {
            return Membership::Undecided(self.unknown.clone());
        };
        // The whole system may say more about a concept than a part of it.
        let seen = |answer: bool, is_seen: bool| {
            if is_whole || is_seen { answer.into() } else { Membership::Undecided(self.unknown.clone()) }
        };
        let one_of = |wanted: &[Box<str>]| values.iter().any(|v| wanted.iter().any(|w| **w == **v));
        match &self.test {
            Test::OneOf(wanted) => seen(one_of(wanted), one_of(wanted)),
            Test::NoneOf(refused) => seen(!one_of(refused), one_of(refused)),
            Test::Matches(form) => {
                let matches = values.iter().any(|v| form.is_of(v));
                seen(matches, matches)
            }
            Test::Exists(wanted) => seen(values.is_empty() != *wanted, !values.is_empty()),
            Test::MeasuresLike(_) | Test::Related(..) | Test::NotUnderstood => {
                Membership::Undecided(self.unknown.clone())
            }
        }
    }

    /// The values of the property on a concept; `None` if the system never uses the property, so that its
    /// absence here means nothing.
    fn values<'a>(&self, index: &'a SystemIndex, concept: u32) -> Option<Vec<&'a str>> {
        let definition = index.concept(concept)?;
        let property = &*self.property;
        let codes_of = |indices: &[u32]| -> Vec<&'a str> {
            indices.iter().filter_map(|i| index.concept(*i)).map(|c| c.code.as_str()).collect()
        };
        Some(match property {
            "display" => definition.display.iter().map(String::as_str).collect(),
            "definition" => definition.definition.iter().map(String::as_str).collect(),
            "designation" => definition.designations.iter().map(|(_, text)| text.as_str()).collect(),
            "parent" if !is_foreign(&index.definition, "parent") => {
                codes_of(index.hierarchy().parents(concept))
            }
            "child" if !is_foreign(&index.definition, "child") => {
                let hierarchy = index.hierarchy();
                let all = (0_u32..).zip(&index.definition.concepts).map(|(i, _)| i);
                codes_of(&all.filter(|i| hierarchy.parents(*i).contains(&concept)).collect::<Vec<_>>())
            }
            _ => {
                let own = own_values(definition, property);
                match property {
                    // The specification gives these a default.
                    "inactive" | "notSelectable" if own.is_empty() => vec!["false"],
                    _ if own.is_empty() && !index.uses_property(property) => return None,
                    _ => own,
                }
            }
        })
    }

    fn relates(
        &self,
        index: &SystemIndex,
        is_whole: bool,
        relation: Relation,
        concept: u32,
        other: &str,
    ) -> Membership {
        let Some(other) = index.find(other) else {
            return Membership::Undecided(self.unknown.clone());
        };
        let hierarchy = index.hierarchy();
        let answer = match relation {
            Relation::SelfOrBelow => concept == other || hierarchy.is_below(concept, other),
            Relation::Below => concept != other && hierarchy.is_below(concept, other),
            Relation::NeitherSelfNorBelow => concept != other && !hierarchy.is_below(concept, other),
            Relation::DirectlyBelow => hierarchy.parents(concept).contains(&other),
            Relation::LeafBelow => {
                concept != other && hierarchy.is_leaf(concept) && hierarchy.is_below(concept, other)
            }
            Relation::SelfOrAbove => concept == other || hierarchy.is_below(other, concept),
        };
        // A relation that is found holds, but in a part of a hierarchy some relations may be missing.
        let rests_on_absence = match relation {
            Relation::NeitherSelfNorBelow => answer,
            Relation::LeafBelow => true,
            _ => !answer,
        };
        if rests_on_absence && concept != other && !(is_whole && hierarchy.is_whole) {
            return Membership::Undecided(self.unknown.clone());
        }
        answer.into()
    }
}

fn own_values<'a>(concept: &'a Concept, property: &str) -> Vec<&'a str> {
    concept.properties.iter().filter(|(name, _)| name == property).map(|(_, value)| value.as_str()).collect()
}

fn comma_separated(values: &str) -> Vec<Box<str>> {
    values.split(',').map(|value| value.trim().into()).collect()
}
