//! Scoreboards: for each case of a suite, what is expected and, where we differ, what we say and why.
//!
//! They are in `tests/scores`, a line for each case:
//!
//! ```text
//! case | expected
//! case | expected | ours | reason
//! ```
//!
//! A case that newly differs, newly agrees, differs in another way or is no longer in the suite fails the
//! test, which prints the lines to change. `ERS_FHIR_BLESS=1` writes the file and keeps the reasons that
//! it has; a difference without one still fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::workspace;

const SEPARATOR: &str = " | ";

/// One case of a suite.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name in the suite.
    pub name: String,
    /// What the suite expects.
    pub expected: String,
    /// What we say, in the same words.
    pub ours: String,
}

/// Compares the cases of a suite with its scoreboard.
///
/// # Panics
///
/// If a line of it is stale, or a difference has no reason.
pub fn hold(file: &str, cases: &[Case]) {
    let path = workspace("tests/scores").join(file);
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let board = Board::new(&kept, cases);
    if std::env::var_os("ERS_FHIR_BLESS").is_some() {
        fs::write(&path, &board.text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    } else {
        let stale = board.stale.concat();
        assert!(stale.is_empty(), "change tests/scores/{file} (ERS_FHIR_BLESS=1 writes it):\n{stale}");
    }
    let unexplained = board.unexplained.join("\n");
    assert!(unexplained.is_empty(), "tests/scores/{file}: the last column must say why:\n{unexplained}");
}

/// A new scoreboard, and how it differs from the stored one.
struct Board {
    text: String,
    /// Lines to remove and to add.
    stale: Vec<String>,
    /// Differences without a reason.
    unexplained: Vec<String>,
}

impl Board {
    fn new(kept: &str, cases: &[Case]) -> Self {
        let (head, lines): (Vec<&str>, Vec<&str>) = kept.lines().partition(|line| line.starts_with("# "));
        let mut kept: BTreeMap<&str, &str> = lines.into_iter().map(|line| (column(line, 0), line)).collect();
        let mut cases: Vec<&Case> = cases.iter().collect();
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        let names: BTreeSet<&str> = cases.iter().map(|case| &*case.name).collect();
        assert_eq!(names.len(), cases.len(), "two cases have one name");
        let mut board = Self { text: String::new(), stale: Vec::new(), unexplained: Vec::new() };
        for line in head {
            board.push(line);
        }
        for case in cases {
            let before = kept.remove(&*case.name);
            let line = if case.ours == case.expected {
                [&*case.name, &case.expected].join(SEPARATOR)
            } else {
                let reason = before.map_or("", |before| column(before, 3));
                [&*case.name, &case.expected, &case.ours, reason].join(SEPARATOR)
            };
            if line.ends_with(SEPARATOR) {
                board.unexplained.push(line.clone());
            }
            board.push(&line);
            if before != Some(&*line) {
                let before = before.map_or(String::new(), |before| format!("- {before}\n"));
                board.stale.push(format!("{before}+ {line}\n"));
            }
        }
        board.stale.extend(kept.values().map(|line| format!("- {line}\n")));
        board
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// A column of a line; empty where it has fewer.
fn column(line: &str, number: usize) -> &str {
    line.splitn(4, SEPARATOR).nth(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: &str = "# head\na | valid\nb | valid | invalid | the suite errs\nc | invalid\n";

    fn case(name: &str, expected: &str, ours: &str) -> Case {
        Case { name: name.to_owned(), expected: expected.to_owned(), ours: ours.to_owned() }
    }

    fn stale(cases: &[Case]) -> String {
        Board::new(KEPT, cases).stale.concat()
    }

    #[test]
    fn what_is_as_it_was_is_not_stale() {
        let cases =
            [case("c", "invalid", "invalid"), case("b", "valid", "invalid"), case("a", "valid", "valid")];
        let board = Board::new(KEPT, &cases);
        assert_eq!((board.stale.concat(), board.text), (String::new(), KEPT.to_owned()));
        assert_eq!(board.unexplained, [""; 0]);
    }

    #[test]
    fn a_change_in_either_direction_is_stale() {
        let [a, b, c] =
            [case("a", "valid", "valid"), case("b", "valid", "invalid"), case("c", "invalid", "invalid")];
        let agrees = case("b", "valid", "valid");
        assert_eq!(
            stale(&[a.clone(), agrees, c.clone()]),
            "- b | valid | invalid | the suite errs\n+ b | valid\n"
        );
        let differs = Board::new(KEPT, &[case("a", "valid", "invalid"), b.clone(), c]);
        assert_eq!(differs.stale.concat(), "- a | valid\n+ a | valid | invalid | \n");
        assert_eq!(differs.unexplained, ["a | valid | invalid | "]);
        let otherwise = case("b", "valid", "failed");
        assert!(
            stale(&[a.clone(), otherwise]).contains("+ b | valid | failed | the suite errs\n- c | invalid\n")
        );
        let new = case("d", "valid", "valid");
        assert_eq!(stale(&[a, b, case("c", "invalid", "invalid"), new]), "+ d | valid\n");
    }
}
