//! Queries of operations, as types.

use ers_fhir_model::identifiers::{OdsCode, SdsUserId, ServiceId, Ubrn};

use super::request::Request;
use super::version::Version;

/// A list of reference data (A004).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceData {
    /// Specialties.
    Specialty,
    /// Types of clinic, by specialty.
    ClinicType,
    /// Why appointments are cancelled.
    AppointmentCancellationReason,
    /// Why referrals are cancelled.
    ReferralCancellationReason,
    /// Why patients did not attend.
    AppointmentNonAttendanceReason,
    /// Priorities.
    Priority,
}

impl ReferenceData {
    /// As the path writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Specialty => "SPECIALTY",
            Self::ClinicType => "CLINIC-TYPE",
            Self::AppointmentCancellationReason => "APPOINTMENT-CANCELLATION-REASON",
            Self::ReferralCancellationReason => "REFERRAL-CANCELLATION-REASON",
            Self::AppointmentNonAttendanceReason => "APPOINTMENT-NON-ATTENDANCE-REASON",
            Self::Priority => "PRIORITY",
        }
    }
}

/// A search for slots (A015).
///
/// ```
/// use ers_fhir_http::client::{AppointmentType, SlotSearch};
///
/// # fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let search = SlotSearch::new("11000".parse()?, AppointmentType::Routine, "R69".parse()?).on_page(20);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotSearch {
    service: ServiceId,
    appointment_type: AppointmentType,
    commissioner: OdsCode,
    clinician: Option<SdsUserId>,
    with_schedules: bool,
    count: u8,
    page: u32,
}

/// How urgent an appointment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AppointmentType {
    /// Routine.
    Routine,
    /// Urgent.
    Urgent,
    /// Within two weeks.
    TwoWeekWait,
}

impl AppointmentType {
    const fn code(self) -> &'static str {
        match self {
            Self::Routine => "ROUTINE",
            Self::Urgent => "URGENT",
            Self::TwoWeekWait => "TWO_WEEK_WAIT",
        }
    }
}

impl SlotSearch {
    /// Free slots of a service, under the commissioning rules of the organisation that the referral names
    /// (Extension-eRS-Commissioning-Rule-Org-1).
    pub fn new(service: ServiceId, appointment_type: AppointmentType, commissioner: OdsCode) -> Self {
        let (clinician, with_schedules, count, page) = (None, false, 100, 1);
        Self { service, appointment_type, commissioner, clinician, with_schedules, count, page }
    }

    /// Only slots of a clinician whom the service names.
    #[must_use]
    pub fn of_clinician(mut self, clinician: SdsUserId) -> Self {
        self.clinician = Some(clinician);
        self
    }

    /// Includes the schedules of the slots, which say whose slots they are.
    #[must_use]
    pub fn with_schedules(mut self) -> Self {
        self.with_schedules = true;
        self
    }

    /// Sets the number of slots on a page: 1 to 100.
    #[must_use]
    pub fn on_page(mut self, count: u8) -> Self {
        self.count = count;
        self
    }

    /// Starts at this page; the first is 1.
    #[must_use]
    pub fn from_page(mut self, page: u32) -> Self {
        self.page = page;
        self
    }

    pub(super) fn page(&self) -> u32 {
        self.page
    }

    pub(super) fn into_request(self, request: Request) -> Request {
        let mut request = request
            .query("schedule.actor:HealthcareService", self.service.to_string())
            .query("appointmentType", self.appointment_type.code())
            .query("status", "free")
            .query("_count", self.count.to_string())
            .query("page", self.page.to_string());
        if let Some(clinician) = self.clinician {
            request = request.query("schedule.actor:Practitioner", clinician.to_string());
        }
        if self.with_schedules {
            request = request.query("_include", "Slot:schedule");
        }
        request.header(
            ers_fhir_ers::service::Header::COMMISSIONING_RULE_ORGANISATION.name,
            self.commissioner.to_string(),
        )
    }
}

/// A request for a conversation (A025).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    ubrn: Ubrn,
    version: Version,
    includes: Vec<&'static str>,
}

impl Conversation {
    /// The conversation of an advice request, in its latest version.
    pub fn of(ubrn: Ubrn, version: Version) -> Self {
        Self { ubrn, version, includes: Vec::new() }
    }

    /// Includes who asked.
    #[must_use]
    pub fn with_requesters(self) -> Self {
        self.with("Communication:requester-practitionerrole:PractitionerRole")
    }

    /// Includes who wrote.
    #[must_use]
    pub fn with_senders(self) -> Self {
        // This is how the service spells it.
        self.with("Communication:sender-practitionerrole:PractionerRole")
    }

    /// Includes the files that messages name.
    #[must_use]
    pub fn with_files(self) -> Self {
        self.with("Communication:content-reference:DocumentReference")
    }

    fn with(mut self, include: &'static str) -> Self {
        self.includes.push(include);
        self
    }

    pub(super) fn into_request(self, request: Request) -> Request {
        let request = request.query("based-on", format!("{}/_history/{}", self.ubrn.advice(), self.version));
        self.includes.into_iter().fold(request, |request, include| request.query("_include", include))
    }
}
