//! Rust names from FHIR names.

use crate::ir::Primitive;

/// The words of a name: split at punctuation, and where lower case turns to upper case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    let chars: Vec<char> = name.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            is_open = false;
            continue;
        }
        let before = at.checked_sub(1).map(|before| chars[before]);
        let after = chars.get(at + 1);
        let after_lower = before.is_some_and(|before| before.is_ascii_lowercase() || before.is_ascii_digit());
        let ends_acronym = before.is_some_and(|before| before.is_ascii_uppercase())
            && after.is_some_and(char::is_ascii_lowercase);
        if !is_open || (c.is_ascii_uppercase() && (after_lower || ends_acronym)) {
            words.push(String::new());
            is_open = true;
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    if words.is_empty() {
        words.extend(spelled(&chars));
    }
    words
}

/// The one word of a name without ASCII letters or digits: its first letters as numbers, `u540d`.
fn spelled(chars: &[char]) -> Option<String> {
    const MOST: usize = 4;
    let letters = chars.iter().filter(|letter| letter.is_alphanumeric()).take(MOST);
    let numbers: Vec<String> = letters.map(|letter| format!("{:x}", u32::from(*letter))).collect();
    (!numbers.is_empty()).then(|| format!("u{}", numbers.concat()))
}

/// `UpperCamelCase`; acronyms become words.
pub(crate) fn pascal(name: &str) -> String {
    let joined: String = words(name)
        .iter()
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
        })
        .collect();
    if joined.starts_with(|c: char| c.is_ascii_digit()) { format!("N{joined}") } else { joined }
}

/// `UpperCamelCase`, with a doubled first word only once: `ErsState` for `eRS-eRSState`.
pub(crate) fn pascal_once(name: &str) -> String {
    let whole = words(name);
    let is_doubled = matches!(whole.as_slice(), [first, second, _, ..] if first.eq_ignore_ascii_case(second));
    // Only words of two letters or more, so that `A-a-b` stays distinct from `A-b`.
    let first = whole.first().filter(|first| is_doubled && first.len() > 1);
    pascal(first.and_then(|first| name.get(first.len()..)).unwrap_or(name))
}

/// `snake_case`, without regard to keywords.
pub(crate) fn snake(name: &str) -> String {
    let joined = words(name).join("_").to_ascii_lowercase();
    if joined.is_empty() {
        return "unnamed".to_owned();
    }
    if joined.starts_with(|c: char| c.is_ascii_digit()) { format!("n{joined}") } else { joined }
}

/// The first letter in upper case, the rest as it is: `dateTime` in `valueDateTime`.
pub(crate) fn capitalized(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

/// The variant of a choice for a type: the name of the type, if that is valid in Rust.
pub(crate) fn type_variant(type_name: &str) -> String {
    let name = capitalized(type_name);
    let is_plain = name.chars().all(|letter| letter.is_ascii_alphanumeric())
        && name.starts_with(|first: char| first.is_ascii_uppercase());
    match if is_plain { name } else { pascal(type_name) } {
        name if name.is_empty() => "Unnamed".to_owned(),
        name if name == "Self" => "SelfType".to_owned(),
        name => name,
    }
}

/// The enum variant for a code; punctuation is spelt out.
pub(crate) fn variant(code: &str) -> String {
    let spelled = match code {
        "=" => "Equals",
        "!=" => "NotEquals",
        "<" => "LessThan",
        "<=" => "LessOrEqual",
        ">" => "GreaterThan",
        ">=" => "GreaterOrEqual",
        "~" => "Equivalent",
        "+" => "Plus",
        "*" => "Star",
        "Self" | "self" => "SelfCode",
        _ => "",
    };
    if !spelled.is_empty() {
        return spelled.to_owned();
    }
    match pascal(code) {
        name if name.is_empty() => "Sign".to_owned(),
        // This variant is for codes outside the value set.
        name if name == "Unlisted" => "CodeUnlisted".to_owned(),
        name => name,
    }
}

/// Names that generated types must not have: those in Rust's prelude, and those that generated files import
/// or define themselves.
const RESERVED: [&str; 45] = [
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "Other",
    "PartialEq",
    "PartialOrd",
    "Resource",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// Whether generated types must not have a name.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || Primitive::rust_names().any(|known| known == name)
}

/// The first of several names that is free, or the last of them with a number if none is.
pub(crate) fn first_free<const N: usize>(wanted: [String; N], is_taken: impl Fn(&str) -> bool) -> String {
    let is_free = |name: &&String| !name.is_empty() && !is_reserved(name) && !is_taken(name);
    if let Some(found) = wanted.iter().find(is_free) {
        return found.clone();
    }
    let last = wanted.into_iter().rfind(|name| !name.is_empty()).unwrap_or_else(|| "Unnamed".to_owned());
    free(last, |name| is_reserved(name) || is_taken(name))
}

/// The name of the file for a type or profile: in lower case, not taken, and neither refused by some file system nor
/// too long for one.
pub(crate) fn module(owner: &str) -> String {
    const TAKEN: [&str; 10] =
        ["aux", "codes", "con", "lib", "main", "mod", "nul", "prn", "resource", "shared"];
    const LONGEST: usize = 100;
    let mut name = snake(owner);
    name.truncate(LONGEST);
    let is_device =
        ["com", "lpt"].iter().any(|port| name.strip_prefix(port).is_some_and(|rest| rest.len() == 1));
    if is_device || TAKEN.contains(&name.as_str()) { name + "_" } else { name }
}

/// A name that is not taken yet, followed by a number if necessary.
pub(crate) fn free(name: String, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(&name) {
        return name;
    }
    let numbered = (2..).map(|number| format!("{name}{number}"));
    let mut free = numbered.filter(|name| !is_taken(name));
    free.next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::{pascal, pascal_once, snake, variant};

    #[test]
    fn names_follow_rust() {
        assert_eq!(snake("birthDate"), "birth_date");
        assert_eq!(snake("HTTPVerb"), "http_verb");
        assert_eq!(pascal("eRS-ReferralState-1"), "ErsReferralState1".replace("Ers", "ERs"));
        assert_eq!(pascal("entered-in-error"), "EnteredInError");
        assert_eq!(pascal_once("ERS-ERS-State"), "ErsState");
        assert_eq!(pascal_once("ERS-ERS"), "ErsErs");
        assert_eq!((pascal("名前"), snake("名前")), ("U540d524d".to_owned(), "u540d524d".to_owned()));
        assert_eq!((pascal("--"), snake("--")), (String::new(), "unnamed".to_owned()));
        assert_eq!(variant("<="), "LessOrEqual");
        assert_eq!(
            (variant("unknown"), variant("unlisted")),
            ("Unknown".to_owned(), "CodeUnlisted".to_owned())
        );
        assert_eq!(variant("4.0"), "N40");
    }
}
