//! The index of a site, as a script, since a page that is opened as a file may read no other file.

use crate::page::{Content, Page, Site};
use crate::theme::kind;

/// The index: a row for each page, of its file, title, kind and further words.
pub(crate) fn index(site: &Site) -> String {
    let rows: Vec<[String; 4]> = site.pages.iter().filter(|page| !page.crumbs.is_empty()).map(row).collect();
    // `<` could end the element of a page that has the script in it.
    let rows =
        serde_json::to_string(&rows).unwrap_or_default().replace('<', "\\u003c").replace("],[", "],\n[");
    format!("window.ersFhirIndex = {rows};\n")
}

fn row(page: &Page) -> [String; 4] {
    let mut words = page.keywords.clone();
    words.extend(within(&page.content));
    words.sort_unstable();
    words.dedup();
    let kind = match &page.content {
        Content::Structure(structure) if structure.type_name.text == "Extension" => "extension",
        content => kind(content),
    };
    [page.path.clone(), page.title.clone(), kind.replace('-', " "), words.join(" ")]
}

/// Words of a page that somebody may look for.
fn within(content: &Content) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    match content {
        Content::Operation(operation) => {
            words.extend(operation.routes.iter().map(|route| route.path.clone()));
            words.extend(operation.headers.iter().map(|header| header.name.clone()));
            words.extend(operation.parameters.iter().map(|parameter| parameter.name.clone()));
        }
        Content::Structure(structure) => {
            words.extend(structure.differential.iter().map(|element| element.name.clone()));
        }
        Content::CodeSystem(system) => {
            words.extend(system.codes.iter().take(200).map(|code| code.code.clone()));
        }
        Content::ValueSet(set) => words.extend(set.codes.iter().take(40).map(|code| code.code.clone())),
        _ => {}
    }
    words
}
