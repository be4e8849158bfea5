//! The contract of generated code: what an earlier release of the generator made compiles with the runtime of today,
//! and reads and writes.
//!
//! The code of a release is kept in `tests/contract`, one piece for each part of the runtime that it uses.

use ers_fhir_model::runtime::Json;

macro_rules! kept {
    ($release:literal: $($name:ident)*) => {
        $(
            pub mod $name {
                include!(concat!("../contract/", $release, "/", stringify!($name), ".rs"));
            }
        )*
    };
}

mod v0_1 {
    kept! {
        "0.1": choice codes fixed forbidden resource slices_by_binding slices_by_pattern slices_by_profile
        slices_by_type slices_closed slices_ordered sole_member wrapped_values
    }
}

/// Reads and writes a payload, and gives what was read.
fn through<T: Json>(json: &str) -> T {
    let value = T::from_json(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(value.to_json(), json);
    value
}

fn main() {
    use v0_1::*;

    let lamp: choice::Lamp = through(r#"{"powerSocket":{"plug":"G"},"ageInteger":7}"#);
    assert_eq!(lamp.age, choice::LampAge::Integer(7));

    let lamp: codes::Lamp = through(r#"{"state":"on","earlier":["<","dimmed"],"wished":"gone"}"#);
    assert_eq!(lamp.state, codes::LampState::On);

    let lamp: resource::Lamp = through(
        r#"{"resourceType":"Lamp","serial":"1","attached":[{"resourceType":"Lamp","serial":"2"},{"resourceType":"Shade","a":1}]}"#,
    );
    assert!(matches!(&lamp.attached[..], [resource::Resource::Lamp(_), resource::Resource::Other(_)]));

    through::<forbidden::PlainName>(r#"{"family":"Ashdown"}"#);
    assert!(forbidden::PlainName::from_json(r#"{"family":"Ashdown","suffix":["Jr"]}"#).is_err());

    let number = fixed::CardNumber::new("17");
    through::<fixed::CardNumber>(&number.to_json());
    assert!(fixed::CardNumber::from_json(r#"{"system":"http://example.org/other","value":"17"}"#).is_err());
}
