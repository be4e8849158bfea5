//! Reads ElementDefinition.

use ers_fhir_values::FhirVersion;

use crate::datum::Datum;
use crate::definition::{
    AdditionalBinding, Binding, BindingStrength, Constraint, Discriminator, ElementBase, ElementDefinition,
    Slicing, SlicingRules, TypedValue,
};
use crate::error::ReadError;

use super::text::{CORE, extension_text, extension_texts, texts};
use super::{codes, r4, stu3, types};

/// The context in which an element is read.
pub(super) struct Reader<'a> {
    /// Canonical of the definition, for errors.
    pub(super) canonical: &'a str,
    /// Release of the definition.
    pub(super) version: FhirVersion,
}

impl Reader<'_> {
    /// One element of a differential or snapshot. Its id is as written, or empty.
    pub(super) fn element(&self, datum: &Datum) -> Result<ElementDefinition, ReadError> {
        let text = |name: &str| datum.str(name).map(str::to_owned);
        let path = text("path").ok_or_else(|| {
            ReadError::missing(format!("ElementDefinition.path of {}{}", self.canonical, anchor(datum)))
        })?;
        let at = |name: &str| format!("{name} of {path} in {}", self.canonical);
        Ok(ElementDefinition {
            id: text("id").unwrap_or_default(),
            slice_name: text("sliceName"),
            slice_is_constraining: datum.bool("sliceIsConstraining").unwrap_or(false),
            slicing: datum.get("slicing").map(|d| slicing(d, &at)).transpose()?,
            representation: texts(datum, "representation"),
            min: count(datum, "min", &at)?,
            max: datum.str("max").map(|max| codes::max(max, || at("max"))).transpose()?,
            base: datum.get("base").map(|d| base(d, &at)).transpose()?,
            content_reference: text("contentReference"),
            types: types::read(datum, self.version, &at)?,
            fixed: value(datum, "fixed"),
            pattern: value(datum, "pattern"),
            min_value: value(datum, "minValue"),
            max_value: value(datum, "maxValue"),
            max_length: count(datum, "maxLength", &at)?,
            min_length: extension_text(datum, "minLength").and_then(|text| text.parse().ok()),
            regex: extension_text(datum, "regex").or_else(|| regex_of_type(datum)).map(str::to_owned),
            must_have_value: of_r5(datum, "mustHaveValue").next().map(|text| text == "true"),
            value_alternatives: of_r5(datum, "valueAlternatives").map(str::to_owned).collect(),
            narrative_languages: extension_texts(datum, "narrative-language-control")
                .map(str::to_owned)
                .collect(),
            narrative_source: extension_text(datum, "narrative-source-control").map(str::to_owned),
            constraints: datum.all("constraint").map(|d| constraint(d, &at)).collect::<Result<_, _>>()?,
            must_support: datum.bool("mustSupport"),
            is_modifier: datum.bool("isModifier"),
            is_summary: datum.bool("isSummary"),
            binding: datum.get("binding").map(|d| self.binding(d, &at)).transpose()?,
            short: text("short"),
            definition: text("definition"),
            path,
        })
    }

    fn binding(&self, datum: &Datum, at: &impl Fn(&str) -> String) -> Result<Binding, ReadError> {
        let strength = datum.str("strength");
        let strength = strength.map(|code| codes::strength(code, || at("binding.strength"))).transpose()?;
        Ok(Binding {
            // Required by the specification, but left out by differentials that only change the set.
            strength: strength.unwrap_or(BindingStrength::Example),
            value_set: match self.version {
                FhirVersion::Stu3 => stu3::value_set(datum),
                FhirVersion::R4 => r4::value_set(datum),
            }
            .map(|canonical| self.absolute(canonical)),
            max_value_set: extension_text(datum, "elementdefinition-maxValueSet").map(str::to_owned),
            additional: datum.all("extension").filter_map(|d| self.additional_binding(d)).collect(),
            description: datum.str("description").map(str::to_owned),
        })
    }

    /// The canonical of a set that the definition itself contains is appended to its own, so that it means
    /// the same in every definition that is derived from this one.
    fn absolute(&self, canonical: String) -> String {
        if canonical.starts_with('#') { format!("{}{canonical}", self.canonical) } else { canonical }
    }

    /// A further set, from an extension of a binding; `None` if it only applies in some contexts, or is advice
    /// for user interfaces.
    fn additional_binding(&self, extension: &Datum) -> Option<AdditionalBinding> {
        const URLS: [&str; 2] = [
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.binding.additional",
            "http://hl7.org/fhir/tools/StructureDefinition/additional-binding",
        ];
        if !URLS.contains(&extension.str("url")?) {
            return None;
        }
        let part = |name| {
            let part = extension.all("extension").find(|part| part.str("url") == Some(name))?;
            part.choice("value").map(|(_, value)| value)
        };
        let is_true = |name| part(name).is_some_and(|value| value.text.as_deref() == Some("true"));
        if part("usage").is_some() {
            return None;
        }
        let strength = match part("purpose")?.text.as_deref()? {
            "required" | "maximum" => BindingStrength::Required,
            "extensible" => BindingStrength::Extensible,
            "preferred" => BindingStrength::Preferred,
            _ => return None,
        };
        let value_set = part("valueSet")?.text.as_deref()?.to_owned();
        Some(AdditionalBinding { strength, value_set: self.absolute(value_set), is_for_any: is_true("any") })
    }
}

