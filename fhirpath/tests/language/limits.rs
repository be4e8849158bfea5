//! Hostile expressions and hostile data end with an error, not with a hang or an overflow.

use ers_fhir_fhirpath::{Detached, EvalError, Expression, Host};

use crate::tree::{Handle, Tree};

/// A text of 32,768 letters.
const LONG: &str = "'aaaaaaaa'.replace('a', 'aaaaaaaa').replace('a', 'aaaaaaaa').replace('a', 'aaaaaaaa').replace('a', 'aaaaaaaa')";

struct Frugal;

impl Host<Handle<'_>> for Frugal {
    fn step_limit(&self) -> u64 {
        10_000
    }
}

fn failure<'t>(source: &str, host: &impl Host<Handle<'t>>, focus: Option<Handle<'t>>) -> EvalError {
    Expression::parse(source)
        .expect(source)
        .evaluate(host, focus)
        .map(|result| result.len())
        .expect_err(source)
}

#[test]
fn work_is_bounded() {
    for source in [
        "(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20).aggregate($total & $total, 'text')",
        "(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20).aggregate($total.combine($total), 1)",
        &format!("'text'{}", ".encode('hex')".repeat(40)),
        &format!("'text'{}", ".replace('', 'text text')".repeat(40)),
        "1.repeat($this + 1)",
        &format!("{LONG}.toChars().count()"),
        &format!("{LONG}.split('a').count()"),
        &format!("{LONG}.matches({LONG} + 'b')"),
        &format!("{LONG}.replaceMatches('a', {LONG})"),
        &format!("{LONG}.replaceMatches('(a+)', '$1$1$1$1$1$1$1$1')"),
        &format!("{LONG}.matches('(a?){{500}}' + 'b')"),
        &format!("{LONG} ~ {LONG}"),
        "(1).where('x'.matches('((a{1,90}){1,90}){1,90}' & ''))",
        "(0|1|2|3|4|5|6|7|8|9).repeat(iif($this < 99999, $this * 2 + 1, {}) | $this + 3)",
    ] {
        assert_eq!(failure(source, &Frugal, None), EvalError::Budget(10_000));
    }
}

#[test]
fn expressions_at_the_depth_limit_fit_the_stack() {
    let nested = |open: &str, inner: &str, close: &str, count: usize| {
        format!("{}{inner}{}", open.repeat(count), close.repeat(count))
    };
    for (source, expected) in [
        (nested("iif(true, ", "1", ", 2)", 70), "1"),
        (nested("(1).select(", "$this", ")", 70), "1"),
        (nested("(1).where((2).exists(", "true", "))", 35), "1"),
        (vec!["true"; 140].join(" and "), "true"),
        (format!("true{}", ".not()".repeat(140)), "true"),
    ] {
        assert_eq!(crate::evaluated(&source, &Detached, None), expected);
    }
}

/// Whatever is cut out of an expression, the rest is parsed or refused, and evaluated or refused.
#[test]
fn mutilated_expressions_do_no_harm() {
    let tree = Tree::json(
        "root: Patient",
        r#"{"name: HumanName": {"given: string": ["A", "B"]}, "count: integer": 3}"#,
    );
    for source in [
        "name.where(given = 'A\\u00e9' and count >= -1.5).select(given | 'x').first().matches('^[A-Z]{1,3}$')",
        "iif(count > 2 'mg', @2024-02-29T10:30:00.5+01:00 + 3 months, {}) is DateTime or %`vs-x` in (1 | $this)",
        "(1 | 2.50).aggregate($total + $this.round(1), 0) /* sum */ ~ 3.5 // end",
    ] {
        for from in 0..source.len() {
            for to in from..source.len().min(from + 12) {
                let rest = format!("{}{}", &source[..from], &source[to..]);
                let result = crate::evaluated(&rest, &Frugal, Some(tree.root()));
                assert!(!result.is_empty(), "{rest}");
            }
        }
    }
}

#[test]
fn deep_data_is_refused() {
    let tree = Tree::twins("first", "second", 600);
    for source in ["descendants()", "first = second", "first ~ second"] {
        assert!(matches!(failure(source, &Detached, Some(tree.root())), EvalError::TooDeep(_)), "{source}");
    }
}
