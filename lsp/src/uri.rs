//! Files by their URIs.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use lsp_types::Uri;

/// The path of a file; `None` if the URI is not of a file, as for a text that was never saved.
pub(crate) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let path = &rest[rest.find('/')?..];
    let path = decoded(path)?;
    // `/C:/folder` is `C:/folder`.
    let is_drive = path.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if is_drive { &path[1..] } else { &path }))
}

/// The URI of a file.
pub(crate) fn of(path: &Path) -> Option<Uri> {
    let text = path.to_str()?.replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~:".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _infallible = write!(uri, "%{byte:02X}");
        }
    }
    uri.parse().ok()
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let escaped = behind
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_uris_agree() {
        for (uri, name) in [
            ("file:///tmp/a%20b/%C3%A4.json", "/tmp/a b/ä.json"),
            ("file:///c%3A/x.json", "c:/x.json"),
            ("file://localhost/tmp/x", "/tmp/x"),
        ] {
            let found = path(&uri.parse().expect("it is a URI"));
            assert_eq!(found.as_deref(), Some(Path::new(name)));
        }
        let odd = Path::new("/tmp/a b/ä#?%.json");
        assert_eq!(of(odd).and_then(|uri| path(&uri)).as_deref(), Some(odd));
        assert_eq!(path(&"untitled:Untitled-1".parse().expect("it is a URI")), None);
    }
}
