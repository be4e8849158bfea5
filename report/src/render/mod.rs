//! Writes reports out, with one file per format.
//!
//! A format consists of text that opens the output, a piece for each payload, and text that closes
//! it. The pieces of payloads are made in parallel and written in order.

mod checked;
#[cfg(feature = "pipelines")]
mod chosen;
mod concise;
mod earlier;
mod exit;
mod figures;
#[cfg(feature = "pipelines")]
mod fingerprint;
mod format;
mod frame;
mod github;
#[cfg(feature = "pipelines")]
mod gitlab;
mod html;
mod json;
mod jsonl;
#[cfg(feature = "pipelines")]
mod junit;
mod markdown;
mod notes;
mod operation_outcome;
mod region;
#[cfg(feature = "pipelines")]
mod sarif;
mod shown;
mod source;
mod statistics;
mod summary;
mod text;
#[cfg(feature = "pipelines")]
mod uri;

pub use checked::{Before, Checked, Told};
#[cfg(feature = "pipelines")]
pub use chosen::{Format, Style};
pub use concise::Concise;
pub use earlier::Earlier;
pub use exit::printable;
pub use format::Render;
pub use github::GitHub;
#[cfg(feature = "pipelines")]
pub use gitlab::GitLab;
pub use html::Html;
pub use json::Json;
pub use jsonl::JsonLines;
#[cfg(feature = "pipelines")]
pub use junit::JUnit;
pub use markdown::Markdown;
pub use operation_outcome::OperationOutcome;
#[cfg(feature = "pipelines")]
pub use sarif::Sarif;
pub use statistics::Statistics;
pub use summary::{Often, Summary};
pub use text::Text;
