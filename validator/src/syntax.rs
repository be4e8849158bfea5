//! What the reader found wrong with the syntax of a payload: the rule that it breaks, and the words.

use ers_fhir_report::{Diagnostic, Message, Report, Rule};
use ers_fhir_tree::{FaultKind, LineIndex, MAX_BYTES, MAX_DEPTH, Unreadable};

use crate::rule::syntax as rules;

/// The report of a payload that could not be read.
pub fn unreadable(payload: &[u8], unreadable: &Unreadable) -> Report {
    let readable = match std::str::from_utf8(payload) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&payload[..error.valid_up_to()]).unwrap_or_default(),
    };
    let rule = rule(&unreadable.kind);
    Report::new(vec![Diagnostic {
        rule,
        severity: rule.severity,
        message: message(&unreadable.kind),
        location: String::new(),
        position: LineIndex::new(readable).position(unreadable.span.start),
        span: unreadable.span.clone(),
        profile: None,
        element: None,
        key: None,
        suggestion: None,
    }])
}

/// The rule that a fault breaks.
pub(crate) fn rule(kind: &FaultKind) -> &'static Rule {
    match kind {
        FaultKind::NotUtf8 { .. } => &rules::INVALID_UTF8,
        FaultKind::ByteOrderMark => &rules::BYTE_ORDER_MARK,
        FaultKind::TooLarge(_)
        | FaultKind::TooManyElements(_)
        | FaultKind::TooManyNodes
        | FaultKind::TooDeep => &rules::LIMIT_EXCEEDED,
        FaultKind::NotAnObject | FaultKind::NoResourceType | FaultKind::ResourceTypeKind => {
            &rules::NOT_A_RESOURCE
        }
        FaultKind::NestedArray => &rules::NESTED_ARRAY,
        FaultKind::DuplicateUnderscore(_) => &rules::DUPLICATE_KEY,
        FaultKind::UnderscoreArray
        | FaultKind::UnderscoreOfStructure
        | FaultKind::UnderscoreValue
        | FaultKind::UnderscoreNull
        | FaultKind::UnderscoreEmpty
        | FaultKind::UnderscoreSurplus => &rules::MISPLACED_UNDERSCORE,
        FaultKind::NoElement
        | FaultKind::ElementCutOff
        | FaultKind::WrongEndTag { .. }
        | FaultKind::UnknownPrefix(_)
        | FaultKind::UnknownEntity(_)
        | FaultKind::DuplicateAttribute(_)
        | FaultKind::NotWellFormed(_)
        | FaultKind::DocumentType
        | FaultKind::Encoding(_) => &rules::INVALID_XML,
        FaultKind::TextBetweenElements => &rules::TEXT_IN_XML,
        FaultKind::SeveralResources(_) => &rules::SEVERAL_RESOURCES,
        FaultKind::WrongNamespace { .. } | FaultKind::ForeignAttribute(_) => &rules::WRONG_NAMESPACE,
        // All others are of JSON.
        _ => &rules::INVALID_JSON,
    }
}

/// What is wrong, in words.
pub(crate) fn message(kind: &FaultKind) -> Message {
    Message::text(match kind {
        FaultKind::NotUtf8 { at, is_utf16 } => {
            let hint = if *is_utf16 {
                "; it looks like UTF-16: save it as UTF-8"
            } else {
                "; FHIR payloads are UTF-8"
            };
            format!("byte {at} is not valid UTF-8{hint}")
        }
        FaultKind::ByteOrderMark => {
            "the payload begins with a byte-order mark; save it as UTF-8 without one".to_owned()
        }
        FaultKind::TooLarge(bytes) => {
            format!("the payload has {bytes} bytes; at most {MAX_BYTES} are read")
        }
        FaultKind::TooManyElements(most) => {
            format!("the payload has more than {most} elements; split it into several")
        }
        FaultKind::TooManyNodes => "the payload has too many elements; split it into several".to_owned(),
        FaultKind::TooDeep => {
            format!("nested deeper than {MAX_DEPTH} levels; no FHIR resource needs that")
        }
        FaultKind::NestedArray => {
            "an array stands inside an array; FHIR has only arrays of values or objects".to_owned()
        }
        FaultKind::DuplicateUnderscore(name) => format!("the key _{name} stands here twice"),
        FaultKind::UnderscoreArray => "one of the two members is an array and the other is not".to_owned(),
        FaultKind::UnderscoreOfStructure => {
            "only a primitive has a member with an underscore; this element has none".to_owned()
        }
        FaultKind::UnderscoreValue => {
            "a member with an underscore holds an object with id and extension, not a value".to_owned()
        }
        FaultKind::UnderscoreNull => {
            "null only keeps the place of an item whose value has neither id nor extension; leave it out here"
                .to_owned()
        }
        FaultKind::UnderscoreEmpty => {
            "the object is empty; leave the member with the underscore out, or write null for the item of an array"
                .to_owned()
        }
        FaultKind::UnderscoreSurplus => {
            "the member with the underscore has more items than the one without; write null where there is no value"
                .to_owned()
        }
        FaultKind::NotAnObject => "a FHIR resource is a JSON object, and this is not one".to_owned(),
        FaultKind::NoResourceType => {
            "the object has no resourceType, so it is not a FHIR resource".to_owned()
        }
        FaultKind::ResourceTypeKind => "resourceType must be a string such as \"Patient\"".to_owned(),
        FaultKind::Unexpected { expected, found } => return unexpected(expected, *found),
        kind => json(kind).or_else(|| xml(kind)).unwrap_or_default(),
    })
}

