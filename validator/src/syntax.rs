//! Faults in the syntax of a payload: the rules that they break, and the messages.

use ers_fhir_report::{Diagnostic, Message, Report, Rule, def, key, text, value};
use ers_fhir_tree::{FaultKind, LineIndex, MAX_BYTES, MAX_DEPTH, Unreadable};

use crate::rule::syntax as rules;

/// The report on a payload that could not be read.
pub fn unreadable(payload: &[u8], unreadable: &Unreadable) -> Report {
    let readable = match std::str::from_utf8(payload) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&payload[..error.valid_up_to()]).unwrap_or_default(),
    };
    let rule = rule(&unreadable.kind);
    Report::new(vec![Diagnostic {
        position: LineIndex::new(readable).position(unreadable.span.start),
        span: unreadable.span.clone(),
        ..Diagnostic::new(rule, message(&unreadable.kind))
    }])
}

/// The rule that a fault breaks.
pub(crate) fn rule(kind: &FaultKind) -> &'static Rule {
    match kind {
        FaultKind::NotUtf8 { .. } => &rules::INVALID_UTF8,
        FaultKind::ByteOrderMark => &rules::BYTE_ORDER_MARK,
        FaultKind::TooLarge(_)
        | FaultKind::TooManyElements(_)
        | FaultKind::TooManyAttributes(_)
        | FaultKind::TooManyNodes
        | FaultKind::TooDeep => &rules::LIMIT_EXCEEDED,
        FaultKind::Empty
        | FaultKind::NeitherJsonNorXml
        | FaultKind::Html
        | FaultKind::NotAnObject
        | FaultKind::ArrayOfObjects
        | FaultKind::InString
        | FaultKind::NoResourceType
        | FaultKind::ResourceTypeKey
        | FaultKind::ResourceTypeKind => &rules::NOT_A_RESOURCE,
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
        FaultKind::ProcessingInstruction => &rules::XML_INSTRUCTION,
        FaultKind::SeveralResources(_) => &rules::SEVERAL_RESOURCES,
        FaultKind::WrongNamespace { .. } | FaultKind::ForeignAttribute(_) => &rules::WRONG_NAMESPACE,
        // All others are JSON faults.
        _ => &rules::INVALID_JSON,
    }
}

/// What is wrong, in words.
pub(crate) fn message(kind: &FaultKind) -> Message {
    Message::text(match kind {
        FaultKind::NotUtf8 { is_utf16: true, .. } => "the payload looks like UTF-16; save it as UTF-8",
        FaultKind::NotUtf8 { at, is_utf16: false } => {
            return text!("byte {} is not valid UTF-8; FHIR payloads are UTF-8", *at);
        }
        FaultKind::ByteOrderMark => "the payload begins with a byte-order mark; save it as UTF-8 without one",
        FaultKind::TooLarge(bytes) => {
            return text!("the payload has {} bytes; at most {} are read", *bytes, MAX_BYTES);
        }
        FaultKind::TooManyElements(most) => {
            return text!("the payload has more than {} elements; split it into several", *most);
        }
        FaultKind::TooManyAttributes(most) => {
            return text!(
                "a tag has more than {} attributes or namespaces; no FHIR resource needs that",
                *most
            );
        }
        FaultKind::TooManyNodes => "the payload has too many elements; split it into several",
        FaultKind::TooDeep => {
            return text!("nested deeper than {} levels; no FHIR resource needs that", MAX_DEPTH);
        }
        FaultKind::NestedArray => {
            "an array is nested inside an array; FHIR has only arrays of values or objects"
        }
        FaultKind::DuplicateUnderscore(name) => return text!("the key _{} occurs here twice", key(name)),
        FaultKind::UnderscoreArray => "one of the two members is an array and the other is not",
        FaultKind::UnderscoreOfStructure => {
            "only a primitive has a member with an underscore; this element has none"
        }
        FaultKind::UnderscoreValue => {
            "a member with an underscore holds an object with id and extension, not a value"
        }
        FaultKind::UnderscoreNull => {
            "null is only a placeholder for an item whose value has neither id nor extension; leave it out here"
        }
        FaultKind::UnderscoreEmpty => {
            "the object is empty; leave the member with the underscore out, or write null for the item of an array"
        }
        FaultKind::UnderscoreSurplus => {
            "the member with the underscore has more items than the one without; write null where there is no value"
        }
        FaultKind::Empty => {
            "the payload is empty; a FHIR payload is a resource, such as { \"resourceType\": \"Patient\", ... }"
        }
        FaultKind::NeitherJsonNorXml => {
            "this is neither JSON nor XML: a FHIR payload begins with { or <; is it encoded, or sent as a form?"
        }
        FaultKind::Html => {
            "this is an HTML page and not FHIR: something in front of the service answered, such as a gateway or a \
             login page; look at the status and the URL of the call"
        }
        FaultKind::ArrayOfObjects => {
            "this is a JSON array, but a payload is one resource: put the resources into the entries of a Bundle, or \
             each on a line of its own in a file whose name ends in .ndjson"
        }
        FaultKind::InString => {
            "the payload is a JSON string with the resource in it: send the resource itself, encoded as JSON once and \
             not twice"
        }
        FaultKind::ResourceTypeKey => "the key that says what a resource is must be written 'resourceType'",
        FaultKind::NotAnObject => "a FHIR resource is a JSON object, and this is not one",
        FaultKind::NoResourceType => "the object has no resourceType, so it is not a FHIR resource",
        FaultKind::ResourceTypeKind => "resourceType must be a string such as \"Patient\"",
        FaultKind::Unexpected { expected, found } => return unexpected(expected, *found),
        kind => return json(kind).or_else(|| xml(kind)).unwrap_or_default(),
    })
}

