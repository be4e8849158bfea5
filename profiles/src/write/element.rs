//! Writes an ElementDefinition in the form of its release: the inverse of the reader.

use ers_fhir_values::FhirVersion;

use crate::datum::Datum;
use crate::definition::{
    AdditionalBinding, Aggregation, Binding, BindingStrength, Constraint, ConstraintSeverity, Discriminator,
    DiscriminatorKind, ElementBase, ElementDefinition, Max, Slicing, SlicingRules, TypeRef, TypedValue,
};

/// Base of the canonicals of HL7's extensions.
const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Extensions that stand for elements of R5.
const R5: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.";

/// The context in which elements are written.
pub(super) struct Writer<'a> {
    /// Canonical of the definition that they belong to.
    pub(super) canonical: &'a str,
    pub(super) version: FhirVersion,
}

/// The fields of a datum that is being put together.
#[derive(Default)]
struct Fields(Vec<(Box<str>, Datum)>);

impl Fields {
    fn put(&mut self, name: &str, value: Datum) {
        self.0.push((name.into(), value));
    }

    fn text(&mut self, name: &str, text: impl Into<Box<str>>) {
        self.put(name, Datum::primitive(text));
    }

    fn maybe(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.text(name, value.to_string());
        }
    }

    fn typed(&mut self, stem: &str, value: Option<&TypedValue>) {
        let Some(value) = value else { return };
        let (first, rest) = value.type_name.split_at(1);
        self.put(&format!("{stem}{}{rest}", first.to_ascii_uppercase()), value.value.clone());
    }

    fn extension(&mut self, url: String, suffix: &str, value: Datum) {
        let fields = vec![("url".into(), Datum::primitive(url)), (format!("value{suffix}").into(), value)];
        self.put("extension", Datum { text: None, fields });
    }

    fn done(self) -> Datum {
        Datum { text: None, fields: self.0 }
    }
}

