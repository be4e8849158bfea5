//! Where links and images of a narrative lead.

use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::base64;

use super::markup::resolved;
use crate::check::Checker;

/// What a link or an image refers to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Link,
    Image,
}

impl Target {
    /// The schemes that a reader can follow: places to go to, people to reach, and data to show. Any other
    /// scheme only names something, or runs something.
    ///
    /// Source: <http://hl7.org/fhir/R4/narrative.html#security>, and RFC 2397 for embedded data.
    fn schemes(self) -> &'static [&'static str] {
        match self {
            Self::Link => &["http", "https", "ftp", "mailto", "tel", "data"],
            Self::Image => &["http", "https", "ftp", "data"],
        }
    }
}

/// Why a link leads nowhere, if it does.
pub(super) fn broken(ctx: &Checker<'_, '_>, node: Node<'_>, text: &str, target: Target) -> Option<Message> {
    if let Some(anchor) = text.strip_prefix('#') {
        // A bare '#' is the top of the page.
        if anchor.is_empty() || ctx.anchors.contains(node, anchor) {
            return None;
        }
        return Some(Message::text("the link ").value(text).then(" leads to no id or name in this resource"));
    }
    let resolved = resolved(text);
    if let Some(why) = unreadable(&resolved) {
        return Some(Message::text("the link ").value(text).then(" ").then(why));
    }
    (!can_be_followed(&resolved, target)).then(|| {
        Message::text("the link ")
            .value(text)
            .then(text!(" has a scheme that cannot be followed; use {}", def(target.schemes().join(" or "))))
    })
}

/// Why a text is not a URL, if it is not.
///
/// Source: RFC 3986 and, for `data:`, RFC 2397.
fn unreadable(text: &str) -> Option<&'static str> {
    if text.trim_ascii().is_empty() {
        return Some("is empty");
    }
    let Some(data) = text.strip_prefix("data:") else {
        let is_no_part = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'{' | b'}');
        return text
            .bytes()
            .any(is_no_part)
            .then_some("has a space or a brace, which a URL writes as %20, %7B or %7D");
    };
    let Some((kind, content)) = data.split_once(',') else {
        return Some("has no comma between the media type and the data");
    };
    // Data may be percent-encoded like any URL, such as %2B for +.
    let is_encoded = kind.ends_with(";base64") && !content.contains('%');
    (is_encoded && base64::decoded_len(content).is_none()).then_some("has data that is not base64")
}

/// Whether a link is relative or has a scheme that can be followed. Anything before a colon counts as a
/// scheme, even an invalid one, unless the path, the query or the fragment has begun: a browser is more
/// lenient than the standard, and skips a tab in `javascript:`.
fn can_be_followed(text: &str, target: Target) -> bool {
    let end = text.bytes().position(|byte| matches!(byte, b':' | b'/' | b'?' | b'#'));
    let Some(before) = end.filter(|at| text.as_bytes()[*at] == b':').map(|at| &text[..at]) else {
        return true;
    };
    let scheme = before.trim_matches(|c: char| c.is_ascii_whitespace());
    target.schemes().iter().any(|known| known.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
mod tests {
    use super::{Target, can_be_followed, resolved, unreadable};

    #[test]
    fn links_are_followed_by_schemes_that_lead_somewhere() {
        for text in ["a.html", "a/b:c", "?q=a:b", "a#b:c", "", "//example.org:80/a", "HTTPS://example.org"] {
            assert!(can_be_followed(text, Target::Link), "{text}");
            assert!(can_be_followed(text, Target::Image), "{text}");
        }
        for text in ["mailto:jo@example.org", "tel:+441132", "ftp://example.org/a", "data:text/plain,a"] {
            assert!(can_be_followed(text, Target::Link), "{text}");
        }
        assert!(can_be_followed("data:image/png;base64,AA==", Target::Image));
        for text in [
            "urn:uuid:a",
            "javascript:alert(1)",
            " JavaScript:alert(1)",
            "java&#115;cript:alert(1)",
            "javascript&#x3a;alert(1)",
            "java\tscript:alert(1)",
            "file:///etc/hosts",
            "intent:a",
        ] {
            assert!(!can_be_followed(&resolved(text), Target::Link), "{text}");
        }
        for text in ["urn:uuid:a", "javascript:alert(1)", "mailto:jo@example.org"] {
            assert!(!can_be_followed(text, Target::Image), "{text}");
        }
    }

    #[test]
    fn urls_have_neither_blanks_nor_braces() {
        for good in
            ["a.html", "http://example.org/a%20b?c=d#e", "data:text/plain,a b", "data:;base64,AA==", "#"]
        {
            assert_eq!(unreadable(good), None, "{good}");
        }
        for bad in ["", " ", "a b", "http://example.org/{id}", "data:image/png", "data:image/png;base64,*"] {
            assert!(unreadable(bad).is_some(), "{bad}");
        }
    }
}
