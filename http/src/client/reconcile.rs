//! What became of a change whose answer did not come: the record is read before anything is sent again.

use ers_fhir_model::ers::stu3::{ErsAppointment, ErsCommunicationRequest, ErsReferralRequest};
use ers_fhir_model::ers::{RetrieveAdviceAndGuidanceRequest, RetrieveAppointment, RetrieveReferralRequest};
use ers_fhir_model::identifiers::Ubrn;

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

impl<W: Who> Client<W> {
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