impl Writer<'_> {
    fn is_stu3(&self) -> bool {
        self.version == FhirVersion::Stu3
    }

    /// The canonical of another definition, which has a type of its own in R4.
    fn canonical_suffix(&self) -> &'static str {
        if self.is_stu3() { "Uri" } else { "Canonical" }
    }

    /// One element of a snapshot.
    pub(super) fn element(&self, element: &ElementDefinition) -> Datum {
        let mut fields = Fields::default();
        fields.text("id", element.id.as_str());
        self.extensions(element, &mut fields);
        fields.text("path", element.path.as_str());
        for representation in &element.representation {
            fields.text("representation", representation.as_str());
        }
        fields.maybe("sliceName", element.slice_name.as_deref());
        if element.slice_is_constraining && !self.is_stu3() {
            fields.text("sliceIsConstraining", "true");
        }
        if let Some(of) = &element.slicing {
            fields.put("slicing", slicing(of));
        }
        fields.maybe("short", element.short.as_deref());
        fields.text("definition", self.definition(element));
        fields.text("min", element.min.unwrap_or(0).to_string());
        fields.text("max", max(element.max.unwrap_or(Max::Unbounded)));
        if let Some(of) = &element.base {
            fields.put("base", base(of));
        }
        fields.maybe("contentReference", element.content_reference.as_deref());
        for of in &element.types {
            self.types(of, element, &mut fields);
        }
        fields.typed("fixed", element.fixed.as_ref());
        fields.typed("pattern", element.pattern.as_ref());
        fields.typed("minValue", element.min_value.as_ref());
        fields.typed("maxValue", element.max_value.as_ref());
        fields.maybe("maxLength", element.max_length);
        for of in &element.constraints {
            fields.put("constraint", constraint(of));
        }
        fields.maybe("mustSupport", element.must_support);
        fields.maybe("isModifier", element.is_modifier);
        if element.is_modifier == Some(true) && !self.is_stu3() {
            fields.text("isModifierReason", format!("See {}.", self.origin(element)));
        }
        fields.maybe("isSummary", element.is_summary);
        if let Some(of) = &element.binding {
            fields.put("binding", self.binding(of));
        }
        fields.done()
    }

    /// Adds to an element of a differential the members that FHIR requires and bare facts leave out.
    pub(super) fn complete(&self, datum: &mut Datum, element: &ElementDefinition) {
        if datum.get("id").is_none() {
            datum.fields.insert(0, ("id".into(), Datum::primitive(element.id.as_str())));
        }
        let constraints = datum.fields.iter_mut().filter(|(name, _)| &**name == "constraint");
        for ((_, datum), of) in constraints.zip(&element.constraints) {
            if datum.get("human").is_none() {
                datum.fields.push(("human".into(), Datum::primitive(human(of))));
            }
        }
        let lacks_reason = element.is_modifier == Some(true) && datum.get("isModifierReason").is_none();
        if lacks_reason && !self.is_stu3() {
            let reason = Datum::primitive(format!("See {}.", self.origin(element)));
            datum.fields.push(("isModifierReason".into(), reason));
        }
    }

    /// Every element of a snapshot has a definition; if no loaded package carries it, it states where the
    /// element comes from.
    fn definition(&self, element: &ElementDefinition) -> String {
        let text = element.definition.clone().or_else(|| element.short.clone());
        text.unwrap_or_else(|| format!("See {}.", self.origin(element)))
    }

    fn origin(&self, element: &ElementDefinition) -> String {
        let path = element.base.as_ref().map_or(element.path.as_str(), |base| base.path.as_str());
        format!("{path} in FHIR {}", self.version)
    }

    fn extensions(&self, element: &ElementDefinition, fields: &mut Fields) {
        if let Some(length) = element.min_length {
            fields.extension(format!("{CORE}minLength"), "Integer", Datum::primitive(length.to_string()));
        }
        if let Some(regex) = &element.regex {
            fields.extension(format!("{CORE}regex"), "String", Datum::primitive(regex.clone()));
        }
        if let Some(must_have) = element.must_have_value {
            fields.extension(
                format!("{R5}mustHaveValue"),
                "Boolean",
                Datum::primitive(must_have.to_string()),
            );
        }
        for url in &element.value_alternatives {
            let url = Datum::primitive(url.as_str());
            fields.extension(format!("{R5}valueAlternatives"), self.canonical_suffix(), url);
        }
        for language in &element.narrative_languages {
            let language = Datum::primitive(language.as_str());
            fields.extension(format!("{CORE}narrative-language-control"), "Code", language);
        }
        if let Some(severity) = &element.narrative_source {
            let severity = Datum::primitive(severity.as_str());
            fields.extension(format!("{CORE}narrative-source-control"), "Code", severity);
        }
    }

    /// One type, which STU3 repeats for each of its profiles and targets.
    fn types(&self, of: &TypeRef, element: &ElementDefinition, fields: &mut Fields) {
        if !self.is_stu3() {
            fields.put("type", self.one_type(of, element, &of.profiles, &of.target_profiles));
            return;
        }
        let one_by_one = |all: &[String]| -> Vec<Vec<String>> {
            if all.is_empty() { vec![Vec::new()] } else { all.iter().map(|one| vec![one.clone()]).collect() }
        };
        for profiles in one_by_one(&of.profiles) {
            for targets in one_by_one(&of.target_profiles) {
                fields.put("type", self.one_type(of, element, &profiles, &targets));
            }
        }
    }

    fn one_type(
        &self,
        of: &TypeRef,
        element: &ElementDefinition,
        profiles: &[String],
        targets: &[String],
    ) -> Datum {
        let mut fields = Fields::default();
        if let Some(regex) = &of.regex {
            let name = if self.is_stu3() { "structuredefinition-regex" } else { "regex" };
            fields.extension(format!("{CORE}{name}"), "String", Datum::primitive(regex.as_str()));
        }
        if let Some(fhir_type) = of.fhir_type.as_deref().filter(|_| !self.is_stu3()) {
            let fhir_type = Datum::primitive(fhir_type);
            fields.extension(format!("{CORE}structuredefinition-fhir-type"), "Url", fhir_type);
        }
        fields.put("code", self.type_code(of, element));
        for profile in profiles {
            fields.put("profile", type_profile(profile));
        }
        for target in targets {
            fields.text("targetProfile", target.as_str());
        }
        for aggregation in &of.aggregation {
            fields.text(
                "aggregation",
                match aggregation {
                    Aggregation::Contained => "contained",
                    Aggregation::Referenced => "referenced",
                    Aggregation::Bundled => "bundled",
                },
            );
        }
        fields.done()
    }

    fn type_code(&self, of: &TypeRef, element: &ElementDefinition) -> Datum {
        let Some(system) = of.code.strip_prefix("System.") else { return Datum::primitive(of.code.as_str()) };
        if !self.is_stu3() {
            return Datum::primitive(format!("http://hl7.org/fhirpath/{}", of.code));
        }
        if element.name() != "value" {
            return Datum::primitive(of.fhir_type.as_deref().unwrap_or("string"));
        }
        // The value of a primitive has no code in STU3, only its XML Schema type.
        let xml = match system {
            "Boolean" => "xsd:boolean",
            "Integer" => "xsd:int",
            "Decimal" => "xsd:decimal",
            "Time" => "xsd:time",
            "Date" => "xsd:gYear OR xsd:gYearMonth OR xsd:date",
            "DateTime" => "xsd:gYear OR xsd:gYearMonth OR xsd:date OR xsd:dateTime",
            _ => "xsd:string",
        };
        let mut fields = Fields::default();
        fields.extension(format!("{CORE}structuredefinition-xml-type"), "String", Datum::primitive(xml));
        fields.done()
    }

    fn binding(&self, of: &Binding) -> Datum {
        let mut fields = Fields::default();
        if let Some(max) = &of.max_value_set {
            let url = format!("{CORE}elementdefinition-maxValueSet");
            fields.extension(url, self.canonical_suffix(), Datum::primitive(max.as_str()));
        }
        for additional in &of.additional {
            fields.put("extension", self.additional(additional));
        }
        fields.text("strength", strength(of.strength));
        let without = of.value_set.is_none().then_some("The definition names no value set.");
        fields.maybe("description", of.description.as_deref().or(without));
        if let Some(set) = &of.value_set {
            let own = set.strip_prefix(self.canonical).filter(|rest| rest.starts_with('#'));
            let set = own.unwrap_or(set);
            if self.is_stu3() {
                let mut reference = Fields::default();
                reference.text("reference", set);
                fields.put("valueSetReference", reference.done());
            } else {
                fields.text("valueSet", set);
            }
        }
        fields.done()
    }

    fn additional(&self, of: &AdditionalBinding) -> Datum {
        let mut fields = Fields::default();
        fields.text("url", format!("{R5}binding.additional"));
        for (name, suffix, value) in [
            ("purpose", "Code", strength(of.strength)),
            ("valueSet", self.canonical_suffix(), of.value_set.as_str()),
        ] {
            fields.extension(name.to_owned(), suffix, Datum::primitive(value));
        }
        fields.done()
    }
}

