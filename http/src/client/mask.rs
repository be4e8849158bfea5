//! Secrets that must not show.

use std::borrow::Cow;

/// Takes the place of a secret.
pub(crate) const MASK: &str = "********";

/// Whether bytes hold one of these texts.
pub(crate) fn holds_any(bytes: &[u8], secrets: &[&str]) -> bool {
    secrets.iter().any(|secret| find(bytes, secret.as_bytes()).is_some())
}

/// Bytes with a secret masked, since a service might echo it.
pub(crate) fn without<'b>(bytes: &'b [u8], secret: Option<&str>) -> Cow<'b, [u8]> {
    let Some(secret) = secret.map(str::as_bytes).filter(|secret| secret.len() >= 8) else {
        return Cow::Borrowed(bytes);
    };
    let (mut rest, mut out) = (bytes, Vec::new());
    while let Some(at) = find(rest, secret) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(MASK.as_bytes());
        rest = &rest[at + secret.len()..];
    }
    if out.is_empty() && rest.len() == bytes.len() {
        return Cow::Borrowed(bytes);
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// Text without a secret.
pub(crate) fn text_without(text: &str, secret: Option<&str>) -> String {
    String::from_utf8_lossy(&without(text.as_bytes(), secret)).into_owned()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    if wanted.is_empty() || bytes.len() < wanted.len() {
        return None;
    }
    bytes.windows(wanted.len()).position(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use super::{holds_any, without};

    #[test]
    fn secrets_are_taken_out() {
        let secret = Some("s3cr3t-token");
        assert_eq!(&*without(b"a s3cr3t-token b s3cr3t-token", secret), b"a ******** b ********");
        assert_eq!(&*without(b"s3cr3t-token", secret), b"********");
        assert_eq!(&*without(b"nothing", secret), b"nothing");
        assert_eq!(&*without(b"", None), b"");
        assert!(holds_any(b"x s3cr3t y", &["none", "s3cr3t"]) && !holds_any(b"x", &["", "xx"]));
    }
}
