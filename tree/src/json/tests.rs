//! What JSON reads as, and what it is refused for.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::Value;

use super::super::outline::{faults, outline};
use super::super::{Document, FaultKind, Kind, Node, Unreadable};

fn refusal(source: &str) -> Unreadable {
    match Document::parse(source.as_bytes()) {
        Ok(document) => panic!("{source} reads as {}", outline(&document)),
        Err(unreadable) => unreadable,
    }
}

#[test]
fn members_become_nodes() {
    let cases = [
        (r#"{"resourceType":"X"}"#, r#"resourceType="X""#),
        (r#"{"a":"x","b":1.50,"c":true,"d":null,"e":{}}"#, r#"a="x" b=1.50 c=true d=null e={}"#),
        (r#"{"a":[1,2],"b":[]}"#, "a[0]=1 +a[1]=2 b=[]"),
        (r#"{"a":[{"b":"x"},{"b":"y"}]}"#, r#"a[0]={b="x"} +a[1]={b="y"}"#),
        (r#"{"a":"x","b":1,"a":["y","z"]}"#, r#"a="x" b=1 a[1]="y" +a[2]="z""#),
        (r#"{"\u0061\n":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}"#, "a\n=\"\\\"\\\\/\\u{8}\\u{c}\\n\\r\\té😀\""),
        (r#"{"_":"x"}"#, r#"_="x""#),
        ("\t{ \"a\" :\r\n 1 } ", "a=1"),
    ];
    for (source, expected) in cases {
        let document =
            Document::parse(source.as_bytes()).unwrap_or_else(|error| panic!("{source}: {error:?}"));
        assert_eq!(outline(&document).replace("[0]=[]", "=[]"), expected, "{source}");
    }
}

#[test]
fn underscored_members_complete_their_primitives() {
    let cases = [
        (r#"{"a":"x","_a":{"id":"i"}}"#, r#"a="x"{id="i"}"#),
        (r#"{"_a":{"id":"i"},"a":"x"}"#, r#"a="x"{id="i"}"#),
        (r#"{"_a":{"id":"i"},"b":1,"a":"x","c":2}"#, r#"b=1 a="x"{id="i"} c=2"#),
        (r#"{"_a":{"id":"i"},"b":1}"#, r#"a={id="i"} b=1"#),
        (r#"{"b":1,"_a":{"id":"i"}}"#, r#"b=1 a={id="i"}"#),
        (r#"{"a":null,"_a":{"id":"i"}}"#, r#"a={id="i"}"#),
        (r#"{"a":["x",null],"_a":[null,{"id":"i"}],"b":1}"#, r#"a[0]="x" +a[1]={id="i"} b=1"#),
        (
            r#"{"_a":[{"id":"i"},{"id":"j"}],"_b":{"id":"k"},"b":1,"a":["x",null]}"#,
            r#"b=1{id="k"} a[0]="x"{id="i"} +a[1]={id="j"}"#,
        ),
        (r#"{"a":["x","y"],"_a":[{"id":"i"}]}"#, r#"a[0]="x"{id="i"} +a[1]="y""#),
    ];
    for (source, expected) in cases {
        let document =
            Document::parse(source.as_bytes()).unwrap_or_else(|error| panic!("{source}: {error:?}"));
        assert_eq!(outline(&document), expected, "{source}");
        let unexpected: Vec<_> =
            faults(&document).into_iter().filter(|fault| fault.0 != "NoResourceType").collect();
        assert_eq!(unexpected, [], "{source}");
    }
}

#[test]
fn faults_name_their_bytes() {
    let cases = [
        (r#""a":[[1],[2]]"#, "a[0]=1 +a[1]=2", ("NestedArray", "[1]")),
        (r#""a":[[]]"#, "a[0]=[]", ("NestedArray", "[]")),
        (r#""a":["x",[[1],2]]"#, r#"a[0]="x" +a[1]=1 +a[2]=2"#, ("NestedArray", "[[1],2]")),
        (r#""a":"x","_a":"y""#, r#"a="x""#, ("UnderscoreValue", r#""y""#)),
        (r#""_a":1"#, "", ("UnderscoreValue", "1")),
        (r#""a":{"b":1},"_a":{"id":"i"}"#, "a={b=1}", ("UnderscoreOfStructure", r#""_a""#)),
        (r#""a":[{"b":1}],"_a":[null,{"id":"i"}]"#, "a[0]={b=1}", ("UnderscoreOfStructure", r#""_a""#)),
        (r#""a":"x","_a":null"#, r#"a="x""#, ("UnderscoreNull", r#""_a""#)),
        (r#""a":["x","y"],"_a":[null,null]"#, r#"a[0]="x" +a[1]="y""#, ("UnderscoreNull", r#""_a""#)),
        (r#""_a":null"#, "", ("UnderscoreNull", "null")),
        (r#""_a":[null,{"id":"i"}]"#, r#"a[1]={id="i"}"#, ("UnderscoreNull", "null")),
        (r#""a":"x","_a":{}"#, r#"a="x""#, ("UnderscoreEmpty", "{}")),
        (r#""a":["x","y"],"_a":[null,{}]"#, r#"a[0]="x" +a[1]="y""#, ("UnderscoreEmpty", "{}")),
        (
            r#""a":["x"],"_a":[{"id":"i"},null,{"id":"j"}]"#,
            r#"a[0]="x"{id="i"} +a[2]={id="j"}"#,
            ("UnderscoreSurplus", "null"),
        ),
        (
            r#""_a":[null,{"id":"j"}],"a":["x"]"#,
            r#"a[0]="x" +a[1]={id="j"}"#,
            ("UnderscoreSurplus", r#"{"id":"j"}"#),
        ),
        (r#""a":["x"],"_a":{"id":"i"}"#, r#"a[0]="x"{id="i"}"#, ("UnderscoreArray", r#""_a""#)),
        (
            r#""_a":{"id":"i"},"a":"x","_a":{"id":"j"}"#,
            r#"a="x"{id="i"}"#,
            ("DuplicateUnderscore", r#""_a""#),
        ),
    ];
    for (members, expected, fault) in cases {
        let source = format!(r#"{{{members},"resourceType":"X"}}"#);
        let document =
            Document::parse(source.as_bytes()).unwrap_or_else(|error| panic!("{source}: {error:?}"));
        let outlined = outline(&document);
        assert_eq!(outlined.trim_end_matches(r#"resourceType="X""#).trim_end(), expected, "{source}");
        assert_eq!(faults(&document), [(fault.0.to_owned(), fault.1.to_owned())], "{source}");
    }
}

#[test]
fn what_is_no_resource_is_said_at_its_place() {
    let cases = [
        (r#"{"a":1}"#, "{", "NoResourceType"),
        (r#"{"ResourceType":"Patient"}"#, "\"ResourceType\"", "ResourceTypeKey"),
        (r#"{"a":1,"resource_type":5}"#, "\"resource_type\"", "ResourceTypeKey"),
        (r#"{"resourceType":5}"#, "5", "ResourceTypeKind"),
        (r#"{"resourceType":["Patient",1]}"#, "", ""),
    ];
    for (source, bytes, kind) in cases {
        let document =
            Document::parse(source.as_bytes()).unwrap_or_else(|error| panic!("{source}: {error:?}"));
        let expected = if bytes.is_empty() { vec![] } else { vec![(kind.to_owned(), bytes.to_owned())] };
        assert_eq!(faults(&document), expected, "{source}");
    }
    for (source, kind) in [
        ("[]", FaultKind::NotAnObject),
        ("[1]", FaultKind::NotAnObject),
        ("[ {} ]", FaultKind::ArrayOfObjects),
        ("\"x\"", FaultKind::NotAnObject),
        (r#"" {\"a\":1}""#, FaultKind::InString),
        (r#""<a/>""#, FaultKind::InString),
        ("null", FaultKind::NotAnObject),
        (" 12 ", FaultKind::NotAnObject),
    ] {
        let refusal = refusal(source);
        assert_eq!((refusal.kind, &source[refusal.span]), (kind, source.trim()));
    }
    for (source, kind, at) in [
        ("", FaultKind::Empty, 0),
        (" \n", FaultKind::Empty, 2),
        ("a=1&b=2", FaultKind::NeitherJsonNorXml, 0),
        ("{}\n{}", FaultKind::SecondObject, 3),
        ("<!doctype HTML><p>", FaultKind::Html, 0),
        ("\n<html lang='en'>", FaultKind::Html, 1),
    ] {
        let refusal = refusal(source);
        assert_eq!((refusal.kind, refusal.span.start), (kind, at), "{source}");
    }
}

#[test]
fn a_byte_order_mark_is_skipped_and_said() {
    let document = Document::parse("\u{feff}{\"resourceType\":\"X\"}".as_bytes()).expect("reads");
    assert_eq!(faults(&document), [("ByteOrderMark".to_owned(), "\u{feff}".to_owned())]);
    assert_eq!(document.root().child("resourceType").map(Node::span), Some(19..22));
}

#[test]
fn bytes_that_are_not_utf_8_hide_nothing_else() {
    let source = b"{\"a\":\"x\xe9\xe8y\",\"b\":1,\"resourceType\":\"X\"}";
    let refused = Document::parse(source).expect_err("it is not UTF-8");
    let text = refused.repaired(source).expect("the rest is");
    assert_eq!(text.len(), source.len(), "all stands where it stood");
    let mut document = Document::parse(text.as_bytes()).expect("reads");
    document.note(refused);
    assert_eq!(outline(&document), r#"a="x??y" b=1 resourceType="X""#);
    assert_eq!(faults(&document), [("NotUtf8".to_owned(), String::new())]);
}

#[test]
fn utf_16_is_known_with_its_mark_and_without() {
    for bytes in
        [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}", b"{\0}\0", b"\0{\0}", b"<\0a\0/\0>\0", b"{\0\xe9\0"]
    {
        let refused = Document::parse(bytes).expect_err("is UTF-16");
        assert!(matches!(refused.kind, FaultKind::NotUtf8 { is_utf16: true, .. }), "{refused:?}");
        assert_eq!(refused.repaired(bytes), None);
    }
}

#[test]
fn what_is_not_json_is_refused_where_it_stops_being_so() {
    let cases = [
        ("", "", 0),
        ("\u{feff} ", "", 4),
        ("{", "", 1),
        ("Patient", "", 0),
        (r#"{"a":1,}"#, ",", 6),
        (r#"{"a" 1}"#, "1", 5),
        (r#"{"a":1 "b":2}"#, "\"", 7),
        (r"{'a':1}", "'", 1),
        (r"{a:1}", "a", 1),
        (r#"{"a":01}"#, "01", 5),
        (r#"{"a":-}"#, "}", 6),
        (r#"{"a":1.}"#, "}", 7),
        (r#"{"a":.5}"#, ".", 5),
        (r#"{"a":1e+}"#, "}", 8),
        (r#"{"a":NaN}"#, "N", 5),
        (r#"{"a":tru}"#, "t", 5),
        (r#"{"a":"x"#, "\"x", 5),
        ("{\"a\":\"x\ny\"}", "\n", 7),
        (r#"{"a":"\x"}"#, "\\", 6),
        (r#"{"a":"\u12G4"}"#, "\\u", 6),
        (r#"{"a":"\u12"#, "\\u", 6),
        (r#"{"a":"\ud800"}"#, "\\ud800", 6),
        (r#"{"a":"\udc00"}"#, "\\udc00", 6),
        (r#"{"a":"\ud800\u0041"}"#, "\\ud800\\u0041", 6),
        (r#"{"a":[1,]}"#, ",", 7),
        (r#"{"a":[1 2]}"#, "2", 8),
        (r#"{"a":1}}"#, "}", 7),
        (r#"{"a":1} // end"#, "/", 8),
        (r#"{"a":é}"#, "é", 5),
        (r#"{"a":"#, "", 5),
    ];
    for (source, bytes, at) in cases {
        let refusal = refusal(source);
        assert_eq!((refusal.span.start, &source[refusal.span.clone()]), (at, bytes), "{source}: {refusal:?}");
    }
    let expected = "a key in double quotes, or }";
    assert_eq!(refusal("{'a':1}").kind, FaultKind::Unexpected { expected, found: Some('\'') });
    assert_eq!(refusal("{\"a\":").kind, FaultKind::Unexpected { expected: "a value", found: None });
}

#[test]
fn a_key_that_comes_again_counts_on_in_objects_of_any_size() {
    for members in [3, 40, 1000] {
        let keys: Vec<_> = (0..members).map(|key| format!("\"key{key}\":1")).collect();
        let source = format!("{{{},\"key1\":2,\"resourceType\":\"X\"}}", keys.join(","));
        let document =
            Document::parse(source.as_bytes()).unwrap_or_else(|error| panic!("{source}: {error:?}"));
        let again: Vec<_> =
            document.root().children().filter(|child| child.opens_member() && child.index() > 0).collect();
        assert_eq!(
            again.iter().map(|child| (child.name(), child.value())).collect::<Vec<_>>(),
            [("key1", Some("2"))]
        );
    }
}

#[test]
fn nesting_is_bounded() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}"), (r#"[{"a":"#, "}]")] {
        let refused = refusal(&open.repeat(100_000));
        assert_eq!(refused.kind, FaultKind::TooDeep);
        let levels = 190 / open.len().min(2);
        let source = format!("{{\"a\":{}1{}}}", open.repeat(levels), close.repeat(levels));
        assert!(Document::parse(source.as_bytes()).is_ok(), "{open}");
    }
}

/// What our tree says that an object holds, as `serde_json` would: the last of two keys counts.
fn value_of(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::String => Value::String(node.value().unwrap_or_default().to_owned()),
        Kind::Number | Kind::Boolean => {
            serde_json::from_str(node.value().unwrap_or_default()).expect("a number or a boolean")
        }
        Kind::Object => {
            let mut members = serde_json::Map::new();
            for child in node.children() {
                let name = child.name().to_owned();
                if child.kind() == Kind::EmptyArray {
                    members.insert(name, Value::Array(vec![]));
                } else if !child.in_array() {
                    members.insert(name, value_of(child));
                } else if child.opens_member() {
                    members.insert(name, Value::Array(vec![value_of(child)]));
                } else if let Some(Value::Array(items)) = members.get_mut(&name) {
                    items.push(value_of(child));
                }
            }
            Value::Object(members)
        }
        _ => Value::Null,
    }
}

/// Every JSON file below a folder that holds a resource: the manifest of a package does not.
fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in folder.read_dir().into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json")
                && !path.ends_with("package.json")
            {
                files.push(path);
            }
        }
    }
    files
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the engine reads no file, but its test does")]
fn real_payloads_hold_what_serde_json_reads() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files: Vec<_> =
        ["examples", "profiles/packages"].iter().flat_map(|folder| json_files(&root.join(folder))).collect();
    assert!(files.len() > 3_000, "our own examples and packages are there: {}", files.len());
    for file in files {
        let source =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let document = Document::parse(source.as_bytes())
            .unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
        assert_eq!(faults(&document), [], "{}", file.display());
        // Primitives with extensions, where members merge, have tests of their own.
        if !source.contains("\"_") {
            let theirs = serde_json::from_str::<Value>(&source)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert_eq!(value_of(document.root()), theirs, "{}", file.display());
        }
    }
}

/// Objects whose keys have no underscore and whose arrays hold no arrays, which reads back alike.
fn arbitrary_object() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let key = "[^_\"][^\"]{0,6}";
    let value = scalar.prop_recursive(4, 40, 6, move |inner| {
        let object = prop::collection::btree_map(key, inner.clone(), 0..6)
            .prop_map(|members| Value::Object(members.into_iter().collect()));
        let item = inner.prop_filter("no nested array", |value| !value.is_array());
        prop_oneof![object, prop::collection::vec(item, 0..6).prop_map(Value::Array)]
    });
    prop::collection::btree_map(key, value, 0..6)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// Text that is nearly JSON: tokens in any order.
fn nearly_json() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"_a\"", "\"", "\\", "\\u00", "1", "-", "0", ".5", "e",
        "true", "null", " ", "\n", "\"a\":", "{\"a\":", "é",
    ]);
    prop::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat())
}

fn agrees_with_serde(source: &str) -> Result<(), TestCaseError> {
    let theirs = serde_json::from_str::<Value>(source);
    match (Document::parse(source.as_bytes()), theirs) {
        (Ok(_), Ok(Value::Object(_))) => Ok(()),
        (Err(refused), Ok(other)) if !other.is_object() => {
            let kinds = [FaultKind::NotAnObject, FaultKind::ArrayOfObjects, FaultKind::InString];
            prop_assert!(kinds.contains(&refused.kind));
            Ok(())
        }
        (Err(refused), Err(_)) => {
            prop_assert!(
                source.is_char_boundary(refused.span.start) && source.is_char_boundary(refused.span.end)
            );
            Ok(())
        }
        // A number that f64 cannot hold is still a JSON number.
        (Ok(_), Err(error)) if error.to_string().starts_with("number out of range") => Ok(()),
        (ours, theirs) => Err(TestCaseError::fail(format!("{ours:?} but {theirs:?}"))),
    }
}

proptest! {
    #[test]
    fn values_are_what_serde_json_reads(object in arbitrary_object(), pretty in any::<bool>()) {
        let source = if pretty { serde_json::to_string_pretty(&object) } else { serde_json::to_string(&object) }
            .expect("writes");
        let document = Document::parse(source.as_bytes()).expect("reads");
        prop_assert_eq!(value_of(document.root()), serde_json::from_str::<Value>(&source).expect("reads"));
    }

    #[test]
    fn nearly_json_is_accepted_and_refused_as_by_serde_json(source in nearly_json()) {
        agrees_with_serde(&source)?;
    }

    #[test]
    fn a_changed_byte_is_accepted_and_refused_as_by_serde_json(
        object in arbitrary_object(), at in any::<prop::sample::Index>(), byte in 0_u8..128,
    ) {
        let mut source = object.to_string().into_bytes();
        let at = at.index(source.len());
        source[at] = byte;
        if let Ok(source) = String::from_utf8(source)
            // An underscore or a nested array is JSON that FHIR has faults for, not a refusal.
            && !source.starts_with('<')
        {
            agrees_with_serde(&source)?;
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Document::parse(&bytes);
    }
}
