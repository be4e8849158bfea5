//! Operators and literals.

use crate::table;

#[test]
fn literals() {
    table(&[
        ("42", "42"),
        ("4.20", "4.20"),
        ("true", "true"),
        (r"'it\'s \u0041'", "'it's A'"),
        ("\"double\"", "'double'"),
        ("{}", "{}"),
        ("@2024-02", "@2024-02"),
        ("@2024-02-29T10:30Z", "@2024-02-29T10:30Z"),
        ("@T10:30", "@10:30"),
        ("5 'mg'", "5 'mg'"),
        ("4 days", "4 days"),
        ("1 week", "1 week"),
    ]);
}

#[test]
fn logic_has_three_values() {
    let values = ["true", "false", "{}"];
    let truth = |operator: &str| -> Vec<String> {
        let pairs = values.iter().flat_map(|left| values.iter().map(move |right| (left, right)));
        pairs
            .map(|(left, right)| {
                crate::evaluated(&format!("{left} {operator} {right}"), &ers_fhir_fhirpath::Detached, None)
            })
            .collect()
    };
    assert_eq!(truth("and"), ["true", "false", "{}", "false", "false", "false", "{}", "false", "{}"]);
    assert_eq!(truth("or"), ["true", "true", "true", "true", "false", "{}", "true", "{}", "{}"]);
    assert_eq!(truth("xor"), ["false", "true", "{}", "true", "false", "{}", "{}", "{}", "{}"]);
    assert_eq!(truth("implies"), ["true", "false", "{}", "true", "true", "true", "true", "{}", "{}"]);
}

#[test]
fn logic_stops_at_what_decides() {
    table(&[
        ("false and (1|2)", "false"),
        ("true or (1|2)", "true"),
        ("false implies (1|2)", "true"),
        ("'text' and true", "true"),
        (
            "true and (1|2)",
            "error: and needs a single item, but there are 2; narrow the path, for example with first()",
        ),
    ]);
}

#[test]
fn equality() {
    table(&[
        ("1 = 1.0", "true"),
        ("'a' = 'A'", "false"),
        ("{} = {}", "{}"),
        ("1 = {}", "{}"),
        ("(1|2) = (1|2)", "true"),
        ("(1|2) = (2|1)", "false"),
        ("(1|2) = 1", "false"),
        ("1 = '1'", "false"),
        ("1 != 2", "true"),
        ("@2012 = @2012-01", "{}"),
        ("@2012 = @2013-01", "false"),
        ("@T10:00 = @2012", "false"),
        ("1 'kg' = 1000 'g'", "true"),
        ("1 'kg' = 1 'm'", "{}"),
        ("1 = 1 '1'", "true"),
        ("1 year = 12 months", "true"),
        ("1 year = 1 'a'", "{}"),
    ]);
}

#[test]
fn equivalence() {
    table(&[
        ("'A  b' ~ 'a B'", "true"),
        ("{} ~ {}", "true"),
        ("1 ~ {}", "false"),
        ("1.14 ~ 1.1", "true"),
        ("(1|2) ~ (2|1)", "true"),
        ("1 !~ 2", "true"),
        ("@2012 ~ @2012-01", "false"),
        ("1 year ~ 1 'a'", "true"),
        ("4 'g' ~ 4040 'mg'", "true"),
    ]);
}

#[test]
fn order() {
    table(&[
        ("1 < 2.5", "true"),
        ("'a' >= 'b'", "false"),
        ("{} < 1", "{}"),
        ("@2012 < @2012-01", "{}"),
        ("1 'kg' > 999 'g'", "true"),
        ("1 'kg' > 1 'm'", "{}"),
        ("1 < 'a'", "error: < cannot be applied to an Integer and a String"),
        ("@T10:00 < @2012", "error: < cannot be applied to a date or time and a date or time"),
    ]);
}

#[test]
fn membership() {
    table(&[
        ("2 in (1|2)", "true"),
        ("{} in (1|2)", "{}"),
        ("1 in {}", "false"),
        ("(1|2) contains 3", "false"),
        ("(1|2) contains {}", "{}"),
    ]);
}

#[test]
fn arithmetic() {
    table(&[
        ("1 + 2 * 3", "7"),
        ("1 / 2", "0.5"),
        ("7 div 2", "3"),
        ("-7 mod 2", "-1"),
        ("2.2 mod 1.8", "0.4"),
        ("1 / 0", "{}"),
        ("1 div 0", "{}"),
        ("9223372036854775807 + 1", "{}"),
        ("79228162514264337593543950335.0 * 2", "{}"),
        ("1 + {}", "{}"),
        ("'a' + 'b'", "'ab'"),
        ("'a' + {}", "{}"),
        ("'a' & {}", "'a'"),
        ("1 & 'a'", "'1a'"),
        ("-(3)", "-3"),
        ("+1.5", "1.5"),
        ("-'a'", "error: - cannot be applied to a String"),
        ("1 + 'a'", "error: + cannot be applied to an Integer and a String"),
        ("1 'kg' + 500 'g'", "1.500 'kg'"),
        ("2 'cm' * 2 'm'", "4 'cm.m'"),
        ("4 'g' / 2 'L'", "2 'g/L'"),
    ]);
}
