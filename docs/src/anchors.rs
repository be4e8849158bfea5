//! Names of files and of anchors on a page: safe, and the same each time.

use std::collections::HashMap;

/// Maximum length of a file name, without its extension.
const LONGEST: usize = 100;

/// Hands out names that are unique regardless of case.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<String, usize>);

impl Names {
    /// The name itself if it is free, otherwise with a number.
    pub(crate) fn give(&mut self, folder: &str, name: &str) -> String {
        let mut name = format!("{folder}{name}");
        loop {
            let given = self.0.entry(name.to_lowercase()).or_insert(0);
            *given += 1;
            if *given == 1 {
                return name;
            }
            name = format!("{name}-{given}");
        }
    }
}

/// A text as the name of a file: no folders, no hidden files, no names that a system reserves.
pub(crate) fn file_name(text: &str) -> String {
    const KEPT: [&str; 4] = ["con", "prn", "aux", "nul"];
    let safe =
        |letter: char| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '-' };
    let name: String = text.chars().map(safe).take(LONGEST).collect();
    let name = name.trim_matches(['.', '-']);
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    let is_port =
        matches!(stem.strip_prefix("com").or(stem.strip_prefix("lpt")), Some(rest) if rest.len() == 1);
    if name.is_empty() {
        "unnamed".to_owned()
    } else if is_port || KEPT.contains(&stem.as_str()) || stem == "index" {
        format!("x-{name}")
    } else {
        name.to_owned()
    }
}

/// A text as an anchor on a page.
pub(crate) fn anchor(text: &str) -> String {
    let text = text.replace("[x]", "");
    text.chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Names, file_name};

    #[test]
    fn no_name_leads_out_of_its_folder() {
        assert_eq!(file_name("../../x"), "x");
        assert_eq!(file_name("/etc/passwd"), "etc-passwd");
        assert_eq!(file_name(".."), "unnamed");
        assert_eq!(file_name("CON.json"), "x-CON.json");
        assert_eq!(file_name("com1"), "x-com1");
        assert_eq!(file_name("index"), "x-index");
        assert_eq!(file_name("<b>é\0</b>"), "b-----b");
        assert_eq!(file_name(&"a".repeat(1000)).len(), 100);
    }

    #[test]
    fn names_that_differ_by_case_are_told_apart() {
        let mut names = Names::default();
        assert_eq!(names.give("p/", "Patient"), "p/Patient");
        assert_eq!(names.give("p/", "patient"), "p/patient-2");
        assert_eq!(names.give("p/", "Patient"), "p/Patient-3");
        assert_eq!(names.give("q/", "Patient"), "q/Patient");
    }
}
