//! One value of an element: its type, and the constraints of the element.

use ers_fhir_profiles::definition::{
    ConstraintSeverity, ElementDefinition, StructureKind, TypeRef, TypedValue,
};
use serde_json::Value;

use super::builder::Builder;
use super::keywords::{Keywords, also, any_of, keyword};
use super::literal::containing;
use super::place::Place;
use super::primitive;
use super::subject::{ABSTRACT_RESOURCES, Subject};
use crate::error::{Error, absence};

impl Builder<'_> {
    /// A value of an element, as one of these types.
    pub(super) fn value(&mut self, place: &Place, types: &[TypeRef]) -> Result<Keywords, Error> {
        let element = place.element();
        let only = match types {
            [only] => Some((only, type_code(element, only))),
            _ => None,
        };
        if let Some((reference, code)) = only
            && primitive::is_primitive(code)
        {
            return self.primitive_value(place, reference, code);
        }
        let mut schema = self.content(place, types)?;
        if let Some(fixed) = &element.fixed {
            also(&mut schema, keyword("const", self.literal_of(place, fixed)?));
        }
        if let Some(pattern) = &element.pattern {
            also(&mut schema, containing(&self.literal_of(place, pattern)?));
        }
        if let Some(codes) = only.and_then(|(_, code)| self.bound_codes(place, code)) {
            also(&mut schema, codes);
        }
        Ok(schema)
    }

    fn primitive_value(&mut self, place: &Place, reference: &TypeRef, code: &str) -> Result<Keywords, Error> {
        let element = place.element();
        if let Some(only) = element.fixed.as_ref().or(element.pattern.as_ref()) {
            return Ok(keyword("const", self.literal_of(place, only)?));
        }
        let mut schema = match (self.bound_codes(place, code), reference.profiles.as_slice()) {
            (Some(codes), _) => codes,
            (None, []) => self.refer(Subject::Type(primitive::fhir_name(code).to_owned())),
            (None, profiles) => self.profiles(place, code, profiles)?,
        };
        limits(place, code, &mut schema);
        Ok(schema)
    }

    /// The content of the value.
    fn content(&mut self, place: &Place, types: &[TypeRef]) -> Result<Keywords, Error> {
        let element = place.element();
        if let Some(reference) = &element.content_reference {
            let path = reference.rsplit_once('#').map_or(reference.as_str(), |(_, path)| path);
            return Ok(self.refer(Subject::Part(path.to_owned())));
        }
        if place.has_children() && element.types.len() <= 1 {
            if place.is_shared() {
                return Ok(self.refer(Subject::Part(element.path.clone())));
            }
            let resource_type = match types {
                [only] if self.is_resource(&only.code)? => Some(only.code.as_str()),
                _ => None,
            };
            return self.object(place, resource_type);
        }
        if types.iter().all(|reference| reference.profiles.is_empty()) {
            let same = |sliced: &Place| sliced.element().types == element.types && sliced.has_children();
            if let Some(sliced) = place.sliced().filter(same) {
                return self.content(&sliced, types);
            }
            let introduced = element.base.as_ref().map(|base| base.path.as_str());
            let is_nameless = matches!(types, [only] if matches!(&*only.code, "BackboneElement" | "Element"));
            if let Some(path) = introduced.filter(|path| is_nameless && path.contains('.')) {
                return Ok(self.refer(Subject::Part(path.to_owned())));
            }
        }
        let mut options = Vec::with_capacity(types.len());
        for reference in types {
            options.push(Value::Object(self.typed(place, reference)?));
        }
        Ok(any_of(options))
    }

    /// A type, or any of its given profiles.
    fn typed(&mut self, place: &Place, reference: &TypeRef) -> Result<Keywords, Error> {
        let code = type_code(place.element(), reference);
        if !reference.profiles.is_empty() {
            return self.profiles(place, code, &reference.profiles);
        }
        self.of_type(code)
    }

    fn of_type(&mut self, code: &str) -> Result<Keywords, Error> {
        if ABSTRACT_RESOURCES.contains(&code) {
            return Ok(self.refer(Subject::AnyResource));
        }
        if self.is_resource(code)? {
            self.expect_resource(code);
        }
        Ok(self.refer(Subject::Type(code.to_owned())))
    }

    /// Any of some profiles of a type; a profile that is not available is replaced by the type.
    fn profiles(&mut self, place: &Place, code: &str, urls: &[String]) -> Result<Keywords, Error> {
        let mut options = Vec::with_capacity(urls.len());
        for url in urls {
            let option = if self.definitions.structure(url)?.is_some() {
                self.refer(Subject::Profile(url.clone()))
            } else {
                self.do_without(url, absence(&place.element().id));
                self.of_type(code)?
            };
            options.push(Value::Object(option));
        }
        Ok(any_of(options))
    }

    fn is_resource(&self, code: &str) -> Result<bool, Error> {
        let definition = self.type_definition(code)?;
        Ok(definition.is_some_and(|definition| definition.kind == StructureKind::Resource))
    }
}

