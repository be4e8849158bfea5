//! Texts that may lead somewhere.

use schemars::JsonSchema;
use serde::Serialize;

/// A text that may lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Link {
    /// The text.
    pub text: String,
    /// The page it leads to, without `.html`.
    pub page: Option<String>,
    /// The place on that page.
    pub anchor: Option<String>,
    /// An address outside the site.
    pub url: Option<String>,
}

impl Link {
    /// Text that leads nowhere.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), page: None, anchor: None, url: None }
    }

    /// Text that leads to a page.
    pub fn to(text: impl Into<String>, page: impl Into<String>) -> Self {
        Self { page: Some(page.into()), ..Self::plain(text) }
    }

    /// Text that leads out of the site.
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
    /// What it is grouped under; empty where it is not.
    pub group: String,
}
