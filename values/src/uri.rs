//! URIs, as far as all kinds of them are alike.

/// Whether a URI starts with a scheme, so that it means the same wherever it stands.
///
/// Source: RFC 3986, section 3.1.
pub fn has_scheme(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else { return false };
    matches!(scheme.as_bytes(), [first, rest @ ..] if first.is_ascii_alphabetic()
        && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')))
}