/// Adds the constraints of an element on a primitive: its length, its range and its form.
pub(super) fn limits(place: &Place, code: &str, schema: &mut Keywords) {
    let element = place.element();
    if let Some(longest) = element.max_length.filter(|_| crate::literal::is_text(code)) {
        also(schema, keyword("maxLength", longest));
    }
    if let Some(shortest) = element.min_length.filter(|_| crate::literal::is_text(code)) {
        also(schema, keyword("minLength", shortest));
    }
    let number = |limit: &Option<TypedValue>| -> Option<Value> {
        let text = limit.as_ref()?.value.text.as_deref()?;
        serde_json::from_str(text).ok().filter(Value::is_number)
    };
    if !crate::literal::is_text(code) {
        for (name, limit) in [("minimum", &element.min_value), ("maximum", &element.max_value)] {
            if let Some(limit) = number(limit) {
                also(schema, keyword(name, limit));
            }
        }
    }
    for constraint in &element.constraints {
        let form = constraint.expression.as_deref().and_then(form);
        if let Some(form) = form.filter(|_| constraint.severity == ConstraintSeverity::Error) {
            also(schema, keyword("pattern", form));
        }
    }
}
/// The type of an element; R4 publishes that of `Resource.id` as a string.
pub(super) fn type_code<'t>(element: &ElementDefinition, reference: &'t TypeRef) -> &'t str {
    if element.base.as_ref().is_some_and(|base| base.path == "Resource.id") {
        return "id";
    }
    reference.fhir_type.as_deref().unwrap_or(&reference.code)
}

/// The regular expression of an invariant that says nothing else: `matches('^[0-9]+$')`.
fn form(expression: &str) -> Option<String> {
    let quoted = expression.trim().strip_prefix("matches('")?.strip_suffix("')")?;
    let mut form = String::with_capacity(quoted.len());
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => return None,
            // FHIRPath escapes characters that a string cannot hold directly.
            '\\' => match letters.next()? {
                escaped @ ('\\' | '\'' | '/' | '"' | '`') => form.push(escaped),
                _ => return None,
            },
            letter => form.push(letter),
        }
    }
    // Look-around and flags differ between engines.
    (!form.contains("(?") || form.contains("(?:")).then_some(form)
}

#[cfg(test)]
mod tests {
    use super::form;

    #[test]
    fn only_an_expression_that_is_all_form_becomes_a_pattern() {
        assert_eq!(form("matches('^[0-9]{12}$')").as_deref(), Some("^[0-9]{12}$"));
        assert_eq!(form(r"matches('^\\d+$')").as_deref(), Some(r"^\d+$"));
        assert_eq!(form("matches('^a$') or matches('^b$')"), None);
        assert_eq!(form("matches('^a$').not()"), None);
        assert_eq!(form("matches('^(?!a)')"), None);
    }
}
