//! The record that a request changes, as last read.

use ers_fhir_tree::{Document, Node};

use crate::call::Context;
use crate::check::request;
use crate::service::Header;

/// What is known about the record that a request changes.
pub(crate) struct Current<'c> {
    pub(super) record: Node<'c>,
    pub(super) id: Option<&'c str>,
    pub(super) version: Option<&'c str>,
}

/// A file that is attached to a record.
pub(super) struct Attached<'c> {
    pub(super) url: &'c str,
    pub(super) kind: Option<&'c str>,
    pub(super) description: Option<&'c str>,
}

impl<'c> Current<'c> {
    /// The record of that type in a payload: by itself, as a part of Parameters, or an entry of a Bundle.
    pub(super) fn of(root: Node<'c>, resource_type: &str) -> Option<Self> {
        let is = |node: &Node<'c>| node.resource_type() == Some(resource_type);
        let parts = root.named("parameter").chain(root.named("entry"));
        let record =
            Some(root).filter(is).or_else(|| parts.filter_map(|part| part.child("resource")).find(is))?;
        Some(Self {
            record,
            id: record.child_value("id"),
            version: record.child("meta").and_then(|meta| meta.child_value("versionId")),
        })
    }

    fn extension(&self, name: &'static str) -> Option<Node<'c>> {
        request::extensions(self.record, name).next()
    }

    /// The state of a referral.
    pub(crate) fn state(&self) -> Option<&'c str> {
        request::state(self.record)?.value()
    }

    /// The priority of a referral or an advice request.
    pub(crate) fn priority(&self) -> Option<&'c str> {
        let held = self.extension("/Extension-eRS-ReferralPriority-1")?;
        held.child("valueCodeableConcept")?.child("coding")?.child_value("code")
    }

    /// Whether the provider of an advice request may convert it into a referral.
    pub(super) fn conversion(&self) -> Option<&'c str> {
        let held = self.extension("/Extension-eRS-ProviderConversionAuthorisation-1")?;
        held.child("valueCoding")?.child_value("code")
    }

    /// The additional requirements of the patient of a referral.
    pub(super) fn needs(&self) -> Vec<&'c str> {
        let held = request::extensions(self.record, "/Extension-eRS-PatientAdditionalRequirement-1");
        held.filter_map(|extension| extension.child("valueCoding")?.child_value("code")).collect()
    }

    fn contained(&self, kind: &'static str) -> impl Iterator<Item = Node<'c>> {
        self.record.named("contained").filter(move |inner| inner.resource_type() == Some(kind))
    }

    /// Whether a referral has an appointment that is booked.
    pub(crate) fn is_booked(&self) -> bool {
        self.contained("Appointment").any(|appointment| appointment.child_value("status") == Some("booked"))
    }

    /// Whether the appointment of a referral is booked by its slot; `None` where it has none, or no times either.
    pub(super) fn is_direct(&self) -> Option<bool> {
        let mut booked =
            self.contained("Appointment").filter(|inner| inner.child_value("status") == Some("booked"));
        let appointment = booked.next()?;
        let has_slot = appointment.child("slot").and_then(|slot| slot.child_value("reference")).is_some();
        (has_slot || appointment.child("start").is_some()).then_some(has_slot)
    }

    /// The files that are attached.
    pub(super) fn files(&self) -> Vec<Attached<'c>> {
        self.contained("DocumentReference").filter_map(attached).collect()
    }
}

/// The file that a document names.
pub(super) fn attached(document: Node<'_>) -> Option<Attached<'_>> {
    let coding = document.child("type").and_then(|kind| kind.child("coding"));
    Some(Attached {
        url: document.child("content")?.child("attachment")?.child_value("url")?,
        kind: coding.and_then(|coding| coding.child_value("code")),
        description: document.child_value("description"),
    })
}

/// The type of record that an operation changes; `None` if it changes no existing one.
pub(super) fn changed(context: &Context) -> Option<&'static str> {
    match context.endpoint.id {
        "A016" => Some("ReferralRequest"),
        "A027" => Some("CommunicationRequest"),
        "A034" => Some("Appointment"),
        _ => {
            let has_version = context.endpoint.more_headers.contains(&Header::IF_MATCH);
            has_version.then(|| context.endpoint.resource_type())
        }
    }
}

/// What is known about the current record; `None` if it is not available or cannot be used.
pub(crate) fn with<T>(context: &Context, look: impl FnOnce(&Current<'_>) -> T) -> Option<T> {
    let document = Document::parse(context.current.as_deref()?).ok()?;
    let current = Current::of(document.root(), changed(context)?)?;
    Some(look(&current))
}
