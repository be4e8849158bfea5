//! The table of operations, held against the packages that describe the same service.

use std::collections::BTreeSet;

use ers_fhir_ers::service::{self, Body, Endpoint, Method, Role};
use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::OperationDefinition;
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};

fn definitions(version: FhirVersion) -> Definitions {
    ers_fhir_ers::definitions(version)
}

#[test]
fn there_are_forty_operations() {
    let all = service::endpoints();
    assert_eq!(all.len(), 40);
    let ids: BTreeSet<&str> = all.iter().map(|endpoint| endpoint.id).collect();
    assert_eq!(ids.len(), 37);
    let deprecated: Vec<&str> = all.iter().filter(|e| e.replaced_by.is_some()).map(|e| e.id).collect();
    assert_eq!(deprecated, ["A006", "A021", "A032"]);
    let versioned: Vec<&str> = all.iter().filter(|e| e.is_versioned()).map(|e| e.id).collect();
    assert_eq!(versioned, ["A005", "A024", "A038"]);
    let of_applications = all.iter().filter(|endpoint| endpoint.application.is_some());
    let of_applications: BTreeSet<&str> = of_applications.map(|endpoint| endpoint.id).collect();
    let documented = [
        "A004", "A005", "A006", "A007", "A008", "A013", "A024", "A025", "A028", "A029", "A033", "A035",
        "A036", "A037", "A042", "A043",
    ];
    assert!(of_applications.iter().eq(documented.iter()), "{of_applications:?}");
}

#[test]
fn every_profile_of_the_table_is_in_a_package() {
    let stores = [FhirVersion::Stu3, FhirVersion::R4].map(definitions);
    for endpoint in service::endpoints() {
        for body in [endpoint.request, endpoint.response] {
            let Body::Resource(profiles) = body else { continue };
            for profile in profiles {
                let store = stores.iter().find(|store| store.fhir_version() == endpoint.release);
                let store = store.expect("both releases are there");
                assert!(store.contains(Kind::Structure, profile), "{}: {profile}", endpoint.id);
            }
        }
    }
}

/// The type that a body is of.
fn type_of(body: Body, store: &Definitions) -> Option<String> {
    let Body::Resource([first, ..]) = body else { return None };
    let profile = store.structure(first).expect("the package is readable").expect("the profile is there");
    Some(profile.type_name.clone())
}

#[test]
fn operation_definitions_say_the_same() {
    let store = definitions(FhirVersion::Stu3);
    let known = store.known(Kind::Operation);
    let ours: Vec<_> = known.iter().filter(|known| known.package.starts_with("ers-fhir.ers.")).collect();
    let mut seen = 0;
    for endpoint in service::endpoints() {
        let Some(code) = endpoint.operation() else { continue };
        seen += 1;
        let url =
            format!("https://ers-fhir.org/STU3/OperationDefinition/{}-{code}", endpoint.resource_type());
        assert!(ours.iter().any(|known| known.url == url), "{}: {url}", endpoint.id);
        let operation = store.operation(&url).expect("it is readable").expect("it is there");
        let datum = store.resource(Kind::Operation, &url).expect("it is readable").expect("it is there");
        agrees(endpoint, &operation, &datum, &store);
    }
    assert_eq!(seen, ours.len());
}

fn agrees(endpoint: &Endpoint, operation: &OperationDefinition, datum: &Datum, store: &Definitions) {
    let id = endpoint.id;
    assert_eq!(endpoint.method, Method::Post, "{id}");
    assert_eq!(Some(operation.code.as_str()), endpoint.operation(), "{id}");
    let description = datum.str("description").unwrap_or_default();
    assert!(description.starts_with(&format!("{id}:")), "{id}: {description}");
    assert_eq!(roles(description), endpoint.roles, "{id}: {description}");
    assert_eq!(
        description.contains("also applications"),
        endpoint.application.is_some(),
        "{id}: {description}"
    );
    let headers: Vec<&str> = endpoint.headers().iter().map(|header| header.name).collect();
    assert_eq!(description.contains("If-Match"), headers.contains(&"If-Match"), "{id}: {description}");
    if let Body::Resource([profile, ..]) = endpoint.request {
        assert!(description.contains(&format!("Body: {profile}")), "{id}: {description}");
    }
    let is_instance = endpoint.path.contains('{');
    assert_eq!(datum.bool("instance"), Some(is_instance), "{id}");
    if let Some(type_name) = type_of(endpoint.response, store)
        && type_name != "Parameters"
    {
        let out = datum.all("parameter").find(|parameter| parameter.str("name") == Some("return"));
        assert_eq!(out.and_then(|out| out.str("type")), Some(type_name.as_str()), "{id}");
    }
}

