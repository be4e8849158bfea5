//! Templates, ours or those of a team, and the files that they make of a site.

use std::fs;
use std::path::Path;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use crate::error::Error;
use crate::page::{Content, Link, Page, Site};
use crate::search;

/// A file of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it is, below the folder of the site.
    pub path: String,
    /// What it holds.
    pub text: String,
}

macro_rules! ours {
    ($($name:literal),* $(,)?) => { [$(($name, include_str!(concat!("templates/", $name)))),*] };
}

/// The templates, by kind of page; `layout.html` is around all of them.
static TEMPLATES: [(&str, &str); 14] = ours![
    "area.html",
    "changes.html",
    "code-system.html",
    "error-code.html",
    "home.html",
    "layout.html",
    "listing.html",
    "macros.html",
    "naming-system.html",
    "operation.html",
    "rule.html",
    "structure.html",
    "unreadable.html",
    "value-set.html",
];

/// What is copied as it stands.
static ASSETS: [(&str, &str); 2] =
    [("style.css", include_str!("assets/style.css")), ("site.js", include_str!("assets/site.js"))];

/// How a site looks.
#[derive(Debug)]
pub struct Theme {
    templates: Environment<'static>,
    assets: Vec<File>,
}

impl Theme {
    /// Ours.
    ///
    /// # Errors
    ///
    /// None of ours is faulty.
    pub fn new() -> Result<Self, Error> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, text) in TEMPLATES {
            templates.add_template(name, text)?;
        }
        let asset = |(name, text): (&str, &str)| File { path: name.to_owned(), text: text.to_owned() };
        Ok(Self { templates, assets: ASSETS.into_iter().map(asset).collect() })
    }

    /// Ours, but for the templates and assets that a folder has under the same names.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or is no template.
    pub fn over(folder: &Path) -> Result<Self, Error> {
        let mut theme = Self::new()?;
        fs::read_dir(folder).map_err(|error| Error::file(folder, error))?;
        let own = |name: &str| {
            let path = folder.join(name);
            path.is_file().then(|| fs::read_to_string(&path).map_err(|error| Error::file(path, error)))
        };
        for (name, _) in TEMPLATES {
            if let Some(text) = own(name).transpose()? {
                theme.templates.add_template_owned(name, text)?;
            }
        }
        for asset in &mut theme.assets {
            if let Some(text) = own(&asset.path).transpose()? {
                asset.text = text;
            }
        }
        Ok(theme)
    }

    /// The files of a site.
    ///
    /// # Errors
    ///
    /// A template cannot make a page.
    pub fn files(&self, site: &Site) -> Result<Vec<File>, Error> {
        let sections = sections(site);
        let frame = Frame { title: &site.title, generator: &site.generator, sections: &sections };
        let mut files = self.assets.clone();
        files.push(File { path: "search-index.js".to_owned(), text: search::index(site) });
        for page in &site.pages {
            let root = "../".repeat(page.path.matches('/').count());
            let template = self.templates.get_template(&format!("{}.html", kind(&page.content)))?;
            let section = page.path.split('/').next();
            let text = template.render(context! {
                site => Value::from(Serde(&frame)),
                page => Value::from(Serde(page)),
                root,
                section,
            })?;
            files.push(File { path: format!("{}.html", page.path), text: plain_slashes(&text) + "\n" });
        }
        Ok(files)
    }
}

/// A page without the escapes of slashes, which need none in texts and quoted attributes. What a definition writes
/// like such an escape has its `&` escaped, and stays as it is.
fn plain_slashes(page: &str) -> String {
    page.replace("&#x2f;", "/")
}

/// What every page has of its site.
#[derive(Debug, Serialize)]
struct Frame<'a> {
    title: &'a str,
    generator: &'a str,
    sections: &'a [Link],
}

/// The pages that the head of every page leads to.
fn sections(site: &Site) -> Vec<Link> {
    let is_section = |page: &&Page| page.crumbs.len() == 1;
    site.pages.iter().filter(is_section).map(|page| Link::to(&page.title, &page.path)).collect()
}

/// The template of a page.
pub(crate) fn kind(content: &Content) -> &'static str {
    match content {
        Content::Home(_) => "home",
        Content::Listing(_) => "listing",
        Content::Area(_) => "area",
        Content::Operation(_) => "operation",
        Content::Structure(_) => "structure",
        Content::ValueSet(_) => "value-set",
        Content::CodeSystem(_) => "code-system",
        Content::NamingSystem(_) => "naming-system",
        Content::Rule(_) => "rule",
        Content::ErrorCode(_) => "error-code",
        Content::Changes { .. } => "changes",
        Content::Unreadable(_) => "unreadable",
    }
}
