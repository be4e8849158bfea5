//! The form of a language tag; not whether its subtags are registered.
//!
//! Source: RFC 5646 §2.1, without the irregular tags of earlier registrations that fit no rule.

/// Whether the text has the form of a language tag.
pub(super) fn is_well_formed(text: &str) -> bool {
    let mut tags = text.split('-').peekable();
    let Some(first) = tags.next() else { return false };
    if first.eq_ignore_ascii_case("x") || first.eq_ignore_ascii_case("i") {
        return is_private(tags);
    }
    if !(letters(first) && (2..=8).contains(&first.len())) {
        return false;
    }
    if first.len() < 4 {
        for _ in 0..3 {
            tags.next_if(|tag| letters(tag) && tag.len() == 3);
        }
    }
    tags.next_if(|tag| letters(tag) && tag.len() == 4);
    tags.next_if(|tag| {
        (letters(tag) && tag.len() == 2) || (tag.len() == 3 && tag.bytes().all(|b| b.is_ascii_digit()))
    });
    while tags.next_if(|tag| is_variant(tag)).is_some() {}
    while let Some(tag) = tags.next() {
        if tag.len() != 1 || !alphanumeric(tag) {
            return false;
        }
        if tag.eq_ignore_ascii_case("x") {
            return is_private(tags);
        }
        if tags.next_if(|part| is_extension_part(part)).is_none() {
            return false;
        }
        while tags.next_if(|part| is_extension_part(part)).is_some() {}
    }
    true
}

/// Private use: at least one subtag, each of up to eight characters.
fn is_private<'a>(tags: impl Iterator<Item = &'a str>) -> bool {
    let mut any = false;
    for tag in tags {
        if !(1..=8).contains(&tag.len()) || !alphanumeric(tag) {
            return false;
        }
        any = true;
    }
    any
}

fn is_variant(tag: &str) -> bool {
    alphanumeric(tag)
        && match tag.len() {
            4 => tag.starts_with(|c: char| c.is_ascii_digit()),
            length => (5..=8).contains(&length),
        }
}

fn is_extension_part(tag: &str) -> bool {
    (2..=8).contains(&tag.len()) && alphanumeric(tag)
}

fn letters(tag: &str) -> bool {
    tag.bytes().all(|b| b.is_ascii_alphabetic())
}

fn alphanumeric(tag: &str) -> bool {
    tag.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::is_well_formed;

    #[test]
    fn language_tags() {
        for good in [
            "en",
            "en-GB",
            "nl-NL",
            "zh-Hant-TW",
            "zh-cmn-Hans-CN",
            "sl-rozaj-biske",
            "de-CH-1901",
            "es-419",
            "en-US-u-islamcal",
            "de-DE-x-private",
            "x-whatever",
            "i-klingon",
        ] {
            assert!(is_well_formed(good), "{good}");
        }
        for bad in
            ["", "e", "en_GB", "en-", "-en", "en--GB", "English language", "en-u", "x", "12", "en-GB-GB"]
        {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}