/// The business functions that a text names after "Roles:".
fn roles(text: &str) -> Vec<Role> {
    let Some((_, rest)) = text.split_once("Roles: ") else { return Vec::new() };
    let list = rest.split(['.', ';']).next().unwrap_or_default();
    list.split(", ").filter_map(|name| name.parse().ok()).collect()
}

#[test]
fn capability_statements_name_every_operation() {
    for (version, json) in [
        (
            FhirVersion::Stu3,
            include_str!(
                "../../profiles/packages/ers-fhir.ers.stu3/package/CapabilityStatement-e-referral-service.json"
            ),
        ),
        (
            FhirVersion::R4,
            include_str!(
                "../../profiles/packages/ers-fhir.ers.r4/package/CapabilityStatement-e-referral-service.json"
            ),
        ),
    ] {
        let statement: serde_json::Value = serde_json::from_str(json).expect("the package is JSON");
        let resources = statement["rest"][0]["resource"].as_array().expect("it lists resources");
        for endpoint in service::endpoints().into_iter().filter(|endpoint| endpoint.release == version) {
            if let Some(operation) = endpoint.operation() {
                let definition = format!("/OperationDefinition/{}-{operation}", endpoint.resource_type());
                let listed = statement["rest"][0]["operation"].as_array().is_some_and(|all| {
                    all.iter().any(|known| {
                        known["definition"]["reference"]
                            .as_str()
                            .is_some_and(|url| url.ends_with(&definition))
                    })
                });
                assert!(listed, "{}: {definition}", endpoint.id);
                continue;
            }
            let of_type = resources.iter().find(|resource| resource["type"] == endpoint.resource_type());
            let resource = of_type.unwrap_or_else(|| panic!("{}: {}", endpoint.id, endpoint.resource_type()));
            assert!(mentions(resource, endpoint), "{}: {resource:#}", endpoint.id);
            for parameter in endpoint.query.iter().filter(|parameter| !parameter.name.starts_with("_include"))
            {
                let is_paging = ["_count", "page", "_query"].contains(&parameter.name);
                let listed = resource["searchParam"]
                    .as_array()
                    .is_some_and(|all| all.iter().any(|known| known["name"] == parameter.name));
                assert!(listed || is_paging, "{}: {}", endpoint.id, parameter.name);
            }
        }
    }
}

/// Whether a resource of a CapabilityStatement names an interaction, with its roles.
fn mentions(resource: &serde_json::Value, endpoint: &Endpoint) -> bool {
    let wanted = match endpoint.method {
        Method::Put => "update",
        Method::Post => "create",
        Method::Get | Method::Head if endpoint.is_versioned() => "vread",
        Method::Get | Method::Head if endpoint.path.contains('{') => "read",
        Method::Get | Method::Head => "search-type",
    };
    let interactions = resource["interaction"].as_array().into_iter().flatten();
    let documentation = interactions
        .filter(|interaction| interaction["code"] == wanted)
        .filter_map(|interaction| interaction["documentation"].as_str())
        .find_map(|text| text.split_once(endpoint.id).map(|(_, rest)| rest));
    documentation.is_some_and(|text| {
        let own = text.split(" A0").next().unwrap_or_default();
        roles(own) == endpoint.roles && own.contains("also applications") == endpoint.application.is_some()
    })
}