/// Something else in JSON than was expected.
fn unexpected(expected: &str, found: Option<char>) -> Message {
    let Some(found) = found else {
        return text!("expected {}, but the payload ends here; it looks cut off", def(expected));
    };
    let hint = match found {
        '\'' => "; JSON strings are written in double quotes",
        '\u{2018}'..='\u{201f}' => "; JSON strings are written in straight double quotes",
        'T' | 'F' | 'N' => "; true, false and null are written in small letters",
        '+' | '.' => "; a number begins with a digit or -",
        '/' | '#' => "; JSON has no comments",
        _ => "",
    };
    text!("expected {}, found ", def(expected)).value(found.encode_utf8(&mut [0; 4])).then(hint)
}

fn json(kind: &FaultKind) -> Option<Message> {
    Some(Message::text(match kind {
        FaultKind::ControlCharacter(control) => {
            let code = format!("{control:04X}");
            let escape = match control {
                0x09 => "\\t".to_owned(),
                0x0a => "\\n".to_owned(),
                0x0d => "\\r".to_owned(),
                _ => format!("\\u{code}"),
            };
            return Some(text!(
                "a string holds the control character U+{}; write it as {}",
                def(code),
                def(escape)
            ));
        }
        FaultKind::SecondObject => {
            "a second resource begins here, but a payload is one: if each line holds one, let the name of the file end \
             in .ndjson; otherwise put them into the entries of a Bundle"
        }
        FaultKind::SurplusComma => "nothing follows this comma; remove it",
        FaultKind::StringCutOff => "the payload ends inside this string; it looks cut off",
        FaultKind::UnknownEscape => "unknown escape: after \\ comes one of \" \\ / b f n r t u",
        FaultKind::LoneSurrogate => "half of a surrogate pair: both halves must be written",
        FaultKind::ShortEscape => "\\u must be followed by four hexadecimal digits",
        FaultKind::LeadingZero => "a number must not begin with 0",
        _ => return None,
    }))
}

fn xml(kind: &FaultKind) -> Option<Message> {
    Some(match kind {
        FaultKind::NoElement => Message::text("there is no element at all"),
        FaultKind::ElementCutOff => Message::text("the payload ends inside an element; it looks cut off"),
        FaultKind::WrongEndTag { expected, found } => text!("</{}> closes <{}>", key(found), key(expected)),
        FaultKind::UnknownPrefix(prefix) => text!("the prefix {} is bound to no namespace", key(prefix)),
        FaultKind::UnknownEntity(name) => text!(
            "the entity &{}; is not defined, as XML has only amp, lt, gt, quot and apos: write the character itself, or its number, such as &#160; for a no-break space",
            key(name)
        ),
        FaultKind::DuplicateAttribute(name) => text!("the attribute {} occurs here twice", key(name)),
        FaultKind::NotWellFormed(what) => Message::text(*what),
        FaultKind::DocumentType => {
            Message::text("a DTD is not allowed: FHIR XML has none, and one can hide an attack")
        }
        FaultKind::Encoding(declared) => {
            text!(
                "the declared encoding is {}; FHIR XML is UTF-8: save and declare it as such",
                value(declared)
            )
        }
        FaultKind::TextBetweenElements => {
            Message::text("there is text between the elements; FHIR values go in value attributes")
        }
        FaultKind::ProcessingInstruction => {
            Message::text("a processing instruction is not part of FHIR XML; remove it")
        }
        FaultKind::SeveralResources(name) => {
            text!(
                "<{}> is a second resource where only one belongs; give it an element of its own",
                key(name)
            )
        }
        FaultKind::ForeignAttribute(name) => {
            text!("the attribute {} is in a namespace; FHIR has attributes without namespace only", key(name))
        }
        FaultKind::WrongNamespace { name, found: Some(found), expected } => {
            text!("<{}> is in the namespace {}, but belongs in {}", key(name), value(found), *expected)
        }
        FaultKind::WrongNamespace { name, found: None, expected } => {
            text!("<{}> is in no namespace; write xmlns=\"{}\"", key(name), *expected)
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
                "expected a key in double quotes, or }, found '''; JSON strings are written in double quotes",
            ),
            ("{\"a\":", "expected a value, but the payload ends here; it looks cut off"),
            ("{\"a\":01}", "a number must not begin with 0"),
            ("{\"a\":1,}", "nothing follows this comma; remove it"),
            ("{\"a\":[1 , ]}", "nothing follows this comma; remove it"),
            ("{\"a\":True}", "true, false and null are written in small letters"),
            ("{\u{201c}a\u{201d}:1}", "straight double quotes"),
            ("<a b=c/>", "the value of an attribute must be in quotes"),
            ("", "the payload is empty"),
            ("[{}]", "put the resources into the entries of a Bundle"),
            ("\"{\\\"a\\\": 1}\"", "send the resource itself"),
            ("<html>", "this is an HTML page"),
            ("grant_type=a", "this is neither JSON nor XML"),
            ("{}\n{}", "a second resource begins here"),
            ("<a b=\"c<d\"/>", "write &lt;"),
            ("<a b=\"c\"d\"/>", "write &quot;"),
            ("<a></a><a></a>", "a second element at the top begins here"),
            (
                "<?xml version=\"1.0\"?><a></a>\n<?xml version=\"1.0\"?><a></a>",
                "another document begins here",
            ),
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
