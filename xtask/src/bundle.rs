//! The modules of the page as one script, because a page that is opened from disk may load scripts but not modules.
//!
//! It knows only as much JavaScript as the page uses: imports and exports that start a line, fit on one line, and form
//! no cycles. Each module becomes a function that is called once and returns its exports, so that names do not clash.

use std::collections::BTreeSet;
use std::fmt::Write;

/// Why modules cannot be joined into one script.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A module cannot be read.
    #[error("{0}: {1}")]
    Read(String, std::io::Error),
    /// A line imports or exports in a way that the page does not use.
    #[error("{0}: this import or export is not understood: {1}")]
    Line(String, String),
    /// Modules import each other.
    #[error("{0} imports itself, by way of others")]
    Circle(String),
}

type Read<'a> = dyn Fn(&str) -> std::io::Result<String> + 'a;

/// Makes one script from a module and everything that it imports, each by its name in the folder.
///
/// # Errors
///
/// If a module cannot be read or understood.
pub fn bundle(entry: &str, read: &Read<'_>) -> Result<String, BundleError> {
    let mut bundle = Bundle { read, done: BTreeSet::new(), open: Vec::new(), text: String::new() };
    bundle.add(entry)?;
    Ok(format!("\"use strict\";\n(() => {{\n{}}})();\n", bundle.text))
}

struct Bundle<'a> {
    read: &'a Read<'a>,
    done: BTreeSet<String>,
    open: Vec<String>,
    text: String,
}

impl Bundle<'_> {
    /// Adds a module after those that it imports.
    fn add(&mut self, name: &str) -> Result<(), BundleError> {
        if self.open.iter().any(|open| open == name) {
            return Err(BundleError::Circle(name.to_owned()));
        }
        if !self.done.insert(name.to_owned()) {
            return Ok(());
        }
        self.open.push(name.to_owned());
        let source = (self.read)(name).map_err(|error| BundleError::Read(name.to_owned(), error))?;
        let mut lines = Vec::new();
        let mut exports = Vec::new();
        for line in source.lines() {
            let unknown = || BundleError::Line(name.to_owned(), line.to_owned());
            if line.starts_with("import") {
                let (names, from) = import(line).ok_or_else(unknown)?;
                self.add(from)?;
                lines.push(format!("const {names} = {};", variable(from)));
            } else if line.starts_with("export") {
                let (rest, exported) = export(line).ok_or_else(unknown)?;
                exports.push(exported);
                lines.push(rest.to_owned());
            } else {
                lines.push(line.to_owned());
            }
        }
        self.open.pop();
        let (variable, body) = (variable(name), lines.join("\n"));
        // Writing to a text cannot fail.
        let _ = writeln!(
            self.text,
            "const {variable} = (() => {{\n{body}\nreturn {{ {} }};\n}})();",
            exports.join(", ")
        );
        Ok(())
    }
}

/// `import * as editor from "./editor.js";` as the names and the file.
fn import(line: &str) -> Option<(&str, &str)> {
    let (names, from) = line.strip_prefix("import ")?.split_once(" from \"./")?;
    let names = names.strip_prefix("* as ").or_else(|| names.starts_with('{').then_some(names))?;
    Some((names, from.strip_suffix("\";")?))
}

/// `export function work() {` without its first word, and the name.
fn export(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("export ")?;
    // An exported variable would keep its first value, without later changes.
    let known = ["async function ", "function ", "class ", "const "];
    let declared = known.into_iter().find_map(|word| rest.strip_prefix(word))?;
    let end = declared.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')?;
    (end > 0).then(|| (rest, &declared[..end]))
}

fn variable(name: &str) -> String {
    format!("module_{}", name.trim_end_matches(".js"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(modules: &[(&str, &str)]) -> Result<String, String> {
        let read = |name: &str| {
            let found = modules.iter().find(|(known, _)| *known == name);
            found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
        };
        bundle("main.js", &read).map_err(|error| error.to_string())
    }

    #[test]
    fn modules_stand_behind_what_they_import_and_once() {
        let script = made(&[
            ("main.js", "import { one } from \"./a.js\";\nimport * as b from \"./b.js\";\none(b.TWO);"),
            ("a.js", "import * as b from \"./b.js\";\nexport function one(x) { return b.TWO + x; }"),
            ("b.js", "export const TWO = 2;\nexport class Three {}"),
        ]);
        let expected = "\"use strict\";\n(() => {\n\
            const module_b = (() => {\nconst TWO = 2;\nclass Three {}\nreturn { TWO, Three };\n})();\n\
            const module_a = (() => {\nconst b = module_b;\nfunction one(x) { return b.TWO + x; }\nreturn { one };\n})();\n\
            const module_main = (() => {\nconst { one } = module_a;\nconst b = module_b;\none(b.TWO);\nreturn {  };\n})();\n\
            })();\n";
        assert_eq!(script.as_deref(), Ok(expected));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (text, said) in [
            ("import \"./a.js\";", "not understood"),
            ("export let x = 1;", "not understood"),
            ("export default 1;", "not understood"),
            ("import * as a from \"./a.js\";", "a.js: "),
            ("import * as main from \"./main.js\";", "imports itself"),
        ] {
            let error = made(&[("main.js", text)]).expect_err(text);
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn the_page_is_understood() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../http/page");
        let script = bundle("main.js", &|name| std::fs::read_to_string(folder.join(name)));
        let script = script.unwrap_or_else(|error| panic!("{error}"));
        assert!(!script.contains("\nimport ") && !script.contains("\nexport "));
    }
}
