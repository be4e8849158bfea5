//! Services and reference data.

use ers_fhir_model::ers::r4::{ErsHealthcareService, HealthcareServiceBundle, ServiceRequestBundle};
use ers_fhir_model::ers::{
    RetrieveHealthcareService, RetrieveHealthcareServiceVersion, RetrieveReferenceData,
    SearchForHealthcareServices, SearchForServiceRequests,
};
use ers_fhir_model::identifiers::{ServiceId, Ubrn};
use ers_fhir_model::stu3::CodeSystem;

use super::{operations, to};
use crate::client::queries::ReferenceData;
use crate::client::version::{Version, Versioned};

operations! {
    /// A004: a list of reference data.
    retrieve_reference_data(list: ReferenceData) RetrieveReferenceData, resource => CodeSystem,
        to::<RetrieveReferenceData>().path("codeSystemType", list.code());

    /// A033: a service.
    retrieve_healthcare_service(id: &ServiceId)
        RetrieveHealthcareService, versioned => Versioned<ErsHealthcareService>,
        to::<RetrieveHealthcareService>().path("id", id.to_string());

    /// A035: one to twenty services; those that do not exist are left out.
    search_healthcare_services(ids: &[ServiceId]) SearchForHealthcareServices, resource => HealthcareServiceBundle,
        to::<SearchForHealthcareServices>()
            .query("_id", ids.iter().map(ServiceId::as_str).collect::<Vec<_>>().join(","));

    /// A037: the version of a service, without the service.
    retrieve_healthcare_service_version(id: &ServiceId) RetrieveHealthcareServiceVersion, version => Version,
        to::<RetrieveHealthcareServiceVersion>().path("id", id.to_string());

    /// A041: what the service knows about a UBRN.
    search_service_requests(ubrn: Ubrn) SearchForServiceRequests, resource => ServiceRequestBundle,
        to::<SearchForServiceRequests>().query("identifier", ubrn.to_string());
}