/// ` (element with id ...)`, for an element that has an id but no path.
fn anchor(datum: &Datum) -> String {
    datum.str("id").map_or_else(String::new, |id| format!(" (element with id {id})"))
}

fn count<T: std::str::FromStr>(
    datum: &Datum,
    name: &str,
    at: &impl Fn(&str) -> String,
) -> Result<Option<T>, ReadError> {
    let Some(text) = datum.str(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| ReadError::invalid(at(name), text, "a whole number"))
}

fn slicing(datum: &Datum, at: &impl Fn(&str) -> String) -> Result<Slicing, ReadError> {
    let discriminator = |d: &Datum| {
        let place = || at("slicing.discriminator.type");
        let kind = d.str("type").ok_or_else(|| ReadError::missing(place()))?;
        let path = d.str("path").ok_or_else(|| ReadError::missing(at("slicing.discriminator.path")))?;
        Ok(Discriminator { kind: codes::discriminator(kind, place)?, path: path.to_owned() })
    };
    let rules = datum.str("rules").map(|rules| codes::rules(rules, || at("slicing.rules"))).transpose()?;
    Ok(Slicing {
        discriminators: datum.all("discriminator").map(discriminator).collect::<Result<_, _>>()?,
        // Required by the specification, but left out by differentials that only re-open a slicing.
        rules: rules.unwrap_or(SlicingRules::Open),
        ordered: datum.bool("ordered").unwrap_or(false),
    })
}

fn base(datum: &Datum, at: &impl Fn(&str) -> String) -> Result<ElementBase, ReadError> {
    let missing = |name: &str| ReadError::missing(at(name));
    let max = datum.str("max").ok_or_else(|| missing("base.max"))?;
    Ok(ElementBase {
        path: datum.str("path").ok_or_else(|| missing("base.path"))?.to_owned(),
        min: count(datum, "min", at)?.unwrap_or(0),
        max: codes::max(max, || at("base.max"))?,
    })
}

fn constraint(datum: &Datum, at: &impl Fn(&str) -> String) -> Result<Constraint, ReadError> {
    let text = |name: &str| datum.str(name).map(str::to_owned);
    let place = || at("constraint.severity");
    let severity = datum.str("severity").ok_or_else(|| ReadError::missing(place()))?;
    // Some STU3 snapshots carry the expression in the extension that preceded the element.
    let expression =
        datum.str("expression").or_else(|| extension_text(datum, "structuredefinition-expression"));
    Ok(Constraint {
        key: text("key").ok_or_else(|| ReadError::missing(at("constraint.key")))?,
        severity: codes::severity(severity, place)?,
        human: text("human"),
        expression: expression.map(str::to_owned),
        source: datum.str("source").map(canonical),
        is_best_practice: extension_text(datum, "elementdefinition-bestpractice") == Some("true"),
    })
}

/// The pattern that an extension of the only type gives; the value of a primitive type has the grammar of that type.
fn regex_of_type(datum: &Datum) -> Option<&str> {
    let mut types = datum.all("type");
    let (only, None) = (types.next()?, types.next()) else { return None };
    if datum.all("representation").next().is_some() { None } else { extension_text(only, "regex") }
}

/// The values of an element of R5 that an earlier release writes as an extension.
fn of_r5<'a>(datum: &'a Datum, name: &'a str) -> impl Iterator<Item = &'a str> {
    const R5: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.";
    let is_meant = move |url: &str| url.strip_prefix(R5) == Some(name);
    let extensions = datum.all("extension").filter(move |e| e.str("url").is_some_and(is_meant));
    extensions.filter_map(|extension| extension.choice("value")?.1.text.as_deref())
}

/// A definition by canonical; STU3 packages write just the type name for core ones.
fn canonical(source: &str) -> String {
    if source.contains([':', '/']) { source.to_owned() } else { format!("{CORE}{source}") }
}

/// Primitive types that may stand in a choice, by the suffix they are written with.
const PRIMITIVES: [&str; 20] = [
    "Base64Binary",
    "Boolean",
    "Canonical",
    "Code",
    "Date",
    "DateTime",
    "Decimal",
    "Id",
    "Instant",
    "Integer",
    "Integer64",
    "Markdown",
    "Oid",
    "PositiveInt",
    "String",
    "Time",
    "UnsignedInt",
    "Uri",
    "Url",
    "Uuid",
];

fn value(datum: &Datum, stem: &str) -> Option<TypedValue> {
    let (suffix, value) = datum.choice(stem)?;
    let type_name = if PRIMITIVES.contains(&suffix) {
        let (first, rest) = suffix.split_at(1);
        format!("{}{rest}", first.to_ascii_lowercase())
    } else {
        suffix.to_owned()
    };
    Some(TypedValue { type_name, value: value.clone() })
}
