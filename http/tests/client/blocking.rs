//! The client that waits.

use ers_fhir_http::client::*;

use crate::gateway::Gateway;
use crate::support::*;

#[test]
fn the_same_methods_wait() {
    let gateway =
        Gateway::start(|got| if got.target.contains("generateCRI") { sample("A007") } else { referral() });
    let client = blocking::Client::new(client(&gateway, ProviderApplication)).expect("there is a thread");
    let read = client.retrieve_referral_request(UBRN.parse().unwrap()).expect("it is answered");
    assert_eq!(read.version, 4.into());
    let download = client.retrieve_clinical_information(UBRN.parse().unwrap()).expect("it begins");
    let mut bytes = Vec::new();
    let written = client.write(download, &mut bytes).expect("it is written");
    assert!(bytes.starts_with(b"%PDF") && bytes.len() as u64 == written);
}
