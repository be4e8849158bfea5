//! Who a user is, and for whom they may act.

use ers_fhir_model::ers::r4::{PractitionerBundle, PractitionerRoleBundle};
use ers_fhir_model::ers::{RetrieveBusinessFunctions, RetrieveOboUsers};

use super::{operations, to};

operations! {
    /// A030: the roles of the user, with their organisations.
    retrieve_business_functions() RetrieveBusinessFunctions, resource => PractitionerRoleBundle,
        to::<RetrieveBusinessFunctions>();

    /// A040: the clinicians whom an admin may act for.
    retrieve_clinicians_to_act_for() RetrieveOboUsers, resource => PractitionerBundle,
        to::<RetrieveOboUsers>().query("_query", "onBehalfOf");
}
