//! Paths, and the implicit conversion of primitives.

use ers_fhir_fhirpath::Detached;

use crate::table_on;
use crate::tree::Tree;

const ITEM: &str = r#"{
    "code": "x",
    "count": 2,
    "flag": true,
    "date": "2024-02-29",
    "item": [{"code": "a", "item": {"code": "b"}}, {"code": "c"}]
}"#;

#[test]
fn paths() {
    let tree = Tree::json("root", ITEM);
    table_on(
        &tree,
        &Detached,
        &[
            ("code", "<x>"),
            ("item.code", "<a>, <c>"),
            ("`item`.item.code", "<b>"),
            ("nothing.at.all", "{}"),
            ("item[1].code", "<c>"),
            ("children().count()", "6"),
            ("descendants().code", "<a>, <b>, <c>"),
            ("descendants().count()", "10"),
            ("repeat(item).code", "<a>, <c>, <b>"),
            ("item.where(item.exists()).code", "<a>"),
            ("item.select(code | item.code)", "<a>, <b>, <c>"),
            ("item.all(code.exists())", "true"),
            ("item.exists(code = 'c')", "true"),
            ("item.first().code = 'a'", "true"),
            ("item.code = 'a' | 'c'", "true"),
            ("%context.code", "<x>"),
            ("%resource.code", "<x>"),
            ("item.select(%context.code)", "<x>, <x>"),
            ("%unheard", "error: the variable %unheard is not defined here"),
        ],
    );
}

#[test]
fn untyped_values_become_what_they_meet() {
    let rows = [
        ("count + 1", "3"),
        ("count = 2", "true"),
        ("count > 1", "true"),
        ("flag", "<true>"),
        ("flag = true", "true"),
        ("flag and true", "true"),
        ("flag.not()", "false"),
        ("date = @2024-02-29", "true"),
        ("code = 'x'", "true"),
        ("code.length()", "1"),
        ("count in (1 | 2)", "true"),
    ];
    table_on(&Tree::xml("root", ITEM), &Detached, &rows);
    let json: Vec<_> = rows.into_iter().filter(|(source, _)| !source.starts_with("date")).collect();
    table_on(&Tree::json("root", ITEM), &Detached, &json);
}

#[test]
fn typed_primitives_convert() {
    let tree = Tree::json(
        "root: Basic",
        r#"{
            "born: date": "1974-12-25",
            "at: instant": "2024-02-29T10:30:00Z",
            "amount: decimal": 1.10,
            "code: code": "7",
            "no: boolean": false,
            "bad: date": "yesterday",
            "absent: date": {"extension: Extension": {"url: uri": "u"}},
            "low: Quantity": {"value: decimal": 1, "code: code": "g"},
            "high: Quantity": {"code: code": "g"},
            "name: HumanName": {"family: string": "A"}
        }"#,
    );
    table_on(
        &tree,
        &Detached,
        &[
            ("born < @2000", "true"),
            ("born = '1974-12-25'", "true"),
            ("at > @2024", "{}"),
            ("at > @2023", "true"),
            ("amount = 1.1", "true"),
            ("code = 7", "true"),
            ("code = 8", "false"),
            ("code + 'x'", "'7x'"),
            ("no = 'false'", "true"),
            ("no", "<false>"),
            ("no.not()", "true"),
            ("born.toString()", "'1974-12-25'"),
            ("absent < @2000", "{}"),
            ("absent & code & absent", "'7'"),
            ("name & code", "error: & cannot be applied to an element without a value"),
            ("bad < @2000", "{}"),
            ("low <= high", "{}"),
            ("low < 2 'g'", "true"),
            ("name < 2", "error: < cannot be applied to an element without a value and an Integer"),
            ("absent.exists() and absent.hasValue().not()", "true"),
            ("born.hasValue()", "true"),
            ("born.getValue()", "@1974-12-25"),
            ("bad.getValue()", "{}"),
        ],
    );
}

#[test]
fn elements_compare_by_content() {
    let tree = Tree::json(
        "root",
        r#"{
            "a: Coding": {"system: uri": "s", "code: code": "C"},
            "b: Coding": {"code: code": "C", "system: uri": "s"},
            "c: Coding": {"system: uri": "s", "code: code": "c"},
            "d: Coding": {"system: uri": "s"}
        }"#,
    );
    table_on(
        &tree,
        &Detached,
        &[
            ("a = a", "true"),
            ("a = b", "true"),
            ("a = c", "false"),
            ("a ~ c", "true"),
            ("a = d", "false"),
            ("d = a", "false"),
            ("(a | b | c).count()", "2"),
            ("a.combine(c).intersect(b).count()", "1"),
        ],
    );
}
