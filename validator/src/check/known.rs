//! Which canonical URLs are known, and may be shown.

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::package::Kind;
use ers_fhir_report::{Message, def, text};
use ers_fhir_values::form::is_well_known;

/// A canonical URL, quoted. One that is known says nothing about anybody; any other may hold whatever a
/// payload puts there.
#[cold]
pub(crate) fn canonical(definitions: &Definitions, url: &str) -> Message {
    let is_known = is_well_known(url) || KINDS.iter().any(|kind| definitions.find(*kind, url).is_some());
    if is_known { text!("'{}'", def(url)) } else { Message::default().value(url) }
}

/// The kinds of definitions that payloads name most.
const KINDS: [Kind; 3] = [Kind::Structure, Kind::CodeSystem, Kind::ValueSet];
