//! Decides which slice a value belongs to.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::layout::Slice;
use super::tree::Tree;
use crate::runtime::error::ReadError;
use crate::runtime::options::ReadOptions;
use crate::runtime::reader::Reader;
use crate::runtime::record::Value;

/// How deeply trials of profiles may nest.
const MOST_TRIALS: u8 = 4;

/// A mark that tells a slice apart: steps from the sliced element to a value, and what that must be.
#[derive(Debug)]
#[non_exhaustive]
pub struct Mark {
    /// The path from the sliced element to the part that is compared.
    pub path: &'static [Step],
    /// What must be at the end of the path.
    pub expected: Expected,
}

/// A step of such a path. It goes into all items of an array.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// A property.
    Child(&'static str),
    /// Any property of a choice, by the part of the name before the type.
    Choice(&'static str),
    /// Extensions with this URL.
    Extension(&'static str),
}

/// What must be at the end of a path; JSON is given as text.
#[derive(Debug)]
#[non_exhaustive]
pub enum Expected {
    /// Exactly this JSON.
    Is(&'static str),
    /// At least this JSON.
    Contains(&'static str),
    /// All of these.
    All(&'static [Mark]),
    /// One of these.
    Any(&'static [Mark]),
    /// A code of these, by system and code.
    Code(&'static [(&'static str, &'static str)]),
    /// Something (`true`) or nothing (`false`).
    Exists(bool),
    /// A resource of one of these types.
    Resource(&'static [&'static str]),
    /// A value that claims one of these profiles, or follows it as far as a struct can tell.
    Profile(&'static [(&'static str, Trial)]),
}

/// Whether a JSON text follows a profile; the number is the level of nesting of the trial.
pub type Trial = fn(&str, u8) -> bool;

/// Whether a JSON text can be read as a profile struct; false where trials are nested too deeply.
pub fn follows<T: Value>(json: &str, level: u8) -> bool {
    if level > MOST_TRIALS {
        return false;
    }
    let options = ReadOptions { keeps_unknown_codes: false, ..ReadOptions::lenient() };
    let mut reader = Reader::new(json, options);
    reader.try_at(level);
    let read = T::blank().read(&mut reader);
    reader.finish(read).is_ok()
}

impl Mark {
    /// What must be at the end of a path.
    pub const fn new(path: &'static [Step], expected: Expected) -> Self {
        Self { path, expected }
    }

    fn holds(&self, tree: &Tree<'_>, level: u8) -> bool {
        match self.expected {
            Expected::Exists(is_there) => any(tree, self.path, &|_| true) == is_there,
            ref expected => any(tree, self.path, &|found| expected.is_met(found, level)),
        }
    }

    /// The text that must be at the end of a path of properties, if the mark requires nothing else.
    fn text(&self) -> Option<&'static str> {
        let (Expected::Is(json) | Expected::Contains(json)) = self.expected else { return None };
        let is_plain = self.path.iter().all(|step| matches!(step, Step::Child(_)));
        let text = json.strip_prefix('"')?.strip_suffix('"')?;
        (is_plain && !text.contains('\\')).then_some(text)
    }
}

impl Expected {
    fn is_met(&self, found: &Tree<'_>, level: u8) -> bool {
        match self {
            Self::Is(json) => found.is(&Tree::parse(json)),
            Self::Contains(json) => found.contains(&Tree::parse(json)),
            Self::All(marks) => marks.iter().all(|mark| mark.holds(found, level)),
            Self::Any(marks) => marks.iter().any(|mark| mark.holds(found, level)),
            Self::Code(codes) => has_code(found, codes),
            Self::Exists(is_there) => *is_there,
            Self::Resource(types) => {
                let type_name = found.member("resourceType").and_then(Tree::string);
                type_name.is_some_and(|name| types.contains(&name))
            }
            Self::Profile(profiles) => {
                let claims = |url: &str| {
                    let claimed = found.member("meta").and_then(|meta| meta.member("profile"));
                    claimed
                        .is_some_and(|claimed| claimed.items().iter().any(|item| item.string() == Some(url)))
                };
                profiles.iter().any(|(url, follows)| claims(url) || follows(found.text, level + 1))
            }
        }
    }
}

/// Whether a code, a Coding or one of the codings of a CodeableConcept is among these.
fn has_code(found: &Tree<'_>, codes: &[(&str, &str)]) -> bool {
    if let Some(code) = found.string() {
        return codes.iter().any(|(_, known)| *known == code);
    }
    if let Some(parts) = found.member("coding") {
        return parts.items().iter().any(|part| has_code(part, codes));
    }
    let part = |name: &str| found.member(name).and_then(Tree::string);
    codes.iter().any(|(system, code)| {
        part("code") == Some(code) && (system.is_empty() || part("system") == Some(*system))
    })
}

/// Whether any value at the end of a path satisfies a test.
fn any(tree: &Tree<'_>, path: &[Step], ask: &dyn Fn(&Tree<'_>) -> bool) -> bool {
    tree.items().iter().any(|item| {
        let Some((step, rest)) = path.split_first() else { return ask(item) };
        match step {
            // A primitive that has only extensions is present too.
            Step::Child(name) => item.members().iter().any(|(key, value)| {
                key == name && any(value, rest, ask)
                    || rest.is_empty() && key.strip_prefix('_') == Some(name) && any(value, rest, ask)
            }),
            Step::Choice(before_type) => item.members().iter().any(|(key, value)| {
                let suffix = key.trim_start_matches('_').strip_prefix(before_type);
                let is_type =
                    suffix.is_some_and(|suffix| suffix.starts_with(|c: char| c.is_ascii_uppercase()));
                is_type && any(value, rest, ask)
            }),
            Step::Extension(url) => item.member("extension").is_some_and(|extensions| {
                let mut extensions = extensions.items().iter();
                extensions.any(|extension| {
                    extension.member("url").and_then(Tree::string) == Some(url) && any(extension, rest, ask)
                })
            }),
        }
    })
}

/// A value to be assigned to a slice.
struct Item<'a> {
    text: &'a str,
    tree: OnceCell<Tree<'a>>,
    /// The last path that was followed, and the texts at its end.
    last: Option<(&'static [Step], Vec<Cow<'a, str>>)>,
    level: u8,
}

/// The first slice that a value belongs to.
pub(super) fn place_of(text: &str, slices: &[Slice], level: u8) -> Option<usize> {
    let mut item = Item { text, tree: OnceCell::new(), last: None, level };
    slices.iter().position(|slice| slice.marks.iter().all(|mark| item.has(mark)))
}

impl Item<'_> {
    fn has(&mut self, mark: &Mark) -> bool {
        let Some(expected) = mark.text() else {
            let tree = self.tree.get_or_init(|| Tree::parse(self.text));
            return mark.holds(tree, self.level);
        };
        // Many slices are told apart by a text in the same place, which is searched for once.
        if !self.last.as_ref().is_some_and(|(path, _)| *path == mark.path) {
            let mut texts = Vec::new();
            let mut reader = Reader::new(self.text, ReadOptions::lenient());
            // The text was read before.
            let _ = collect(&mut reader, mark.path, &mut texts);
            self.last = Some((mark.path, texts));
        }
        self.last.as_ref().is_some_and(|(_, texts)| texts.iter().any(|text| text == expected))
    }
}

