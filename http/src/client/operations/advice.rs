//! Advice and guidance.

use ers_fhir_model::ers::stu3::{
    AdviceAndGuidanceCommunicationBundle, CreateAdviceAndGuidanceRequestParameters,
    CreateAdviceAndGuidanceResponseParameters, CreateFromCommunicationRequestActionLaterRequestParameters,
    ErsCommunicationRequest, ErsReferralRequest, FetchWorklistList, FetchWorklistParameters,
    SendCommunicationToRequesterRequestParameters, SendCommunicationToRequesterResponseParameters,
};
use ers_fhir_model::ers::{
    ConvertAdviceAndGuidanceToReferral, CreateAdviceAndGuidance, RetrieveAdviceAndGuidanceConversation,
    RetrieveAdviceAndGuidanceRequest, RetrieveAdviceAndGuidanceWorklist, SendAdviceAndGuidanceResponse,
};
use ers_fhir_model::identifiers::Ubrn;

use super::{operations, to, to_version, with};
use crate::client::queries::Conversation;
use crate::client::version::{Version, Versioned};

operations! {
    /// A023: a worklist of advice requests.
    retrieve_advice_worklist(request: &FetchWorklistParameters)
        RetrieveAdviceAndGuidanceWorklist, resource => FetchWorklistList,
        with::<RetrieveAdviceAndGuidanceWorklist, _>(request);

    /// A024: the latest version of an advice request.
    retrieve_advice_request(ubrn: Ubrn)
        RetrieveAdviceAndGuidanceRequest, versioned => Versioned<ErsCommunicationRequest>,
        to::<RetrieveAdviceAndGuidanceRequest>().path("ubrn", ubrn.to_string());

    /// A024: that version of an advice request, if it is the latest; else 404.
    retrieve_advice_request_version(ubrn: Ubrn, version: Version)
        RetrieveAdviceAndGuidanceRequest, versioned => Versioned<ErsCommunicationRequest>,
        to_version::<RetrieveAdviceAndGuidanceRequest>()
            .path("ubrn", ubrn.to_string())
            .path("version", version.to_string());

    /// A025: the messages of an advice request.
    retrieve_advice_conversation(conversation: Conversation)
        RetrieveAdviceAndGuidanceConversation, resource => AdviceAndGuidanceCommunicationBundle,
        conversation.into_request(to::<RetrieveAdviceAndGuidanceConversation>());

    /// A026: gives advice, or asks a question back.
    send_advice_response(ubrn: Ubrn, version: Version, request: &SendCommunicationToRequesterRequestParameters)
        SendAdviceAndGuidanceResponse, resource => SendCommunicationToRequesterResponseParameters,
        with::<SendAdviceAndGuidanceResponse, _>(request).path("ubrn", ubrn.to_string()).version(version);

    /// A027: converts an advice request into a referral, if the requester allowed it.
    convert_advice_to_referral(request: &CreateFromCommunicationRequestActionLaterRequestParameters)
        ConvertAdviceAndGuidanceToReferral, versioned => Versioned<ErsReferralRequest>,
        with::<ConvertAdviceAndGuidanceToReferral, _>(request);

    /// A044: creates an advice request to exactly one service.
    create_advice_request(request: &CreateAdviceAndGuidanceRequestParameters)
        CreateAdviceAndGuidance, resource => CreateAdviceAndGuidanceResponseParameters,
        with::<CreateAdviceAndGuidance, _>(request);
}
