//! The effect of edits, as a unified diff.

use std::fmt::Write;
use std::ops::Range;

/// Lines that are shown around a change.
const AROUND: usize = 3;
/// How far to look for a line that occurs in both texts.
const AHEAD: usize = 400;

/// The difference of two texts as a unified diff; empty where there is none.
///
/// `show` renders a line: it gets the number of the line, from 0, and whether the line belongs to the new text.
pub fn diff(name: &str, old: &str, new: &str, show: impl Fn(usize, bool) -> String) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let changes = changes(&old, &new);
    let mut text = String::new();
    let mut at = 0;
    while at < changes.len() {
        let first = at;
        // Changes with few lines between them are shown together.
        while at + 1 < changes.len() && changes[at + 1].0.start - changes[at].0.end <= 2 * AROUND {
            at += 1;
        }
        at += 1;
        if text.is_empty() {
            let _ = write!(text, "--- {name}\n+++ {name}\n");
        }
        hunk(&mut text, &changes[first..at], (&old, &new), &show);
    }
    text
}

/// A change: the lines of the old text, and those of the new one in their place.
type Change = (Range<usize>, Range<usize>);

fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let mut changes = Vec::new();
    let (mut a, mut b) = (0, 0);
    while a < old.len() || b < new.len() {
        if a < old.len() && b < new.len() && old[a] == new[b] {
            (a, b) = (a + 1, b + 1);
            continue;
        }
        let (to_a, to_b) = meeting(&old[a..], &new[b..]);
        changes.push((a..a + to_a, b..b + to_b));
        (a, b) = (a + to_a, b + to_b);
    }
    changes
}

/// How many lines of each text to skip until both continue alike.
fn meeting(old: &[&str], new: &[&str]) -> (usize, usize) {
    for distance in 1..=AHEAD {
        for of_old in 0..=distance {
            let of_new = distance - of_old;
            let is_end = of_old == old.len() && of_new == new.len();
            if is_end || old.get(of_old).is_some_and(|line| new.get(of_new) == Some(line)) {
                return (of_old, of_new);
            }
        }
    }
    (old.len(), new.len())
}

fn hunk(
    text: &mut String,
    changes: &[Change],
    (old, new): (&[&str], &[&str]),
    show: &impl Fn(usize, bool) -> String,
) {
    let [(first, first_new), ..] = changes else { return };
    let Some((last, last_new)) = changes.last() else { return };
    let before = AROUND.min(first.start);
    let after = AROUND.min(old.len() - last.end);
    let (from, to) = (first.start - before, last.end + after);
    let (from_new, to_new) = (first_new.start - before, last_new.end + after);
    let _ = writeln!(text, "@@ -{} +{} @@", range(from, to), range(from_new, to_new));
    let mut line = |sign: char, at: usize, is_new: bool| {
        let whole = if is_new { new[at] } else { old[at] };
        let shown = show(at, is_new);
        let _ = writeln!(text, "{sign}{shown}");
        if !whole.ends_with('\n') {
            text.push_str("\\ No newline at end of file\n");
        }
    };
    let mut at = from;
    for (gone, put) in changes {
        (at..gone.start).for_each(|at| line(' ', at, false));
        gone.clone().for_each(|at| line('-', at, false));
        put.clone().for_each(|at| line('+', at, true));
        at = gone.end;
    }
    (at..to).for_each(|at| line(' ', at, false));
}

/// `12,3`: the first line and how many there are.
fn range(from: usize, to: usize) -> String {
    let first = if from == to { from } else { from + 1 };
    format!("{first},{}", to - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(old: &str, new: &str) -> String {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (of_old, of_new) = (lines(old), lines(new));
        diff("a", old, new, |at, is_new| if is_new { of_new[at].clone() } else { of_old[at].clone() })
    }

    #[test]
    fn changes_stand_between_lines_that_stay() {
        let old = "1\n2\n3\n4\n5\n6\n";
        let new = "1\n2\n3\nfour\n5\n6\n";
        let expected = "--- a\n+++ a\n@@ -1,6 +1,6 @@\n 1\n 2\n 3\n-4\n+four\n 5\n 6\n";
        assert_eq!(plain(old, new), expected);
        assert_eq!(plain(old, old), "");
    }

    #[test]
    fn lines_come_and_go_also_at_the_end() {
        let shown = plain("1\n2\n3", "1\n3");
        assert_eq!(shown, "--- a\n+++ a\n@@ -1,3 +1,2 @@\n 1\n-2\n 3\n\\ No newline at end of file\n");
        assert!(plain("", "1\n").ends_with("@@ -0,0 +1,1 @@\n+1\n"));
    }

    #[test]
    fn far_changes_stand_apart() {
        let old = (0..40).map(|number| number.to_string() + "\n").collect::<Vec<_>>().concat();
        let new = old.replacen("\n5\n", "\nfive\n", 1).replacen("\n35\n", "\n", 1);
        let shown = plain(&old, &new);
        assert!(shown.contains("@@ -3,7 +3,7 @@") && shown.contains("@@ -33,7 +33,6 @@"), "{shown}");
    }
}
