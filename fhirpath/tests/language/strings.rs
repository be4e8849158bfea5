//! Functions on strings, and conversions.

use ers_fhir_fhirpath::Detached;

use crate::tree::Tree;
use crate::{table, table_on};

#[test]
fn parts() {
    table(&[
        ("'12345'.substring(2)", "'345'"),
        ("'12345'.substring(1, 2)", "'23'"),
        ("'12345'.substring(3, 9)", "'45'"),
        ("'12345'.substring(5)", "{}"),
        ("'12345'.substring(-1)", "{}"),
        ("'häße'.substring(1, 2)", "'äß'"),
        ("'häße'.length()", "4"),
        ("'häße'.indexOf('ß')", "2"),
        ("'abcb'.lastIndexOf('b')", "3"),
        ("'abc'.indexOf('z')", "-1"),
        ("'äb'.toChars()", "'ä', 'b'"),
        ("'a,b,'.split(',')", "'a', 'b', ''"),
        ("('a'|'b').join('-')", "'a-b'"),
        ("{}.join(',')", "{}"),
        ("' a '.trim()", "'a'"),
    ]);
}

#[test]
fn tests_and_changes() {
    table(&[
        ("'abc'.startsWith('ab')", "true"),
        ("'abc'.endsWith('')", "true"),
        ("'abc'.contains('d')", "false"),
        ("{}.contains('d')", "{}"),
        ("'abc'.contains({})", "{}"),
        ("'abc'.upper()", "'ABC'"),
        ("'ABC'.lower()", "'abc'"),
        ("'abc'.replace('b', 'x')", "'axc'"),
        ("'abc'.replace('', '-')", "'-a-b-c-'"),
        ("'abc'.matches('B')", "false"),
        (r"'a\nb'.matches('a.b')", "true"),
        ("'abc'.matchesFull('b')", "false"),
        ("'abc'.matchesFull('a|abc')", "true"),
        (r"'a1b22'.replaceMatches('\\d+', '#')", "'a#b#'"),
        (r"'ab'.replaceMatches('(a)(b)', '$2$1')", "'ba'"),
        ("'abc'.matches('(' & ')')", "true"),
        ("'<a>'.escape('html').unescape('html')", "'<a>'"),
        ("'test'.encode('base64').decode('base64')", "'test'"),
        (
            "('a'|'b').upper()",
            "error: upper needs a single item, but there are 2; narrow the path, for example with first()",
        ),
        ("1.upper()", "error: upper cannot be applied to an Integer"),
    ]);
    assert!(crate::evaluated("'abc'.matches('(' & '')", &Detached, None).starts_with("error: "));
}

#[test]
fn conversions() {
    table(&[
        ("'Yes'.toBoolean()", "true"),
        ("0.toBoolean()", "false"),
        ("2.toBoolean()", "{}"),
        ("true.toInteger()", "1"),
        ("'-7'.toInteger()", "-7"),
        ("'7.0'.toInteger()", "{}"),
        ("'7.50'.toDecimal()", "7.50"),
        ("'1e3'.toDecimal()", "{}"),
        ("1.50.toString()", "'1.50'"),
        ("(4 days).toString()", "'4 days'"),
        ("'4 \\'mg\\''.toQuantity()", "4 'mg'"),
        ("'4 days'.toQuantity()", "4 days"),
        ("'4 mg'.toQuantity()", "{}"),
        ("(1 'kg').toQuantity('g')", "1000 'g'"),
        ("'2024-02-30'.toDate()", "{}"),
        ("'2024-02-29T10:00:00Z'.toDate()", "@2024-02-29"),
        ("@2024-02.toDateTime()", "@2024-02"),
        ("'10:30'.toTime()", "@10:30"),
        ("'x'.convertsToInteger()", "false"),
        ("{}.convertsToInteger()", "{}"),
        ("'2024'.convertsToDate()", "true"),
        ("'25:00'.convertsToTime()", "false"),
        ("'1 \\'mg\\''.convertsToQuantity()", "true"),
    ]);
}

#[test]
fn an_element_without_a_value_is_no_text() {
    let tree = Tree::json(
        "root: HumanName",
        r#"{"masked: string": {"extension: Extension": {"url: uri": "http://one"}}, "given: string": ["Joanna", "Jo"],
            "period: Period": {}}"#,
    );
    table_on(
        &tree,
        &Detached,
        &[
            ("masked.length()", "{}"),
            ("masked.startsWith('a')", "{}"),
            ("masked.matches('a')", "{}"),
            ("masked.upper()", "{}"),
            ("masked.split(',')", "{}"),
            ("masked + 'a'", "{}"),
            ("(masked | given).all(length() <= 3)", "false"),
            ("given.all(length() <= 6)", "true"),
            ("period.length()", "error: length cannot be applied to an element without a value"),
        ],
    );
}