/// Something else in JSON than was expected.
fn unexpected(expected: &str, found: Option<char>) -> Message {
    let Some(found) = found else {
        return Message::text(format!("expected {expected}, but the payload ends here; it looks cut off"));
    };
    let hint = match found {
        '\'' => "; JSON strings stand in double quotes",
        '/' | '#' => "; JSON has no comments",
        _ => "",
    };
    Message::text(format!("expected {expected}, found ")).value(found.encode_utf8(&mut [0; 4])).then(hint)
}

fn json(kind: &FaultKind) -> Option<String> {
    Some(match kind {
        FaultKind::ControlCharacter(control) => {
            format!("a string holds the control character U+{control:04X}; write it as an escape such as \\n")
        }
        FaultKind::StringCutOff => "the payload ends inside this string; it looks cut off".to_owned(),
        FaultKind::UnknownEscape => "unknown escape: after \\ comes one of \" \\ / b f n r t u".to_owned(),
        FaultKind::LoneSurrogate => "half of a surrogate pair: both halves must be written".to_owned(),
        FaultKind::ShortEscape => "\\u must be followed by four hexadecimal digits".to_owned(),
        FaultKind::LeadingZero => "a number must not begin with 0".to_owned(),
        _ => return None,
    })
}

fn xml(kind: &FaultKind) -> Option<String> {
    Some(match kind {
        FaultKind::NoElement => "there is no element at all".to_owned(),
        FaultKind::ElementCutOff => "the payload ends inside an element; it looks cut off".to_owned(),
        FaultKind::WrongEndTag { expected, found } => format!("</{found}> closes <{expected}>"),
        FaultKind::UnknownPrefix(prefix) => format!("the prefix {prefix} is bound to no namespace"),
        FaultKind::UnknownEntity(name) => format!(
            "the entity &{name}; is not defined: XML knows amp, lt, gt, quot and apos; use &#160; for a no-break space"
        ),
        FaultKind::DuplicateAttribute(name) => format!("the attribute {name} stands here twice"),
        FaultKind::NotWellFormed(what) => what.clone(),
        FaultKind::DocumentType => {
            "a DTD is refused: FHIR XML has none, and one can hide an attack".to_owned()
        }
        FaultKind::Encoding(declared) => {
            format!("the declared encoding is {declared}; FHIR XML is UTF-8: save it so, and say so")
        }
        FaultKind::TextBetweenElements => {
            "text stands between the elements; FHIR values stand in value attributes".to_owned()
        }
        FaultKind::SeveralResources(name) => {
            format!("<{name}> is a second resource where one belongs; give it an element of its own")
        }
        FaultKind::ForeignAttribute(name) => {
            format!("the attribute {name} is in a namespace; FHIR has attributes without namespace only")
        }
        FaultKind::WrongNamespace { name, found: Some(found), expected } => {
            format!("<{name}> is in the namespace {found}, but belongs in {expected}")
        }
        FaultKind::WrongNamespace { name, found: None, expected } => {
            format!("<{name}> is in no namespace; write xmlns=\"{expected}\"")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::message;
    use ers_fhir_tree::Document;

    #[test]
    fn what_cannot_be_read_is_said_in_words() {
        for (payload, expected) in [
            (
                "{'a':1}",
                "expected a key in double quotes, or }, found '''; JSON strings stand in double quotes",
            ),
            ("{\"a\":", "expected a value, but the payload ends here; it looks cut off"),
            ("{\"a\":01}", "a number must not begin with 0"),
            ("[]", "a FHIR resource is a JSON object, and this is not one"),
            ("<a>\n  <b></c></a>", "</c> closes <b>"),
            ("<a>&nbsp;</a>", "&#160;"),
            ("<x:a/>", "the prefix x is bound to no namespace"),
        ] {
            let refused = Document::parse(payload.as_bytes()).expect_err(payload);
            let message = message(&refused.kind);
            assert!(message.revealed().contains(expected), "{payload}: {message:?}");
        }
    }
}