/// A profile of a type; of `canonical#element-id`, the element goes into an extension.
fn type_profile(profile: &str) -> Datum {
    let Some((canonical, element)) = profile.split_once('#') else { return Datum::primitive(profile) };
    let mut fields = Fields::default();
    let url = format!("{CORE}elementdefinition-profile-element");
    fields.extension(url, "String", Datum::primitive(element));
    Datum { text: Some(canonical.into()), ..fields.done() }
}

fn slicing(of: &Slicing) -> Datum {
    let mut fields = Fields::default();
    for Discriminator { kind, path } in &of.discriminators {
        let mut discriminator = Fields::default();
        discriminator.text(
            "type",
            match kind {
                DiscriminatorKind::Value => "value",
                DiscriminatorKind::Pattern => "pattern",
                DiscriminatorKind::Exists => "exists",
                DiscriminatorKind::Type => "type",
                DiscriminatorKind::Profile => "profile",
            },
        );
        discriminator.text("path", path.as_str());
        fields.put("discriminator", discriminator.done());
    }
    if of.discriminators.is_empty() {
        fields.text("description", "Only the author of the definition knows what tells the slices apart.");
    }
    fields.text("ordered", of.ordered.to_string());
    fields.text(
        "rules",
        match of.rules {
            SlicingRules::Closed => "closed",
            SlicingRules::Open => "open",
            SlicingRules::OpenAtEnd => "openAtEnd",
        },
    );
    fields.done()
}

fn base(of: &ElementBase) -> Datum {
    let mut fields = Fields::default();
    fields.text("path", of.path.as_str());
    fields.text("min", of.min.to_string());
    fields.text("max", max(of.max));
    fields.done()
}

fn max(max: Max) -> String {
    match max {
        Max::Count(count) => count.to_string(),
        Max::Unbounded => "*".to_owned(),
    }
}

fn constraint(of: &Constraint) -> Datum {
    let mut fields = Fields::default();
    if of.is_best_practice {
        fields.extension(
            format!("{CORE}elementdefinition-bestpractice"),
            "Boolean",
            Datum::primitive("true"),
        );
    }
    fields.text("key", of.key.as_str());
    fields.text(
        "severity",
        match of.severity {
            ConstraintSeverity::Error => "error",
            ConstraintSeverity::Warning => "warning",
        },
    );
    fields.text("human", human(of));
    fields.maybe("expression", of.expression.as_deref());
    fields.maybe("source", of.source.as_deref());
    fields.done()
}

/// An invariant in words; if no loaded package has them, its expression.
fn human(of: &Constraint) -> &str {
    of.human.as_ref().or(of.expression.as_ref()).unwrap_or(&of.key)
}

fn strength(strength: BindingStrength) -> &'static str {
    match strength {
        BindingStrength::Example => "example",
        BindingStrength::Preferred => "preferred",
        BindingStrength::Extensible => "extensible",
        BindingStrength::Required => "required",
    }
}
