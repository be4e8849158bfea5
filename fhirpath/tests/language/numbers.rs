//! Functions on numbers.

use ers_fhir_fhirpath::Detached;

use crate::tree::Tree;
use crate::{table, table_on};

#[test]
fn mathematics() {
    table(&[
        ("(-5).abs()", "5"),
        ("(-5.5 'mg').abs()", "5.5 'mg'"),
        ("1.1.ceiling()", "2"),
        ("(-1.1).ceiling()", "-1"),
        ("(-2.1).floor()", "-3"),
        ("(-2.9).truncate()", "-2"),
        ("0.exp()", "1"),
        ("1.ln()", "0"),
        ("0.ln()", "{}"),
        ("16.log(2)", "4"),
        ("100.log(10)", "2"),
        ("2.power(10)", "1024"),
        ("2.5.power(2)", "6.25"),
        ("(-1).power(0.5)", "{}"),
        ("2.power(9999)", "{}"),
        ("3.14159.round(3)", "3.142"),
        ("2.5.round()", "3"),
        ("81.sqrt()", "9"),
        ("(-1).sqrt()", "{}"),
        ("'a'.abs()", "error: abs cannot be applied to a String"),
        ("{}.abs()", "{}"),
    ]);
}

#[test]
fn boundaries() {
    table(&[
        ("1.587.lowBoundary()", "1.58650000"),
        ("1.587.highBoundary(2)", "1.59"),
        ("(-1.587).lowBoundary(0)", "-2"),
        ("1.lowBoundary(99)", "{}"),
        ("1.58700.precision()", "5"),
        ("1.5 'cm'.highBoundary(2)", "1.55 'cm'"),
        ("@2014.lowBoundary()", "@2014-01-01"),
        ("@2014.highBoundary(6)", "@2014-12"),
        ("@T10:30.highBoundary()", "@10:30:59.999"),
        ("@T10:30:00.000.precision()", "9"),
    ]);
}

#[test]
fn what_is_too_large_is_empty() {
    let largest = i64::MAX;
    let texts = [
        format!("{largest} + 1"),
        format!("-{largest} - 2"),
        format!("{largest} * 2"),
        format!("(-{largest} - 1) div -1"),
        format!("-(-{largest} - 1)"),
        format!("(-{largest} - 1).abs()"),
        "79228162514264337593543950335.0 + 79228162514264337593543950335.0".to_owned(),
        "79228162514264337593543950335.0 * 10.0".to_owned(),
        "79228162514264337593543950335.0 'kg' * 1000 'kg'".to_owned(),
        "79228162514264337593543950335.0 'Yg' + 1 'yg'".to_owned(),
        format!("@2020-01-01 + {largest} days"),
        format!("@2020-01-01 - {largest} weeks"),
        format!("@2020 + {largest} years"),
        format!("@2020-01-01T00:00:00Z + {largest} 'ms'"),
        "today() + 999999999 years".to_owned(),
        "now() - 999999999 months".to_owned(),
        "10.power(400)".to_owned(),
        "1000.exp()".to_owned(),
        format!("'abc'.substring({largest})"),
        format!("(1|2|3).skip({largest})"),
        format!("(1|2|3).take(-{largest})"),
    ];
    for text in &texts {
        assert_eq!(crate::evaluated(text, &Detached, None), "{}", "{text}");
    }
    for (text, expected) in [
        (format!("'abc'.substring(1, {largest})"), "'bc'"),
        (format!("(1|2|3).take({largest}).count()"), "3"),
        (format!("(1|2|3).skip(-{largest}).count()"), "3"),
        ("'abc'.indexOf('z')".to_owned(), "-1"),
    ] {
        assert_eq!(crate::evaluated(&text, &Detached, None), expected, "{text}");
    }
}

#[test]
fn decimals_of_a_tree_are_compared_whatever_their_size() {
    let tree = Tree::json(
        "root: BackboneElement",
        r#"{"tiny: decimal": "1e-40", "small: decimal": "1.0e-30", "huge: decimal": "1e+60",
            "long: decimal": "1.1234567890123456789012345678901"}"#,
    );
    table_on(
        &tree,
        &Detached,
        &[
            ("tiny > 0", "true"),
            ("tiny < small", "true"),
            ("small <= tiny", "false"),
            ("huge > 1 and 1 < huge", "true"),
            ("long > 1.12 and long < 1.13", "true"),
            ("tiny < 'a'", "{}"),
        ],
    );
}
