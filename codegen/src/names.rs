//! Rust names from FHIR names.

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

/// The one word of a name that has no ASCII letter or digit: its first letters as numbers, `u540d`.
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

/// The enum variant for a code; signs get names.
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
        name if name == "Unknown" => "CodeUnknown".to_owned(),
        name => name,
    }
}

/// A name that is not taken yet: with a number behind it, if it must be.
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
    use super::{pascal, snake, variant};

    #[test]
    fn names_follow_rust() {
        assert_eq!(snake("birthDate"), "birth_date");
        assert_eq!(snake("HTTPVerb"), "http_verb");
        assert_eq!(pascal("eRS-ReferralState-1"), "ErsReferralState1".replace("Ers", "ERs"));
        assert_eq!(pascal("entered-in-error"), "EnteredInError");
        assert_eq!((pascal("名前"), snake("名前")), ("U540d524d".to_owned(), "u540d524d".to_owned()));
        assert_eq!((pascal("--"), snake("--")), (String::new(), "unnamed".to_owned()));
        assert_eq!(variant("<="), "LessOrEqual");
        assert_eq!(variant("unknown"), "CodeUnknown");
        assert_eq!(variant("4.0"), "N40");
    }
}
