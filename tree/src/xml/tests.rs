//! What FHIR XML reads as, and what it is refused for.

use proptest::prelude::*;

use super::super::outline::{faults, kind_name, outline};
use super::super::{Document, FaultKind, Unreadable};

fn refusal(source: &str) -> Unreadable {
    match Document::parse(source.as_bytes()) {
        Ok(document) => panic!("{source} reads as {}", outline(&document)),
        Err(unreadable) => unreadable,
    }
}

fn patient(content: &str) -> String {
    format!("<Patient xmlns=\"http://hl7.org/fhir\">{content}</Patient>")
}

#[test]
fn elements_and_attributes_become_nodes() {
    let cases = [
        (r#"<active value="true"/>"#, r#"active="true""#),
        (r#"<a value=""/>"#, r#"a="""#),
        (r#"<a value="x &amp; &#233;"/>"#, r#"a="x & é""#),
        (r#"<a id="i" value="x"><b value="y"/></a>"#, r#"a="x"{@id="i" b="y"}"#),
        (r#"<e url="u"><valueCode value="x"/></e>"#, r#"e={@url="u" valueCode="x"}"#),
        (r#"<a other="o" value="x"/>"#, r#"a="x"{@other="o"}"#),
        (r#"<a value="1"/><b value="2"/><a value="3"/>"#, r#"a="1" b="2" a[1]="3""#),
        (r#"<a value="1"/><a value="2"/><a value="3"/>"#, r#"a="1" a[1]="2" a[2]="3""#),
        ("<!-- note --> \n <a value='x'/>", r#"a="x""#),
        (r#"<f:a xmlns:f="http://hl7.org/fhir" value="x"/>"#, r#"a="x""#),
        (
            r#"<text><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi</p></div></text>"#,
            r#"text={div=<div xmlns="http://www.w3.org/1999/xhtml"><p>Hi</p></div>}"#,
        ),
        (
            r#"<contained id="c"><Group><id value="g"/></Group></contained>"#,
            r#"contained={@id="c" resourceType="Group" id="g"}"#,
        ),
        (r#"<name><Family value="x"/></name>"#, r#"name={Family="x"}"#),
        ("<a/>", "a="),
    ];
    for (content, expected) in cases {
        let source = patient(content);
        let document =
            Document::parse(source.as_bytes()).unwrap_or_else(|error| panic!("{source}: {error:?}"));
        assert_eq!(outline(&document), format!("resourceType=\"Patient\" {expected}"), "{source}");
        assert_eq!(faults(&document), [], "{source}");
    }
}

#[test]
fn spans_are_those_of_the_source() {
    let source = patient("\n<a value=\"x\"/>");
    let document = Document::parse(source.as_bytes()).expect("reads");
    let node = document.root().child("a").expect("a");
    assert_eq!((&source[node.span()], &source[node.key_span()]), ("<a value=\"x\"/>", "a"));
    assert_eq!(&source[document.root().key_span()], "Patient");
}

#[test]
fn faults_name_their_bytes() {
    let cases = [
        (patient("<a value='x'/> yes "), "TextBetweenElements", "yes"),
        (patient("<a>x</a>"), "TextBetweenElements", "x"),
        ("<Patient><a value='x'/></Patient>".to_owned(), "WrongNamespace", "Patient"),
        (patient("<a xmlns='urn:x' value='x'><b value='y'/></a>"), "WrongNamespace", "a"),
        (patient("<text><div><p>Hi</p></div></text>"), "WrongNamespace", "div"),
        (patient("<contained><Group xmlns='urn:x'/></contained>"), "WrongNamespace", "Group"),
        (patient("<contained><Group/><Group id='a'/></contained>"), "SeveralResources", "Group"),
        (patient("<contained><Group/> yes </contained>"), "TextBetweenElements", "yes"),
        (patient("<a xmlns:x='urn:x' x:id='i' value='x'/>"), "ForeignAttribute", "x:id"),
        (patient("<a xml:lang='en' value='x'/>"), "ForeignAttribute", "xml:lang"),
        (
            patient("<a xmlns:x='http://www.w3.org/2001/XMLSchema-instance' x:type='b' value='x'/>"),
            "ForeignAttribute",
            "x:type",
        ),
        (patient("<a value='x'/><?pi?>"), "ProcessingInstruction", "<?pi?>"),
        (format!("<?pi a?>{}", patient("<a value='x'/>")), "ProcessingInstruction", "<?pi a?>"),
        (format!("\u{feff}{}", patient("")), "ByteOrderMark", "\u{feff}"),
    ];
    for (source, code, bytes) in cases {
        let document =
            Document::parse(source.as_bytes()).unwrap_or_else(|error| panic!("{source}: {error:?}"));
        assert_eq!(faults(&document), [(code.to_owned(), bytes.to_owned())], "{source}");
    }
}

#[test]
fn what_is_refused_says_where_and_why() {
    let cases = [
        ("<", "NotWellFormed", 1),
        ("<a>", "ElementCutOff", 3),
        ("<a>\n  <b></c></a>", "WrongEndTag", 9),
        ("<a b='1' b='2'/>", "DuplicateAttribute", 9),
        ("<a>&nbsp;</a>", "UnknownEntity", 3),
        ("<x:a/>", "UnknownPrefix", 1),
        ("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "DocumentType", 0),
        ("<?xml version='1.0' encoding='UTF-16'?><a/>", "Encoding", 30),
        ("<?xml version=\"1.0\" encoding = \"ISO-8859-1\"?><a/>", "Encoding", 32),
    ];
    for (source, kind, at) in cases {
        let refusal = refusal(source);
        assert_eq!((&*kind_name(&refusal.kind), refusal.span.start), (kind, at), "{source}: {refusal:?}");
    }
    for encoding in ["UTF-8", "utf-8", "US-ASCII"] {
        let source = format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>{}", patient(""));
        assert!(Document::parse(source.as_bytes()).is_ok(), "{encoding}");
    }
}

#[test]
fn nesting_is_bounded() {
    assert_eq!(refusal(&"<a>".repeat(100_000)).kind, FaultKind::TooDeep);
    assert_eq!(refusal(&"<a b='>'>".repeat(100_000)).kind, FaultKind::TooDeep);
    let nested = format!("{}{}", "<a>".repeat(190), "</a>".repeat(190));
    assert!(Document::parse(patient(&nested).as_bytes()).is_ok());
    let flat = "<a value='/'/><b></b><!-- <c> --><![CDATA[]]>".repeat(1000);
    assert!(Document::parse(patient(&flat).as_bytes()).is_ok());
}

proptest! {
    #[test]
    fn no_mutation_makes_it_panic(at in any::<prop::sample::Index>(), with in "[<>/&\"' =a-cé!?-]{0,3}") {
        let mut source = patient(
            r#"<text><div xmlns="http://www.w3.org/1999/xhtml">é &amp;</div></text><!-- c --><contained><Group id="g"/></contained>"#,
        );
        let mut at = at.index(source.len());
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        let end = at + source[at..].chars().next().map_or(0, char::len_utf8);
        source.replace_range(at..end, &with);
        if let Err(refused) = Document::parse(source.as_bytes()) {
            prop_assert!(source.is_char_boundary(refused.span.start));
        }
    }
}
