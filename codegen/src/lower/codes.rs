//! Lowers required bindings to enums.

use std::collections::BTreeMap;
use std::sync::Arc;

use ers_fhir_profiles::definition::{Binding, BindingStrength};
use ers_fhir_profiles::terminology::Terminology;
use ers_fhir_values::canonical;

use crate::ir::{CodeList, CodeVariant};
use crate::names;
use crate::settings::Settings;

/// Value sets with more codes than this stay text, as such a large enum would not help.
const MOST_CODES: usize = 200;

/// The enums of required bindings, each made once.
#[derive(Debug)]
pub(crate) struct Codes {
    terminology: Terminology,
    known: BTreeMap<String, Option<CodeList>>,
    settings: Settings,
}

impl Codes {
    /// Enums with the names and attributes that settings give by canonical URL.
    pub(crate) fn new(definitions: Arc<ers_fhir_profiles::Definitions>, settings: Settings) -> Self {
        Self { terminology: Terminology::new(definitions), known: BTreeMap::new(), settings }
    }

    /// Name of the enum for a binding; `None` where it is not required, or its codes are not known.
    pub(crate) fn of(
        &mut self,
        binding: Option<&Binding>,
        is_taken: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let binding = binding.filter(|binding| binding.strength == BindingStrength::Required)?;
        let canonical = binding.value_set.as_deref()?;
        let url = canonical::url(canonical);
        if !self.known.contains_key(url) {
            let taken_here =
                |name: &str| is_taken(name) || self.known.values().flatten().any(|list| list.name == name);
            let list = self.list(canonical, url, taken_here);
            self.known.insert(url.to_owned(), list);
        }
        self.known.get(url)?.as_ref().map(|list| list.name.clone())
    }

    /// The codes of a binding, with their systems; `None` where there are too many, or not all are known.
    pub(crate) fn list_of(&self, binding: &Binding) -> Option<Vec<(String, String)>> {
        let expansion = self.terminology.expansion(binding.value_set.as_deref()?).ok()?;
        let enumeration = expansion.enumerate(&self.terminology, MOST_CODES);
        if enumeration.gap.is_some() || enumeration.codes.is_empty() {
            return None;
        }
        let codes = enumeration.codes.into_iter();
        Some(codes.map(|coding| (coding.system.unwrap_or_default(), coding.code)).collect())
    }

    fn list(&self, canonical: &str, url: &str, is_taken: impl Fn(&str) -> bool) -> Option<CodeList> {
        let expansion = self.terminology.expansion(canonical).ok()?;
        let enumeration = expansion.enumerate(&self.terminology, MOST_CODES);
        if enumeration.gap.is_some() || enumeration.codes.is_empty() {
            return None;
        }
        let given = expansion.definition().name.as_deref().map(names::pascal_once);
        let last = url.rsplit('/').next().unwrap_or(url);
        let name = given.filter(|name| !name.is_empty()).unwrap_or_else(|| names::pascal_once(last));
        let name = if let Some(given) = self.settings.named(url) {
            given.to_owned()
        } else {
            let coded = format!("{name}Code");
            self.settings.book.choose(url, [name, coded], is_taken)
        };
        let mut codes: Vec<CodeVariant> = Vec::new();
        for coding in enumeration.codes {
            if codes.iter().any(|known| known.code == coding.code) {
                continue;
            }
            let variant = names::variant(&coding.code);
            let variant = names::free(variant, |name| codes.iter().any(|known| known.name == name));
            codes.push(CodeVariant {
                name: variant,
                code: coding.code,
                system: coding.system,
                display: coding.display,
            });
        }
        Some(CodeList {
            name,
            value_set: url.to_owned(),
            codes,
            attributes: self.settings.type_attributes(url),
        })
    }

    /// The enums, in order of their names.
    pub(crate) fn into_lists(self) -> Vec<CodeList> {
        let mut lists: Vec<CodeList> = self.known.into_values().flatten().collect();
        lists.sort_by(|a, b| a.name.cmp(&b.name));
        lists
    }
}
