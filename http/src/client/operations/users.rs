//! Who the user is, and whom they may act for.

use ers_fhir_model::ers::r4::{PractitionerBundle, PractitionerRoleBundle};
use ers_fhir_model::ers::{RetrieveBusinessFunctions, RetrieveOboUsers};

use super::{operations, to};

operations! {
    /// A030: what the user may work as, and where.
    retrieve_business_functions() RetrieveBusinessFunctions, resource => PractitionerRoleBundle,
        to::<RetrieveBusinessFunctions>();

    /// A040: the clinicians whom an admin may act for.
    retrieve_clinicians_to_act_for() RetrieveOboUsers, resource => PractitionerBundle,
        to::<RetrieveOboUsers>().query("_query", "onBehalfOf");
}