/// Collects the texts at the end of a path of properties.
fn collect<'a>(
    reader: &mut Reader<'a>,
    path: &[Step],
    texts: &mut Vec<Cow<'a, str>>,
) -> Result<(), ReadError> {
    let mut is_first = true;
    if reader.peek() == b'[' {
        reader.begin_array()?;
        while reader.item(&mut is_first)? {
            collect(reader, path, texts)?;
        }
        return Ok(());
    }
    match (path.split_first(), reader.peek()) {
        (None, b'"') => texts.push(reader.string()?),
        (Some((Step::Child(name), rest)), b'{') => {
            reader.begin_object()?;
            while let Some(key) = reader.key(&mut is_first)? {
                if key == *name {
                    collect(reader, rest, texts)?;
                } else {
                    reader.raw()?;
                }
            }
        }
        _ => {
            reader.raw()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(json: &str, marks: &'static [Mark]) -> bool {
        place_of(json, &[Slice::new(0, marks)], 0).is_some()
    }

    #[test]
    fn a_text_is_found_through_arrays() {
        const CODE: &[Mark] =
            &[Mark::new(&[Step::Child("coding"), Step::Child("code")], Expected::Is("\"b\""))];
        assert!(is_in(r#"{"coding":[{"code":"a"},{"code":"b"}]}"#, CODE));
        assert!(!is_in(r#"{"coding":[{"code":"a"}],"code":"b"}"#, CODE));
        assert!(!is_in("3", CODE));
    }

    #[test]
    fn a_pattern_of_the_value_itself_is_contained() {
        const LAB: &[Mark] =
            &[Mark::new(&[], Expected::Contains(r#"{"coding":[{"system":"s","code":"lab"}]}"#))];
        assert!(is_in(r#"{"coding":[{"system":"s","code":"lab","display":"Laboratory"}]}"#, LAB));
        assert!(!is_in(r#"{"coding":[{"system":"t","code":"lab"}]}"#, LAB));
    }

    #[test]
    fn something_or_nothing_must_be_there() {
        const SOME: &[Mark] = &[Mark::new(&[Step::Child("period")], Expected::Exists(true))];
        const NONE: &[Mark] = &[Mark::new(&[Step::Child("period")], Expected::Exists(false))];
        const TYPE: &[Mark] = &[Mark::new(&[Step::Choice("value")], Expected::Exists(true))];
        assert!(is_in(r#"{"period":{}}"#, SOME) && !is_in(r#"{"period":{}}"#, NONE));
        assert!(!is_in("{}", SOME) && is_in("{}", NONE));
        assert!(is_in(r#"{"_valueDate":{"id":"x"}}"#, TYPE) && !is_in(r#"{"values":1}"#, TYPE));
    }

    #[test]
    fn codes_are_told_by_their_system() {
        const CODES: &[Mark] = &[Mark::new(&[Step::Child("type")], Expected::Code(&[("s", "a")]))];
        assert!(is_in(r#"{"type":"a"}"#, CODES));
        assert!(is_in(r#"{"type":{"coding":[{"system":"t","code":"a"},{"system":"s","code":"a"}]}}"#, CODES));
        assert!(!is_in(r#"{"type":{"coding":[{"system":"t","code":"a"}]}}"#, CODES));
        assert!(!is_in(r#"{"type":{"coding":[{"code":"a"}]}}"#, CODES));
    }

    #[test]
    fn all_marks_count() {
        const BOTH: &[Mark] = &[
            Mark::new(&[Step::Child("resource")], Expected::Resource(&["Patient", "Group"])),
            Mark::new(&[Step::Extension("u"), Step::Child("valueCode")], Expected::Is("\"x\"")),
        ];
        let extension = r#""extension":[{"url":"u","valueCode":"x"}]"#;
        assert!(is_in(&format!(r#"{{"resource":{{"resourceType":"Group"}},{extension}}}"#), BOTH));
        assert!(!is_in(&format!(r#"{{"resource":{{"resourceType":"List"}},{extension}}}"#), BOTH));
        assert!(!is_in(r#"{"resource":{"resourceType":"Group"}}"#, BOTH));
    }
}
