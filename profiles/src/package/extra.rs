//! Other content of packages than the definitions that are looked up: examples, and definitions of other
//! kinds.

use std::path::Path;

use super::folder::{MAX_DEPTH, list, read_file};
use super::{Kind, archive, head};
use crate::error::Error;

/// A JSON resource of a package that nothing looks up by its canonical.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// The file, as the package names it.
    pub file: String,
    /// Whether it is in a folder for examples.
    pub is_example: bool,
    /// The resource.
    pub json: Vec<u8>,
}

/// Folders of a package that hold examples.
const EXAMPLES: [&str; 2] = ["example/", "examples/"];

/// The JSON resources of a package, by file, that are not a StructureDefinition, ValueSet, CodeSystem or
/// NamingSystem. A single file has none.
///
/// # Errors
///
/// The folder or archive cannot be read.
pub fn extras(path: &Path) -> Result<Vec<Extra>, Error> {
    let mut found = Vec::new();
    let mut take = |file: &str, json: &[u8]| {
        if is_resource(json) {
            let is_example = EXAMPLES.iter().any(|folder| file.starts_with(folder));
            found.push(Extra { file: file.to_owned(), is_example, json: json.to_vec() });
        }
    };
    if path.is_dir() {
        let inner = path.join("package");
        let root = if inner.is_dir() { &inner } else { path };
        let mut files = Vec::new();
        list(root, MAX_DEPTH, &mut files)?;
        for file in files {
            let Ok(below) = file.strip_prefix(root) else { continue };
            let name = below.to_string_lossy().replace('\\', "/");
            // Files that cannot be read were reported when the package was opened.
            if has_json_of_interest(&name)
                && let Ok(json) = read_file(&file)
            {
                take(&name, &json);
            }
        }
    } else {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let lower = name.to_ascii_lowercase();
        if [".tgz", ".tar.gz"].iter().any(|extension| lower.ends_with(extension)) {
            let file = std::fs::File::open(path).map_err(|e| Error::io(path, e))?;
            archive::visit(&name, file, wanted, &mut take)?;
        }
    }
    found.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(found)
}

/// The name of a file in an archive, below its top folder, if it may be a resource.
fn wanted(path: &str) -> Option<&str> {
    let path = path.strip_prefix("./").unwrap_or(path);
    let (_, file) = path.split_once('/')?;
    has_json_of_interest(file).then_some(file)
}

fn has_json_of_interest(file: &str) -> bool {
    let is_there = match file.split_once('/') {
        None => true,
        Some((_, rest)) => EXAMPLES.iter().any(|folder| file.starts_with(folder)) && !rest.contains('/'),
    };
    is_there && file.strip_suffix(".json").is_some_and(|name| name != "package" && !name.starts_with('.'))
}

fn is_resource(json: &[u8]) -> bool {
    let json = crate::datum::without_byte_order_mark(json);
    let of = match head::leading_type(json) {
        Some(of) => of.to_owned(),
        None => match serde_json::from_slice::<serde_json::Value>(json) {
            Ok(value) => value["resourceType"].as_str().unwrap_or_default().to_owned(),
            Err(_) => return false,
        },
    };
    let listed = [Kind::Structure, Kind::ValueSet, Kind::CodeSystem, Kind::NamingSystem];
    !of.is_empty() && !listed.iter().any(|kind| kind.resource_type() == of)
}
