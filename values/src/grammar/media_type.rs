//! The form of a media type: `type/subtype` and parameters.
//!
//! Source: RFC 6838 §4.2 for names, RFC 2045 §5.1 for parameters.

/// Whether the text has the form of a media type.
pub(super) fn is_well_formed(text: &str) -> bool {
    let (essence, parameters) = match text.split_once(';') {
        Some((essence, parameters)) => (essence.trim_end(), Some(parameters)),
        None => (text, None),
    };
    essence.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
        && parameters.is_none_or(are_parameters)
}

/// Whether the text is a list of `name=value`, separated by semicolons.
fn are_parameters(mut text: &str) -> bool {
    loop {
        let Some((name, value)) = text.trim_start().split_once('=') else { return false };
        if name.is_empty() || !name.bytes().all(is_token) {
            return false;
        }
        let Some(after) = after_value(value) else { return false };
        match after.trim_start().strip_prefix(';') {
            Some(more) => text = more,
            None => return after.trim_start().is_empty(),
        }
    }
}

/// What follows the value that the text starts with.
fn after_value(text: &str) -> Option<&str> {
    if let Some(quoted) = text.strip_prefix('"') {
        return after_quote(quoted);
    }
    let end = text.bytes().position(|b| !is_token(b)).unwrap_or(text.len());
    (end > 0).then(|| &text[end..])
}

/// What follows the quote that closes a quoted string.
fn after_quote(text: &str) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(&text[at + 1..]),
            _ => {}
        }
    }
    None
}

/// A type or subtype: a letter or digit, then up to 126 of the restricted characters.
fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    let starts = bytes.next().is_some_and(|b| b.is_ascii_alphanumeric());
    starts && text.len() <= 127 && bytes.all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::is_well_formed;

    #[test]
    fn media_types() {
        for good in [
            "application/pdf",
            "application/fhir+json",
            "text/plain; charset=utf-8",
            "text/plain;charset=\"utf-8\";format=flowed",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "image/svg+xml ; a=\"b;c\\\"d\"",
        ] {
            assert!(is_well_formed(good), "{good}");
        }
        for bad in [
            "",
            "pdf",
            ".pdf",
            "application/",
            "/pdf",
            "application/pdf/x",
            "text/plain;",
            "text/plain; charset",
            "text/plain; charset=",
            "text/plain; =utf-8",
            "text/plain; charset=\"utf-8",
            "text/plain; a=b c=d",
            "text plain/html",
            "*/*",
        ] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}
