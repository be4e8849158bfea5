//! Existence, subsets, sets, iteration.

use crate::table;

#[test]
fn existence() {
    table(&[
        ("{}.exists()", "false"),
        ("(1|2).exists($this > 1)", "true"),
        ("{}.empty()", "true"),
        ("(1|2).all($this > 0)", "true"),
        ("{}.all(false)", "true"),
        ("(true|false).allTrue()", "false"),
        ("(true|false).anyTrue()", "true"),
        ("(true|false).allFalse()", "false"),
        ("(true|false).anyFalse()", "true"),
        ("{}.allTrue()", "true"),
        ("{}.anyTrue()", "false"),
        ("(true|1).allTrue()", "error: allTrue cannot be applied to an Integer"),
        ("(1|2).subsetOf(1|2|3)", "true"),
        ("(1|2).supersetOf(3)", "false"),
        ("(1|2|2).count()", "2"),
        ("1.combine(1).isDistinct()", "false"),
        ("1.combine(1).combine(1.0).distinct()", "1"),
        ("{}.not()", "{}"),
        ("(1).not()", "false"),
    ]);
}

#[test]
fn subsets() {
    table(&[
        ("(1|2|3)[1]", "2"),
        ("(1|2|3)[3]", "{}"),
        ("(1|2|3)[-1]", "{}"),
        ("(1|2|3).first()", "1"),
        ("(1|2|3).last()", "3"),
        ("(1|2|3).tail()", "2, 3"),
        ("(1|2|3).skip(2)", "3"),
        ("(1|2|3).skip(-1)", "1, 2, 3"),
        ("(1|2|3).take(2)", "1, 2"),
        ("(1|2|3).take(0)", "{}"),
        ("{}.first()", "{}"),
        ("(1|2|3).take(2).select($this + 1)", "2, 3"),
        ("1.single()", "1"),
        (
            "(1|2).single()",
            "error: single() needs a single item, but there are 2; narrow the path, for example with first()",
        ),
    ]);
}

#[test]
fn sets() {
    table(&[
        ("(1|2).union(2|3)", "1, 2, 3"),
        ("(1|2).combine(2)", "1, 2, 2"),
        ("1.combine(2).combine(2).intersect(2|3)", "2"),
        ("1.combine(2).combine(2).exclude(1)", "2, 2"),
        ("(1 | 1.0 | '1')", "1, '1'"),
        ("1 in (2 | 1 | (3 | 4))", "true"),
        ("1.repeat(iif($this < 40, $this + 1, 1)).count()", "40"),
        ("1.repeat(iif($this < 40, $this + 1, 1)).combine(7.0).distinct().count()", "40"),
    ]);
}

#[test]
fn iteration() {
    table(&[
        ("(1|2|3).where($this > 1)", "2, 3"),
        ("(1|2|3).where({})", "{}"),
        ("(5|6).select($index)", "0, 1"),
        ("(1|2).select($this | 9)", "1, 9, 2, 9"),
        ("1.repeat(iif($this < 4, $this + 1, {}))", "2, 3, 4"),
        ("1.repeat(1)", "1"),
        ("(1|2|3).aggregate($this + $total, 0)", "6"),
        ("(1|2|3).aggregate(iif($total.empty(), $this, $total * $this))", "6"),
        ("iif(true, 1, 1/0)", "1"),
        ("iif(false, 1)", "{}"),
        ("{}.iif(empty(), 'none', 'some')", "'none'"),
        ("(3|1|2).sort()", "1, 2, 3"),
        ("(3|1|2).sort(-$this)", "3, 2, 1"),
        ("('b'|'a').sort($this desc)", "'b', 'a'"),
        ("(1|'a').sort()", "error: sort() cannot be applied to a String and an Integer"),
        ("(1|2).trace('seen')", "1, 2"),
    ]);
}
