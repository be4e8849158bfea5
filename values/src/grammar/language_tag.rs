//! Language tags: their form, and whether their subtags are registered.
//!
//! Source: RFC 5646 §2.1 and §2.2.9.

use super::registry;

/// Whether the text is a language tag of registered subtags; `None` where it has an extension that is not
/// known here.
pub(super) fn accepts(text: &str) -> Option<bool> {
    if registry::is_whole(text) {
        return Some(true);
    }
    let mut tags = text.split('-').peekable();
    let first = tags.next()?;
    if first.eq_ignore_ascii_case("x") {
        return Some(is_private(tags));
    }
    if !registry::is_language(first) {
        return Some(false);
    }
    // The grammar allows three of these, but only the first is used.
    tags.next_if(|tag| registry::is_extended(tag));
    tags.next_if(|tag| tag.len() == 4 && registry::is_script(tag));
    tags.next_if(|tag| matches!(tag.len(), 2 | 3) && registry::is_region(tag));
    let mut variants: [Option<&str>; MOST_VARIANTS] = [None; MOST_VARIANTS];
    for place in &mut variants {
        *place = tags.next_if(|tag| tag.len() > 3 && registry::is_variant(tag));
    }
    if repeats(&variants) {
        return Some(false);
    }
    accepts_extensions(tags)
}

/// Most variants of one tag: more than any language needs.
const MOST_VARIANTS: usize = 4;

fn repeats(variants: &[Option<&str>]) -> bool {
    let mut variants = variants.iter().flatten();
    while let Some(variant) = variants.next() {
        if variants.clone().any(|other| other.eq_ignore_ascii_case(variant)) {
            return true;
        }
    }
    false
}

/// Whether the rest of a tag consists of extensions and private use; `None` where an extension is neither of the two
/// that exist, `u` and `t`.
fn accepts_extensions<'a>(mut tags: std::iter::Peekable<impl Iterator<Item = &'a str>>) -> Option<bool> {
    let (mut seen, mut is_known) = (0_u128, true);
    while let Some(tag) = tags.next() {
        let [singleton] = tag.as_bytes() else { return Some(false) };
        if !singleton.is_ascii_alphanumeric() {
            return Some(false);
        }
        let singleton = singleton.to_ascii_lowercase();
        if singleton == b'x' {
            return if is_private(tags) { is_known.then_some(true) } else { Some(false) };
        }
        let bit = 1_u128 << (singleton - b'0');
        if seen & bit != 0 || tags.next_if(|part| is_extension_part(part)).is_none() {
            return Some(false);
        }
        seen |= bit;
        is_known &= matches!(singleton, b'u' | b't');
        while tags.next_if(|part| is_extension_part(part)).is_some() {}
    }
    is_known.then_some(true)
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

fn is_extension_part(tag: &str) -> bool {
    (2..=8).contains(&tag.len()) && alphanumeric(tag)
}

fn alphanumeric(tag: &str) -> bool {
    tag.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::accepts;

    #[test]
    fn language_tags() {
        for good in [
            "en",
            "en-GB",
            "EN-gb",
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
            "qaa-Qaaa-QM",
            "cy-GB",
        ] {
            assert_eq!(accepts(good), Some(true), "{good}");
        }
        assert_eq!(accepts("en-a-bcd"), None);
        for bad in [
            "",
            "e",
            "en_GB",
            "en-",
            "-en",
            "en--GB",
            "English language",
            "english",
            "en-u",
            "x",
            "12",
            "en-GB-GB",
            "xx",
            "en-UK",
            "en-Xxxx",
            "en-nosuch",
            "de-1901-1901",
            "en-u-aa-u-bb",
            "i-romulan",
            "en-GB-x",
            "en-é",
        ] {
            assert_eq!(accepts(bad), Some(false), "{bad}");
        }
    }
}
