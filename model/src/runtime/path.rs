//! The path from a resource to one of its elements, as FHIRPath.

use std::fmt::Write as _;

use super::shape::{Field, Shape, choice_of};

/// A step of a path. Creating one costs nothing: texts are made only when something is wrong.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// The type that is read.
    Root(&'static str),
    /// A field of a type, by its number, and its position among repeats.
    Field(&'static Shape, usize, Option<usize>),
    /// A property, its position among repeats, the choice that it may be a type of, and the slice that it belongs to.
    Property {
        /// Its name in JSON.
        name: &'static str,
        /// Its position among repeats.
        index: Option<usize>,
        /// The stems of the names of choices.
        stems: &'static [&'static str],
        /// The slice, with the element before it: `parameter:patient`.
        slice: Option<&'static str>,
    },
}

impl Step {
    /// A property without repeats.
    pub(super) fn property(name: &'static str, stems: &'static [&'static str]) -> Self {
        Self::Property { name, index: None, stems, slice: None }
    }

    /// The step with a position among repeats.
    pub(super) fn at(self, index: usize) -> Self {
        match self {
            Self::Field(shape, number, _) => Self::Field(shape, number, Some(index)),
            Self::Property { name, stems, slice, .. } => {
                Self::Property { name, index: Some(index), stems, slice }
            }
            Self::Root(name) => Self::Root(name),
        }
    }

    fn slice(&self) -> Option<&'static str> {
        match self {
            Self::Property { slice, .. } => slice.and_then(|slice| slice.split_once(':')),
            Self::Field(shape, number, _) => shape.fields[*number].name.split_once(':'),
            Self::Root(_) => None,
        }
        .map(|(_, slice)| slice)
    }

    fn write(&self, path: &mut String) {
        let (name, stem, index) = match self {
            Self::Root(name) => (*name, None, None),
            Self::Field(shape, number, index) => {
                let name = shape.fields[*number].name;
                (name, stem_of(shape.fields, *number), *index)
            }
            Self::Property { name, index, stems, .. } => (*name, choice_of(stems, name), *index),
        };
        if !path.is_empty() {
            path.push('.');
        }
        let name = name.split(':').next().unwrap_or_default();
        match stem {
            Some(stem) if stem.len() < name.len() => {
                let _infallible = write!(path, "{stem}.ofType({})", type_of(&name[stem.len()..]));
            }
            _ => path.push_str(name),
        }
        if let Some(index) = index {
            let _infallible = write!(path, "[{index}]");
        }
    }
}

/// A path as FHIRPath, and the innermost slice on it.
pub(super) fn render(steps: &[Step]) -> (String, Option<&'static str>) {
    let mut path = String::new();
    for step in steps {
        step.write(&mut path);
    }
    (path, steps.iter().rev().find_map(Step::slice))
}

/// The name of a choice, where a field is one of its types.
pub(super) fn stem_of(fields: &'static [Field], number: usize) -> Option<&'static str> {
    let field = &fields[number];
    let mut others = fields.iter().filter(|other| other.slot == field.slot && other.variant != field.variant);
    let first = others.next()?;
    let names = others.chain([first]).map(|other| other.name);
    let mut length = field.name.len();
    for name in names {
        let common = field.name.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
        // The names of types may begin alike; each begins with a capital letter.
        let is_start = |at: usize| [field.name, name].iter().all(|name| starts_type(name, at));
        length = (1..=common.min(length)).rev().find(|at| is_start(*at))?;
    }
    field.name.get(..length)
}

fn starts_type(name: &str, at: usize) -> bool {
    name.as_bytes().get(at).is_some_and(u8::is_ascii_uppercase)
}

/// The name of a type, by the end of a property's name: primitives begin with a small letter.
fn type_of(end: &str) -> String {
    let mut letters = end.chars();
    let small: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    let is_primitive = ers_fhir_values::Primitive::from_code(&small).is_some();
    if is_primitive { small } else { end.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_choice_ends_where_types_begin() {
        let choice = |names: &[&'static str]| -> &'static [Field] {
            let number =
                |(variant, name): (usize, &&'static str)| Field::new(name, 0).variant(variant as u16);
            names.iter().enumerate().map(number).collect::<Vec<_>>().leak()
        };
        assert_eq!(stem_of(choice(&["valueReference", "valueRange"]), 1), Some("value"));
        assert_eq!(stem_of(choice(&["onsetDateTime", "onsetAge", "onsetDate"]), 0), Some("onset"));
        assert_eq!(stem_of(choice(&["value"]), 0), None);
    }

    #[test]
    fn choices_are_written_with_their_type() {
        let value = |name| Step::property(name, &["value"]);
        let steps =
            [Step::Root("Parameters"), Step::property("parameter", &[]).at(1), value("valueDateTime")];
        assert_eq!(render(&steps).0, "Parameters.parameter[1].value.ofType(dateTime)");
        assert_eq!(render(&[value("valueQuantity")]).0, "value.ofType(Quantity)");
    }
}
