//! Measure: the names in its criteria are defined in its libraries.
//!
//! A criterion is an expression, most often the name of a definition in a CQL library. If all libraries are
//! available and can be read, a name that none of them defines is wrong; otherwise the criteria are reported
//! as not checked.
//!
//! Source: <http://hl7.org/fhir/R4/measure-definitions.html#Measure.group.population.criteria>.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::package::Kind;
use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::{base64, canonical};
use rustc_hash::FxHashSet;

use crate::check::shelf::Shelf;
use crate::check::{Checker, Finding};
use crate::rule::measure as rules;

/// What the libraries of a Measure define.
enum Defined {
    /// These names, in libraries with these names, and no others.
    All { names: FxHashSet<String>, libraries: FxHashSet<String> },
    /// Unknown, with the reason.
    Unknown(&'static str),
}

/// Checks every Measure of the document.
pub(in crate::check) fn settle(ctx: &Checker<'_, '_>) {
    let waiting = ctx.waiting.measures.take();
    if waiting.is_empty() {
        return;
    }
    let mut shelf = Shelf::new(ctx, Kind::Library);
    for measure in waiting {
        check(ctx, measure, &mut shelf);
    }
}

fn check<'d>(ctx: &Checker<'_, 'd>, measure: Node<'d>, shelf: &mut Shelf<'d>) {
    let groups = || measure.named("group");
    let parts = groups().flat_map(|group| group.named("population").chain(group.named("stratifier")));
    let parts = parts.chain(measure.named("supplementalData"));
    let parts = parts.flat_map(|part| std::iter::once(part).chain(part.named("component")));
    let mut defined = None;
    let mut is_said = false;
    for criteria in parts.filter_map(|part| part.child("criteria")) {
        // STU3 has only a text, which is CQL or the name of a definition.
        let (at, language) = match criteria.child("expression") {
            Some(expression) => (expression, criteria.child_value("language").unwrap_or_default()),
            None => (criteria, "text/cql"),
        };
        let Some(text) = at.value() else { continue };
        // Its syntax is checked like that of any expression.
        if language == "text/fhirpath" {
            continue;
        }
        let defined = defined.get_or_insert_with(|| libraries(ctx, measure, shelf));
        let why = match (defined, name_in(text).filter(|_| language.starts_with("text/cql"))) {
            (Defined::All { libraries, .. }, Some((Some(library), _))) if !libraries.contains(library) => {
                "it names something that a library includes"
            }
            (Defined::All { names, .. }, Some((_, name))) => {
                if !names.contains(name) {
                    let message = Message::text("no library of the Measure defines ").value(name);
                    ctx.report(Finding::new(&rules::MEASURE_CRITERIA, criteria, message).underline(at));
                }
                continue;
            }
            (Defined::Unknown(why), Some(_)) => why,
            (_, None) => "criteria that are more than a name are not evaluated here",
        };
        if !is_said {
            is_said = true;
            let message = text!("the criteria of the Measure were not checked: {}", def(why));
            ctx.report(Finding::new(&rules::MEASURE_NOT_CHECKED, at, message));
        }
    }
}

/// The name in an expression, without quotes, and that of the library before it; `None` if it is more than a
/// name.
fn name_in(text: &str) -> Option<(Option<&str>, &str)> {
    let text = text.trim();
    let is_literal =
        matches!(text, "true" | "false" | "null") || text.starts_with(|c: char| c.is_ascii_digit());
    // A function is called where a parenthesis follows its name; names in words may have one after a space.
    let is_call = text.match_indices('(').any(|(at, _)| text[..at].ends_with(|c: char| c.is_alphanumeric()));
    if is_literal || is_call && !text.ends_with('"') {
        return None;
    }
    if let Some(rest) = text.strip_suffix('"') {
        let (before, name) = rest.rsplit_once('"')?;
        let library = before.strip_suffix('.').map(|library| library.trim_matches('"'));
        return (before.is_empty() || library.is_some()).then_some((library, name));
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    if text.chars().all(is_name) {
        return Some(text.rsplit_once('.').map_or((None, text), |(library, name)| (Some(library), name)));
    }
    // Names with spaces are often written without quotes.
    let is_words =
        text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-' | '/' | '(' | ')'));
    (is_words && text.starts_with(|c: char| c.is_uppercase())).then_some((None, text))
}

/// The names defined in the libraries of a Measure.
fn libraries<'d>(ctx: &Checker<'_, 'd>, measure: Node<'d>, shelf: &mut Shelf<'d>) -> Defined {
    let mut names = FxHashSet::default();
    let mut libraries = FxHashSet::default();
    for library in measure.named("library") {
        let at = library.child("reference").unwrap_or(library);
        let Some(canonical) = at.value() else { continue };
        let Some(found) = shelf.find(ctx, at, canonical) else {
            return Defined::Unknown("a library that it names is not available");
        };
        if !read(&found, &mut names) {
            return Defined::Unknown("a library that it names has no CQL or ELM that can be read");
        }
        let tail = canonical::url(canonical).rsplit(['/', '#']).next();
        libraries.extend([tail, found.str("name"), found.str("id")].into_iter().flatten().map(str::to_owned));
    }
    if libraries.is_empty() {
        return Defined::Unknown("it names no library");
    }
    Defined::All { names, libraries }
}

