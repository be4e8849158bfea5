//! Texts that may be links.

use schemars::JsonSchema;
use serde::Serialize;

/// A text that may be a link.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Link {
    /// The text.
    pub text: String,
    /// The page that it links to, without `.html`.
    pub page: Option<String>,
    /// The anchor on that page.
    pub anchor: Option<String>,
    /// An address outside the site.
    pub url: Option<String>,
}

impl Link {
    /// Text without a link.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), page: None, anchor: None, url: None }
    }

    /// Text that links to a page.
    pub fn to(text: impl Into<String>, page: impl Into<String>) -> Self {
        Self { page: Some(page.into()), ..Self::plain(text) }
    }

    /// Text that links to an address outside the site.
    pub(crate) fn out(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::plain(text) }
    }
}

/// A page in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listed {
    /// The page.
    pub link: Link,
    /// What it is about.
    pub summary: String,
    /// The heading that it is grouped under; empty without one.
    pub group: String,
}
