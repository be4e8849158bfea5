//! The index of a site, as a script, since a page that is opened as a file may read no other file.

use ers_fhir_values::markup::Escaped;

use crate::page::{Content, File, Page, Site};
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
    words.retain(|word| *word != page.title);
    let kind = match &page.content {
        Content::Structure(structure) if structure.type_name.text == "Extension" => "extension".to_owned(),
        Content::Structure(structure) if structure.is_profile => {
            format!("profile of {}", structure.type_name.text)
        }
        Content::Structure(_) => "type".to_owned(),
        content => kind(content).replace('-', " "),
    };
    [page.path.clone(), page.title.clone(), kind, words.join(" ")]
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
        Content::Text(text) => words.extend(headings(&text.markdown).map(str::to_owned)),
        _ => {}
    }
    words
}

/// The headings of a text.
fn headings(markdown: &str) -> impl Iterator<Item = &str> {
    markdown.lines().filter_map(|line| line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")))
}

/// A map of a site for search engines, where it is known where the site will be read.
pub(crate) fn map(site: &Site) -> Option<File> {
    let base = site.base_url.as_deref()?;
    let line =
        |page: &Page| format!("<url><loc>{}/{}.html</loc></url>\n", Escaped(base), Escaped(&page.path));
    let lines: String = site.pages.iter().map(line).collect();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{lines}</urlset>\n"
    );
    Some(File { path: "sitemap.xml".to_owned(), text })
}
