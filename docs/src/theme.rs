//! Templates, ours or your own, and the files that they make from a site.

use std::fs;
use std::path::Path;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use crate::error::Error;
use crate::markdown;
use crate::page::{Content, File, Link, Page, Site};
use crate::prose::{self, Origin};
use crate::search;

macro_rules! ours {
    ($($name:literal),* $(,)?) => {
        (
            [$((concat!($name, ".html"), include_str!(concat!("templates/", $name, ".html")))),*],
            [$((concat!($name, ".md"), include_str!(concat!("templates/markdown/", $name, ".md")))),*],
        )
    };
}

/// Names of templates, and their texts.
type Templates = [(&'static str, &'static str); 17];

/// The templates, by kind of page, for HTML and for Markdown; a layout is around all of them.
static TEMPLATES: (Templates, Templates) = ours![
    "area",
    "changes",
    "code-system",
    "comparison",
    "error-code",
    "home",
    "layout",
    "listing",
    "macros",
    "naming-system",
    "operation",
    "resource",
    "rule",
    "structure",
    "text",
    "unreadable",
    "value-set",
];

/// Files that are copied unchanged.
static ASSETS: [(&str, &str); 2] =
    [("style.css", include_str!("assets/style.css")), ("site.js", include_str!("assets/site.js"))];

/// How a site looks.
#[derive(Debug)]
pub struct Theme {
    templates: Environment<'static>,
    ours: &'static Templates,
    assets: Vec<File>,
    form: Form,
}

/// What pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Markdown,
}

impl Form {
    fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
        }
    }
}

impl Theme {
    /// Our theme for HTML.
    ///
    /// # Errors
    ///
    /// Never: our own templates are valid.
    pub fn new() -> Result<Self, Error> {
        let mut templates = Environment::new();
        templates.add_filter("markdown", |text: &str| {
            Value::from_safe_string(prose::html(text, Origin::Definition))
        });
        templates.add_filter("manual", |text: &str| Value::from_safe_string(prose::html(text, Origin::Page)));
        let asset = |(name, text): (&str, &str)| File { path: name.to_owned(), text: text.to_owned() };
        Self::of(templates, &TEMPLATES.0, ASSETS.into_iter().map(asset).collect(), Form::Html)
    }

    /// Our theme for Markdown: for site generators that read it, or for a repository.
    ///
    /// # Errors
    ///
    /// Never: our own templates are valid.
    pub fn markdown() -> Result<Self, Error> {
        let mut templates = Environment::new();
        markdown::prepare(&mut templates);
        Self::of(templates, &TEMPLATES.1, Vec::new(), Form::Markdown)
    }

    fn of(
        mut templates: Environment<'static>,
        ours: &'static Templates,
        assets: Vec<File>,
        form: Form,
    ) -> Result<Self, Error> {
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, text) in ours {
            templates.add_template(name, text)?;
        }
        Ok(Self { templates, ours, assets, form })
    }

    /// The same theme, with the templates and assets from a folder in place of those of the same names.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or is not a template.
    pub fn over(mut self, folder: &Path) -> Result<Self, Error> {
        fs::read_dir(folder).map_err(|error| Error::file(folder, error))?;
        let own = |name: &str| {
            let path = folder.join(name);
            path.is_file().then(|| fs::read_to_string(&path).map_err(|error| Error::file(path, error)))
        };
        for (name, _) in self.ours {
            if let Some(text) = own(name).transpose()? {
                self.templates.add_template_owned(*name, text)?;
            }
        }
        for asset in &mut self.assets {
            if let Some(text) = own(&asset.path).transpose()? {
                asset.text = text;
            }
        }
        Ok(self)
    }

    /// The files of a site, each made on demand, so that large sites need little memory.
    ///
    /// If a template fails, an error takes the place of its file.
    pub fn files<'a>(&'a self, site: &'a Site) -> impl Iterator<Item = Result<File, Error>> + 'a {
        let sections = sections(site);
        let is_html = self.form == Form::Html;
        let index = is_html.then(|| File { path: "search-index.js".to_owned(), text: search::index(site) });
        let map = search::map(site).filter(|_| is_html);
        let beside = self.assets.iter().chain(&site.files).cloned().chain(index).chain(map);
        let pages = site.pages.iter().map(move |page| self.page(site, &sections, page));
        beside.map(Ok).chain(pages)
    }

    fn page(&self, site: &Site, sections: &[Link], page: &Page) -> Result<File, Error> {
        let extension = self.form.extension();
        let frame = Frame {
            title: &site.title,
            generator: &site.generator,
            base_url: site.base_url.as_deref(),
            sections,
        };
        let template = self.templates.get_template(&format!("{}.{extension}", kind(&page.content)))?;
        let text = template.render(context! {
            site => Value::from(Serde(&frame)),
            page => Value::from(Serde(page)),
            root => "../".repeat(page.path.matches('/').count()),
            section => page.path.split('/').next(),
        })?;
        let text = match self.form {
            Form::Html => plain_slashes(&text),
            Form::Markdown => without_gaps(&text),
        };
        Ok(File { path: format!("{}.{extension}", page.path), text: text + "\n" })
    }
}

/// A page without escaped slashes, which need no escape in texts and quoted attributes. If a definition itself contains
/// such an escape, its `&` is escaped, so it stays as it is.
fn plain_slashes(page: &str) -> String {
    page.replace("&#x2f;", "/")
}

/// A page in which several empty lines become one, except in code blocks.
fn without_gaps(page: &str) -> String {
    let mut made = String::with_capacity(page.len());
    let mut fence: Option<&str> = None;
    let mut is_empty = true;
    for line in page.trim_end().lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            Some(open) if line == open => fence = None,
            None if ticks.len() > 2 => fence = Some(ticks),
            _ => {}
        }
        let line = if fence.is_none() { line.trim_end() } else { line };
        if line.is_empty() && is_empty && fence.is_none() {
            continue;
        }
        is_empty = line.is_empty();
        made.push_str(line);
        made.push('\n');
    }
    made.truncate(made.trim_end().len());
    made
}

/// The data of the site that every page shows.
#[derive(Debug, Serialize)]
struct Frame<'a> {
    title: &'a str,
    generator: &'a str,
    base_url: Option<&'a str>,
    sections: &'a [Link],
}

/// The pages that the header of every page links to.
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
        Content::Resource(_) => "resource",
        Content::Comparison(_) => "comparison",
        Content::Text(_) => "text",
        Content::Unreadable(_) => "unreadable",
    }
}
