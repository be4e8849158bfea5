//! Finding out what became of a change that got no answer: the record is read before anything is sent again.

use std::cmp::Ordering;

use ers_fhir_model::ers::builders::Worklist;
use ers_fhir_model::ers::stu3::{
    ErsAppointment, ErsCommunicationRequest, ErsReferralRequest, FetchWorklistListEntry,
    FetchWorklistParameters,
};
use ers_fhir_model::ers::{
    RetrieveAdviceAndGuidanceRequest, RetrieveAppointment, RetrieveReferralRequest, RetrieveReferralWorklist,
};
use ers_fhir_model::identifiers::{NhsNumber, Ubrn};
use ers_fhir_model::primitives::DateTime;
use ers_fhir_model::stu3::Reference;

use super::caller::Who;
use super::calling::Client;
use super::error::Error;
use super::may::May;
use super::version::{Version, Versioned};

/// What became of a record since the version that a change started from.
#[derive(Debug, Clone, PartialEq)]
pub enum Since<T> {
    /// Nothing: the change did not happen, and may be sent again as it is.
    Unchanged(Versioned<T>),
    /// It has a later version: by the change that was sent, or by somebody else. Look whether it says what the change
    /// was to do; do not send it again.
    Changed(Versioned<T>),
}

impl<T> Since<T> {
    fn of(record: Versioned<T>, version: Version) -> Self {
        if record.version == version { Self::Unchanged(record) } else { Self::Changed(record) }
    }

    /// The record as it is now.
    pub fn record(&self) -> &Versioned<T> {
        match self {
            Self::Unchanged(record) | Self::Changed(record) => record,
        }
    }

    /// Whether the change may be sent again.
    pub fn may_be_repeated(&self) -> bool {
        matches!(self, Self::Unchanged(_))
    }
}

/// A referral that waits to be booked.
#[derive(Debug, Clone, PartialEq)]
pub struct Created {
    /// Its number.
    pub ubrn: Ubrn,
    /// When it was created, by the clock of the service.
    pub created: DateTime,
}

impl<W: Who> Client<W> {
    /// The referrals of a patient that wait to be booked or triaged, the latest first: after a creation (A011, A021) that
    /// was not answered, and of which no number is known. The first of them is it, if it was created since then; if none
    /// was, the creation did not happen, and may be sent again.
    ///
    /// There is no way for a requester to find out about an advice request (A044).
    ///
    /// # Errors
    ///
    /// If the worklist cannot be read.
    pub async fn reconcile_creation(&self, patient: &NhsNumber) -> Result<Vec<Created>, Error>
    where
        W: May<RetrieveReferralWorklist>,
    {
        let wanted = FetchWorklistParameters::of(Worklist::AwaitingBooking);
        let list = self.retrieve_referral_worklist(&wanted).await?;
        let mut found: Vec<Created> = list.entry.iter().filter_map(|entry| created(entry, patient)).collect();
        found.sort_by(|a, b| b.created.partial_cmp(&a.created).unwrap_or(Ordering::Equal));
        Ok(found)
    }

    /// What became of a referral since that version: after a change that was not answered.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub async fn reconcile_referral(
        &self,
        ubrn: Ubrn,
        version: Version,
    ) -> Result<Since<ErsReferralRequest>, Error>
    where
        W: May<RetrieveReferralRequest>,
    {
        Ok(Since::of(self.retrieve_referral_request(ubrn).await?, version))
    }

    /// What became of an advice request since that version.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub async fn reconcile_advice(
        &self,
        ubrn: Ubrn,
        version: Version,
    ) -> Result<Since<ErsCommunicationRequest>, Error>
    where
        W: May<RetrieveAdviceAndGuidanceRequest>,
    {
        Ok(Since::of(self.retrieve_advice_request(ubrn).await?, version))
    }

    /// What became of an appointment since that version.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub async fn reconcile_appointment(
        &self,
        id: &str,
        version: Version,
    ) -> Result<Since<ErsAppointment>, Error>
    where
        W: May<RetrieveAppointment>,
    {
        Ok(Since::of(self.retrieve_appointment(id).await?, version))
    }
}

/// The referral of a row, if it is of that patient.
fn created(entry: &FetchWorklistListEntry, patient: &NhsNumber) -> Option<Created> {
    let row = entry.awaiting_booking.as_ref()?;
    let is_theirs = row.patient.identifier.value == patient.as_str();
    let ubrn = Ubrn::try_from(&Reference::from(entry.item.reference.as_str())).ok()?;
    is_theirs.then(|| Created { ubrn, created: row.referral_created.clone() })
}
