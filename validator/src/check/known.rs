//! Which canonical URLs are known, and may be shown.

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::package::Kind;
use ers_fhir_report::{Message, def, text};
use ers_fhir_values::form::is_well_known;

/// A canonical URL, quoted. A known one reveals nothing about a person; any other may hold whatever a payload
/// puts there.
#[cold]
pub(crate) fn canonical(definitions: &Definitions, url: &str) -> Message {
    let is_known = is_well_known(url) || KINDS.iter().any(|kind| definitions.find(*kind, url).is_some());
    if is_known { text!("'{}'", def(url)) } else { Message::default().value(url) }
}

/// The kinds of definitions that payloads name most often.
const KINDS: [Kind; 3] = [Kind::Structure, Kind::CodeSystem, Kind::ValueSet];