/// Reads the names that a library defines; whether there was anything to read.
fn read(library: &Datum, names: &mut FxHashSet<String>) -> bool {
    let mut is_read = false;
    for content in library.all("content") {
        let text = content.str("data").and_then(|data| base64::decode(data).ok());
        let Some(text) = text.and_then(|bytes| String::from_utf8(bytes).ok()) else { continue };
        match content.str("contentType").unwrap_or_default() {
            kind if kind.starts_with("text/cql") => defines(&text, names),
            "application/elm+json" => quoted_after(&text, "\"name\"", names),
            "application/elm+xml" => quoted_after(&text, " name=", names),
            _ => continue,
        }
        is_read = true;
    }
    is_read
}

/// The names that CQL defines: `define "A":`, `define function a(...)`.
fn defines(text: &str, names: &mut FxHashSet<String>) {
    for part in text.split("define").skip(1) {
        let mut part = part.trim_start();
        for word in ["public ", "private ", "fluent ", "function "] {
            part = part.strip_prefix(word).unwrap_or(part).trim_start();
        }
        let name = match part.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => part.split(|c: char| !c.is_alphanumeric() && c != '_').next(),
        };
        names.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
    }
}

/// Every quoted text after a key. ELM names more than definitions, so this accepts too many names rather than
/// too few.
fn quoted_after(text: &str, key: &str, names: &mut FxHashSet<String>) {
    for part in text.split(key).skip(1) {
        let quoted = part.trim_start_matches(|c: char| c.is_whitespace() || c == ':');
        let name = quoted.strip_prefix('"').and_then(|rest| rest.split('"').next());
        names.extend(name.map(str::to_owned));
    }
}

#[cfg(test)]
mod tests {
    use super::{defines, name_in, quoted_after};

    #[test]
    fn names_are_told_from_expressions() {
        for (text, expected) in [
            ("InPopulation", Some((None, "InPopulation"))),
            ("Lib.InPopulation", Some((Some("Lib"), "InPopulation"))),
            ("\"In Population\"", Some((None, "In Population"))),
            ("Lib.\"In Population\"", Some((Some("Lib"), "In Population"))),
            ("Initial Population", Some((None, "Initial Population"))),
            ("exists [Encounter]", None),
            ("\"A\" and \"B\"", None),
            ("AgeInYears() > 3", None),
            ("true", None),
            ("3.5", None),
            ("Bar(1)", None),
            ("Initial Population (adults)", Some((None, "Initial Population (adults)"))),
        ] {
            assert_eq!(name_in(text), expected, "{text}");
        }
    }

    #[test]
    fn names_are_found_in_cql_and_elm() {
        let sorted = |names: rustc_hash::FxHashSet<String>| {
            let mut names: Vec<_> = names.into_iter().collect();
            names.sort();
            names
        };
        let mut names = rustc_hash::FxHashSet::default();
        defines(
            "library A\ndefine \"In Population\": true\ndefine function twice(a Integer): a\n",
            &mut names,
        );
        assert_eq!(sorted(names), ["In Population", "twice"]);
        let mut names = rustc_hash::FxHashSet::default();
        quoted_after(r#"{"def": [{"name" : "A"}, {"name":"B c"}]}"#, "\"name\"", &mut names);
        assert_eq!(sorted(names), ["A", "B c"]);
    }
}
