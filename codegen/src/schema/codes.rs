//! The codes of required bindings, as far as they can be listed offline.

use std::collections::BTreeMap;

use ers_fhir_profiles::CodeSystemNames;
use ers_fhir_profiles::definition::{Binding, BindingStrength, Coding};
use ers_fhir_profiles::terminology::{Membership, Reason};
use serde_json::{Value, json};

use super::builder::Builder;
use super::keywords::Keywords;
use super::place::Place;
use super::subject::{CodeShape, Subject};

/// Value sets with more codes are left to the validator.
const MOST_CODES: usize = 1000;

impl Builder<'_> {
    /// The codes that an element is bound to, by its definition or by one that this is based on; `None` where no binding
    /// is required, or the codes cannot be listed.
    pub(super) fn bound_codes(&mut self, place: &Place, type_code: &str) -> Option<Keywords> {
        let shape = CodeShape::of(type_code)?;
        let binding = place.element().binding.as_ref()?;
        let own = required(binding);
        if let Some(value_set) = own
            && matches!(self.terminology.expansion(value_set), Err(Reason::NoValueSet(missing)) if *missing == *value_set)
        {
            self.leave_unbound(value_set, &place.element().id);
        }
        let listed = own.filter(|value_set| self.listed(value_set).is_some()).map(str::to_owned);
        let value_set = listed.or_else(|| {
            let wider = place.inherited(self.definitions);
            let mut wider = wider.iter().filter_map(|place| required(place.element().binding.as_ref()?));
            wider.find(|value_set| self.listed(value_set).is_some()).map(str::to_owned)
        })?;
        Some(self.refer(Subject::Codes(value_set, shape)))
    }

    /// What recognises a value with a code of a binding; `None` where the codes cannot be listed.
    pub(super) fn recognised_codes(&mut self, binding: &Binding, type_code: &str) -> Option<Keywords> {
        let value_set = binding.value_set.as_deref()?;
        let shape = CodeShape::of(type_code)?;
        self.listed(value_set)?;
        Some(self.refer(match shape {
            CodeShape::Text => Subject::Codes(value_set.to_owned(), shape),
            CodeShape::Coding | CodeShape::Concept => Subject::Recognised(value_set.to_owned(), shape),
        }))
    }

    /// The codes of a value set, if all of them are known.
    fn listed(&self, value_set: &str) -> Option<Listed> {
        let set = self.terminology.expansion(value_set).ok()?;
        let found = set.enumerate(&self.terminology, MOST_CODES);
        if found.gap.is_some() || found.codes.is_empty() {
            return None;
        }
        let mut systems: BTreeMap<Option<String>, Spelled> = BTreeMap::new();
        for Coding { system, code, .. } in found.codes {
            systems.entry(system).or_default().codes.push(code);
        }
        for (system, spelled) in &mut systems {
            let is_in = |code: &str| set.contains(&self.terminology, system.as_deref(), code);
            spelled.in_any_case = spelled.in_other_case().is_some_and(|code| is_in(&code) == Membership::In);
        }
        Some(Listed { systems })
    }

    /// The definition of what an element that is bound to a value set may be.
    pub(super) fn codes(&self, value_set: &str, shape: CodeShape) -> Value {
        let listed = self.listed(value_set).unwrap_or_default();
        let names = self.definitions.code_system_names();
        let schema = match shape {
            CodeShape::Text => listed.texts(),
            CodeShape::Coding => {
                let mut options = listed.codings(names);
                options.push(json!({ "properties": { "code": false } }));
                json!({ "anyOf": options })
            }
            CodeShape::Concept => {
                let coding = json!({ "required": ["code"], "anyOf": listed.codings(names) });
                json!({ "anyOf": [with_coding(&coding), { "properties": { "coding": false, "text": false } }] })
            }
        };
        described(schema, format!("codes of {value_set}"))
    }

    /// The definition of what has a code of a value set: without a system, a code is in none.
    pub(super) fn recognised(&self, value_set: &str, shape: CodeShape) -> Value {
        let listed = self.listed(value_set).unwrap_or_default();
        let names = self.definitions.code_system_names();
        let coding = json!({ "required": ["system", "code"], "anyOf": listed.codings(names) });
        let schema = match shape {
            CodeShape::Text => listed.texts(),
            CodeShape::Coding => coding,
            CodeShape::Concept => with_coding(&coding),
        };
        described(schema, format!("has a code of {value_set}"))
    }
}

/// The value set of a binding that is required.
fn required(binding: &Binding) -> Option<&str> {
    binding.value_set.as_deref().filter(|_| binding.strength == BindingStrength::Required)
}

fn described(mut schema: Value, description: String) -> Value {
    schema["description"] = Value::String(description);
    schema
}

/// A concept that has a coding of this form.
fn with_coding(coding: &Value) -> Value {
    json!({ "required": ["coding"], "properties": { "coding": { "contains": coding } } })
}

/// The codes of a value set, by system.
#[derive(Default)]
struct Listed {
    systems: BTreeMap<Option<String>, Spelled>,
}

impl Listed {
    /// A code, whatever its system.
    fn texts(&self) -> Value {
        let mut all = [Spelled::default(), Spelled { in_any_case: true, ..Spelled::default() }];
        for spelled in self.systems.values() {
            let together = &mut all[usize::from(spelled.in_any_case)].codes;
            for code in &spelled.codes {
                if !together.contains(code) {
                    together.push(code.clone());
                }
            }
        }
        let mut options: Vec<Value> =
            all.iter().filter(|spelled| !spelled.codes.is_empty()).map(Spelled::schema).collect();
        if options.len() == 1 { options.remove(0) } else { json!({ "anyOf": options }) }
    }

    /// A coding of each system, in order of the systems.
    fn codings(&self, names: Option<CodeSystemNames>) -> Vec<Value> {
        let one = |(system, spelled): (&Option<String>, &Spelled)| {
            let mut properties = json!({ "code": spelled.schema() });
            if let Some(system) = system {
                properties["system"] = named(system, names);
            }
            json!({ "properties": properties })
        };
        self.systems.iter().map(one).collect()
    }
}

/// Codes of a system, as it lets them be written.
#[derive(Default)]
struct Spelled {
    codes: Vec<String>,
    /// Whether capitals and small letters are the same.
    in_any_case: bool,
}

impl Spelled {
    /// A code in other letters that is not listed itself.
    fn in_other_case(&self) -> Option<String> {
        let other = |code: &String| -> String {
            let swap = |c: char| {
                if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
            };
            code.chars().map(swap).collect()
        };
        self.codes.iter().map(other).find(|code| !self.codes.contains(code))
    }

    fn schema(&self) -> Value {
        if !self.in_any_case {
            return json!({ "enum": self.codes });
        }
        let codes: Vec<String> =
            self.codes.iter().map(|code| code.chars().map(in_any_case).collect()).collect();
        json!({ "pattern": format!("^(?:{})$", codes.join("|")) })
    }
}

/// A regular expression for a character of a code, as a capital or a small letter.
fn in_any_case(c: char) -> String {
    match c {
        'a'..='z' | 'A'..='Z' => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
        c if r"^$\.*+?()[]{}|/".contains(c) => format!("\\{c}"),
        c => c.to_string(),
    }
}

/// The URL of a code system, or all of its names.
fn named(system: &str, names: Option<CodeSystemNames>) -> Value {
    match names.and_then(|names| (names.pattern)(system)) {
        Some(pattern) => json!({ "pattern": pattern }),
        None => json!({ "const": system }),
    }
}
