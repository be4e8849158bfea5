//! Files: attachments, and the documents that the service makes from a record.

use ers_fhir_model::ers::{
    GeneratePatientLetter, RetrieveAdviceAndGuidanceOverview, RetrieveAttachment,
    RetrieveClinicalInformation, RetrieveStoredAttachment, UploadFile,
};
use ers_fhir_model::identifiers::Ubrn;

use super::{operations, to};
use crate::client::caller::Who;
use crate::client::calling::Client;
use crate::client::error::Error;
use crate::client::files::{Download, Upload, Uploaded};
use crate::client::may::May;

operations! {
    /// A006: an attachment of five megabytes at most.
    #[deprecated = "use `retrieve_attachment` (A042)"]
    retrieve_stored_attachment(id: &str) RetrieveStoredAttachment, file => Download,
        to::<RetrieveStoredAttachment>().path("attachmentLogicalID", id);

    /// A007: the clinical information of a referral, as a PDF.
    retrieve_clinical_information(ubrn: Ubrn) RetrieveClinicalInformation, file => Download,
        to::<RetrieveClinicalInformation>().path("ubrn", ubrn.to_string());

    /// A019: the document about a referral for the patient, as a PDF.
    generate_patient_letter(ubrn: Ubrn) GeneratePatientLetter, file => Download,
        to::<GeneratePatientLetter>().path("ubrn", ubrn.to_string());

    /// A020: uploads a file, to be attached to a request afterwards. Its name, type and size are checked first.
    upload_file(upload: Upload) UploadFile, location => Uploaded, upload.into_request(to::<UploadFile>());

    /// A043: an advice request and its conversation, as a PDF.
    retrieve_advice_overview(ubrn: Ubrn) RetrieveAdviceAndGuidanceOverview, file => Download,
        to::<RetrieveAdviceAndGuidanceOverview>().path("ubrn", ubrn.to_string());
}

impl<W: Who> Client<W> {
    /// A042: an attachment, fetched from where the service says that it is. No token and no header of the call goes
    /// there.
    ///
    /// # Errors
    ///
    /// If it is not sent, does not succeed, or the file cannot be fetched.
    pub async fn retrieve_attachment(&self, id: &str) -> Result<Download, Error>
    where
        W: May<RetrieveAttachment>,
    {
        let reply = self.send(to::<RetrieveAttachment>().path("id", id)).await?;
        self.file_of(reply).await
    }
}

#[cfg(feature = "blocking")]
impl<W: Who> crate::client::blocking::Client<W> {
    /// A042: an attachment, fetched from where the service says that it is. No token and no header of the call goes
    /// there.
    ///
    /// # Errors
    ///
    /// If it is not sent, does not succeed, or the file cannot be fetched.
    pub fn retrieve_attachment(&self, id: &str) -> Result<Download, Error>
    where
        W: May<RetrieveAttachment>,
    {
        self.wait(self.client().retrieve_attachment(id))
    }
}
