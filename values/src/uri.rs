//! Properties that all kinds of URI share.

/// Whether a URI starts with a scheme, so that it means the same everywhere.
///
/// Source: RFC 3986, section 3.1.
pub fn has_scheme(text: &str) -> bool {
    scheme(text).is_some()
}

/// The scheme that a URI starts with, as written.
///
/// ```
/// use ers_fhir_values::uri;
///
/// assert_eq!(uri::scheme("https://example.org/a"), Some("https"));
/// assert_eq!(uri::scheme("a/b:c"), None);
/// ```
pub fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let is_scheme = matches!(scheme.as_bytes(), [first, rest @ ..] if first.is_ascii_alphabetic()
        && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')));
    is_scheme.then_some(scheme)
}

/// The host that a URL names, without user and port; `None` for a URI without an authority.
///
/// Source: RFC 3986, section 3.2.
pub fn host(url: &str) -> Option<&str> {
    let rest = url[scheme(url)?.len()..].strip_prefix("://")?;
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    if let Some(address) = place.strip_prefix('[') {
        return address.split_once(']').map(|(address, _)| address);
    }
    let host = place.split_once(':').map_or(place, |(host, _)| host);
    (!host.is_empty()).then_some(host)
}

/// The domains in which HL7's own examples put undefined extensions: the one that is reserved for examples
/// (RFC 2606, section 3), and two others that are used in the same way.
const OF_EXAMPLES: [&str; 3] = ["example.org", "acme.com", "nema.org"];

/// Whether a URL is in a domain in which the examples of FHIR make up extensions.
///
/// `example.com` and `example.net` are reserved too; but like HL7's validator, we treat URLs in these as unknown,
/// like any other.
///
/// ```
/// use ers_fhir_values::uri;
///
/// assert!(uri::is_for_examples("http://fhir.example.org/StructureDefinition/a"));
/// assert!(!uri::is_for_examples("http://hl7.org/fhir/example.org"));
/// ```
pub fn is_for_examples(url: &str) -> bool {
    OF_EXAMPLES.iter().any(|domain| is_of_domain(url, domain))
}

/// Whether a URL is in a domain or a subdomain of it, in any case.
pub fn is_of_domain(url: &str, domain: &str) -> bool {
    let Some(host) = host(url) else { return false };
    let ends = host.len().checked_sub(domain.len()).and_then(|at| host.split_at_checked(at));
    ends.is_some_and(|(before, end)| {
        end.eq_ignore_ascii_case(domain) && (before.is_empty() || before.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::{host, is_for_examples, scheme};

    #[test]
    fn a_scheme_comes_before_the_first_colon_and_nothing_else_does() {
        for (text, expected) in [
            ("urn:oid:1.2", Some("urn")),
            ("HTTP://example.org", Some("HTTP")),
            ("a+b-c.d:e", Some("a+b-c.d")),
            ("a/b:c", None),
            ("#a:b", None),
            (":a", None),
            ("1a:b", None),
            ("Patient/1", None),
            ("", None),
        ] {
            assert_eq!(scheme(text), expected, "{text}");
        }
    }

    #[test]
    fn a_host_is_what_the_authority_names() {
        for (url, expected) in [
            ("http://example.org", Some("example.org")),
            ("http://example.org:80/a", Some("example.org")),
            ("http://me:secret@example.org/a@b", Some("example.org")),
            ("http://example.org?a", Some("example.org")),
            ("http://example.org#a", Some("example.org")),
            ("http://[::1]:80/a", Some("::1")),
            ("http:///a", None),
            ("http:/example.org", None),
            ("urn:uuid:a//example.org", None),
            ("mailto:a@example.org", None),
            ("example.org/a", None),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }

    #[test]
    fn only_the_host_makes_a_url_an_example() {
        for url in ["http://example.org/a", "https://EXAMPLE.org", "http://me@a.b.example.org:80/c"] {
            assert!(is_for_examples(url), "{url}");
        }
        for url in [
            "http://example.org.uk/a",
            "http://example.organisation.test/a",
            "http://notexample.org/a",
            "http://a.test/example.org",
            "http://example.com/a",
            "http://org/a",
            "http://example.org@a.test/",
            "example.org",
        ] {
            assert!(!is_for_examples(url), "{url}");
        }
    }
}
