//! The code that the generator makes of each feature of types: it compiles, and what it reads it
//! writes again.

use ers_fhir_model::runtime::Json;

macro_rules! features {
    ($($name:ident)*) => {
        $(
            mod $name {
                include!(concat!("../../../codegen/tests/features/base/", stringify!($name), ".snap.rs"));
            }
        )*
    };
}

features! { choice codes content_reference fields nested primitives recursion resource }

/// Reads and writes a payload, and gives what was read.
fn through<T: Json>(json: &str) -> T {
    let value = T::from_json(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(value.to_json(), json);
    value
}

fn main() {
    let lamp: fields::Lamp =
        through(r#"{"label":"desk","_label":{"id":"l"},"bulb":["a","b"],"switch":["x"]}"#);
    assert_eq!((lamp.label.as_str(), lamp.note, lamp.bulb.len()), ("desk", None, 2));
    assert!(fields::Lamp::from_json(r#"{"switch":["x"]}"#).is_err(), "a label is mandatory");

    let lamp: primitives::Lamp =
        through(r#"{"isOn":true,"lit":"2024-02","price":1.50,"floor":-1,"bulbs":0}"#);
    assert_eq!((lamp.is_on, lamp.floor), (Some(true), Some(-1)));

    let lamp: choice::Lamp = through(r#"{"powerSocket":{"plug":"G"},"ageInteger":7}"#);
    assert_eq!(lamp.age, choice::LampAge::Integer(7));

    let lamp: codes::Lamp = through(r#"{"state":"on","earlier":["<","dimmed"],"wished":"gone"}"#);
    assert_eq!(lamp.state, codes::LampState::On);
    assert_eq!(lamp.earlier, [codes::LampState::LessThan, codes::LampState::Unknown("dimmed".to_owned())]);

    let lamp: nested::Lamp = through(r#"{"bulb":[{"socket":"E27","filament":{"metal":"W"}}]}"#);
    assert_eq!(lamp.bulb[0].filament.as_ref().and_then(|filament| filament.metal.as_deref()), Some("W"));

    let lamp: content_reference::Lamp =
        through(r#"{"bulb":[{"socket":"a","spare":[{"socket":"b"}]}],"fallen":{"socket":"c"}}"#);
    assert_eq!(lamp.bulb[0].spare[0].socket, "b");

    let lamp: recursion::Lamp =
        through(r#"{"shade":{"lamp":{"shade":{"inner":{"id":"in"},"layer":[{},{"id":"two"}]}}}}"#);
    assert!(lamp.shade.and_then(|shade| shade.lamp).is_some());

    let lamp: resource::Lamp = through(
        r#"{"resourceType":"Lamp","serial":"1","attached":[{"resourceType":"Lamp","serial":"2"},{"resourceType":"Shade","a":1}]}"#,
    );
    assert!(matches!(&lamp.attached[..], [resource::Resource::Lamp(_), resource::Resource::Other(_)]));
}
