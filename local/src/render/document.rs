//! Attached files.

use serde_json::{Value, json};

use super::pen::Pen;
use super::piece::{ODS, USER, coding, concept, extension, named, profiled};
use crate::state::File;

impl Pen<'_> {
    /// The files of these UUIDs that are attached to something.
    pub(super) fn files(&self, ids: &[String]) -> Vec<&File> {
        let files = ids.iter().filter_map(|id| self.state.files.get(id));
        files.filter(|file| file.link.is_some()).collect()
    }

    /// A file as a document of that id.
    pub(super) fn document(&self, file: &File, id: &str) -> Value {
        let mut extensions = vec![
            extension(
                "eRS-AvailabilityStatus",
                "valueCoding",
                coding("eRS-AvailabilityStatus-1", file.availability(self.now).code(), ""),
            ),
            extension("eRS-AttachedBy", "valueReference", named(USER, &file.uploader)),
            extension("eRS-AttachedByOrganisation", "valueReference", named(ODS, &file.organisation)),
        ];
        if let Some(clinician) = &file.on_behalf_of {
            extensions.push(extension("eRS-AttachedOnBehalfOf", "valueReference", named(USER, clinician)));
        }
        let mut made = json!({
            "resourceType": "DocumentReference",
            "id": id,
            "meta": profiled("eRS-DocumentReference-1"),
            "status": "current",
            "content": [{ "attachment": {
                "id": file.number,
                "extension": extensions,
                "contentType": file.media_type,
                "url": format!("Binary/{}", file.id),
                "size": file.size,
                "title": file.name,
                "creation": file.uploaded.day(),
            } }],
        });
        if let Some(link) = &file.link {
            made["type"] = concept(coding("eRS-AttachmentType-1", link.kind.code(), link.kind.display()));
            made["indexed"] = Value::from(link.indexed.to_string());
            if let Some(description) = &link.description {
                made["description"] = Value::from(description.as_str());
            }
        }
        made
    }
}
