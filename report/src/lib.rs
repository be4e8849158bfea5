//! Findings in FHIR payloads as data, and the formats that write them out.
//!
//! A [`Report`] lists [`Diagnostic`]s: each names the [`Rule`] that is broken, the place, what was found
//! and how to put it right. A [`Message`] knows which of its parts come from the payload, so that they
//! can be masked. The formats are in [`render`], one file per format; nothing here prints.
//!
//! ```
//! use ers_fhir_report::Message;
//!
//! let message = Message::text("there is no code ").value("XX");
//! assert_eq!(message.revealed(), "there is no code 'XX'");
//! assert_eq!(message.masked(), "there is no code '***'");
//! ```

mod call_part;
mod change;
mod diagnostic;
pub mod edit;
mod gap;
pub mod mask;
mod message;
pub mod render;
mod rule;
mod severity;

pub use call_part::CallPart;
pub use change::Edit;
pub use diagnostic::{Diagnostic, Related, Relation, Report, Suppressed};
pub use gap::{Gap, Gaps};
pub use message::pattern::is_pattern;
pub use message::{Defined, Key, Message, Part, Value, def, key, value};
pub use rule::{Example, Issue, Payload, Rule};
pub use severity::Severity;
