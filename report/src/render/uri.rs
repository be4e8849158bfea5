//! Names of files as URIs.

use std::fmt::Write;

/// A path as a relative URI reference, or as a `file` URI where it is absolute.
pub(super) fn of(name: &str) -> String {
    let path = name.replace('\\', "/");
    let (scheme, path) = match path.strip_prefix("./") {
        Some(rest) => ("", rest),
        None if path.starts_with('/') => ("file://", &*path),
        None => ("", &*path),
    };
    let mut uri = scheme.to_owned();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(byte.into());
            }
            other => {
                let _infallible = write!(uri, "%{other:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_files_become_uris() {
        for (name, uri) in [
            ("./a b/c.json", "a%20b/c.json"),
            ("/tmp/é.xml", "file:///tmp/%C3%A9.xml"),
            ("..\\x:y.json", "../x%3Ay.json"),
            ("<stdin>", "%3Cstdin%3E"),
        ] {
            assert_eq!(super::of(name), uri);
        }
    }
}
